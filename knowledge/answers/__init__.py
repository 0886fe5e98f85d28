"""Passages to an answer."""
