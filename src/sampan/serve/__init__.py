"""HTTP faces."""
