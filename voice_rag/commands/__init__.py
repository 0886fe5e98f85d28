"""The commands, one file each: arguments in, settings out."""
