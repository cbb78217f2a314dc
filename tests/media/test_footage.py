import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module, invalidate_caches
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
from moviepy.audio.AudioClip import AudioArrayClip, AudioClip
from moviepy.audio.io.AudioFileClip import AudioFileClip
from moviepy.video.compositing.CompositeVideoClip import CompositeVideoClip
from moviepy.video.fx.MirrorX import MirrorX
from moviepy.video.fx.Resize import Resize
from moviepy.video.io.ImageSequenceClip import ImageSequenceClip
from moviepy.video.io.VideoFileClip import VideoFileClip
from moviepy.video.VideoClip import ColorClip, ImageClip, VideoClip

from media import chunks, footage
from media.cache import ChunkCache
from media.encoder import Content
from media.exceptions import AudioUnreadable, ImageUnreadable, RenderCancelled, TimelineInvalid
from media.footage import Footage, Soundtrack
from media.frames import Planes, to_rgb
from media.progress import Progress
from media.render import Film, render
from media.testing import beeps, make_picture, make_tone, make_video
from media.timeline import SAMPLE_RATE, Fit, Motion, Segment, Timeline, Transition, TransitionKind

ROOT = Path(__file__).resolve().parents[2]
RATE = 15

# MoviePy leaves the pipes of processes that ended to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    """No clip that one test opened is found open by the next."""
    yield
    while footage._open:
        footage._open.popitem()[1].close()


def film(*segments: Segment, size: tuple[int, int] = (160, 90)) -> Timeline:
    """A film of these segments at 15 frames a second."""
    return Timeline(*size, RATE, segments)


def drawn(timeline: Timeline) -> list[Planes]:
    """The frames that would be encoded."""
    frames = []
    for chunk in Film(timeline).chunks:
        planes = Planes.empty(timeline.width, timeline.height)
        frames += [Planes(*map(np.copy, planes)) for _ in chunks.draw(chunk, planes)]
    return frames


def lumas(timeline: Timeline) -> list[float]:
    """Each frame's mean luma, before it is encoded."""
    return [float(frame.y.mean()) for frame in drawn(timeline)]


def brightening(seconds: float = 1.0, size: tuple[int, int] = (160, 90)) -> VideoClip:
    """A clip whose luma is 16 at first and rises by 2 with each frame."""
    width, height = size

    def frame(t: float) -> np.ndarray:
        return np.full((height, width, 3), round(t * RATE) * 2 * 255 / 219, np.uint8)

    return VideoClip(frame, duration=seconds).with_fps(RATE)


def test_a_clip_of_a_picture_is_the_picture(tmp_path: Path):
    """An `ImageClip` comes out as the same file does where it is the segment's picture."""
    picture = make_picture(tmp_path / "a.png", width=160, height=90)
    (still,) = drawn(film(Segment("1", picture, 1 / RATE, caption="Hi", motion=Motion.STILL)))
    (clip,) = drawn(film(Segment("1", ImageClip(str(picture), duration=1), 1 / RATE, caption="Hi")))
    for ours, theirs in zip(still, clip, strict=True):
        assert np.abs(ours.astype(int) - theirs).max() <= 3


def test_an_encoder_is_told_what_moves_in_its_frames(tmp_path: Path):
    """Pictures move as a whole, in a crossfade one through the other; in footage, and in a seam with it, all may."""
    fade = Transition(TransitionKind.CROSSFADE, 0.2)
    picture = make_picture(tmp_path / "a.png")
    filmed = brightening()
    parts = Film(film(*(Segment("1", image, 1.0, transition=fade) for image in (picture, picture, filmed)))).chunks
    assert [part.content for part in parts] == [
        Content.PICTURE,
        Content.BLEND,
        Content.PICTURE,
        Content.FOOTAGE,
        Content.FOOTAGE,
    ]
    assert parts[3].effort_of_frame == parts[4].effort_of_frame > parts[1].effort_of_frame


