"""Observations as they are sent, JSON or CSV: each row becomes a live row, or a list of what is wrong with it."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from math import isfinite
from typing import Any

from mesonet.domain import instant, units
from mesonet.domain.block import Span, span_of
from mesonet.domain.instant import horizon
from mesonet.domain.live import LiveRow, LiveValue
from mesonet.domain.parameter import METHODS, STANDARD_NAMES, Parameter, parse
from mesonet.domain.station import LONGEST_IDENTIFIER, addressable
from mesonet.errors import BadBody, BadInput, InvalidParameter
from mesonet.record import dataclass

MOST_ROWS = 1_000  # as many writes, sixteen at a time: a second or two
MOST_VALUES = 60  # of one row
MOST_COLUMNS = 4 * MOST_VALUES + 2  # the API's own CSV has a value, its quality, its tests and what was received
MOST_REASONS = 3  # that are told of one row
_LONGEST_REASON = 200  # characters; with a thousand rows an answer is then one that can be sent, and kept
_ABSURD = 1e12  # no quantity of weather in any unit comes near
_FIRST = -11_676_096_000_000  # 1600-01-01: a clock that starts at nought would make the network two thousand years old
_LONGEST_TEXT = 100  # characters of a number
_LONGEST_TITLE = 200  # characters of a column's name with its unit
_MOST_LEVEL_M = 1_000
_DURATION = re.compile(r"P(?=[\dT])(\d+[YMWD])*(T(?=\d)(\d+[HMS])+)?")
_HEADER = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<unit>.*)\))?")
_BESIDE = re.compile(
    r"(?P<name>.+) (?:quality|tests|received(?: \(.*\))?)"
)  # columns that the API's own CSV has beside the values


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`number` counts from 1 as the sender counts; what is wrong leaves no `row`."""

    number: int
    row: LiveRow | None = None
    reasons: tuple[str, ...] = ()

    def told(self) -> list[str]:
        """The reasons, in as many words as an answer has room for."""
        shown = [each if len(each) <= _LONGEST_REASON else f"{each[:_LONGEST_REASON]}…" for each in self.reasons[:MOST_REASONS]]
        more = len(self.reasons) - len(shown)
        return [*shown, f"and {more} more"] if more else shown


def from_json(document: Any, station_id: str, *, now: int) -> list[Row]:
    """`{"observations": [{"time": …, "values": {"air_temperature": 21.4, "wind_speed": {"value": 9, "unit": "km/h"}}}]}`; one
    observation may stand by itself. Raises BadBody where that cannot be told row by row."""
    if isinstance(document, dict) and "observations" in document:
        unknown = sorted(document.keys() - {"observations"})
        if unknown:
            raise BadBody(f"there is no member {unknown[0]!r} beside `observations`")
        document = document["observations"]
    listed = document if isinstance(document, list) else [document]
    _bounded(listed)
    return [_checked(number, each, station_id, now) for number, each in enumerate(listed, 1)]


def checked_station(station_id: str) -> str:
    """Raises InvalidParameter for what cannot be the identifier of a station."""
    if not addressable(station_id):
        allowed = f'up to {LONGEST_IDENTIFIER} letters, digits, signs and spaces, without any of /\\"#? and not dots alone'
        raise InvalidParameter("station_id", "this is no identifier of a station", value=station_id[:50], allowed=allowed)
    return station_id


def from_csv(text: str, station_id: str, *, now: int) -> list[Row]:
    """A header `time,air_temperature,wind_speed (km/h)` and a line for each time, as the API writes CSV. Raises BadBody."""
    try:
        header, *rest = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)) or [[]]
    except csv.Error as exc:
        raise BadBody(f"the body is not CSV: {exc}") from exc
    header = [title.strip() for title in header]
    if "time" not in header:
        raise BadBody(
            "the first line has to name the columns, with commas between: `time`, and parameters with their units, "
            f"`wind_speed (km/h)`; it begins with {','.join(header)[:_LONGEST_TEXT]!r}"
        )
    if len(header) > MOST_COLUMNS:
        raise BadBody(f"the first line names {len(header):,} columns; {MOST_COLUMNS} are taken")
    if long := [title for title in header if len(title) > _LONGEST_TITLE]:
        raise BadBody(f"the column {long[0][:_LONGEST_TEXT]!r}… has a name of {len(long[0]):,} characters")
    lines = [(number, line) for number, line in enumerate(rest, 2) if any(line)]
    _bounded(lines)
    columns = list(_columns(header))
    return [_line(number, line, header, columns, station_id, now) for number, line in lines]


