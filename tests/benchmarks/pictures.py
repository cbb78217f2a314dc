"""How good the pictures are: sharpness before and after encoding, and how true the camera runs."""

import statistics
import tempfile
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media import chunks, encoder
from media.cache import ChunkCache
from media.files import digest_of
from media.frames import Glide, Planes, Shot, decode
from media.motion import CameraPath
from media.render import render
from media.sample.film import make_sample
from media.timeline import Motion, Segment, Timeline
from tests.benchmarks import Figure, Figures
from tests.similarity import Grey, ssim

WIDTH, HEIGHT, FRAMERATE = 1920, 1080, 30
MOMENTS = (0.0, 0.31, 0.5, 0.77, 1.0)

_LOW = 0.1  # cycles a pixel

Spectrum = NDArray[np.complex128]


def measure() -> Figures:
    """Every figure of this module, by name."""
    with tempfile.TemporaryDirectory(prefix="rushes-bench-") as name:
        folder = Path(name)
        pictures = [one.image for one in make_sample(folder / "sample", width=2400, height=1600)]
        return {
            "ssim_generated": Figure(min(_generated(picture) for picture in pictures), at_least=0.99),
            "ssim_encoded": Figure(min(_encoded(picture, folder) for picture in pictures), at_least=0.95),
            "motion_deviation_px_rms": Figure(_deviation(pictures[1]), at_most=0.1),
        }


def _generated(picture: Path) -> float:
    """The worst similarity of drawn luma to that of a precise Lanczos filter, over the moments of a zoom."""
    rgb = decode(picture.read_bytes())
    path = CameraPath.over(Motion.ZOOM_IN, (rgb.shape[1], rgb.shape[0]), (WIDTH, HEIGHT))
    shot, planes = Shot(rgb, path, WIDTH), Planes.empty(WIDTH, HEIGHT)
    worst = 1.0
    for moment in MOMENTS:
        shot.draw(moment, planes)
        worst = min(worst, ssim(planes.y.astype(np.float64), _reference(rgb, path, moment)))
    return worst


def _reference(rgb: NDArray[np.uint8], path: CameraPath, moment: float) -> Grey:
    """What the camera sees, scaled in floating point by Lanczos, as BT.709 luma."""
    view = path.at(moment)
    box = (view.x, view.y, view.x + view.width, view.y + view.height)
    red, green, blue = (
        np.asarray(
            Image.fromarray(rgb[..., channel].astype(np.float32)).resize(
                (WIDTH, HEIGHT), Image.Resampling.LANCZOS, box
            ),
            np.float64,
        )
        for channel in range(3)
    )
    return 16 + 219 / 255 * (0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _encoded(picture: Path, folder: Path) -> float:
    """The mean similarity of a rendered film's luma to the frames as they were drawn."""
    timeline = Timeline(WIDTH, HEIGHT, FRAMERATE, (Segment("1", picture, 1.0, None, "A caption", Motion.ZOOM_IN),))
    render(timeline, folder / "film.mp4", cache=ChunkCache(folder / "cache"))
    planes, similarities = Planes.empty(WIDTH, HEIGHT), []
    (part,) = chunks.plan(timeline, [digest_of(picture)], encoder.STANDARD)
    with av.open(folder / "film.mp4") as container:
        for frame, _ in zip(container.decode(video=0), chunks.draw(part, planes), strict=True):
            shown = frame.to_ndarray()[:HEIGHT]
            similarities.append(ssim(shown.astype(np.float64), planes.y.astype(np.float64)))
    return statistics.fmean(similarities)


def _deviation(picture: Path) -> float:
    """By how many pixels the shift from frame to frame differs from the camera's path, root mean square."""
    rgb = decode(picture.read_bytes())
    window = np.asarray(cv2.createHanningWindow((WIDTH, HEIGHT), cv2.CV_64F))
    errors = []
    for motion in (Motion.PAN_RIGHT, Motion.PAN_LEFT, Motion.PAN_UP, Motion.PAN_DOWN):
        path = CameraPath.over(motion, (rgb.shape[1], rgb.shape[0]), (WIDTH, HEIGHT))
        glide, planes = Glide(Shot(rgb, path, WIDTH), (WIDTH, HEIGHT)), Planes.empty(WIDTH, HEIGHT)
        views = [path.at(number / 119) for number in range(40, 70)]
        spectra = []
        for number in range(40, 70):
            glide.draw(number / 119, planes)
            spectra.append(np.fft.rfft2(planes.y * window))
        scale = WIDTH / views[0].width
        for (view, following), pair in zip(pairwise(views), pairwise(spectra), strict=True):
            wanted = (view.x - following.x) * scale, (view.y - following.y) * scale
            errors.append(sum(error**2 for error in _residual(*pair, wanted)))
    return float(np.sqrt(statistics.fmean(errors)))


def _residual(before: Spectrum, after: Spectrum, wanted: tuple[float, float]) -> tuple[float, float]:
    """By how many pixels (x, y) one frame is shifted against another beyond what is `wanted`.

    Phase correlation: a shift turns the phase of each frequency in proportion to it. The wanted shift is taken back,
    and a plane is fitted to what is left over the low frequencies, weighted by their power. (A peak searched for
    among whole pixels, as `cv2.phaseCorrelate` does, is a fifth of a pixel off even for frames shifted without error.)
    """
    down, across = np.fft.fftfreq(HEIGHT)[:, None], np.fft.rfftfreq(WIDTH)[None, :]
    cross = after * np.conj(before) * np.exp(2j * np.pi * (across * wanted[0] + down * wanted[1]))
    low = (np.hypot(down, across) < _LOW) & (np.abs(cross) > 0)
    weight, turned = np.abs(cross[low]), np.angle(cross[low])
    plane = -2 * np.pi * np.stack(np.broadcast_arrays(across, down))[:, low]
    x, y = np.linalg.solve((plane * weight) @ plane.T, (plane * weight) @ turned)
    return float(x), float(y)
