"""The way through: one request from gather to receipt."""
