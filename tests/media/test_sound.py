import io
from pathlib import Path

import av
import numpy as np
import pytest

from media import sound
from media.exceptions import AudioUnreadable
from media.files import digest_of
from media.sound import MixSound
from media.testing import CODECS, make_picture, make_tone, write_sound
from media.timeline import SAMPLE_RATE, Segment, Timeline


def samples_of(data: bytes) -> np.ndarray:
    """All of a file's samples."""
    return np.concatenate(list(sound.decode(data)), axis=1)


def mixed(*segments: Segment, framerate: int = 30) -> np.ndarray:
    """The samples of a film with these segments, before they are encoded."""
    timeline = Timeline(64, 64, framerate, segments)
    mix = MixSound.of(timeline, [segment.audio and digest_of(segment.audio) for segment in segments])
    return np.concatenate(list(mix._blocks()), axis=1)


def loud(samples: np.ndarray, start: float, end: float) -> float:
    """Root mean square of a stretch, in seconds."""
    return float(np.sqrt(np.mean(samples[:, round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] ** 2)))


@pytest.mark.parametrize("suffix", CODECS)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_is_read_in_stereo_at_48_khz(tmp_path: Path, suffix, channels):
    """WAV, MP3, M4A, OGG and FLAC, mono or stereo, come out as long and as loud as they were made, on both sides."""
    tone = make_tone(tmp_path / f"tone{suffix}", seconds=1.0, hertz=400, channels=channels)
    samples = samples_of(tone.read_bytes())
    assert samples.shape[0] == 2
    assert samples.shape[1] == pytest.approx(SAMPLE_RATE, abs=2500)
    assert loud(samples, 0.2, 0.8) == pytest.approx(0.5 / np.sqrt(2), rel=0.08)
    assert np.allclose(samples[0], samples[1], atol=0.05)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000])
def test_every_sample_rate_keeps_its_pitch(tmp_path: Path, rate):
    """A tone of 440 Hz is one of 440 Hz whatever rate it was recorded at."""
    tone = make_tone(tmp_path / "tone.wav", seconds=1.0, hertz=440, sample_rate=rate)
    samples = samples_of(tone.read_bytes())[0]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert np.argmax(spectrum) * SAMPLE_RATE / len(samples) == pytest.approx(440, abs=1.5)


def test_each_narration_is_heard_in_its_segment_alone(tmp_path: Path):
    """A long narration is cut at its segment's end, after a short one and without one there is silence."""
    picture = make_picture(tmp_path / "a.png")
    long = make_tone(tmp_path / "long.wav", seconds=3)
    short = make_tone(tmp_path / "short.wav", seconds=0.5)
    samples = mixed(Segment("1", picture, 1.0, long), Segment("2", picture, 1.0), Segment("3", picture, 1.0, short))
    assert samples.shape == (2, 3 * SAMPLE_RATE)
    assert loud(samples, 0.01, 0.99) > 0.3
    assert loud(samples, 1.0, 2.0) == 0
    assert loud(samples, 2.01, 2.49) > 0.3
    assert loud(samples, 2.5, 3.0) < 1e-3


def test_no_edge_of_a_narration_clicks(tmp_path: Path):
    """Where a narration begins, ends or is cut, no sample jumps further than the wave itself does."""
    picture = make_picture(tmp_path / "a.png")
    loudest = np.full((1, SAMPLE_RATE), 0.9, np.float32)  # a constant: any edge is a jump
    narration = write_sound(tmp_path / "n.wav", loudest)
    samples = mixed(
        Segment("1", picture, 0.5, narration), Segment("2", picture, 0.5), Segment("3", picture, 1.5, narration)
    )
    assert np.abs(np.diff(samples, axis=1)).max() < 0.02


@pytest.mark.parametrize("length", [1, 100, 239, 300, 481])
def test_even_the_shortest_sound_is_heard_whole(tmp_path: Path, length):
    """A sound of a few samples neither fails nor changes the film's length."""
    narration = write_sound(tmp_path / "n.wav", np.full((1, length), 0.5, np.float32))
    samples = mixed(Segment("1", make_picture(tmp_path / "a.png"), 0.5, narration))
    assert samples.shape == (2, SAMPLE_RATE // 2)
    assert np.abs(samples).max() <= 0.51


def test_sound_of_any_number_of_segments_keeps_with_the_frames(tmp_path: Path):
    """At a rate that does not divide 48 kHz, the film's sound still ends with its last frame, to the sample."""
    picture = make_picture(tmp_path / "a.png")
    segments = [Segment(str(n), picture, 0.37) for n in range(20)]
    samples = mixed(*segments, framerate=7)
    assert samples.shape[1] == round(20 * 3 * SAMPLE_RATE / 7)


def test_the_sound_file_is_aac_in_stereo_at_48_khz(tmp_path: Path):
    """The mixed sound is AAC, and decodes to the film's length within one of its own frames."""
    tone = make_tone(tmp_path / "a.wav", seconds=1.3)
    segment = Segment("1", make_picture(tmp_path / "a.png"), 1.3, tone)
    mix = MixSound.of(Timeline(64, 64, 30, (segment,)), [digest_of(tone)])
    with av.open(io.BytesIO(mix.run(lambda _: None))) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.codec_context.layout.name) == ("aac", 48_000, "stereo")
        assert float(stream.duration * stream.time_base) == pytest.approx(1.3, abs=1024 / 48_000)


def test_the_sounds_name_depends_on_what_is_heard_alone(tmp_path: Path):
    """The same narrations at the same places have the same name; another length or file has another."""
    picture, tone = make_picture(tmp_path / "a.png"), make_tone(tmp_path / "a.wav")

    def key(seconds: float, digest: str | None, caption: str = "") -> str:
        segment = Segment("1", picture, seconds, tone, caption)
        return MixSound.of(Timeline(64, 64, 30, (segment,)), [digest]).key

    assert key(1.0, "aa") == key(1.0, "aa", "a caption is not heard")
    assert len({key(1.0, "aa"), key(1.1, "aa"), key(1.0, "bb"), key(1.0, None)}) == 4


def test_a_file_without_sound_is_refused(tmp_path: Path):
    """A picture, an empty file and noise are refused with the reason."""
    picture = make_picture(tmp_path / "a.png").read_bytes()
    for data in (picture, b"", b"hello" * 100):
        with pytest.raises(AudioUnreadable):
            list(sound.decode(data))


def test_a_sound_that_is_gone_or_changed_is_named_with_its_segment(tmp_path: Path):
    """A sound file that vanishes or changes under the render stops it with the segment that it belongs to."""
    picture, tone = make_picture(tmp_path / "a.png"), make_tone(tmp_path / "a.wav")
    segments = (Segment("first", picture, 1.0), Segment("second", picture, 1.0, tone))
    mix = MixSound.of(Timeline(64, 64, 30, segments), [None, digest_of(tone)])
    make_tone(tone, hertz=999)
    with pytest.raises(AudioUnreadable, match="changed") as changed:
        mix.run(lambda _: None)
    assert (changed.value.segment_id, changed.value.segment_index) == ("second", 1)
    tone.unlink()
    with pytest.raises(AudioUnreadable, match="gone"):
        mix.run(lambda _: None)
