"""Pages as tables: a row for each station and time, a column for each parameter. CSV and Parquet.

`heads` are the pages without their values: which columns there are has to be known before the first row is written.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mesonet.domain import instant
from mesonet.domain.block import saying_unit
from mesonet.functions.on_export import parquet as parquet_file
from mesonet.functions.on_export.coverages import of_page
from mesonet.record import dataclass
from mesonet.web.media import csv_line

type Page = dict[str, Any]
type Column = Sequence[Any]

END = "\r\n"  # of a line (RFC 4180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some rows of one station. `fixed` is the same in each; of `columns` the heads are as they stand in CSV."""

    fixed: Mapping[str, str | float | None]
    times: Sequence[str]
    columns: Mapping[str, Column]


def csv(heads: Sequence[Page], pages: Iterable[Page]) -> Iterator[bytes]:
    received_in = {
        name: said["unit_received"] for each in heads for name, said in each["parameters"].items() if "quality" in said
    }
    fixed, names = _columns_of(heads, received_in)
    yield csv_line([*fixed, "time", *names]).encode()
    for page in pages:
        for stretch in stretches(page, received_in):
            count = len(stretch.times)
            same = csv_line([stretch.fixed[name] for name in fixed]).removesuffix(END)
            columns = [_cells(stretch.columns[name]) if name in stretch.columns else [""] * count for name in names]
            lines = map(",".join, zip([same] * count, stretch.times, *columns, strict=True))
            yield "".join(f"{line}{END}" for line in lines).encode()


def _cells(column: Column) -> list[str]:
    """A column is numbers, or texts."""
    if any(isinstance(value, str) for value in column):
        known = {value: csv_line([value]).removesuffix(END) for value in set(column)}
        return [known[value] for value in column]
    return ["" if value is None else str(value) for value in column]


def parquet(heads: Sequence[Page], pages: Iterable[Page]) -> Iterator[bytes]:
    """Names are those of the parameters; their units stand in the file's metadata, `mesonet:units`."""
    units: dict[str, str] = {}
    for each in heads:
        units |= {name: _unit(said) for name, said in each["parameters"].items()}
    names = sorted(units)
    columns = [
        parquet_file.Column("station", parquet_file.TEXT),
        parquet_file.Column("longitude", parquet_file.NUMBER),
        parquet_file.Column("latitude", parquet_file.NUMBER),
        parquet_file.Column("time", parquet_file.TIME),
        *(parquet_file.Column(name, parquet_file.NUMBER) for name in names),
    ]
    writer = parquet_file.Writer(columns, {"mesonet:units": json.dumps(units, ensure_ascii=False)})
    yield writer.begin()
    for page in pages:
        for coverage in of_page(page):
            times = coverage["domain"]["axes"]["t"]["values"]
            count = len(times)
            place = _place(coverage)
            writer.add(
                [
                    [coverage["id"]] * count,
                    [place["longitude"]] * count,
                    [place["latitude"]] * count,
                    list(map(instant.parse, times)),
                    *(coverage["ranges"][name]["values"] if name in coverage["ranges"] else [None] * count for name in names),
                ]
            )
            yield writer.group_if_full()
    yield writer.end()


def stretches(page: Page, received_in: Mapping[str, str]) -> Iterator[Stretch]:
    if "type" not in page:  # columns of /stations/{id}/observations
        yield Stretch(fixed={"station": page["station"]}, times=page["time"], columns=dict(_columns(page, received_in)))
        return
    units = {name: _unit(said) for name, said in page["parameters"].items()}
    for each in of_page(page):
        yield Stretch(
            fixed={"station": each["id"], **_place(each)},
            times=each["domain"]["axes"]["t"]["values"],
            columns={f"{name} ({units[name]})": column["values"] for name, column in each["ranges"].items()},
        )


def _columns(page: Page, received_in: Mapping[str, str]) -> Iterator[tuple[str, Column]]:
    """Values; with details also flags, texts as received, and the tests that flagged them. `received_in` are the units of the
    texts of the last page."""
    for name, said in page["parameters"].items():
        yield f"{name} ({said['unit']})", said["values"]
        if "quality" in said:
            yield f"{name} quality", said["quality"]
            unit = received_in[name]
            yield f"{name} received ({unit})", _saying_units(said, page.get("time", ()), unit)
            yield f"{name} tests", said.get("tests") or [""] * len(said["values"])


def _saying_units(said: Page, times: Sequence[str], unit_of_all: str) -> Column:
    """The texts; those in another unit than the last ones say their own."""
    received, changes = said["received"], said.get("units_received")
    if changes:
        since = [instant.parse(change["from"]) for change in changes]
        units = [changes[bisect_right(since, instant.parse(time)) - 1]["unit"] for time in times]
    elif said["unit_received"] != unit_of_all:
        units = [said["unit_received"]] * len(received)
    else:
        return list(received)
    return [text and saying_unit(text, unit, unit_of_all) for text, unit in zip(received, units, strict=True)]


def _place(coverage: Page) -> dict[str, float | None]:
    axes = coverage["domain"]["axes"]
    return {name: axes[axis]["values"][0] if axis in axes else None for name, axis in (("longitude", "x"), ("latitude", "y"))}


def _unit(said: Page) -> str:
    return str(said["unit"]["label"]["en"])


def _columns_of(heads: Sequence[Page], received_in: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Names of the columns that are always there, and of the others: of coverages in order, else as they are asked for."""
    names: dict[str, None] = {}
    if all("type" in each for each in heads):
        units = {name: _unit(said) for each in heads for name, said in each["parameters"].items()}
        return ["station", "longitude", "latitude"], [f"{name} ({units[name]})" for name in sorted(units)]
    for each in heads:
        names |= dict.fromkeys(name for name, _ in _columns(each, received_in))
    return ["station"], list(names)
