"""The end of the turn: when the speaker has finished, and when they only think."""
