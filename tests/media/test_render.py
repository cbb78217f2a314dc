import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
from PIL import Image

from media import chunks, encoder
from media.cache import ChunkCache
from media.exceptions import (
    AudioUnreadable,
    EncoderFailed,
    ImageUnreadable,
    MediaError,
    RenderCancelled,
    RenderTimeout,
    TimelineInvalid,
)
from media.files import digest_of
from media.frames import Planes
from media.progress import Progress
from media.render import Rendered, render
from media.testing import beeps, flashes, make_picture, make_tone
from media.timeline import CaptionStyle, Fit, Motion, Segment, Timeline, Transition, TransitionKind
from media.workers import Worker
from tests.disks import temporary

from .conftest import FilmMaker
from .processes import workers


def pictures(path: Path) -> list[np.ndarray]:
    """Every frame of a file, decoded."""
    with av.open(path) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def test_a_film_has_every_frame_at_its_time(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """The file holds exactly the timeline's frames at strictly regular times, and its sound lasts as long."""
    timeline = make_film(1.0, 0.37, 9.0)  # the last one makes three chunks
    rendered = render(timeline, tmp_path / "film.mp4", cache=cache)
    frames = 15 + 6 + 135
    assert rendered == Rendered(frames, frames / 15, (tmp_path / "film.mp4").stat().st_size)
    with av.open(tmp_path / "film.mp4") as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        decoded = list(container.decode(video))
        assert [frame.pts * frame.time_base for frame in decoded] == [
            number * (1 / video.average_rate) for number in range(frames)
        ]
        starts = [0, 15, 21, 21 + 45, 21 + 90]
        assert all(decoded[start].key_frame for start in starts)
        assert float(audio.duration * audio.time_base) == pytest.approx(frames / 15, abs=1024 / 48_000)


def test_the_file_is_what_players_expect(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """H.264 High in 4:2:0, tagged as limited BT.709, AAC in stereo at 48 kHz, and the index before the data."""
    film = tmp_path / "film.mp4"
    render(make_film(0.5), film, cache=cache)
    with av.open(film) as container:
        video, audio = container.streams.video[0].codec_context, container.streams.audio[0].codec_context
        assert (video.name, video.profile, video.pix_fmt, video.width, video.height) == (
            "h264",
            "High",
            "yuv420p",
            160,
            90,
        )
        assert (video.color_primaries, video.color_trc, video.colorspace, video.color_range) == (1, 1, 1, 1)
        assert (audio.name, audio.sample_rate, audio.layout.name) == ("aac", 48_000, "stereo")
    data = film.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_joining_changes_no_bit_of_any_picture(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """The film decodes to exactly the pictures of its chunks, one after another."""
    timeline = make_film(1.0, 9.0, 0.5)
    render(timeline, tmp_path / "film.mp4", cache=cache)
    parts = chunks.plan(timeline, [digest_of(segment.image) for segment in timeline.segments])
    alone = []
    for number, part in enumerate(parts):
        (tmp_path / f"{number}.mp4").write_bytes(cache.get(part.key) or b"")
        alone += pictures(tmp_path / f"{number}.mp4")
    together = pictures(tmp_path / "film.mp4")
    assert len(together) == len(alone) == timeline.total_frames
    assert all(np.array_equal(a, b) for a, b in zip(together, alone, strict=True))


def test_picture_and_sound_change_together_at_every_segment(cache: ChunkCache, tmp_path: Path):
    """Where a bright picture follows a dark one its beep is heard, within one frame, to the film's end."""
    segments = []
    for number, seconds in enumerate((0.9, 1.13, 0.71, 1.37, 1.0, 0.83)):
        grey = 250 if number % 2 else 5
        picture = make_picture(tmp_path / f"{number}.png", colour=(grey, grey, grey))
        tone = make_tone(tmp_path / f"{number}.wav", seconds=seconds, sounding=0.3) if number else None
        segments.append(Segment(str(number), picture, seconds, tone))
    render(Timeline(160, 90, 25, tuple(segments)), tmp_path / "film.mp4", cache=cache)
    seen, heard = flashes(tmp_path / "film.mp4"), beeps(tmp_path / "film.mp4")
    assert len(seen) == len(heard) == 5
    assert all(abs(a - b) <= 1 / 25 for a, b in zip(seen, heard, strict=True))


def test_progress_tells_the_whole_story(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """Progress starts at nothing, never goes back, names each phase in turn, and ends with everything done."""
    seen: list[Progress] = []
    timeline = make_film(1.0, 1.0, 1.0)
    render(timeline, tmp_path / "film.mp4", cache=cache, on_progress=seen.append, preview=tmp_path / "preview.jpg")
    assert (seen[0].overall, seen[0].rendered_frames, seen[0].phase) == (0, 0, "Rendering segment 1 of 3")
    assert all(a.overall <= b.overall and a.rendered_frames <= b.rendered_frames for a, b in pairwise(seen))
    assert [p.phase for p in seen[-3:]] == ["Joining segments", "Finishing file", "Export complete"]
    assert (seen[-1].overall, seen[-1].segments, seen[-1].rendered_frames) == (1, (100, 100, 100), 45)
    assert seen[-1].previews >= 1
    assert any(moment.overall > 0 == moment.rendered_frames for moment in seen)  # it moves as soon as frames are drawn
    with Image.open(tmp_path / "preview.jpg") as preview:
        assert preview.size == (160, 90)


def test_what_did_not_change_is_not_rendered_again(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """After one caption changed, one segment is rendered and the others come from the cache, pictures unchanged."""
    timeline = make_film(1.0, 1.0, 1.0)
    render(timeline, tmp_path / "a.mp4", cache=cache)
    changed = list(timeline.segments)
    changed[1] = Segment("id-1", changed[1].image, 1.0, changed[1].audio, "Another caption", changed[1].motion)
    seen: list[Progress] = []
    render(Timeline(160, 90, 15, tuple(changed)), tmp_path / "b.mp4", cache=cache, on_progress=seen.append)
    assert (seen[0].cached_segments, seen[0].rendered_frames, seen[0].segments) == (2, 30, (100, 0, 100))
    before, after = pictures(tmp_path / "a.mp4"), pictures(tmp_path / "b.mp4")
    same = [np.array_equal(a, b) for a, b in zip(before, after, strict=True)]
    assert same == [True] * 15 + [False] * 15 + [True] * 15


def with_transition(timeline: Timeline, kind: TransitionKind, seconds: float) -> Timeline:
    """The same film with one transition between all segments."""
    return replace(
        timeline,
        segments=tuple(replace(segment, transition=Transition(kind, seconds)) for segment in timeline.segments),
    )


def flat(tmp_path: Path, *greys: int, seconds: float = 2.0) -> Timeline:
    """A film of grey pictures without captions."""
    segments = []
    for number, grey in enumerate(greys):
        picture = make_picture(tmp_path / f"grey-{number}.png", colour=(grey, grey, grey))
        segments.append(Segment(str(number), picture, seconds))
    return Timeline(160, 90, 20, tuple(segments))


def luma(path: Path) -> list[float]:
    """Each frame's mean luma."""
    return [float(picture[:90].mean()) for picture in pictures(path)]


def test_a_crossfade_goes_evenly_from_one_picture_to_the_next(cache: ChunkCache, tmp_path: Path):
    """Over the overlap brightness rises by equal steps, and nowhere else; the film is shorter by the overlap."""
    timeline = with_transition(flat(tmp_path, 30, 220), TransitionKind.CROSSFADE, 0.5)
    assert render(timeline, tmp_path / "film.mp4", cache=cache).frames == 70
    levels = luma(tmp_path / "film.mp4")
    low, high = levels[0], levels[-1]
    steps = [(level - low) / (high - low) * 11 for level in levels[29:41]]
    assert steps == pytest.approx(list(range(12)), abs=0.2)
    assert levels[:30] == pytest.approx([low] * 30, abs=1)
    assert levels[40:] == pytest.approx([high] * 30, abs=1)


def test_captions_follow_each_other_in_a_crossfade(cache: ChunkCache, tmp_path: Path):
    """In the middle of a crossfade neither caption is seen, and before and after it only its own."""
    grey = make_picture(tmp_path / "grey.png", colour=(60, 60, 60))
    segments = tuple(Segment(text, grey, 2.0, caption=text) for text in ("IIIIIIII", "WWWWWWWW"))
    timeline = with_transition(Timeline(320, 180, 11, segments), TransitionKind.CROSSFADE, 1.0)
    render(timeline, tmp_path / "film.mp4", cache=cache)
    bright = [int((picture[:180] > 120).sum()) for picture in pictures(tmp_path / "film.mp4")]
    assert bright[16] == 0
    assert bright[5] > 20
    assert bright[-5] > 2 * bright[5]


def test_a_fade_through_black_goes_down_and_up_again(cache: ChunkCache, tmp_path: Path):
    """The one picture darkens, the other brightens, black lies between them, and the film keeps its length."""
    timeline = with_transition(flat(tmp_path, 200, 200), TransitionKind.FADE_BLACK, 1.0)
    assert render(timeline, tmp_path / "film.mp4", cache=cache).frames == 80
    levels = luma(tmp_path / "film.mp4")
    assert all(a > b for a, b in pairwise(levels[29:40]))
    assert all(a < b for a, b in pairwise(levels[40:51]))
    assert min(levels) == pytest.approx(16 + (levels[0] - 16) / 11, abs=2)
    assert levels[:30] == pytest.approx(levels[50:], abs=1)


@pytest.mark.parametrize("kind", TransitionKind)
def test_every_frame_of_a_film_with_transitions_is_there_once(
    make_film: FilmMaker, cache: ChunkCache, tmp_path: Path, kind: TransitionKind
):
    """With any transition the film has its frames at regular times, and each seam begins with a keyframe."""
    timeline = with_transition(make_film(1.0, 5.3, 0.2, 1.0), kind, 0.4)
    rendered = render(timeline, tmp_path / "film.mp4", cache=cache)
    assert rendered.frames == timeline.total_frames
    parts = chunks.plan(timeline, [digest_of(segment.image) for segment in timeline.segments])
    assert sum(part.look.frames for part in parts) == timeline.total_frames
    with av.open(tmp_path / "film.mp4") as container:
        decoded = list(container.decode(video=0))
        assert [frame.pts * frame.time_base * 15 for frame in decoded] == list(range(rendered.frames))
        for start in accumulate((part.look.frames for part in parts[:-1]), initial=0):
            assert decoded[start].key_frame


@pytest.mark.parametrize(("frames", "parts"), [(60, [60]), (61, [30, 31]), (165, [55, 55, 55])])
def test_a_long_segment_is_cut_into_even_parts(make_film: FilmMaker, frames: int, parts: list[int]):
    """A segment makes as few chunks as need be, of about the same length and one after the other."""
    timeline = make_film(frames / 15)
    looks = [chunk.look for chunk in chunks.plan(timeline, [digest_of(timeline.segments[0].image)])]
    assert [look.frames for look in looks] == parts
    assert [look.start for look in looks] == list(accumulate(parts[:-1], initial=0))


def test_segments_with_a_seam_between_them_are_neighbours(make_film: FilmMaker):
    """A seam counts as part of the segment before it; a cut leaves a number out."""
    timeline = make_film(*[1.0] * 4)
    seams = (TransitionKind.CUT, TransitionKind.CROSSFADE, TransitionKind.FADE_BLACK, TransitionKind.CUT)
    changed = tuple(
        replace(segment, transition=Transition(kind, 0.2))
        for segment, kind in zip(timeline.segments, seams, strict=True)
    )
    parts = chunks.plan(replace(timeline, segments=changed), [digest_of(segment.image) for segment in changed])
    assert [(part.group, part.look.seam is not None) for part in parts] == [
        (0, False),
        (2, False),
        (2, True),
        (3, False),
        (3, True),
        (4, False),
    ]


def test_a_changed_caption_touches_its_segment_and_the_seams_beside_it(make_film: FilmMaker):
    """Of twelve segments with crossfades, one changed caption changes one body and two seams."""
    timeline = with_transition(make_film(*[1.0] * 12), TransitionKind.CROSSFADE, 0.2)
    changed = list(timeline.segments)
    changed[5] = replace(changed[5], caption="Another caption")
    pictures = [digest_of(segment.image) for segment in timeline.segments]
    before = chunks.plan(timeline, pictures)
    after = chunks.plan(replace(timeline, segments=tuple(changed)), pictures)
    different = [a.look for a, b in zip(before, after, strict=True) if a.key != b.key]
    assert [(look.seam is not None, look.frames) for look in different] == [(True, 3), (False, 9), (True, 3)]


@pytest.mark.parametrize(("fit", "edge"), [(Fit.COVER, 200), (Fit.CONTAIN, 0), (Fit.BLUR, 140)])
def test_a_tall_picture_fills_the_film_as_its_fit_says(cache: ChunkCache, tmp_path: Path, fit, edge):
    """A tall picture is cut to cover the film, or stands whole on black, or on a darkened blur of itself."""
    picture = make_picture(tmp_path / "tall.png", width=100, height=400, colour=(200, 200, 200))
    segment = Segment("1", picture, 0.5, motion=Motion.STILL, fit=fit)
    render(Timeline(160, 90, 10, (segment,)), tmp_path / "film.mp4", cache=cache)
    with av.open(tmp_path / "film.mp4") as container:
        rgb = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert abs(int(rgb[45, 80, 0]) - 200) < 8
    assert abs(int(rgb[45, 2, 0]) - edge) < 12


def test_a_draft_is_half_the_size(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """A draft is rendered at half the size and with other chunks; the better qualities keep the film's own size."""
    sizes = {}
    for name, quality in encoder.QUALITIES.items():
        render(make_film(0.4), tmp_path / f"{name}.mp4", cache=cache, quality=quality)
        with av.open(tmp_path / f"{name}.mp4") as container:
            context = container.streams.video[0].codec_context
            sizes[name] = (context.width, context.height)
    assert sizes == {"draft": (80, 64), "standard": (160, 90), "high": (160, 90)}


def test_a_segment_that_moves_is_not_rendered_again(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """Another order of the same segments needs no new picture."""
    timeline = make_film(1.0, 0.5)
    render(timeline, tmp_path / "a.mp4", cache=cache)
    seen: list[Progress] = []
    turned = Timeline(160, 90, 15, timeline.segments[::-1])
    render(turned, tmp_path / "b.mp4", cache=cache, on_progress=seen.append)
    assert seen[0].cached_segments == 2


def test_a_damaged_part_is_made_again(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """A bit that flipped in the cache is found by its checksum, and the part rendered once more."""
    timeline = make_film(0.5, 0.5, size=(640, 360))  # smaller ones x264 does not encode twice to the same byte
    render(timeline, tmp_path / "a.mp4", cache=cache)
    for part in (tmp_path / "cache").rglob("??/*"):
        data = bytearray(part.read_bytes())
        data[len(data) // 2] ^= 1
        part.write_bytes(data)
    render(timeline, tmp_path / "b.mp4", cache=cache)
    assert (tmp_path / "b.mp4").read_bytes() == (tmp_path / "a.mp4").read_bytes()


@pytest.mark.parametrize("attempt", range(8))
def test_cancelling_at_any_moment_leaves_nothing_behind(
    make_film: FilmMaker, cache: ChunkCache, tmp_path: Path, attempt
):
    """A render cancelled at any moment leaves no process, thread or temporary file, and the earlier film untouched."""
    Worker().kill()  # what forks them is there from now on
    (tmp_path / "film.mp4").write_bytes(b"the earlier film")
    threads, cancelled, calls = threading.active_count(), threading.Event(), Counter[str]()
    handles = psutil.Process().num_fds()

    def cancel(progress: Progress) -> None:
        calls["all"] += 1
        if calls["all"] > attempt or progress.finishing:
            cancelled.set()

    def last_chance() -> None:
        if cancelled.is_set():
            raise RenderCancelled

    with pytest.raises(RenderCancelled):
        render(
            make_film(0.4, 0.4),
            tmp_path / "film.mp4",
            cache=cache,
            on_progress=cancel,
            cancelled=cancelled,
            before_replace=last_chance,
        )
    assert (tmp_path / "film.mp4").read_bytes() == b"the earlier film"
    assert temporary(tmp_path) == []
    assert threading.active_count() == threads
    assert psutil.Process().num_fds() == handles


@pytest.mark.parametrize("workers", [0, -1])
def test_less_than_one_worker_is_refused(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path, workers: int):
    """The engine says so instead of waiting for nobody."""
    with pytest.raises(ValueError, match=f"at least 1, not {workers}"):
        render(make_film(0.4), tmp_path / "film.mp4", cache=cache, workers=workers)


def test_a_font_that_is_gone_is_named(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """Without its captions' font a film is not begun."""
    timeline = replace(make_film(0.2), captions=CaptionStyle(font=tmp_path / "gone.ttf"))
    with pytest.raises(TimelineInvalid, match="captions' font"):
        render(timeline, tmp_path / "film.mp4", cache=cache)


def test_a_picture_that_is_gone_is_named(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """A picture or a sound that vanished stops the render before it starts, with its segment and what to do."""
    timeline = make_film(0.5, 0.5)
    timeline.segments[1].audio.unlink()
    with pytest.raises(AudioUnreadable, match="segment 2 can't be read") as gone:
        render(timeline, tmp_path / "film.mp4", cache=cache)
    assert (gone.value.segment_id, gone.value.segment_index) == ("id-1", 1)
    timeline.segments[0].image.unlink()
    with pytest.raises(ImageUnreadable, match="segment 1 can't be read") as gone:
        render(timeline, tmp_path / "film.mp4", cache=cache)
    assert (gone.value.segment_id, gone.value.segment_index) == ("id-0", 0)
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize(
    ("change", "says", "retryable"),
    [
        (lambda path: make_picture(path, seed=77), "changed during the render", True),
        (lambda path: path.unlink(missing_ok=True), "file is gone", False),
    ],
    ids=["replaced", "removed"],
)
def test_a_picture_that_changes_during_the_render_is_found_out(
    make_film: FilmMaker,
    cache: ChunkCache,
    tmp_path: Path,
    change: Callable[[Path], object],
    says: str,
    retryable: bool,
):
    """A picture that is another one or gone when its turn comes stops the render, and is kept under no wrong name.

    Another one can be rendered; to try again with one that is gone helps nobody.
    """
    timeline = make_film(9.0, 0.5)

    def strike(progress: Progress) -> None:
        if progress.rendered_frames:
            change(tmp_path / "1.png")

    with pytest.raises(ImageUnreadable, match=says) as changed:
        render(timeline, tmp_path / "film.mp4", cache=cache, workers=1, on_progress=strike)
    assert (changed.value.segment_id, changed.value.segment_index) == ("id-1", 1)
    assert changed.value.retryable is retryable


def test_a_killed_worker_fails_the_render_and_keeps_what_was_finished(
    make_film: FilmMaker, cache: ChunkCache, tmp_path: Path
):
    """When an encoding process is killed the render fails, and the next one starts from the finished parts."""
    timeline = make_film(0.5, 20.0)

    def kill(progress: Progress) -> None:
        if progress.rendered_frames > 8:
            for worker in workers()[:1]:
                worker.kill()

    with pytest.raises(EncoderFailed, match="SIGKILL") as killed:
        render(timeline, tmp_path / "film.mp4", cache=cache, on_progress=kill, workers=1)
    assert killed.value.segment_index == 1
    seen: list[Progress] = []
    render(timeline, tmp_path / "film.mp4", cache=cache, on_progress=seen.append)
    assert seen[0].rendered_frames >= 8


def test_a_stopped_worker_is_given_up(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """A worker that shows no sign of life ends the render with a time-out instead of for ever."""

    def stop(_: Progress) -> None:
        for worker in workers():
            worker.suspend()

    with pytest.raises(RenderTimeout):
        render(make_film(5.0), tmp_path / "film.mp4", cache=cache, on_progress=stop, stall_timeout=0.5)


def test_parts_that_do_not_fit_are_not_joined(tmp_path: Path):
    """Chunks of another size than the first are refused instead of joined to a film that no player shows."""

    def chunk(width: int) -> bytes:
        def draw(planes: Planes) -> Iterator[None]:
            for plane in planes:
                plane.fill(99)
            yield from (None, None, None)

        return encoder.encode_chunk(draw, width=width, height=64, framerate=30)

    sound = encoder.encode_sound([np.zeros((2, 9600), np.float32)])
    with pytest.raises(EncoderFailed, match="Part 2"):
        encoder.join([lambda: chunk(64), lambda: chunk(128)], [3, 3], sound, tmp_path / "a.mp4")
    with pytest.raises(EncoderFailed, match="Part 1"):
        encoder.join([lambda: chunk(64)], [4], sound, tmp_path / "a.mp4")


def test_every_error_has_a_code_and_advice():
    """Each class of the engine's errors has a stable code of its own and a message that a person can act upon."""
    kinds = MediaError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(kind().message.endswith(".") and len(kind().message) > 20 for kind in kinds)


def test_a_preview_that_cannot_be_written_harms_nobody(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """When the preview has no place to go the film is rendered without one."""
    (tmp_path / "file").touch()
    seen: list[Progress] = []
    preview = tmp_path / "file" / "preview.jpg"
    assert (
        render(make_film(1.0), tmp_path / "film.mp4", cache=cache, preview=preview, on_progress=seen.append).frames
        == 15
    )
    assert seen[-1].previews == 0


@pytest.mark.parametrize("size", [(160, 90), (1280, 720)])
def test_the_preview_looks_as_the_film(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path, size: tuple[int, int]):
    """Small or not, the preview of a picture that stands still has the film's colours in the film's places."""
    timeline = make_film(0.4, size=size, motion=Motion.STILL)
    render(timeline, tmp_path / "film.mp4", cache=cache, preview=tmp_path / "preview.jpg")
    with av.open(tmp_path / "film.mp4") as container:
        film = next(container.decode(video=0)).to_image()
    with Image.open(tmp_path / "preview.jpg") as preview:
        assert preview.width == min(960, size[0])
        difference = np.abs(np.asarray(preview, float) - np.asarray(film.resize(preview.size, Image.Resampling.BOX)))
    assert difference.mean() < 3


def test_the_preview_is_at_most_one_a_second(make_film: FilmMaker, cache: ChunkCache, tmp_path: Path):
    """However fast frames come, and from however many workers, a new preview appears once a second at the most."""
    seen: list[tuple[int, float]] = []

    def look(progress: Progress) -> None:
        if progress.previews:
            seen.append((progress.previews, (tmp_path / "preview.jpg").stat().st_mtime))

    timeline = make_film(*[2.0] * 4, size=(640, 360), framerate=30, motion=Motion.ZOOM_IN)
    render(timeline, tmp_path / "film.mp4", cache=cache, on_progress=look, preview=tmp_path / "preview.jpg", workers=2)
    times = sorted({time for _, time in seen})
    assert times
    assert all(b - a >= 0.99 for a, b in pairwise(times))
