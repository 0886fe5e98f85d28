"""The engines, one file each; loaded only when chosen."""
