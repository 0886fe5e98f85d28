"""Wyoming's `info` with one list more: a client that does not know it reads past it, as Home Assistant does."""

from dataclasses import dataclass, field

from wyoming.event import Event
from wyoming.info import Artifact, Info


@dataclass
class TurnProgram(Artifact):
    """A turn detection service."""


@dataclass
class ServerInfo(Info):
    """What the server can do."""

    turn: list[TurnProgram] = field(default_factory=list)

    def event(self) -> Event:
        """Return the event as it is sent."""
        event = super().event()
        if self.turn:
            event.data["turn"] = [program.to_dict() for program in self.turn]
        return event
