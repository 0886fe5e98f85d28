"""The engines, one file each; loaded only when chosen."""

EXTRAS = {"faster_whisper": "stt-whisper", "gigaam": "stt-gigaam"}
"""What to install for an engine, where it is not this package's own extra."""
