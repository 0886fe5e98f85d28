"""`voice-rag transcribe`: recordings and films to text, subtitles or JSON, on this machine."""

import argparse
from pathlib import Path

from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import StartError
from wyoming_servers.runtime.model_store import default_folder

from .common import Subparsers, fail

_FORMATS = ("txt", "srt", "vtt", "json")


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("transcribe", help="write down what is said in files", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="sound or film of any common format")
    parser.add_argument("--engine", default="auto", help="speech recognition (%(default)s: the best for the language)")
    parser.add_argument("--model", help="a name, repository or folder that the engine can use (default: its own)")
    parser.add_argument("--models", type=Path, default=default_folder(), help="folder for downloads (%(default)s)")
    parser.add_argument("--language", help="for example ru; otherwise the engine finds out, if it can")
    parser.add_argument(
        "--term", action="append", default=[], dest="terms", help="a name that is likely to be said; may be repeated"
    )
    parser.add_argument(
        "--vocabulary",
        type=Path,
        metavar="FILE",
        help="names of the house: vocabulary.json in the speech server's --data",
    )
    parser.add_argument("--format", choices=_FORMATS, help="default: the ending of --output, or txt")
    parser.add_argument(
        "--output",
        type=Path,
        help="a file, or a folder for a file of each (default: one is printed, several go to the present folder)",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace transcripts that are there already")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Transcribe the files."""
    try:
        with needing_extra("transcribe"):
            from wyoming_servers.stt import files  # noqa: PLC0415 (its packages are an extra)
        settings = files.TranscribeSettings(
            files=options.files,
            engine=options.engine,
            model=options.model,
            models=options.models,
            language=options.language,
            terms=options.terms,
            vocabulary=options.vocabulary,
            format=options.format,
            output=options.output,
            is_overwriting=options.overwrite,
        )
        return files.run(settings)
    except StartError as err:
        return fail(str(err))
