"""From Cleared to answer events: one file per wire format or engine."""
