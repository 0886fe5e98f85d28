"""The options that choose an engine."""

import argparse
import os
from pathlib import Path

from wyoming_servers.runtime.model_store import default_folder
from wyoming_servers.turn.engine import TurnOptions
from wyoming_servers.turn.server import TurnServerSettings


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that all actions with an engine have."""
    group = parser.add_argument_group("engine")
    group.add_argument("--engine", default=TurnServerSettings().engine, help="what decides (%(default)s)")
    group.add_argument(
        "--model", help="a folder, repository or address that the engine can use (default: the engine's own)"
    )
    group.add_argument("--tokenizer", type=Path, metavar="FOLDER", help="for a remote model that wants tokens")
    group.add_argument("--prosody", metavar="ENGINE", help="smart_turn: the voice counts beside the words (fused)")
    group.add_argument("--models", type=Path, default=default_folder(), help="folder for downloads (%(default)s)")
    group.add_argument("--vocabulary", type=Path, metavar="FILE", help="JSON with the names of the house")


def turn_options(options: argparse.Namespace) -> TurnOptions:
    """Return what the engine is loaded with."""
    return TurnOptions(
        model=options.model,
        models_folder=options.models,
        tokenizer=options.tokenizer,
        token=os.environ.get("VOICE_RAG_TOKEN") or None,
        prosody=options.prosody,
        vocabulary=options.vocabulary,
    )
