"""The Wyoming events of turn detection: (audio-start, audio-chunk*)?, transcript -> end-of-turn."""

from dataclasses import dataclass

from wyoming.event import Event, Eventable

from .messages import from_json, to_json

_END_OF_TURN = "end-of-turn"


@dataclass
class EndOfTurn(Eventable):
    """Answer to a `transcript` of the words so far; the data is what `POST /infer` answers."""

    completeness: float
    """Probability that the speaker has finished."""

    @staticmethod
    def is_type(event_type: str) -> bool:
        """Return whether it is the type of this event."""
        return event_type == _END_OF_TURN

    def event(self) -> Event:
        """Return the event as it is sent."""
        return Event(type=_END_OF_TURN, data=dict(to_json(self.completeness)))

    @staticmethod
    def from_event(event: Event) -> "EndOfTurn":
        """Return the answer in an event. Raises: MessageError."""
        return EndOfTurn(from_json(event.data))
