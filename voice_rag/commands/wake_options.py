"""Options of wake word detection."""

import argparse
import tomllib
from pathlib import Path

from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.wake.settings import (
    TriggerSettings,
    WakeSettings,
    default_words_folder,
    read_settings,
)

_TRIGGER = TriggerSettings()


def add_wake_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command."""
    group = parser.add_argument_group("wake words")
    group.add_argument(
        "--wake-words",
        type=Path,
        metavar="FOLDER",
        default=None,
        help="your own words: what `voice-rag wake enroll` has made, NAME.tflite, NAME.onnx; settings in NAME.toml "
        "(default: voice-rag/wake in the user's data folder)",
    )
    group.add_argument(
        "--wake-speakers", action="store_true", help="obey only the voices that `voice-rag wake speakers` has learnt"
    )
    group.add_argument("--wake-threshold", type=float, default=_TRIGGER.threshold, help="0 to 1 (%(default)s)")
    group.add_argument(
        "--wake-trigger-windows",
        type=int,
        metavar="N",
        default=_TRIGGER.trigger_windows,
        help="consecutive windows of 80 ms above the threshold that make a detection (%(default)s)",
    )
    group.add_argument(
        "--wake-refractory",
        type=float,
        metavar="SECONDS",
        default=_TRIGGER.refractory_seconds,
        help="how long a word stays silent after its detection (%(default)s)",
    )
    group.add_argument(
        "--wake-set",
        action="append",
        default=[],
        metavar="NAME.SETTING=VALUE",
        help="a setting of one word, which goes before its file, such as okay_nabu.threshold=0.7; may be repeated",
    )


def wake_settings(options: argparse.Namespace) -> WakeSettings:
    """Return the settings. Raises: StartError for a setting that makes no sense."""
    given = {
        "threshold": options.wake_threshold,
        "trigger_windows": options.wake_trigger_windows,
        "refractory_seconds": options.wake_refractory,
    }
    try:
        read_settings(given, "The command line")
        words = {
            name: read_settings(values, f"--wake-set {name}") for name, values in _tables(options.wake_set).items()
        }
    except EngineError as err:
        raise StartError(str(err)) from err
    folder = options.wake_words or default_words_folder()
    return WakeSettings(TriggerSettings(**given), words, folder, options.wake_speakers)


def _tables(texts: list[str]) -> dict[str, dict[str, object]]:
    """Return the settings of each word as they were given."""
    tables: dict[str, dict[str, object]] = {}
    for text in texts:
        place, _, value = text.partition("=")
        name, _, setting = place.rpartition(".")
        if not (name and setting and value):
            raise StartError(f"Can't use --wake-set {text}: write NAME.SETTING=VALUE.")
        tables.setdefault(name, {})[setting] = _value(value)
    return tables


def _value(text: str) -> object:
    """Return a number or a list as TOML writes it; anything else is a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
