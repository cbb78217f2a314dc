import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from media.exceptions import ImageUnreadable
from media.frames import Glide, Planes, Shot, decode, fitted, to_planes, to_rgb
from media.motion import CameraPath
from media.sample.brushes import develop
from media.sample.film import SCENES
from media.testing import make_picture
from media.timeline import Fit, Motion
from tests.similarity import ssim

COLOURS = {
    "white": ((255, 255, 255), (235, 128, 128)),
    "black": ((0, 0, 0), (16, 128, 128)),
    "red": ((255, 0, 0), (63, 102, 240)),
    "green": ((0, 255, 0), (173, 42, 26)),
    "blue": ((0, 0, 255), (32, 240, 118)),
}


def drawn(rgb: np.ndarray, motion: Motion, t: float, size: tuple[int, int] = (320, 180)) -> Planes:
    """One frame of a picture under a moving camera."""
    path = CameraPath.over(motion, (rgb.shape[1], rgb.shape[0]), size)
    planes = Planes.empty(*size)
    Shot(rgb, path, size[0]).draw(t, planes)
    return planes


@pytest.mark.parametrize(("rgb", "yuv"), COLOURS.values(), ids=COLOURS)
def test_colours_are_bt709_in_limited_range(rgb, yuv):
    """Primaries, black and white come out at the code values of ITU-R BT.709."""
    planes = drawn(np.full((200, 320, 3), rgb, np.uint8), Motion.ZOOM_IN, 0.3)
    assert tuple(int(plane[90, 80]) if plane.shape[0] == 180 else int(plane[45, 40]) for plane in planes) == yuv
    assert all((plane == plane[0, 0]).all() for plane in planes)


def test_planes_turn_back_into_the_colours_they_came_from():
    """Converting to YUV and back changes a colour by rounding alone."""
    for rgb, _ in COLOURS.values():
        back = to_rgb(drawn(np.full((200, 320, 3), rgb, np.uint8), Motion.STILL, 0))
        assert np.abs(back.astype(int) - rgb).max() <= 2


def wave(width: int, height: int, period: float, axis: int) -> np.ndarray:
    """A grey sine along an axis, drawn at twice the size and area-averaged."""
    at = np.arange((width, height)[axis] * 2) / 2 + 0.25
    line = 128 + 100 * np.sin(2 * np.pi * at / period)
    grey = line[None, :] if axis == 0 else line[:, None]
    grey = np.broadcast_to(grey, (height * 2, width * 2)).astype(np.float32)
    grey = cv2.resize(np.ascontiguousarray(grey), (width, height), interpolation=cv2.INTER_AREA)
    return np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2)


