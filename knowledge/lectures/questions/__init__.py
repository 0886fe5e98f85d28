"""Questions on lectures: which one is meant, and of which day."""
