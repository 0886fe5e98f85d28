"""Wyoming protocol servers: wake words, speech recognition and speech synthesis on one port."""

import os

__version__ = "0.1.0"

# ONNX Runtime 1.29 and newer tells its maker about every model, unless this is set before it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
