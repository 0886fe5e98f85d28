"""Wyoming protocol servers: wake words, speech recognition and speech synthesis on one port."""

__version__ = "0.1.0"
