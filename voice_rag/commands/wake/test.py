"""`voice-rag wake test NAME`: try a word on recordings or live, and see its scores.

    voice-rag wake test domovoy said/*.wav
    voice-rag wake test domovoy --microphone
    arecord -r 16000 -c 1 -f S16_LE -t raw | voice-rag wake test domovoy -

Any word works, the built-in ones too. What comes through "-" is 16-bit mono PCM at 16 kHz.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from voice_rag.commands.common import Subparsers, fail
from wyoming_servers.runtime.engines import import_engine, needing_extra
from wyoming_servers.runtime.errors import ServerError, StartError
from wyoming_servers.wake.enrolment.errors import EnrolmentError
from wyoming_servers.wake.settings import WakeSettings

from .folder import add_folder

if TYPE_CHECKING:
    from wyoming_servers.runtime.audio import Samples
    from wyoming_servers.wake.listener import Moment
    from wyoming_servers.wake.words import WakeWord, WordModel

_RATE = 16_000
_BLOCK_SAMPLES = 1280
_LEAD = np.zeros(2 * _RATE, np.int16)
"""A recording may begin with the word; a satellite has been listening for a while by then."""

_BARS = " ▁▂▃▄▅▆▇█"
_COLUMNS = 60
_STREAM = Path("-")


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = actions.add_parser(
        "test", help="try a word", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", help="as `voice-rag wake list` shows it, or a built-in word such as okay_nabu")
    parser.add_argument("recordings", nargs="*", type=Path, metavar="RECORDING", help='WAV with the word, or "-"')
    parser.add_argument("--microphone", action="store_true", help="listen until Ctrl-C")
    parser.add_argument("--plot", type=Path, metavar="PNG", help="draw the scores")
    add_folder(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Listen and print what was heard; the exit code is 1 when a recording's word was missed."""
    is_live = options.microphone or options.recordings == [_STREAM]
    if not (is_live or options.recordings) or (options.microphone and options.recordings):
        return fail("Give recordings, or - for standard input, or --microphone.")
    try:
        with needing_extra("wake"):
            word, model = _find(options.name, options.words)
        if is_live:
            heard = {"live": _listen(word, model, _microphone() if options.microphone else _standard_input())}
        else:
            heard = {path.name: _hear(word, model, path) for path in options.recordings}
        if options.plot:
            _draw(heard, word, options.plot)
    except (StartError, ServerError, EnrolmentError) as err:
        return fail(str(err))
    return 0 if is_live else _summarise(heard, word)


def _find(name: str, folder: Path) -> "tuple[WakeWord, WordModel]":
    from wyoming_servers.wake.library import WordLibrary  # noqa: PLC0415

    engine = import_engine("wyoming_servers.wake.engines", "openwakeword")
    library = WordLibrary(engine.builtin(), WakeSettings(folder=folder))
    words = {word.name: word for word in library.words()}
    model = library.model(name)  # first, for its error
    return words[name], model


def _hear(word: "WakeWord", model: "WordModel", path: Path) -> "Sequence[Moment]":
    from wyoming_servers.wake.enrolment.recordings import read_wav  # noqa: PLC0415
    from wyoming_servers.wake.listener import Listener  # noqa: PLC0415

    listener = Listener(model, word.trigger)
    return list(listener.hear(np.concatenate([_LEAD, read_wav(path), _LEAD[: _RATE // 2]])))


def _listen(word: "WakeWord", model: "WordModel", blocks: "Iterable[Samples]") -> "Sequence[Moment]":
    """Show the scores while they come, and each detection on a line of its own."""
    from wyoming_servers.wake.listener import Listener  # noqa: PLC0415

    console = Console()
    listener, moments = Listener(model, word.trigger), []
    with suppress(KeyboardInterrupt), console.status("Listening; Ctrl-C ends.") as status:
        for block in blocks:
            for moment in listener.hear(block):
                moments.append(moment)
                if moment.is_detected:
                    console.print(f"{moment.seconds:8.2f} s  {word.phrase}  {moment.probability:.2f}")
            latest = [moment.probability for moment in moments[-_COLUMNS:]]
            status.update(f"{_line(latest)} {max(latest, default=0):.2f}")
    console.print(f"{sum(moment.is_detected for moment in moments)} detections in {len(moments) * 0.08:.0f} s.")
    return moments


def _standard_input() -> "Iterator[Samples]":
    while block := sys.stdin.buffer.read(2 * _BLOCK_SAMPLES):
        yield np.frombuffer(block[: len(block) // 2 * 2], "<i2")


def _microphone() -> "Iterator[Samples]":
    """Yield the default microphone's sound. Raises: StartError when there is none."""
    with needing_extra("wake-microphone"):
        try:
            import sounddevice  # noqa: PLC0415 (an extra)
        except OSError as err:  # its wheel leaves PortAudio to the system
            raise StartError(f"The microphone can't be used ({err}). Install PortAudio (libportaudio2).") from err
    try:
        with sounddevice.RawInputStream(_RATE, _BLOCK_SAMPLES, channels=1, dtype="int16") as stream:
            while True:
                data, _ = stream.read(_BLOCK_SAMPLES)
                yield np.frombuffer(data, np.int16)
    except sounddevice.PortAudioError as err:
        raise StartError(f"The microphone can't be used: {err}.") from err


def _summarise(heard: "dict[str, Sequence[Moment]]", word: "WakeWord") -> int:
    table = Table("recording", "heard", "best", "at", "scores")
    for name, moments in heard.items():
        best = max(moments, key=lambda moment: moment.probability)
        is_heard = any(moment.is_detected for moment in moments)
        seconds = max(0.0, best.seconds - len(_LEAD) / _RATE)
        mark = "[green]yes[/green]" if is_heard else "[red]no[/red]"
        line = _line([moment.probability for moment in moments][-_COLUMNS:])
        table.add_row(name, mark, f"{best.probability:.2f}", f"{seconds:.1f} s", line)
    hits = sum(any(moment.is_detected for moment in moments) for moments in heard.values())
    console = Console()
    console.print(table)
    console.print(f"{hits} of {len(heard)} heard; the threshold is {word.trigger.threshold:.2f}.")
    return 0 if hits == len(heard) else 1


def _line(values: Sequence[float]) -> str:
    return "".join(_BARS[round(value * (len(_BARS) - 1))] for value in values)


def _draw(heard: "dict[str, Sequence[Moment]]", word: "WakeWord", path: Path) -> None:
    """Write a picture of the scores. Raises: StartError."""
    with needing_extra("wake-plot"):
        from matplotlib.figure import Figure  # noqa: PLC0415 (an extra)
    figure = Figure(figsize=(10, 4), layout="constrained")
    axes = figure.add_subplot()
    for name, moments in heard.items():
        axes.plot([moment.seconds for moment in moments], [moment.probability for moment in moments], label=name)
    axes.axhline(word.trigger.threshold, color="black", linestyle=":", label="threshold")
    axes.set(xlabel="seconds", ylabel="score", ylim=(0, 1), title=word.phrase)
    axes.legend(fontsize="small", loc="upper left", ncols=3)
    try:
        figure.savefig(path)
    except (OSError, ValueError) as err:
        raise StartError(f"Can't write {path}: {err}.") from err
