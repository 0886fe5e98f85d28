"""The options that choose voices and how they speak."""

import argparse
from pathlib import Path

from wyoming_servers.runtime.errors import StartError
from wyoming_servers.tts.engine import EngineOptions
from wyoming_servers.tts.piper.config import Scales
from wyoming_servers.tts.piper.options import PiperOptions
from wyoming_servers.tts.xtts.options import XttsOptions

_PIPER, _XTTS = PiperOptions(), XttsOptions()


def add_voice_options(parser: argparse.ArgumentParser) -> None:
    """Add them to a command that has `--models` as well."""
    group = parser.add_argument_group("voices")
    group.add_argument(
        "--tts-voice", metavar="VOICE", action="append",
        help="a Piper voice, as ru_RU-irina-medium, or the name of a file in --voices; the first of a language is its "
        "default; given again, more of them (default: one for each of ru, en and zh)",
    )  # fmt: skip
    group.add_argument(
        "--voices", metavar="FOLDER", type=Path,
        help="one's own: Piper's NAME.onnx with NAME.onnx.json, recordings NAME.wav for xtts; looked at anew",
    )  # fmt: skip
    group.add_argument(
        "--voices-in-memory", metavar="NUMBER", type=_number, default=_PIPER.voices_in_memory,
        help="Piper's networks that stay loaded (%(default)s)",
    )  # fmt: skip
    scales = {"length": "slower above 1", "noise": "variation of the sound", "width-noise": "variation of the lengths"}
    for name, meaning in scales.items():
        group.add_argument(f"--piper-{name}", metavar="SCALE", type=float, help=f"{meaning} (default: the voice's own)")
    group.add_argument("--xtts-python", metavar="PATH", default=_XTTS.python, help="an interpreter with coqui-tts")
    group.add_argument("--xtts-model", metavar="MODEL", default=_XTTS.model, help="repository or folder (%(default)s)")
    group.add_argument(
        "--xtts-languages", metavar="CODES", type=_codes, default=_XTTS.languages,
        help=f"each speaker speaks them, the first by default ({','.join(_XTTS.languages)})",
    )  # fmt: skip
    group.add_argument(
        "--xtts-licence-accepted", action="store_true",
        help="I accept the Coqui Public Model License (non-commercial use only): download the model",
    )  # fmt: skip


def voice_options(options: argparse.Namespace) -> EngineOptions:
    """Return what the engine is loaded with. Raises: StartError for a folder of voices that is not there."""
    if options.voices is not None and not options.voices.expanduser().is_dir():
        raise StartError(f"There is no folder {options.voices}, which --voices names.")
    return EngineOptions(
        models_folder=options.models,
        voices_folder=options.voices,
        piper=PiperOptions(
            voices=tuple(options.tts_voice or ()),
            voices_in_memory=options.voices_in_memory,
            scales=Scales(options.piper_length, options.piper_noise, options.piper_width_noise),
        ),
        xtts=XttsOptions(
            model=options.xtts_model,
            is_licence_accepted=options.xtts_licence_accepted,
            python=options.xtts_python,
            languages=options.xtts_languages,
        ),
    )


def _number(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number


def _codes(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))
