"""Tables in JSON whose rows are no objects: lists side by side, one for each column (also as pandas writes them, numbered);
rows that are lists, below a list of names (ERDDAP, pandas' `split`); objects that are called after their times, or lists of
them after what they are of (ThingsBoard); lists of a time and a value each (emoncms, Graphite, Prometheus' matrices), beside
what they are of; frames of Grafana, whose names and units stand in a schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from mesonet.regex import regex

LISTS, ROWS, KEYED, PAIRS, FRAMES, NAMED = "lists", "rows", "keyed", "pairs", "frames", "named"
TIME, VALUE = "time", "value"  # what the column of the times is called that are no member, and that of values beside them
NAME = "name"  # and that of the names of lists
_NAMES = ("columnNames", "columns", "column_names", "fields", "header", "headers", "names")
_ROWS = ("rows", "data", "values")
_UNITS = "columnUnits"  # of ERDDAP
_COLUMN = regex(r"((?:.*\.)?)([^.\[\]]+)(?:\[\]|\.0)")
_MOMENT = r"(?:19|20)\d\d-?\d\d-?\d\d(?:[Tt ][\d:]+(?:[Zz]|[+-]\d\d:?\d\d)?)?"
_CALLED = regex(rf"((?:.*\.)?)({_MOMENT})\.[^.\[\]]+")
_A_MOMENT = regex(_MOMENT)
_SINCE = r"\"?1\d{9}(?:\d{3})?(?:\.\d+)?\"?"
_OF_A_PAIR = r"(?:\"?-?\d[\d.eE+-]*\"?|null)"
_PAIR = regex(rf"\[\s*\[\s*(?:{_SINCE}\s*,\s*{_OF_A_PAIR}|{_OF_A_PAIR}\s*,\s*{_SINCE})\s*\]".encode())
_A_SINCE = regex(_SINCE)
_FIELDS = "schema.fields[].name"
_GRAFANA = {  # https://github.com/grafana/grafana, "valueFormats/categories"
    "celsius": "°C",
    "fahrenheit": "°F",
    "kelvin": "K",
    "humidity": "%",
    "percent": "%",
    "pressurembar": "hPa",
    "pressurehpa": "hPa",
    "pressurekpa": "kPa",
    "pressurehg": "inHg",
    "velocityms": "m/s",
    "velocitykmh": "km/h",
    "velocitymph": "mph",
    "velocityknot": "kt",
    "degree": "deg",
    "lengthmm": "mm",
    "Wm2": "W/m2",
}
_IN_TIME = regex(r"(?i)time|date|epoch|^t$|^ts$|^dt$")


def lists(paths: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The first values of lists that stand side by side, by name, of each object that has some; by the path before them."""
    found: dict[str, dict[str, str]] = {}
    for path, value in paths.items():
        if match := _COLUMN.fullmatch(path):
            found.setdefault(match[1], {})[match[2]] = value
    return found


def below_names(paths: Mapping[str, str], *, cut: bool = False) -> Iterator[str]:
    """Where a list of names stands beside one of rows that are lists; or, of a head that is `cut`, beside pandas' index."""
    for path in paths:
        before, _, name = path.removesuffix("[][]").rpartition(".")
        before = f"{before}." if before else ""
        if (path.endswith("[][]") and name in _ROWS) or (cut and name == "index"):
            named = (paths.get(f"{before}{each}[]") or paths.get(f"{before}{each}[].name") for each in _NAMES)
            if any(first and not first.strip("-").isdecimal() for first in named):
                yield before


def keyed(paths: Mapping[str, str]) -> Iterator[str]:
    """Where several objects are called after times."""
    found: dict[str, set[str]] = {}
    for path in paths:
        if match := _CALLED.fullmatch(path):
            found.setdefault(match[1], set()).add(match[2])
    yield from (before for before, moments in found.items() if len(moments) > 1)


def named(paths: Mapping[str, str], before: str) -> tuple[str, str] | None:
    """Where a list of a document is one of several of the same members, each called after what it is of, or in an object that
    is: the path before the names, and that behind them."""
    members: dict[str, set[str]] = {}
    for path in paths:
        name, found, member = path.partition("[].")
        if found:
            members.setdefault(name, set()).add(member)
    place = before.removesuffix("[].")
    own = members.get(place)
    if own is None or NAME in own:
        return None
    parts = place.split(".")
    alike = [each.split(".") for each, told in members.items() if told == own]
    for at in range(len(parts)):
        ahead, behind = parts[:at], parts[at + 1 :]
        told = not at or ".".join(ahead) in paths  # else the points are of a name
        if told and sum(each[:at] == ahead and each[at + 1 :] == behind for each in alike) > 1:
            return "".join(f"{each}." for each in parts[:at]), ".".join(parts[at + 1 :])
    return None


def frames(paths: Mapping[str, str]) -> Iterator[str]:
    """Where frames of Grafana stand of which the first field is the time."""
    for path in paths:
        before = path.removesuffix(_FIELDS)
        if (
            path.endswith(_FIELDS)
            and paths.get(f"{before}schema.fields[].type") == "time"
            and f"{before}data.values[][]" in paths
        ):
            yield before