def test_a_composition_is_rendered_frame_by_frame(cache: ChunkCache, tmp_path: Path):
    """A person's own composition goes through chunks, workers and transitions, each frame at its time."""
    picture = make_picture(tmp_path / "a.png", colour=(0, 0, 0))
    own = CompositeVideoClip([brightening(6.0)])
    timeline = film(
        Segment("1", picture, 1.0, transition=Transition(TransitionKind.CROSSFADE, 0.4)), Segment("2", own, 6.0)
    )
    render(timeline, tmp_path / "film.mp4", cache=cache)
    with av.open(tmp_path / "film.mp4") as container:
        seen = [frame.to_ndarray()[:90].mean() for frame in container.decode(video=0)]
    assert len(seen) == timeline.total_frames == 99
    expected = [16.0] * 9 + [16 + 2 * n * min(1, (n + 1) / 7) for n in range(90)]
    assert seen == pytest.approx(expected, abs=1.5)


def test_a_video_file_is_shown_frame_by_frame(cache: ChunkCache, tmp_path: Path):
    """Every frame of a video file stands at its place, across the seams of chunks and cut out of its middle."""
    with VideoFileClip(str(make_video(tmp_path / "a.mp4", 150))) as video:
        timeline = film(Segment("1", video.subclipped(1, 9), 8.0, motion=Motion.STILL), Segment("2", video, 1.0))
        render(timeline, tmp_path / "film.mp4", cache=cache)
    with av.open(tmp_path / "film.mp4") as container:
        seen = [frame.to_ndarray()[:90].mean() for frame in container.decode(video=0)]
    assert seen == pytest.approx([*range(35, 155), *range(20, 35)], abs=1.2)


def test_a_videos_sound_is_heard_where_there_is_no_narration(cache: ChunkCache, tmp_path: Path):
    """The sound of a clip joins the mix at its place; a segment's own narration comes before it."""
    picture, voice = make_picture(tmp_path / "a.png"), make_tone(tmp_path / "a.wav", seconds=2, sounding=0.2)
    with VideoFileClip(str(make_video(tmp_path / "a.mp4", 30))) as video:
        segments = [Segment("1", picture, 1.6), Segment("2", video, 2.0), Segment("3", video, 2.0, audio=voice)]
        render(film(*segments), tmp_path / "film.mp4", cache=cache)
        mix = np.concatenate(list(Film(film(*segments)).sound.voices()), axis=1)
    assert beeps(tmp_path / "film.mp4") == pytest.approx([1.6, 3.6], abs=0.01)
    loud = [np.abs(mix[:, round(t * SAMPLE_RATE) :][:, :4800]).max() > 0.1 for t in (1.0, 1.7, 2.4, 2.7, 3.65, 3.9)]
    assert loud == [False, True, True, False, True, False]


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_audio_clip_keeps_its_pitch(rate, channels):
    """A clip of any rate, mono or stereo, is heard at 48 kHz on both sides as high and as long as it was."""
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    clip = AudioArrayClip(np.tile(wave[:, None], (1, channels)), fps=rate)
    samples = np.concatenate(list(Soundtrack.of(clip).play(10 * SAMPLE_RATE)), axis=1)
    assert samples.shape == (2, pytest.approx(SAMPLE_RATE, abs=64))
    spectrum = np.abs(np.fft.rfft(samples[0] * np.hanning(samples.shape[1])))
    assert np.argmax(spectrum) * SAMPLE_RATE / samples.shape[1] == pytest.approx(440, abs=1.5)
    assert np.array_equal(samples[0], samples[1])


def test_an_audio_clip_may_be_a_narration(tmp_path: Path):
    """What MoviePy makes of sounds is heard like a file, for as long as its segment lasts, even if it has no end."""
    tone = make_tone(tmp_path / "a.wav", seconds=1)
    endless = AudioClip(lambda t: np.sin(2 * np.pi * 300 * t), fps=SAMPLE_RATE)
    picture = make_picture(tmp_path / "a.png")
    with AudioFileClip(str(tone)) as file:
        segments = (Segment("1", picture, 1.0, audio=file.subclipped(0, 0.5)), Segment("2", picture, 1.0, endless))
        mix = np.concatenate(list(Film(film(*segments)).sound.voices()), axis=1)
    loud = [np.abs(mix[:, round(t * SAMPLE_RATE) :][:, :4800]).max() > 0.1 for t in (0.1, 0.4, 0.6, 1.1, 1.9)]
    assert loud == [True, True, False, True, True]


