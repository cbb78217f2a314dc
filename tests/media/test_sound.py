import io
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.exceptions import AudioUnreadable
from media.files import digest_of
from media.sound import MixSound, SoundReport
from media.testing import make_picture, make_tone, write_sound
from media.timeline import SAMPLE_RATE, Segment, Timeline, Transition, TransitionKind
from tests.media.hearing import drums, heard, joined, judged, song, speech

CROSSFADE, FADE_BLACK, CUT = TransitionKind.CROSSFADE, TransitionKind.FADE_BLACK, TransitionKind.CUT


def mix_of(*segments: Segment, framerate: int = 30, music: Path | None = None) -> MixSound:
    """The task of mixing the sound of a film with these segments."""
    timeline = Timeline(64, 64, framerate, segments, music=music)
    digests = [segment.audio and digest_of(segment.audio) for segment in segments]
    return MixSound.of(timeline, digests, music and digest_of(music))


def voices(*segments: Segment, framerate: int = 30) -> np.ndarray:
    """The narrations of a film with these segments, in their places, as loud as they were recorded."""
    return joined(mix_of(*segments, framerate=framerate).voices())


def loud(samples: np.ndarray, start: float, end: float) -> float:
    """Root mean square of a stretch, in seconds."""
    return float(np.sqrt(np.mean(samples[:, round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] ** 2)))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Any picture."""
    return make_picture(tmp_path / "a.png")


@pytest.fixture
def edge(tmp_path: Path) -> Path:
    """A constant, as high as it gets: any hard edge in it is a jump."""
    return write_sound(tmp_path / "edge.wav", np.full((1, 2 * SAMPLE_RATE), 0.9, np.float32))


def test_each_narration_is_heard_in_its_segment_alone(tmp_path: Path, picture):
    """A long narration is cut at its segment's end, after a short one and without one there is silence."""
    long = make_tone(tmp_path / "long.wav", seconds=3)
    short = make_tone(tmp_path / "short.wav", seconds=0.5)
    samples = voices(Segment("1", picture, 1.0, long), Segment("2", picture, 1.0), Segment("3", picture, 1.0, short))
    assert samples.shape == (2, 3 * SAMPLE_RATE)
    assert loud(samples, 0.01, 0.99) > 0.3
    assert loud(samples, 1.0, 2.0) == 0
    assert loud(samples, 2.01, 2.49) > 0.3
    assert loud(samples, 2.5, 3.0) < 1e-3


def test_a_narration_begins_at_its_segments_sample(tmp_path: Path, picture):
    """A single impulse in each narration is found at the very sample where it belongs, crossfades taken out."""
    impulse = np.zeros((1, SAMPLE_RATE), np.float32)
    impulse[0, 20_000] = 1.0
    narration = write_sound(tmp_path / "n.wav", impulse)
    fade = Transition(CROSSFADE, 0.25)
    segments = [Segment(str(n), picture, 1.0, narration, transition=fade) for n in range(5)]
    timeline = Timeline(64, 64, 24, tuple(segments))
    samples = voices(*segments, framerate=24)[0]
    assert list(np.flatnonzero(samples > 0.9)) == [timeline.sample_at(start) + 20_000 for start in timeline.starts]


def test_in_a_crossfade_one_sound_goes_while_the_other_comes(tmp_path: Path, picture):
    """Both are heard over the overlap, their powers adding up to one; around it only one of them is."""
    low, high = (make_tone(tmp_path / f"{hertz}.wav", seconds=2, hertz=hertz) for hertz in (300, 3000))
    fade = Transition(CROSSFADE, 1.0)
    samples = voices(Segment("1", picture, 2, low, transition=fade), Segment("2", picture, 2, high))
    assert samples.shape == (2, 3 * SAMPLE_RATE)
    time = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    going, coming = np.cos(np.clip(time - 1, 0, 1) * np.pi / 2), np.sin(np.clip(time - 1, 0, 1) * np.pi / 2)
    expected = 0.5 * (going * np.sin(2 * np.pi * 300 * time) + coming * np.sin(2 * np.pi * 3000 * (time - 1)))
    middle = slice(480, -480)
    assert np.abs(samples[:, middle] - expected[middle]).max() < 0.01


