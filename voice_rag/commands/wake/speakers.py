"""`voice-rag wake speakers`: whose voice the assistant obeys.

    voice-rag wake speakers add anna --say "домовой" anna*.wav
    voice-rag wake speakers list
    voice-rag wake speakers remove anna

The server checks voices when it is started with --wake-speakers. Add everybody who is to be heard, each with five or
more recordings of the wake word. It keeps out the television and most strangers; it is no lock.
"""

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voice_rag.commands.common import Subparsers, fail
from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.wake.enrolment.errors import EnrolmentError

from .bars import Bars
from .folder import add_folder, remove

_EXTRA = "wake-enroll"


def add_to(actions: Subparsers) -> None:
    """Add the actions to the command line."""
    parser = actions.add_parser(
        "speakers",
        help="whose voice is obeyed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    choices = parser.add_subparsers(required=True, metavar="ACTION")
    adding = choices.add_parser("add", help="learn a voice", description="Learn a voice.")
    adding.add_argument("name", help="the person")
    adding.add_argument("recordings", nargs="+", type=Path, metavar="RECORDING", help="WAV with the wake word")
    adding.add_argument("--say", required=True, metavar="TEXT", help="the wake word as it is written")
    adding.add_argument("--language", default="ru", help="of the word (%(default)s)")
    adding.add_argument("--replace", action="store_true", help="replace the person who has this name")
    add_folder(adding)
    adding.set_defaults(run=run_add)
    listing = choices.add_parser("list", help="show who was learnt", description="Show who was learnt.")
    add_folder(listing)
    listing.set_defaults(run=run_list)
    removing = choices.add_parser("remove", help="forget a voice", description="Forget a voice.")
    removing.add_argument("name", help="the person")
    add_folder(removing)
    removing.set_defaults(run=run_remove)


def run_add(options: argparse.Namespace) -> int:
    """Learn the voice and say what the check is worth."""
    try:
        with needing_extra(_EXTRA):
            from wyoming_servers.wake.enrolment import household, store  # noqa: PLC0415 (their packages are an extra)
            from wyoming_servers.wake.enrolment.speakers import installed_speakers  # noqa: PLC0415
        path = store.speaker_path(options.words, options.name)
        if not options.replace:
            store.check_free(path)
        person = household.Person(options.name, options.recordings, options.say, options.language)
        with Bars() as bars:
            model = household.learn(person, installed_speakers, bars)
        store.save(path, lambda file: file.write(model.text().encode()), is_replacing=options.replace)
    except (EnrolmentError, EngineError, StartError) as err:
        return fail(str(err))
    strangers = 100 * model.facts["strangers_accepted"]
    Console().print(f"{options.name} is learnt. Of synthetic strangers who say the word {strangers:.0f} % would pass.")
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Print a table."""
    try:
        with needing_extra("wake"):
            from wyoming_servers.wake.enrolment import store  # noqa: PLC0415
    except StartError as err:
        return fail(str(err))
    table = Table("person", "made", "recordings", "strangers who pass")
    for path, person in store.listed_speakers(options.words).items():
        if isinstance(person, str):
            table.add_row(path.stem, Text(person, "red"))
            continue
        facts = person.facts
        table.add_row(path.stem, facts["made"], f"{facts['recordings']}", f"{100 * facts['strangers_accepted']:.0f} %")
    Console().print(table if table.row_count else f"Nobody was learnt in {options.words}: everybody is obeyed.")
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Forget the voice."""
    return remove(lambda store: store.speaker_path(options.words, options.name))
