"""Making turn models: from dialogues to a file that an engine loads, with its curves and metrics."""
