"""The household's folder: what is in it, what may be added to it, and how the index is kept equal to it."""