def test_chroma_lies_on_the_left_of_two_columns():
    """Where red begins right of an even column, that column has a quarter of its chroma, and the next one all."""
    rgb = np.zeros((90, 160, 3), np.uint8)
    rgb[:, 81:] = (255, 0, 0)
    planes = Planes.empty(160, 90)
    to_planes(rgb, planes)
    assert [int(value) for value in planes.v[20, 39:42]] == [128, 128 + 112 // 4, 240]


def test_converting_there_and_back_moves_no_edge():
    """Soft colours come back from planes within a few levels, as they do from those of a camera that stands still."""
    coarse = np.random.default_rng(3).uniform(20, 235, (4, 6, 3)).astype(np.float32)
    rgb = cv2.resize(coarse, (160, 90), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)
    planes = Planes.empty(160, 90)
    to_planes(rgb, planes)
    for made in (planes, drawn(rgb, Motion.STILL, 0, (160, 90))):
        assert np.abs(to_rgb(made).astype(int) - rgb).max() <= 6


@pytest.mark.parametrize(
    ("motion", "copied"),
    [
        (Motion.ZOOM_IN, False),
        (Motion.ZOOM_OUT, False),
        *((pan, copied) for pan in (Motion.PAN_LEFT, Motion.PAN_RIGHT, Motion.PAN_DOWN) for copied in (False, True)),
    ],
)
@pytest.mark.parametrize("axis", [0, 1])
def test_the_picture_lies_within_a_tenth_of_a_pixel_of_the_cameras_path(motion, copied, axis):
    """Measured by the phase of a sine on every frame, the picture is where the path says, without jitter."""
    size, picture, period = (640, 360), (960, 640), 48.0
    rgb = wave(*picture, period, axis)
    path = CameraPath.over(motion, picture, size)
    shot, planes = Shot(rgb, path, size[0]), Planes.empty(*size)
    drawn = Glide(shot, size) if copied else shot
    errors = []
    for t in np.linspace(0, 1, 61):
        view = path.at(t)
        drawn.draw(t, planes)
        line = planes.y[size[1] // 2] if axis == 0 else planes.y[:, size[0] // 2]
        scale = size[0] / view.width
        shown = period * scale
        length = int(int(len(line) / shown) * shown)
        at = np.arange(length) + 0.5
        window = np.hanning(length) * (line[:length].astype(float) - line.mean())
        phase = np.angle((window * np.exp(-2j * np.pi * at / shown)).sum()) + np.pi / 2
        begins = (view.x, view.y)[axis] * scale
        errors.append((phase / (2 * np.pi) * shown - begins + shown / 2) % shown - shown / 2)
    assert np.sqrt(np.mean(np.square(errors))) < 0.1


@pytest.mark.parametrize("picture", [(2000, 1500), (962, 1600), (3850, 2400), (1500, 743), (1600, 900)])
@pytest.mark.parametrize("motion", [Motion.STILL, Motion.ZOOM_OUT])
def test_a_picture_that_is_as_wide_or_as_high_as_its_crop_is_seen_whole(motion, picture):
    """Black on the left and white on the right come out so, whichever way its sides divide by the film's."""
    width, height = picture
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:, width // 2 :] = 255
    planes = Planes.empty(1920, 1080)
    Shot(rgb, CameraPath.over(motion, picture, (1920, 1080)), 1920).draw(1.0, planes)
    assert (planes.y[:, :900] == 16).all()
    assert (planes.y[:, 1020:] == 235).all()


@pytest.mark.parametrize("motion", [Motion.STILL, Motion.PAN_LEFT, Motion.PAN_RIGHT, Motion.PAN_UP, Motion.PAN_DOWN])
def test_a_glide_shows_what_its_shot_would(motion):
    """Frames that are cut out of a whole way differ from those drawn one by one by less than a pixel's tenth can do."""
    coarse = np.random.default_rng(5).uniform(20, 235, (10, 16, 3)).astype(np.float32)
    rgb = cv2.resize(coarse, (800, 500), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)
    shot = Shot(rgb, CameraPath.over(motion, (800, 500), (320, 180)), 320)
    glide, sampled, copied = Glide(shot, (320, 180)), Planes.empty(320, 180), Planes.empty(320, 180)
    for t in np.linspace(0, 1, 23):
        shot.draw(t, sampled)
        glide.draw(t, copied)
        assert max(np.abs(a.astype(int) - b).max() for a, b in zip(sampled, copied, strict=True)) <= 3


@pytest.mark.parametrize("scene", [SCENES[0], SCENES[3]], ids=lambda scene: scene.name)
def test_a_frame_is_as_sharp_as_a_lanczos_filter_would_make_it(scene):
    """A frame's structural similarity to one scaled by a precise Lanczos filter is at least 0.99."""
    size = (960, 540)
    random = np.random.default_rng(3)
    rgb = np.asarray(develop(scene.paint(1200, 800, random), random))
    path = CameraPath.over(Motion.ZOOM_IN, (1200, 800), size)
    shot, planes = Shot(rgb, path, size[0]), Planes.empty(*size)
    for t in (0.0, 0.4, 1.0):
        view = path.at(t)
        box = (view.x, view.y, view.x + view.width, view.y + view.height)
        red, green, blue = (
            np.asarray(Image.fromarray(rgb[..., c].astype(np.float32)).resize(size, Image.Resampling.LANCZOS, box))
            for c in range(3)
        )
        reference = 16 + 219 / 255 * (0.2126 * red + 0.7152 * green + 0.0722 * blue)
        shot.draw(t, planes)
        assert ssim(planes.y.astype(np.float64), reference.astype(np.float64)) >= 0.99


@pytest.mark.parametrize("fit", [Fit.CONTAIN, Fit.BLUR])
@pytest.mark.parametrize("film", [(320, 180), (134, 320)])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 30_000), (30_000, 1), (20, 4000), (3000, 100), (900, 300)])
def test_a_whole_picture_takes_no_more_room_than_the_film_can_show(fit, film, width, height):
    """Of whatever shape it is, its canvas is not much larger than the film, and the picture is on it."""
    canvas = fitted(np.full((height, width, 3), 200, np.uint8), fit, film)
    assert canvas.dtype == np.uint8
    assert abs(canvas.shape[1] - canvas.shape[0] * film[0] / film[1]) <= 2
    assert canvas.shape[1] <= film[0] * 4
    assert (canvas == 200).all(axis=2).any()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_as_its_exif_orientation_says(tmp_path: Path, orientation):
    """A picture stored turned or mirrored is read as it is meant to be seen."""
    upright = decode(make_picture(tmp_path / "a.png", width=60, height=40).read_bytes())
    turned = make_picture(tmp_path / "b.png", width=60, height=40, orientation=orientation)
    assert np.array_equal(decode(turned.read_bytes()), upright)


