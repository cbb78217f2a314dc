"""MoviePy's clips as material for a film, shown and heard in the workers like any picture and any sound."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from moviepy.audio.AudioClip import AudioClip
from moviepy.video.VideoClip import VideoClip

from media import recordings
from media.chunks import Clip, Look, Source
from media.exceptions import AudioUnreadable, ImageUnreadable, MediaError, TimelineInvalid
from media.frames import Plane, Planes, Shot, fitted, to_planes
from media.motion import CameraPath
from media.parcels import Opened, Parcel, said
from media.recordings import Block
from media.timeline import SAMPLE_RATE, Motion, Segment, Timeline

_SAMPLES = 2000  # taken from a clip at a time; MoviePy's reader of short files fails with many more
_OPEN = 2  # clips that a worker keeps open: the two of a seam


@dataclass(frozen=True, slots=True)
class Footage:
    """A `VideoClip` as a segment's picture, `duration` seconds long, or without an end; with the sound that it has."""

    clip: Parcel
    duration: float | None
    sound: "Soundtrack | None"

    @classmethod
    def of(cls, clip: VideoClip, key: str | None = None) -> "Footage":
        """Pack a clip. Raises `TimelineInvalid` if it can't be sent to another process.

        What `key` says takes the place of the digest: for a clip that a function of yours draws from what it reads by
        itself, or one whose digest is another one in each process, as where it holds a class or a set of yours.
        """
        sound = None if clip.audio is None else Soundtrack.of(clip.audio, key)
        return cls(Parcel.of(clip, key), clip.duration, sound)

    @property
    def digest(self) -> str:
        """The same for what looks the same."""
        return self.clip.digest

    def reel(self, clip: Clip, look: Look, source: Source) -> "Reel":
        """The footage ready to be drawn. Raises `ImageUnreadable` with the segment."""
        try:
            return Reel(_opened(self.clip).clip, self.duration, clip, look, source)
        except Exception as error:
            raise _failed(source, f"can't be opened: {said(error)}") from error


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """An `AudioClip` as a segment's narration."""

    clip: Parcel

    @classmethod
    def of(cls, clip: AudioClip, key: str | None = None) -> "Soundtrack":
        """Pack a clip, as `Footage.of` does."""
        return cls(Parcel.of(clip, key))

    @property
    def digest(self) -> str:
        """The same for what sounds the same."""
        return self.clip.digest

    def play(self, most: int) -> Iterator[Block]:
        """Its samples as `Recording.play` has them, so many at most. Raises `AudioUnreadable`."""
        try:
            opened = Opened(self.clip)
            try:
                yield from recordings.softened(_in_stereo(opened.clip), most)
            finally:
                opened.close()
        except MediaError:
            raise
        except Exception as error:
            raise AudioUnreadable(f"The clip's sound failed: {said(error)}. Try it with MoviePy alone.") from error


class Reel:
    """Footage under the camera of its segment, drawn frame by frame like a `Shot`.

    Where it is over before its segment is, its last frame stays.
    """

    def __init__(self, moving: VideoClip, duration: float | None, clip: Clip, look: Look, source: Source) -> None:
        self._moving = moving
        rate = getattr(moving, "fps", None) or look.framerate
        self._last = np.inf if duration is None else max(0.0, duration - 1 / rate)
        self._clip = clip
        self._framerate = look.framerate
        self._source = source

    def draw(self, t: float, onto: Planes) -> None:
        """Draw what is seen at `t` (0 first frame, 1 last) onto `onto`. Raises `ImageUnreadable` with the segment."""
        seconds = min(round(t * (self._clip.frames - 1)) / self._framerate, self._last)
        try:
            rgb = _on_black(self._moving, seconds)
        except Exception as error:
            raise _failed(self._source, f"failed at {seconds:.2f} seconds: {said(error)}") from error
        height, width = onto.y.shape
        rgb = fitted(rgb, self._clip.fit, (width, height))
        path = CameraPath.over(self._clip.motion, (rgb.shape[1], rgb.shape[0]), (width, height))
        if self._clip.motion is Motion.STILL:
            to_planes(_filling(rgb, path, width, height), onto)
        else:
            Shot(rgb, path, width).draw(t, onto)


