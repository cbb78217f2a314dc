"""Frames to a chunk of H.264, and chunks with their sound to one MP4.

Every chunk is encoded alone, with closed groups of pictures, the same time base, and parameter sets that do not depend
on the content (x264's `stitchable`). That is what lets `join` copy packets and encode nothing.
"""

import heapq
import io
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import Enum, auto
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.codec.codec import UnknownCodecError
from av.codec.hwaccel import HWAccel
from av.container import InputContainer, OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from numpy.typing import NDArray

from media.exceptions import EncoderFailed, EncoderMissing
from media.files import telling_full
from media.frames import Planes
from media.timeline import SAMPLE_RATE

logger = logging.getLogger(__name__)

SOFTWARE = "libx264"
ENCODERS = (SOFTWARE, "h264_nvenc", "h264_vaapi", "h264_videotoolbox")
GROUP_OF_PICTURES = 60
TICKS = 512  # of the track's clock a frame, so that every chunk's packets have whole times
SOUND_BANDWIDTH = 18_000  # Hz

Packet: TypeAlias = "av.Packet[Any]"
_REORDERED = 2  # frames that may be shown in another order than they are decoded in: x264's B-pyramid
_BT709 = 1  # ITU-T H.273: primaries, transfer and matrix of BT.709
_LIMITED = 1  # libav's AVCOL_RANGE_MPEG
_DEVICES = {"h264_vaapi": "vaapi"}  # into whose memory frames have to be brought for an encoder
_NVENC = {"ultrafast": "p1", "veryfast": "p3", "medium": "p6"}

# AAC of a constant quality, 120 to 300 kbit/s. At a constant rate the coder tries most frames five times over, which
# takes three times as long, and is further from the original but for clean tones. The default coder takes twice as
# long as the fast one and is worse at speech; intensity stereo is for lower rates.
_AAC_BIT_RATE = 192_000  # that a quality of 120 aims at
_AAC = {
    "aac_coder": "fast",
    "aac_is": "0",
    "cutoff": str(SOUND_BANDWIDTH),
    "flags": "+qscale",
    "global_quality": "220",
}


class Content(Enum):
    """What moves in a chunk's frames; the encoder searches no further than there is something to find."""

    FOOTAGE = auto()
    """Anything at all."""
    PICTURE = auto()
    """One picture at a time, as a whole, under a camera; a caption may stand over it."""
    BLEND = auto()
    """Two pictures, one seen through the other."""


# Where all of a picture moves as one, vectors for the parts of a macroblock find nothing that one for all of it does
# not. Without them the same quality takes a fifth less time (a third at "medium"), and 2 % fewer to 5 % more bytes. In
# a blend no vector fits both pictures, and refining them takes another third of the time for 1 to 10 % of the bytes.
# "ultrafast" looks for neither. Nothing here may change a chunk's headers, as a `subme` under 6 does at "medium".
_WHOLE = ("partitions=i8x8,i4x4",)
_SEARCH = {
    ("veryfast", Content.PICTURE): _WHOLE,
    ("veryfast", Content.BLEND): (*_WHOLE, "subme=1"),
    ("medium", Content.PICTURE): _WHOLE,
    ("medium", Content.BLEND): _WHOLE,
}


@dataclass(frozen=True, slots=True)
class Quality:
    """What is asked of which encoder: x264's name for a preset, a constant rate factor (lower is better), a size."""

    name: str
    preset: str
    crf: int
    scale: float = 1.0
    codec: str = SOFTWARE


DRAFT = Quality("draft", "ultrafast", 23, 0.5)
STANDARD = Quality("standard", "veryfast", 21)
HIGH = Quality("high", "medium", 18)
QUALITIES = {quality.name: quality for quality in (DRAFT, STANDARD, HIGH)}


def available() -> bool:
    """Whether this machine's libav can encode H.264."""
    return SOFTWARE in av.codecs_available


@cache
def chosen(wanted: str) -> str:
    """The encoder to work with: the one that is `wanted` if it passes a test on one frame, else x264.

    Raises `EncoderMissing` if it is none that Rushes knows.
    """
    if wanted not in ENCODERS:
        raise EncoderMissing(f"There is no encoder {wanted!r}. Choose one of {', '.join(ENCODERS)}.")
    if wanted != SOFTWARE:
        try:
            encode_chunk(_one_grey, width=256, height=256, framerate=30, quality=replace(STANDARD, codec=wanted))
        except (av.FFmpegError, ValueError, NotImplementedError) as error:
            reason = "PyAV was built without it" if isinstance(error, UnknownCodecError) else error
            logger.warning("%s does not work on this machine (%s); %s does its work", wanted, reason, SOFTWARE)
            return SOFTWARE
    return wanted


