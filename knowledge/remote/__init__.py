"""Servers that may be away."""
