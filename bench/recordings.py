"""Memory for recordings of a minute and of half an hour: ours, and the whole file decoded first, side by side.

    python -m bench.recordings

`voice-rag transcribe` runs with a tiny model in GigaAM's form, so that what is measured is the way to the model and not
the model: decoding, cutting in pauses, grouping into lines. The other is the first step alone of those that decode
the whole file into one array, as faster-whisper does (whose own function does not run with PyAV 19).
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import av
import numpy as np

from tests.fakes.spoken import spoken
from tests.fakes.tiny_gigaam import build
from wyoming_servers.runtime.audio import SAMPLE_RATE

MINUTES = (1, 30)
REPORT = """
import resource
usage = resource.getrusage(resource.RUSAGE_SELF)
print(usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)
"""
OURS = "import sys; from voice_rag.__main__ import main; main(sys.argv[1:])" + REPORT
WHOLE = """
import sys
from pathlib import Path
import numpy as np
from wyoming_servers.stt.audio_files import opened
with opened(Path(sys.argv[1])) as audio:
    np.concatenate(list(audio.blocks())).astype(np.float32)
"""


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = str(build(folder / "model"))
        print("| | minutes | most memory | computing |\n|---|---|---|---|")
        for minutes in MINUTES:
            recording = str(_write(folder / f"{minutes}.flac", minutes))
            ours = ("transcribe", recording, "--engine", "gigaam", "--model", model, "--output", f"{recording}.srt")
            print(_row("ours, everything", minutes, OURS, *ours), flush=True)
            print(_row("whole file, decoding", minutes, WHOLE + REPORT, recording), flush=True)


def _row(title: str, minutes: int, script: str, *arguments: str) -> str:
    run = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    megabytes, seconds = map(float, run.stdout.split()[-2:])
    return f"| {title} | {minutes} | {megabytes:.0f} MB | {seconds:.1f} s |"


def _write(path: Path, minutes: int) -> Path:
    """Write speech with pauses, over and over."""
    part = np.concatenate([spoken("раз два три четыре пять шесть семь", "ru", silence=0.6)] * 12)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        for number in range(minutes * 60 * SAMPLE_RATE // len(part)):
            frame = av.AudioFrame.from_ndarray(part[None], format="s16", layout="mono")
            frame.sample_rate = SAMPLE_RATE
            frame.pts = number * len(part)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


if __name__ == "__main__":
    main()
