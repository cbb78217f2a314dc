"""Films and other files over HTTP, as RFC 9110 has ranges and conditions."""

import asyncio
import io
import uuid
from pathlib import Path

import pytest
from django.http import StreamingHttpResponse
from django.test import AsyncClient
from PIL import Image

from media.testing import make_picture
from server.projects import files as media_files
from server.projects.models import Project

CONTENT = bytes(range(256)) * 5000


class Film:
    """A project's film on the disk, and a client that asks for it."""

    def __init__(self, media_root: Path) -> None:
        self.project_id = str(uuid.uuid4())
        self.url = f"/media/projects/{self.project_id}/output/final.mp4"
        self.path = media_root / "projects" / self.project_id / "output" / "final.mp4"
        self.path.parent.mkdir(parents=True)
        self.path.write_bytes(CONTENT)
        self.client = AsyncClient()

    async def get(self, query: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of a GET."""
        response = await self.client.get(self.url + query, headers=headers)
        return response.status_code, dict(response.headers), await body_of(response)

    async def head(self, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """The same of a HEAD."""
        response = await self.client.head(self.url, headers=headers)
        return response.status_code, dict(response.headers), await body_of(response)


async def body_of(response: object) -> bytes:
    """All that a response sends, streamed or not."""
    if isinstance(response, StreamingHttpResponse):
        return b"".join([block async for block in response])
    return response.content  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def film(media_root: Path) -> Film:
    """1.28 MB that are no film, but served as one."""
    return Film(media_root)


async def test_the_whole_film(film: Film) -> None:
    """Without a range everything comes, with its type, length, and what is needed to ask again."""
    status, headers, body = await film.get()
    assert (status, body) == (200, CONTENT)
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Content-Length"] == str(len(CONTENT))
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["ETag"].startswith('"')
    assert headers["Last-Modified"].endswith("GMT")
    assert "Content-Disposition" not in headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=0-0", 0, 0),
        ("bytes=100-", 100, len(CONTENT) - 1),
        ("bytes=-100", len(CONTENT) - 100, len(CONTENT) - 1),
        ("bytes=-99999999", 0, len(CONTENT) - 1),
        ("bytes=5-99999999", 5, len(CONTENT) - 1),
        ("bytes=300000-900000", 300_000, 900_000),
    ],
)
async def test_a_range(film: Film, asked: str, first: int, last: int) -> None:
    """206 with exactly the bytes from the first to the last."""
    status, headers, body = await film.get(Range=asked)
    assert (status, body) == (206, CONTENT[first : last + 1])
    assert headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert headers["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", [f"bytes={len(CONTENT)}-", "bytes=-0", "bytes=99999999-99999999"])
async def test_a_range_beyond_the_end(film: Film, asked: str) -> None:
    """416, which says how long the film is."""
    status, headers, body = await film.get(Range=asked)
    assert (status, body) == (416, b"")
    assert headers["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize(
    "asked", ["bytes=9-3", "bytes=-", "frames=0-9", "bytes=0-1,5-9", "bytes=a-b", "bytes=" + "9" * 5000 + "-"]
)
async def test_what_is_no_range_is_ignored(film: Film, asked: str) -> None:
    """Another unit, several ranges, nonsense: the whole film, as the RFC has it."""
    status, _, body = await film.get(Range=asked)
    assert (status, len(body)) == (200, len(CONTENT))


async def test_an_unchanged_film_is_not_sent_again(film: Film) -> None:
    """304 for the ETag, alone or in a list, and for the date; not for another ETag."""
    _, headers, _ = await film.get()
    for condition in (
        {"If-None-Match": headers["ETag"]},
        {"If-None-Match": f'"other", W/{headers["ETag"]}'},
        {"If-Modified-Since": headers["Last-Modified"]},
    ):
        status, again, body = await film.get("", **condition)
        assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    assert (await film.get("", **{"If-None-Match": '"other"'}))[0] == 200


async def test_a_range_of_a_film_that_has_changed_is_the_whole_new_one(film: Film) -> None:
    """If-Range keeps a player from mixing the bytes of two films."""
    _, headers, _ = await film.get()
    ranged = {"Range": "bytes=0-9"}
    assert (await film.get("", **ranged, **{"If-Range": headers["ETag"]}))[0] == 206
    assert (await film.get("", **ranged, **{"If-Range": headers["Last-Modified"]}))[0] == 206
    film.path.write_bytes(CONTENT[:-1])
    status, _, body = await film.get("", **ranged, **{"If-Range": headers["ETag"]})
    assert (status, len(body)) == (200, len(CONTENT) - 1)


async def test_head_tells_without_sending(film: Film) -> None:
    """HEAD has the headers of GET and no body, with a range as well."""
    status, headers, body = await film.head()
    assert (status, headers["Content-Length"], body) == (200, str(len(CONTENT)), b"")
    status, headers, body = await film.head(Range="bytes=0-9")
    assert (status, headers["Content-Length"], body) == (206, "10", b"")


async def test_a_film_that_is_replaced_while_it_is_read_stays_one_film(film: Film) -> None:
    """Whoever began with the old one gets it to its end, and its length is right."""
    response = await film.client.get(film.url)
    assert isinstance(response, StreamingHttpResponse)
    blocks = aiter(response)
    body = await anext(blocks)
    newer = film.path.with_name("newer.mp4")
    newer.write_bytes(b"newer")
    newer.replace(film.path)
    body += b"".join([block async for block in blocks])
    assert body == CONTENT
    assert (await film.get())[2] == b"newer"


async def test_a_film_is_read_block_by_block(film: Film) -> None:
    """What is sent at once is one block, however long the film is."""
    response = await film.client.get(film.url)
    assert isinstance(response, StreamingHttpResponse)
    sizes = [len(block) async for block in response]
    assert max(sizes) == media_files.BLOCK
    assert len(sizes) == -(-len(CONTENT) // media_files.BLOCK)


async def test_a_film_that_nobody_reads_is_let_go(film: Film) -> None:
    """A response that is closed before it begins holds no file open."""
    response = await film.client.get(film.url)
    assert str(film.path) in open_files()
    await asyncio.to_thread(response.close)
    assert str(film.path) not in open_files()


def open_files() -> set[str]:
    """The names of all files that this process has open."""
    return {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Harbour", 'attachment; filename="Harbour.mp4"'),
        ('../etc/passwd: "a\\b"', 'attachment; filename="etc passwd a b.mp4"'),
        ("Größe", "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.mp4"),
        ("\r\nX: y", 'attachment; filename="X y.mp4"'),
        ("...", 'attachment; filename="film.mp4"'),
    ],
)
async def test_a_download_has_the_title_as_its_name(film: Film, title: str, name: str) -> None:
    """`?download=1` makes an attachment, whose name no system chokes on."""
    await Project.objects.acreate(id=film.project_id, title=title)
    _, headers, body = await film.get("?download=1")
    assert headers["Content-Disposition"] == name
    assert body == CONTENT


@pytest.mark.parametrize(
    "path",
    [
        "/media/projects/{id}/output/../../../secret",
        "/media/projects/{id}/output/..%2F..%2F..%2Fsecret",
        "/media/projects/{id}/%2e%2e/%2e%2e/secret",
        "/media/projects/../secret",
        "/media/secret",
        "/media//etc/passwd",
        "/media/projects/{id}/output/.final.mp4.1-ab",
        "/media/projects/{id}/output/",
        "/media/projects/{id}/output/final.mp4/",
        "/media/projects/{id}/output/final.mp4%00",
        "/media/projects/{id}/output/final.mp4%0A",
        "/media/projects/00000000-0000-0000-0000-000000000000/output/final.mp4",
        "/media/projects/{id}/segments/{id}/image-0123456789abcdef.png",
    ],
)
async def test_there_is_no_way_out_of_the_folder(film: Film, media_root: Path, path: str) -> None:
    """Only names that the server gives are served; everything else is not found."""
    (media_root / "secret").write_text("secret")
    (film.path.parent / ".final.mp4.1-ab").write_text("unfinished")
    response = await film.client.get(path.format(id=film.project_id))
    assert response.status_code == 404


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
async def test_other_verbs_are_refused(film: Film, verb: str) -> None:
    """A film can be read, nothing else, whoever asks and without a token."""
    client = AsyncClient(enforce_csrf_checks=True)
    assert (await client.generic(verb, film.url)).status_code == 405


async def test_pictures_and_sounds_never_change_under_their_names(film: Film, media_root: Path) -> None:
    """A segment's file may be kept for ever; its type is the one of its suffix."""
    folder = media_root / "projects" / film.project_id / "segments" / film.project_id
    folder.mkdir(parents=True)
    (folder / "image-0123456789abcdef.webp").write_bytes(b"webp")
    url = f"/media/projects/{film.project_id}/segments/{film.project_id}/image-0123456789abcdef.webp"
    response = await film.client.get(url)
    assert await body_of(response) == b"webp"
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]