@pytest.mark.parametrize("kind", [CUT, FADE_BLACK])
def test_without_an_overlap_nothing_is_heard_twice(tmp_path: Path, picture, kind):
    """A cut and a fade through black leave each narration its whole segment."""
    tone = make_tone(tmp_path / "a.wav", seconds=1)
    samples = voices(*(Segment(str(n), picture, 1, tone, transition=Transition(kind, 0.4)) for n in range(2)))
    assert samples.shape == (2, 2 * SAMPLE_RATE)
    assert loud(samples, 0.7, 0.99) == pytest.approx(loud(samples, 0.3, 0.59), rel=0.01)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(
        st.tuples(st.floats(0.05, 2.5), st.booleans(), st.sampled_from([CUT, CROSSFADE, FADE_BLACK]), st.floats(0, 2)),
        min_size=1,
        max_size=6,
    ),
    framerate=st.sampled_from([1, 7, 24, 30, 60]),
)
def test_no_film_clicks(picture, edge, parts, framerate):
    """However segments follow each other, no sample jumps further than a soft edge does, and the length is exact."""
    segments = [
        Segment(str(n), picture, seconds, edge if speaks else None, transition=Transition(kind, length))
        for n, (seconds, speaks, kind, length) in enumerate(parts)
    ]
    mix = mix_of(*segments, framerate=framerate)
    timeline = Timeline(64, 64, framerate, tuple(segments))
    for samples in (joined(mix.voices()), joined(mix.blocks())):
        assert samples.shape == (2, timeline.sample_at(timeline.total_frames))
        assert np.abs(np.diff(samples, prepend=0, append=0)).max() < 0.01


def test_sound_of_any_number_of_segments_keeps_with_the_frames(picture):
    """At a rate that does not divide 48 kHz, the film's sound still ends with its last frame, to the sample."""
    samples = voices(*(Segment(str(n), picture, 0.37) for n in range(20)), framerate=7)
    assert samples.shape[1] == round(20 * 3 * SAMPLE_RATE / 7)


def test_a_film_with_speech_and_music_is_as_loud_as_any(tmp_path: Path, picture):
    """Soft narrations over loud music, crossfaded: the file is AAC in stereo at 48 kHz, at -16 LUFS, under -1 dBTP."""
    music = write_sound(tmp_path / "music.m4a", song(4))
    spoken = [write_sound(tmp_path / f"{n}.mp3", speech(2, n) * 0.1, sample_rate=SAMPLE_RATE) for n in range(3)]
    fade = Transition(CROSSFADE, 0.5)
    mix = mix_of(*(Segment(str(n), picture, 2.5, path, transition=fade) for n, path in enumerate(spoken)), music=music)
    file = mix.run(lambda _: None)
    with av.open(io.BytesIO(file)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.codec_context.layout.name) == ("aac", 48_000, "stereo")
        assert float(stream.duration * stream.time_base) == pytest.approx(6.5, abs=1024 / SAMPLE_RATE)
    integrated, peak = judged(heard(file))
    assert integrated == pytest.approx(-16, abs=0.5)
    assert peak <= -1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_not_even_a_drum_comes_out_of_the_coder_too_loud(tmp_path: Path, picture, seed):
    """What AAC adds to the hardest peaks is looked at, and where it is too much, the film is encoded again."""
    music = write_sound(tmp_path / "music.wav", drums(4, seed))
    integrated, peak = judged(heard(mix_of(Segment("1", picture, 8), music=music).run(lambda _: None)))
    assert integrated == pytest.approx(-16, abs=0.5)
    assert peak <= -1


@pytest.mark.parametrize("sound", [speech, song])
def test_the_coder_is_near_to_what_it_is_given(tmp_path: Path, picture, sound):
    """What AAC loses is 25 dB below what it keeps, of speech as of music on two sides."""
    mix = mix_of(Segment("1", picture, 3.0, write_sound(tmp_path / "a.wav", sound(3))))
    given = joined(mix.blocks())
    lost = heard(mix.run(lambda _: None))[:, : given.shape[1]] - given
    assert 10 * np.log10((given**2).sum() / (lost**2).sum()) > 25


