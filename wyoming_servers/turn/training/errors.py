"""Failures of training that the command tells in one line."""


class TrainingError(Exception):
    """Base of them; the message says what to do."""


class DataError(TrainingError):
    """Dialogues that are not there or can't be read."""


class ConfigError(TrainingError):
    """A configuration that can't be used."""


class ExportError(TrainingError):
    """A model that can't be exported, or whose export computes something else."""
