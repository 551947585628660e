"""Tables in JSON whose rows are no objects: lists side by side, one for each column (also as pandas writes them, numbered);
rows that are lists, below a list of names (ERDDAP, pandas' `split`); objects that are called after their times."""

from collections.abc import Iterator, Mapping
from typing import Any

from mesonet.regex import regex

LISTS, ROWS, KEYED = "lists", "rows", "keyed"
TIME = "time"  # what the column of the times is called that are no member
_NAMES = ("columnNames", "columns", "column_names", "fields", "header", "headers", "names")
_ROWS = ("rows", "data", "values")
_UNITS = "columnUnits"  # of ERDDAP
_COLUMN = regex(r"((?:.*\.)?)([^.\[\]]+)(?:\[\]|\.0)")
_MOMENT = r"(?:19|20)\d\d-?\d\d-?\d\d(?:[Tt ][\d:]+(?:[Zz]|[+-]\d\d:?\d\d)?)?"
_CALLED = regex(rf"((?:.*\.)?)({_MOMENT})\.[^.\[\]]+")
_A_MOMENT = regex(_MOMENT)
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


def spread(value: dict[str, Any], kind: str) -> Iterator[dict[str, Any] | str]:
    """The rows of a table as objects; of one that is none, why."""
    if kind == KEYED:
        yield from ({TIME: key, **each} for key, each in value.items() if _A_MOMENT.fullmatch(key) and isinstance(each, dict))
    elif kind == ROWS:
        yield from _rows(value)
    else:
        yield from _side_by_side(value)


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
