"""Files of sound and film, made by PyAV."""

from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

CODECS = {
    ".wav": "pcm_s16le",
    ".flac": "flac",
    ".ogg": "libopus",
    ".mp3": "libmp3lame",
    ".m4a": "aac",
    ".mp4": "aac",
    ".mkv": "aac",
}
FILMS = (".mkv", ".mp4")


def write(
    path: Path,
    samples: NDArray[np.int16],
    *,
    rate: int = 16_000,
    begins_after: float = 0.0,
    options: Mapping[str, str] = {},
) -> Path:
    """Write mono samples in the format of the file's ending; in a film its picture comes `begins_after` earlier.

    `options` are FFmpeg's, of the codec and of the container.
    """
    with av.open(str(path), "w", options=dict(options)) as container:
        picture = container.add_stream("mpeg4", rate=25) if path.suffix in FILMS else None
        sound = container.add_stream(CODECS[path.suffix], rate=rate, layout="mono", options=dict(options))
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


def write_paused(path: Path, source: Path, at: float, seconds: float) -> Path:
    """Write a recording again as a recorder does that was stopped for a while at a second."""
    with av.open(str(source)) as whole, av.open(str(path), "w") as container:
        sound = container.add_stream_from_template(whole.streams.audio[0])
        for packet in whole.demux(whole.streams.audio[0]):
            if packet.pts is None or packet.dts is None:
                continue
            if packet.pts * packet.time_base >= at:
                packet.pts += int(seconds / packet.time_base)
                packet.dts += int(seconds / packet.time_base)
            packet.stream = sound
            container.mux(packet)
    return path


def write_picture(path: Path) -> Path:
    """Write a film without sound."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        container.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")))
        container.mux(picture.encode(None))
    return path
