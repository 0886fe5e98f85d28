"""These tests run in the environment with torch (script/test); in others they are not collected."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["test_train.py"]
if not (
    find_spec("sentence_transformers") and find_spec("lancedb")
):  # pip install 'voice-rag[knowledge,knowledge-torch]'
    collect_ignore.append("test_sentence_transformers.py")
