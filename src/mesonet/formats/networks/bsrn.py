"""The Baseline Surface Radiation Network's station-to-archive files: logical records, each below a line `*U0100` or `*C0100`.

Source: König-Langlo and others, "The Baseline Surface Radiation Network and its World Radiation Monitoring Centre at the Alfred
Wegener Institute", GCOS-174 (2013), annex with the records' formats. Read are 0001 (station, month, year), 0004 (position),
0100 (minutes of radiation and weather, two lines each) and 0300 (radiation that comes up). A quantity has mean, standard
deviation, minimum and maximum of the minute; the means are taken. Times are UTC. Positions count from the south pole and the
date line.
"""

import re
from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Layout, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.table import CUT_OFF, SHOWN, Chunk, Fields, chunk_of, torn
from mesonet.formats.text import Text, decode
from mesonet.regex import regex

NAME = "bsrn"
BEGINS = regex(rb"(?m)^\*[CU]0001")

_HEAD = 65_536
_RECORD = regex(r"\*([CU])(\d{4})\s*", re.ASCII)
_NAMES = ("day", "minute", "global", "direct", "diffuse", "down", "temperature", "humidity", "pressure", "reflected", "up")
_DOWN, _UP = "surface_downwelling_{}_flux_in_air", "surface_upwelling_{}_flux_in_air"
_MEANS = {
    2: _DOWN.format("shortwave"),
    3: "surface_direct_along_beam_shortwave_flux_in_air",
    4: "surface_diffuse_downwelling_shortwave_flux_in_air",
    5: _DOWN.format("longwave"),
    9: _UP.format("shortwave"),
    10: _UP.format("longwave"),
}
_POINTS = {6: ("air_temperature", "Cel"), 7: ("relative_humidity", "%"), 8: ("air_pressure", "hPa")}
_GONE = ("-999", "-99.9", "-999.0", "-9999")
_BASIC = (0, 1, 2, 6, 10, 14, 18, 19, 20)  # where a joined row of record 0100 has day, minute, the means and the weather
_REFLECTED = (0, 1, 2, 6)  # and one of 0300 what goes up; net radiation stands behind, and is not taken


def _records(text: str) -> dict[str, list[str]]:
    """The lines of each logical record by its number, as far as the head goes."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.split("\n"):
        if match := _RECORD.fullmatch(line):
            lines = found.setdefault(match[2], [])
        else:
            lines.append(line)
    return found


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:4096])
    first, _, rest = text.lstrip("\n").partition("\n")
    told = rest.partition("\n")[0].split()
    match = _RECORD.fullmatch(first)
    if not match or match[2] != "0001" or len(told) < 3 or not all(part.isdecimal() for part in told[:3]):
        return None
    return Guess(0.98, f"BSRN station-to-archive: station {told[0]}, {told[2]}-{told[1]:0>2}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, _HEAD)
    records = _records(decode(peeked.head))
    told = (records.get("0001") or [""])[0].split()
    if len(told) < 3 or not all(part.isdecimal() for part in told[:3]):
        raise UnreadableFile("logical record 0001 does not tell the station's number, the month and the year", row=2)
    number, month, year = told[:3]
    place = _place(number, records.get("0004", []))
    yield from station(place, 1)
    elements: dict[int, Element] = {
        at: element(_NAMES[at], name, "W/m2", *_GONE, method="mean", duration="PT1M") for at, name in _MEANS.items()
    }
    elements |= {at: element(_NAMES[at], name, unit, *_GONE) for at, (name, unit) in _POINTS.items()}
    source = _Minutes(peeked)
    layout = Layout(
        names=_NAMES, station=place.id, at=(0, 1), time=lambda columns: _times(columns, year, month), elements=elements
    )
    yield from rows(source, layout, context)
    if source.others:
        yield Remark(f"logical records that are not read: {', '.join(sorted(source.others)[:20])}")


def _place(number: str, record: list[str]) -> Place:
    """Of record 0004, whose sixth line begins with latitude and longitude from the south pole and the date line."""
    for line in record[1:8]:
        if match := re.fullmatch(r"\s*(\d+\.\d+)\s+(\d+\.\d+)\s+(-?\d+)(?:\s+(\w{5}))?\s*", line, re.ASCII):
            latitude, longitude = f"{float(match[1]) - 90:.3f}", f"{float(match[2]) - 180:.3f}"
            synop = match[4] if match[4] and match[4].isdecimal() else None
            name = record[2].partition(",")[0].strip() if len(record) > 2 else ""
            return Place(f"0-20000-0-{synop}" if synop else f"bsrn_{number}", latitude, longitude, match[3], name)
    return Place(f"bsrn_{number}", "", "")


def _times(columns: Columns, year: str, month: str) -> list[str]:
    told = []
    for day, minute in zip(columns[0], columns[1], strict=True):
        whole = int(minute) if minute.isdecimal() and len(minute) < 5 else 9999
        told.append(f"{year}-{month:0>2}-{day:0>2}T{whole // 60:02d}:{whole % 60:02d}")
    return told


class _Minutes:
    """The rows of records 0100 and 0300 as `Lines` would give them."""

    def __init__(self, stream: Stream) -> None:
        self.text = Text(stream)
        self.others: set[str] = set()
        self.unended: int | None = None

    def chunks(self, width: int, *, skip: int = 0) -> Iterator[Chunk]:
        record, number, held = "", 0, list[str]()
        for block in self.text:
            taken: list[tuple[int, Fields]] = []
            ragged: list[tuple[int, Fields]] = []
            lines = block.removesuffix("\n").split("\n")
            for line in lines:
                number += 1
                if line.startswith("*") and (match := _RECORD.fullmatch(line)):
                    if held:
                        ragged.append((number - 1, held))
                    record, held = match[2], []
                    if record not in ("0001", "0004", "0100", "0300"):
                        self.others.add(record)
                    continue
                if record not in ("0100", "0300") or not line or line.isspace():
                    continue
                fields = [*held, *line.split()]
                if record == "0100" and len(fields) == 10:
                    held = fields
                    continue
                held = []
                if record == "0100" and len(fields) == 21:
                    taken.append((number - 1, (*(fields[at] for at in _BASIC), "", "")))
                elif record == "0300" and len(fields) == 14:
                    day, minute, reflected, up = (fields[at] for at in _REFLECTED)
                    taken.append((number, (day, minute, *[""] * 7, reflected, up)))
                else:
                    ragged.append((number, fields))
            if not block.endswith("\n"):
                self.unended = number
            if taken or ragged:
                yield chunk_of(taken, width, ragged)
        if held:
            yield Chunk([], [()] * width, [(number, held)])

    def ragged(self, chunk: Chunk, width: int) -> Iterator[Reject]:
        for row, fields in chunk.ragged:
            end = row == self.unended
            reason = CUT_OFF if end else "not as many fields as the logical record has"
            yield Reject(reason=reason, row=row, value=" ".join(fields)[:SHOWN])

    def torn(self) -> Iterator[Reject]:
        yield from torn(self.text)