def _one_grey(planes: Planes) -> Iterator[None]:
    for plane in planes:
        plane.fill(128)
    yield


def encode_chunk(
    draw: Callable[[Planes], Iterable[object]],
    *,
    width: int,
    height: int,
    framerate: int,
    quality: Quality = STANDARD,
    content: Content = Content.FOOTAGE,
    on_frames: Callable[[int, int], None] = lambda _drawn, _encoded: None,
) -> bytes:
    """An MP4 file with the frames that `draw` leaves in the planes it is given, one at each step of its iterator.

    Those planes are the encoder's own memory, so that no frame is copied on its way. `content` is what is known of
    them. `on_frames` hears how many are drawn and how many of those are encoded so far, which may be dozens fewer.
    Raises `EncoderMissing`.
    """
    if not available():
        raise EncoderMissing
    file = io.BytesIO()
    options = {"video_track_timescale": str(framerate * TICKS)}
    with av.open(file, "w", format="mp4", options=options) as container:
        device = HWAccel(_DEVICES[quality.codec]) if quality.codec in _DEVICES else None
        stream = container.add_stream(quality.codec, rate=framerate, hwaccel=device)
        assert isinstance(stream, av.VideoStream)
        context = stream.codec_context
        configure(context, width, height, quality, content)
        # libx264 takes what it needs of a picture before it gives a packet, so one serves for all of its frames.
        picture = av.VideoFrame(width, height, "yuv420p")
        picture.color_range = _LIMITED
        drawn = encoded = 0
        for drawn, _ in enumerate(draw(planes_of(picture)), start=1):
            picture.pts = drawn - 1
            for packet in context.encode_lazy(picture if quality.codec == SOFTWARE else _copied(picture)):
                _mux(packet, stream, container)
                encoded += 1
            on_frames(drawn, encoded)
        for packet in context.encode_lazy(None):  # one by one, as most of a short chunk may be encoded only now
            _mux(packet, stream, container)
            encoded += 1
            on_frames(drawn, encoded)
    return file.getvalue()


def _copied(picture: av.VideoFrame) -> av.VideoFrame:
    copy = av.VideoFrame.from_ndarray(picture.to_ndarray(), "yuv420p")
    copy.pts, copy.color_range = picture.pts, _LIMITED
    return copy


def configure(
    codec: VideoCodecContext, width: int, height: int, quality: Quality, content: Content = Content.FOOTAGE
) -> None:
    """Ask the encoder for chunks that join: the same headers for the same size and quality, whatever the content."""
    codec.width, codec.height, codec.pix_fmt = width, height, "nv12" if codec.name in _DEVICES else "yuv420p"
    codec.gop_size = GROUP_OF_PICTURES
    codec.thread_count = 1
    codec.color_primaries = codec.color_trc = codec.colorspace = _BT709
    codec.color_range = _LIMITED
    codec.options = _options(codec.name, quality, content)


def _options(codec: str, quality: Quality, content: Content) -> dict[str, str]:
    """A quality in the words of each encoder."""
    match codec:
        case "h264_nvenc":
            return {"preset": _NVENC[quality.preset], "rc": "vbr", "cq": str(quality.crf), "profile": "high"}
        case "h264_vaapi":
            return {"rc_mode": "CQP", "qp": str(quality.crf), "profile": "high"}
        case "h264_videotoolbox":
            return {"profile": "high", "q:v": str(100 - 2 * quality.crf)}
    x264 = ":".join(("stitchable=1", "open-gop=0", *_SEARCH.get((quality.preset, content), ())))
    return {"preset": quality.preset, "crf": str(quality.crf), "profile": "high", "x264-params": x264}


def planes_of(picture: av.VideoFrame) -> Planes:
    """A picture's memory as planes to write to; libav may keep more bytes a row than the frame is wide."""
    rows = (
        np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size) for plane in picture.planes
    )
    y, u, v = (row[:, : plane.width] for row, plane in zip(rows, picture.planes, strict=True))
    return Planes(y, u, v)


