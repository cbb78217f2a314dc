import os
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from media import probe
from media.exceptions import AudioUnreadable, ImageUnreadable, ProbeBusy
from media.probe import AudioInfo, ImageInfo, probe_audio, probe_image
from media.testing import CODECS, make_picture, make_tone

from .processes import spare_handles, workers


def test_a_picture_is_measured_as_it_stands(tmp_path: Path):
    """A picture's size is the one it has once it is turned upright."""
    assert probe_image(make_picture(tmp_path / "a.jpg", width=60, height=40)) == ImageInfo(60, 40)
    turned = make_picture(tmp_path / "b.jpg", width=60, height=40, orientation=6)
    assert probe_image(turned) == ImageInfo(60, 40)


@pytest.mark.parametrize("suffix", CODECS)
def test_a_sounds_length_is_counted_in_samples(tmp_path: Path, suffix):
    """A sound's seconds are those that it is really heard, in every format."""
    tone = make_tone(tmp_path / f"a{suffix}", seconds=1.5)
    assert probe_audio(tone).seconds == pytest.approx(1.5, abs=0.06)
    assert isinstance(probe_audio(tone), AudioInfo)


def test_a_sound_over_the_limit_is_refused(tmp_path: Path):
    """A sound that is too long is refused, and the limit is named."""
    with pytest.raises(AudioUnreadable, match=r"longer than 0\.5 seconds"):
        probe_audio(make_tone(tmp_path / "a.wav", seconds=1), max_seconds=0.5)


def test_a_sound_of_no_length_is_refused(tmp_path: Path):
    """A sound file without a sample in it is refused."""
    with wave.open(str(tmp_path / "a.wav"), "wb") as empty:
        empty.setparams((1, 2, 48_000, 0, "NONE", ""))
    with pytest.raises(AudioUnreadable, match="0 seconds"):
        probe_audio(tmp_path / "a.wav")


def test_what_is_neither_is_refused(tmp_path: Path):
    """A file of another kind is no picture and no sound."""
    text = tmp_path / "a.jpg"
    text.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(ImageUnreadable):
        probe_image(text)
    with pytest.raises(AudioUnreadable):
        probe_audio(text)


def test_a_file_that_takes_its_decoder_down_costs_only_that_process(tmp_path: Path):
    """When the probing process dies at a file, the file is refused, and the next one is probed as ever."""
    fifo = tmp_path / "endless.png"
    os.mkfifo(fifo)  # reading it never ends, until its reader is killed

    def kill() -> None:
        with fifo.open("wb"):  # opens when the worker has opened it for reading
            workers()[-1].kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(ImageUnreadable, match="crash"):
        probe_image(fifo)
    killer.join()
    assert probe_image(make_picture(tmp_path / "a.png")) == ImageInfo(320, 180)
    assert workers() == []


def test_a_slow_file_holds_up_nobody_until_all_places_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Beside one file that never ends others are probed; when every place is taken, one is told to come again."""
    monkeypatch.setattr(probe, "TURN_SECONDS", 0.2)
    picture = make_picture(tmp_path / "a.png")
    fifos = [tmp_path / f"endless-{number}.png" for number in range(probe.WORKERS)]
    with ThreadPoolExecutor() as threads, ExitStack() as writers:
        probes = []
        for fifo in fifos:
            assert probe_image(picture) == ImageInfo(320, 180)
            os.mkfifo(fifo)
            probes.append(threads.submit(probe_image, fifo))
            writers.enter_context(fifo.open("wb"))  # opens when its worker reads
        with pytest.raises(ProbeBusy):
            probe_image(picture)
        writers.close()
        for endless in probes:
            with pytest.raises(ImageUnreadable):
                endless.result()
    assert probe_image(picture) == ImageInfo(320, 180)


def test_a_machine_without_room_for_a_process_blames_no_file(tmp_path: Path):
    """Where none can be started to look into a file, that is to come again, and no turn is lost by it."""
    picture = make_picture(tmp_path / "a.png")
    assert probe_image(picture) == ImageInfo(320, 180)
    with spare_handles(0):
        for _ in range(probe.WORKERS + 1):
            with pytest.raises(ProbeBusy):
                probe_image(picture)
    assert probe_image(picture) == ImageInfo(320, 180)
