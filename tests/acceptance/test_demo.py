"""The commands of the README, as a person types them."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from manage import main
from media.testing import make_picture, make_tone
from tests.acceptance.film import Film, count_frames
from tests.acceptance.server import ROOT, alive, free_port, strangers_environment, until


def environment(data: Path, **more: str) -> dict[str, str]:
    """What a shell has where nobody has set up anything, and a data folder of the test's own."""
    return strangers_environment() | {"DATA_DIR": str(data), "COLUMNS": "200", **more}


def manage(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(data, **more),
        capture_output=True,
        text=True,
        timeout=90,
    )


DEMO = ("demo", "--size", "96x64")


@pytest.fixture(scope="class")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """A demo that ended after the render: its data folder, its port, what it printed."""
    data, port = tmp_path_factory.mktemp("demo") / "data", free_port()
    done = manage(data, *DEMO, "--exit", "--port", str(port), DEBUG="1")
    assert done.returncode == 0, done.stdout + done.stderr
    return data, port, done.stdout


class TestDemo:
    """`manage.py demo`."""

    def test_it_renders_a_film_and_says_where(self, rendered: tuple[Path, int, str]) -> None:
        """Exit code 0, the page's address, a film of six segments."""
        data, port, said = rendered
        assert f"http://127.0.0.1:{port}/projects/" in said
        assert "Segment 6 of 6 (100%)" in said
        [film] = data.glob("media/projects/*/output/final.mp4")
        assert str(film) in said
        shown = Film.at(film)
        assert (shown.width, shown.height) == (96, 64)
        assert shown.seconds == pytest.approx(27.5 - 5 * 0.5, abs=0.5)

    def test_a_taken_port_is_named(self, data: Path) -> None:
        """It says which one, and what to do."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = manage(data, "demo", "--exit", "--port", str(port), DEBUG="1")
        assert done.returncode == 1
        assert f"Port {port} is taken" in done.stderr
        assert f"PORT={port + 1}" in done.stderr

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
    def test_its_server_ends_with_it(self, rendered: tuple[Path, int, str], number: signal.Signals) -> None:
        """Without `--exit` it goes on serving the film, made of the first one's chunks; when it ends, so does all."""
        data, port = rendered[0], free_port()
        [film] = data.glob("media/projects/*/output/final.mp4")
        command = [sys.executable, "manage.py", *DEMO, "--port", str(port)]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(data, DEBUG="1"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        ) as demo:
            assert demo.stdout is not None
            for line in demo.stdout:
                if line.startswith("Serving"):
                    break
            projects = httpx.get(f"http://127.0.0.1:{port}/api/projects/").json()["results"]
            family = psutil.Process(demo.pid).children(recursive=True)
            demo.send_signal(number)
            demo.wait(20)
            assert family
            until(lambda: not any(map(alive, family)), "its server to be gone", within=20)
        assert demo.returncode == (-number if number is signal.SIGKILL else 0)
        [project] = projects
        assert project["status_body"]["render"]["cached_segments"] == 6
        assert list(data.glob("media/projects/*/output/final.mp4")) == [film]


