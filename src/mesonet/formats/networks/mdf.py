"""Mesonet data files (MDF) as the Oklahoma Mesonet writes them: all stations of one time, between blanks.

Source: Oklahoma Mesonet, "MDF/MTS file formats" and its table of variables. The first line is a number and a copyright, the
second the number of columns and the instant from which TIME counts minutes (UTC), the third the names. Values are of the five
minutes that end then; RAIN is counted since 00 UTC and not taken, since its period grows. -990 to -999 are kinds of missing.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, each, rows
from mesonet.formats.elements import Element, element
from mesonet.formats.lines import Lines, Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "mdf"
BEGINS = regex(rb"(?m)^ *\d+ *![^\n]*\n *\d+ +\d{4} ")
GO_ON = True

_GONE = tuple(f"-{number}" for number in range(990, 1000))
_MEAN = ("mean", "PT5M")
# name: standard name, unit, level, method and duration
_VARIABLES: dict[str, tuple[str, str, float | None, tuple[str, str]]] = {
    "RELH": ("relative_humidity", "%", 1.5, _MEAN),
    "TAIR": ("air_temperature", "Cel", 1.5, _MEAN),
    "WSPD": ("wind_speed", "m/s", 10, _MEAN),
    "WDIR": ("wind_from_direction", "deg", 10, _MEAN),
    "WMAX": ("wind_speed_of_gust", "m/s", 10, ("maximum", "PT5M")),
    "PRES": ("air_pressure", "hPa", None, _MEAN),
    "SRAD": ("surface_downwelling_shortwave_flux_in_air", "W/m2", None, _MEAN),
    "TA9M": ("air_temperature", "Cel", 9, _MEAN),
    "WS2M": ("wind_speed", "m/s", 2, _MEAN),
    "TS05": ("soil_temperature", "Cel", -0.05, _MEAN),
    "TS10": ("soil_temperature", "Cel", -0.1, _MEAN),
    "TS25": ("soil_temperature", "Cel", -0.25, _MEAN),
    "TS30": ("soil_temperature", "Cel", -0.3, _MEAN),
    "TS60": ("soil_temperature", "Cel", -0.6, _MEAN),
}
_SECOND = regex(r"\s*(\d{1,3})\s+(\d{4})\s+(\d{1,2})\s+(\d{1,2})\s+(\d{1,2})\s+(\d{1,2})\s+(\d{1,2})\s*", re.ASCII)


def sniff(head: bytes) -> Guess | None:
    lines = decode(head[:4096]).split("\n")
    names = lines[2].split() if len(lines) > 3 else []
    second = _SECOND.fullmatch(lines[1]) if names else None
    if not second or names[0] != "STID" or "TIME" not in names:
        return None
    right = int(second[1]) == len(names)
    return Guess(0.97 if right else 0.7, f"a Mesonet data file (MDF): {len(names)} columns for all stations, {names[0]} first")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    _, second, third, *_ = decode(peeked.head).split("\n") + [""] * 3
    names, found = third.split(), _SECOND.fullmatch(second)
    if not found or "STID" not in names or "TIME" not in names:
        raise UnreadableFile("the second and third line do not say when the file is of and what its columns are", row=2)
    try:
        base = datetime(*map(int, found.groups()[1:]))  # type: ignore[arg-type] # noqa: DTZ001 - UTC, as the layout says
    except ValueError as exc:
        raise UnreadableFile(f"the time from which the minutes count does not exist: {exc}", row=2) from exc

    def time(minutes: str) -> str:
        try:
            return (base + timedelta(minutes=int(minutes))).isoformat()
        except (ValueError, OverflowError):
            return minutes

    elements: dict[int, Element] = {}
    for at, name in enumerate(names):
        if known := _VARIABLES.get(name):
            standard_name, unit, level, (method, duration) = known
            elements[at] = element(name, standard_name, unit, *_GONE, method=method, duration=duration, level=level)
    layout = Layout(
        names=names,
        station_at=names.index("STID"),
        at=(names.index("TIME"),),
        time=each(time, names.index("TIME")),
        elements=elements,
    )
    yield from rows(Lines(peeked, parted=True), layout, context, skip=3)