def packed(timeline: Timeline) -> Timeline:
    """The same film with each of MoviePy's clips packed; they stand still unless a motion is asked for.

    The sound of a clip is heard where its segment has none of its own. Raises `TimelineInvalid` with the segment.
    """
    return replace(timeline, segments=tuple(_packed(index, segment) for index, segment in enumerate(timeline.segments)))


def _packed(index: int, segment: Segment) -> Segment:
    image, audio, motion = segment.image, segment.audio, segment.motion
    try:
        if not isinstance(image, Path):
            image = image if isinstance(image, Footage) else Footage.of(_of_kind(image, VideoClip, "picture"))
            motion = Motion.STILL if motion is Motion.AUTO else motion
            audio = audio or image.sound
        if not isinstance(audio, Path | Soundtrack | None):
            audio = Soundtrack.of(_of_kind(audio, AudioClip, "sound"))
    except TimelineInvalid as error:
        error.within(segment.id, index)
        raise
    return replace(segment, image=image, audio=audio, motion=motion)


def _of_kind(clip: object, kind: type, what: str) -> Any:
    if not isinstance(clip, kind):
        raise TimelineInvalid(f"A {what} is a pathlib.Path or a MoviePy {kind.__name__}, not {clip!r}.")
    return clip


_open: OrderedDict[str, Opened] = OrderedDict()


def _opened(parcel: Parcel) -> Opened:
    """The clip, as it was left by the chunk before if that showed it too."""
    if parcel.digest not in _open:
        while len(_open) >= _OPEN:
            _open.popitem(last=False)[1].close()
        _open[parcel.digest] = Opened(parcel)
    _open.move_to_end(parcel.digest)
    return _open[parcel.digest]


def _on_black(clip: VideoClip, seconds: float) -> Plane:
    """A clip's frame at that moment as RGB bytes."""
    frame = np.asarray(clip.get_frame(seconds))
    if clip.is_mask:
        frame = frame * 255
    frame = frame.astype(np.uint8, copy=False)  # as MoviePy's own writer has it
    if frame.ndim == 2:
        frame = frame[:, :, np.newaxis].repeat(3, axis=2)
    if clip.mask is not None:
        mask = np.asarray(clip.mask.get_frame(seconds))
        if mask.min() < 1:
            frame = np.rint(frame[:, :, :3] * mask[:, :, np.newaxis].clip(0, 1)).astype(np.uint8)
    return np.ascontiguousarray(frame[:, :, :3])


def _filling(rgb: Plane, path: CameraPath, width: int, height: int) -> Plane:
    """What a camera that stands still sees of a frame, at the film's size; to half a pixel of the frame."""
    crop = path.crop
    left, top = round(crop.x), round(crop.y)
    seen = rgb[top : top + max(1, round(crop.height)), left : left + max(1, round(crop.width))]
    if seen.shape[:2] == (height, width):
        return seen
    smaller = seen.shape[1] > width
    return np.asarray(
        cv2.resize(seen, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC), np.uint8
    )


def _in_stereo(clip: AudioClip) -> Iterator[Block]:
    """A clip's samples at 48 kHz, taken at its own rate and resampled as those of a file are."""
    rate = round(getattr(clip, "fps", None) or SAMPLE_RATE)
    samples = None if clip.duration is None else round(clip.duration * rate)
    resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
    for start in count(0, _SAMPLES):
        wanted = _SAMPLES if samples is None else min(_SAMPLES, samples - start)
        if wanted <= 0:
            break
        heard = np.asarray(clip.get_frame(np.arange(start, start + wanted) / rate), np.float32).reshape(wanted, -1)
        both = np.ascontiguousarray(np.broadcast_to(heard[:, :2].T, (2, wanted)))
        frame = av.AudioFrame.from_ndarray(both, "fltp", "stereo")
        frame.sample_rate = rate
        yield from _blocks(resampler.resample(frame))
    yield from _blocks(resampler.resample(None))


def _blocks(frames: list[av.AudioFrame]) -> Iterator[Block]:
    yield from (recordings.in_stereo(frame.to_ndarray().astype(np.float32, copy=False)) for frame in frames)


def _failed(source: Source, how: str) -> ImageUnreadable:
    return ImageUnreadable(
        f"The clip {how}. Try it with MoviePy alone.",
        segment_id=source.segment_id,
        segment_index=source.segment_index,
    )
