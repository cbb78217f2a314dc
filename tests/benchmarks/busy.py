"""How soon a polling client is answered while a render has every core of the machine at work."""

import tempfile
import time
from pathlib import Path

import cv2
import httpx
import numpy as np

from tests.acceptance.server import until
from tests.benchmarks import Figure, Figures
from tests.benchmarks.servers import DAPHNE, rushes

PICTURES = 6
PICTURE_SECONDS = 10
POLLS = 300
PAUSE = 0.03


def measure() -> Figures:
    """Every figure of this module, by name."""
    with rushes(DAPHNE) as server, httpx.Client(base_url=f"http://127.0.0.1:{server.port}/api/projects/") as client:
        status = _begin(client)
        until(lambda: _frames(client, status) > 0, "the first frame", within=60)
        times = []
        for _ in range(POLLS):
            asked = time.perf_counter()
            client.get(status).raise_for_status()
            times.append((time.perf_counter() - asked) * 1000)
            time.sleep(PAUSE)
        render = client.get(status).json()["render"]
        assert render["state"] == "running", "the render ended before it was measured"
    times.sort()
    return {
        "status_while_rendering_ms_p50": Figure(times[len(times) // 2]),
        "status_while_rendering_ms_p99": Figure(times[len(times) * 99 // 100], at_most=100),
    }


def _begin(client: httpx.Client) -> str:
    """Render a film of 1920 by 1080 that takes longer than the measurement; the path of its status."""
    project = client.post("", data={"title": "Busy"}).raise_for_status().json()["id"]
    noise = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(PICTURES):
            picture = Path(folder) / f"{number}.jpg"
            coarse = noise.integers(0, 255, (68, 120, 3), np.uint8)
            cv2.imwrite(str(picture), cv2.resize(coarse, (1920, 1080), interpolation=cv2.INTER_CUBIC))
            client.post(
                f"{project}/segments/",
                data={"duration": PICTURE_SECONDS},
                files={"image_file": picture.open("rb")},
                timeout=30,
            ).raise_for_status()
    client.post(f"{project}/render/").raise_for_status()
    return f"{project}/status/"


def _frames(client: httpx.Client, status: str) -> int:
    frames: int = client.get(status).json()["render"]["rendered_frames"]
    return frames
