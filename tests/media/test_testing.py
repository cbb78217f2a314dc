"""The pictures and tones that other tests rely on are what they say."""

from pathlib import Path
from typing import get_args

import av
import numpy as np
import pytest
from PIL import Image, ImageOps

from media.testing import CODECS, Mode, beeps, flashes, make_picture, make_tone


@pytest.mark.parametrize("suffix", CODECS)
@pytest.mark.parametrize("channels", [1, 2])
def test_a_tone_lasts_as_long_as_asked(tmp_path: Path, suffix: str, channels: int) -> None:
    """Every format decodes to the seconds and channels that were asked for, within one codec frame."""
    path = make_tone(tmp_path / f"tone{suffix}", seconds=1.03, channels=channels)
    with av.open(path) as container:
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        assert stream.codec_context.channels == channels
    assert samples / stream.rate == pytest.approx(1.03, abs=0.025)


def test_a_tone_falls_silent_when_told(tmp_path: Path) -> None:
    """`sounding` ends the tone early, so that a segment holds one beep at its start and nothing else."""
    path = make_tone(tmp_path / "beep.wav", seconds=1.0, sounding=0.1)
    with av.open(path) as container:
        wave = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert wave[:4800].any()
    assert not wave[4801:].any()


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".m4a", ".ogg"])
def test_a_beep_is_found_where_it_starts(tmp_path: Path, suffix: str) -> None:
    """The measurement takes an encoder's own delay out, where the file says what it is."""
    path = make_tone(tmp_path / f"beep{suffix}", seconds=0.5, sounding=0.2)
    assert beeps(path) == [pytest.approx(0.0, abs=0.002)]


def test_flashes_are_found_on_the_frame_that_turns(tmp_path: Path) -> None:
    """Dark to bright and back are two turns, each at the time of the first frame that differs."""
    path = tmp_path / "flash.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for level in (0, 0, 0, 255, 255, 0):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), level, np.uint8))
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert flashes(path) == [pytest.approx(0.3), pytest.approx(0.5)]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_orientation_tag_changes_the_file_and_not_the_picture(tmp_path: Path, orientation: int) -> None:
    """Whoever honours the EXIF tag sees the same picture in all eight ways of storing it."""
    straight = Image.open(make_picture(tmp_path / "straight.png", width=200, height=120, seed=3))
    turned = Image.open(make_picture(tmp_path / "turned.jpg", width=200, height=120, seed=3, orientation=orientation))
    seen = np.asarray(ImageOps.exif_transpose(turned), int)
    assert np.abs(seen - np.asarray(straight, int)).mean() < 2


@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_picture_is_stored_in_the_mode_asked_for(tmp_path: Path, mode: Mode) -> None:
    """Each kind of picture that a person may bring can be made."""
    suffix = ".jpg" if mode == "CMYK" else ".png"
    with Image.open(make_picture(tmp_path / f"picture{suffix}", mode=mode)) as picture:
        assert picture.mode == mode


def test_the_same_seed_makes_the_same_file(tmp_path: Path) -> None:
    """A test that fails fails again."""
    one = make_picture(tmp_path / "one.png", seed=5).read_bytes()
    assert one == make_picture(tmp_path / "two.png", seed=5).read_bytes()
    assert one != make_picture(tmp_path / "three.png", seed=6).read_bytes()
