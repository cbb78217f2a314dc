"""What comes out: frames, sound and pictures of real films, decoded again."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from media.testing import beeps, flashes, make_picture, make_tone
from tests.acceptance.film import BT709, LIMITED, Film, Picture, boxes, cropped, psnr
from tests.acceptance.server import Server, add, completed, create, film_of, start

DARK, BRIGHT = (8, 8, 8), (240, 240, 240)


@dataclass(frozen=True)
class Cut:
    """A film of dark and bright segments that each begin with a beep."""

    path: Path
    film: Film
    framerate: int
    frames: tuple[int, ...]
    """Each segment's length by the contract: its seconds times the rate, rounded."""
    loud: tuple[bool, ...]


SOUNDS = (
    (".wav", 0.73, 48_000, 1),
    (".mp3", 1.03, 44_100, 2),
    (".m4a", 0.51, 22_050, 1),
    (".ogg", 0.97, 48_000, 2),
    (None, 0.66, 0, 0),
    (".flac", 0.89, 96_000, 2),
)


@pytest.fixture(scope="module")
def cut(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Cut:
    """Render six segments whose lengths fall between frames, with each sound format and one silence."""
    folder = tmp_path_factory.mktemp("cut")
    client, framerate = server.client, 25
    project_id = create(client, framerate=framerate)
    dark = make_picture(folder / "dark.png", width=160, height=90, colour=DARK)
    bright = make_picture(folder / "bright.png", width=160, height=90, colour=BRIGHT)
    lengths = []
    for index, (suffix, seconds, rate, channels) in enumerate(SOUNDS):
        image = bright if index % 2 else dark
        if suffix is None:
            segment = add(client, project_id, image=image, duration=seconds, motion="still")
        else:
            sound = make_tone(
                folder / f"beep{suffix}",
                seconds=seconds,
                hertz=1000,
                sounding=0.12,
                sample_rate=rate,
                channels=channels,
            )
            segment = add(client, project_id, image=image, audio=sound, motion="still")
        lengths.append(segment["seconds"])
    start(client, project_id)
    completed(client, project_id)
    path = film_of(server, project_id)
    frames = tuple(round(seconds * framerate) for seconds in lengths)
    return Cut(path, Film.at(path), framerate, frames, tuple(suffix is not None for suffix, *_ in SOUNDS))


class TestTheFile:
    """What any player is handed."""

    def test_the_frames_are_exactly_those_ordered(self, cut: Cut) -> None:
        """Each segment's seconds times the rate, rounded, added up."""
        assert len(cut.film.frames) == sum(cut.frames)

    def test_a_length_is_what_was_recorded(self, cut: Cut) -> None:
        """A segment with a sound lasts as long as the sound, whatever its codec put before and behind it."""
        for (_, seconds, *_), frames in zip(SOUNDS, cut.frames, strict=True):
            assert abs(frames - seconds * cut.framerate) <= 1.5

    def test_every_frame_is_shown_equally_long(self, cut: Cut) -> None:
        """Presentation times are the frame numbers over the rate, from zero."""
        expected = np.arange(len(cut.film.times)) / cut.framerate
        assert np.allclose(cut.film.times, expected, atol=1e-6)

    def test_it_is_what_every_browser_plays(self, cut: Cut) -> None:
        """H.264 High in 4:2:0 and AAC at 48 kHz in stereo."""
        assert (cut.film.codec, cut.film.profile) == ("h264", "High")
        assert cut.film.sound == ("aac", 48_000, 2)
        assert (cut.film.width, cut.film.height) == (160, 90)

    def test_its_colours_are_declared(self, cut: Cut) -> None:
        """BT.709 in limited range, so that no player guesses."""
        assert cut.film.colours == (LIMITED, BT709, BT709, BT709)

    def test_it_starts_to_play_before_it_is_loaded(self, cut: Cut) -> None:
        """The index stands before the media."""
        names = boxes(cut.path)
        assert names[0] == "ftyp"
        assert names.index("moov") < names.index("mdat")

    def test_picture_and_sound_last_equally_long(self, cut: Cut) -> None:
        """Within one frame of each other at the end."""
        seconds = sum(cut.frames) / cut.framerate
        assert cut.film.seconds == pytest.approx(seconds, abs=1 / cut.framerate)
        assert cut.film.sound_seconds == pytest.approx(seconds, abs=1 / cut.framerate)

    def test_each_cut_falls_on_its_frame(self, cut: Cut) -> None:
        """The picture turns exactly where the frames before it end."""
        starts = np.cumsum(cut.frames)[:-1] / cut.framerate
        assert flashes(cut.path) == pytest.approx(list(starts), abs=1e-6)

    def test_each_beep_comes_with_its_picture(self, cut: Cut) -> None:
        """Sound and picture are within one frame of each other at every boundary, whatever the format."""
        starts = [0.0, *(np.cumsum(cut.frames)[:-1] / cut.framerate)]
        expected = [start for start, loud in zip(starts, cut.loud, strict=True) if loud]
        assert beeps(cut.path) == pytest.approx(expected, abs=1 / cut.framerate)


@dataclass(frozen=True)
class Shown:
    """A film of still segments of ten frames each, and what each was made of."""

    film: Film
    folder: Path

    def frame(self, segment: int) -> Picture:
        """A frame from a segment's middle."""
        return self.film.frames[segment * 10 + 5]


SIZE = (320, 180)
PLAIN, TURNED, ALPHA, TALL, CAPTION, SILENT = range(6)


@pytest.fixture(scope="module")
def shown(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Render one picture as each kind of file that a person may bring."""
    folder = tmp_path_factory.mktemp("shown")
    client = server.client
    project_id = create(client, resolution_width=SIZE[0], resolution_height=SIZE[1])
    grey = make_picture(folder / "grey.png", width=320, height=180, colour=(60, 60, 60))
    for image, caption in (
        (make_picture(folder / "plain.png", width=640, height=360, seed=4), ""),
        (make_picture(folder / "turned.jpg", width=640, height=360, seed=4, orientation=6), ""),
        (make_picture(folder / "alpha.png", width=640, height=360, seed=4, mode="RGBA"), ""),
        (make_picture(folder / "tall.webp", width=400, height=700, seed=8), ""),
        (grey, "Grüße aus Kyjiw: Київ"),
        (grey, ""),
    ):
        add(client, project_id, image=image, duration=1, motion="still", text_content=caption)
    start(client, project_id)
    completed(client, project_id)
    return Shown(Film.at(film_of(server, project_id)), folder)


class TestThePicture:
    """What is seen."""

    def test_a_known_picture_is_shown_as_it_is(self, shown: Shown) -> None:
        """Colours and place are those of the file."""
        assert psnr(shown.frame(PLAIN), cropped(shown.folder / "plain.png", *SIZE)) > 35

    def test_a_turned_picture_stands_upright(self, shown: Shown) -> None:
        """A camera's orientation tag is honoured."""
        assert psnr(shown.frame(TURNED), cropped(shown.folder / "plain.png", *SIZE)) > 35

    def test_transparency_shows_black(self, shown: Shown) -> None:
        """The right half is transparent, the left one is as it was."""
        frame, expected = shown.frame(ALPHA), cropped(shown.folder / "plain.png", *SIZE)
        half = SIZE[0] // 2
        assert frame[:, half + 4 :].max() <= 6
        assert psnr(frame[:, : half - 4], expected[:, : half - 4]) > 33

    def test_another_shape_is_cropped_around_its_middle(self, shown: Shown) -> None:
        """A tall picture fills the wide film, nothing is stretched."""
        assert psnr(shown.frame(TALL), cropped(shown.folder / "tall.webp", *SIZE)) > 33

    def test_a_caption_stands_in_the_lower_third(self, shown: Shown) -> None:
        """White letters with a dark outline, centred, and nothing anywhere else."""
        change = shown.frame(CAPTION).astype(int) - shown.frame(SILENT).astype(int)
        rows, columns = np.nonzero(np.abs(change).max(axis=2) > 40)
        assert len(rows) > 100
        assert rows.min() > SIZE[1] * 0.6
        assert rows.max() < SIZE[1] * 0.98
        assert (columns.min() + columns.max()) / 2 == pytest.approx(SIZE[0] / 2, abs=4)
        assert change.max() > 120
        assert change.min() < -40

    def test_no_caption_changes_nothing(self, shown: Shown) -> None:
        """A segment without text is the bare picture."""
        assert np.ptp(shown.frame(SILENT).astype(int)) <= 4


@pytest.fixture(scope="module")
def moved(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Render one picture under a moving camera."""
    folder = tmp_path_factory.mktemp("moved")
    project_id = create(server.client)
    picture = make_picture(folder / "picture.png", width=640, height=360, seed=4)
    add(server.client, project_id, image=picture, duration=2, motion="zoom_in")
    start(server.client, project_id)
    completed(server.client, project_id)
    return Film.at(film_of(server, project_id))


def test_the_camera_moves(moved: Film) -> None:
    """Begin and end of a zoom differ, and neighbouring frames hardly do."""
    assert psnr(moved.frames[0], moved.frames[-1]) < 32
    assert all(psnr(one, other) > 34 for one, other in zip(moved.frames, moved.frames[1:], strict=False))
