"""Render a folder of one's own pictures, without a server."""

import argparse
import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from rich.console import Console

from media.encoder import QUALITIES, STANDARD
from media.exceptions import MediaError, RenderCancelled
from media.probe import probe_audio, probe_image
from media.render import Rendered, render
from media.timeline import CaptionStyle, Segment, Timeline, Transition, TransitionKind
from server.projects.renders import chunk_cache, pace_book, quality_of
from server.projects.terminal import ProgressBar

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
SOUNDS = frozenset({".wav", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac"})
CAPTION = ".txt"

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""


class Command(BaseCommand):
    """`manage.py render FOLDER`: a film of the pictures in a folder, in the order of their names."""

    help = (
        "Make a film of a folder: its pictures in the order of their names, each with the sound and the "
        ".txt caption of the same name."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, where the film goes, and its shape."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "-o",
            "--output",
            type=Path,
            help="the film; replaced if it is there (default: FOLDER.mp4 beside the folder, never replaced)",
        )
        parser.add_argument("--size", type=size, default=(1920, 1080), metavar="1920x1080")
        parser.add_argument("--rate", type=int, default=30, help="frames a second (default: 30)")
        parser.add_argument(
            "--seconds", type=float, default=4.0, help="how long a picture without a sound stays (default: 4)"
        )
        parser.add_argument("--quality", choices=list(QUALITIES), default=STANDARD.name, help="(default: standard)")
        kinds = [kind.value for kind in TransitionKind]
        parser.add_argument(
            "--transition", choices=kinds, default="crossfade", help="from one picture to the next (default: crossfade)"
        )
        parser.add_argument("--transition-seconds", type=float, default=0.5, help="its length (default: 0.5)")

    def handle(self, *args: Any, folder: Path, output: Path | None, **options: Any) -> None:  # noqa: ARG002
        """Read everything, say everything that is wrong, then render."""
        console = Console(highlight=False)
        folder, output = folder.resolve(), film_of(folder, output)
        with console.status("Reading the files") if console.is_terminal else _nothing():
            segments = read(folder, options["seconds"])
        transition = Transition(TransitionKind(options["transition"]), options["transition_seconds"])
        segments = tuple(replace(segment, transition=transition) for segment in segments)
        try:
            width, height = options["size"]
            style = CaptionStyle(font=settings.CAPTION_FONT)
            timeline = Timeline(width, height, options["rate"], segments, style)
            with ProgressBar(console) as bar, cancelled_by_ctrl_c() as cancelled:
                rendered = render(
                    timeline,
                    output,
                    cache=chunk_cache(),
                    quality=quality_of(options["quality"]),
                    workers=settings.RENDER_WORKERS,
                    paces=pace_book(),
                    stall_timeout=settings.RENDER_STALL_TIMEOUT,
                    on_progress=bar.show,
                    cancelled=cancelled,
                )
        except RenderCancelled as error:
            raise CommandError(error.message, returncode=INTERRUPTED) from error
        except MediaError as error:
            concerned = f"{error.segment_id}: " if error.segment_id else ""
            raise CommandError(f"{concerned}{error.message}") from error
        self.stdout.write(f"{output}  {summary(rendered)}")


def size(text: str) -> tuple[int, int]:
    """Return width and height of what is written like 1920x1080."""
    if not (match := re.fullmatch(r"(\d+)[xX*](\d+)", text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not written like 1920x1080")
    return int(match[1]), int(match[2])


def film_of(folder: Path, output: Path | None) -> Path:
    """Return where the film goes. Raises `CommandError` where it can't go or would replace what nobody named."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder.")
    film = (output or folder.parent / f"{folder.name}.mp4").resolve()
    if output is None and film.exists():
        raise CommandError(f"{film} is there already. To replace it, say so: -o {film}")
    if film.suffix.lower() != ".mp4" or film.is_dir():
        raise CommandError(f"{film} can't be the film: its name has to end in .mp4.")
    if not os.access(film.parent, os.W_OK):
        raise CommandError(f"{film.parent} is not a folder that can be written to. Choose another with -o.")
    return film


def read(folder: Path, seconds: float) -> tuple[Segment, ...]:
    """Return the folder's segments. Raises one `CommandError` that names each file that can't be read."""
    files = sorted((file for file in folder.iterdir() if file.is_file()), key=natural)
    pictures = [file for file in files if file.suffix.lower() in PICTURES]
    if not pictures:
        raise CommandError(f"{folder} has no picture in it: {', '.join(sorted(PICTURES))} are read.")
    wrong: list[str] = []
    segments = []
    for picture in pictures:
        beside = [file for file in files if file.stem == picture.stem]
        sounds = [file for file in beside if file.suffix.lower() in SOUNDS]
        captions = [file for file in beside if file.suffix.lower() == CAPTION]
        if len(sounds) > 1:
            wrong.append(f"{picture.name}: more than one sound: {', '.join(sound.name for sound in sounds)}")
        lasts, caption = seconds, ""
        try:
            probe_image(picture, max_pixels=settings.UPLOAD_MAX_IMAGE_PIXELS)
        except (MediaError, OSError) as error:
            wrong.append(f"{picture.name}: {reason(error)}")
        for sound in sounds[:1]:
            try:
                lasts = probe_audio(sound, max_seconds=settings.UPLOAD_MAX_AUDIO_SECONDS).seconds
            except (MediaError, OSError) as error:
                wrong.append(f"{sound.name}: {reason(error)}")
        for text in captions[:1]:
            try:
                caption = text.read_text(encoding="utf-8-sig").strip()
            except UnicodeDecodeError:
                wrong.append(f"{text.name}: The caption can't be read. Save it as UTF-8 text.")
            except OSError as error:
                wrong.append(f"{text.name}: {reason(error)}")
        segments.append(Segment(picture.name, picture, lasts, sounds[0] if sounds else None, caption))
    if wrong:
        raise CommandError("Nothing was rendered.\n" + "\n".join(f"  {line}" for line in wrong))
    return tuple(segments)


def natural(file: Path) -> list[tuple[bool, int, str]]:
    """Sort like a person: 2 before 10, and upper case with lower case."""
    return [
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part)
        for part in re.split(r"(\d+)", file.stem.casefold())
        if part
    ]


def reason(error: MediaError | OSError) -> str:
    """Return what the error tells a person."""
    return error.message if isinstance(error, MediaError) else (error.strerror or str(error))


def summary(rendered: Rendered) -> str:
    """Return what came out, in a few words."""
    minutes, seconds = divmod(round(rendered.seconds), 60)
    return f"{minutes}:{seconds:02}, {rendered.frames} frames, {rendered.bytes / 1e6:.1f} MB"


@contextmanager
def cancelled_by_ctrl_c() -> Iterator[threading.Event]:
    """Yield an event that the first Ctrl-C sets: the render ends itself and tidies up; a second one insists."""
    cancelled = threading.Event()

    def cancel(*_: object) -> None:
        cancelled.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield cancelled
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _nothing() -> Iterator[None]:
    yield
