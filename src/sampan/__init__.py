"""Sampan: hybrid AI in one install."""

__version__ = "0.1.0"
