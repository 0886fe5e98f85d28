"""The wake words at hand: the built-in ones and the files in the household's folder, which may change at any time.

NAME.tflite, NAME.onnx ...    a model; the suffix names its format
NAME.toml                     beside it, all optional: phrase, languages, threshold, trigger_windows,
                              refractory_seconds
"""

import logging
import pkgutil
import re
import threading
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib import import_module
from pathlib import Path
from typing import cast

from wyoming_servers.runtime.errors import EngineError, UnknownNameError

from . import formats
from .settings import TriggerSettings, WakeSettings, WordSettings, read_settings
from .words import HISTORY_WINDOWS, WakeWord, WordFormat, WordModel

_LOGGER = logging.getLogger(__name__)
_VERSION = re.compile(r"_v\d[\d.]*$")


@dataclass(frozen=True, slots=True)
class WordFile:
    """A model's file with what is known of it without loading it."""

    path: Path
    settings: WordSettings
    stamp: tuple[float, ...] = ()
    """Changes with the file and with the settings beside it."""

    @property
    def name(self) -> str:
        """As clients ask for it."""
        return self.path.stem


class WordLibrary:
    """Knows the words and loads their models, each once. Safe to use from several threads."""

    def __init__(self, builtin: Sequence[WordFile], settings: WakeSettings) -> None:
        self._builtin = {file.name: file for file in builtin}
        self._settings = settings
        self._own: dict[str, WordFile] = {}
        self._models: dict[str, tuple[WordFile, WordModel]] = {}
        self._broken: dict[Path, tuple[tuple[float, ...], str]] = {}
        """Why a file can't be used, as of its stamp."""

        self._lock = threading.Lock()

    def words(self) -> Sequence[WakeWord]:
        """Return what can be detected now; looks into the folder. The household's word goes before a built-in one."""
        with self._lock:
            self._scan()
            return [self._word(file) for file in self._files().values()]

    def broken(self) -> Mapping[str, str]:
        """Return the files that can't be used, each with the reason."""
        with self._lock:
            return {path.name: reason for path, (_, reason) in self._broken.items()}

    def unchecked(self) -> Sequence[str]:
        """Return the household's words whose files have not been loaded since they came or changed."""
        with self._lock:
            return [
                name for name, file in self._own.items() if not (file.path in self._broken or self._is_loaded(file))
            ]

    def model(self, name: str) -> WordModel:
        """Return a word's model. Blocking. Raises: EngineError for a broken file, UnknownNameError."""
        with self._lock:
            file = self._files().get(name)
            if file is None:
                raise UnknownNameError("wake word", name, list(self._files()))
            if self._is_loaded(file):
                return self._models[name][1]
        model = self._load(file)
        with self._lock:
            self._models[name] = (file, model)
        return model

    def _files(self) -> Mapping[str, WordFile]:
        """Return what can be used; a file that can't does not hide a built-in word."""
        return {**self._builtin, **{name: file for name, file in self._own.items() if file.path not in self._broken}}

    def _scan(self) -> None:
        known = {file.path: file for file in self._own.values()}
        found = {}
        for path in self._paths():
            file = self._read(path, known.get(path))
            if file is not None:
                found[file.name] = file
        self._own = found
        self._broken = {path: why for path, why in self._broken.items() if path.exists()}
        self._models = {name: loaded for name, loaded in self._models.items() if name in self._files()}

    def _paths(self) -> Sequence[Path]:
        """Return the model files, a name's last one being the one that counts."""
        if self._settings.folder is None:
            return ()
        try:
            paths = sorted(self._settings.folder.iterdir())
        except OSError:
            return ()  # not there yet, or not any more
        return [path for path in paths if path.suffix[1:] in _formats() and not path.name.startswith(".")]

    def _read(self, path: Path, known: WordFile | None) -> WordFile | None:
        """Return the file with its settings; the known one if it has not changed, None if it can't be read."""
        try:
            stamp = _stamp(path)
            if known is not None and known.stamp == stamp:
                return known
            if path in self._broken and self._broken[path][0] == stamp:
                return None
            self._broken.pop(path, None)
        except OSError:
            return None  # removed this moment
        try:
            settings = _merged(_beside(path), _format(path).settings(path))
        except EngineError as err:
            self._mark(path, stamp, str(err))
            return None
        return WordFile(path, settings, stamp)

    def _load(self, file: WordFile) -> WordModel:
        try:
            return _loaded(file.path)
        except EngineError as err:
            with self._lock:
                self._mark(file.path, file.stamp, str(err))
            raise

    def _mark(self, path: Path, stamp: tuple[float, ...], reason: str) -> None:
        _LOGGER.warning("A wake word is left out: %s", reason)
        self._broken[path] = (stamp, reason)

    def _is_loaded(self, file: WordFile) -> bool:
        return file.name in self._models and self._models[file.name][0] == file

    def _word(self, file: WordFile) -> WakeWord:
        settings = _merged(self._settings.words.get(file.name, WordSettings()), file.settings)
        phrase = settings.phrase or _VERSION.sub("", file.name).replace("_", " ")
        return WakeWord(file.name, phrase, settings.languages, _trigger(settings, self._settings.trigger))


def _loaded(path: Path) -> WordModel:
    """Return the file's model. Raises: EngineError."""
    model = _format(path).load(path)
    if model.windows > HISTORY_WINDOWS:
        raise EngineError(f"The model {path} looks at {model.windows} windows of 80 ms; {HISTORY_WINDOWS} are kept.")
    return model


def _trigger(settings: WordSettings, default: TriggerSettings) -> TriggerSettings:
    own = {field.name: getattr(settings, field.name) for field in fields(TriggerSettings)}
    return replace(default, **{name: value for name, value in own.items() if value is not None})


def _merged(first: WordSettings, second: WordSettings) -> WordSettings:
    """Return the first one's settings, where it has none those of the second."""
    values = {
        field.name: getattr(first, field.name)
        if getattr(first, field.name) not in (None, ())
        else getattr(second, field.name)
        for field in fields(WordSettings)
    }
    return WordSettings(**values)


def _stamp(path: Path) -> tuple[float, ...]:
    """Return what changes with the file and the settings beside it. Raises: OSError."""
    stat = path.stat()
    try:
        beside = path.with_suffix(".toml").stat()
    except OSError:
        return (stat.st_mtime, stat.st_size)
    return (stat.st_mtime, stat.st_size, beside.st_mtime, beside.st_size)


def _beside(path: Path) -> WordSettings:
    """Return the settings beside a model. Raises: EngineError."""
    place = path.with_suffix(".toml")
    try:
        values = tomllib.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return WordSettings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        raise EngineError(f"The settings {place} can't be read: {err}") from err
    return read_settings(values, str(place))


def _formats() -> frozenset[str]:
    return frozenset(module.name for module in pkgutil.iter_modules(formats.__path__))


def _format(path: Path) -> WordFormat:
    """Return the module that reads the file. Raises: EngineError when its library is not installed."""
    suffix = path.suffix[1:]
    try:
        return cast("WordFormat", import_module(f"{formats.__name__}.{suffix}"))
    except ImportError as err:
        extra = formats.EXTRAS.get(suffix, "wake")
        raise EngineError(f"The model {path} needs a package that is missing ({err}): voice-rag[{extra}].") from err
