"""Whether answers cost the same however large the network is: stations and history grow by ten and by a hundred.

28,298 airports are the stations; one of them has ten years of five-minute values, the others a day. The functions run in this
process, over tables in its memory. Of each query: processor time of the function, requests to DynamoDB, and read units, by
DynamoDB's rules for the size of items. A request takes DynamoDB as long whatever the size of the table: of these a query's
latency is made. Far from everything, up to 32 requests are under way at once.
"""

import argparse
import io
import json
import os
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any
from unittest.mock import patch

import airportsdata

from benchmarks import answers, api, cold_start, weather
from benchmarks.warm_calls import Context
from mesonet import aws
from mesonet.domain import geohash, instant
from mesonet.domain.block import BlockKey, Draft, Span
from mesonet.domain.latest import LatestValue
from mesonet.domain.network import Network
from mesonet.domain.observation import Batch, Column
from mesonet.domain.parameter import parse
from mesonet.domain.station import Authority, BoundingBox, Station
from mesonet.stores.attributes import to_item
from mesonet.stores.block_items import item_of
from mesonet.stores.network import NetworkStore
from mesonet.stores.stations import StationsStore

_INDEXES = {
    "observations_table": {"": ("partition", "block")},
    "latest_table": {"": ("station_id", "")},
    "stations_table": {
        "": ("station_id", ""),
        "DirectoryIndex": ("directory", "station_id"),
        "NameIndex": ("directory", "name_key"),
        "PlaceIndex": ("cell", "place"),
    },
}
_PAGE = 1_048_576  # bytes that one Query reads
PROBE = "EDDF"  # Frankfurt: the station whose history grows
STEPS = (100, 10, 1)  # every so manyth station, and of so many days one
DAYS = 3_650
END = instant.parse("2024-12-31T00:00:00Z")
DAY, LAST_MONTH = "2024-12-31/2024-12-31", "2024-12-02/2024-12-31"
EDR = "/collections/insitu-observations"
EVENTS = {
    "latest": api.event(f"/stations/{PROBE}/observations/latest"),
    "one day": api.event(f"/stations/{PROBE}/observations", datetime=DAY),
    "30 days": api.event(f"/stations/{PROBE}/observations", datetime=LAST_MONTH, limit="10000"),
    "its beginning": api.event(f"/stations/{PROBE}/observations", datetime="../2024-12-31", limit="100"),
    "nearest ten": api.event("/stations", lat="50.1", lon="8.6", limit="10"),
    "nearest ten, at sea": api.event("/stations", lat="-40", lon="-120", limit="10"),
    "bbox, page of 100": api.event("/stations", bbox="-10,36,30,60", limit="100"),
    "stations, page of 100": api.event("/stations", limit="100"),
    "locations, page of 100": api.event(f"{EDR}/locations", limit="100"),
    "items, page of 100": api.event(f"{EDR}/items", limit="100"),
    "position": api.event(f"{EDR}/position", coords="POINT(8.6 50.1)", datetime=DAY),
    "radius, ten nearest": api.event(
        f"{EDR}/radius", coords="POINT(8.6 50.1)", within="3000", **{"within-units": "km"}, limit="10", datetime=DAY
    ),
    "area, page of 10": api.event(
        f"{EDR}/area", coords="POLYGON((-10 36,30 36,30 60,-10 60,-10 36))", limit="10", datetime=DAY
    ),
}
GROWTH = 1.5  # times the smallest network's read units: what "flat" may be


@dataclass(slots=True)
class Partition:
    keys: list[str] = field(default_factory=list)
    items: list[tuple[dict[str, Any], int]] = field(default_factory=list)