def pairs(paths: Mapping[str, str], head: bytes) -> Iterator[str]:
    """Where lists of two stand, of which one is a time."""
    if _PAIR.search(head):
        yield from (path[: path.rfind(".") + 1] for path in paths if path.endswith("[][]") or path == "[]")


def spread(value: dict[str, Any], kind: str, inner: str = "") -> Iterator[dict[str, Any] | str]:
    """The rows of a table as objects; of one that is none, why. `inner` is the path to lists in objects that are called after
    what they are of."""
    if kind == KEYED:
        yield from ({TIME: key, **each} for key, each in value.items() if _A_MOMENT.fullmatch(key) and isinstance(each, dict))
    elif kind == NAMED:
        lists = ((name, each) for name, told in value.items() if isinstance(each := _within(told, inner), list))
        yield from ({NAME: name, **each} for name, told in lists for each in told if isinstance(each, dict))
    elif kind == ROWS:
        yield from _rows(value)
    elif kind == PAIRS:
        yield from _pairs(value)
    elif kind == FRAMES:
        yield from _frame(value)
    else:
        yield from _side_by_side(value)


def _within(value: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _rows(value: dict[str, Any]) -> Iterator[dict[str, Any] | str]:
    names = next((each for name in _NAMES if isinstance(each := value.get(name), list)), [])
    rows = next((each for name in _ROWS if isinstance(each := value.get(name), list)), [])
    called = [str(name.get("name", "")) if isinstance(name, dict) else str(name) for name in names]
    units = value.get(_UNITS)
    if isinstance(units, list) and len(units) == len(called):
        called = [f"{name} ({unit})" if unit else name for name, unit in zip(called, units, strict=True)]
    for row in rows:
        if isinstance(row, list) and len(row) == len(called):
            yield dict(zip(called, row, strict=True))
        else:
            yield f"the row has {len(row) if isinstance(row, list) else 'no'} values where there are {len(called)} names"


def _side_by_side(value: dict[str, Any]) -> Iterator[dict[str, Any] | str]:
    columns = {
        name: list(each.values()) if isinstance(each, dict) else each
        for name, each in value.items()
        if isinstance(each, list) or (isinstance(each, dict) and "0" in each)
    }
    timed = next((each for name, each in columns.items() if _IN_TIME.search(name)), [])
    whole = {name: each for name, each in columns.items() if len(each) == len(timed)}
    for row in zip(*whole.values(), strict=True):
        yield dict(zip(whole, row, strict=True))
    if len(whole) < len(columns):
        others = ", ".join(f"{name[:40]} {len(each)}" for name, each in columns.items() if name not in whole)[:200]
        yield f"of so many values as there are times, {len(timed)}, these lists are not: {others}"


def beside(value: dict[str, Any], kind: str, inner: str = "") -> dict[str, Any]:
    """What stands beside a list of pairs, or lists that are called after what they are of."""
    if kind == NAMED:
        return {name: each for name, each in value.items() if not isinstance(_within(each, inner), list)}
    name = _name_of_pairs(value)
    return {other: each for other, each in value.items() if other != name}


def _name_of_pairs(value: dict[str, Any]) -> str | None:
    lists = (name for name, each in value.items() if isinstance(each, list) and each[:1] != [] and _is_pair(each[0]))
    return next(lists, None)


def _pairs(value: dict[str, Any]) -> Iterator[dict[str, Any] | str]:
    name = _name_of_pairs(value)
    told = value[name] if name is not None else []
    at = 0 if told and _A_SINCE.fullmatch(str(told[0][0])) else 1
    for each in told:
        if _is_pair(each):
            yield {TIME: each[at], VALUE: each[1 - at]}
        else:
            yield "not a time and a value"


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2


def _frame(value: dict[str, Any]) -> Iterator[dict[str, Any] | str]:
    """Labels that all fields have are columns, others stand behind the names."""
    fields = [each for each in _inner(value, "schema", "fields") if isinstance(each, dict)]
    columns = [each for each in _inner(value, "data", "values") if isinstance(each, list)]
    if len(fields) != len(columns) or len(set(map(len, columns))) > 1:
        yield f"{len(fields)} fields, of which the values are {', '.join(str(len(each)) for each in columns)[:100] or 'none'}"
        return
    labels = [each["labels"] if isinstance(each.get("labels"), dict) else {} for each in fields]
    own = [each for each in labels if each]
    common = {name: text for name, text in own[0].items() if all(each.get(name) == text for each in own)} if own else {}
    names = [
        _named(each, [text for name, text in told.items() if name not in common])
        for each, told in zip(fields, labels, strict=True)
    ]
    for row in zip(*columns, strict=True):
        yield {**common, **dict(zip(names, row, strict=True))}


def _named(given: dict[str, Any], labels: list[Any]) -> str:
    config = given["config"] if isinstance(given.get("config"), dict) else {}
    unit = _GRAFANA.get(str(config.get("unit")))
    name = " ".join(map(str, (config.get("displayName") or given.get("name", ""), *labels)))
    return f"{name} ({unit})" if unit else name


def _inner(value: dict[str, Any], *path: str) -> list[Any]:
    found: Any = value
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, list) else []
