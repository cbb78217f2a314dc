"""Segments over REST: uploads that are looked into before they are kept, and their order."""

import struct
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from media import probe
from media.encoder import encode_chunk
from media.frames import Planes
from media.testing import make_tone
from server.projects import storage
from server.projects.models import Project, Segment

pytestmark = pytest.mark.django_db

Make = Callable[..., dict[str, Any]]


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has next to no pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


PSD = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 4, 4, 8, 3) + bytes(12) + bytes(2) + bytes(48)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'


@pytest.fixture
def project(make_project: Make) -> dict[str, Any]:
    """A project without segments."""
    return make_project(segments=0)


@pytest.fixture
def segments(project: dict[str, Any]) -> str:
    """The address of its segments."""
    return f"/api/projects/{project['id']}/segments/"


def stored(media_root: Path) -> list[str]:
    """The names of all files that were kept."""
    return sorted(path.name for path in media_root.rglob("*") if path.is_file())


def test_a_segment_with_everything(api: APIClient, segments: str, files: Path, media_root: Path) -> None:
    """Picture, sound, caption and motion come in one form; it lasts as long as its sound."""
    with (files / "picture.jpg").open("rb") as picture, (files / "tone.mp3").open("rb") as tone:
        sent = {"image_file": picture, "audio_file": tone, "text_content": "Low tide", "motion": "pan_left"}
        answer = api.post(segments, sent, format="multipart")
    assert answer.status_code == 201
    segment = answer.json()
    address = f"/media{segments.removeprefix('/api')}{segment['id']}/"
    assert segment.pop("image_file").startswith(f"{address}image-")
    assert segment.pop("audio_file").startswith(f"{address}audio-")
    assert segment.pop("seconds") == segment.pop("audio_seconds") == pytest.approx(0.5, abs=0.06)
    segment.pop("updated_at")
    assert segment == {
        "id": str(uuid.UUID(segment["id"])),
        "sequence_index": 0,
        "text_content": "Low tide",
        "duration": None,
        "motion": "pan_left",
        "fit": "cover",
        "transition": None,
        "transition_duration": None,
    }
    assert [Path(name).suffix for name in stored(media_root)] == [".mp3", ".jpg"]


@pytest.mark.parametrize("name", ["tone.wav", "tone.mp3", "tone.m4a", "tone.ogg", "tone.flac"])
def test_each_sound_format_is_measured(api: APIClient, segments: str, files: Path, name: str) -> None:
    """WAV, MP3, M4A, OGG and FLAC are taken, and how long they last is known."""
    with (files / name).open("rb") as tone:
        segment = api.post(segments, {"audio_file": tone}, format="multipart").json()
    assert segment["seconds"] == pytest.approx(0.5, abs=0.06)
    assert segment["audio_file"].endswith(Path(name).suffix)


@pytest.mark.parametrize("name", ["picture.jpg", "picture.png", "picture.webp"])
def test_a_picture_is_named_after_what_it_is(api: APIClient, segments: str, files: Path, name: str) -> None:
    """Whatever the client calls it: the address ends with the real format."""
    lie = SimpleUploadedFile("../../evil.html", (files / name).read_bytes(), "text/html")
    segment = api.post(segments, {"image_file": lie}, format="multipart").json()
    assert segment["image_file"].endswith(Path(name).suffix)


def broken_pictures(files: Path) -> dict[str, bytes]:
    """Contents that no picture has, by what is wrong with them."""
    whole = (files / "picture.jpg").read_bytes()
    return {
        "none": b"This is no picture.",
        "truncated": whole[: len(whole) // 2],
        "empty": b"",
        "huge": png_header(50_000, 50_000),
        "svg": SVG,
        "psd": PSD,
        "sound": (files / "tone.wav").read_bytes(),
    }


NO_PICTURE = "no JPEG, PNG or WebP"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("none", NO_PICTURE),
        ("truncated", "damaged"),
        ("empty", NO_PICTURE),
        ("huge", "too many pixels; the limit is 100,000,000. Make it smaller"),
        ("svg", NO_PICTURE),
        ("psd", NO_PICTURE),
        ("sound", NO_PICTURE),
    ],
)
def test_an_unreadable_picture_is_refused_with_the_reason(
    api: APIClient, segments: str, files: Path, media_root: Path, kind: str, reason: str
) -> None:
    """Nothing is stored of a file that is no picture, is cut short, or claims 2.5 billion pixels."""
    file = SimpleUploadedFile("picture.jpg", broken_pictures(files)[kind], "image/jpeg")
    answer = api.post(segments, {"image_file": file, "duration": 1}, format="multipart")
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "image_unreadable"
    assert problem["message"].startswith("image_file: ")
    assert reason in problem["message"]
    assert list(problem["fields"]) == ["image_file"]
    assert api.get(segments).json()["count"] == 0
    assert stored(media_root) == []