@pytest.mark.parametrize(("fit", "edge"), [(Fit.COVER, 200), (Fit.CONTAIN, 0), (Fit.BLUR, 140)])
@pytest.mark.parametrize("size", [(40, 80), (320, 640)])
def test_a_clip_of_another_shape_fills_the_film_as_its_fit_says(fit, edge, size):
    """A tall clip, smaller or larger than the film, covers it, or stands whole on black, or on a blur of itself."""
    clip = ColorClip(size, (200, 200, 200), duration=1)
    (frame,) = drawn(film(Segment("1", clip, 1 / RATE, fit=fit)))
    rgb = to_rgb(frame)
    assert abs(int(rgb[45, 80, 0]) - 200) < 3
    assert abs(int(rgb[45, 2, 0]) - edge) < 8


def test_the_camera_moves_over_a_clip_where_it_is_asked_to(tmp_path: Path):
    """A clip stands still by itself; with a motion the camera goes the same way over it as over a picture."""
    picture = make_picture(tmp_path / "a.png", width=320, height=180)
    clip = ImageClip(str(picture), duration=1)
    still = drawn(film(Segment("1", clip, 0.4)))
    assert all(np.array_equal(still[0].y, frame.y) for frame in still)
    for ours, theirs in zip(
        drawn(film(Segment("1", picture, 0.4, motion=Motion.ZOOM_IN))),
        drawn(film(Segment("1", clip, 0.4, motion=Motion.ZOOM_IN))),
        strict=True,
    ):
        assert np.abs(ours.y.astype(int) - theirs.y).max() <= 1


def test_what_shines_through_a_clip_is_black():
    """A mask darkens a clip as it would on a black film; a mask itself is grey, and floats are taken too."""
    white = ColorClip((160, 90), (255, 255, 255), duration=1)
    half = ColorClip((160, 90), 0.5, is_mask=True, duration=1)
    floats = VideoClip(lambda _: np.full((90, 160, 3), 128.7), duration=1)
    levels = lumas(film(*(Segment("1", clip, 1 / RATE) for clip in (white, white.with_mask(half), half, floats))))
    assert levels == pytest.approx([235, 126, 125, 126], abs=1.1)


def test_a_clip_that_is_over_stays_at_its_last_frame(tmp_path: Path):
    """Where the segment is longer than its clip, the clip's last frame is shown to the end."""
    clip = brightening(0.4)
    levels = lumas(film(Segment("1", clip, 0.8)))
    assert levels == pytest.approx([16, 18, 20, 22, 24, 26] + [26] * 6, abs=1)


def test_the_same_clip_has_the_same_name(tmp_path: Path):
    """Neither looking at a clip, nor its sound, nor where its files lie changes the name of its pictures."""
    tone = make_tone(tmp_path / "a.wav")
    make_video(tmp_path / "a.mp4", 20)
    with VideoFileClip(str(tmp_path / "a.mp4")) as video, AudioFileClip(str(tone)) as sound:
        clip = video.with_effects([MirrorX()])
        digest = Footage.of(clip).digest
        clip.get_frame(0.7)
        assert Footage.of(clip).digest == digest
        assert Footage.of(clip.with_audio(sound)).digest == digest
        assert Footage.of(clip.with_audio(sound)).sound != Footage.of(clip).sound
    (tmp_path / "a.mp4").rename(tmp_path / "b.mp4")
    with VideoFileClip(str(tmp_path / "b.mp4")) as moved:
        assert Footage.of(moved.with_effects([MirrorX()])).digest == digest
        assert Footage.of(moved).digest != digest
    make_video(tmp_path / "b.mp4", 21)
    with VideoFileClip(str(tmp_path / "b.mp4")) as other:
        assert Footage.of(other.with_effects([MirrorX()])).digest != digest


def test_a_sequence_of_pictures_is_named_by_what_is_in_them(tmp_path: Path):
    """A clip that reads its pictures as they are shown has another name when one of them is another picture."""
    names = [str(make_picture(tmp_path / f"{grey}.png", colour=(grey, grey, grey))) for grey in (40, 80, 120)]
    clip = ImageSequenceClip(names, fps=RATE)
    digest = Footage.of(clip).digest
    assert lumas(film(Segment("1", clip, 3 / RATE))) == pytest.approx([50, 85, 119], abs=1)
    assert Footage.of(clip).digest == digest
    make_picture(tmp_path / "80.png", colour=(81, 81, 81))
    assert Footage.of(clip).digest != digest


