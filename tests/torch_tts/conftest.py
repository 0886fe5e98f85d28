"""These tests run in the environment with torch and coqui-tts (script/test); in others they are not collected."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("TTS") else ["test_xtts.py"]
