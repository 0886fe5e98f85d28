"""A file to passages, in a process of its own."""
