"""The options that choose a turn detection engine; those of `voice-rag speech` begin with "turn-"."""

import argparse
import os
from pathlib import Path

from wyoming_servers.runtime.model_store import default_folder
from wyoming_servers.turn.engine import DEFAULT_ENGINE, TurnOptions


def add_turn_options(parser: argparse.ArgumentParser, prefix: str = "turn-") -> None:
    """Add the options of the engine."""
    group = parser.add_argument_group("turn detection")
    group.add_argument(
        f"--{prefix}engine", dest="turn_engine", metavar="ENGINE", default=DEFAULT_ENGINE,
        help="what judges whether the speaker has finished (%(default)s)",
    )  # fmt: skip
    group.add_argument(
        f"--{prefix}model", dest="turn_model", metavar="MODEL",
        help="a folder, repository or address that the engine can use (default: its own); "
        "for an address that asks for a token set VOICE_RAG_TURN_TOKEN",
    )  # fmt: skip
    group.add_argument(
        f"--{prefix}tokenizer", dest="turn_tokenizer", metavar="FOLDER", type=Path,
        help="for the engine kserve and a model that wants tokens",
    )  # fmt: skip
    group.add_argument(
        f"--{prefix}prosody", dest="turn_prosody", metavar="ENGINE",
        help="smart_turn lets the voice count beside the words, with the engine fused",
    )  # fmt: skip


def add_house_options(parser: argparse.ArgumentParser) -> None:
    """Add those that the speech server has for all that it runs."""
    parser.add_argument("--models", type=Path, default=default_folder(), help="folder for downloads (%(default)s)")
    parser.add_argument(
        "--vocabulary",
        type=Path,
        metavar="FILE",
        help="JSON with the names of the house; a server keeps new ones there",
    )


def turn_options(options: argparse.Namespace) -> TurnOptions:
    """Return what the engine is loaded with."""
    return TurnOptions(
        model=options.turn_model,
        models_folder=options.models,
        tokenizer=options.turn_tokenizer,
        token=os.environ.get("VOICE_RAG_TURN_TOKEN") or None,
        prosody=options.turn_prosody,
        vocabulary=getattr(options, "vocabulary", None),
    )
