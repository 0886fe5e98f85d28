"""Files of sound and film, made by PyAV."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

CODECS = {".wav": "pcm_s16le", ".flac": "flac", ".ogg": "libopus", ".mp3": "libmp3lame", ".m4a": "aac", ".mkv": "aac"}


def write(path: Path, samples: NDArray[np.int16], *, rate: int = 16_000, begins_after: float = 0.0) -> Path:
    """Write mono samples in the format of the file's ending; in a film its picture comes `begins_after` earlier."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=25) if path.suffix == ".mkv" else None
        sound = container.add_stream(CODECS[path.suffix], rate=rate, layout="mono")
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
            for _ in range(25):
                container.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")))
            container.mux(picture.encode(None))
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = rate
        frame.pts = int(begins_after * rate)
        container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    return path


def write_picture(path: Path) -> Path:
    """Write a film without sound."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        container.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")))
        container.mux(picture.encode(None))
    return path
