"""Mask operators, one per file."""
