"""What a client has not been told yet: of the one project that it follows, or of all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.followers import Latest, Outbox
from realtime.payload import encode_draft

EACH = pytest.mark.parametrize("kind", [Latest, Outbox])


@EACH
@given(story=st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=40))
def test_a_reader_of_any_speed_sees_rising_revisions_and_the_last_one(kind, story):
    """However puts and takes interleave, a project's revisions rise strictly, and the highest is seen."""
    outbox = kind()
    seen: list[int] = []
    for revision, reads in [*story, (0, True)]:
        outbox.put(encode_draft("p", revision))
        if reads and (news := outbox.take()) is not None:
            seen.append(news[1].revision)
    assert outbox.take() is None
    assert seen == sorted(set(seen))
    assert seen[-1] == max((revision for revision, _ in story), default=0)


@given(story=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.booleans()), max_size=60))
def test_projects_don_t_get_in_each_other_s_way(story):
    """Of each of several projects the revisions rise, and the highest is seen."""
    outbox = Outbox()
    seen: dict[str, list[int]] = {"a": [], "b": []}
    highest: dict[str, int] = {}

    def take() -> bool:
        news = outbox.take()
        if news is not None:
            seen[news[0]].append(news[1].revision)
        return news is not None

    for project_id, revision, reads in story:
        outbox.put(encode_draft(project_id, revision))
        highest[project_id] = max(revision, highest.get(project_id, 0))
        if reads:
            take()
    while take():
        pass
    for project_id, revisions in seen.items():
        assert revisions == sorted(set(revisions))
        assert revisions[-1:] == ([highest[project_id]] if project_id in highest else [])


def test_nobody_starves():
    """A project that changes all the time doesn't keep another one waiting."""
    outbox = Outbox()
    outbox.put(encode_draft("busy", 1))
    outbox.put(encode_draft("quiet", 1))
    assert outbox.take() == ("busy", encode_draft("busy", 1))
    outbox.put(encode_draft("busy", 2))
    assert outbox.take()[0] == "quiet"


@EACH
def test_a_deleted_project_stays_deleted(kind):
    """A deletion is told once, and nothing after it, even if an older read arrives late."""
    outbox = kind()
    outbox.put(encode_draft("p", 1))
    outbox.put_deletion("p")
    assert not outbox.put(encode_draft("p", 2))
    assert outbox.take() == ("p", None)
    outbox.put_deletion("p")
    assert outbox.take() is None


@EACH
def test_what_is_known_is_no_news(kind):
    """Whoever was told by other means is told only what is newer."""
    outbox = kind()
    outbox.put(encode_draft("p", 1))
    outbox.pass_over(encode_draft("p", 2))
    assert outbox.take() is None
    assert not outbox.put(encode_draft("p", 2))
    assert outbox.put(encode_draft("p", 3))
    assert outbox.take() == ("p", encode_draft("p", 3))
