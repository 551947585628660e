"""Ecowitt: what a gateway pushes (as JSON or as the form itself), and what its cloud answers.

Sources: the protocols of the gateways, "Customized - Ecowitt" (units in the names, `dateutc` in UTC) and "Customized -
Wunderground" (PWS Upload Protocol, support.weather.com: the same with an ID and a PASSWORD, `dateutc` perhaps `now`); the API
v3 (https://doc.ecowitt.net/web/#/apiv3en, real-time and history: a unit with each quantity, times in seconds); the answer of
ecowitt.net's own pages (parallel arrays with `units`, clock times without a zone).

A station is called `ecowitt_` and a hash of its PASSKEY (see `home_stations`), or its ID, which is public. Where there is none,
or one that was blacked out, it is called after its file.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import Parameter, usual
from mesonet.formats.json_document import Again, documents, glance, is_lines, member, shown, text_of
from mesonet.formats.json_readings import Field, Readings, epoch, instant, of_file
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.services.home_stations import MOST_STATIONS, called, doubted, fields
from mesonet.formats.table import SHOWN, Strays
from mesonet.regex import regex

NAME = "ecowitt"
RECORDS = LineRecords(applies=lambda head: not glance(head) or is_lines(head))

MOST_TIMES = 500_000  # in one answer; a year at one minute

_OF_FILE = "the file does not say which station it is of; the station is called {} after the file"
_NO_ZONE = "the times have no zone and were taken as UTC"
_NOW = "dateutc is 'now', which was taken for when the file arrived"
_UPLOAD = ("ID", "PASSWORD", "dateutc")
_OWN = ("dateutc", "baromabsin", "baromrelin", "runtime")  # of a gateway that was not asked to tell its type
_PAGE_ASKED = rb"(?:(?:GET|POST) )?\S*/updateweatherstation\.(?:php|jsp|asp)\?"
_FORM = regex(
    rb"(?:PASSKEY|stationtype|dateutc)=[^\s]*&[^\s]*(?:tempf|baromrelin|humidity|windspeedmph)="
    rb"|(?:" + _PAGE_ASKED + rb")?ID=[^\s&]*&PASSWORD=[^\s]*&[^\s]*(?:tempf|baromin|humidity|windspeedmph)="
)
_ASKED = regex(_PAGE_ASKED)
_PUBLIC = regex(r"[A-Za-z0-9_-]{1,40}")

# group and name in API v3: standard name
_V3 = {
    "outdoor.temperature": "air_temperature",
    "outdoor.app_temp": "apparent_air_temperature",
    "outdoor.dew_point": "dew_point_temperature",
    "outdoor.humidity": "relative_humidity",
    "solar_and_uvi.solar": "surface_downwelling_shortwave_flux_in_air",
    "solar_and_uvi.uvi": "ultraviolet_index",
    "rainfall.rain_rate": "rainfall_rate",
    "rainfall_piezo.rain_rate": "rainfall_rate",
    "wind.wind_speed": "wind_speed",
    "wind.wind_gust": "wind_speed_of_gust",
    "wind.wind_direction": "wind_from_direction",
    "pressure.absolute": "air_pressure",
    "pressure.relative": "air_pressure_at_mean_sea_level",
}
_GROUPS = {name.partition(".")[0] for name in _V3}
# the same in the arrays of ecowitt.net's pages, whose names do not tell the unit
_PAGE = {
    "tempf": "air_temperature",
    "drew_temp": "dew_point_temperature",
    "humidity": "relative_humidity",
    "rainratein": "rainfall_rate",
    "rrain_piezo": "rainfall_rate",
    "windspeedmph": "wind_speed",
    "windgustmph": "wind_speed_of_gust",
    "winddir": "wind_from_direction",
    "baromabsin": "air_pressure",
    "baromrelin": "air_pressure_at_mean_sea_level",
    "solarradiation": "surface_downwelling_shortwave_flux_in_air",
    "uv": "ultraviolet_index",
}
_UNITS = {"º": "deg", "Klux": "klx", "w/m²": "W/m2", "W/m²": "W/m2", "": "1"}
_SAME_PRESSURE = (
    "relative and absolute pressure are equal throughout: the height of the station was not set there, "
    "so the relative one was not taken as a pressure at sea level"
)


def sniff(head: bytes) -> Guess | None:
    """The members that each of them has."""
    if _FORM.match(head[:4096].lstrip()):
        return Guess(0.95, "a report of an Ecowitt gateway or to Weather Underground, as the form that is sent")
    seen = glance(head)
    if seen is None:
        return None
    if "dateutc" in seen and "stationtype" in seen and ("PASSKEY" in seen or "model" in seen) and "macAddress" not in seen:
        return Guess(0.97, "a report of an Ecowitt gateway: stationtype, dateutc and units in the names")
    if all(name in seen for name in _UPLOAD):
        return Guess(0.95, "a report to Weather Underground: ID, PASSWORD, dateutc and units in the names")
    if all(name in seen for name in _OWN) and "macAddress" not in seen:
        return Guess(0.9, "a report of an Ecowitt gateway: dateutc, runtime and both pressures in inches")
    if (
        "code" in seen
        and "msg" in seen
        and any(path.startswith("data.") and path.split(".")[1] in _GROUPS for path in seen.paths)
    ):
        return Guess(0.95, "an answer of Ecowitt's API: groups of sensors with values and units")
    if "list" in seen and any(path.endswith(".units") and path.replace("units", "title_arr") in seen for path in seen.paths):
        return Guess(0.93, "a day or more of ecowitt.net: times, and lists with units")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are reports, or times of the arrays, counted from 1; in NDJSON, lines."""
    readings = Readings(values=context.values)
    again = Again(stream.read(4096), stream)
    reports = documents(again) if again.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else _forms(again)
    for document in reports:
        if isinstance(document, Reject):
            yield readings.lost(document)
            continue
        row, value = document
        each = value if isinstance(value, list) else [value]
        for at, given in enumerate(each, row):
            if not isinstance(given, dict):
                yield readings.reject(reason="not an object", row=at, value=shown(given))
            elif "times" in given or "list" in given:
                yield from _page(given, context, readings)
            elif "data" in given:
                yield from _answer(given, context, readings)
            else:
                yield from _report(given, at, context, readings)
    if not readings.rows:
        yield Reject(reason="there are no reports in it")
    yield from readings.end()


