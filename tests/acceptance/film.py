"""A finished film, looked at frame by frame."""

import math
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

LIMITED, BT709 = 1, 1
"""libavutil's numbers: AVCOL_RANGE_MPEG; AVCOL_PRI_BT709, AVCOL_TRC_BT709 and AVCOL_SPC_BT709."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Film:
    """What decoding the whole file brought to light; times in seconds."""

    width: int
    height: int
    codec: str
    profile: str
    colours: tuple[int, int, int, int]
    """Range, primaries, transfer, matrix."""
    times: tuple[float, ...]
    frames: tuple[Picture, ...]
    sound: tuple[str, int, int]
    """Codec, sample rate, channels."""
    sound_seconds: float
    seconds: float

    @classmethod
    def at(cls, path: Path) -> "Film":
        """Decode every frame and every sample."""
        with av.open(path) as container:
            video, audio = container.streams.video[0], container.streams.audio[0]
            context = video.codec_context
            pairs = [(frame.time, rgb(frame)) for frame in container.decode(video)]
            container.seek(0)
            samples = sum(frame.samples for frame in container.decode(audio))
            return cls(
                width=video.width,
                height=video.height,
                codec=context.name,
                profile=str(context.profile),
                colours=(
                    int(context.color_range),
                    int(context.color_primaries),
                    int(context.color_trc),
                    int(context.colorspace),
                ),
                times=tuple(float(time) for time, _ in pairs if time is not None),
                frames=tuple(picture for _, picture in pairs),
                sound=(audio.codec_context.name, audio.rate, audio.codec_context.channels),
                sound_seconds=samples / audio.rate,
                seconds=(container.duration or 0) / av.time_base,
            )


def count_frames(path: Path) -> int:
    """How many frames decode."""
    with av.open(path) as container:
        return sum(1 for _ in container.decode(video=0))


def rgb(frame: av.VideoFrame) -> Picture:
    """A frame in RGB, by our own arithmetic: BT.709 in limited range, chroma on the left (ITU-R BT.709-6)."""
    assert frame.format.name == "yuv420p"
    planes = [np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size) for plane in frame.planes]
    y, u, v = (plane[:, : source.width] for plane, source in zip(planes, frame.planes, strict=True))
    size = (frame.width, frame.height)
    luma = (y.astype(np.float32) - 16) / 219
    blue, red = (
        (cv2.resize(chroma, size, interpolation=cv2.INTER_LINEAR).astype(np.float32) - 128) / 224 for chroma in (u, v)
    )
    channels = (luma + 1.5748 * red, luma - 0.1873 * blue - 0.4681 * red, luma + 1.8556 * blue)
    return np.clip(np.stack(channels, -1) * 255 + 0.5, 0, 255).astype(np.uint8)


def cropped(path: Path, width: int, height: int) -> Picture:
    """What a still camera is to show of a picture: its middle, filling the film."""
    with Image.open(path) as image:
        picture = image.convert("RGB")
    scale = min(picture.width / width, picture.height / height)
    left, top = (picture.width - width * scale) / 2, (picture.height - height * scale) / 2
    box = (left, top, left + width * scale, top + height * scale)
    return np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS, box))


def psnr(one: Picture, other: Picture) -> float:
    """Peak signal-to-noise ratio in decibels; above 35 the eye sees no difference."""
    error = float(np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2))
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def boxes(path: Path) -> list[str]:
    """The names of the file's outermost boxes in order (ISO 14496-12, section 4.2)."""
    names, data, at = [], path.read_bytes(), 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        names.append(data[at + 4 : at + 8].decode("latin-1"))
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        at += size or len(data) - at
    return names
