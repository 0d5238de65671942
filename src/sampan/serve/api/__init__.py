"""Vendor dialects and the JSON API of our own."""
