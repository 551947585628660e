"""Open data of SMHI (Sweden): small tables of the station, the parameter and the positions, then the values of one parameter.

Source: SMHI, "Meteorological observations", the CSV of opendata.smhi.se. Times are UTC. A row of a longer period has the
instants at which it begins and ends and the day that it stands for; notes stand behind the first rows. Quality R is erroneous
(fail); G and Y say how far a value was checked, and Y is also given to what was computed from others, so neither is a finding.
"""

import re
from collections.abc import Iterator

from mesonet.domain.observation import FAIL
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Flags, Layout, joined, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.table import Table
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "smhi"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?Stationsnamn;")
GO_ON = True

_LOOK = 60
_STANDARD_NAMES = {
    "lufttemperatur": "air_temperature",
    "daggpunktstemperatur": "dew_point_temperature",
    "relativ luftfuktighet": "relative_humidity",
    "lufttryck reducerat havsytans nivå": "air_pressure_at_mean_sea_level",
    "nederbördsmängd": "precipitation_amount",
    "nederbördsintensitet": "lwe_precipitation_rate",
    "vindriktning": "wind_from_direction",
    "vindhastighet": "wind_speed",
    "byvind": "wind_speed_of_gust",
    "max av medelvindhastighet": "wind_speed",
    "global irradians": "surface_downwelling_shortwave_flux_in_air",
    "långvågs-irradians": "surface_downwelling_longwave_flux_in_air",
    "solskenstid": "duration_of_sunshine",
    "sikt": "visibility_in_air",
    "snödjup": "surface_snow_thickness",
    "total molnmängd": "cloud_area_fraction",
}
_UNITS = {
    "degree celsius": "Cel",
    "celsius": "Cel",
    "procent": "%",
    "percent": "%",
    "hektopascal": "hPa",
    "millimeter": "mm",
    "millimeter per sekund": "mm/s",
    "meter per sekund": "m/s",
    "degree": "deg",
    "grader": "deg",
    "watt per kvadratmeter": "W/m2",
    "sekund": "s",
    "second": "s",
    "meter": "m",
    "oktas": "[okta]",
}
_METHODS = {"medelvärde": "mean", "summa": "sum", "min": "minimum", "max": "maximum"}
_PERIOD = regex(r"(\d+)\s*(min|timm|tim|dygn|månad|mån)", re.IGNORECASE)
_PERIODS = {"min": "PT{}M", "tim": "PT{}H", "dyg": "P{}D", "mån": "P{}M"}
_HEADS = ("Datum;Tid (UTC);", "Från Datum Tid (UTC);Till Datum Tid (UTC);")


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:16384])
    if not text.startswith("Stationsnamn;") or "\nParameternamn;" not in text or not any(each in text for each in _HEADS):
        return None
    return Guess(0.97, f"open data of SMHI: {text.split(chr(10))[1][:60]}")


def _height(text: str) -> float | None:
    """Metres above ground of a thermometer; None for what is no such height."""
    try:
        height = float(text.replace(",", "."))
    except ValueError:
        return None
    return height if 0 <= height <= 100 else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 16384)
    lines = decode(peeked.head).split("\n")[:_LOOK]
    at = next((at for at, line in enumerate(lines) if line.startswith(_HEADS)), None)
    told = {line.split(";")[0]: lines[row + 1].split(";") for row, line in enumerate(lines[:-1]) if ";" in line}
    name, number, height = (*told.get("Stationsnamn", ()), "", "", "")[:3]
    parameter, description, unit = (*told.get("Parameternamn", ()), "", "", "")[:3]
    if at is None or not number.strip():
        raise UnreadableFile("the tables above the values do not name the station and the parameter", row=1)
    places = [line.split(";") for line in _below(lines, "Tidsperiod (fr.o.m")]
    newest = places[-1] if places and len(places[-1]) >= 5 else ["", "", "", "", ""]
    yield from station(Place(number, newest[3], newest[4], newest[2], name), 2)
    header = [each.strip() for each in lines[at].split(";")]
    values = next((column for column, each in enumerate(header) if each == parameter.strip()), len(header) - 1)
    names = header[: values + 2] if values + 1 < len(header) else header
    standard_name, code = _STANDARD_NAMES.get(parameter.strip().lower()), _UNITS.get(unit.strip().lower())
    elements: dict[int, Element] = {}
    if standard_name and code:
        method, duration = _method(description)
        level = _height(height) if standard_name == "air_temperature" else None
        elements[values] = element(parameter, standard_name, code, method=method, duration=duration, level=level)
    else:
        yield Remark(f"not taken, since Mesonet has no parameter or unit for it: {parameter} ({unit})")
    time = joined("{}T{}", 0, 1)
    used: tuple[int, ...] = (0, 1)
    if "Representativt dygn" in names or "Representativ månad" in names:
        day = names.index("Representativt dygn" if "Representativt dygn" in names else "Representativ månad")
        time, used = joined("{:0<7}-01" if "månad" in names[day] else "{}", day), (day,)
    elif not header[0].startswith("Datum"):
        time, used = joined("{}", 1), (1,)
    layout = Layout(
        names=names,
        station=number,
        at=used,
        time=time,
        elements=elements,
        flags={values: Flags(at=values + 1, meaning={"R": FAIL})} if values + 1 < len(names) else {},
        quiet=frozenset((values + 1,)),
    )
    yield from rows(Table(peeked, ";"), layout, context, skip=at + 1, least=values + 1)


def _below(lines: list[str], begin: str) -> list[str]:
    """The lines of the small table whose header begins so."""
    at = next((at for at, line in enumerate(lines) if line.startswith(begin)), None)
    found: list[str] = []
    for line in lines[at + 1 :] if at is not None else ():
        if not line.strip(" ;"):
            break
        found.append(line)
    return found


def _method(description: str) -> tuple[str, str]:
    """Of `medelvärde 1 dygn, 1 gång/dygn, kl 00`: the mean of a day."""
    first, _, rest = description.partition(",")
    words = first.split()
    method = _METHODS.get(words[0].lower()) if words else None
    period = _PERIOD.search(first) or (
        re.search(r"(\d+) gång(?:er)?\s*(?:/|per )\s*(dygn|tim|min|mån)", rest) if method else None
    )
    if not method or not period:
        return "point", "PT0S"
    return method, _PERIODS[period[2].lower()[:3]].format(period[1])