def _mux(packet: Packet, stream: av.VideoStream, container: OutputContainer) -> None:
    packet.stream = stream
    container.mux(packet)


def encode_sound(blocks: Iterable[NDArray[np.float32]]) -> bytes:
    """An M4A file with AAC of these blocks of float32 samples, each (2, n) at 48 kHz."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=SAMPLE_RATE, options=_AAC)
        codec = stream.codec_context
        assert isinstance(codec, AudioCodecContext)
        codec.layout, codec.format, codec.bit_rate = "stereo", "fltp", _AAC_BIT_RATE
        codec.time_base = Fraction(1, SAMPLE_RATE)
        fifo = av.AudioFifo()
        written = 0
        for block in blocks:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", "stereo")
            frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, codec.time_base, written
            written += block.shape[1]
            fifo.write(frame)
            for full in fifo.read_many(1024):
                container.mux(stream.encode(full))
        if (rest := fifo.read(0, partial=True)) is not None:
            container.mux(stream.encode(rest))
        container.mux(stream.encode(None))
    return file.getvalue()


def join(chunks: Sequence[Callable[[], bytes]], frames: Sequence[int], sound: bytes | None, output: Path) -> int:
    """Write chunks of so many `frames` each, in order, and their sound, if any, to an MP4; returns its bytes.

    Nothing is decoded or encoded; the index stands before the data, so that a player can start at once. Each chunk is
    fetched as its turn comes. Raises `DiskFull`, and `EncoderFailed` if a chunk does not fit the others.
    """
    with telling_full():
        with av.open(str(output), "w", format="mp4", options={"movflags": "+faststart"}) as container:
            _copy(chunks, frames, sound, container)
        return _sync(output)


def _copy(
    chunks: Sequence[Callable[[], bytes]],
    frames: Sequence[int],
    sound: bytes | None,
    container: OutputContainer,
) -> None:
    with ExitStack() as reading:
        first = reading.enter_context(_opened(chunks[0]()))
        streams: dict[str, VideoStream | AudioStream] = {
            "video": container.add_stream_from_template(first.streams.video[0])
        }
        packets: Iterator[Packet] = _pictures(chunks, frames, first.streams.video[0].codec_context.extradata)
        if sound is not None:
            heard = reading.enter_context(_opened(sound))
            streams["audio"] = container.add_stream_from_template(heard.streams.audio[0])
            sounds = (packet for packet in heard.demux() if packet.dts is not None)
            packets = heapq.merge(packets, sounds, key=_decoding_time)
        for packet in packets:
            packet.stream = streams[packet.stream.type]
            container.mux(packet)


def _pictures(chunks: Sequence[Callable[[], bytes]], frames: Sequence[int], header: bytes | None) -> Iterator[Packet]:
    """Every chunk's packets, moved to their place in the film.

    Pictures are decoded one after another, each `_REORDERED` frames before it could be shown at the earliest: what
    the encoder itself says, but for a chunk too short to have its order changed.
    """
    start = decoded = 0
    for number, (chunk, expected) in enumerate(zip(chunks, frames, strict=True)):
        with _opened(chunk()) as container:
            stream = container.streams.video[0]
            if stream.codec_context.extradata != header or stream.frames != expected:
                raise EncoderFailed(f"Part {number + 1} of the film does not fit the others. Start the render again.")
            for packet in container.demux(stream):
                if packet.pts is None:  # the empty packet at the end
                    continue
                packet.pts += start * TICKS
                packet.dts = (decoded - _REORDERED) * TICKS
                decoded += 1
                yield packet
        start += expected


def _decoding_time(packet: Packet) -> float:
    assert packet.dts is not None
    clock = packet.time_base  # a new fraction whenever it is asked for
    return packet.dts * clock.numerator / clock.denominator


def _opened(data: bytes) -> InputContainer:
    """A file in memory whose packets are to be copied. Without a decoder, libav decodes no frame just to look at it."""
    container = av.open(io.BytesIO(data), format="mp4", options={"codec_whitelist": "none"})
    assert isinstance(container, InputContainer)
    return container


def _sync(path: Path) -> int:
    """Put a finished file on the disk itself; returns its bytes."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return file.seek(0, os.SEEK_END)
