"""The `voice-rag` command: it composes the servers and holds no logic of theirs."""
