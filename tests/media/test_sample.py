"""The film of the demo: six pictures and six chords that anyone would want to look at."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from media.sample import SampleSegment, make_sample


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> list[SampleSegment]:
    """The sample, small."""
    return make_sample(tmp_path_factory.mktemp("sample"), width=240, height=160)


def test_there_are_six_places_with_something_to_say_of_each(sample: list[SampleSegment]) -> None:
    """Six segments, no caption twice."""
    assert len({segment.caption for segment in sample}) == 6


def test_each_picture_has_the_size_asked_for_and_much_in_it(sample: list[SampleSegment]) -> None:
    """No picture is flat, and none is burnt out."""
    for segment in sample:
        picture = np.asarray(Image.open(segment.image).convert("L"), float)
        assert picture.shape == (160, 240)
        assert picture.std() > 8
        assert (picture > 250).mean() < 0.05


def test_each_chord_is_stereo_four_to_five_seconds_long_and_never_clips(sample: list[SampleSegment]) -> None:
    """A chord starts and ends in silence, and stays well below the limit."""
    for segment in sample:
        with av.open(segment.audio) as container:
            wave = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
        assert 4 <= wave.shape[1] / 48_000 <= 5.1
        assert 0.2 < np.abs(wave).max() < 0.7
        assert np.abs(wave[:, :48]).max() < 0.02


def test_the_same_sample_comes_out_each_time(sample: list[SampleSegment], tmp_path: Path) -> None:
    """A second demo renders the same pictures, so that the cache has them."""
    again = make_sample(tmp_path, width=240, height=160)
    assert [s.image.read_bytes() for s in again] == [s.image.read_bytes() for s in sample]
