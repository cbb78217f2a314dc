"""What the benchmarks are rendered from."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from media.sample.film import SampleSegment, make_sample

SIZE = (2400, 1600)
_OCTAVES = 5
_TEXTURE = 5.0  # levels of 255 an octave
_GRAIN = 2.5


def photographs(folder: Path) -> list[SampleSegment]:
    """The sample film's segments with the texture of a photograph: as much of it in each octave, and grain.

    Paintings by code are smoother than what a camera sees, and so cost an encoder less than people's own pictures do.
    """
    segments = make_sample(folder, width=SIZE[0], height=SIZE[1])
    for number, segment in enumerate(segments):
        random = np.random.default_rng(number)
        with Image.open(segment.image) as painting:
            picture = np.asarray(painting, np.float32)
        for octave in range(1, _OCTAVES + 1):
            coarse = random.normal(0, _TEXTURE, (SIZE[1] >> octave, SIZE[0] >> octave, 1)).astype(np.float32)
            picture = picture + cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC)[..., None]
        picture = picture + random.normal(0, _GRAIN, (SIZE[1], SIZE[0], 1)).astype(np.float32)
        Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(segment.image, quality=92)
    return segments
