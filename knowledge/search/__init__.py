"""A question to passages."""
