"""XTTS v2: cloned voices, the lengths that it can be trusted with, its network at work."""
