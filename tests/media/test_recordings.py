import io
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from media import recordings
from media.exceptions import AudioUnreadable
from media.files import digest_of
from media.recordings import Recording, Tape
from media.testing import CODECS, make_picture, make_tone, write_sound
from media.timeline import SAMPLE_RATE
from tests.media.hearing import heard, joined


def rms(samples: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(samples**2)))


def pitch(samples: np.ndarray) -> float:
    """The strongest frequency, in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / len(samples)


def broadcast(*parts: tuple[int, str]) -> bytes:
    """AAC as it comes from the air: a second at each rate and in each layout, one after another."""
    file = io.BytesIO()
    for rate, layout in parts:
        with av.open(file, "w", format="adts") as container:
            stream = container.add_stream("aac", rate=rate, layout=layout)
            time = np.arange(rate, dtype=np.float32) / rate
            wave = np.tile(0.5 * np.sin(2 * np.pi * 440 * time), (2 if layout == "stereo" else 1, 1))
            frame = av.AudioFrame.from_ndarray(wave.astype(np.float32), "fltp", layout)
            frame.sample_rate, frame.pts = rate, 0
            fifo = av.AudioFifo()
            fifo.write(frame)
            for full in fifo.read_many(1024):
                container.mux(stream.encode(full))
            container.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize("suffix", CODECS)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_is_read_in_stereo_at_48_khz(tmp_path: Path, suffix, channels):
    """WAV, MP3, M4A, OGG and FLAC, mono or stereo, come out as long and as loud as they were made, on both sides."""
    tone = make_tone(tmp_path / f"tone{suffix}", seconds=1.0, hertz=400, channels=channels)
    samples = heard(tone.read_bytes())
    assert samples.shape[0] == 2
    assert samples.shape[1] == pytest.approx(SAMPLE_RATE, abs=2500)
    assert rms(samples[:, 9600:38400]) == pytest.approx(0.5 / np.sqrt(2), rel=0.08)
    assert np.allclose(samples[0], samples[1], atol=0.05)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000])
def test_every_sample_rate_keeps_its_pitch(tmp_path: Path, rate):
    """A tone of 440 Hz is one of 440 Hz whatever rate it was recorded at."""
    tone = make_tone(tmp_path / "tone.wav", seconds=1.0, hertz=440, sample_rate=rate)
    assert pitch(heard(tone.read_bytes())[0]) == pytest.approx(440, abs=1.5)


def test_a_broadcast_may_change_its_rate_and_its_channels(tmp_path: Path):
    """Where a recording goes on in another sample rate or layout, it is heard on as it should."""
    samples = heard(broadcast((44_100, "mono"), (48_000, "stereo"), (24_000, "mono")))
    assert samples.shape[1] == pytest.approx(3 * SAMPLE_RATE, abs=10_000)
    for part in range(3):
        assert pitch(samples[0, part * SAMPLE_RATE + 8_000 :][:32_000]) == pytest.approx(440, abs=1.5)


def test_names_in_no_known_alphabet_do_not_matter(tmp_path: Path):
    """A WAV file whose title is not Unicode is read like any other."""
    plain = make_tone(tmp_path / "a.wav", seconds=0.2).read_bytes()
    title = b"INFOINAM" + struct.pack("<I", 4) + b"caf\xe9"
    titled = plain[:36] + b"LIST" + struct.pack("<I", len(title)) + title + plain[36:]
    assert b"data" not in plain[:36]
    assert np.array_equal(heard(titled), heard(plain))


def test_what_is_no_number_is_not_heard(tmp_path: Path):
    """Infinite, undefined and absurd samples of a float file are taken out or down; the others stay as they are."""
    tone = np.sin(np.arange(4800, dtype=np.float32) / 20)
    broken = tone.copy()
    broken[1000:1004] = np.nan, np.inf, -np.inf, 1e30
    header = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 1, SAMPLE_RATE, 4 * SAMPLE_RATE, 4, 32)
    data = header + b"data" + struct.pack("<I", 4 * len(broken)) + broken.tobytes()
    samples = heard(b"RIFF" + struct.pack("<I", len(data)) + data)
    assert np.abs(samples).max() <= 8
    assert np.array_equal(np.delete(samples[0], range(1000, 1004)), np.delete(tone, range(1000, 1004)))


def test_a_file_without_sound_is_refused(tmp_path: Path):
    """A picture, an empty file and noise are refused with the reason."""
    for data in (make_picture(tmp_path / "a.png").read_bytes(), b"", b"hello" * 100):
        with pytest.raises(AudioUnreadable):
            heard(data)


@pytest.mark.parametrize("suffix", [*CODECS, ".bin"])
@pytest.mark.parametrize("content", [b"", b"x", b"ID3", b"RIFF", b"OggS", b"fLaC"])
def test_a_file_that_hardly_begins_is_refused(tmp_path: Path, suffix, content):
    """Whatever it is called and however it begins, a file of a few bytes gets an answer, not an accident."""
    (tmp_path / f"a{suffix}").write_bytes(content)
    with (tmp_path / f"a{suffix}").open("rb") as file, pytest.raises(AudioUnreadable):
        joined(recordings.decode(file))


def test_a_file_is_known_by_its_content(tmp_path: Path):
    """What a file is called does not matter."""
    tone = make_tone(tmp_path / "a.flac")
    misnamed = tone.rename(tmp_path / "a.mp3")
    with misnamed.open("rb") as file:
        assert np.array_equal(joined(recordings.decode(file)), heard(misnamed.read_bytes()))


def test_no_file_makes_another_one_be_read(tmp_path: Path, monkeypatch):
    """A playlist that was uploaded as a sound opens nothing that it names."""
    make_tone(tmp_path / "secret.wav")
    monkeypatch.chdir(tmp_path)
    playlists = (
        b"ffconcat version 1.0\nfile secret.wav\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.wav\n#EXT-X-ENDLIST\n",
    )
    for playlist in playlists:
        with pytest.raises(AudioUnreadable):
            heard(playlist)


@pytest.mark.parametrize("length", [1, 100, 239, 300, 481])
def test_even_the_shortest_sound_is_heard_whole(tmp_path: Path, length):
    """A sound of a few samples is as long as it is, and no louder."""
    path = write_sound(tmp_path / "n.wav", np.full((1, length), 0.5, np.float32))
    samples = joined(Recording(path, digest_of(path)).play(SAMPLE_RATE))
    assert samples.shape == (2, length)
    assert np.abs(samples).max() <= 0.51


@pytest.mark.parametrize("most", [1, 2, 100, 300, 479, 1000, SAMPLE_RATE])
def test_a_recording_is_soft_at_both_ends_wherever_it_ends(tmp_path: Path, most):
    """The first sample and the last are silent, also where it is cut, and no step is larger than that of a fade."""
    path = write_sound(tmp_path / "n.wav", np.full((1, SAMPLE_RATE // 2), 0.9, np.float32))
    samples = joined(Recording(path, digest_of(path)).play(most))
    assert samples.shape[1] == min(most, SAMPLE_RATE // 2)
    assert np.abs(np.diff(samples, prepend=0, append=0)).max() < 0.005


def test_a_tape_is_read_in_any_pieces():
    """However it is read, a tape says what is on it, and then nothing."""
    whole = np.arange(20, dtype=np.float32).reshape(2, 10)
    tape = Tape(iter([whole[:, :3], whole[:, 3:3], whole[:, 3:]]))
    read = np.concatenate([tape.read(count) for count in (2, 0, 5, 1, 4, 3)], axis=1)
    assert np.array_equal(read, np.pad(whole, ((0, 0), (0, 5))))


def test_the_second_of_a_span_ends_where_the_sound_does():
    """Spans are seconds that leave out no sample and add none."""
    assert list(recordings.spans(100_000)) == [(0, 48_000), (48_000, 96_000), (96_000, 100_000)]
