"""ISMN: soil moisture and what is measured beside it, one sensor a file, of the International Soil Moisture Network.

Source: Dorigo et al., "The International Soil Moisture Network: serving Earth system science for over a decade" (HESS 25,
2021), and the Readme of the network's downloads. Two forms: the network, station, position, depths and sensor in the first line
and below it times and values; or all of that in each line (CEOP). Times are UTC. The variable stands in nothing but the file's
name (`NETWORK_NETWORK_Station_sm_0.050000_0.050000_Sensor_…`). Of the network's flags G is good, C is beyond what can be, D was
detected by its neighbours in time or by other data; the provider's own flag behind it is not used.
"""

import re
from collections.abc import Iterator

from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT, Reject
from mesonet.domain.station import addressable
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Flags, Layout, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Lines, Peeked
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "ismn"
BEGINS = regex(rb"(?m)^\S+[ \t]+\S+[ \t]+\S+[ \t]+-?\d+\.\d+[ \t]+-?\d+\.\d+[ \t]+-?\d+(?:\.\d+)?[ \t]+-?\d+\.\d+")
GO_ON = True

_TIME = r"\d{4}/\d\d/\d\d \d\d:\d\d"
_PLACE = r"(\S+)\s+(\S+)\s+(\S+)\s+(-?\d+\.\d+)\s+(-?\d+\.\d+)\s+(-?\d+(?:\.\d+)?)\s+(-?\d+\.\d+)\s+(-?\d+\.\d+)"
_HEAD = regex(rf"{_PLACE}\s+\S.*", re.ASCII)
_BELOW = regex(rf"{_TIME}\s+\S+\s+[A-Z]\S*(?:\s.*)?", re.ASCII)
_WHOLE = regex(rf"{_TIME}\s+{_TIME}\s+{_PLACE}\s+\S+\s+[A-Z]\S*(?:\s.*)?", re.ASCII)
_GONE = ("-9999", "NaN")
# variable: standard name and unit; precipitation is left, since nothing tells over which time
_VARIABLES = {
    "sm": ("volume_fraction_of_condensed_water_in_soil", "m3/m3"),
    "ts": ("soil_temperature", "Cel"),
    "ta": ("air_temperature", "Cel"),
    "tsf": ("surface_temperature", "Cel"),
    "sd": ("surface_snow_thickness", "mm"),
    "sweq": ("lwe_thickness_of_surface_snow_amount", "mm"),
}
_IN_NAME = regex(r"_([a-z]{1,4})_-?\d+\.\d+_-?\d+\.\d+_")
_SHORT = ("date", "time", "value", "flag", "provider flag")
_LONG = (
    *("nominal date", "nominal time", "date", "time", "experiment", "network", "station", "latitude", "longitude", "elevation"),
    *("depth from", "depth to", "value", "flag", "provider flag"),
)


def _form(text: str) -> tuple[re.Match[str], bool] | None:
    """Where the sensor is, and whether each line says it."""
    first, below, *_ = (*(line.strip() for line in text.split("\n") if line.strip()), "", "")
    if found := _WHOLE.fullmatch(first):
        return found, True
    found = _HEAD.fullmatch(first)
    return (found, False) if found and _BELOW.fullmatch(below) else None


def sniff(head: bytes) -> Guess | None:
    found = _form(decode(head[:4096]))
    return Guess(0.95, f"a sensor of ISMN: network {found[0][2][:40]}, station {found[0][3][:40]}") if found else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    found = _form(decode(peeked.head))
    if found is None:
        raise UnreadableFile("the first line does not say where the sensor is", row=1)
    place, whole = found
    _, network, name, latitude, longitude, height, top, bottom = place.groups()
    identifier = "".join(sign if addressable(f"a{sign}a") else "-" for sign in f"{network}_{name}")
    named = _IN_NAME.search(context.key.rpartition("/")[2])
    elements: dict[int, Element] = {}
    value = _LONG.index("value") if whole else _SHORT.index("value")
    if named and named[1] in _VARIABLES:
        standard_name, unit = _VARIABLES[named[1]]
        yield from station(Place(identifier, latitude, longitude, height, name), 1)
        level = None if standard_name.startswith(("surface", "lwe")) else -round((float(top) + float(bottom)) / 2, 4)
        elements[value] = element("value", standard_name, unit, *_GONE, level=level)
        yield Remark(f"the variable, {named[1]}, was read in the file's name; depth {top} to {bottom} m is put at its middle")
    else:
        what = f"{named[1]!r} is none that is taken" if named else "the file's name does not tell it"
        yield Reject(
            reason=f"the variable stands in no line of the file, and {what}: "
            f"name it as ISMN does (…_sm_{top}_{bottom}_….stm); known are {', '.join(_VARIABLES)}"
        )

    def time(columns: Columns) -> list[str]:
        at = 2 if whole else 0
        return [f"{date.replace('/', '-')}T{hour}" for date, hour in zip(columns[at], columns[at + 1], strict=True)]

    names = _LONG if whole else _SHORT
    layout = Layout(
        names=names,
        station=identifier if elements else "",
        at=(2, 3) if whole else (0, 1),
        time=time,
        elements=elements,
        flags={value: Flags(at=value + 1, meaning=_quality)} if elements else {},
        quiet=frozenset(range(len(names))) - {value + 1},
    )
    yield from rows(Lines(peeked, parted=True), layout, context, skip=0 if whole else 1, least=value + 2)


def _quality(flag: str) -> int:
    """Of several flags (`D01,D03`) the worst."""
    return FAIL if "C" in flag else SUSPECT if "D" in flag else NOT_EVALUATED
