"""Mesonet's own mapping files: what the columns of the tables beside them mean (docs/formats.md)."""

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from itertools import islice
from typing import Any

from mesonet.domain.limits import hours_of
from mesonet.domain.mapping import MISSING_TOKENS, LongTable, MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Reject
from mesonet.domain.parameter import INSTANT, POINT, STANDARD_NAMES, Parameter
from mesonet.domain.station import addressable
from mesonet.domain.units import UnknownUnit, converter
from mesonet.errors import InvalidMapping
from mesonet.formats.guard import unnameable
from mesonet.formats.reading import Context, Guess, Piece, Rows, Stream
from mesonet.formats.times import clock
from mesonet.regex import regex

NAME = "mapping"
LARGEST = 1024 * 1024  # a thousand columns are 150 KB
_COMPARED = 250  # names that are not known, with those that are; a station has a few

_STANDARD_NAME = regex(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", re.ASCII)


def sniff(head: bytes) -> Guess | None:
    """A JSON object whose member `mesonet_mapping` is there."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{") and b'"mesonet_mapping"' in start:
        return Guess(1.0, 'a JSON object with "mesonet_mapping"')
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """The mapping, or a reject for each fault in it."""
    data = stream.read(LARGEST + 1)
    while len(data) <= LARGEST and (more := stream.read(LARGEST + 1 - len(data))):
        data += more
    try:
        if len(data) > LARGEST:
            raise InvalidMapping(f"a mapping has at most {LARGEST} bytes")
        yield parse(data, prefix=context.key.rpartition("/")[0] + "/" if "/" in context.key else "")
    except InvalidMapping as exc:
        if not exc.faults:
            yield Reject(reason=exc.detail)
        for path, reason in exc.faults:
            yield Reject(reason=reason, column=path)
    yield Rows(count=0)


def parse(data: bytes | str, *, prefix: str) -> Mapping:
    """The mapping that a JSON text means. Raises InvalidMapping with every fault: (path, what is wrong there)."""
    given = _loaded(data)
    # importing the schemas takes longer than reading most files, and few files are mappings
    from mesonet.formats.tables.mapping_schema import faults_of, told

    faults = faults_of(given)
    if not faults:
        faults = told(_sense(given))
    if faults:
        raise InvalidMapping(f"the mapping has {len(faults)} faults, first at {faults[0][0]}: {faults[0][1]}", faults=faults)
    return _built(given, prefix)


def _loaded(data: bytes | str) -> dict[str, Any]:
    import json  # a table, which is what most files are, needs none of it

    twice: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        many = Counter(name for name, _ in pairs)
        twice.extend(sorted(name for name, count in many.items() if count > 1))
        return dict(pairs)

    try:
        given = json.loads(data.decode("utf-8-sig") if isinstance(data, bytes) else data, object_pairs_hook=members)
    except json.JSONDecodeError as exc:
        raise InvalidMapping(f"not JSON at line {exc.lineno}, column {exc.colno}: {exc.msg}") from exc
    except UnicodeDecodeError as exc:
        raise InvalidMapping("the mapping is not UTF-8") from exc
    except (RecursionError, ValueError) as exc:  # nested thousands deep, or a number of thousands of digits
        raise InvalidMapping("the mapping is nested too deeply, or has a number that is too long") from exc
    if twice:
        raise InvalidMapping(
            f"{twice[0]!r} stands twice in one object", faults=[(name, "stands twice in one object") for name in twice]
        )
    if not isinstance(given, dict):
        raise InvalidMapping("a mapping is a JSON object")
    return given


def _sense(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What the shape alone cannot tell."""
    columns: dict[str, str] = {}  # by their parameters
    names = dict.fromkeys(entry["standard_name"] for entry in given["columns"].values())
    meant = {name: _meant(name) for name in islice((name for name in names if name not in STANDARD_NAMES), _COMPARED)}
    for name, entry in given["columns"].items():
        yield from _sense_of_column(f"columns.{name}", name, entry, columns, meant)
    yield from _sense_of_climatology(given.get("climatology", {}), columns)
    if "interval" in given and not hours_of(given["interval"]):
        yield "interval", "an interval has no months or years, since they vary, and is longer than nothing: PT10M, PT1H, P1D"
    if not addressable(f"a{given['station'].get('joined', '')}b"):
        yield "station.joined", unnameable(given["station"]["joined"])
    time = _time(given["time"])
    values = {given["long"]["value"]} if "long" in given else given["columns"].keys()
    for name in given["station"].get("columns", ()):
        if name in time.columns or name in values:
            what = "the time" if name in time.columns else "values"
            yield "station.columns", f"{name!r} holds {what}: each row would be a station of its own"
    try:
        clock(time)
    except InvalidMapping as exc:
        yield "time", exc.detail
    if time.format == "parts" and not 3 <= len(time.columns) <= 6:
        yield "time.columns", "parts are year, month, day and perhaps hour, minute, second: three to six columns"


def _sense_of_column(
    path: str, name: str, entry: dict[str, Any], columns: dict[str, str], meant: Dictionary[str, str | None]
) -> Iterator[tuple[str, str]]:
    """Sets the column down in `columns`, where its standard name is one; `meant` are those that others are like."""
    standard_name = entry["standard_name"]
    if standard_name not in STANDARD_NAMES:
        if like := meant.get(standard_name):
            yield f"{path}.standard_name", f"{standard_name!r} is no standard name that is known; is {like} meant?"
            return
        if not _STANDARD_NAME.fullmatch(standard_name):
            yield f"{path}.standard_name", f"{standard_name!r} is not a CF standard name such as air_temperature"
            return
    try:
        if "unit" in entry:
            converter(entry["unit"], standard_name)
    except UnknownUnit as exc:
        allowed = "" if "allowed" in exc.detail else f"; allowed are {', '.join(exc.allowed)}"
        yield f"{path}.unit", exc.detail + allowed
    parameter = _parameter(entry)
    if parameter.method != POINT and parameter.duration == INSTANT:
        yield f"{path}.duration", f"a {parameter.method} is taken over a time: give a duration, for instance PT1H"
    if parameter.id in columns:
        yield path, f"the same parameter as column {columns[parameter.id]!r}; levels, methods or durations must differ"
    columns[parameter.id] = name


def _sense_of_climatology(climatology: dict[str, Any], columns: dict[str, str]) -> Iterator[tuple[str, str]]:
    standard_names = {name.partition(":")[0] for name in columns}
    for name, monthly in climatology.items():
        if name not in columns and name not in standard_names:
            yield f"climatology.{name}", f"no column is this parameter; there is {', '.join(columns)}"
        for month, (low, high) in enumerate(monthly, 1):
            if low > high:
                yield f"climatology.{name}", f"of month {month} the lower bound, {low:g}, is above the upper one, {high:g}"


def _meant(name: str) -> str | None:
    from difflib import get_close_matches  # only for a name that is not known

    return next(iter(get_close_matches(name, STANDARD_NAMES, n=1, cutoff=0.92)), None)


def _parameter(entry: dict[str, Any]) -> Parameter:
    standard_name = entry["standard_name"]
    level = entry.get("level", STANDARD_NAMES.get(standard_name, ("", 0.0))[1])
    return Parameter(
        standard_name=standard_name,
        level=float(level),
        method=entry.get("method", POINT),
        duration=entry.get("duration", INSTANT),
    )


def _time(given: dict[str, Any]) -> TimeColumns:
    columns = tuple(given["columns"]) if "columns" in given else (given["column"],)
    return TimeColumns(columns=columns, format=given.get("format", "iso"), zone=given.get("zone", "UTC"))


def _long(given: dict[str, Any]) -> LongTable:
    names = tuple(given["names"]) if "names" in given else (given["name"],)
    return LongTable(
        names=names,
        value=given["value"],
        unit=given.get("unit"),
        quality=given.get("quality"),
        flags=given.get("flags", {}),
    )


def _built(given: dict[str, Any], prefix: str) -> Mapping:
    station = given["station"]
    return Mapping(
        prefix=prefix,
        files=given.get("files", "*"),
        station=station.get("id"),
        station_column=station.get("column"),
        station_columns=tuple(station.get("columns", ())),
        station_joint=station.get("joined", "-"),
        time=_time(given["time"]),
        delimiter=given.get("delimiter"),
        decimal=given.get("decimal", "."),
        thousands=given.get("thousands", ""),
        missing=tuple(given["missing"]) if "missing" in given else MISSING_TOKENS,
        interval=round(hours * 3_600_000) if (hours := hours_of(given.get("interval", "P1M"))) else None,
        climatology={name: tuple((low, high) for low, high in each) for name, each in given.get("climatology", {}).items()},
        long=_long(given["long"]) if "long" in given else None,
        short_rows=given.get("short_rows", False),
        columns=tuple(
            MappedColumn(
                column=name,
                parameter=_parameter(entry),
                unit=entry.get("unit"),
                missing=tuple(entry.get("missing", ())),
                trace=tuple(entry.get("trace", ())),
                compass=entry.get("compass", "").upper(),
            )
            for name, entry in given["columns"].items()
        ),
    )