def _bounded(rows: Sequence[object]) -> None:
    if not rows:
        raise BadBody("there is no observation in it")
    if len(rows) > MOST_ROWS:
        raise BadBody(f"there are {len(rows):,} observations; {MOST_ROWS:,} are taken at once: send more requests, or a file")


def _columns(header: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Position, parameter and unit of each column that may have values; one without a name may have none. Raises BadBody where
    two are of one name, or one is no name."""
    seen: set[str] = set()
    for at, title in enumerate(header):
        if (beside := _BESIDE.fullmatch(title)) and beside["name"] in seen:
            continue
        matched = _HEADER.fullmatch(title)
        if title and not matched:
            raise BadBody(f"the column {title!r} is neither a name nor one with its unit, as in `wind_speed (km/h)`")
        name, unit = (matched["name"], matched["unit"] or "") if matched else ("", "")
        if name and name in seen:
            raise BadBody(f"the first line names {name!r} twice")
        seen.add(name)
        if title not in ("time", "station"):
            yield at, name, unit


def _line(
    number: int, line: list[str], header: list[str], columns: list[tuple[int, str, str]], station_id: str, now: int
) -> Row:
    if len(line) != len(header):
        return Row(number=number, reasons=(f"it has {len(line)} fields, the first line {len(header)}",))
    given = dict(zip(header, line, strict=True))
    if given.get("station", station_id) not in ("", station_id):
        return Row(number=number, reasons=(f"it is of station {given['station']!r}, and was sent for {station_id!r}",))
    values: dict[str, Any] = {}
    for at, name, unit in columns:
        if text := line[at].strip():
            if not name:
                return Row(number=number, reasons=(f"the first line has no name for {text!r}, field {at + 1}",))
            values[name] = {"value": text} | ({"unit": unit} if unit else {})
    if not values:
        return Row(number=number, reasons=("it has no value: every field beside `time` is empty",))
    return _checked(number, {"time": given["time"].strip(), "values": values}, station_id, now)


def _checked(number: int, given: Any, station_id: str, now: int) -> Row:
    if not isinstance(given, dict):
        return Row(number=number, reasons=("an observation is an object with `time` and `values`",))
    reasons = [
        f"there is no member {name!r}; there are `time` and `values`" for name in given if name not in ("time", "values")
    ]
    time = None
    try:
        time = _time(given.get("time"))
    except ValueError as exc:
        reasons.append(str(exc))
    values, wrong = _values(given.get("values"))
    reasons += wrong
    if not values and not reasons:
        reasons.append("every value is null: nothing is said")
    if time is not None:
        days = bool(values) and all(span_of(parse(name)) is Span.YEAR for name in values)
        try:
            checked_time(time, now, days=days)
        except ValueError as exc:
            reasons.append(str(exc))
    if reasons or time is None:
        return Row(number=number, reasons=tuple(reasons))
    return Row(number=number, row=LiveRow(station_id=station_id, time=time, values=values))


def _values(said: object) -> tuple[dict[str, LiveValue], list[str]]:
    """The values by parameter, and what is wrong with the others."""
    if not isinstance(said, dict) or not said:
        return {}, ['`values` has to have a value by the name of a parameter, as in {"air_temperature": 21.4}']
    if len(said) > MOST_VALUES:
        return {}, [f"there are {len(said)} values; {MOST_VALUES} are taken at one time"]
    values: dict[str, LiveValue] = {}
    reasons: list[str] = []
    for name, each in said.items():
        if each is None or (isinstance(each, dict) and "value" in each and each["value"] is None):
            continue  # nothing is said of it
        try:
            parameter = parameter_of(name)
            if parameter.id in values:
                raise ValueError(f"there is another value of {parameter.id}")
            values[parameter.id] = value_of(parameter, each)
        except BadInput as exc:
            reasons.append(f"{name}: {exc.detail}")
        except ValueError as exc:
            reasons.append(f"{name}: {exc}")
    return values, reasons


def _time(given: object) -> int:
    if not isinstance(given, str):
        raise ValueError("`time` has to be an RFC 3339 text, as in 2026-11-25T08:00:00Z")
    try:
        return instant.parse(given)
    except ValueError:
        raise ValueError(f"{given[:_LONGEST_TEXT]!r} is no RFC 3339 time, as in 2026-11-25T08:00:00Z") from None


def checked_time(time: int, now: int, *, days: bool = False) -> int:
    """Raises ValueError for an instant that nobody can have observed, or that the calendar does not have; `days` have local
    dates, which may be ahead of UTC."""
    if not instant.EARLIEST <= time <= instant.LATEST:
        raise ValueError("UTC has no such time")
    if time < _FIRST:
        raise ValueError(f"{instant.iso(time)} is before there were thermometers and barometers: is the clock right?")
    if time > horizon(now, days=days):
        raise ValueError(f"{instant.iso(time)} is in the future; it is {instant.iso(now)}")
    return time


def parameter_of(name: str) -> Parameter:
    """Raises ValueError where the identifier does not name what is known here."""
    form = "a CF standard name, or standard_name:level:method:duration"
    try:
        parameter = parse(name)
    except ValueError:
        raise ValueError(f"it has to be {form}") from None
    if parameter.standard_name not in STANDARD_NAMES:
        raise ValueError(f"{parameter.standard_name!r} is no standard name that is known here")
    if not abs(parameter.level) <= _MOST_LEVEL_M:
        raise ValueError(f"a level is in metres above ground, up to {_MOST_LEVEL_M} either way")
    if parameter.method not in METHODS:
        raise ValueError(f"{parameter.method!r} is no method; there are {', '.join(METHODS)}")
    if not _DURATION.fullmatch(parameter.duration):
        raise ValueError(f"{parameter.duration!r} is no ISO 8601 duration, as in PT1H")
    return parameter


def value_of(parameter: Parameter, given: object) -> LiveValue:
    """A number in the canonical unit, or an object with `value` and `unit`. Raises ValueError or UnknownUnit."""
    unit = STANDARD_NAMES[parameter.standard_name][0]
    if isinstance(given, Mapping):
        unknown = sorted(given.keys() - {"value", "unit"})
        if unknown or "value" not in given or not isinstance(given.get("unit", ""), str):
            raise ValueError("it has to be a number, or an object with `value` and `unit`")
        unit, given = given.get("unit") or unit, given["value"]
    received, number = _number(given)
    conversion = units.converter(unit, parameter.standard_name)
    value = conversion(number)
    if not abs(value) < _ABSURD:
        raise ValueError(f"{received} {unit} is nothing that can be measured")
    return LiveValue(value=value, unit=conversion.unit, received=received, unit_received=unit)


def _number(given: object) -> tuple[str, float]:
    """The text as it came, and what it is. JSON's own numbers may come as texts, as they do in CSV."""
    received = given.strip() if isinstance(given, str) else repr(given)
    if isinstance(given, bool) or not isinstance(given, str | int | float) or len(received) > _LONGEST_TEXT or "_" in received:
        raise ValueError(f"{str(given)[:_LONGEST_TEXT]!r} is no number")
    try:
        number = float(received)
    except (ValueError, OverflowError):
        raise ValueError(f"{received!r} is no number") from None
    if not isfinite(number):
        raise ValueError(f"{received!r} is no number; what is missing is null, or an empty field")
    return received, number
