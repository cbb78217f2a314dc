"""Clips on their way to another process.

A clip is pickled by value, all but the files that it reads: they stay where they are, and digests of their content
stand for them. So the pickle says what is seen and heard, and its own digest names it in the cache.
"""

import copyreg
import io
import os
import pickle
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any

import cloudpickle
import moviepy
from moviepy.audio.io.readers import FFMPEG_AudioReader
from moviepy.Clip import Clip
from moviepy.video.io.ffmpeg_reader import FFMPEG_VideoReader
from moviepy.video.VideoClip import VideoClip

from media.exceptions import TimelineInvalid
from media.files import digest_of

_ENGINE = f"1, MoviePy {moviepy.__version__}"  # a new number whenever the same clips would look or sound otherwise

_LEFT_BEHIND = frozenset({"proc", "pos", "last_read", "buffer", "buffer_startframe", "filename"})  # of a reader
_FORGOTTEN = frozenset({"audio", "memoized_t", "memoized_frame", "last_index", "last_image"})  # of a clip
_INSTALLED = tuple(
    f"{folder}{os.sep}"
    for folder in (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), Path(__file__).parent)
)
_registering = threading.Lock()


@dataclass(frozen=True, slots=True)
class Parcel:
    """A clip on its way to another process, and the files that it reads there, by the digests of their content."""

    digest: str
    content: bytes = field(repr=False)
    files: tuple[tuple[str, "_File"], ...]

    @classmethod
    def of(cls, clip: Clip, key: str | None) -> "Parcel":
        """Pack a clip. Raises `TimelineInvalid`."""
        file = io.BytesIO()
        packer = _Packer(file)
        try:
            with _own_modules_by_value():
                packer.dump(clip)
        except OSError as error:
            raise TimelineInvalid(f"A file of the clip can't be read: {error}.") from error
        except Exception as error:
            raise TimelineInvalid(
                f"The clip can't be sent to the processes that render: {said(error)}. Let its functions open by "
                "themselves what can't be pickled, or write it to a file with MoviePy and use a VideoFileClip of that."
            ) from error
        content = file.getvalue()
        decides = content if key is None else f"{isinstance(clip, VideoClip)} {key}".encode()
        digest = blake2b(decides, digest_size=16, key=_ENGINE.encode()).hexdigest()
        return cls(digest, content, tuple(packer.files.items()))


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    modified: int
    size: int

    @classmethod
    def at(cls, path: str) -> "_File":
        stat = Path(path).stat()
        return cls(str(Path(path).resolve()), stat.st_mtime_ns, stat.st_size)


@dataclass(frozen=True, slots=True)
class _Name:
    """A file's name in a clip: on the other side it is where the file is, whatever it was called here."""

    path: str


class _Packer(cloudpickle.Pickler):  # type: ignore[misc]
    """Pickles what a clip shows, and nothing of what was done with it before."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.files: dict[str, _File] = {}
        self._digests: dict[str, str] = {}
        self._readers: dict[int, int] = {}

    def persistent_id(self, value: object) -> object:
        """What stands for a file, or for a process that reads one."""
        match value:
            case FFMPEG_VideoReader() | FFMPEG_AudioReader():
                state = {name: part for name, part in vars(value).items() if name not in _LEFT_BEHIND}
                number = self._readers.setdefault(id(value), len(self._readers))
                return self._digest(value.filename), number, type(value), state
            case _Name(path):
                return self._digest(path), None, None, None
        return None

    def reducer_override(self, value: object) -> Any:
        """A clip is its class and its attributes; whatever other clip it plays with is packed just so."""
        if not isinstance(value, Clip):
            return super().reducer_override(value)
        state = {name: None if name in _FORGOTTEN else part for name, part in vars(value).items()}
        if isinstance(name := state.get("filename"), str):
            state["filename"] = _Name(name)
        if isinstance(pictures := state.get("sequence"), list):
            state["sequence"] = [_Name(one) if isinstance(one, str) else one for one in pictures]
        return copyreg.__newobj__, (type(value),), state  # type: ignore[attr-defined]

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            file = _File.at(path)
            self._digests[path] = digest_of(Path(path))
            self.files[self._digests[path]] = file
        return self._digests[path]


@contextmanager
def _own_modules_by_value() -> Iterator[None]:
    """What somebody wrote for the film goes with it: a worker may not find it, and its name says not what it does."""
    with _registering:
        known = cloudpickle.list_registry_pickle_by_value()
        own = [module for name, module in list(sys.modules.items()) if name not in known and _is_own(name, module)]
        for module in own:
            cloudpickle.register_pickle_by_value(module)
        try:
            yield
        finally:
            for module in own:
                cloudpickle.unregister_pickle_by_value(module)


def _is_own(name: str, module: object) -> bool:
    if not isinstance(module, ModuleType) or module.__name__ != name:
        return False
    file = vars(module).get("__file__")
    if not isinstance(file, str) or {"site-packages", "dist-packages"} & set(Path(file).parts):
        return False
    return not file.startswith(_INSTALLED)


class _Unpacker(pickle.Unpickler):
    def __init__(self, parcel: Parcel) -> None:
        super().__init__(io.BytesIO(parcel.content))
        self.readers: dict[int, Any] = {}
        self._files = dict(parcel.files)

    def persistent_load(self, name: Any) -> object:
        """The file's path, or a new process that reads it for all who share it."""
        digest, number, kind, state = name
        path = self._files[digest].path
        if _File.at(path) != self._files[digest]:
            raise ValueError(f"{path} was changed during the render")
        if number is None:
            return path
        if number in self.readers:
            return self.readers[number]
        reader = self.readers[number] = kind.__new__(kind)
        vars(reader).update(state, filename=path, proc=None)
        reader.initialize()
        if isinstance(reader, FFMPEG_AudioReader):
            reader.buffer, reader.buffer_startframe = None, 1
            reader.buffer_around(1)
        return reader


class Opened:
    """A clip that arrived, and the processes that read its files."""

    def __init__(self, parcel: Parcel) -> None:
        unpacker = _Unpacker(parcel)
        self._readers = unpacker.readers
        try:
            self.clip = unpacker.load()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the processes, and close the pipes that MoviePy leaves open to those that ended by themselves."""
        for reader in self._readers.values():
            process = reader.proc
            reader.close()
            if process:
                process.stdout.close()
                process.stderr.close()


def said(error: Exception) -> str:
    """What somebody else's code raised, in half a sentence."""
    return f"{type(error).__name__}: {error}".rstrip(".: ")
