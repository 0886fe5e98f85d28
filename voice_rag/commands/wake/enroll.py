"""`voice-rag wake enroll NAME`: make a wake word from recordings, from synthetic voices that say it, or from both.

A running server offers it within half a minute. Recordings are WAV files with the word said once in each; three to ten
of them, by all who will use it, make it better than synthetic voices alone. Takes a minute or two.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from voice_rag.commands.common import Subparsers, fail
from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.wake.enrolment.errors import EnrolmentError

from .bars import Bars
from .folder import add_folder

if TYPE_CHECKING:
    from wyoming_servers.wake.enrolment.speakers import Speaker
    from wyoming_servers.wake.own_word import OwnWord

_EXTRA = "wake-enroll"


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = actions.add_parser("enroll", help="make a word", description=__doc__)
    parser.add_argument("name", help="the word's name in Home Assistant and on disk, such as domovoy")
    parser.add_argument("recordings", nargs="*", type=Path, metavar="RECORDING", help="WAV, of any rate")
    parser.add_argument("--say", metavar="TEXT", help="the word as it is written, for synthetic voices to say it")
    parser.add_argument("--phrase", help="the word as Home Assistant shows it (default: what is said, or the name)")
    parser.add_argument("--language", default="ru", help="of the word (%(default)s)")
    parser.add_argument(
        "--other", action="append", default=[], type=Path, dest="others", metavar="RECORDING",
        help="sound without the word: the television, a talk at dinner; may be repeated, makes false alarms rarer",
    )  # fmt: skip
    parser.add_argument(
        "--tts-engine", action="append", default=[], metavar="ENGINE",
        help="let the voices of this engine speak too, such as piper; may be repeated",
    )  # fmt: skip
    parser.add_argument("--replace", action="store_true", help="replace the word that has this name")
    add_folder(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make the word and say what it is worth."""
    try:
        with needing_extra(_EXTRA):
            from wyoming_servers.wake.enrolment import enrol, store  # noqa: PLC0415 (their packages are an extra)
        path = store.path_of(options.words, options.name)
        if not options.replace:
            store.check_free(path)
        phrase = options.phrase or options.say or options.name.replace("_", " ")
        wish = enrol.Wish(phrase, options.language, options.say, options.recordings, options.others)
        speakers = _speakers(options.tts_engine)
        with Bars() as bars:
            word = enrol.enrol(wish, speakers, bars)
        store.save(path, word.write, is_replacing=options.replace)
    except (EnrolmentError, EngineError, StartError) as err:
        return fail(str(err))
    _tell(path, word)
    return 0


def _speakers(engines: Sequence[str]) -> "Callable[[str], Sequence[Speaker]]":
    """Return who speaks a language: what is installed, and the voices of these engines. Raises: StartError."""
    from wyoming_servers.wake.enrolment.speakers import installed_speakers  # noqa: PLC0415

    from .engine_voices import engine_speakers  # noqa: PLC0415

    voices_of = [engine_speakers(name) for name in engines]
    return lambda language: [*installed_speakers(language), *(one for of in voices_of for one in of(language))]


def _tell(path: Path, word: "OwnWord") -> None:
    facts = word.facts
    console = Console()
    console.print(f"[bold]{word.phrase}[/bold] is in {path}")
    console.print(
        f"Heard {100 * facts['heard']:.0f} % of what was kept apart, in noise and echo; {facts['false_accepts']} false "
        f"alarms in {facts['minutes_without_word']:.0f} minutes, full of words that sound like it."
    )
    if facts["heard"] < 0.7:
        console.print("That is little: add recordings, or choose a longer word of three or four syllables.")
