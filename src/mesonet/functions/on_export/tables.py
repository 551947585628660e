"""Pages as tables: a row for each station and time, a column for each parameter. CSV and Parquet."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mesonet.domain import instant
from mesonet.functions.on_export import parquet as parquet_file
from mesonet.functions.on_export.coverages import of_page
from mesonet.web.media import csv_line

type Page = dict[str, Any]
type Column = Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some rows of one station. `fixed` is the same in each; of `columns` the heads are as they stand in CSV."""

    fixed: Mapping[str, str | float | None]
    times: Sequence[str]
    columns: Mapping[str, Column]


def csv(pages: Iterable[Page]) -> Iterator[bytes]:
    fixed, names = _heads(pages)
    yield csv_line([*fixed, "time", *names]).encode()
    for page in pages:
        for stretch in stretches(page):
            cells = list(stretch.fixed.values())
            absent = [None] * len(stretch.times)
            columns = [stretch.columns.get(name, absent) for name in names]
            lines = (csv_line([*cells, *row]) for row in zip(stretch.times, *columns, strict=True))
            yield "".join(lines).encode()


def parquet(pages: Iterable[Page]) -> Iterator[bytes]:
    """Names are those of the parameters; their units stand in the file's metadata, `mesonet:units`."""
    units: dict[str, str] = {}
    for page in pages:
        units |= {name: _unit(said) for name, said in page["parameters"].items()}
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


def stretches(page: Page) -> Iterator[Stretch]:
    if "type" not in page:  # columns of /stations/{id}/observations
        yield Stretch(fixed={"station": page["station"]}, times=page["time"], columns=dict(_columns(page)))
        return
    units = {name: _unit(said) for name, said in page["parameters"].items()}
    for each in of_page(page):
        yield Stretch(
            fixed={"station": each["id"], **_place(each)},
            times=each["domain"]["axes"]["t"]["values"],
            columns={f"{name} ({units[name]})": column["values"] for name, column in each["ranges"].items()},
        )


def _columns(page: Page) -> Iterator[tuple[str, Column]]:
    """Values; with details also flags, texts as received, and the tests that flagged them."""
    for name, said in page["parameters"].items():
        yield f"{name} ({said['unit']})", said["values"]
        if "quality" in said:
            yield f"{name} quality", said["quality"]
            yield f"{name} received ({said['unit_received']})", said["received"]
            yield f"{name} tests", said.get("tests") or [""] * len(said["values"])


def _place(coverage: Page) -> dict[str, float | None]:
    axes = coverage["domain"]["axes"]
    return {name: axes[axis]["values"][0] if axis in axes else None for name, axis in (("longitude", "x"), ("latitude", "y"))}


def _unit(said: Page) -> str:
    return str(said["unit"]["label"]["en"])


def _heads(pages: Iterable[Page]) -> tuple[list[str], list[str]]:
    """Of the columns that are always there, and of the others: parameters in their order, if they are in one."""
    fixed: list[str] = ["station"]
    names: dict[str, None] = {}
    ordered = False
    for page in pages:
        ordered |= "type" in page
        for stretch in stretches(page):
            fixed = list(stretch.fixed)
            names |= dict.fromkeys(stretch.columns)
    return fixed, sorted(names) if ordered else list(names)
