import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import proglog
import pytest
from moviepy.video.compositing.CompositeVideoClip import CompositeVideoClip

from media import chunks
from media.cache import ChunkCache
from media.clips import _lasting
from media.exceptions import AudioUnreadable, ImageUnreadable
from media.frames import Planes, to_rgb
from media.progress import Progress
from media.render import Film, render
from media.testing import make_picture, make_video
from media.timeline import SAMPLE_RATE, Fit, Segment, Timeline, Transition, TransitionKind

from .conftest import FilmMaker

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def film(make_film: FilmMaker) -> Timeline:
    """A film with all that there is: motion, captions, fits, a crossfade, a fade through black, sound."""
    timeline = make_film(1.0, 4.5, 0.7, size=(160, 90))  # the second one makes two chunks
    first, second, third = timeline.segments
    return replace(
        timeline,
        segments=(
            replace(first, transition=Transition(TransitionKind.CROSSFADE, 0.4)),
            replace(second, fit=Fit.CONTAIN, transition=Transition(TransitionKind.FADE_BLACK, 0.3)),
            replace(third, fit=Fit.BLUR),
        ),
    )


def engines(timeline: Timeline) -> list[np.ndarray]:
    """The frames that the engine would encode, in RGB."""
    planes = Planes.empty(timeline.width, timeline.height)
    return [to_rgb(planes) for chunk in Film(timeline).chunks for _ in chunks.draw(chunk, planes)]


def test_a_clip_is_as_large_fast_and_long_as_the_film(film: Timeline):
    """Size, rate and length are the film's, and the sound lasts as long as the pictures."""
    clip = film.to_clip()
    assert (clip.size, clip.fps, clip.duration) == ((160, 90), 15, film.seconds)
    assert (clip.audio.fps, clip.audio.nchannels, clip.audio.duration) == (SAMPLE_RATE, 2, film.seconds)


def test_every_frame_is_the_engines_own(film: Timeline):
    """At each frame's time the clip shows what the engine would encode: bodies, seams, captions and fits alike."""
    clip, frames = film.to_clip(), engines(film)
    shown = list(clip.iter_frames())
    assert len(shown) == len(frames) == film.total_frames
    assert max(int(np.abs(a.astype(int) - b).max()) for a, b in zip(shown, frames, strict=True)) <= 2


def test_frames_can_be_asked_for_in_any_order(film: Timeline):
    """Backwards, twice, between two frames and beyond both ends, each time shows its frame, in memory of its own."""
    clip, frames = film.to_clip(), engines(film)
    last = film.total_frames - 1
    for number in (40, 3, 3, 4, last, 13, 0):
        assert np.array_equal(clip.get_frame((number + 0.6) / 15), frames[number])
    assert np.array_equal(clip.get_frame(-1), frames[0])
    assert np.array_equal(clip.get_frame(99), frames[last])
    clip.get_frame(0)[:] = 0
    assert np.array_equal(clip.get_frame(0), frames[0])


def test_the_file_that_is_rendered_shows_the_same(film: Timeline, cache: ChunkCache, tmp_path: Path):
    """Decoded, the engine's own file differs from the clip by what encoding loses."""
    render(film, tmp_path / "film.mp4", cache=cache)
    clip = film.to_clip()
    with av.open(tmp_path / "film.mp4") as container:
        decoded = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    losses = [np.abs(a.astype(int) - b).mean() for a, b in zip(decoded, clip.iter_frames(), strict=True)]
    assert max(losses) < 4


def test_the_sound_is_the_engines_mix_to_the_sample(film: Timeline):
    """Asked for in order, out of order and at single moments, the samples are those that the engine encodes."""
    mix = np.concatenate(list(Film(film).sound.blocks()), axis=1).T
    audio = film.to_clip().audio
    late = audio.get_frame(np.arange(100_000, 101_000) / SAMPLE_RATE)
    assert np.allclose(late, mix[100_000:101_000], atol=1e-6)
    assert np.allclose(audio.to_soundarray(fps=SAMPLE_RATE), mix, atol=1e-6)
    assert np.allclose(audio.get_frame(1.5), mix[72_000], atol=1e-6)
    assert np.abs(mix).max() > 0.05


