"""The engines, one file each; loaded only when chosen."""

EXTRAS = {"onnx": "turn-onnx", "smart_turn": "turn-onnx"}
"""What to install for an engine, where it is not this package's own extra."""
