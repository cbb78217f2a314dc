import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import captions
from media.frames import Planes, to_rgb
from media.timeline import Backdrop, CaptionStyle, Position

SIZE = (640, 360)
STYLE = CaptionStyle()


def lines_of(text: str, size: tuple[int, int] = SIZE) -> int:
    """How many lines of type are painted, counted by the gaps between them."""
    sprite = captions.paint(text, *size, STYLE)
    assert sprite is not None
    rows = (sprite.added.y > 200).any(axis=1)
    return int(np.count_nonzero(np.diff(rows.astype(int)) == 1)) + int(rows[0])


@pytest.mark.parametrize("grey", [16, 126, 235])
def test_a_caption_can_be_read_on_any_picture(grey):
    """White type stands inside a black outline, on black, grey and white alike."""
    planes = Planes.empty(*SIZE)
    for plane, value in zip(planes, (grey, 128, 128), strict=True):
        plane.fill(value)
    sprite = captions.paint("HHHHHHHH", *SIZE, STYLE)
    assert sprite is not None
    sprite.draw(planes)
    box = planes.y[sprite.y : sprite.y + sprite.through.y.shape[0], sprite.x : sprite.x + sprite.through.y.shape[1]]
    assert (box > 225).mean() > 0.05
    assert (box < 60).mean() > 0.05


def test_a_caption_touches_nothing_but_its_box():
    """Every pixel outside the caption's box stays as it was, and the box keeps clear of the film's edges."""
    planes = Planes.empty(*SIZE)
    for plane in planes:
        plane.fill(77)
    sprite = captions.paint("Some words\nand more", *SIZE, STYLE)
    assert sprite is not None
    sprite.draw(planes)
    height, width = sprite.through.y.shape
    planes.y[sprite.y : sprite.y + height, sprite.x : sprite.x + width] = 77
    assert (planes.y == 77).all()
    assert sprite.y > 360 * 0.55
    assert sprite.y + height <= 360
    assert 0 < sprite.x < sprite.x + width < 640


def test_long_text_takes_a_second_line_then_smaller_type_and_only_then_more_lines():
    """A text too long for a line goes on in the next one; a longer one shrinks before it takes a third."""
    assert lines_of("short") == 1
    assert lines_of("a sentence that has quite a few more words than fit in one line of type") == 2
    assert lines_of("word " * 24) == 2
    assert lines_of("word " * 60) > 2


def test_a_word_longer_than_a_line_is_broken():
    """A word that fills more than a line goes on in the next one instead of leaving the film."""
    assert lines_of("x" * 120) > 1
    sprite = captions.paint("x" * 120, *SIZE, STYLE)
    assert sprite is not None
    columns = np.flatnonzero((sprite.added.y > 200).any(axis=0)) + sprite.x
    assert 640 * 0.05 < columns[0] < columns[-1] < 640 * 0.95


@pytest.mark.parametrize(
    ("position", "middle"), [(Position.TOP, 0.12), (Position.MIDDLE, 0.5), (Position.BOTTOM, 0.88)]
)
@pytest.mark.parametrize("text", ["One line", "one line\nand another"])
def test_a_caption_stands_where_its_style_says(position, middle, text):
    """At the top, in the middle or at the bottom, whole and clear of the edges."""
    sprite = captions.paint(text, *SIZE, CaptionStyle(position=position))
    assert sprite is not None
    rows = np.flatnonzero((sprite.added.y > 200).any(axis=1)) + sprite.y
    assert abs((rows[0] + rows[-1]) / 2 / 360 - middle) < 0.09
    assert rows[0] > 360 * 0.03
    assert rows[-1] < 360 * 0.97


def test_a_caption_has_its_colour_and_size():
    """Type has the style's colour, and grows with its size."""
    planes = Planes.black(*SIZE)
    sprite = captions.paint("IIII", *SIZE, CaptionStyle(colour="#ff0000", size=0.2))
    assert sprite is not None
    sprite.draw(planes)
    red = np.abs(to_rgb(planes).astype(int) - (255, 0, 0)).max(axis=2) <= 6
    assert red.sum() > 500
    small = captions.paint("IIII", *SIZE, CaptionStyle(size=0.05))
    assert small is not None
    assert sprite.through.y.shape[0] > 2 * small.through.y.shape[0]


def test_a_faded_caption_lets_more_of_the_picture_through():
    """Half faded, each pixel lies midway between the picture and the picture with its caption."""
    sprite = captions.paint("Words", *SIZE, STYLE)
    assert sprite is not None
    shown = []
    for opacity in (0.0, 0.5, 1.0):
        planes = Planes.black(*SIZE)
        planes.y.fill(120)
        sprite.faded(opacity).draw(planes)
        shown.append(planes.y.astype(int))
    assert (shown[0] == 120).all()
    assert np.abs(shown[1] - (shown[0] + shown[2]) / 2).max() <= 2


def test_a_box_darkens_all_that_is_behind_the_type():
    """With a box, the picture between and around the letters is darkened evenly."""
    planes = Planes.black(*SIZE)
    planes.y.fill(235)
    sprite = captions.paint("I I", *SIZE, CaptionStyle(backdrop=Backdrop.BOX))
    assert sprite is not None
    sprite.draw(planes)
    height, width = sprite.through.y.shape
    between = planes.y[sprite.y + height // 2, sprite.x + width // 2]
    assert 90 < between < 130


def test_line_breaks_in_the_text_are_kept():
    """Each line of the text begins a new line."""
    assert lines_of("one\ntwo\nxxx") == 3


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b"])
def test_nothing_to_show_is_no_caption(text):
    """Text without anything visible paints nothing."""
    assert captions.paint(text, *SIZE, STYLE) is None


@given(st.text(max_size=40) | st.text("aאع \u2066\u2067\u2068\u2069\u202a\u202c\u200d\u0378\U0001fae8", max_size=40))
def test_whatever_is_written_can_be_painted(text):
    """No text is an error: isolates, what is younger than Python, half a surrogate pair, control characters."""
    captions.paint(text, *SIZE, STYLE)


def test_colours_of_the_picture_stay_beside_the_type():
    """The box's own pixels far from any glyph keep their colour."""
    planes = Planes.empty(*SIZE)
    for plane, value in zip(planes, (81, 90, 240), strict=True):
        plane.fill(value)
    sprite = captions.paint("I", *SIZE, STYLE)
    assert sprite is not None
    before = to_rgb(planes)[sprite.y, sprite.x].astype(int)
    sprite.draw(planes)
    assert np.abs(to_rgb(planes)[sprite.y, sprite.x].astype(int) - before).max() <= 4
