"""A picture small enough to be shown by the hundred."""

from hashlib import blake2b

from PIL import Image

from media.frames import decode, to_jpeg

MAX_SIDE = 400
"""A segment's picture on a page, at twice the pixels of most screens."""

_ENGINE = 1  # a new number whenever the same picture would become another thumbnail
_JPEG_QUALITY = 80


def thumbnail(picture: bytes) -> bytes:
    """Return the picture as a JPEG of at most `MAX_SIDE` pixels a side. Raises `ImageUnreadable`."""
    image = Image.fromarray(decode(picture, at_least=MAX_SIDE))
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    return to_jpeg(image, _JPEG_QUALITY)


def key_of(name: str) -> str:
    """Return the thumbnail's name in the cache; `name` is the picture's own, which no other one ever has."""
    return blake2b(f"thumbnail {_ENGINE} {name}".encode(), digest_size=20).hexdigest()
