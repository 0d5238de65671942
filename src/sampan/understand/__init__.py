"""From content to labels."""
