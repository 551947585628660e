"""Records are to the standard library, and behave, as its dataclasses."""

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable

import pytest

from mesonet.record import all_of_members, dataclass, each_of_members, field, members, names, of_members, replace
from mesonet.regex import regex


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    heights: tuple[float, ...] = ()


@dataclass(slots=True, kw_only=True)
class Seen:
    place: Place
    times: list[int] = field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class Oracle:
    name: str
    heights: tuple[float, ...] = ()


def test_a_record_is_made_compared_and_shown_as_a_dataclass_is() -> None:
    ours, oracle = Place("Rye", (2.0,)), Oracle("Rye", (2.0,))
    assert ours == Place(name="Rye", heights=(2.0,)) != Place("Rye")
    assert hash(ours) == hash(oracle)
    assert repr(ours) == repr(oracle).replace("Oracle", "Place")
    assert Place.__match_args__ == Oracle.__match_args__
    assert names(Place) == tuple(each.name for each in dataclasses.fields(Oracle))
    assert members(ours) == dataclasses.asdict(oracle)


def test_what_the_standard_library_knows_a_record_by_is_made_once() -> None:
    assert dataclasses.asdict(Seen(place=Place("a", (1.0,)))) == {"place": {"name": "a", "heights": (1.0,)}, "times": []}
    assert Seen.__dataclass_fields__ is Seen.__dataclass_fields__


@pytest.mark.parametrize(("given", "named"), [((), {}), (("a", (), 1), {}), (("a",), {"name": "b"}), (("a",), {"zone": 1})])
def test_what_a_dataclass_refuses_a_record_refuses(given: tuple[object, ...], named: dict[str, object]) -> None:
    for kind in (Oracle, Place):
        with pytest.raises(TypeError):
            kind(*given, **named)  # type: ignore[arg-type]


def test_only_what_is_frozen_cannot_be_changed_and_nothing_gets_members() -> None:
    with pytest.raises(AttributeError, match="Place is frozen"):
        Place("a").name = "b"  # type: ignore[misc]
    seen = Seen(place=Place("a"))
    seen.times = [1]
    assert seen == Seen(place=Place("a"), times=[1])
    with pytest.raises(AttributeError):
        seen.other = 1  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        hash(seen)
    with pytest.raises(TypeError):
        Seen(Place("a"))  # type: ignore[call-arg]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    now: Callable[[], int] = lambda: 7


def test_a_function_may_be_a_default() -> None:
    assert Clock().now() == Clock(now=lambda: 7).now() == replace(Clock()).now() == 7


def test_a_factory_makes_a_default_for_each() -> None:
    first = Seen(place=Place("a"))
    first.times.append(1)
    assert Seen(place=Place("a")).times == []


def test_a_record_of_a_dictionary_is_the_one_that_its_members_make() -> None:
    for _ in range(2):  # the second time it is known to be right
        assert of_members(Place, {"name": "a", "heights": (1.0,)}) == Place("a", (1.0,))
        assert of_members(Place, {"name": "a"}) == Place("a")
        assert of_members(Seen, {"place": Place("a")}) == Seen(place=Place("a"))
        with pytest.raises(TypeError, match="lacks the arguments 'name'"):
            of_members(Place, {"heights": ()})
        assert each_of_members(Place, {1: {"name": "a"}, 2: {"name": "b"}}) == {1: Place("a"), 2: Place("b")}
        assert [*all_of_members(Place, [{"name": each} for each in "ab"])] == [Place("a"), Place("b")]
        assert [*all_of_members(Seen, [{"place": Place(each)} for each in "ab"])] == [Seen(place=Place(each)) for each in "ab"]
        assert each_of_members(Seen, {1: {"place": Place("a")}}) == {1: Seen(place=Place("a"))}
        with pytest.raises(TypeError, match="lacks the arguments 'name'"):
            each_of_members(Place, {1: {"heights": ()}})


def test_the_standard_library_takes_a_record_for_a_dataclass() -> None:
    seen = Seen(place=Place("a"), times=[1])
    assert dataclasses.asdict(seen) == {"place": {"name": "a", "heights": ()}, "times": [1]}
    assert [each.name for each in dataclasses.fields(Seen)] == ["place", "times"]
    assert dataclasses.replace(seen, times=[2]) == replace(seen, times=[2]) == Seen(place=Place("a"), times=[2])
    assert copy.deepcopy(seen) == pickle.loads(pickle.dumps(seen)) == seen


def test_the_readers_start_without_what_few_files_need() -> None:
    """It would be most of what a small file costs. What every table needs they have before the first one comes."""
    begun = """
import io, sys
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.parameter import usual
from mesonet.formats.reading import Context
from mesonet.formats.survey import survey

column = MappedColumn(column="t", parameter=usual("air_temperature"), unit="degC")
mapping = Mapping(prefix="", station_column="id", time=TimeColumns(columns=("time",)), columns=(column,))
started = set(sys.modules)
survey(io.BytesIO(b"id,time,t\\n" + b"A,2024-01-01T00:00Z,-1.5\\n" * 20), Context(mapping=mapping))
"""
    late = {"calendar", "contextlib", "csv", "dataclasses", "inspect", "unicodedata", "zlib"}
    late |= {f"mesonet.formats.tables.{name}" for name in ("mapping_file", "proposed_columns", "proposed_times")}
    said = subprocess.run(
        [sys.executable, "-S", "-c", begun + f"print({late} & set(sys.modules) | set(sys.modules) - started)"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert said.stdout.strip() == "set()"


def test_a_regular_expression_is_compiled_at_its_first_use() -> None:
    later = regex("(a")
    assert later.pattern == "(a"
    with pytest.raises(Exception, match="unterminated"):
        later.match("a")
    assert regex("b+").fullmatch("bb")
