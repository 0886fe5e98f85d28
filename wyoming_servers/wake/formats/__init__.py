"""Files that word models come in, one module each, named like their suffix; its libraries load with the first file."""

EXTRAS = {"onnx": "wake-onnx"}
"""What to install for a format whose library is missing; "wake" for all others."""
