"""Models that run on this machine: the catalogue, their files, the supervised engine and its provider."""
