"""Tiny real files made by code, and the two measurements that hold a finished film against them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, cast

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray
from PIL import Image, ImageOps

from media import encoder
from media.frames import Planes
from media.timeline import SAMPLE_RATE

Mode = Literal["RGB", "RGBA", "L", "P", "CMYK", "I;16"]
Samples = NDArray[np.float32]
"""Sound between -1 and 1, shape (channels, samples)."""

CODECS = {".wav": "pcm_s16le", ".mp3": "libmp3lame", ".m4a": "aac", ".ogg": "libopus", ".flac": "flac"}
"""The sound formats that Rushes takes, by suffix, and the encoder that writes each."""

# What turns an upright picture into the stored one; honouring the tag turns it back (EXIF 2.3, tag 274).
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
_ORIENTATION = 0x0112


def make_picture(
    path: Path,
    *,
    width: int = 320,
    height: int = 180,
    seed: int = 0,
    colour: tuple[int, int, int] | None = None,
    mode: Mode = "RGB",
    orientation: int = 1,
) -> Path:
    """Write a soft field of colours that is the same for the same seed; JPEG, PNG or WebP by suffix.

    `width` and `height` are those of the picture as seen: with an EXIF `orientation` it is stored turned, and
    reads the same to whoever honours the tag. `colour` makes it flat. RGBA is transparent in its right half.
    """
    picture = Image.fromarray(_field(width, height, seed, colour))
    if orientation != 1:
        picture = picture.transpose(_STORED[orientation])
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    _in_mode(picture, mode).save(path, quality=95, exif=exif)
    return path


def make_tone(
    path: Path,
    *,
    seconds: float = 1.0,
    hertz: float = 440.0,
    sounding: float | None = None,
    sample_rate: int = 48_000,
    channels: int = 1,
) -> Path:
    """Write a sine, heard for its first `sounding` seconds or to its end; the format by suffix."""
    time = np.arange(round(seconds * sample_rate), dtype=np.float64) / sample_rate
    wave = 0.5 * np.sin(2 * np.pi * hertz * time)
    if sounding is not None:
        wave[time >= sounding] = 0.0
    return write_sound(path, np.tile(wave.astype(np.float32), (channels, 1)), sample_rate=sample_rate)


def write_sound(path: Path, samples: Samples, *, sample_rate: int = 48_000) -> Path:
    """Write `samples`, shape (channels, samples), with the codec that `CODECS` has for the suffix."""
    codec = CODECS[path.suffix.lower()]
    layout = "stereo" if len(samples) == 2 else "mono"
    with av.open(path, "w") as container:
        stream = cast(AudioStream, container.add_stream(codec, rate=sample_rate, layout=layout))
        whole = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
        whole.sample_rate = sample_rate
        # Without a time here the muxer can't tell the encoder's own delay from the sound.
        whole.pts = 0
        for frame in av.AudioResampler(stream.codec_context.format, layout, sample_rate).resample(whole):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def make_video(path: Path, frames: int, *, width: int = 160, height: int = 90, framerate: int = 15) -> Path:
    """Write an MP4 file whose grey is 20 in its first frame and 1 more in each; a tone is heard in its first second."""

    def draw(planes: Planes) -> Iterator[None]:
        planes.u.fill(128)
        planes.v.fill(128)
        for number in range(frames):
            planes.y.fill(20 + number)
            yield

    chunk = encoder.encode_chunk(draw, width=width, height=height, framerate=framerate)
    time = np.arange(frames * SAMPLE_RATE // framerate) / SAMPLE_RATE
    wave = 0.5 * np.sin(2 * np.pi * 440 * time) * (time < 1)
    sound = encoder.encode_sound([np.tile(wave, (2, 1)).astype(np.float32)])
    encoder.join([lambda: chunk], [frames], sound, path)
    return path


def flashes(film: Path, *, threshold: float = 128.0) -> list[float]:
    """Return the times, in seconds, at which the picture turns from dark to bright or from bright to dark."""
    return [time for time, _ in _turns(_brightness(film), threshold)]


def beeps(film: Path, *, threshold: float = 0.1, silence: float = 0.05) -> list[float]:
    """Return the times, in seconds, at which a sound starts after at least `silence` seconds without any."""
    with av.open(film) as container:
        stream = container.streams.audio[0]
        rate = stream.rate
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        pieces, start = [], None
        for frame in container.decode(stream):
            start = frame.time if start is None else start
            pieces += [resampled.to_ndarray()[0] for resampled in resampler.resample(frame)]
    loud = np.flatnonzero(np.abs(np.concatenate(pieces)) >= threshold)
    first = np.diff(loud, prepend=-rate) > silence * rate
    return [float(start or 0.0) + int(index) / rate for index in loud[first]]


def _field(width: int, height: int, seed: int, colour: tuple[int, int, int] | None) -> NDArray[np.uint8]:
    if colour is not None:
        return np.full((height, width, 3), colour, np.uint8)
    coarse = np.random.default_rng(seed).uniform(20, 235, (3, 4, 3)).astype(np.float32)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth, 0, 255).astype(np.uint8)


def _in_mode(picture: Image.Image, mode: Mode) -> Image.Image:
    match mode:
        case "RGBA":
            mask = Image.new("L", picture.size, 255)
            mask.paste(0, (picture.width // 2, 0, picture.width, picture.height))
            picture.putalpha(mask)
            return picture
        case "I;16":
            grey = np.asarray(ImageOps.grayscale(picture), np.uint16)
            return Image.fromarray(grey * 257)
        case _:
            return picture.convert(mode)


def _brightness(film: Path) -> Iterator[tuple[float, float]]:
    with av.open(film) as container:
        for frame in container.decode(video=0):
            luma = frame.to_ndarray(format="gray")
            yield float(frame.time or 0.0), float(luma.mean())


def _turns(levels: Iterator[tuple[float, float]], threshold: float) -> Iterator[tuple[float, bool]]:
    before: bool | None = None
    for time, level in levels:
        bright = level >= threshold
        if before is not None and bright != before:
            yield time, bright
        before = bright
