"""A turn with the language model: what it is asked with, what it sees of the house, how its answer is written."""
