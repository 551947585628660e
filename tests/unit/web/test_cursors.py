"""Cursors: nobody can make one, and none serves another query."""

from base64 import urlsafe_b64encode

import pytest

from mesonet.errors import InvalidParameter
from mesonet.web.cursors import Cursors
from mesonet.web.request import Request, from_event
from tests.unit.web.requests import event

cursors = Cursors("a key")


def request(path: str = "/stations?name=x&limit=2") -> Request:
    return from_event(event(path))


def with_cursor(text: str, path: str = "/stations?name=x&limit=2") -> Request:
    return request(f"{path}&cursor={text}")


@pytest.mark.parametrize("place", [("walk", "Zürich"), ("", "")])
def test_a_cursor_leads_back_to_its_place(place: tuple[str, str]) -> None:
    assert cursors.read(with_cursor(cursors.make(request(), place)), str, str) == place


def test_without_a_cursor_there_is_no_place() -> None:
    assert cursors.read(request(), str, str) is None
    assert cursors.read(with_cursor(""), str, str) is None


def test_the_size_of_a_page_and_its_representation_may_change() -> None:
    text = cursors.make(request(), [1, 2])
    assert cursors.read(with_cursor(text, "/stations?name=x&limit=500&f=json"), int, int) == (1, 2)


@pytest.mark.parametrize("path", ["/stations?name=y", "/stations?x=x", "/files?name=x", "/stations?name=x&id=1"])
def test_a_cursor_serves_no_other_query(path: str) -> None:
    with pytest.raises(InvalidParameter, match="not one of this query's"):
        cursors.read(with_cursor(cursors.make(request(), [1, 2]), path), int, int)


def test_a_cursor_is_taken_only_from_who_has_the_key() -> None:
    forged = Cursors("another key").make(request(), [1, 2])
    unsigned = urlsafe_b64encode(b"[1,2]").decode()
    own = cursors.make(request(), [1, 2])
    for text in (forged, unsigned, own[:-2], own[:-1] + ("A" if own[-1] != "A" else "B"), "x", "é", "!!"):
        with pytest.raises(InvalidParameter):
            cursors.read(with_cursor(text), int, int)


def test_a_place_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidParameter):
        cursors.read(with_cursor(cursors.make(request(), [1, 2])), str, str)
