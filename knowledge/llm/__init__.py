"""The language model, and what it is told."""
