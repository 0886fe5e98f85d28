"""These tests run in the environment with torch (script/test); in others they are not collected."""

import os
from importlib.util import find_spec

collect_ignore = []
if find_spec("torch"):
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a model that is missing is not looked for on the internet
else:
    collect_ignore.append("test_train.py")
# What `pip install 'voice-rag[knowledge,knowledge-torch]'` brings.
if not (find_spec("sentence_transformers") and find_spec("lancedb")):
    collect_ignore.append("test_sentence_transformers.py")