@pytest.mark.parametrize("bed", [None, song])
def test_what_is_kept_of_a_short_film_sounds_like_what_is_played_anew(tmp_path: Path, picture, monkeypatch, bed):
    """A short film's sound is mixed once and a long one's at each hearing; both are the same to the sample."""
    music = bed and write_sound(tmp_path / "music.wav", bed(2))
    spoken = write_sound(tmp_path / "a.wav", speech(3))
    mix = mix_of(Segment("1", picture, 2.5, spoken), Segment("2", picture, 1.0), music=music)
    kept = joined(mix.blocks())
    monkeypatch.setattr("media.sound._KEPT", 0)
    assert np.array_equal(kept, joined(mix.blocks()))


def test_music_is_heard_where_nobody_speaks(tmp_path: Path, picture):
    """A film without narration has music as loud as a narration; one without either is silent."""
    music = write_sound(tmp_path / "music.wav", song(2))
    alone = joined(mix_of(Segment("1", picture, 6), music=music).blocks())
    assert judged(alone)[0] == pytest.approx(-16, abs=0.5)
    assert not joined(mix_of(Segment("1", picture, 6)).blocks()).any()


def test_the_sounds_name_depends_on_what_is_heard_alone(tmp_path: Path, picture):
    """Another recording, place, fade or music is another sound; captions, paths and silent segments are not heard."""
    tone, other = make_tone(tmp_path / "a.wav"), make_tone(tmp_path / "b.wav", hertz=700)
    copy = tmp_path / "copy.wav"
    copy.write_bytes(tone.read_bytes())

    def key(first: float = 1, audio: Path | None = tone, caption: str = "", fade: float = 0, music=None, *more) -> str:
        return mix_of(
            Segment("1", picture, first, audio, caption, transition=Transition(CROSSFADE, fade)),
            Segment("2", picture, 2, tone),
            *more,
            music=music,
        ).key

    assert key() == key(caption="a caption is not heard") == key(audio=copy)
    silent = (Segment("a", picture, 0.5), Segment("b", picture, 0.5))
    assert key(audio=None) == mix_of(*silent, Segment("c", picture, 2, tone)).key
    others = [key(), key(1.1), key(audio=other), key(audio=None), key(fade=0.2), key(music=tone), key(music=other)]
    assert len({*others, key(1, tone, "", 0, None, Segment("3", picture, 1))}) == 8


def test_a_sound_that_is_gone_or_changed_is_named_with_its_segment(tmp_path: Path, picture):
    """A sound file that vanishes or changes under the render stops it with the segment that it belongs to."""
    tone = make_tone(tmp_path / "a.wav")
    mix = mix_of(Segment("first", picture, 1.0), Segment("second", picture, 1.0, tone))
    make_tone(tone, hertz=999)
    with pytest.raises(AudioUnreadable, match="The sound was changed") as changed:
        mix.run(lambda _: None)
    assert (changed.value.segment_id, changed.value.segment_index) == ("second", 1)
    assert changed.value.retryable
    tone.unlink()
    with pytest.raises(AudioUnreadable, match="The sound's file is gone"):
        mix.run(lambda _: None)


def test_music_that_is_gone_or_changed_or_none_is_named_as_such(tmp_path: Path, picture):
    """The music belongs to no segment, and the message says that it is the music."""
    music = make_tone(tmp_path / "music.wav")
    segment = Segment("1", picture, 1.0, make_tone(tmp_path / "a.wav"))
    mix = mix_of(segment, music=music)
    music.write_bytes(b"no music")
    with pytest.raises(AudioUnreadable, match="The music can't be decoded") as unreadable:
        mix_of(segment, music=music).run(lambda _: None)
    assert (unreadable.value.segment_id, unreadable.value.segment_index) == (None, None)
    with pytest.raises(AudioUnreadable, match="The music was changed"):
        mix.run(lambda _: None)
    music.unlink()
    with pytest.raises(AudioUnreadable, match="The music's file is gone"):
        mix.run(lambda _: None)


def test_who_waits_for_the_sound_hears_how_much_of_it_is_made(picture):
    """However long it takes to mix an hour: a fifth of it is made when all was read once, the rest as it is encoded."""
    said: list[SoundReport] = []
    mix_of(Segment("1", picture, 150)).run(said.append)
    shares = [report.share for report in said]
    assert shares[:4] == pytest.approx([0, 0.2 * 60 / 150, 0.2 * 120 / 150, 0.2])
    assert shares == sorted(shares)
    assert len(set(shares)) > 150
    assert shares[-1] == 1
