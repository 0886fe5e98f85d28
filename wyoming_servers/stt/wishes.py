"""What a client asks of the recognition of its utterances. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from wyoming.asr import Transcribe

from wyoming_servers.runtime.errors import ProtocolError
from wyoming_servers.turn.settings import Patience

_MOST_TERMS = 500
_LONGEST_TERM = 200
"""Characters; as in the house's vocabulary."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What `transcribe` says, checked."""

    model: str | None = None
    language: str | None = None
    terms: tuple[str, ...] = ()
    """Names and then terms that make recognition likelier; no two are the same."""

    patience: Patience | None = None
    """None leaves it to the server."""

    @classmethod
    def of(cls, request: Transcribe) -> "Wishes":
        """Return what the event asks for. Raises: ProtocolError."""
        terms = (*_terms(request.transcript_names), *_terms(request.transcript_terms))
        return cls(
            model=request.name or None,
            language=request.language or None,
            terms=tuple(dict.fromkeys(terms))[:_MOST_TERMS],
            patience=_patience(request.vad_sensitivity),
        )


def _terms(texts: Sequence[object] | None) -> Sequence[str]:
    terms = [text.strip() for text in texts or () if isinstance(text, str)]
    if len(terms) != len(texts or ()) or any(len(term) > _LONGEST_TERM for term in terms):
        raise ProtocolError(f"Names and terms must be texts of at most {_LONGEST_TERM} characters.")
    return [term for term in terms if term]


def _patience(sensitivity: str | None) -> Patience | None:
    try:
        return Patience(sensitivity) if sensitivity else None
    except ValueError as err:
        known = ", ".join(Patience)
        raise ProtocolError(f"There is no vad_sensitivity {sensitivity!r}. Available: {known}.") from err
