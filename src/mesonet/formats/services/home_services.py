"""The answers, as JSON, of services for stations at home and their consoles. Described as in `european_services`."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from mesonet.domain.instant import SECOND, duration
from mesonet.domain.parameter import Parameter
from mesonet.formats.json_document import Number, member, objects, text_of
from mesonet.formats.json_readings import field_of
from mesonet.formats.reading import Context
from mesonet.formats.services.service import (
    Place,
    Report,
    Service,
    directed,
    fields_of,
    instant_of,
    known_of,
    left_of,
    service,
    since_epoch,
)
from mesonet.regex import regex

_DOWN = "surface_downwelling_shortwave_flux_in_air"
_SEA = "air_pressure_at_mean_sea_level"

# --- stations at home --------------------------------------------------------------------------------------------------------
# The Weather Company, "PWS observations" (current, history): the name of the group tells the units

_WU_UNITS = {
    "metric": ("Cel", "km/h", "hPa", "mm/h"),
    "metric_si": ("Cel", "m/s", "hPa", "mm/h"),
    "imperial": ("degF", "mph", "inHg", "in/h"),
    "uk_hybrid": ("Cel", "mph", "hPa", "mm/h"),
}
_WU: dict[str, tuple[str, str | int, str]] = {  # name: standard name, which of the units or the unit, method
    "temp": ("air_temperature", 0, "point"),
    "tempAvg": ("air_temperature", 0, "mean"),
    "tempHigh": ("air_temperature", 0, "maximum"),
    "tempLow": ("air_temperature", 0, "minimum"),
    "dewpt": ("dew_point_temperature", 0, "point"),
    "dewptAvg": ("dew_point_temperature", 0, "mean"),
    "humidity": ("relative_humidity", "%", "point"),
    "humidityAvg": ("relative_humidity", "%", "mean"),
    "pressure": (_SEA, 2, "point"),
    "windSpeed": ("wind_speed", 1, "point"),
    "windspeedAvg": ("wind_speed", 1, "mean"),
    "windGust": ("wind_speed_of_gust", 1, "point"),
    "windgustHigh": ("wind_speed_of_gust", 1, "maximum"),
    "winddir": ("wind_from_direction", "deg", "point"),
    "winddirAvg": ("wind_from_direction", "deg", "mean"),
    "precipRate": ("rainfall_rate", 3, "point"),
    "solarRadiation": (_DOWN, "W/m2", "point"),
    "uv": ("ultraviolet_index", "1", "point"),
}


_WU_STEPS = tuple(minutes * 60 * SECOND for minutes in (1, 2, 3, 5, 10, 15, 20, 30, 60, 180, 360, 720, 1440))


def _wu_period(times: Iterable[object]) -> str:
    """What history is of: the usual step next to that of its clocks, which are seconds off; "" where none is near."""
    known = sorted(time for time in times if isinstance(time, int))
    steps = sorted(b - a for a, b in pairwise(known) if b > a)
    own = steps[len(steps) // 2] if steps else 0
    nearest = min(_WU_STEPS, key=lambda step: abs(step - own))
    return duration(nearest) if abs(nearest - own) <= nearest / 5 else ""


@service(
    "personal weather stations of Weather Underground",
    r"(observations|summaries)\[\]\.stationID",
    r"(observations|summaries)\[\]\.obsTimeUtc",
)
def _wunderground(value: object, context: Context) -> Iterator[Report]:
    reports = objects(member(value, "observations") or member(value, "summaries"))
    times = [instant_of(text_of(each, "obsTimeUtc")) for each in reports]
    lasting = _wu_period(times)
    for given, time in zip(reports, times, strict=True):
        group = next((name for name in _WU_UNITS if isinstance(given.get(name), dict)), None)
        told = {**given, **(given[group] if group else {})}
        fields = {}
        for name, (standard_name, own, method) in _WU.items():
            unit = own if isinstance(own, str) else _WU_UNITS[group][own] if group else ""
            if unit and (method == "point" or lasting):
                fields[name] = field_of(name, standard_name, unit, method, "PT0S" if method == "point" else lasting)
        yield Report(
            station=text_of(given, "stationID"),
            time=time,
            given=known_of(told, fields),
            place=(given.get("lat"), given.get("lon"), None, text_of(given, "neighborhood")),
            left=[name for name in (*_WU, "precipTotal") if name in told and name not in fields],
        )


# WeatherFlow Tempest: "UDP reference" (obs_st, obs_air, obs_sky) and REST "observations" (device and station), which are
# metric. A list is read as its message's type lays it out; without one that is known it is left

_TEMPEST_AT: dict[str, dict[int, tuple[str, str, str]]] = {
    "obs_st": {
        2: ("wind_speed", "m/s", "mean"),
        3: ("wind_speed_of_gust", "m/s", "maximum"),
        4: ("wind_from_direction", "deg", "mean"),
        6: ("air_pressure", "hPa", "point"),
        7: ("air_temperature", "Cel", "point"),
        8: ("relative_humidity", "%", "point"),
        10: ("ultraviolet_index", "1", "point"),
        11: (_DOWN, "W/m2", "point"),
        12: ("precipitation_amount", "mm", "sum"),
    },
    "obs_air": {
        1: ("air_pressure", "hPa", "point"),
        2: ("air_temperature", "Cel", "point"),
        3: ("relative_humidity", "%", "point"),
    },
    "obs_sky": {
        2: ("ultraviolet_index", "1", "point"),
        3: ("precipitation_amount", "mm", "sum"),
        5: ("wind_speed", "m/s", "mean"),
        6: ("wind_speed_of_gust", "m/s", "maximum"),
        7: ("wind_from_direction", "deg", "mean"),
        10: (_DOWN, "W/m2", "point"),
    },
}
_TEMPEST_INTERVAL = {"obs_st": 17, "obs_air": 7, "obs_sky": 9}
_TEMPEST = fields_of({
    "air_temperature": ("air_temperature", "Cel"),
    "dew_point": ("dew_point_temperature", "Cel"),
    "relative_humidity": ("relative_humidity", "%"),
    "station_pressure": ("air_pressure", "hPa"),
    "sea_level_pressure": (_SEA, "hPa"),
    "wind_avg": ("wind_speed", "m/s"),
    "wind_gust": ("wind_speed_of_gust", "m/s"),
    "wind_direction": ("wind_from_direction", "deg"),
    "solar_radiation": (_DOWN, "W/m2"),
    "uv": ("ultraviolet_index", "1"),
    "precip_accum_last_1hr": ("precipitation_amount", "mm", "sum", "PT1H"),
})  # fmt: skip


@service("observations of WeatherFlow's Tempest", "obs", "station_id|device_id|serial_number", "status|hub_sn")
def _tempest(value: object, context: Context) -> Iterator[Report]:
    number = text_of(value, "station_id") or text_of(value, "serial_number") or text_of(value, "device_id")
    station = f"tempest_{number}" if number else ""
    name = text_of(value, "public_name") or text_of(value, "station_name")
    place = (member(value, "latitude"), member(value, "longitude"), member(value, "elevation"), name)
    reports, kind = member(value, "obs"), text_of(value, "type")
    for given in reports if isinstance(reports, list) else ():
        if isinstance(given, dict):
            taken = known_of(given, _TEMPEST)
            yield Report(station=station, time=since_epoch(given.get("timestamp")), given=taken, place=place)
        elif isinstance(given, list) and given and kind not in _TEMPEST_AT:
            yield Report(station=station, time=since_epoch(given[0]), given={}, left=(f"obs of type {kind or '(none)'}",))
        elif isinstance(given, list) and given:
            at = _TEMPEST_INTERVAL[kind]
            minutes = given[at] if len(given) > at else "1"
            period = f"PT{minutes}M" if isinstance(minutes, str) and re.fullmatch(r"[1-9]\d?", minutes) else "PT1M"
            taken = {
                field_of(f"obs[{at}]", standard_name, unit, method, period if method != "point" else "PT0S"): given[at]
                for at, (standard_name, unit, method) in _TEMPEST_AT[kind].items()
                if at < len(given)
            }
            yield Report(station=station, time=since_epoch(given[0]), given=taken, place=place if place[0] else None)


# Davis, WeatherLink v2 API (weatherlink.github.io/v2-api/data-structure-types): names tell units; the archive's own interval

_WEATHERLINK: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(("temp", "temp_out", "temp_last"), ("air_temperature", "degF", "point")),
    "temp_avg": ("air_temperature", "degF", "mean"),
    "temp_hi": ("air_temperature", "degF", "maximum"),
    "temp_lo": ("air_temperature", "degF", "minimum"),
    **dict.fromkeys(("hum", "hum_out", "hum_last"), ("relative_humidity", "%", "point")),
    **dict.fromkeys(("dew_point", "dew_point_last", "dew_point_out"), ("dew_point_temperature", "degF", "point")),
    **dict.fromkeys(("wind_speed_last", "wind_speed"), ("wind_speed", "mph", "point")),
    "wind_speed_avg": ("wind_speed", "mph", "mean"),
    "wind_speed_hi": ("wind_speed_of_gust", "mph", "maximum"),
    **dict.fromkeys(("wind_dir_last", "wind_dir"), ("wind_from_direction", "deg", "point")),
    **dict.fromkeys(("bar_sea_level", "bar"), (_SEA, "inHg", "point")),
    "bar_absolute": ("air_pressure", "inHg", "point"),
    **dict.fromkeys(("rain_rate_last_in", "rain_rate_in"), ("rainfall_rate", "in/h", "point")),
    "rainfall_mm": ("precipitation_amount", "mm", "sum"),
    **dict.fromkeys(("solar_rad", "solar_rad_last"), (_DOWN, "W/m2", "point")),
    "solar_rad_avg": (_DOWN, "W/m2", "mean"),
    **dict.fromkeys(("uv_index", "uv_index_last", "uv"), ("ultraviolet_index", "1", "point")),
}
# AirLink (outdoors and indoors): its thermometer stands in the case of a sensor of particles
_AIRLINK = ("323", "326")
_WEATHERLINK_IS = "weatherlink"


@service("sensors of WeatherLink (Davis)", "station_id", r"sensors\[\]\.lsid", r"sensors\[\]\.data")
def _weatherlink(value: object, context: Context) -> Iterator[Report]:
    number = text_of(value, "station_id")
    station = f"weatherlink_{number}" if number else ""
    whose: dict[Parameter, str] = {}  # of two sensors for one quantity the first
    for sensor in objects(member(value, "sensors")):
        own = text_of(sensor, "lsid")
        airlink = text_of(sensor, "sensor_type") in _AIRLINK
        for given in objects(sensor.get("data")):
            seconds = text_of(given, "arch_int")
            period = duration(int(seconds) * SECOND) if re.fullmatch(r"[1-9]\d{0,4}", seconds) else None
            fields = {
                name: field_of(name, standard_name, unit, method, period if method != "point" and period else "PT0S")
                for name, (standard_name, unit, method) in _WEATHERLINK.items()
                if name in given and (method == "point" or period)
            }
            time = since_epoch(given.get("ts"))
            if airlink:
                yield Report(station=station, time=time, given={}, left=[f"{name} of an AirLink" for name in fields])
                continue
            taken = known_of(given, fields)
            own_fields = {known: each for known, each in taken.items() if whose.setdefault(known.parameter, own) == own}
            if own_fields:
                yield Report(station=station, time=time, given=own_fields)


# Davis, WeatherLink Live local API (weatherlink.github.io/weatherlink-live-local-api): the same names and units; `did` is a MAC
# address and is not published; rain counts tips of a size of its own. Of several transmitters the first that is a whole station
# is taken, since others are of leaves and soil or stand elsewhere

_WHOLE_STATION = "1"  # data_structure_type
_LIVE_BESIDE = ("lsid", "data_structure_type", "txid", "rx_state", "trans_battery_flag")


@service("a WeatherLink Live (Davis)", r"data\.did", r"data\.conditions\[\]\.data_structure_type")
def _weatherlink_live(value: object, context: Context) -> Iterator[Report]:
    data = member(value, "data")
    conditions = objects(member(data, "conditions"))
    first = next((text_of(each, "txid") for each in conditions if text_of(each, "data_structure_type") == _WHOLE_STATION), "")
    time = since_epoch(member(data, "ts"))
    for given in conditions:
        number = text_of(given, "txid")
        fields = {name: field_of(name, *known) for name, known in _WEATHERLINK.items() if name in given and known[2] == "point"}
        if number not in ("", first):
            left = [f"{name} of transmitter {number[:9]}" for name in left_of(given, {}, *_LIVE_BESIDE)]
            yield Report(station=_WEATHERLINK_IS, secret=text_of(data, "did"), time=time, given={}, left=left)
        elif fields:
            yield Report(station=_WEATHERLINK_IS, secret=text_of(data, "did"), time=time, given=known_of(given, fields))


# FIWARE, Smart Data Models, "WeatherObserved" (NGSI-LD and NGSI v2, whole or as key-values): metric units, humidity from 0 to 1

_NGSI = fields_of({
    "temperature": ("air_temperature", "Cel"),
    "dewPoint": ("dew_point_temperature", "Cel"),
    "relativeHumidity": ("relative_humidity", "1"),
    "atmosphericPressure": ("air_pressure", "hPa"),
    "windSpeed": ("wind_speed", "m/s"),
    "windDirection": ("wind_from_direction", "deg"),
    "gustSpeed": ("wind_speed_of_gust", "m/s"),
    "solarRadiation": (_DOWN, "W/m2"),
    "snowHeight": ("surface_snow_thickness", "cm"),
    "uVIndexMax": ("ultraviolet_index", "1"),
})  # fmt: skip
_NGSI_TYPE = r"(?:.*[/:#])?WeatherObserved"
_NGSI_ID = regex(r"(?:urn:ngsi-ld:\w+:)?(.*?)(?:[-_:.]?\d{4}-\d\d-\d\d(?:[Tt]\d\d:?\d\d[\d:.]*(?:[Zz]|[+-]\d\d:?\d\d)?)?)?")


@service("WeatherObserved of NGSI", "dateObserved", "temperature|relativeHumidity|windSpeed", "type", says={"type": _NGSI_TYPE})
def _ngsi(value: object, context: Context) -> Iterator[Report]:
    for entity in objects(value):
        given = {
            name: each.get("value") if isinstance(each, dict) and "value" in each else each for name, each in entity.items()
        }
        stamp = given.get("dateObserved")
        stamp = stamp.get("@value") if isinstance(stamp, dict) else stamp
        time = stamp.rpartition("/")[2] if isinstance(stamp, str) else ""
        around = text_of(given, "windDirection")
        if re.fullmatch(r"-\d{1,3}(\.\d+)?", around):
            given["windDirection"] = f"{float(around) + 360:g}"
        where = member(given.get("location"), "coordinates")
        longitude, latitude = (where[0], where[1]) if isinstance(where, list) and len(where) > 1 else (None, None)
        identifier = text_of(given, "stationCode") or _ngsi_station(text_of(entity, "id"))
        kind = text_of(entity, "type")
        if not regex(_NGSI_TYPE).fullmatch(kind):
            yield Report(station=identifier, time=time, given={}, left=(kind or "an entity without a type",))
            continue
        place = (latitude, longitude, None, text_of(given, "stationName"))
        yield Report(
            station=identifier,
            time=time,
            given=known_of(given, _NGSI),
            place=place,
            left=["precipitation"] if isinstance(given.get("precipitation"), Number) else (),
        )


def _ngsi_station(told: str) -> str:
    """Who an entity is of: its id without what makes it one, and without the time that some put behind it."""
    match = _NGSI_ID.fullmatch(told)
    return match[1] if match else told


# Sensor.Community, data.sensor.community: UTC; temperature of sensors that also measure particles is in Celsius, pressure in Pa

_SENSOR_COMMUNITY = fields_of({
    "temperature": ("air_temperature", "Cel"),
    "humidity": ("relative_humidity", "%"),
    "pressure": ("air_pressure", "Pa"),
    "pressure_at_sealevel": (_SEA, "Pa"),
})  # fmt: skip


@service("sensors of Sensor.Community", r"sensordatavalues\[\]\.value_type", "timestamp")
def _sensor_community(value: object, context: Context) -> Iterator[Report]:
    for each in objects(value):
        told = {text_of(pair, "value_type"): pair.get("value") for pair in objects(each.get("sensordatavalues"))}
        where = member(each, "location")
        number = text_of(each, "sensor", "id")
        indoors = text_of(where, "indoor") in ("1", "true")
        yield Report(
            station=f"sensor-community_{number}" if number else "",
            time=text_of(each, "timestamp"),
            given={} if indoors else known_of(told, _SENSOR_COMMUNITY),
            place=(member(where, "latitude"), member(where, "longitude"), member(where, "altitude"), ""),
            left=[f"{name} indoors" if indoors else name for name in told if indoors or name not in _SENSOR_COMMUNITY],
        )


# Netatmo Connect, "getstationsdata" and "getpublicdata": km/h, mm, mbar; indoor modules are left. An `_id` is a MAC address and
# is not published

_NETATMO = fields_of({
    "Temperature": ("air_temperature", "Cel"),
    "temperature": ("air_temperature", "Cel"),
    "Humidity": ("relative_humidity", "%"),
    "humidity": ("relative_humidity", "%"),
    "AbsolutePressure": ("air_pressure", "mbar"),
    "Pressure": (_SEA, "mbar"),
    "pressure": (_SEA, "mbar"),
    "WindStrength": ("wind_speed", "km/h"),
    "wind_strength": ("wind_speed", "km/h"),
    "WindAngle": ("wind_from_direction", "deg"),
    "wind_angle": ("wind_from_direction", "deg"),
    "GustStrength": ("wind_speed_of_gust", "km/h"),
    "gust_strength": ("wind_speed_of_gust", "km/h"),
    "sum_rain_1": ("precipitation_amount", "mm", "sum", "PT1H"),
    "rain_60min": ("precipitation_amount", "mm", "sum", "PT1H"),
})  # fmt: skip
_NETATMO_CALM = ("-1",)
_NETATMO_IS = "netatmo"
_NETATMO_INDOORS = ("Temperature", "Humidity")
_NETATMO_INDOOR_TYPES = ("NAMain", "NAModule4", "NHC")


def _netatmo_place(device: object) -> tuple[str, Place]:
    where = member(device, "place", "location")
    longitude, latitude = (where[0], where[1]) if isinstance(where, list) and len(where) > 1 else (None, None)
    return text_of(device, "_id"), (latitude, longitude, member(device, "place", "altitude"), "")


@service("stations of Netatmo", r"body\.devices\[\]\.dashboard_data")
def _netatmo(value: object, context: Context) -> Iterator[Report]:
    for device in objects(member(value, "body", "devices")):
        identifier, place = _netatmo_place(device)
        for module in [device, *objects(device.get("modules"))]:
            given = module.get("dashboard_data")
            if not isinstance(given, dict):
                continue
            indoors = text_of(module, "type") in _NETATMO_INDOOR_TYPES
            told = {name: each for name, each in given.items() if not (indoors and name in _NETATMO_INDOORS)}
            if taken := known_of(directed(told, _NETATMO_CALM), _NETATMO):
                time = since_epoch(given.get("time_utc"))
                yield Report(station=_NETATMO_IS, secret=identifier, time=time, given=taken, place=place)


@service("public stations of Netatmo", r"body\[\]\.measures", r"body\[\]\.place")
def _netatmo_public(value: object, context: Context) -> Iterator[Report]:
    for device in objects(member(value, "body")):
        identifier, place = _netatmo_place(device)
        measures = device.get("measures")
        for given in objects(list(measures.values()) if isinstance(measures, dict) else None):
            names, rows = given.get("type"), given.get("res")
            if isinstance(names, list) and isinstance(rows, dict):
                for stamp, values in rows.items():
                    told = dict(zip(map(str, names), values, strict=False)) if isinstance(values, list) else {}
                    taken = known_of(directed(told, _NETATMO_CALM), _NETATMO)
                    yield Report(station=_NETATMO_IS, secret=identifier, time=since_epoch(stamp), given=taken, place=place)
            for stamp in ("rain_timeutc", "wind_timeutc"):
                if stamp in given:
                    taken, time = known_of(directed(given, _NETATMO_CALM), _NETATMO), since_epoch(given[stamp])
                    yield Report(station=_NETATMO_IS, secret=identifier, time=time, given=taken, place=place)


HOME: tuple[Service, ...] = (
    _wunderground, _tempest, _weatherlink, _weatherlink_live, _ngsi, _sensor_community, _netatmo, _netatmo_public,
)  # fmt: skip