def test_transparent_parts_are_black(tmp_path: Path):
    """Where a picture is transparent, black is seen."""
    rgb = decode(make_picture(tmp_path / "a.webp", colour=(200, 100, 50), mode="RGBA").read_bytes())
    assert rgb[90, 10].tolist() != [0, 0, 0]
    assert np.abs(rgb[90, 310].astype(int)).max() <= 2


@pytest.mark.parametrize(
    ("suffix", "mode"), [("png", "L"), ("png", "P"), ("jpg", "CMYK"), ("png", "I;16"), ("jpg", "L")]
)
def test_every_kind_of_colour_is_read(tmp_path: Path, suffix, mode):
    """Grey, palette, CMYK and 16-bit pictures look like the same picture in RGB."""
    reference = decode(make_picture(tmp_path / "a.png", colour=(102, 102, 102)).read_bytes())
    rgb = decode(make_picture(tmp_path / f"b.{suffix}", colour=(102, 102, 102), mode=mode).read_bytes())
    assert np.abs(rgb.astype(int) - reference).max() <= 3


@pytest.mark.parametrize("other", [False, True], ids=["transparent", "another"])
@pytest.mark.parametrize(
    ("depth", "kind", "colour", "grey"),
    [
        (1, 0, (1,), 255),
        (2, 0, (2,), 170),
        (4, 0, (5,), 85),
        (8, 0, (77,), 77),
        (16, 0, (40_000,), 156),
        (8, 2, (77, 77, 77), 77),
        (16, 2, (40_000, 40_000, 40_000), 156),
    ],
)
def test_the_colour_that_a_png_says_is_transparent_is(depth, kind, colour, grey, other):
    """At whatever depth it is stored that colour is black, and another one as it is (PNG, 3rd edition, 11.3.1.1)."""
    says = [value ^ (other << depth - 1) for value in colour]
    bits = "".join(f"{value:0{depth}b}" for value in colour * 8)
    row = int(bits, 2).to_bytes(len(bits) // 8, "big")
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", 8, 2, depth, kind, 0, 0, 0),
        b"tRNS": struct.pack(f">{len(says)}H", *says),
        b"IDAT": zlib.compress(2 * (b"\0" + row)),
        b"IEND": b"",
    }
    chunks = (
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts.items()
    )
    rgb = decode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    assert (rgb == (grey if other else 0)).all()


def test_a_picture_over_the_limit_is_refused_before_it_is_decoded(tmp_path: Path):
    """A picture with too many pixels is refused with its size and the limit."""
    picture = make_picture(tmp_path / "a.png", width=100, height=100)
    with pytest.raises(ImageUnreadable, match="100 x 100 pixels"):
        decode(picture.read_bytes(), max_pixels=9_999)


def test_a_picture_cut_off_is_refused(tmp_path: Path):
    """A truncated picture is refused as damaged, and one of another kind by what it is not."""
    whole = make_picture(tmp_path / "a.jpg").read_bytes()
    with pytest.raises(ImageUnreadable, match="damaged"):
        decode(whole[: len(whole) // 2])
    other = io.BytesIO()
    Image.new("RGB", (9, 9)).save(other, "BMP")
    for data in (b"", b"hello", other.getvalue()):
        with pytest.raises(ImageUnreadable, match="no JPEG, PNG or WebP"):
            decode(data)
