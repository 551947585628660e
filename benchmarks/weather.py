"""A month of one station's observations every five minutes, in Mesonet's table and in one with an item for each observation.

And a small DynamoDB that answers queries of either.
"""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from math import sin
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks import answers
from mesonet.domain import geohash, instant
from mesonet.domain.block import BlockKey, Draft, Span
from mesonet.domain.observation import Batch, Column
from mesonet.domain.parameter import parse
from mesonet.functions.api_weather.representations import latest_value
from mesonet.stores import latest
from mesonet.stores.block_items import item_of

DAYS = 30
STEP = 5 * 60 * instant.SECOND
START = instant.parse("2024-01-01T00:00:00Z")
NAMES = {"air_temperature": "Cel", "relative_humidity": "%", "wind_speed": "m/s"}
_PAGE = 1_000_000  # bytes that DynamoDB reads for one answer


def values(at: int) -> dict[str, float]:
    hours = (at - START) / 3_600_000
    return {
        "air_temperature": round(5 + 6 * sin(hours / 3.8) + 2 * sin(hours / 31), 1),
        "relative_humidity": float(round(70 + 20 * sin(hours / 5))),
        "wind_speed": round(4 + 3 * sin(hours / 7.3), 1),
    }


def times(day: int) -> range:
    return range(START + day * instant.DAY, START + (day + 1) * instant.DAY, STEP)


def blocks() -> list[dict[str, Any]]:
    """Mesonet's items: one for each day."""
    found = []
    for day in range(DAYS):
        rows = [(at, values(at)) for at in times(day)]
        columns = {
            parse(name): Column(
                unit=unit,
                unit_received=unit,
                values=[row[name] for _, row in rows],
                received=[f"{row[name]:g}" for _, row in rows],
                flags=[1] * len(rows),
            )
            for name, unit in NAMES.items()
        }
        batch = Batch(
            station_id=answers.STATION, times=[at for at, _ in rows], rows=list(range(2, len(rows) + 2)), columns=columns
        )
        draft = Draft()
        draft.add(batch, list(columns), range(len(rows)))
        start = instant.day_of(rows[0][0])
        key = BlockKey(station_id=answers.STATION, span=Span.DAY, start=start, file_id=answers.FILE_ID)
        found += [item_of(block, 0) for block in draft.blocks(key, order=answers.ORDER, version_id="v1")]
    return found


def readings() -> list[dict[str, Any]]:
    """An item for each observation, its names as short as they can be."""
    return [
        {"s": {"S": answers.STATION}, "t": {"S": instant.iso(at)}}
        | {name: {"N": f"{value:g}"} for name, value in zip(("at", "rh", "ws"), values(at).values(), strict=True)}
        for day in range(DAYS)
        for at in times(day)
    ]


def named_readings() -> list[dict[str, Any]]:
    """The same with the names that things have."""
    names = {"s": "station_id", "t": "time", "at": "air_temperature", "rh": "relative_humidity", "ws": "wind_speed"}
    return [{names[name]: value for name, value in each.items()} for each in readings()]


