"""Tools for the agents of the house, one file each. `llm.py` offers them."""
