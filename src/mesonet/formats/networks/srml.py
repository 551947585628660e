"""The University of Oregon's solar radiation archive: a first row of station, year and element numbers, then rows of values.

Source: UO Solar Radiation Monitoring Laboratory, "Archival files" and "Data element numbers" (solardata.uoregon.edu). A row
begins with the day of the year and the time at which its interval ends, 1 to 2400; each value is followed by a flag, 99 where
there is none. The first digits of an element number say what it is, the last which instrument. Times are Pacific Standard Time,
in which the laboratory keeps all of its stations.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Layout, Mended, rows
from mesonet.formats.elements import Element, element
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import Chunk, Table
from mesonet.formats.text import decode
from mesonet.formats.times import iso_duration
from mesonet.regex import regex

NAME = "srml"
BEGINS = regex(rb"(?m)^\d{4,6}\t(?:19|20)\d\d\t")
GO_ON = True

_HEADER = regex(r"(\d{5})\t((?:19|20)\d\d)((?:\t\d{3,4}\t\d+)+)\s*", re.ASCII)
_ROW = regex(r"(\d{1,3})\t(\d{1,4})(?:\t-?[\d.]+\t\d{1,2})+\s*", re.ASCII)
_ELEMENTS = {
    "100": ("surface_downwelling_shortwave_flux_in_air", "W/m2"),
    "201": ("surface_direct_along_beam_shortwave_flux_in_air", "W/m2"),
    "300": ("surface_diffuse_downwelling_shortwave_flux_in_air", "W/m2"),
    "917": ("air_pressure", "hPa"),
    "920": ("wind_from_direction", "deg"),
    "921": ("wind_speed", "m/s"),
    "930": ("air_temperature", "Cel"),
    "931": ("dew_point_temperature", "Cel"),
    "933": ("relative_humidity", "%"),
}
_NONE = "99"


def sniff(head: bytes) -> Guess | None:
    lines = decode(head[:4096]).split("\n")
    header = _HEADER.fullmatch(lines[0])
    if not header or len(lines) < 2 or not _ROW.fullmatch(lines[1]):
        return None
    count = len(lines[0].split("\t"))
    if len(lines[1].split("\t")) != count:
        return None
    return Guess(
        0.95, f"solar archive of the University of Oregon: station {header[1]}, {header[2]}, {count // 2 - 1} elements"
    )


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    lines = decode(peeked.head).split("\n")
    header = _HEADER.fullmatch(lines[0])
    if not header:
        raise UnreadableFile("the first row is no header of station, year and elements", row=1)
    numbers = header[3].split("\t")[1::2]
    minutes = [int(row[2]) // 100 * 60 + int(row[2]) % 100 for line in lines[1:3] if (row := _ROW.fullmatch(line))]
    step = minutes[1] - minutes[0] if len(minutes) == 2 and minutes[1] > minutes[0] else 60
    names, elements = ["day of year", "time"], dict[int, Element]()
    for number in numbers:
        known = _ELEMENTS.get(number[:3]) or (_ELEMENTS["201"] if number.startswith("20") else None)
        if known and known not in [(e.parameter.standard_name, e.unit) for e in elements.values()]:
            elements[len(names)] = element(number, *known, method="mean", duration=iso_duration(step * 60_000))
        names += [number, f"{number} flag"]
    year = int(header[2])

    def time(columns: Columns) -> list[str]:
        known: dict[tuple[str, str], str] = {}
        for day, clock in set(zip(columns[0], columns[1], strict=True)):
            known[day, clock] = _moment(year, day, clock)
        return [known[key] for key in zip(columns[0], columns[1], strict=True)]

    layout = Layout(
        names=names,
        station=header[1],
        at=(0, 1),
        time=time,
        zone="-08:00",
        elements=elements,
        quiet=frozenset(range(3, len(names), 2)),
        remarks=("times are taken as Pacific Standard Time, in which this archive is kept",),
    )
    yield from rows(Mended(Table(peeked, "\t"), _valued), layout, context, skip=1)


def _valued(chunk: Chunk, width: int) -> Chunk:
    """The rows, without the zeros that stand where a flag says that there is no value."""
    for at in range(2, width - 1, 2):
        flags = chunk.columns[at + 1]
        if _NONE in flags:
            pairs = zip(chunk.columns[at], flags, strict=True)
            chunk.columns[at] = ["" if flag.strip() == _NONE else text for text, flag in pairs]
    return chunk


def _moment(year: int, day: str, clock: str) -> str:
    """ISO 8601; what cannot be is left as it is, and refused as no time."""
    try:
        number, moment = int(day), int(clock)
        if not 1 <= number <= 366:
            raise ValueError(day)
        when = date(year, 1, 1) + timedelta(days=number - 1)
    except (ValueError, OverflowError):
        return f"day {day} {clock}"
    return f"{when.isoformat()}T{moment // 100:02d}:{moment % 100:02d}"