class Tables:
    """A client of DynamoDB, as far as the stores ask: puts, gets and queries; what was asked and read is counted."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[str, Partition]] = {}
        self.asked, self.units, self.busy = 0, 0.0, 0.0

    def put_item(self, *, TableName: str, Item: dict[str, Any], **_: Any) -> dict[str, Any]:
        sized = (Item, weather.size(Item))
        for index, (hashed, sort) in _INDEXES[TableName].items():
            if hashed in Item and (not sort or sort in Item):
                partition = self._found.setdefault((TableName, index), {}).setdefault(Item[hashed]["S"], Partition())
                key = Item[sort]["S"] if sort else ""
                at = bisect_left(partition.keys, key)
                if at < len(partition.keys) and partition.keys[at] == key:
                    partition.items[at] = sized
                else:
                    partition.keys.insert(at, key)
                    partition.items.insert(at, sized)
        return {}

    def get_item(self, *, TableName: str, Key: dict[str, Any], **_: Any) -> dict[str, Any]:
        begin = time.thread_time()
        self.asked += 1
        found = self._item(TableName, Key)
        self.busy += time.thread_time() - begin
        return {"Item": found} if found else {}

    def batch_get_item(self, *, RequestItems: dict[str, Any]) -> dict[str, Any]:
        begin = time.thread_time()
        self.asked += 1
        responses = {
            table: [item for key in asked["Keys"] if (item := self._item(table, key))] for table, asked in RequestItems.items()
        }
        self.busy += time.thread_time() - begin
        return {"Responses": responses, "UnprocessedKeys": {}}

    def _item(self, table: str, key: dict[str, Any]) -> dict[str, Any] | None:
        hashed, sort = _INDEXES[table][""]
        partition = self._found.get((table, ""), {}).get(key[hashed]["S"], Partition())
        wanted = key[sort]["S"] if sort else ""
        at = bisect_left(partition.keys, wanted)
        if at == len(partition.keys) or partition.keys[at] != wanted:
            self.units += 0.5
            return None
        item, size = partition.items[at]
        self.units += -(-size // 4096) / 2
        return item

    def query(self, *, TableName: str, IndexName: str = "", **asked: Any) -> dict[str, Any]:
        begin = time.thread_time()
        self.asked += 1
        _, sort = _INDEXES[TableName][IndexName]
        given = {name: each["S"] for name, each in asked["ExpressionAttributeValues"].items()}
        partition = self._found.get((TableName, IndexName), {}).get(given.pop(next(iter(given))), Partition())
        low, high = 0, len(partition.keys)
        if ":from" in given:
            low, high = bisect_left(partition.keys, given[":from"]), bisect_right(partition.keys, given[":to"])
        elif ":after" in given:
            low = bisect_right(partition.keys, given[":after"])
        elif ":prefix" in given:
            low, high = (bisect_left(partition.keys, given[":prefix"] + end) for end in ("", "\uffff"))
        if "ExclusiveStartKey" in asked:
            low = bisect_right(partition.keys, asked["ExclusiveStartKey"][sort]["S"])
        found: list[dict[str, Any]] = []
        read = 0
        for item, size in partition.items[low:high]:
            if read + size > _PAGE or len(found) == asked.get("Limit"):
                break
            found.append(item)
            read += size
        self.units += max(-(-read // 4096), 1) / 2
        more = low + len(found) < high
        self.busy += time.thread_time() - begin
        return {"Items": found} | ({"LastEvaluatedKey": {sort: found[-1][sort]}} if more else {})


def filled(every: int) -> tuple[Tables, int, int]:
    """Tables of a network, how many stations it has, and how many days its station of history."""
    tables = Tables()
    airports = airportsdata.load("ICAO")
    chosen = {PROBE, *sorted(airports)[::every]}
    stations = StationsStore("stations_table", client=tables)
    values = {name: _latest(value, unit) for (name, unit), value in zip(weather.NAMES.items(), (3.5, 81.0, 4.0), strict=True)}
    shown = to_item({"revision": 1, "parameters": {name: asdict(value) for name, value in values.items()}})
    days = -(-DAYS // every)
    template, hourly = _day(5), _on(_day(60), END)
    for name in sorted(chosen):
        airport = airports[name]
        station = Station(
            id=name,
            name=airport["name"],
            latitude=airport["lat"],
            longitude=airport["lon"],
            elevation_m=round(airport["elevation"] * 0.3048, 1),
            authority=Authority.STATION_LIST,
        )
        stations.put(station, order=answers.ORDER)
        tables.put_item(TableName="latest_table", Item=shown | {"station_id": {"S": name}})
        partition = {"partition": {"S": f"station#{name}"}}
        if name != PROBE:
            tables.put_item(TableName="observations_table", Item=hourly | partition)
    for day in range(days):
        tables.put_item(
            TableName="observations_table",
            Item=_on(template, END - day * instant.DAY) | {"partition": {"S": f"station#{PROBE}"}},
        )
    network = NetworkStore("observations_table", client=tables)
    whole = BoundingBox(-180.0, -90.0, 180.0, 90.0)
    first = END - days * instant.DAY
    cells = frozenset(geohash.encode(airports[name]["lat"], airports[name]["lon"], geohash.CELL_LENGTH) for name in chosen)
    network.begin_survey(walk := "2026-01-01T00:00:00.000Z")
    network.widen(Network(bbox=whole, first=first, last=END + instant.DAY - 1, parameters=dict(weather.NAMES), cells=cells))
    network.end_survey(walk)
    return tables, len(chosen), days


def _latest(value: float, unit: str) -> LatestValue:
    return LatestValue(
        time=END + instant.DAY - 3_600_000,
        since=END - DAYS * instant.DAY,
        value=value,
        unit=unit,
        received=str(value),
        unit_received=unit,
        flag=1,
        order=answers.ORDER,
        file_id=answers.FILE_ID,
    )


def _day(minutes: int) -> dict[str, Any]:
    """A day's item."""
    times = range(END, END + instant.DAY, minutes * 60 * instant.SECOND)
    rows = [weather.values(at) for at in times]
    columns = {
        parse(name): Column(
            unit=unit,
            unit_received=unit,
            values=[row[name] for row in rows],
            received=[f"{row[name]:g}" for row in rows],
            flags=[1] * len(rows),
        )
        for name, unit in weather.NAMES.items()
    }
    batch = Batch(station_id=PROBE, times=list(times), rows=list(range(2, len(rows) + 2)), columns=columns)
    draft = Draft()
    draft.add(batch, list(columns), range(len(rows)))
    key = BlockKey(station_id=PROBE, span=Span.DAY, start=instant.day_of(END), file_id=answers.FILE_ID)
    (block,) = draft.blocks(key, order=answers.ORDER, version_id="v1")
    return item_of(block, 0)


