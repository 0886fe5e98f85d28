"""Commands without the model, from the sentence to the response."""

from .dispatch import async_handle_command, async_warm_up_commands

__all__ = ["async_handle_command", "async_warm_up_commands"]
