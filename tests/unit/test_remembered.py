import pytest

from mesonet import clock
from mesonet.errors import Unavailable
from mesonet.remembered import Remembered


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