def _on(item: dict[str, Any], day: int) -> dict[str, Any]:
    """The same on another day; its times follow from the first and the last."""
    key = item["block"]["S"].replace(instant.day_of(END), instant.day_of(day))
    moved = {name: {"N": str(int(item[name]["N"]) + day - END)} for name in ("f", "l")}
    return item | moved | {"block": {"S": key}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    milliseconds: float
    requests: float
    units: float


def measured(tables: Tables, rounds: int) -> dict[str, Cost]:
    """What each query costs over these tables, in a function that has answered it before."""
    (environment,) = [given for name, _, given in cold_start.functions() if name == cold_start.LATEST]
    for module in [name for name in sys.modules if name.startswith("mesonet.functions.api_weather")]:
        del sys.modules[module]
    with patch.dict(os.environ, cold_start.LAMBDA | environment), patch.object(aws, "client", lambda _: tables):
        from mesonet.functions.api_weather import handler

        return {name: _cost(handler.handle, event, tables, rounds) for name, event in EVENTS.items()}


def _cost(handle: Any, event: dict[str, Any], tables: Tables, rounds: int) -> Cost:
    taken = []
    asked, units = 0, 0.0
    for _ in range(rounds + 1):
        tables.asked, tables.units, tables.busy = 0, 0.0, 0.0
        given = json.loads(json.dumps(event))
        with redirect_stdout(io.StringIO()):
            begin = time.process_time()
            answer = handle(given, Context())
            taken.append(time.process_time() - begin - tables.busy)
        if answer["statusCode"] != 200:
            raise SystemExit(f"{event['path']}: {answer}")
        asked, units = tables.asked, tables.units
    return Cost(milliseconds=median(taken[1:]) * 1000, requests=asked, units=units)


def report(found: Sequence[tuple[int, int, dict[str, Cost]]]) -> Iterator[str]:
    yield "Processor time in ms, requests to DynamoDB, read units"
    yield f"{'':24}" + "".join(f"{f'{stations:,} stations, {days:,} days':>34}" for stations, days, _ in found)
    grown = []
    for query in EVENTS:
        costs = [each[query] for _, _, each in found]
        yield f"{query:24}" + "".join(
            f"{f'{cost.milliseconds:.1f} ms, {cost.requests:g} req., {cost.units:g} units':>34}" for cost in costs
        )
        if costs[-1].units > GROWTH * max(each.units for each in costs[:-1]) and costs[-1].units > 10:
            grown.append(query)
    yield f"Not flat: {', '.join(grown)}" if grown else "All flat"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="how often each query is asked")
    asked = parser.parse_args(arguments)
    found = []
    for every in STEPS:
        cold_start.progress(f"one airport in {every}")
        tables, stations, days = filled(every)
        found.append((stations, days, measured(tables, asked.rounds)))
    cold_start.progress("")
    print("\n".join(report(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
