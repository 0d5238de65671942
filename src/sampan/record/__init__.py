"""Receipts: build, chain, sign, verify, query, export."""
