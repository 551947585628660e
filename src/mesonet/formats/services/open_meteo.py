"""Open-Meteo: parallel arrays of one place or several, as JSON or as the CSV that its site exports.

Source: https://open-meteo.com/en/docs (JSON return object; hourly, 15-minutely, daily and current variables). The place is a
cell of a model's grid and has no identifier, so it gets one from its coordinates: `open-meteo_52.54833_13.40782`. Clock times
are `utc_offset_seconds` ahead of UTC all through an answer; sums and means are of the time before; a day's value keeps its
date. Of several models, and of the members of an ensemble, each is a station of its own (`…_icon_seamless`, `…_member01`).
"""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import INSTANT, POINT, STANDARD_NAMES, Parameter, usual
from mesonet.domain.station import Station
from mesonet.formats.json_document import Again, documents, glance, objects, shown, text_of
from mesonet.formats.json_readings import HELD, Field, Readings, degrees, epoch, height, instant, located, placed
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import CUT_OFF, SHOWN, Told
from mesonet.formats.text import Text, decode, numbered
from mesonet.record import dataclass, replace
from mesonet.regex import regex

NAME = "open-meteo"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?(?:location_id,)?latitude,longitude,")

CSV_HEAD = "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation"

MOST_PLACES = 1000  # in one export; the site allows some hundred

