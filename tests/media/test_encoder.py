import io
import logging
from collections.abc import Iterable, Iterator

import av
import cv2
import numpy as np
import pytest

from media import captions, encoder
from media.encoder import HIGH, QUALITIES, STANDARD, Content, Quality
from media.exceptions import EncoderMissing
from media.frames import Planes, Shot, blend
from media.motion import CameraPath
from media.timeline import CaptionStyle, Motion


def test_an_encoder_that_does_not_work_here_is_replaced_by_x264(caplog: pytest.LogCaptureFixture):
    """A hardware encoder that fails its one-frame test leaves the work to x264, and the log says so."""
    encoder.chosen.cache_clear()
    with caplog.at_level(logging.WARNING, logger="media.encoder"):
        chosen = {wanted: encoder.chosen(wanted) for wanted in encoder.ENCODERS}
    working = {name for name, used in chosen.items() if name == used}
    assert encoder.SOFTWARE in working
    assert {chosen[name] for name in encoder.ENCODERS if name not in working} <= {encoder.SOFTWARE}
    for name in set(encoder.ENCODERS) - working:
        assert any(record.message.startswith(f"{name} does not work") for record in caplog.records)


def test_an_unknown_encoder_is_refused():
    """An encoder that Rushes does not know is refused with the names of those that it does."""
    with pytest.raises(EncoderMissing, match="h264_nvenc"):
        encoder.chosen("libx265")


def test_x264_is_there():
    """The pinned PyAV carries the encoder that everything rests on."""
    assert encoder.available()


def frames_of(what: str) -> Iterator[Planes]:
    """A second of a picture that the camera goes into, as it is, captioned, fading or one seen through another."""
    motions = (Motion.ZOOM_IN, Motion.PAN_LEFT)
    first, second = (
        Shot(grain(seed), CameraPath.over(motion, (640, 360), (320, 180)), 320) for seed, motion in enumerate(motions)
    )
    caption = captions.paint("What is said of it", 320, 180, CaptionStyle())
    assert caption is not None
    for number in range(30):
        frame, other = Planes.empty(320, 180), Planes.black(320, 180)
        first.draw(number / 29, frame)
        match what:
            case "captioned":
                caption.draw(frame)
            case "fading":
                blend(frame, other, (number + 1) / 31, frame)
            case "crossfaded":
                second.draw(number / 29, other)
                blend(frame, other, (number + 1) / 31, frame)
        yield frame


def grain(seed: int) -> np.ndarray:
    """A picture with as much to be seen in it as in a photograph."""
    grey = np.random.default_rng(seed).integers(0, 255, (45, 80, 3), np.uint8)
    return np.asarray(cv2.resize(grey, (640, 360), interpolation=cv2.INTER_CUBIC), np.uint8)


def encoded(frames: Iterable[Planes], told: Content, quality: Quality = STANDARD) -> bytes:
    """A chunk of these frames by an encoder that is told what moves in them."""

    def draw(planes: Planes) -> Iterator[None]:
        for frame in frames:
            for plane, drawn in zip(planes, frame, strict=True):
                plane[:] = drawn
            yield

    return encoder.encode_chunk(draw, width=320, height=180, framerate=30, quality=quality, content=told)


def noise(chunk: bytes, frames: Iterable[Planes]) -> float:
    """How far a chunk's brightness is from the frames': the mean of squares."""
    with av.open(io.BytesIO(chunk)) as container:
        decoded = [encoder.planes_of(frame).y.astype(float) for frame in container.decode(video=0)]
    return float(np.mean([(a - b.y) ** 2 for a, b in zip(decoded, frames, strict=True)]))


@pytest.mark.parametrize("quality", QUALITIES.values(), ids=QUALITIES)
def test_whatever_moves_in_them_chunks_can_be_joined(quality: Quality):
    """What an encoder is told of its frames changes nothing of a chunk's headers."""
    headers = set()
    for told in Content:
        with av.open(io.BytesIO(encoded(frames_of("as it is"), told, quality))) as container:
            headers.add(container.streams.video[0].codec_context.extradata)
    assert len(headers) == 1


@pytest.mark.parametrize("quality", [STANDARD, HIGH], ids=["standard", "high"])
@pytest.mark.parametrize(
    ("what", "told", "more"),
    [
        ("as it is", Content.PICTURE, 1.05),
        ("captioned", Content.PICTURE, 1.06),
        ("fading", Content.PICTURE, 1.05),
        ("crossfaded", Content.BLEND, 1.12),
    ],
)
def test_what_the_encoder_is_told_costs_no_quality(what: str, told: Content, more: float, quality: Quality):
    """A shorter search leaves as good a picture, to .2 dB, in about as many bytes."""
    frames = list(frames_of(what))
    short, whole = encoded(frames, told, quality), encoded(frames, Content.FOOTAGE, quality)
    assert short != whole
    assert len(short) < more * len(whole)
    assert noise(short, frames) < 10 ** (0.2 / 10) * noise(whole, frames)
