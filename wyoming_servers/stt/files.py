"""`voice-rag transcribe`: files in, transcripts out; one that fails leaves the others alone."""

import logging
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import AudioFileError, EngineError, ServerError, StartError
from wyoming_servers.runtime.model_store import default_folder
from wyoming_servers.runtime.vocabulary import Vocabulary, load_vocabulary

from .audio_files import check_exists, opened
from .engine import EngineOptions, SttEngine
from .file_progress import showing
from .formats import FORMATS
from .recognizer import base_language
from .recordings import transcribe

_LOGGER = logging.getLogger(__name__)
_PART = ".part"
_DEFAULT_FORMAT = "txt"


@dataclass(frozen=True, slots=True)
class TranscribeSettings:
    """What is transcribed, with what, and where to."""

    files: Sequence[Path]
    engine: str = "auto"
    model: str | None = None
    models: Path = field(default_factory=default_folder)
    """Folder for what is downloaded."""

    language: str | None = None
    """None lets the engine find out, from the first words on."""

    terms: Sequence[str] = ()
    """Names that are likely to be said."""

    vocabulary: Path | None = None
    """File with the names of the house, as the speech server keeps it. None is no names."""

    format: str | None = None
    """One of FORMATS. None takes it from the output file's ending, or else is text."""

    output: Path | None = None
    """A file for one transcript, or a folder. None is standard output for one file, the present folder for several."""

    is_overwriting: bool = False


class OutputError(StartError):
    """A transcript that can't be kept where it was asked to be."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One file and its transcript's place."""

    source: Path
    target: Path | None
    """None is standard output."""

    format: str


def run(settings: TranscribeSettings) -> int:
    """Transcribe the files; return the exit code: 1 when one of them failed. Raises: StartError."""
    module = import_engine("wyoming_servers.stt.engines", settings.engine)
    jobs = _jobs(settings)
    possible = [job for job in jobs if _can_begin(job, settings)]
    if not possible:
        return 1
    try:
        engine = module.load(EngineOptions(_vocabulary(settings.vocabulary), settings.model, settings.models))
    except EngineError as err:
        raise StartError(str(err)) from err
    settings = replace(settings, language=_language(engine, settings.language))
    done = [job for job in possible if _is_done(engine, job, settings)]
    return 0 if len(done) == len(jobs) else 1


def _vocabulary(path: Path | None) -> Vocabulary:
    if path is None:
        return Vocabulary()
    if not path.is_file():
        raise StartError(f"There is no file {path} with the names of the house.")
    return load_vocabulary(path)


def _jobs(settings: TranscribeSettings) -> list[_Job]:
    """Return what there is to do. Raises: OutputError."""
    files, output = settings.files, settings.output
    if len(files) == 1 and (output is None or not output.is_dir()):
        ending = output.suffix[1:].lower() if output else ""
        return [_Job(files[0], output, settings.format or (ending if ending in FORMATS else _DEFAULT_FORMAT))]
    folder = output or Path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise OutputError(f"The folder {folder} can't be made: {err.strerror}.") from err
    kind = settings.format or _DEFAULT_FORMAT
    stems = Counter(source.stem for source in files)
    return [
        _Job(source, folder / f"{source.stem if stems[source.stem] == 1 else source.name}.{kind}", kind)
        for source in files
    ]


def _language(engine: SttEngine, language: str | None) -> str | None:
    base = base_language(language) if language else None
    if base is not None and base not in engine.languages:
        raise StartError(f"The engine {engine.name!r} does not recognise {language!r}: it has {_some(engine)}.")
    return base


def _some(engine: SttEngine) -> str:
    return ", ".join(engine.languages[:10]) + (" and more" if len(engine.languages) > 10 else "")


def _can_begin(job: _Job, settings: TranscribeSettings) -> bool:
    """Return whether it makes sense to load an engine, and a film, for this; say why not."""
    try:
        check_exists(job.source)
        _check(job.target, settings)
    except (AudioFileError, OutputError) as err:
        _LOGGER.error("%s", err)  # noqa: TRY400 (the message is for people and complete)
        return False
    return True


def _is_done(engine: SttEngine, job: _Job, settings: TranscribeSettings) -> bool:
    """Transcribe one file; return whether that worked, and say why not."""
    try:
        with opened(job.source) as audio, showing(job.source.name, audio.duration) as report:
            transcript = transcribe(engine, audio.blocks(), settings.language, settings.terms, report)
        if not transcript.segments:
            _LOGGER.warning("Nobody speaks in %s", job.source.name)
        _keep(FORMATS[job.format](transcript), job.target, settings)
    except (ServerError, OutputError) as err:
        _LOGGER.error("%s", err)  # noqa: TRY400 (as above)
        return False
    return True


def _check(target: Path | None, settings: TranscribeSettings) -> None:
    """Raise OutputError where a transcript is already."""
    if target is not None and target.exists() and not settings.is_overwriting:
        raise OutputError(f"{target} is there already. Use --overwrite, or another --output.")


def _keep(text: str, target: Path | None, settings: TranscribeSettings) -> None:
    """Write the transcript whole or not at all. Raises: OutputError."""
    if target is None:
        sys.stdout.write(text)
        return
    part = target.with_name(target.name + _PART)
    try:
        part.write_text(text, encoding="utf-8")
        _check(target, settings)
        part.replace(target)
    except OSError as err:
        raise OutputError(f"{target} can't be written: {err.strerror}.") from err
    finally:
        part.unlink(missing_ok=True)
    _LOGGER.info("Wrote %s", target)