_LOOK = 200  # times that tell the step of a table
_MIDNIGHT = regex(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?")
_TIMES_TOLD = 5_000  # that are none, of one array; those beyond are counted
_INTERVALS = {
    "hourly": "PT1H",
    "minutely_15": "PT15M",
    "six_hourly": "PT6H",
    "daily": "P1D",
    "current": "",
    "current_weather": "",
}
_MODELS = "values of several models, or of members of an ensemble: each is a station of its own, called after it"
_NO_UNITS = "the answer does not tell the units of {}, which was left"
_NOTED = "the place is a cell of a grid without an identifier; it is called {} after its coordinates"

# stem: (standard name, whether a sum, mean or maximum of the time before the hour)
_STEMS: dict[str, tuple[str, str]] = {
    "temperature": ("air_temperature", POINT),
    "relative_humidity": ("relative_humidity", POINT),
    "relativehumidity": ("relative_humidity", POINT),
    "dew_point": ("dew_point_temperature", POINT),
    "dewpoint": ("dew_point_temperature", POINT),
    "wet_bulb_temperature": ("wet_bulb_temperature", POINT),
    "apparent_temperature": ("apparent_air_temperature", POINT),
    "pressure_msl": ("air_pressure_at_mean_sea_level", POINT),
    "surface_pressure": ("air_pressure", POINT),
    "cloud_cover": ("cloud_area_fraction", POINT),
    "cloudcover": ("cloud_area_fraction", POINT),
    "wind_speed": ("wind_speed", POINT),
    "windspeed": ("wind_speed", POINT),
    "wind_direction": ("wind_from_direction", POINT),
    "winddirection": ("wind_from_direction", POINT),
    "wind_gusts": ("wind_speed_of_gust", "maximum"),
    "windgusts": ("wind_speed_of_gust", "maximum"),
    "visibility": ("visibility_in_air", POINT),
    "snow_depth": ("surface_snow_thickness", POINT),
    "uv_index": ("ultraviolet_index", POINT),
    "surface_temperature": ("surface_temperature", POINT),
    "soil_temperature": ("soil_temperature", POINT),
    "sea_surface_temperature": ("sea_surface_temperature", POINT),
    "precipitation": ("precipitation_amount", "sum"),
    "rain": ("rainfall_amount", "sum"),
    "snowfall": ("thickness_of_snowfall_amount", "sum"),
    "sunshine_duration": ("duration_of_sunshine", "sum"),
    "shortwave_radiation": ("surface_downwelling_shortwave_flux_in_air", "mean"),
    "shortwave_radiation_instant": ("surface_downwelling_shortwave_flux_in_air", POINT),
    "diffuse_radiation": ("surface_diffuse_downwelling_shortwave_flux_in_air", "mean"),
    "diffuse_radiation_instant": ("surface_diffuse_downwelling_shortwave_flux_in_air", POINT),
    "direct_normal_irradiance": ("surface_direct_along_beam_shortwave_flux_in_air", "mean"),
    "direct_normal_irradiance_instant": ("surface_direct_along_beam_shortwave_flux_in_air", POINT),
}
_DAILY = {"max": "maximum", "min": "minimum", "mean": "mean", "sum": "sum"}
_SUMS = frozenset(("precipitation", "rain", "snowfall", "sunshine_duration"))  # a daily `mean` of these would be no sum
_OF_DAYS = ("sunshine_duration",)  # which are not called sums
_VARIABLE = regex(r"(?P<stem>[a-z_]+?)(?:_(?P<level>\d{1,3})(?P<unit>m|cm))?(?:_(?P<daily>max|min|mean|sum))?", re.ASCII)
_UNITS = {"mp/h": "mph", "kn": "kt", "inch": "in", "": "1", "MJ/m²": "MJ/m2/d"}  # the last is of a day's radiation
# what stands behind a variable's name where several models were asked for, or an ensemble: the families of "Weather models".
# What an older run said of a time (`_previous_day1`) is none
_MODEL = regex(
    r"(?!\w*previous_day\d)(?:member\d\d(?=_|$)_?)?(?:(?:best_match|arome|arpege|bom|cerra|cma|CMCC|dmi|dwd|EC_Earth|ecmwf|era5|FGOALS|gem|gfs|graphcast|"
    r"HiRAM|icon|italia|jma|kma|knmi|meteofrance|meteoswiss|metno|MPI|MRI|ncep|NICAM|satellite|ukmo)\w*)?",
    re.ASCII,
)
_HEADER = regex(r"(?P<name>[a-z0-9_]+) ?\((?P<unit>[^()]*(?:\([^()]*\))?)\)", re.ASCII | re.DOTALL)


def sniff(head: bytes) -> Guess | None:
    """The members, or the first line, that every answer has."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:9] in (b"latitude,", b"location_"):
        text = decode(head[:1024]).lstrip("\ufeff \n")
        if text.removeprefix("location_id,").startswith(CSV_HEAD):
            return Guess(0.97, "an export of Open-Meteo: its line of coordinates, then a table")
        return None
    seen = glance(head) if b"utc_offset_seconds" in head else None
    told = seen.paths.keys() if seen else ()
    if (
        seen
        and {"latitude", "longitude"} <= {*told}
        and ("generationtime_ms" in told or any(f"{each}_units" in told for each in _INTERVALS))
    ):
        parts = ", ".join(name for name in _INTERVALS if name in seen) or "arrays"
        return Guess(0.98, f"an answer of Open-Meteo: coordinates, an offset from UTC, and {parts}")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are the times of the arrays, counted from 1."""
    readings = Readings(values=context.values)
    again = Again(stream.read(64), stream)
    if again.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        for document in documents(again):
            if isinstance(document, Reject):
                yield readings.lost(document)
                continue
            for place in objects(document[1]):
                yield from _place(place, readings)
        yield from readings.end()
    else:
        text = Text(again)
        yield from _exported(text, readings)
        yield from readings.end(encoding=text.described)


def _place(place: dict[str, Any], readings: Readings) -> Iterator[Piece]:
    station = yield from _located(place, readings)
    if station is None:
        return
    try:
        offset = _offset(text_of(place, "utc_offset_seconds"))
    except ValueError as exc:
        yield Reject(reason=str(exc), column="utc_offset_seconds", value=shown(place.get("utc_offset_seconds")))
        return
    found = False
    for part, interval in _INTERVALS.items():
        given = place.get(part)
        if not isinstance(given, dict):
            continue
        found = True
        units = place.get(f"{part}_units")
        if interval:
            yield from _arrays(station, _Part(part, units, offset, interval), given, readings)
            continue
        # one time: its sums are of the interval that it names
        every = text_of(given, "interval")
        interval = f"PT{int(every) // 60}M" if every.isascii() and every.isdecimal() and len(every) < 7 else ""
        listed = {name: [value] for name, value in given.items() if name != "interval"}
        yield from _arrays(station, _Part(part, units, offset, interval), listed, readings)
    if not found:
        reason = text_of(place, "reason") or f"none of {', '.join(_INTERVALS)} is in the answer"
        yield Reject(reason=reason[:200])


def _located(place: Mapping[str, Any], readings: Readings) -> Generator[Piece, None, Station | None]:
    try:
        latitude, longitude = degrees(place.get("latitude"), 90), degrees(place.get("longitude"), 180)
    except ValueError as exc:
        yield Reject(reason=str(exc), column="latitude", value=shown(place.get("latitude")))
        return None
    station = located(
        placed("open-meteo", latitude, longitude), latitude, longitude, elevation_m=height(place.get("elevation"))
    )
    readings.remark(_NOTED.format(station.id))
    return station


def _offset(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,6}", text, re.ASCII) or abs(int(text)) > 86_400:
        raise ValueError("not an offset from UTC in seconds")
    return int(text)


@dataclass(frozen=True, slots=True)
class _Part:
    """`hourly`, `daily` or another part of an answer: its units by variable, the seconds that its clocks are ahead of UTC, and
    the interval that sums and means are of."""

    name: str
    units: object
    offset: int
    interval: str


def _arrays(
    station: Station, part: _Part, given: Mapping[str, Any], readings: Readings, rows: Sequence[int] | None = None
) -> Iterator[Piece]:
    """What a part tells; `rows` are those in which its times stand, where these are not simply counted."""
    stamps = given.get("time")
    if not isinstance(stamps, list):
        yield Reject(reason="the part has no array of times", column=f"{part.name}.time", value=shown(stamps))
        return
    times = yield from _times(part, stamps, rows)
    columns = yield from _columns(part, given, len(stamps), readings)
    if len(columns) > 1:
        readings.remark(_MODELS)
    for model, told in columns.items():
        if told or len(columns) == 1:
            own = replace(station, id=f"{station.id}_{model}") if model else station
            readings.place(own)
            yield from readings.series(own.id, times, told, rows=rows)


def _times(part: _Part, stamps: list[object], rows: Sequence[int] | None) -> Generator[Piece, None, list[int | None]]:
    times: list[int | None] = []
    faults: list[tuple[int, str]] = []
    counted = text_of(part.units, "time") == "unixtime"
    for at, stamp in enumerate(stamps):
        try:
            times.append(_time(stamp, counted, part.name == "daily", part.offset))
        except ValueError as exc:
            times.append(None)
            faults.append((at, str(exc)))
    for (at, fault), count in Told(_TIMES_TOLD).of(faults):
        row = rows[at] if rows else at + 1
        yield Reject(reason=fault, row=row, column=f"{part.name}.time", value=shown(stamps[at]), count=count)
    return times


def _columns(
    part: _Part, given: Mapping[str, Any], count: int, readings: Readings
) -> Generator[Piece, None, dict[str, dict[Field, Sequence[object]]]]:
    """The arrays that are taken, by the model or member that they are of; each has as many values as there are times."""
    columns: dict[str, dict[Field, Sequence[object]]] = {"": {}}
    taken: set[tuple[str, Parameter]] = set()
    showers = "showers" in given or "showers_sum" in given
    for name, values in given.items():
        if name == "time":
            continue
        if not isinstance(values, list) or len(values) != count:
            many = f"{len(values)} values" if isinstance(values, list) else "no array"
            yield Reject(reason=f"{many} for {count} times", column=f"{part.name}.{name}"[:SHOWN])
            continue
        model, parameter = _modelled(name, part.name, part.interval, showers)
        if parameter is None or (model, parameter) in taken:
            readings.leave(name, len(values))
            continue
        if not isinstance(part.units, dict) or name not in part.units:
            readings.leave(name, len(values))
            readings.remark(_NO_UNITS.format(name))
            continue
        taken.add((model, parameter))
        unit = text_of(part.units, name)
        columns.setdefault(model, {})[Field(name, parameter, _UNITS.get(unit, unit))] = values
    return columns


@lru_cache(maxsize=4096)
def _modelled(name: str, part: str, interval: str, showers: bool) -> tuple[str, Parameter | None]:
    """The model or member that a variable is of, "" where it names none, and what it is."""
    if found := _parameter(name, part, interval, showers):
        return "", found
    for at in (match.start() for match in re.finditer("_", name[:100])):
        model = name[at + 1 :]
        if _MODEL.fullmatch(model) and (found := _parameter(name[:at], part, interval, showers)):
            return model, found
    return "", None


def _time(stamp: object, counted: bool, daily: bool, offset: int) -> int:
    if not counted:
        found, _ = instant(stamp if isinstance(stamp, str) else "", offset_s=offset)
        return found
    found = epoch(stamp, 1000)
    return found + offset * 1000 if daily else found  # a day begins at its midnight there; its date is wanted


@lru_cache(maxsize=512)
def _parameter(name: str, part: str, interval: str, showers: bool) -> Parameter | None:
    """What a variable is; None where there is no parameter for it."""
    match = _VARIABLE.fullmatch(name) if len(name) < 100 else None
    stem, daily = (match["stem"], match["daily"]) if match else ("", None)
    if stem not in _STEMS or (stem == "rain" and showers):  # then rain is only a part of the rainfall
        return None
    standard_name, method = _STEMS[stem]
    if part == "daily" and stem == "shortwave_radiation" and daily == "sum":  # energy, which is a mean over the day
        return usual(standard_name, "mean", "P1D")
    if part == "daily":
        if daily is None and stem not in _OF_DAYS:
            return None
        method = _DAILY[daily] if daily else "sum"
        if (stem in _SUMS) != (method == "sum") or (standard_name.endswith("direction")):
            return None
    elif daily:
        return None
    if method != POINT and not interval:
        return None
    level = STANDARD_NAMES[standard_name][1]
    if match and match["level"]:
        level = float(match["level"]) / (100 if match["unit"] == "cm" else 1)
        level = -level if standard_name.startswith("soil") and level else level
    elif stem.startswith("soil"):
        return None
    duration = "P1D" if part == "daily" else INSTANT if method == POINT else interval
    return Parameter(standard_name=standard_name, level=level, method=method, duration=duration)


def _exported(text: Text, readings: Readings) -> Iterator[Piece]:
    """The CSV export: a table of places, a blank line, then a table each of hourly and daily values."""
    header: list[str] = []
    places: dict[str, tuple[Station, int]] = {}
    block: list[tuple[int, list[str]]] = []
    row = 0
    for row, line in numbered(text):
        fields = [field.strip() for field in line.split(",")]
        if not line.strip():
            yield from _part(header, block, places, readings)
            header, block = [], []
        elif not header:
            header = fields
        elif len(fields) != len(header):
            reason = f"the row has {len(fields)} fields where the header has {len(header)}"
            yield readings.reject(reason=reason, row=row, value=line[:SHOWN])
        elif "time" in header:
            block.append((row, fields))
            if len(block) >= HELD:
                yield from _part(header, block, places, readings)
                block = []
        elif "latitude" in header and len(places) < MOST_PLACES:
            yield from _listed_place(dict(zip(header, fields, strict=True)), row, places, readings)
    yield from _part(header, block, places, readings)
    if text.torn:
        yield Reject(reason=CUT_OFF, row=row + 1, value=text.torn[:SHOWN])
    if not readings.rows:
        yield Reject(reason="there are no rows of values", row=row or None)


def _listed_place(
    cells: dict[str, str], row: int, places: dict[str, tuple[Station, int]], readings: Readings
) -> Iterator[Piece]:
    station = yield from _located(cells, readings)
    if station is None:
        return
    try:
        places[cells.get("location_id", "")] = station, _offset(cells.get("utc_offset_seconds", ""))
    except ValueError as exc:
        yield Reject(reason=str(exc), row=row, column="utc_offset_seconds", value=cells.get("utc_offset_seconds", "")[:SHOWN])


def _part(
    header: list[str], block: list[tuple[int, list[str]]], places: Mapping[str, tuple[Station, int]], readings: Readings
) -> Iterator[Piece]:
    """Some rows of one table of the export, place by place."""
    if not block:
        return
    place_at = header.index("location_id") if "location_id" in header else None
    time_at = header.index("time")
    per_place: dict[str, list[tuple[int, list[str]]]] = {}
    for row, fields in block:
        per_place.setdefault("" if place_at is None else fields[place_at], []).append((row, fields))
    for place, some in per_place.items():
        if place not in places:
            readings.rows += len(some)
            yield Reject(
                reason=f"no place is listed for these {len(some)} rows", row=some[0][0], column="location_id", value=place
            )
            continue
        station, offset = places[place]
        given: dict[str, list[Any]] = {"time": [fields[time_at] for _, fields in some]}
        units = {"time": "unixtime" if given["time"][0].isdecimal() else "iso8601"}
        for at, title in enumerate(header):
            match = _HEADER.fullmatch(title)
            if match and at not in (place_at, time_at):
                given[match["name"]] = [fields[at] for _, fields in some]
                units[match["name"]] = match["unit"]
        days = _days(given["time"], [name for each in given if (name := _VARIABLE.fullmatch(each)) and name["stem"] in _STEMS])
        part = "daily" if days else "hourly"
        given["time"] = days or given["time"]
        interval = "P1D" if days else _step(given["time"], units["time"] == "unixtime")
        yield from _arrays(station, _Part(part, units, offset, interval), given, readings, rows=[row for row, _ in some])


def _days(stamps: list[str], variables: list[re.Match[str]]) -> list[str]:
    """The dates, where each row is a day: it tells no clock, or, saved again, always midnight; [] where rows are hours. A day's
    extreme or sum is called so; what is not may be that of each midnight."""
    if len(stamps[0]) == 10 and "-" in stamps[0]:
        return stamps
    days = [match[1] for match in map(_MIDNIGHT.fullmatch, stamps) if match]
    named = any(each["daily"] for each in variables)
    of_days = named or (len(set(days)) > 1 and all(each["stem"] in _OF_DAYS for each in variables))
    return days if len(days) == len(stamps) and of_days else []


def _step(stamps: list[str], counted: bool) -> str:
    """From one row to the next, as a duration; an hour where that cannot be told."""
    try:
        times = sorted({_time(stamp, counted, False, 0) for stamp in stamps[:_LOOK]})
    except ValueError:
        return "PT1H"
    minutes = min((later - sooner for sooner, later in pairwise(times)), default=0) // 60_000
    return "PT1H" if not 0 < minutes < 1440 or minutes == 60 else f"PT{minutes}M"
