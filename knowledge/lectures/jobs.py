"""Recordings to transcripts to content: one thread, one lecture at a time.

What is done is in the store after each piece of a recording. So a job needs no state of its own: after a kill, a pause
or a failure it goes on where the store says that it was.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from knowledge.errors import (
    KnowledgeError,
    LectureStoreError,
    SourceError,
    TranscriberError,
    TranscriberUnavailableError,
    UnknownLectureError,
    is_no_room,
)
from knowledge.files.folder import file_state, name_on_disk
from knowledge.language import detect
from knowledge.lectures.absence import Absence
from knowledge.lectures.models import LectureState, Progress, Transcript
from knowledge.lectures.pace import Pace
from knowledge.reasons import Problem, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from knowledge.lectures.entry import Entry
    from knowledge.lectures.protocols import Recording, Recordings, Transcriber
    from knowledge.lectures.store import LectureStore
    from knowledge.lectures.writer import ContentWriter
    from knowledge.settings import LectureSettings

_LOGGER = logging.getLogger(__name__)

IN_WORK = (LectureState.WAITING, LectureState.TRANSCRIBING, LectureState.WRITING)
_SPEECH_SECONDS = 5.0
_MODEL_SECONDS = 15.0
"""After which what was away is looked for the first time."""
_MISSING_SECONDS = 60.0
"""After which a file that was not as the last scan had seen it is looked at again."""
_DISK_SECONDS = 60.0
"""How often it is tried whether the store takes something again."""
_DAY_SECONDS = 86_400.0
"""How often what has been gone for too long is deleted, at least."""
_MOST_COMPLETIONS = 3
"""How often a lecture is written again that a model could not write as a whole, until the program starts anew."""
_LANGUAGE_CHARACTERS = 300
_SURE_CHARACTERS = 2_000
_CLOSE_SECONDS = 10.0


class Jobs:
    """The thread that works on lectures."""

    def __init__(
        self,
        store: LectureStore,
        settings: LectureSettings,
        folder: Path,
        writer: ContentWriter,
        sound: tuple[Recordings, Transcriber] | None,
    ) -> None:
        """Take what opens and what transcribes recordings; without it, only transcripts from files are worked on."""
        self.on_change: Callable[[str], None] = lambda _: None
        """Called in this thread with the id of a lecture whose state or progress is another."""
        self.obstacle: Problem | None = None
        """What keeps all lectures waiting: nothing can be stored, not even that."""
        self._store = store
        self._settings = settings
        self._folder = folder
        self._writer = writer
        self._sound = sound
        self._recording: Recording | None = None
        self._progress: tuple[str, Progress] | None = None
        self._not_before: dict[str, float] = {}
        self._speech_server_away = Absence()
        self._model_away = Absence()
        self._completions = Counter[str]()
        self._wanted = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="lectures", daemon=True)

    @property
    def has_transcriber(self) -> bool:
        """Whether recordings can be transcribed."""
        return self._sound is not None

    def start(self) -> None:
        """Begin with what is waiting, or was in work when the program ended."""
        self._thread.start()

    def wake(self, id_: str = "") -> None:
        """Look at the store: something there has changed, of a lecture if one is named."""
        self._not_before.pop(id_, None)
        self._wanted.set()

    def hurry(self) -> None:
        """Ask the speech server at once, if it was away."""
        self._speech_server_away.hurry()
        self.wake()

    def welcome_model(self) -> None:
        """Ask the model at once, if it was away: it has answered somebody. Any thread may call it."""
        if self._model_away.until:
            self._model_away.end()
            self.wake()

    def close(self) -> None:
        """End; the piece in work is given up."""
        self._stopping.set()
        self._wanted.set()
        if (recording := self._recording) is not None:
            recording.close()
        if self._sound is not None:
            self._sound[1].close()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_SECONDS)

    def progress(self, entry: Entry) -> Progress | None:
        """Return how far a lecture is; None where nothing is to be done."""
        now = self._progress
        if entry.state in IN_WORK and now is not None and now[0] == entry.id:
            return now[1]
        if entry.state in {LectureState.READY, LectureState.FAILED}:
            return None
        return Progress(entry.done_until, max(entry.duration or 0.0, entry.done_until), None)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.clear()
            try:
                if not self._work_once():
                    self._store.purge()
                    self.obstacle = None
                    self._wanted.wait(self._seconds_to_wait())
            except LectureStoreError as err:
                if not self._stopping.is_set():
                    self._wait_for_disk(err)

    def _wait_for_disk(self, err: LectureStoreError) -> None:
        _LOGGER.warning("%s Trying again in %.0f s", err, _DISK_SECONDS)
        self.obstacle = err.problem
        with suppress(LectureStoreError):
            for entry in self._store.queue():
                self.on_change(entry.id)
        self._stopping.wait(_DISK_SECONDS)

    def _work_once(self) -> bool:
        """Work on the next lecture; say whether there was one."""
        entry = next(filter(self._can_begin, self._store.queue()), None)
        if entry is not None:
            self._work(entry)
            return True
        return self._complete_one()

    def _can_begin(self, entry: Entry) -> bool:
        now = time.monotonic()
        if self._not_before.get(entry.id, 0.0) > now:
            return False
        return entry.is_transcribed or (self._sound is not None and not self._speech_server_away)

    def _seconds_to_wait(self) -> float:
        """Return how long nothing can be done unless somebody asks."""
        now = time.monotonic()
        moments = (*self._not_before.values(), self._speech_server_away.until)
        until = [now + _DAY_SECONDS, *(moment for moment in moments if moment > now)]
        if next(self._to_complete(), None) is not None:
            until.append(self._model_away.until)
        return max(min(until) - now, 0.0)

    def _work(self, entry: Entry) -> None:
        self._not_before.pop(entry.id, None)
        try:
            self._advance(entry)
        except TranscriberUnavailableError as err:
            self._rest(entry, err)
        except TranscriberError as err:
            self._fail(entry, Problem(Reason.TRANSCRIBER_FAILED, _detail(err)))
        except SourceError as err:
            self._fail(entry, err.problem)
        except UnknownLectureError:
            _LOGGER.info("%s is gone", entry.path)
        except LectureStoreError:
            raise
        except KnowledgeError as err:
            self._fail(entry, Problem(Reason.CANNOT_BE_WRITTEN_ABOUT, _detail(err)))
        except Exception:  # whatever a library raises, the other lectures go on
            _LOGGER.exception("%s cannot be worked on", entry.path)
            self._fail(entry, Problem(Reason.READER_FAILED))
        finally:
            self._recording = self._progress = None
            self.on_change(entry.id)

    def _advance(self, entry: Entry) -> None:
        try:
            if entry.is_transcribed:
                self._write(entry)
            elif self._sound is not None:
                self._transcribe(entry, *self._sound)
        except OSError as err:
            if is_no_room(err):
                raise LectureStoreError(err) from err
            raise

    def _rest(self, entry: Entry, err: TranscriberUnavailableError) -> None:
        """Leave the speech server alone for a while, each time for longer; other lectures may be written about."""
        self._speech_server_away.note(_SPEECH_SECONDS)
        if self._is_given_up(entry):
            return
        problem = Problem(Reason.TRANSCRIBER_AWAY, _detail(err))
        if entry.problem != problem:
            _LOGGER.warning("%s waits: %s", entry.path, err)
        self._store.set_state(entry.id, LectureState.WAITING, of=IN_WORK, problem=problem)

    def _fail(self, entry: Entry, problem: Problem) -> None:
        if self._is_given_up(entry):
            return
        _LOGGER.warning("%s: %s", entry.path, problem)
        self._store.set_state(entry.id, LectureState.FAILED, of=IN_WORK, problem=problem)

    def _is_given_up(self, entry: Entry) -> bool:
        """Say whether the work ended with the program, or because a transcript has come from a file meanwhile."""
        if self._stopping.is_set():
            return True
        try:
            return self._store.entry(entry.id).transcript_mark != entry.transcript_mark
        except UnknownLectureError:
            return True

    def _transcribe(self, entry: Entry, recordings: Recordings, transcriber: Transcriber) -> None:
        place = name_on_disk(self._folder, entry.path)
        state = file_state(place) if place is not None else None
        if place is None or state is None or state.mark != entry.file_mark:  # the next scan will know more
            self._not_before[entry.id] = time.monotonic() + _MISSING_SECONDS
            return
        if not self._begin(entry, LectureState.TRANSCRIBING):
            return
        with _Opened(recordings.open(place)) as recording:
            self._recording = recording
            self._store.set_duration(entry.id, recording.duration)
            total, pace, begun = recording.duration or 0.0, Pace(), time.monotonic()
            for piece in recording.pieces(entry.done_until):
                wish = self._settings.language or self._store.entry(entry.id).language
                segments = transcriber.transcribe(piece, wish) if piece.is_spoken else ()
                if self._stopping.is_set() or file_state(place) != state:
                    return
                if not self._store.add_piece(entry.id, piece, segments, transcriber.name):
                    raise SourceError(Reason.READER_FAILED)
                self.obstacle, now = None, time.monotonic()
                pace.add(piece.end - piece.start, now - begun)
                begun = now
                self._speech_server_away.end()
                self._hear_language(entry.id)
                if self._store.entry(entry.id).state is not LectureState.TRANSCRIBING:
                    return
                self._tell(entry.id, pace.progress(piece.end, total))
        if not self._stopping.is_set():
            self._end_transcript(entry.id)

    def _hear_language(self, id_: str) -> None:
        """Note the language once enough is said in it; what is recognised later is asked for in it."""
        if self._store.entry(id_).language is None:
            text = " ".join(segment.text for segment in self._store.segments(id_))
            if len(text) >= _LANGUAGE_CHARACTERS:
                self._store.set_language(id_, detect(text[:_SURE_CHARACTERS]))

    def _end_transcript(self, id_: str) -> None:
        if not self._store.segments(id_):
            raise SourceError(Reason.NO_SPEECH)
        self._store.end_transcript(id_)

    def _write(self, entry: Entry) -> None:
        if self._begin(entry, LectureState.WRITING):
            self._put_content(entry)

    def _put_content(self, entry: Entry) -> bool:
        """Write about a lecture; say whether it was stored, and not overtaken by a correction."""
        version = self._store.entry(entry.id).version
        segments = self._store.segments(entry.id)
        language = detect(" ".join(segment.text for segment in segments)[:_SURE_CHARACTERS])
        self._store.set_language(entry.id, language)
        pace, last = Pace(), [0.0, time.monotonic()]

        def report(done: float, total: float) -> None:
            now = time.monotonic()
            pace.add(max(done - last[0], 0.0), now - last[1])
            last[:] = done, now
            self._tell(entry.id, pace.progress(done, total))

        def should_stop() -> bool:
            return self._stopping.is_set() or not self._is_wanted(entry.id, version)

        template = entry.template or self._settings.template
        content = self._writer.write(Transcript(segments, language), entry.title, template, report, should_stop)
        if should_stop() or not self._store.put_content(entry.id, content, version):
            return False
        _LOGGER.info("%s is ready", entry.path)
        return True

    def _is_wanted(self, id_: str, version: int) -> bool:
        try:
            now = self._store.entry(id_)
        except UnknownLectureError:
            return False
        return now.version == version and now.state in {LectureState.WRITING, LectureState.READY}

    def _complete_one(self) -> bool:
        """Write one lecture anew that had no model, if there is one now; say whether there was one to write."""
        entry = next(self._to_complete(), None)
        if entry is None or self._model_away:
            return False
        if not self._writer.is_model_there():
            self._model_away.note(_MODEL_SECONDS)
            return False
        self._model_away.end()
        self._completions[entry.id] += 1
        try:
            if not self._put_content(entry):
                self._completions[entry.id] -= 1  # a person has corrected the transcript meanwhile
        except UnknownLectureError:
            _LOGGER.info("%s is gone", entry.path)
        except LectureStoreError:
            raise
        except Exception:  # what there is stays
            _LOGGER.exception("%s is not completed", entry.path)
        finally:
            self._progress = None
            self.on_change(entry.id)
        return True

    def _to_complete(self) -> Iterator[Entry]:
        return (one for one in self._store.incomplete() if self._completions[one.id] < _MOST_COMPLETIONS)

    def _begin(self, entry: Entry, state: LectureState) -> bool:
        """Enter a state, unless the lecture was paused or cancelled meanwhile."""
        is_ours = self._store.set_state(entry.id, state, of=IN_WORK, problem=None)
        self.on_change(entry.id)
        return is_ours

    def _tell(self, id_: str, progress: Progress) -> None:
        self._progress = (id_, progress)
        self.on_change(id_)


class _Opened:
    """Closes a recording at the end of the block."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def __enter__(self) -> Recording:
        return self._recording

    def __exit__(self, *_: object) -> None:
        self._recording.close()


def _detail(err: Exception) -> str:
    """Return an error's words for the middle of a sentence."""
    return str(err).strip(" .。\n") or type(err).__name__
