"""Passages -> an index -> hits."""
