"""Providers around providers: retries, limits."""