def _forms(stream: Again) -> Iterator[tuple[int, Any] | Reject]:
    """One form a line. One that cannot have a time is none."""
    from urllib.parse import parse_qsl  # few files are forms

    def parsed(line: bytes) -> dict[str, str]:
        asked = _ASKED.sub(b"", line.strip(), 1).partition(b" HTTP/")[0] if b"?" in line else line.strip()
        return dict(parse_qsl(asked.decode("utf-8", "replace")[:65536], keep_blank_values=True))

    data, row, strays = b"", 0, Strays()
    while piece := stream.read(1 << 16):
        *lines, data = (data + piece).split(b"\n")
        if len(data) > 1 << 20:
            yield Reject(reason="a line of more than 1 MiB is no report", row=row + 1)
            return
        for line in lines:
            row += 1
            if b"dateutc" not in line and b"%" not in line:
                if line.strip():
                    told = "…" if b"PASS" in line else line.decode("utf-8", "replace")
                    yield from strays.tell("no form such as PASSKEY=…&dateutc=…&tempf=…", row, told)
            else:
                yield row, parsed(line)
        yield from strays.rest()
    if data.strip():
        yield row + 1, parsed(data)


def _report(given: dict[str, Any], row: int, context: Context, readings: Readings) -> Iterator[Piece]:
    """One push."""
    try:
        time = _time(text_of(given, "dateutc"), context, readings)
    except ValueError as exc:
        yield readings.reject(reason=str(exc), row=row, column="dateutc", value=shown(given.get("dateutc")))
        return
    public = text_of(given, "ID") if "PASSWORD" in given else ""
    secret = text_of(given, "PASSKEY")
    station = public if _PUBLIC.fullmatch(public) else _station(secret, context, readings)
    if station is None:
        yield readings.reject(reason=f"more than {MOST_STATIONS} stations in one file", row=row, column="PASSKEY")
        return
    doubtful = dict(doubted(given, row))
    yield from doubtful.values()
    taken = {name: value for name, value in given.items() if name not in doubtful}
    yield from readings.observe(station, time, row, fields({**taken, "ID": None}, readings))


def _time(said: str, context: Context, readings: Readings) -> int:
    """Raises ValueError."""
    if said == "now" and context.received is not None:
        readings.remark(_NOW, "date")
        return context.received
    time, only_date = instant(said.replace("+", " "))
    if only_date:
        raise ValueError("only a date")
    return time


