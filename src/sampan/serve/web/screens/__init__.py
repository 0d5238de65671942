"""One screen a module: its routes, and what its templates show."""
