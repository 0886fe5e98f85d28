"""What can be wrong with a configuration."""


class ConfigError(Exception):
    """The configuration can't be used; the message says where and what to do."""