def broken_sounds(files: Path, folder: Path) -> dict[str, bytes]:
    """Contents that no sound may have, by what is wrong with them."""
    wave = make_tone(folder / "tone.wav", seconds=0.01).read_bytes()
    header = wave[: wave.index(b"data") + 4]
    return {
        "none": b"This is no sound.",
        "empty": b"",
        "a picture": (files / "picture.png").read_bytes(),
        "no audio stream": silent_film(),
        "no samples": header + struct.pack("<I", 0),
        "too long": make_tone(folder / "long.wav", seconds=3, sample_rate=8000).read_bytes(),
    }


def silent_film() -> bytes:
    """An MP4 of one grey picture."""

    def draw(planes: Planes) -> Iterator[None]:
        for plane in planes:
            plane.fill(128)
        yield

    return encode_chunk(draw, width=64, height=64, framerate=10)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("none", "can't be decoded"),
        ("empty", "can't be decoded"),
        ("a picture", "can't be decoded"),
        ("no audio stream", "has no sound in it"),
        ("no samples", "lasts 0 seconds"),
        ("too long", "longer than 2 seconds"),
    ],
)
def test_an_unreadable_sound_is_refused_with_the_reason(
    api: APIClient,
    segments: str,
    files: Path,
    media_root: Path,
    tmp_path: Path,
    settings: Settings,
    kind: str,
    reason: str,
) -> None:
    """Nothing is stored of a sound that is none, lasts no time at all, or longer than allowed."""
    settings.UPLOAD_MAX_AUDIO_SECONDS = 2
    file = SimpleUploadedFile("tone.wav", broken_sounds(files, tmp_path)[kind], "audio/wav")
    answer = api.post(segments, {"audio_file": file}, format="multipart")
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "audio_unreadable"
    assert problem["message"].startswith("audio_file: ")
    assert reason in problem["message"]
    assert api.get(segments).json()["count"] == 0
    assert stored(media_root) == []


def test_a_picture_with_too_many_pixels_is_refused(
    api: APIClient, segments: str, files: Path, settings: Settings
) -> None:
    """The limit is the server's own, not only the engine's."""
    settings.UPLOAD_MAX_IMAGE_PIXELS = 160 * 90 - 1
    with (files / "picture.png").open("rb") as picture:
        answer = api.post(segments, {"image_file": picture}, format="multipart")
    assert (answer.status_code, answer.json()["code"][:6]) == (400, "image_")


