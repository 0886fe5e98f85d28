"""The lectures of a household: what the folder has, what is known of each, and the work on them."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from knowledge.errors import LectureStateError, SourceError, UnknownLectureError, UnknownTemplateError
from knowledge.events import Events
from knowledge.files.folder import name_on_disk
from knowledge.language import detect
from knowledge.lectures import passages
from knowledge.lectures.entry import Found
from knowledge.lectures.files import date_of, is_recording, slides_beside, title_of
from knowledge.lectures.jobs import IN_WORK, Jobs
from knowledge.lectures.models import Lecture, LectureState, Transcript
from knowledge.lectures.transcripts import read_transcript
from knowledge.models import Prepared
from knowledge.reasons import Problem, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from knowledge.files.folder import FileState
    from knowledge.files.lectures import LectureFile
    from knowledge.lectures.entry import Entry
    from knowledge.lectures.models import Content, Segment
    from knowledge.lectures.protocols import Recordings, Transcriber
    from knowledge.lectures.store import LectureStore
    from knowledge.lectures.writer import ContentWriter
    from knowledge.models import Language
    from knowledge.settings import KnowledgeSettings

_LOGGER = logging.getLogger(__name__)


class LectureLibrary:
    """Keeps the Protocols `Lectures`, for people, and `LectureFiles`, for the folder's ingest."""

    def __init__(
        self,
        settings: KnowledgeSettings,
        store: LectureStore,
        writer: ContentWriter,
        sound: tuple[Recordings, Transcriber] | None = None,
        beside: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> None:
        """Take what opens and what transcribes recordings; without it they are listed with what to do.

        `beside` returns the documents that are known in the folder of a file.
        """
        self.on_stale: Callable[[], None] = lambda: None
        """Called in any thread when the index has to be brought up to date with a lecture."""
        self._folder = settings.folder
        self._store = store
        self._writer = writer
        self._beside = beside
        self._jobs = Jobs(store, settings.lectures, settings.folder, writer, sound)
        self._jobs.on_change = self._tell
        self._events = Events[Lecture]()
        self._editions = {entry.id: entry.edition for entry in store.all()}

    def start(self) -> None:
        """Begin to work on what is waiting."""
        self._jobs.start()

    def welcome_model(self) -> None:
        """Complete what was written without the language model, as it has answered somebody. Any thread may call it."""
        self._jobs.welcome_model()

    def close(self) -> None:
        """End the work, also that of the transcriber; it goes on at the next start."""
        self._jobs.close()
        self._store.close()

    def all(self) -> list[Lecture]:
        """Return the lectures, the newest first."""
        return [self._shown(entry) for entry in self._store.all()]

    def lecture(self, id_: str) -> Lecture:
        """Return one lecture."""
        return self._shown(self._store.entry(id_))

    def by_path(self, path: str) -> Lecture | None:
        """Return the lecture of a file of the knowledge folder."""
        entry = self._store.by_path(path)
        return self._shown(entry) if entry else None

    def transcript(self, id_: str) -> Transcript | None:
        """Return what has been transcribed so far; None before the first words."""
        entry, segments = self._store.entry(id_), self._store.segments(id_)
        return Transcript(segments, _language(entry, segments)) if segments else None

    def content(self, id_: str) -> Content:
        """Return what was made of the transcript so far."""
        return self._store.content(self._store.entry(id_).id)

    def slides(self, id_: str) -> str | None:
        """Return the document that stands beside a lecture as its slides; None where there is none."""
        path = self._store.entry(id_).path
        return slides_beside(path, self._beside(path))

    def pause(self, id_: str) -> Lecture:
        """Stop working on a lecture after the piece in work. Raises: LectureStateError."""
        return self._enter(id_, LectureState.PAUSED, of=IN_WORK)

    def resume(self, id_: str) -> Lecture:
        """Go on with a lecture that was paused or cancelled. Raises: LectureStateError."""
        return self._enter(id_, LectureState.WAITING, of=(LectureState.PAUSED, LectureState.CANCELLED))

    def cancel(self, id_: str) -> Lecture:
        """Give a lecture up; what is transcribed stays. Raises: LectureStateError."""
        return self._enter(id_, LectureState.CANCELLED, of=(*IN_WORK, LectureState.PAUSED, LectureState.FAILED))

    def retry(self, id_: str) -> Lecture:
        """Try a failed lecture again from where it failed, or transcribe one whose transcript's file is gone.

        Raises: LectureStateError.
        """
        if self._can_transcribe(self._store.entry(id_)):
            self._store.drop_transcript(id_)
            self._jobs.hurry()
            return self._changed(id_)
        return self._enter(id_, LectureState.WAITING, of=(LectureState.FAILED,))

    def correct(self, id_: str, version: int, texts: Mapping[int, str]) -> Lecture:
        """Replace the text of segments by their numbers; an empty text removes the segment. It is indexed again.

        Raises: LectureChangedError, LectureStateError.
        """
        self._store.correct(id_, version, texts)
        return self._changed(id_)

    def write(self, id_: str, template: str) -> Lecture:
        """Write the summary anew by a template. Raises: UnknownTemplateError, LectureStateError."""
        known = self.templates()
        if template not in known:
            raise UnknownTemplateError(template, known)
        self._store.request_summary(id_, template)
        return self._changed(id_)

    def templates(self) -> list[str]:
        """Return the names of the templates for summaries, the default first."""
        return self._writer.names()

    def subscribe(self, listener: Callable[[Lecture], None]) -> Callable[[], None]:
        """Call `listener` in a worker thread at each change of a lecture's state or progress; return what ends that."""
        return self._events.subscribe(listener)

    def recipe(self, path: str) -> str:
        """Return what tells whether what is indexed of a file is up to date."""
        entry = self._store.by_path(path)
        edition = f"edition {entry.edition}" if entry else "unknown"
        return f"lectures {passages.VERSION}, {edition}{', no transcriber' if self._is_stuck(entry) else ''}"

    def sha256(self, path: str, state: FileState) -> str | None:
        """Return the digest of a file that is known in this state, also when the catalogue was lost."""
        entry = self._store.by_path(path)
        return entry.sha256 if entry and entry.file_mark == state.mark else None

    def take_in(self, file: LectureFile) -> None:
        """Know a file that is copied to its end. Raises: SourceError for one that is no transcript."""
        has_media = is_recording(PurePosixPath(file.path))
        place, aside = file.transcript or (None, None)
        if not has_media:
            place = file.place
        mark = aside.mark if aside else file.sha256
        segments: tuple[Segment, ...] = ()
        try:
            segments = read_transcript(place) if place is not None else ()
        except SourceError as err:
            if not has_media:
                raise
            _LOGGER.warning("%s is not used for %s: %s", place, file.path, err)
        day = date_of(file.path) or datetime.fromtimestamp(file.state.modified_ns / 1e9).astimezone().date()
        entry = self._store.put(Found(file.sha256, file.path, file.state.mark, title_of(file.path), day, has_media))
        if segments and place is not None and entry.transcript_mark != mark:
            if aside is not None:
                self._store.adopt_corrections(entry.id, aside.path)
            self._store.replace_transcript(entry.id, segments, place.name, mark)
        self._changed(entry.id)

    def prepared(self, path: str) -> Prepared:
        """Return what is found of a file so far; no passages and no problem before its first words."""
        entry = self._store.by_path(path)
        if entry is None:
            return Prepared("", ())
        found = passages.prepared(entry.title, self._store.segments(entry.id), self._store.content(entry.id))
        problem = self._problem(entry)
        is_final = problem is not None and (self._is_stuck(entry) or entry.state is LectureState.FAILED)
        if found.passages or not is_final:
            return found
        return Prepared(entry.title, (), problem=problem)

    def forget(self, path: str) -> None:
        """Hear that a file is gone or cannot be used; it may be no lecture."""
        self._store.forget(path)
        self._jobs.wake()

    def remove(self, path: str) -> bool:
        """Delete at once what is known of a file that a person has deleted; say whether it was a lecture."""
        was_lecture = self._store.remove(path)
        if was_lecture:
            self._jobs.wake()
            self.on_stale()
        return was_lecture

    def _enter(self, id_: str, state: LectureState, *, of: tuple[LectureState, ...]) -> Lecture:
        before = self._store.entry(id_).state
        if not self._store.set_state(id_, state, of=of, problem=None):
            raise LectureStateError(f"The lecture is {before}; only one that is {', '.join(of)} can become {state}.")
        if state is LectureState.WAITING:
            self._jobs.hurry()
        return self._changed(id_)

    def _changed(self, id_: str) -> Lecture:
        self._jobs.wake(id_)
        self._tell(id_)
        return self.lecture(id_)

    def _tell(self, id_: str) -> None:
        """Tell the listeners, and have the index brought up to date where it has to be."""
        try:
            entry = self._store.entry(id_)
        except UnknownLectureError:
            return
        self._events.emit(self._shown(entry))
        if self._editions.get(id_) != entry.edition:
            self._editions[id_] = entry.edition
            self.on_stale()

    def _shown(self, entry: Entry) -> Lecture:
        return Lecture(
            id=entry.id,
            path=entry.path,
            title=entry.title,
            held_on=entry.held_on,
            language=entry.language,
            duration=entry.duration,
            state=entry.state,
            progress=self._jobs.progress(entry),
            problem=self._problem(entry),
            has_media=entry.has_media,
            transcriber=entry.transcriber,
            ready_at=entry.ready_at,
            version=entry.version,
            summary_by=entry.summary_by,
            terms=entry.terms,
            can_transcribe=self._can_transcribe(entry),
        )

    def _can_transcribe(self, entry: Entry) -> bool:
        """Say whether a recording whose transcript came from a file is without that file, and could be transcribed."""
        is_from_file = entry.state is LectureState.READY and entry.has_media and entry.transcript_mark
        if not (is_from_file and self._jobs.has_transcriber):
            return False
        recording = PurePosixPath(entry.path)
        has_recording, has_file = (
            name_on_disk(self._folder, str(path)) is not None
            for path in (recording, recording.with_name(entry.transcriber))
        )
        return has_recording and not has_file

    def _problem(self, entry: Entry) -> Problem | None:
        if self._is_stuck(entry):
            return Problem(Reason.NO_TRANSCRIBER)
        return (self._jobs.obstacle if entry.state in IN_WORK else None) or entry.problem

    def _is_stuck(self, entry: Entry | None) -> bool:
        """Say whether a recording can't be transcribed for want of somebody who does it."""
        is_wanted = entry is not None and not entry.is_transcribed and entry.state in IN_WORK
        return is_wanted and not self._jobs.has_transcriber


def _language(entry: Entry, segments: tuple[Segment, ...]) -> Language:
    return entry.language or detect(" ".join(segment.text for segment in segments[:50]))
