"""Films by their fields."""
