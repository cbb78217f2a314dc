from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.motion import TRAVEL, CameraPath, ease, resolve
from media.timeline import Motion

moving = st.sampled_from([motion for motion in Motion if motion is not Motion.AUTO])
sizes = st.tuples(st.integers(1, 9000), st.integers(1, 9000))
films = st.tuples(st.integers(32, 2048), st.integers(32, 2048)).map(lambda size: (size[0] * 2, size[1] * 2))
moments = st.floats(0, 1)


@given(moving, sizes, films, moments)
def test_a_view_has_the_films_shape_and_stays_in_the_picture(motion, picture, film, t):
    """Whatever the picture's shape, the camera never looks beyond its edges nor distorts it."""
    path = CameraPath.over(motion, picture, film)
    view = path.at(t)
    assert path.crop.x >= 0
    assert path.crop.y >= 0
    assert path.crop.x + path.crop.width <= picture[0]
    assert path.crop.y + path.crop.height <= picture[1]
    assert view.x >= -1e-6
    assert view.y >= -1e-6
    assert view.x + view.width <= picture[0] + 1e-6
    assert view.y + view.height <= picture[1] + 1e-6
    assert view.width / view.height == pytest.approx(film[0] / film[1])


@given(moving, sizes, films, moments)
def test_no_motion_hides_more_than_its_travel(motion, picture, film, t):
    """At every moment the view is at least the crop's size over the travel."""
    path = CameraPath.over(motion, picture, film)
    view = path.at(t)
    assert view.width >= path.crop.width / TRAVEL - 1e-6
    assert view.width >= path.tightest - 1e-6


@pytest.mark.parametrize("motion", [motion for motion in Motion if motion not in (Motion.AUTO, Motion.STILL)])
def test_the_camera_starts_and_stops_gently_and_never_turns_back(motion):
    """The view moves in one direction all the way, slowest at both ends and fastest in the middle."""
    path = CameraPath.over(motion, (3000, 2000), (1920, 1080))
    views = [path.at(n / 100) for n in range(101)]
    steps = [abs(b.x - a.x) + abs(b.y - a.y) for a, b in pairwise(views)]
    assert min(steps) > 0
    assert steps[0] < steps[25] < steps[50] > steps[75] > steps[99]


@pytest.mark.parametrize(
    ("motion", "moved"),
    [
        (Motion.PAN_LEFT, lambda a, b: b.x < a.x and b.y == a.y),
        (Motion.PAN_RIGHT, lambda a, b: b.x > a.x and b.y == a.y),
        (Motion.PAN_UP, lambda a, b: b.y < a.y and b.x == a.x),
        (Motion.PAN_DOWN, lambda a, b: b.y > a.y and b.x == a.x),
        (Motion.ZOOM_IN, lambda a, b: b.width < a.width),
        (Motion.ZOOM_OUT, lambda a, b: b.width > a.width),
        (Motion.STILL, lambda a, b: a == b),
    ],
)
def test_each_motion_goes_where_its_name_says(motion, moved):
    """A pan moves the view towards its side, a zoom narrows or widens it, still keeps it."""
    path = CameraPath.over(motion, (3000, 2000), (1920, 1080))
    assert moved(path.at(0), path.at(1))


def test_auto_depends_on_the_picture_alone():
    """The same picture always gets the same path, and different pictures get different ones."""
    digests = [f"{n:08x}" for n in range(20)]
    paths = [resolve(Motion.AUTO, digest) for digest in digests]
    assert paths == [resolve(Motion.AUTO, digest) for digest in digests]
    assert len(set(paths)) > 2
    assert Motion.AUTO not in paths
    assert resolve(Motion.STILL, digests[0]) is Motion.STILL


@given(moments)
def test_easing_runs_from_zero_to_one(t):
    """Easing keeps its ends and never leaves the range between them."""
    assert ease(0) == 0
    assert ease(1) == pytest.approx(1)
    assert 0 <= ease(t) <= 1
