"""The rules as an engine: no model, no library."""

from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.rules import RuleTurnDetector


def load(options: TurnOptions) -> RuleTurnDetector:
    """Return the rules; they have no options."""
    del options
    return RuleTurnDetector()
