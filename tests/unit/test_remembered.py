import pytest

from mesonet import clock
from mesonet.errors import Unavailable
from mesonet.remembered import Remembered, Unchanged


def test_what_was_read_is_known_for_as_long_as_it_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter("abc")
    read = Remembered(lambda: next(answers), for_s=20)
    began = clock.now()
    for later_ms, answer in ((0, "a"), (20_000, "a"), (20_001, "b"), (40_001, "b"), (40_002, "c")):
        monkeypatch.setattr(clock, "now", lambda moment=began + later_ms: moment)
        assert read() == answer


def test_a_clock_that_was_set_back_has_it_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter("ab")
    read = Remembered(lambda: next(answers), for_s=20)
    began = clock.now()
    monkeypatch.setattr(clock, "now", lambda: began)
    assert read() == "a"
    monkeypatch.setattr(clock, "now", lambda: began - 1)
    assert read() == "b"


def test_what_could_not_be_read_is_asked_for_again() -> None:
    answers = iter((Unavailable("busy"), "a"))

    def answer() -> str:
        said = next(answers)
        if isinstance(said, Unavailable):
            raise said
        return said

    read = Remembered(answer, for_s=20)
    with pytest.raises(Unavailable):
        read()
    assert read() == "a"


def test_what_was_made_is_made_anew_only_where_its_source_is_another() -> None:
    made: list[str] = []

    def make(source: list[int]) -> str:
        made.append(repr(source))
        return made[-1]

    remembered: Unchanged[str, list[int], str] = Unchanged(weight=lambda *each: 1, most=100)
    for key, source in (("a", [1]), ("a", [1]), ("b", [1]), ("a", [2]), ("a", [1]), ("b", [1])):
        assert remembered(key, source, make) == repr(source)
    assert made == ["[1]", "[1]", "[2]", "[1]"]


@pytest.mark.parametrize("weighed", [0, 1, 2])
def test_no_more_is_remembered_than_was_said_and_the_oldest_goes_first(weighed: int) -> None:
    """Also where it is the key or the source that is large."""
    made: list[str] = []

    def make(source: str) -> str:
        made.append(source)
        return source

    remembered: Unchanged[str, str, str] = Unchanged(weight=lambda *each: len(each[weighed]), most=6)
    for source in ("aaa", "bbb", "aaa", "cc", "bbb", "aaa", "dddddddd", "dddddddd"):
        assert remembered(source, source, make) == source
    assert made == ["aaa", "bbb", "cc", "aaa", "dddddddd", "dddddddd"]
