"""The one picture that stands for a film before it is played."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from PIL import Image

from media.chunks import Chunk, draw
from media.exceptions import MediaError
from media.frames import Planes, to_jpeg, to_rgb

POSTER = "poster.jpg"
MAX_WIDTH = 1280

_ENGINE = 1  # a new number whenever the same frame would become another picture
_JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class DrawPoster:
    """The task of drawing a poster to the bytes of a JPEG."""

    frame: Chunk

    @classmethod
    def of(cls, chunks: Sequence[Chunk]) -> "DrawPoster":
        """The poster of the film with these chunks: the middle of its first segment, and no transition over it."""
        first = chunks[0]
        look = replace(first.look, start=first.look.clips[0].frames // 2, frames=1)
        return cls(replace(first, key=look.key, look=look))

    @property
    def key(self) -> str:
        """The poster's name in the cache."""
        return blake2b(json.dumps(["poster", _ENGINE, self.frame.key]).encode(), digest_size=20).hexdigest()

    @property
    def group(self) -> int:
        """It shares its segment's prepared picture."""
        return self.frame.group

    @property
    def effort(self) -> float:
        """Of drawing one frame."""
        return self.frame.effort

    def run(self, _report: Callable[[object], None], /) -> bytes:
        """Draw. Raises `ImageUnreadable` with the segment."""
        planes = Planes.empty(self.frame.look.width, self.frame.look.height)
        for _ in draw(self.frame, planes):
            pass
        picture = Image.fromarray(to_rgb(planes))
        picture.thumbnail((MAX_WIDTH, picture.height), Image.Resampling.LANCZOS)
        return to_jpeg(picture, _JPEG_QUALITY)

    def blame(self, error: MediaError) -> MediaError:
        """Whatever is wrong with the frame is wrong with its segment."""
        return self.frame.sources[0].blame(error)
