"""`voice-rag speech`: wake words, recognition and synthesis on one Wyoming port."""

import argparse
import os
from pathlib import Path

from wyoming_servers import speech
from wyoming_servers.runtime.errors import StartError
from wyoming_servers.runtime.settings import RuntimeSettings
from wyoming_servers.speech import SpeechSettings
from wyoming_servers.stt.settings import EndOfTurn
from wyoming_servers.turn.settings import Patience

from .common import Subparsers, fail, port
from .turn.options import add_turn_options, turn_options
from .voices import add_voice_options, voice_options
from .wake_options import add_wake_options, wake_settings

_RUNTIME = RuntimeSettings()
_SPEECH = SpeechSettings()


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("speech", help="run the Wyoming speech server", description=__doc__)
    listening = parser.add_argument_group("listening")
    listening.add_argument("--host", default=_RUNTIME.host, help="address of the Wyoming port (%(default)s)")
    listening.add_argument("--port", type=port, default=_RUNTIME.port, help="Wyoming port (%(default)s)")
    listening.add_argument("--side-host", default=_RUNTIME.side_host, help="address of the side port (%(default)s)")
    listening.add_argument("--side-port", type=port, default=_RUNTIME.side_port, help="health, metrics (%(default)s)")
    listening.add_argument("--token", help="for the side port; better in the environment as VOICE_RAG_TOKEN")
    listening.add_argument("--zeroconf", metavar="NAME", help="announce the server on the network under this name")
    engines = parser.add_argument_group("engines ('none' leaves the service out)")
    engines.add_argument("--stt-engine", default=_SPEECH.stt_engine, help="speech recognition (%(default)s)")
    engines.add_argument(
        "--stt-model",
        metavar="MODEL",
        action="append",
        help="a name, repository or folder that the engine can use (default: its own); given again, clients may choose",
    )
    engines.add_argument(
        "--unload-after",
        metavar="SECONDS",
        type=_seconds,
        help="unload a recogniser that nobody has used for so long; the next request loads it (default: never)",
    )
    engines.add_argument(
        "--tts-engine",
        default=_SPEECH.tts_engine,
        help="speech synthesis: espeak, piper, xtts, or the best that is there with auto (%(default)s)",
    )
    engines.add_argument("--wake-engine", default=_SPEECH.wake_engine, help="wake words (%(default)s)")
    engines.add_argument(
        "--end-of-turn",
        type=EndOfTurn,
        choices=list(EndOfTurn),
        default=_SPEECH.end_of_turn,
        help="who decides that the speaker has finished: this server, the client by audio-stop, or either, "
        "which is for satellites that need Home Assistant's voice activity events (%(default)s)",
    )
    engines.add_argument(
        "--patience",
        type=Patience,
        choices=list(Patience),
        default=_SPEECH.patience,
        help="how long a pause may be before the turn is over (%(default)s)",
    )
    add_turn_options(parser)
    add_voice_options(parser)
    add_wake_options(parser)
    parser.add_argument("--data", type=Path, help="folder for what the server keeps (default: keep nothing)")
    parser.add_argument("--models", type=Path, default=_SPEECH.models, help="folder for downloads (%(default)s)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    try:
        settings = _settings(options)
    except StartError as err:
        return fail(str(err))
    return speech.run(settings)


def _settings(options: argparse.Namespace) -> SpeechSettings:
    return SpeechSettings(
        runtime=RuntimeSettings(
            host=options.host,
            port=options.port,
            side_host=options.side_host,
            side_port=options.side_port,
            token=options.token or os.environ.get("VOICE_RAG_TOKEN") or None,
            zeroconf_name=options.zeroconf,
        ),
        data=options.data,
        models=options.models,
        stt_models=options.stt_model or (),
        stt_unload_seconds=options.unload_after,
        stt_engine=_engine(options.stt_engine),
        tts_engine=_engine(options.tts_engine),
        tts=voice_options(options),
        wake_engine=_engine(options.wake_engine),
        end_of_turn=options.end_of_turn,
        patience=options.patience,
        turn_engine=options.turn_engine,
        turn=turn_options(options),
        wake=wake_settings(options),
    )


def _engine(name: str) -> str | None:
    return None if name == "none" else name


def _seconds(text: str) -> float:
    if (seconds := float(text)) <= 0:
        raise ValueError
    return seconds
