"""SURFRAD and SOLRAD: a line with the station's name, one with its position, then a minute or three in each row.

Source: NOAA GML, `README_SURFRAD.txt` and `README_SOLRAD.txt` in the archives of the two networks. Times are UTC. Temperature
and wind are measured at 10 m. Of the flag behind a value 0 is good, 1 bad, 2 questionable; SOLRAD ends a row with the standard
deviations. Older files write a western longitude without its sign: no station of the two lies east of Greenwich.
"""

import re
from collections.abc import Iterator

from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Flags, Layout, joined, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Lines, Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "surfrad"
BEGINS = regex(rb"(?m)^[^\n]{1,60}\n[^\n]{1,80} version \d")
GO_ON = True

_GONE = "-9999.9"
_TIMES = ("year", "jday", "month", "day", "hour", "min", "dt", "zen")
_DOWN, _UP = "surface_downwelling_{}_flux_in_air", "surface_upwelling_{}_flux_in_air"
_DIRECT, _DIFFUSE = "surface_direct_along_beam_shortwave_flux_in_air", "surface_diffuse_downwelling_shortwave_flux_in_air"
# name, standard name, unit, level; None where it has no parameter
_SURFRAD: tuple[tuple[str, str | None, str, float], ...] = (
    ("dw_solar", _DOWN.format("shortwave"), "W/m2", 2),
    ("uw_solar", _UP.format("shortwave"), "W/m2", 2),
    ("direct_n", _DIRECT, "W/m2", 2),
    ("diffuse", _DIFFUSE, "W/m2", 2),
    ("dw_ir", _DOWN.format("longwave"), "W/m2", 2),
    ("dw_casetemp", None, "K", 0),
    ("dw_dometemp", None, "K", 0),
    ("uw_ir", _UP.format("longwave"), "W/m2", 2),
    ("uw_casetemp", None, "K", 0),
    ("uw_dometemp", None, "K", 0),
    ("uvb", None, "mW/m2", 0),
    ("par", None, "W/m2", 0),
    ("netsolar", None, "W/m2", 0),
    ("netir", None, "W/m2", 0),
    ("totalnet", None, "W/m2", 0),
    ("temp", "air_temperature", "Cel", 10),
    ("rh", "relative_humidity", "%", 10),
    ("windspd", "wind_speed", "m/s", 10),
    ("winddir", "wind_from_direction", "deg", 10),
    ("pressure", "air_pressure", "hPa", 0),
)
_SOLRAD = (_SURFRAD[0], _SURFRAD[2], _SURFRAD[3], ("uvb", None, "mW/m2", 0), ("uvb_temp", None, "Cel", 0))
_DEVIATIONS = ("std_dw_solar", "std_direct", "std_diffuse", "std_uvb")
_INFRARED_DEVIATIONS = ("std_dw_ir", "std_dw_casetemp", "std_dw_dometemp")  # Madison measures infrared as well
_FLAGS = {"0": NOT_EVALUATED, "1": FAIL, "2": SUSPECT}

_PLACE = regex(r"\s*([\d.]+)\s+(-?[\d.]+)\s+(\d+)\s*(?:m\b|-?\d+(?:\.\d+)?)?\s*version\s+\d+\s*", re.ASCII)
_ROW = regex(r"\s*(\d{4})\s+\d{1,3}((?:\s+\d{1,2}){4})\s+\d+\.\d+\s+-?\d+\.\d+(?:\s+-?[\d.]+)+\s*", re.ASCII)


def sniff(head: bytes) -> Guess | None:
    """A name, a position with a version, and rows of as many fields as one of the two networks has."""
    lines = decode(head[:4096]).split("\n")
    if len(lines) < 3 or not lines[0].strip() or not _PLACE.fullmatch(lines[1]) or not _ROW.fullmatch(lines[2]):
        return None
    network = {48: "SURFRAD", 22: "SOLRAD", 31: "SOLRAD"}.get(len(lines[2].split()))
    return Guess(0.97, f"NOAA's {network}: station {lines[0].strip()[:60]}, its position, and rows") if network else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    name, place, *body = (*decode(peeked.head).split("\n"), "")
    found = _PLACE.fullmatch(place)
    if not found or not body:
        raise UnreadableFile("the second line does not say where the station is", row=2)
    width = len(body[0].split())
    surfrad = width == 48
    measures = _SURFRAD if surfrad else _SOLRAD if width == 22 else (*_SOLRAD, *_SURFRAD[4:7])
    latitude, longitude, height = found.groups()
    west = longitude if longitude.startswith("-") else f"-{longitude}"
    identifier = ("surfrad_" if surfrad else "solrad_") + "_".join(name.split())
    yield from station(Place(identifier, latitude, west, height, name.strip()), 2)
    duration = _duration(body)
    names, elements, flags = list(_TIMES), dict[int, Element](), dict[int, Flags]()
    for measured, standard_name, unit, level in measures:
        if standard_name:
            elements[len(names)] = element(measured, standard_name, unit, _GONE, method="mean", duration=duration, level=level)
            flags[len(names)] = Flags(at=len(names) + 1, meaning=_FLAGS, otherwise=SUSPECT)
        names += [measured, f"{measured}_flag"]
    names += () if surfrad else _DEVIATIONS if width == 22 else (*_DEVIATIONS, *_INFRARED_DEVIATIONS)
    layout = Layout(
        names=names,
        station=identifier,
        at=(0, 2, 3, 4, 5),
        time=joined("{}-{:0>2}-{:0>2}T{:0>2}:{:0>2}", 0, 2, 3, 4, 5),
        elements=elements,
        flags=flags,
        quiet=frozenset(at for at, each in enumerate(names) if each in _TIMES or each.endswith("_flag")),
        remarks=() if longitude == west else (f"the longitude {longitude} is west of Greenwich, as older files write it",),
    )
    yield from rows(Lines(peeked, parted=True), layout, context, skip=2)


def _duration(body: list[str]) -> str:
    """Over how long a row is a mean: three minutes before 2009, one since."""
    minutes = [match[2].split()[-1] for line in body[:2] if (match := _ROW.fullmatch(line))]
    return "PT3M" if len(minutes) == 2 and (int(minutes[1]) - int(minutes[0])) % 60 == 3 else "PT1M"
