"""What every server stands on: bounded frames, sessions, the inference queue, health and metrics."""