def sqlite(path: Path) -> None:
    """The same in a file of SQLite, as one machine would have it; Mesonet's tables too, by partition and sort key."""
    rows = [
        (answers.STATION, instant.iso(at), *values(at).values(), -73.7787, 40.6399) for day in range(DAYS) for at in times(day)
    ]
    places = [(each["station_id"]["S"], each["longitude"]["N"], each["latitude"]["N"]) for each in _stations()]
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")  # as whoever writes while others read has it
        database.execute("CREATE TABLE readings (s TEXT, t TEXT, at REAL, rh REAL, ws REAL, x REAL, y REAL, PRIMARY KEY(s, t))")
        database.executemany("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        for table in ("latest_table", "observations_table", "stations_table"):
            database.execute(
                f"CREATE TABLE {table} (partition TEXT, sort TEXT, item TEXT, PRIMARY KEY(partition, sort)) WITHOUT ROWID"
            )
        for table, *row in _items():
            database.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", row)
        newest = _latest()
        database.execute(f"CREATE TABLE latest ({', '.join(newest[0])}, PRIMARY KEY(station, parameter))")
        database.executemany(
            f"INSERT INTO latest VALUES ({', '.join('?' * len(newest[0]))})", [(*row.values(),) for row in newest]
        )
        database.execute("CREATE TABLE stations (id TEXT PRIMARY KEY, x REAL, y REAL)")
        database.executemany("INSERT INTO stations VALUES (?, ?, ?)", places)
        database.commit()


def lmdb_file(path: Path) -> None:
    """Mesonet's tables in a file of LMDB, each text under its table, partition and sort key."""
    import lmdb

    with lmdb.open(str(path), subdir=False, map_size=100_000_000) as database, database.begin(write=True) as writing:
        for *key, text in _items():
            writing.put("\0".join(key).encode(), text.encode())


def _items() -> Iterator[tuple[str, str, str, str]]:
    for block in blocks():
        yield "observations_table", block["partition"]["S"], block["block"]["S"], json.dumps(_plain(block))
    for station in _stations():
        yield "stations_table", station["cell"]["S"], station["place"]["S"], json.dumps(station)
    for table in ("latest_table", "stations_table"):
        yield table, answers.STATION, "", json.dumps(answers.ITEMS[table])
    for number, item in enumerate(answers.changed()):
        yield "latest_table", f"{answers.CHANGING}#{number}", "", json.dumps(item)


def _latest() -> list[dict[str, Any]]:
    """A row for the newest value of each parameter, with all that Mesonet's answer tells of it."""
    values = latest.values_of(answers.ITEMS["items_table"])
    return [
        {"station": answers.STATION, "parameter": name, **json.loads(f"{{{latest_value(name, value)}}}")[name]}
        for name, value in sorted(values.items())
    ]


def copied() -> str:
    """The same as COPY of PostgreSQL takes it: columns with tabs between, places as PostGIS reads them."""
    rows = ((answers.STATION, instant.iso(at), *values(at).values()) for day in range(DAYS) for at in times(day))
    return "\n".join("\t".join(map(str, (*row, "SRID=4326;POINT(-73.7787 40.6399)"))) for row in rows)


def size(item: dict[str, Any]) -> int:
    """Bytes that DynamoDB counts (Developer Guide, "DynamoDB item sizes and formats")."""
    return sum(len(name) + _size(attribute) for name, attribute in item.items())


def _size(attribute: dict[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return len(value.lstrip("-0.").rstrip("0.")) // 2 + 2
        case "B":
            return len(value)
        case "M":
            return 3 + len(value) + size(value)
        case "L":
            return 3 + len(value) + sum(map(_size, value))
        case "BOOL" | "NULL":
            return 1
    return len(value.encode())


def read_units(items: list[dict[str, Any]]) -> float:
    """Of one query that is not strongly consistent: half a unit for each 4 KB of all its items."""
    return -(-sum(map(size, items)) // 4096) / 2


def write_units(items: list[dict[str, Any]]) -> int:
    """One for each KB of each item."""
    return sum(-(-size(item) // 1024) for item in items)


def _stations() -> list[dict[str, Any]]:
    """A few dozen around Kennedy airport, as the index of places has them."""
    found = []
    for number in range(40):
        latitude, longitude = 40.64 + (number % 7 - 3) * 0.05, -73.78 + (number // 7 - 3) * 0.06
        place = geohash.encode(latitude, longitude, 9)
        found.append(
            {
                "station_id": {"S": f"S{number:02d}"},
                "name": {"S": f"Station {number}"},
                "latitude": {"N": f"{latitude:.4f}"},
                "longitude": {"N": f"{longitude:.4f}"},
                "authority": {"N": "2"},
                "cell": {"S": place[:2]},
                "place": {"S": f"{place}#S{number:02d}"},
            }
        )
    return sorted(found, key=lambda each: str(each["place"]))


_changes = cycle(answers.changed())


class _Tables(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 2 * _PAGE  # head and body in one go: apart, the second waits 40 ms for the first one's acknowledgement
    written: dict[str, list[tuple[str, dict[str, Any], int]]]  # by table: sort key, item, size

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        answer: dict[str, Any] = {}
        if operation == "GetItem":
            item = answers.ITEMS.get(asked["TableName"])
            if asked["TableName"] == "latest_table" and asked["Key"] == {"station_id": {"S": answers.CHANGING}}:
                item = next(_changes)
            answer = {"Item": item} if item else {}
        elif operation == "Query":
            answer = self._query(asked)
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _query(self, asked: dict[str, Any]) -> dict[str, Any]:
        given = {name: each.get("S", "") for name, each in asked["ExpressionAttributeValues"].items()}
        low, high = "", "\uffff"
        if ":from" in given:
            low, high = given[":from"], given[":to"]
        elif ":v1" in given:  # as boto3 names them
            low, high = given[":v1"], given[":v2"]
        elif ":prefix" in given:
            low, high = given[":prefix"], given[":prefix"] + "\uffff"
        start = asked.get("ExclusiveStartKey", {})
        after = start.get("t", start.get("block", {})).get("S", "")
        found: list[dict[str, Any]] = []
        read = 0
        for key, item, cost in self.written.get(asked["TableName"], []):
            if (
                not low <= key <= high
                or (after and key <= after)
                or item.get("cell", {}).get("S") not in (None, *given.values())
            ):
                continue
            if read + cost > _PAGE or len(found) == asked.get("Limit"):
                last = found[-1]
                place = {name: last[name] for name in ("s", "t", "partition", "block") if name in last}
                return {"Items": found, "Count": len(found), "ScannedCount": len(found), "LastEvaluatedKey": place}
            found.append(_projected(item, asked))
            read += cost
        return {"Items": found, "Count": len(found), "ScannedCount": len(found)}

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def _projected(item: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """What of an item travels: members, and members of maps in it."""
    names = asked.get("ExpressionAttributeNames", {})
    if "ProjectionExpression" not in asked:
        return item
    found: dict[str, Any] = {}
    for path in asked["ProjectionExpression"].split(", "):
        source, target = item, found
        *outer, last = [names.get(part, part) for part in path.split(".")]
        for name in outer:
            if name not in source:
                break
            source, target = source[name]["M"], target.setdefault(name, {"M": {}})["M"]
        else:
            if last in source:
                target[last] = source[last]
    return found


def _plain(value: Any) -> Any:
    """As it is sent: bytes in base64."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return b64encode(value).decode() if isinstance(value, bytes) else value


@contextmanager
def served(tables: dict[str, list[tuple[str, dict[str, Any], int]]]) -> Iterator[str]:
    """The endpoint of tables that another process serves, so that its work is in nobody's figures."""
    _Tables.written = tables
    with ThreadingHTTPServer(("127.0.0.1", 0), _Tables) as server:
        process = get_context("fork").Process(target=server.serve_forever, daemon=True)
        process.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            process.terminate()
            process.join()


def tables() -> dict[str, list[tuple[str, dict[str, Any], int]]]:
    return {
        "observations_table": [(each["block"]["S"], _plain(each), size(each)) for each in blocks()],
        "readings_table": [(each["t"]["S"], each, size(each)) for each in readings()],
        "stations_table": [(each["place"]["S"], each, size(each)) for each in _stations()],
    }
