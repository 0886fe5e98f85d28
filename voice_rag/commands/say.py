"""`voice-rag say`: a text becomes speech, in a file or on standard output."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import StartError
from wyoming_servers.runtime.model_store import default_folder
from wyoming_servers.speech import SpeechSettings

from .common import Subparsers, fail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_servers.tts.engine import Voice


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("say", help="speak a text", description=__doc__)
    parser.add_argument("text", nargs="?", metavar="TEXT", help="'-' speaks standard input while it arrives")
    parser.add_argument("--voice", help="a name of --list-voices (default: by the letters of the text)")
    parser.add_argument("--language", help="the first voice of this language, for example ru")
    parser.add_argument("--engine", default=SpeechSettings().tts_engine, help="speech synthesis (%(default)s)")
    parser.add_argument("--models", type=Path, default=default_folder(), help="folder for downloads (%(default)s)")
    parser.add_argument(
        "-o", "--output", type=Path, help="a WAV file (default: 16-bit mono PCM on standard output, for a pipe)"
    )
    parser.add_argument("--list-voices", action="store_true", help="show what can be spoken with")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Speak, or show the voices."""
    try:
        with needing_extra("tts"):
            from wyoming_servers.tts import say  # noqa: PLC0415 (its packages are an extra)
            from wyoming_servers.tts.engine import EngineOptions  # noqa: PLC0415
        engine_options = EngineOptions(options.models)
        if options.list_voices:
            _show(say.voices(options.engine, engine_options))
            return 0
        if not options.text:
            return fail("Give a text to speak, or '-' for standard input.")
        return say.run(
            say.SaySettings(
                text=None if options.text == "-" else options.text,
                engine=options.engine,
                voice=options.voice,
                language=options.language,
                output=options.output,
                options=engine_options,
            )
        )
    except StartError as err:
        return fail(str(err))


def _show(voices: "Sequence[Voice]") -> None:
    table = Table("voice", "languages", "hertz", "description", box=None)
    for voice in voices:
        table.add_row(voice.name, " ".join(voice.languages), str(voice.rate), voice.description)
    Console().print(table)
