"""The engines, one file each; loaded only when chosen."""

EXTRAS = {"piper": "tts-piper"}
"""What to install for an engine, where it is not this package's own extra."""
