"""Ambient Weather: devices with their last data, or the history of one device, as the REST API gives them.

Source: https://ambientweather.docs.apiary.io and "Device Data Specs"
(https://github.com/ambient-weather/api-docs/wiki/Device-Data-Specs). A station is called `ambient_` and a hash of its MAC
address (see `home_stations`); histories, which do not say whose they are, are called after their file. Positions are those that
the owner has entered.
"""

import re
from collections.abc import Iterator
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.formats.json_document import RowsOf, documents, glance, is_lines, member, objects, shown, text_of
from mesonet.formats.json_readings import Readings, degrees, epoch, height, located, of_file
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.services.home_stations import MOST_STATIONS, called, doubted, fields
from mesonet.regex import regex

NAME = "ambient-weather"
RECORDS = LineRecords(applies=is_lines)

_MAC = regex(r"(?:[0-9A-Fa-f]{2}[:.\-]?){5}[0-9A-Fa-f]{2}", re.ASCII)
_OF_FILE = "the data do not say whose they are; the station is called {} after the file"


def sniff(head: bytes) -> Guess | None:
    """Devices with a MAC address, or data with a `dateutc` in milliseconds."""
    seen = glance(head) if b"macAddress" in head or b"dateutc" in head else None
    if seen is None:
        return None
    for at in ("data[].", "[].", ""):
        if f"{at}macAddress" in seen and (f"{at}lastData" in seen or f"{at}info" in seen):
            return Guess(0.96, "devices of Ambient Weather: a MAC address each, and the last data")
    stamp = seen["dateutc"] or seen["data[].dateutc"]
    if re.fullmatch(r"\d{12,13}", stamp) and any(
        f"{at}{name}" in seen for at in ("", "data[].") for name in ("tempf", "baromrelin")
    ):
        return Guess(0.9, "data of Ambient Weather: dateutc in milliseconds, units in the names")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are devices or reports, counted over the file; in NDJSON, lines."""
    readings = Readings(values=context.values)
    rows = RowsOf()
    for document in documents(stream):
        if isinstance(document, Reject):
            yield readings.lost(document)
            continue
        line, value = document
        for answer in objects(value):
            listed = answer.get("data")
            for row, given in rows(objects(listed if isinstance(listed, list) else answer), line):
                yield from _report(given, row, context, readings)
    if not rows.count:
        yield Reject(reason="there are no devices and no data in it")
    yield from readings.end()


def _report(given: dict[str, Any], row: int, context: Context, readings: Readings) -> Iterator[Piece]:
    said = text_of(given, "macAddress")
    data = given
    if "macAddress" in given:
        if not _MAC.fullmatch(said):
            yield readings.reject(reason="not a MAC address", row=row, column="macAddress", value="…")
            return
        name = called("ambient", re.sub(r"[^0-9a-f]", "", said.lower()), readings)
        if name is None:
            yield readings.reject(reason=f"more than {MOST_STATIONS} stations in one file", row=row, column="macAddress")
            return
        station = name
        yield from _located(station, given, row, readings)
        data = given if "dateutc" in given else next(iter(objects(given.get("lastData"))), {})  # a message of its websocket
    else:
        station = of_file(context.key, "ambient")
        readings.remark(_OF_FILE.format(station), "station")
    if not data.get("dateutc"):
        yield readings.reject(reason="the device has no data with a time", row=row, column="lastData.dateutc", value=station)
        return
    try:
        time = epoch(data["dateutc"], 1)
    except ValueError as exc:
        yield readings.reject(
            reason=str(exc).replace("seconds", "milliseconds"), row=row, column="dateutc", value=shown(data["dateutc"])
        )
        return
    doubtful = dict(doubted(data, row))
    yield from doubtful.values()
    taken = {name: value for name, value in data.items() if name not in doubtful}
    yield from readings.observe(station, time, row, fields(taken, readings))


def _located(station: str, given: dict[str, Any], row: int, readings: Readings) -> Iterator[Piece]:
    place = member(given, "info", "coords")
    try:
        latitude = degrees(member(place, "coords", "lat"), 90)
        longitude = degrees(member(place, "coords", "lon"), 180)
    except ValueError as exc:
        if member(place, "coords") is not None:
            yield Reject(reason=str(exc), row=row, column="info.coords")
        return
    name = text_of(given, "info", "name")
    elevation = height(member(place, "elevation"))
    readings.place(located(station, latitude, longitude, name=name, elevation_m=elevation))