def test_a_file_that_finds_no_turn_is_sent_away_for_now(
    api: APIClient, segments: str, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with the time to come back, and the next try is taken."""
    monkeypatch.setattr(probe, "TURN_SECONDS", 0.1)
    sent = {"image_file": (files / "picture.png").open("rb")}
    with sent["image_file"], ExitStack() as turns:
        for _ in range(probe.WORKERS):
            turns.enter_context(probe._turns)
        answer = api.post(segments, sent, format="multipart")
        assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "10")
        turns.close()
        sent["image_file"].seek(0)
        assert api.post(segments, sent, format="multipart").status_code == 201


def test_a_file_with_too_many_bytes_is_too_large(
    api: APIClient, segments: str, files: Path, settings: Settings, media_root: Path
) -> None:
    """413 for one file over its limit, and for a form over all limits together."""
    settings.UPLOAD_MAX_IMAGE_BYTES = 1000
    with (files / "picture.png").open("rb") as picture:
        answer = api.post(segments, {"image_file": picture}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.json()["message"].startswith("image_file: ")
    settings.UPLOAD_MAX_AUDIO_BYTES = 1000
    file = SimpleUploadedFile("tone.wav", bytes(2_000_000))
    answer = api.post(segments, {"audio_file": file}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert stored(media_root) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duration", -1),
        ("duration", 0),
        ("duration", 3601),
        ("duration", "nan"),
        ("duration", "inf"),
        ("duration", "long"),
        ("motion", "spin"),
        ("text_content", "x" * 2001),
        ("image_file", "a.jpg"),
    ],
)
def test_a_wrong_value_is_refused_with_the_field_named(api: APIClient, segments: str, field: str, value: Any) -> None:
    """Negative durations, unknown motions and the like: 400, and the message begins with the field."""
    answer = api.post(segments, {field: value})
    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["code"], list(problem["fields"])) == ("invalid", [field])
    assert problem["message"].startswith(f"{field}: ")


def test_segments_are_numbered_without_gaps(api: APIClient, make_project: Make) -> None:
    """A removed segment's place is taken by those behind it, and a new one comes last."""
    project = make_project(segments=4)
    address = f"/api/projects/{project['id']}/segments/"
    ids = [segment["id"] for segment in project["segments"]]
    assert api.delete(f"{address}{ids[1]}/").status_code == 204
    api.post(address, {"duration": 1})
    page = api.get(address).json()
    assert [segment["sequence_index"] for segment in page["results"]] == [0, 1, 2, 3]
    assert [segment["id"] for segment in page["results"]][:3] == [ids[0], ids[2], ids[3]]


def test_segments_can_be_reordered(api: APIClient, make_project: Make) -> None:
    """All of them, each once, at once."""
    project = make_project(segments=3)
    address = f"/api/projects/{project['id']}/segments/"
    order = [project["segments"][index]["id"] for index in (2, 0, 1)]
    answer = api.post(f"{address}reorder/", {"order": order})
    assert answer.status_code == 200
    assert [segment["id"] for segment in answer.json()] == order
    listed = api.get(address).json()["results"]
    assert [(segment["id"], segment["sequence_index"]) for segment in listed] == list(zip(order, range(3), strict=True))


@pytest.mark.parametrize("wrong", ["one missing", "one twice", "one foreign", "not ids", "no list"])
def test_a_wrong_order_changes_nothing(api: APIClient, make_project: Make, wrong: str) -> None:
    """An order that isn't one of all segments is refused as a whole."""
    project = make_project(segments=3)
    ids = [segment["id"] for segment in project["segments"]]
    orders = {
        "one missing": ids[:2],
        "one twice": [ids[0], ids[1], ids[1]],
        "one foreign": [ids[0], ids[1], str(uuid.uuid4())],
        "not ids": [0, 1, 2],
        "no list": "reverse",
    }
    answer = api.post(f"/api/projects/{project['id']}/segments/reorder/", {"order": orders[wrong]})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["message"]
    assert [segment["id"] for segment in api.get(f"/api/projects/{project['id']}/").json()["segments"]] == ids


def test_a_replaced_file_goes(api: APIClient, make_project: Make, files: Path, media_root: Path) -> None:
    """A new picture gets a name of its own, and the old one is removed, as nothing is being rendered."""
    project = make_project(segments=1)
    (segment,) = project["segments"]
    (before,) = stored(media_root)
    with (files / "picture.jpg").open("rb") as picture:
        address = f"/api/projects/{project['id']}/segments/{segment['id']}/"
        changed = api.patch(address, {"image_file": picture}, format="multipart")
    assert changed.status_code == 200
    (after,) = stored(media_root)
    assert before != after
    assert changed.json()["image_file"].endswith(after)


def test_a_replaced_file_stays_while_a_render_may_read_it(api: APIClient, make_project: Make, media_root: Path) -> None:
    """An edit during a render counts for the next one; the files of this one are swept at its end."""
    project = make_project(segments=1)
    (segment,) = project["segments"]
    Project.objects.update(status=Project.Status.PROCESSING)
    answer = api.patch(f"/api/projects/{project['id']}/segments/{segment['id']}/", {"image_file": None})
    assert answer.json()["image_file"] is None
    assert len(stored(media_root)) == 1
    Project.objects.update(status=Project.Status.FAILED)
    storage.sweep(project["id"])
    assert stored(media_root) == []


def test_a_removed_sound_takes_its_length_along(api: APIClient, segments: str, files: Path) -> None:
    """Without sound and duration nobody knows how long a segment lasts."""
    with (files / "tone.wav").open("rb") as tone:
        segment = api.post(segments, {"audio_file": tone}, format="multipart").json()
    assert segment["seconds"] == 0.5
    emptied = api.patch(f"{segments}{segment['id']}/", {"audio_file": ""}, format="multipart").json()
    assert (emptied["audio_file"], emptied["audio_seconds"], emptied["seconds"]) == (None, None, None)


def test_a_failed_transaction_leaves_no_file(project: dict[str, Any], files: Path, media_root: Path) -> None:
    """What was stored on the way is taken away again."""
    upload = SimpleUploadedFile("image.png", (files / "picture.png").read_bytes())
    segment = Segment(project_id=project["id"], sequence_index=0, image_file=upload)

    def fail_after_storing() -> None:
        with storage.storing(segment):
            segment.save()
            assert len(stored(media_root)) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_storing()
    assert stored(media_root) == []


def test_a_project_holds_so_many_segments(api: APIClient, make_project: Make, settings: Settings) -> None:
    """One more than allowed is refused."""
    settings.MAX_SEGMENTS = 2
    project = make_project(segments=2)
    answer = api.post(f"/api/projects/{project['id']}/segments/", {"duration": 1})
    assert (answer.status_code, answer.json()["code"]) == (400, "too_many_segments")
    assert answer.json()["limit"] == 2


def test_another_project_s_segment_is_not_found(api: APIClient, make_project: Make) -> None:
    """A segment has an address below its own project only."""
    (segment,) = make_project(segments=1)["segments"]
    other = make_project(segments=1)
    answer = api.get(f"/api/projects/{other['id']}/segments/{segment['id']}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