async def test_a_picture_is_made_small_where_it_is_one_of_many(film: Film, media_root: Path) -> None:
    """`?thumbnail=1` is upright, no larger than it is shown, as lasting as its picture, and gone with it."""
    folder = media_root / "projects" / film.project_id / "segments" / film.project_id
    folder.mkdir(parents=True)
    picture = make_picture(folder / "image-0123456789abcdef.jpg", width=1600, height=900)
    film.url = f"/media/projects/{film.project_id}/segments/{film.project_id}/{picture.name}"
    for _ in range(2):
        status, headers, body = await film.get("?thumbnail=1")
        assert (status, headers["Content-Type"]) == (200, "image/jpeg")
        assert "immutable" in headers["Cache-Control"]
        with Image.open(io.BytesIO(body)) as small:
            assert small.size == (400, 225)
    picture.unlink()
    assert (await film.get("?thumbnail=1"))[0] == 404


async def test_a_picture_that_cannot_be_read_has_no_thumbnail(film: Film, media_root: Path) -> None:
    """What was damaged on the disk is not found, like what is gone."""
    folder = media_root / "projects" / film.project_id / "segments" / film.project_id
    folder.mkdir(parents=True)
    (folder / "image-0123456789abcdef.jpg").write_bytes(b"no picture")
    film.url = f"/media/projects/{film.project_id}/segments/{film.project_id}/image-0123456789abcdef.jpg"
    assert (await film.get("?thumbnail=1"))[0] == 404