@pytest.fixture
def holiday(tmp_path: Path) -> Path:
    """A folder of a person's own files."""
    folder = tmp_path / "holiday"
    folder.mkdir()
    make_picture(folder / "10 home.png", seed=10, colour=(200, 30, 30))
    make_picture(folder / "2 beach.jpg", seed=2, colour=(30, 30, 200))
    make_picture(folder / "1 train.webp", seed=1, colour=(30, 200, 30))
    make_tone(folder / "2 beach.mp3", seconds=1.5)
    (folder / "10 home.txt").write_text("Home again", encoding="utf-8")
    (folder / "notes.pdf").write_bytes(b"of no concern")
    return folder


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Type a command that is refused before it does anything, so in this very process; returns what it says."""

    def say(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["manage.py", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (1, 2)
        said = capsys.readouterr().err
        assert "Traceback" not in said
        return said

    return say


SHAPE = ("--size", "160x90", "--rate", "10", "--seconds", "1")


class TestRender:
    """`manage.py render FOLDER`."""

    def test_a_folder_becomes_a_film(self, data: Path, holiday: Path) -> None:
        """Pictures in the order that a person sees, each as long as its sound, one fading into the next."""
        done = manage(data, "render", str(holiday), *SHAPE)
        assert done.returncode == 0, done.stdout + done.stderr
        film = Film.at(holiday.parent / "holiday.mp4")
        assert len(film.frames) == 10 + 15 + 10 - 2 * 5
        strongest = [int(film.frames[index][20, 20].argmax()) for index in (2, 12, 23)]
        assert strongest == [1, 2, 0]
        assert (data / "paces.json").exists()  # for the time left of the next one

    def test_its_pictures_can_follow_one_another_at_once(self, data: Path, holiday: Path) -> None:
        """With hard cuts the film is as long as all of its parts, and goes where it is told to."""
        film = holiday.parent / "cut.mp4"
        done = manage(data, "render", str(holiday), "-o", str(film), "--transition", "cut", *SHAPE)
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(Film.at(film).frames) == 10 + 15 + 10

    def test_each_file_that_cannot_be_read_is_named(self, data: Path, holiday: Path) -> None:
        """All of them at once, exit code 1, and nothing is written."""
        (holiday / "3 broken.jpg").write_bytes(b"not a picture")
        (holiday / "1 train.ogg").write_bytes(b"not a sound")
        (holiday / "2 beach.txt").write_bytes(b"\xff\xfe\xff")
        done = manage(data, "render", str(holiday), *SHAPE)
        assert done.returncode == 1
        for name in ("3 broken.jpg", "1 train.ogg", "2 beach.txt"):
            assert f"{name}: " in done.stderr
        assert not (holiday.parent / "holiday.mp4").exists()

    def test_a_film_that_is_there_is_replaced_only_on_request(
        self, data: Path, holiday: Path, refused: Callable[..., str]
    ) -> None:
        """The default name never destroys anything; `-o` means what it says."""
        film = holiday.parent / "holiday.mp4"
        film.write_bytes(b"somebody's own")
        assert f"-o {film}" in refused("render", str(holiday), *SHAPE)
        assert film.read_bytes() == b"somebody's own"
        assert manage(data, "render", str(holiday), "-o", str(film), *SHAPE).returncode == 0
        assert count_frames(film) == 25

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("nowhere",), "is not a folder"),
            ((".",), "has no picture in it"),
            ((".", "--size", "broad"), "1920x1080"),
            (("holiday", "--size", "161x90"), "even number"),
            (("holiday", "--rate", "99"), "frame rate"),
            (("holiday", "--transition", "wipe"), "crossfade"),
            (("holiday", "--transition-seconds", "-1"), "no less than 0"),
            (("holiday", "-o", "film.avi"), ".mp4"),
            (("holiday", "-o", "nowhere/film.mp4"), "-o"),
        ],
    )
    def test_what_makes_no_sense_is_explained(
        self, holiday: Path, words: tuple[str, ...], said: str, refused: Callable[..., str]
    ) -> None:
        """A wrong word gets one sentence and no traceback."""
        here = {"holiday": holiday, ".": holiday.parent, "nowhere": holiday.parent / "nowhere"}
        assert said in refused("render", str(here[words[0]]), *words[1:])

    def test_ctrl_c_leaves_nothing_half_written(self, data: Path, holiday: Path) -> None:
        """Exit code 130, no film, no encoder; the next try goes on with what was finished."""
        command = [sys.executable, "manage.py", "render", str(holiday), "--seconds", "60"]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as rendering:
            assert rendering.stdout is not None
            assert rendering.stderr is not None
            assert "Rendering" in rendering.stdout.readline()
            family = psutil.Process(rendering.pid).children(recursive=True)
            asked = time.monotonic()
            rendering.send_signal(signal.SIGINT)
            said = rendering.stderr.read()
            assert rendering.wait(10) == 130
            assert time.monotonic() - asked < 5
        assert "cancelled" in said
        assert "Traceback" not in said
        until(lambda: not any(map(alive, family)), "the encoders to be gone", within=5)
        assert {path.name for path in holiday.parent.iterdir()} == {"holiday", "data"}