NAMED = """
from moviepy import ColorClip, CompositeVideoClip, TextClip, vfx
from media.footage import Footage
from media.captions import FONT

text = TextClip(text="Hi", font=str(FONT), font_size=20, duration=1).with_position(lambda t: (9 * t, 5))
clip = CompositeVideoClip([ColorClip((64, 64), (9, 9, 9), duration=1), text.with_effects([vfx.FadeIn(0.3)])])
print(Footage.of(clip.with_effects([vfx.Resize(lambda t: 1 + t)])).digest)
"""


def test_another_process_gives_a_clip_the_same_name():
    """A composition with functions of its own is found in the cache by the next run of the program that made it."""
    names = {
        subprocess.run(
            [sys.executable, "-c", NAMED],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(names) == 1
    assert len(names.pop().strip()) == 32


def test_a_name_can_be_given_by_hand():
    """A key takes the place of what a clip's digest can't see; picture and sound still have names of their own."""
    tone = AudioClip(lambda t: np.sin(2000 * t), duration=1, fps=SAMPLE_RATE)
    a, b = (ColorClip((64, 64), (grey, 0, 0), duration=1).with_audio(tone) for grey in (10, 20))
    assert Footage.of(a, "intro").digest == Footage.of(b, "intro").digest != Footage.of(b, "intro 2").digest
    assert Footage.of(a, "intro").sound.digest != Footage.of(a, "intro").digest
    assert film(Segment("1", Footage.of(a, "intro"), 1.0)).packed().segments[0].audio == Footage.of(a, "intro").sound


def test_what_a_person_wrote_goes_with_the_clip(cache: ChunkCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A function from a module that no worker can import is rendered, and its name changes with what it does."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    digests = []
    for grey in (60, 180):
        (folder / "my_effects.py").write_text(
            f"import numpy as np\nGREY = {grey}\ndef paint(t):\n    return np.full((90, 160, 3), GREY, np.uint8)\n"
        )
        sys.modules.pop("my_effects", None)
        invalidate_caches()
        clip = VideoClip(import_module("my_effects").paint, duration=1)
        digests.append(Footage.of(clip).digest)
    render(film(Segment("1", clip, 0.2)), tmp_path / "film.mp4", cache=cache)
    with av.open(tmp_path / "film.mp4") as container:
        assert next(container.decode(video=0)).to_ndarray()[:90].mean() == pytest.approx(16 + 180 * 219 / 255, abs=2)
    assert digests[0] != digests[1]


def test_what_was_rendered_is_not_rendered_again(cache: ChunkCache, tmp_path: Path):
    """The next render of the same clip takes every chunk from the cache; another caption renders its segment alone."""
    with VideoFileClip(str(make_video(tmp_path / "a.mp4", 30))) as video:
        timeline = film(Segment("1", video, 1.0), Segment("2", brightening(), 1.0))
        others = set(psutil.Process().children(recursive=True))
        render(timeline, tmp_path / "a.film.mp4", cache=cache)
        assert set(psutil.Process().children(recursive=True)) <= others
        seen: list[Progress] = []
        first, second = timeline.segments
        changed = replace(timeline, segments=(replace(first, caption="New"), second))
        for again, cached in ((timeline, 2), (changed, 1)):
            render(again, tmp_path / "b.film.mp4", cache=cache, on_progress=seen.append)
            assert seen[0].cached_segments == cached
            seen.clear()


def reading(path: Path) -> list[psutil.Process]:
    """The processes, of whatever parent, that were started to read a file."""
    return [process for process in psutil.process_iter(["cmdline"]) if str(path) in (process.info["cmdline"] or ())]


def test_no_reader_outlives_its_worker(cache: ChunkCache, tmp_path: Path):
    """When a render is cancelled in the middle of a video file, the processes that read it for the workers end too."""
    path, cancelled = make_video(tmp_path / "a.mp4", 200, width=640, height=360), threading.Event()
    with VideoFileClip(str(path)) as video:
        timeline = film(Segment("1", Footage.of(video), 12.0))
    readers: list[psutil.Process] = []

    def cancel(progress: Progress) -> None:
        if progress.rendered_frames:
            readers.extend(reading(path))
            cancelled.set()

    with pytest.raises(RenderCancelled):
        render(timeline, tmp_path / "film.mp4", cache=cache, on_progress=cancel, cancelled=cancelled)
    assert readers
    _, alive = psutil.wait_procs(readers, timeout=10)
    assert alive == []


def test_a_clip_that_cannot_be_sent_is_refused_with_advice():
    """What can't be pickled stops the film before anything is rendered, with its segment and what to do."""
    lock = threading.Lock()

    def frame(t: float) -> np.ndarray:
        with lock:
            return np.zeros((64, 64, 3), np.uint8)

    timeline = film(Segment("1", brightening(), 1.0), Segment("2", VideoClip(frame, duration=1), 1.0))
    with pytest.raises(TimelineInvalid, match=r"cannot pickle.*write it to a file with MoviePy") as refused:
        timeline.to_clip()
    assert (refused.value.segment_id, refused.value.segment_index) == ("2", 1)


@pytest.mark.parametrize("fields", [{"image": "a.jpg"}, {"audio": "a.wav"}])
def test_what_is_neither_file_nor_clip_is_refused(tmp_path: Path, fields):
    """A name that is no `Path` is refused before anything is rendered."""
    segment = replace(Segment("1", tmp_path / "a.png", 1.0), **fields)
    with pytest.raises(TimelineInvalid, match=r"is a pathlib\.Path or a MoviePy"):
        film(segment).packed()


def test_a_clip_that_fails_names_its_segment_and_moment(cache: ChunkCache, tmp_path: Path):
    """When a function of a clip fails in a worker, the render says in which segment, when and how."""

    def frame(t: float) -> np.ndarray:
        return np.full((90, 160, 3), 1 / (0.4 - t) if t > 0.3 else 0, np.uint8)

    picture = make_picture(tmp_path / "a.png")
    failing = VideoClip(frame, duration=1).with_fps(10)
    timeline = Timeline(
        160,
        90,
        10,
        (Segment("1", picture, 2.0, transition=Transition(TransitionKind.CROSSFADE, 0.5)), Segment("2", failing, 1.0)),
    )
    with pytest.raises(ImageUnreadable, match=r"failed at 0\.40 seconds: ZeroDivisionError") as failed:
        render(timeline, tmp_path / "film.mp4", cache=cache, workers=1)
    assert (failed.value.segment_id, failed.value.segment_index) == ("2", 1)


def test_a_video_file_that_changes_meanwhile_is_found_out(tmp_path: Path):
    """A file that is another one when a worker opens it stops the render, its picture as well as its sound."""
    with VideoFileClip(str(make_video(tmp_path / "a.mp4", 30))) as video:
        planned = Film(film(Segment("1", video, 1.0)))
    make_video(tmp_path / "a.mp4", 31)
    with pytest.raises(ImageUnreadable, match="changed during the render"):
        next(chunks.draw(planned.chunks[0], Planes.empty(160, 90)))
    with pytest.raises(AudioUnreadable, match="changed during the render") as changed:
        list(planned.sound.voices())
    assert changed.value.segment_index == 0


def test_a_video_file_that_is_gone_is_named(tmp_path: Path):
    """A file that vanished before the render began is named."""
    with VideoFileClip(str(make_video(tmp_path / "a.mp4", 5))) as video:
        (tmp_path / "a.mp4").unlink()
        with pytest.raises(TimelineInvalid, match="No such file"):
            Footage.of(video)


def test_a_worker_keeps_two_clips_open_at_the_most(tmp_path: Path):
    """However many video files a film has, no more of their readers run at a time than a seam needs."""
    make_video(tmp_path / "a.mp4", 5)
    with VideoFileClip(str(tmp_path / "a.mp4"), audio=False) as video:
        clips = [video.with_effects([Resize(share)]) for share in (1.0, 0.9, 0.8, 0.7)]
        others = set(psutil.Process().children())
        drawn(film(*(Segment(str(number), clip, 0.3) for number, clip in enumerate(clips))))
        alive = [process for process in psutil.Process().children() if process not in others]
        assert len([process for process in alive if process.status() != psutil.STATUS_ZOMBIE]) <= 2
