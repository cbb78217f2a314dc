"""The benchmarks' film as somebody writes it who opens MoviePy's guide; prints the frames that it made in a second.

Its pictures move by a `resized` that is another one at each moment, its captions are `TextClip`s, and its writer has
the preset, the rate factor and as many threads as there are cores. It makes the first segment alone: each frame
takes as long as any other.
"""

import sys
import tempfile
import time
from pathlib import Path

from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, TextClip, concatenate_videoclips

from media import cores
from media.captions import FONT
from media.encoder import STANDARD
from media.motion import TRAVEL
from media.timeline import Segment
from tests.benchmarks.engine import FRAMERATE, HEIGHT, WIDTH, film

SEGMENTS = 1


def scene(segment: Segment) -> CompositeVideoClip:
    """A picture that comes nearer, its caption, and its narration."""
    picture = ImageClip(str(segment.image)).with_duration(segment.seconds)
    cover = max(WIDTH / picture.w, HEIGHT / picture.h)
    moving = picture.resized(lambda t: cover * (1 + (TRAVEL - 1) * t / segment.seconds)).with_position("center")
    caption = TextClip(
        font=str(FONT),
        text=segment.caption,
        font_size=round(0.055 * HEIGHT),
        color="white",
        stroke_color="black",
        stroke_width=4,
        method="caption",
        size=(round(0.86 * WIDTH), None),
        text_align="center",
        duration=segment.seconds,
    )
    placed = caption.with_position(("center", round(0.94 * HEIGHT) - caption.h))
    narration = AudioFileClip(str(segment.audio))
    heard = narration.subclipped(0, min(narration.duration, segment.seconds))
    return CompositeVideoClip([moving, placed], size=(WIDTH, HEIGHT)).with_audio(heard)


def main(folder: Path) -> float:
    """Frames a second of the whole program, from its files to the film."""
    begun = time.perf_counter()
    whole = concatenate_videoclips([scene(segment) for segment in film(folder).segments[:SEGMENTS]])
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        whole.write_videofile(
            f"{scratch}/film.mp4",
            fps=FRAMERATE,
            codec="libx264",
            preset=STANDARD.preset,
            ffmpeg_params=["-crf", str(STANDARD.crf)],
            threads=cores.available(),
            audio_fps=48_000,
            audio_codec="aac",
            temp_audiofile_path=scratch,
            logger=None,
        )
        return float(whole.duration * FRAMERATE / (time.perf_counter() - begun))


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]))}\n")
