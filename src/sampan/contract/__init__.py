"""Nouns that cross a boundary: frozen structs, Protocols, ids, the error tree. No I/O."""
