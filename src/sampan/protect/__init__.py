"""What may not travel is replaced, and put back in the answer."""