def _station(passkey: str, context: Context, readings: Readings) -> str | None:
    if len(set(passkey)) < 4 or len(passkey) > 200:  # none, or blacked out
        station = of_file(context.key, "ecowitt")
        readings.remark(_OF_FILE.format(station), "station")
        return station
    return called("ecowitt", passkey, readings)


def _page(given: dict[str, Any], context: Context, readings: Readings) -> Iterator[Piece]:
    """Parallel arrays, in lists of their own by sensor."""
    stamps = given.get("times")
    if not isinstance(stamps, list) or not stamps:
        yield Reject(reason="there are no times", column="times", value=shown(stamps))
        return
    station = of_file(context.key, "ecowitt")
    readings.remark(_OF_FILE.format(station), "station")
    readings.remark(_NO_ZONE, "zone")
    times: list[int | None] = []
    for row, stamp in enumerate(stamps, 1):
        try:
            times.append(instant(stamp if isinstance(stamp, str) else "")[0])
        except ValueError as exc:
            times.append(None)
            yield Reject(reason=str(exc), row=row, column="times", value=shown(stamp))
    columns: dict[Field, Sequence[object]] = {}
    lists = given.get("list")
    for group in lists.values() if isinstance(lists, dict) else ():
        arrays, units = member(group, "list"), member(group, "units")
        for at, (name, values) in enumerate(arrays.items() if isinstance(arrays, dict) else ()):
            unit = units[at] if isinstance(units, list) and at < len(units) else units
            if name not in _PAGE:
                if not any(word in name for word in ("batt", "volt")):
                    readings.leave(name, len(values) if isinstance(values, list) else 1)
            elif not isinstance(values, list) or len(values) != len(stamps):
                many = f"{len(values)} values" if isinstance(values, list) else "no array"
                yield Reject(reason=f"{many} for {len(stamps)} times", column=name[:SHOWN])
            else:
                _add(columns, name, _PAGE[name], unit if isinstance(unit, str) else "", values)
    _without_same(columns, readings)
    yield from readings.series(station, times, columns)


def _answer(given: dict[str, Any], context: Context, readings: Readings) -> Iterator[Piece]:
    """Groups of sensors, each value with its time."""
    data = given.get("data")
    groups = data.items() if isinstance(data, dict) else ()
    station = of_file(context.key, "ecowitt")
    readings.remark(_OF_FILE.format(station), "station")
    found: dict[tuple[str, str, str], dict[str, object]] = {}
    stamps: dict[str, None] = {}
    for group, sensors in groups:
        for sensor, said in sensors.items() if isinstance(sensors, dict) else ():
            name = f"{group}.{sensor}"
            listed = member(said, "list")
            values = listed if isinstance(listed, dict) else {text_of(said, "time"): member(said, "value")}
            if name not in _V3:
                if group != "battery" and isinstance(said, dict):
                    readings.leave(name, len(values))
                continue
            found[name, _V3[name], text_of(said, "unit")] = values
            stamps |= dict.fromkeys(values)
            if len(stamps) > MOST_TIMES:
                yield Reject(reason=f"more than {MOST_TIMES} times in one answer", column=name)
                return
    if not stamps:
        reason = text_of(given, "msg")[:100] or "no data"
        yield Reject(reason=f"the answer holds no values; it says {reason!r}", column="data", value=shown(data))
        return
    times: list[int | None] = []
    for row, stamp in enumerate(stamps, 1):
        try:
            times.append(epoch(stamp, 1000))
        except ValueError as exc:
            times.append(None)
            yield Reject(reason=str(exc), row=row, column="time", value=stamp[:SHOWN])
    columns: dict[Field, Sequence[object]] = {}
    for (name, standard_name, unit), values in found.items():
        _add(columns, name, standard_name, unit, [values.get(stamp) for stamp in stamps])
    _without_same(columns, readings)
    yield from readings.series(station, times, columns)


def _add(columns: dict[Field, Sequence[object]], name: str, standard_name: str, unit: str, values: Sequence[object]) -> None:
    parameter: Parameter = usual(standard_name)
    if not any(each.parameter == parameter for each in columns):  # of two rain gauges the first
        columns[Field(name, parameter, _UNITS.get(unit.strip(), unit.strip()))] = values


def _without_same(columns: dict[Field, Sequence[object]], readings: Readings) -> None:
    by_name = {each.parameter.standard_name: each for each in columns}
    relative, absolute = by_name.get("air_pressure_at_mean_sea_level"), by_name.get("air_pressure")
    if relative and absolute and list(columns[relative]) == list(columns[absolute]):
        del columns[relative]
        readings.remark(_SAME_PRESSURE)