def test_a_clip_says_how_to_be_made_again(film: Timeline):
    """A film within a film: its clip, composed with MoviePy, is a segment like any other."""
    inner = film.to_clip().subclipped(1, 2)
    outer = Timeline(160, 90, 15, (Segment("1", CompositeVideoClip([inner]), 1.0),))
    frames = engines(outer)
    assert np.abs(frames[3].astype(int) - inner.get_frame(3 / 15)).mean() < 2
    assert Film(outer).chunks == Film(outer).chunks


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_moviepy_writes_it(film: Timeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A part of the clip, written with MoviePy and its ffmpeg, has the part's frames and its sound."""
    monkeypatch.chdir(tmp_path)  # where MoviePy puts its temporary files
    part = film.to_clip().subclipped(0.6, 1.6)
    part.write_videofile("part.mp4", audio_fps=SAMPLE_RATE, audio_codec="aac", preset="ultrafast", logger=None)
    with av.open("part.mp4") as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        decoded = [frame.to_ndarray(format="rgb24") for frame in container.decode(video)]
        assert float(audio.duration * audio.time_base) == pytest.approx(1.0, abs=0.05)
    expected = engines(film)[9:24]
    assert len(decoded) == 15
    assert max(np.abs(a.astype(int) - b).mean() for a, b in zip(decoded, expected, strict=True)) < 6


def test_no_frame_is_lost_to_rounding():
    """However many frames and whatever their rate, MoviePy counts as many as there are."""
    assert all(int(_lasting(count, rate) * rate) == count for rate in range(1, 61) for count in range(1, 2000))


def test_a_picture_that_is_gone_is_named(film: Timeline):
    """What stops a render stops a clip from being made, with the same words."""
    film.segments[1].image.unlink()
    with pytest.raises(ImageUnreadable, match="segment 2"):
        film.to_clip()


def test_a_sound_that_is_gone_is_named_each_time(film: Timeline):
    """Whoever asks again after an error is told the same, and hears the sound once it is there."""
    path = film.segments[1].audio
    content = path.read_bytes()
    clip = film.to_clip()
    path.unlink()
    for _ in range(2):
        with pytest.raises(AudioUnreadable, match="is gone"):
            clip.audio.get_frame(0)
    path.write_bytes(content)
    assert clip.audio.get_frame(np.array([0.1])).shape == (1, 2)


def test_who_needs_no_clip_imports_no_moviepy():
    """The engine is there at once: neither MoviePy nor proglog is imported before somebody uses them."""
    code = "import media.render, media.estimate, sys; print({'moviepy', 'proglog', 'cloudpickle'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True).stdout == b"set()\n"


@pytest.mark.timeout(300)
def test_the_readmes_example_does_what_it_says(tmp_path: Path):
    """The program in the README, run as it stands there, makes a film of a picture and a video, and a part of it."""
    _, section = (ROOT / "README.md").read_text().split("## MoviePy in and out\n")
    program = section.split("```python\n")[1].split("```")[0]
    make_picture(tmp_path / "beach.jpg", width=1200, height=800)
    make_video(tmp_path / "surf.mp4", 40)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True, capture_output=True)
    frames = {}
    for name in ("holiday.mp4", "teaser.mp4"):
        with av.open(tmp_path / name) as container:
            frames[name] = sum(1 for _ in container.decode(container.streams.video[0]))
            assert float(container.streams.audio[0].duration * container.streams.audio[0].time_base) > 2.9
    assert frames == {"holiday.mp4": 135, "teaser.mp4": 90}


class Listener(proglog.ProgressBarLogger):
    """Notes what a logger hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str, int]] = []
        self.messages: list[str] = []

    def bars_callback(self, bar: str, attr: str, value: int, _before: int | None = None) -> None:
        """Note a bar's change."""
        self.heard.append((bar, attr, value))

    def callback(self, **changes: str) -> None:
        """Note a message."""
        self.messages += [text for name, text in changes.items() if name == "message"]


def test_a_proglog_logger_hears_of_every_frame(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """Its bar `frame_index` has the film's frames for a total and never goes back; `on_progress` is told as well."""
    logger, seen = Listener(), list[Progress]()
    render(make_film(0.4, 0.6), tmp_path / "film.mp4", cache=cache, logger=logger, on_progress=seen.append)
    assert logger.heard[0] == ("frame_index", "total", 15)
    indices = [value for bar, attr, value in logger.heard[1:] if (bar, attr) == ("frame_index", "index")]
    assert len(indices) == len(logger.heard) - 1
    assert indices == sorted(set(indices))
    assert indices[-1] == 15
    assert logger.messages == ["Joining segments", "Finishing file", "Export complete"]
    assert seen[-1].overall == 1


def test_bar_stands_for_proglogs_own(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path, capsys):
    """As with MoviePy, "bar" draws one in the terminal."""
    render(make_film(0.4), tmp_path / "film.mp4", cache=cache, logger="bar")
    heard = capsys.readouterr()
    assert "frame_index" in heard.err
    assert "Export complete" in heard.out
