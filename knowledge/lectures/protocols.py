"""What the lectures need from outside: sound from a file, and words from sound.

Both are made by who composes the program, because the speech server's package knows them already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from knowledge.lectures.models import Content, Lecture, Segment, Transcript

SAMPLE_RATE = 16_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a recording that was cut where nobody speaks. Pieces follow each other without gaps."""

    samples: NDArray[np.int16]
    """Shape (n,), mono, 16 kHz."""
    start: float
    """Seconds from the beginning of the recording."""
    is_spoken: bool
    """False: nobody speaks in it, so that it need not be transcribed."""

    @property
    def end(self) -> float:
        """Seconds from the beginning of the recording."""
        return self.start + len(self.samples) / SAMPLE_RATE


class Recording(Protocol):
    """An open file of sound."""

    duration: float | None
    """Seconds by the file's own account."""

    def pieces(self, start: float = 0.0) -> Iterator[Piece]:
        """Yield the pieces from a second on at which an earlier piece has ended. Blocking.

        Raises: SourceError when the sound cannot be decoded.
        """
        ...

    def close(self) -> None:
        """Let go of the file; from any thread. An iterator in work ends."""
        ...


class Recordings(Protocol):
    """Opens recordings."""

    def open(self, path: Path) -> Recording:
        """Return the recording. Blocking. Raises: SourceError for a file without sound that can be decoded."""
        ...


class Transcriber(Protocol):
    """Turns pieces into segments. Blocking; one caller at a time."""

    name: str
    """As the page shows it."""

    def transcribe(self, piece: Piece, language: str | None) -> tuple[Segment, ...]:
        """Return what is said in a piece, with times from the beginning of the recording; `language` is a wish.

        Raises: TranscriberUnavailableError when it may work later, TranscriberError when this piece cannot be done.
        """
        ...

    def close(self) -> None:
        """Let go of the engine or the connection; from any thread. A transcription in work ends with an error."""
        ...


class LanguageModel(Protocol):
    """Writes about lectures. Blocking; one caller at a time."""

    name: str
    """As the page shows it."""
    context_tokens: int
    """Of prompt and answer together."""

    def filled(
        self,
        system: str,
        asked: str,
        schema: dict[str, Any],
        seconds: float,
        most_tokens: int,
        should_stop: Callable[[], bool],
    ) -> Any:
        """Return what the model writes into a JSON schema, in at most `seconds` and `most_tokens`.

        Once `should_stop` says so, nobody waits for it any more; that is a ModelError.

        Raises: ModelAnswerError for an answer that is no JSON or was cut, ModelError when it is away or late.
        """
        ...


class Kept(Protocol):
    """Remembers what a model wrote."""

    def get(self, key: str) -> Any | None:
        """Return an answer; None where there is none."""
        ...

    def put(self, key: str, answer: Any) -> None:
        """Keep an answer."""
        ...


class Lectures(Protocol):
    """What the service, the command and plain Python may ask of the lectures. Any thread may call it.

    All methods with an id raise UnknownLectureError.
    """

    def all(self) -> list[Lecture]:
        """Return the lectures, the newest first."""
        ...

    def lecture(self, id_: str) -> Lecture:
        """Return one lecture."""
        ...

    def by_path(self, path: str) -> Lecture | None:
        """Return the lecture of a file of the knowledge folder."""
        ...

    def transcript(self, id_: str) -> Transcript | None:
        """Return what has been transcribed so far; None before the first words."""
        ...

    def content(self, id_: str) -> Content:
        """Return what was made of the transcript so far."""
        ...

    def slides(self, id_: str) -> str | None:
        """Return the document that stands beside a lecture as its slides; None where there is none."""
        ...

    def pause(self, id_: str) -> Lecture:
        """Stop working on a lecture after the piece in work. Raises: LectureStateError."""
        ...

    def resume(self, id_: str) -> Lecture:
        """Go on with a lecture that was paused or cancelled. Raises: LectureStateError."""
        ...

    def cancel(self, id_: str) -> Lecture:
        """Give a lecture up; what is transcribed stays. Raises: LectureStateError."""
        ...

    def retry(self, id_: str) -> Lecture:
        """Try a failed lecture again from where it failed, or transcribe one whose transcript's file is gone.

        Raises: LectureStateError.
        """
        ...

    def correct(self, id_: str, version: int, texts: Mapping[int, str]) -> Lecture:
        """Replace the text of segments by their numbers; an empty text removes the segment. It is indexed again.

        Raises: LectureChangedError when the lecture has another version by now, LectureStateError before it is ready.
        """
        ...

    def write(self, id_: str, template: str) -> Lecture:
        """Write the summary anew by a template. Raises: UnknownTemplateError, LectureStateError."""
        ...

    def templates(self) -> list[str]:
        """Return the names of the templates for summaries, the default first."""
        ...

    def subscribe(self, listener: Callable[[Lecture], None]) -> Callable[[], None]:
        """Call `listener` in a worker thread at each change of a lecture's state or progress; return what ends that."""
        ...
