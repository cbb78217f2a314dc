"""How text becomes lines of glyphs, in scripts of all kinds."""

from media import typesetting
from media.captions import FONT
from media.typesetting import Line, Paragraph, sized

TYPE = sized(FONT, 40)


def glyphs(text: str) -> list[int]:
    """A line's glyphs from left to right."""
    return [glyph.index for glyph in line(text).glyphs]


def line(text: str) -> Line:
    """A text on one line."""
    return Paragraph.of(text).shaped(TYPE)


def test_arabic_is_joined_and_reads_from_the_right():
    """Letters take their joined forms, and the first letter stands rightmost."""
    word, letters = "سلام", [glyphs(letter)[0] for letter in "سلام"]
    assert not set(glyphs(word)) & set(letters[:2])
    assert glyphs("אב") == [glyphs("ב")[0], glyphs("א")[0]]


def test_numbers_inside_text_from_the_right_read_from_the_left():
    """A number keeps its digits' order between right-to-left words, as Unicode Annex 9 has it."""
    one, two = glyphs("1")[0], glyphs("2")[0]
    shaped = glyphs("אב 12 גד")
    assert shaped.index(one) + 1 == shaped.index(two)
    assert shaped[-1] == glyphs("א")[0]


def test_each_line_reads_the_way_its_paragraph_does():
    """A line that begins with a Latin word in a text from the right has that word at its right end."""
    text = "שלום עולם זהו משפט ארוך מאוד שנמשך כאן Rushes הוא שם של תוכנה"
    _, second = Paragraph.of(text).wrapped(TYPE, 840)
    [place] = [glyph.x for glyph in second.glyphs if glyph.index == glyphs("R")[0]]
    assert place > second.width * 0.6


def test_a_name_from_the_right_leaves_its_sentence_as_it_is():
    """A Hebrew name in an isolate, as phones send it, does not turn the English sentence that it begins."""
    words = "\u2068שלום\u2069 wrote this"  # noqa: RUF001 - letters, not look-alikes
    [name] = [glyph.x for glyph in line(words).glyphs if glyph.index == glyphs("ש")[0]]
    assert name < line(words).width / 2
    assert Paragraph.of("אב \u2068ab\u2069").levels[0] == 1


def test_scripts_of_one_direction_are_shaped_each_in_its_way():
    """Arabic behind Hebrew is joined as it is by itself."""
    assert glyphs("שלום سلام")[: len(glyphs("سلام"))] == glyphs("سلام")


def test_joiners_decide_how_letters_join():
    """A zero-width non-joiner, as Persian has it in a word, keeps two letters apart, and takes no room."""
    apart, joined = "می\u200cخواهم", "میخواهم"  # noqa: RUF001 - letters, not look-alikes
    assert {*glyphs("می"), *glyphs("خواهم")} <= {*glyphs(apart)}
    assert {*glyphs(apart)} - {*glyphs(joined)}
    assert line("a\u200cb").width == line("ab").width


def test_combining_marks_stand_on_their_letters():
    """A letter with a combining accent is shaped as wide as the letter alone."""
    assert line("e\u0301").width == line("e").width


def test_ideographs_wrap_without_spaces():
    """A line of ideographs may break between any two of them, but not before a full stop."""
    assert list(typesetting._words("日本語 text 「字」。")) == ["日", "本", "語 ", "text ", "「字」。"]
