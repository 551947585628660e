"""The answers, as JSON, of services that tell the weather of any place: gathered from stations near by, or modelled. Described
as in `european_services`.

Where an answer does not tell its units, they are those of one of the systems that the service offers; which one, temperature,
dew point and humidity tell together (see `degrees`). Where they do not, everything with a unit of that kind is left.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from mesonet.domain.instant import SECOND
from mesonet.formats.degrees import by_humidity
from mesonet.formats.json_document import member, objects, text_of
from mesonet.formats.json_readings import Field, field_of, of_file, placed, standard_name
from mesonet.formats.publisher_names import VISUAL_DAYS, VISUAL_UNITS
from mesonet.formats.reading import Context
from mesonet.formats.services.service import (
    Known,
    Place,
    Report,
    Service,
    fields_of,
    instant_of,
    known_of,
    left_of,
    service,
    since_epoch,
    wigos,
)
from mesonet.record import replace
from mesonet.regex import regex

_DOWN = "surface_downwelling_shortwave_flux_in_air"
_SEA = "air_pressure_at_mean_sea_level"
_GATHERED = "values are those of stations near by, or modelled, for a point"
_LOOKED_AT = 200  # reports that tell the units of all
_KELVIN = (150.0, 350.0)

_INFERRED = "the answer does not tell its units; they are taken as {}, in which temperature, dew point and humidity agree"
_KELVINS = "the answer does not tell its units; temperatures are kelvins, since no others are so high"
_DAYS = "days were left, since nobody says which of their values are means, maxima and minima"
_NOT_TOLD = "the answer does not tell its units, nor do temperature, dew point and humidity: what has a unit was left"


def _point(prefix: str, value: object, latitude: str = "lat", longitude: str = "lon") -> str:
    try:
        return placed(prefix, float(text_of(value, latitude)), float(text_of(value, longitude)))
    except ValueError:
        return ""


def _float(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _system(reports: Sequence[Mapping[str, object]], names: Sequence[str]) -> str | None:
    """`Cel`, `degF` or `K`, of what is called so: temperature, dew point, relative humidity. None where nothing tells."""
    seen = [tuple(_float(each.get(name)) for name in names) for each in islice(reports, _LOOKED_AT)]
    warm = [t for t, *_ in seen if t is not None]
    if warm and all(_KELVIN[0] < each < _KELVIN[1] for each in warm):
        return "K"
    return by_humidity([(t, d, u) for t, d, u in seen if t is not None and d is not None and u is not None])


def _in_units(known: Mapping[str, Known], units: Mapping[str, str] | None, *, supposed: bool = True) -> dict[str, Field]:
    """What is called how, with `temperature`, `speed`, … put in units; without what the system leaves open."""
    found = {}
    for name, (called, unit, *rest) in known.items():
        if unit not in _KINDS:
            found[name] = field_of(name, called, unit, *rest)
        elif units and unit in units:
            found[name] = replace(field_of(name, called, units[unit], *rest), supposed=supposed)
    return found


_KINDS = ("temperature", "speed", "depth", "distance", "pressure", "rate")


def _told_of(units: str | None) -> tuple[str, ...]:
    return (_NOT_TOLD if units is None else _KELVINS if units == "K" else _INFERRED.format(units),)


# AccuWeather, "Current Conditions" (developer.accuweather.com): each value in metric and imperial units, which stand beside it

_ACCU: dict[str, str] = {
    "Temperature": "air_temperature",
    "DewPoint": "dew_point_temperature",
    "WetBulbTemperature": "wet_bulb_temperature",
    "RelativeHumidity": "relative_humidity",
    "Wind": "wind_speed",
    "WindGust": "wind_speed_of_gust",
    "Visibility": "visibility_in_air",
    "CloudCover": "cloud_area_fraction",
    "Pressure": _SEA,
}
_ACCU_RAIN = {"PastHour": "PT1H", **{f"Past{hours}Hours": f"PT{hours}H" for hours in (3, 6, 9, 12, 18, 24)}}
_ACCU_PLACE = regex(r"https?://[^\s?]+/(\d+(?:_[a-z]+)?)(?:\?.*)?")


@service(
    "current conditions of AccuWeather",
    r"(\[\]\.)?LocalObservationDateTime",
    r"(\[\]\.)?Temperature\.Metric\.Value",
    remarks=(_GATHERED,),
)
def _accuweather(value: object, context: Context) -> Iterator[Report]:
    for given in objects(value):
        told = _ACCU_PLACE.fullmatch(text_of(given, "Link") or text_of(given, "MobileLink"))
        station = f"accuweather_{told[1]}" if told else of_file(context.key, "accuweather")
        found: dict[Field, object] = {}
        for name, called in _ACCU.items():
            inner = member(given, name, "Speed") or member(given, name)
            unit, number = text_of(inner, "Metric", "Unit"), member(inner, "Metric", "Value")
            plain = not isinstance(inner, dict)
            if unit or (plain and name in given):
                found[field_of(name, called, unit or "%")] = inner if plain else number
        if "Wind" in given:
            found[field_of("Wind.Direction", "wind_from_direction", "deg")] = member(given, "Wind", "Direction", "Degrees")
        for name, period in _ACCU_RAIN.items():
            amount = member(given, "PrecipitationSummary", name, "Metric")
            if unit := text_of(amount, "Unit"):
                found[field_of(name, "precipitation_amount", unit, "sum", period)] = member(amount, "Value")
        yield Report(
            station=station,
            time=text_of(given, "LocalObservationDateTime"),
            given=found,
            remarks=[]
            if told
            else [(f"the answer does not say where it is; it is called {station} after the file", "station")],
        )


# Bright Sky (brightsky.dev/docs): the DWD's stations; units are `dwd`, unless `units=si` was asked for, whose pressure is in Pa

_BRIGHT_SKY_UNITS = (
    {"temperature": "Cel", "speed": "km/h", "pressure": "hPa", "rate": "kW/m2", "depth": "min"},
    {"temperature": "K", "speed": "m/s", "pressure": "Pa", "rate": "J/m2/h", "depth": "s"},
)
_BRIGHT_SKY: dict[str, Known] = {
    "temperature": ("air_temperature", "temperature"),
    "dew_point": ("dew_point_temperature", "temperature"),
    "relative_humidity": ("relative_humidity", "%"),
    "pressure_msl": (_SEA, "pressure"),
    "cloud_cover": ("cloud_area_fraction", "%"),
    "visibility": ("visibility_in_air", "m"),
    "precipitation": ("precipitation_amount", "mm", "sum", "PT1H"),
    "sunshine": ("duration_of_sunshine", "depth", "sum", "PT1H"),
    "solar": (_DOWN, "rate", "mean", "PT1H"),
    "wind_direction": ("wind_from_direction", "deg", "mean", "PT1H"),
    "wind_speed": ("wind_speed", "speed", "mean", "PT1H"),
    "wind_gust_direction": ("wind_gust_from_direction", "deg", "maximum", "PT1H"),
    "wind_gust_speed": ("wind_speed_of_gust", "speed", "maximum", "PT1H"),
    "solar_60": (_DOWN, "rate", "mean", "PT1H"),
} | {
    f"{name}_{minutes}": (called, unit, method, period)
    for minutes, period in ((10, "PT10M"), (30, "PT30M"), (60, "PT1H"))
    for name, called, unit, method in (
        ("precipitation", "precipitation_amount", "mm", "sum"),
        ("sunshine", "duration_of_sunshine", "depth", "sum"),
        ("wind_direction", "wind_from_direction", "deg", "mean"),
        ("wind_speed", "wind_speed", "speed", "mean"),
        ("wind_gust_direction", "wind_gust_from_direction", "deg", "maximum"),
        ("wind_gust_speed", "wind_speed_of_gust", "speed", "maximum"),
    )
}  # fmt: skip
_BRIGHT_SKY_BESIDE = ("source_id", "precipitation_probability", "precipitation_probability_6h")
_MOST_HPA = 2000
_TOO_MUCH = {"sunshine": 60, "sunshine_60": 60, "solar": 2, "solar_60": 2}  # minutes and kilowatt hours in an hour
_SI_OR_DWD = "the answer does not tell whether its units are the DWD's or those of SI: what has such a unit was left"
_FORECAST = "hours of forecasts were left, since they were not observed"


def _bright_sky_units(reports: Sequence[Mapping[str, object]]) -> Mapping[str, str] | None:
    """Those of pressure and temperature; without them SI where sunshine or sunlight is too much for the DWD's."""
    dwd, si = _BRIGHT_SKY_UNITS
    most = {name: max(found) for name in _BRIGHT_SKY if (found := list(filter(None, (_float(r.get(name)) for r in reports))))}
    if most.get("pressure_msl", 0) > _MOST_HPA or _system(reports, ("temperature", "dew_point", "relative_humidity")) == "K":
        return si
    if any(_float(each.get(name)) is not None for each in reports for name in ("pressure_msl", "temperature")):
        return dwd
    return si if any(most.get(name, 0) > limit for name, limit in _TOO_MUCH.items()) else None


@service("Bright Sky, which gathers the DWD's stations", r"weather(\[\])?\.source_id", r"weather(\[\])?\.timestamp")
def _bright_sky(value: object, context: Context) -> Iterator[Report]:
    sources = {text_of(each, "id"): each for each in objects(member(value, "sources"))}
    told = member(value, "weather")
    reports = objects(told if isinstance(told, list) else [told])
    units = _bright_sky_units(reports)
    fields = _in_units(_BRIGHT_SKY, units, supposed=False)
    remarks = () if units else ((_SI_OR_DWD,),)
    for given in reports:
        source = sources.get(text_of(given, "source_id"), {})
        number, own = text_of(source, "wmo_station_id"), text_of(source, "dwd_station_id")
        station, time = wigos(number) if number else f"dwd_{own}" if own else "", text_of(given, "timestamp")
        if text_of(source, "observation_type") == "forecast":
            yield Report(station=station, time=time, given={}, remarks=[(_FORECAST,)])
            continue
        yield Report(
            station=station,
            time=time,
            given=known_of(given, fields),
            place=(source.get("lat"), source.get("lon"), source.get("height"), text_of(source, "station_name")),
            left=left_of(given, fields, *_BRIGHT_SKY_BESIDE),
            remarks=remarks,
        )


# MET Norway, Locationforecast 2.0 (api.met.no/weatherapi/locationforecast/2.0): CF names, units in `meta`

_MET_UNITS = {"celsius": "Cel", "degrees": "deg", "fraction": "1"}


@service(
    "forecast of MET Norway, modelled",
    r"properties\.meta\.units\.air_temperature",
    r"properties\.timeseries",
    remarks=("values are modelled for a point, not observed",),
)
def _met_norway(value: object, context: Context) -> Iterator[Report]:
    where = member(value, "geometry", "coordinates")
    longitude, latitude, *height = where if isinstance(where, list) and len(where) > 1 else (None, None)
    station = _point("met", {"lat": latitude, "lon": longitude})
    units = member(value, "properties", "meta", "units")
    for step in objects(member(value, "properties", "timeseries")):
        given, left = dict[Field, object](), []
        details = member(step, "data", "instant", "details")
        for name, number in details.items() if isinstance(details, dict) else ():
            known, unit = standard_name(name), text_of(units, name)
            if known and unit:
                given[field_of(name, known, _MET_UNITS.get(unit, unit))] = number
            else:
                left.append(name)
        place = (latitude, longitude, height[0] if height else None, "")
        time = instant_of(text_of(step, "time"))
        yield Report(station=station, time=time, given=given, place=place, left=left)
        rain, unit = (
            member(step, "data", "next_1_hours", "details", "precipitation_amount"),
            text_of(units, "precipitation_amount"),
        )
        if isinstance(time, int) and rain is not None and unit:  # of the hour that begins then
            hourly = field_of("next_1_hours", "precipitation_amount", unit, "sum", "PT1H")
            yield Report(station=station, time=time + 3600 * SECOND, given={hourly: rain}, place=place)


# WeatherAPI.com (weatherapi.com/docs): each quantity in two units, told by its name

_WEATHERAPI = fields_of({
    "temp_c": ("air_temperature", "Cel"),
    "dewpoint_c": ("dew_point_temperature", "Cel"),
    "humidity": ("relative_humidity", "%"),
    "pressure_mb": (_SEA, "mbar"),
    "wind_kph": ("wind_speed", "km/h"),
    "wind_degree": ("wind_from_direction", "deg"),
    "gust_kph": ("wind_speed_of_gust", "km/h"),
    "cloud": ("cloud_area_fraction", "%"),
    "vis_km": ("visibility_in_air", "km"),
    "uv": ("ultraviolet_index", "1"),
})  # fmt: skip
_WEATHERAPI_HOURS = _WEATHERAPI | fields_of({"precip_mm": ("precipitation_amount", "mm", "sum", "PT1H")})
_WEATHERAPI_DAYS = fields_of({
    "maxtemp_c": ("air_temperature", "Cel", "maximum", "P1D"),
    "mintemp_c": ("air_temperature", "Cel", "minimum", "P1D"),
    "avgtemp_c": ("air_temperature", "Cel", "mean", "P1D"),
    "avghumidity": ("relative_humidity", "%", "mean", "P1D"),
    "maxwind_kph": ("wind_speed", "km/h", "maximum", "P1D"),
    "totalprecip_mm": ("precipitation_amount", "mm", "sum", "P1D"),
    "avgvis_km": ("visibility_in_air", "km", "mean", "P1D"),
})  # fmt: skip


@service("WeatherAPI.com", r"location\.tz_id", r"current\.temp_c|forecast\.forecastday.*", remarks=(_GATHERED,))
def _weatherapi(value: object, context: Context) -> Iterator[Report]:
    where = member(value, "location")
    station = _point("weatherapi", where)
    place = (member(where, "lat"), member(where, "lon"), None, text_of(where, "name"))
    current = member(value, "current")
    if isinstance(current, dict):
        given = known_of(current, _WEATHERAPI)
        left = ["precip_mm"] if "precip_mm" in current else ()
        yield Report(station=station, time=since_epoch(current.get("last_updated_epoch")), given=given, place=place, left=left)
    for day in objects(member(value, "forecast", "forecastday")):
        if isinstance(told := day.get("day"), dict):
            yield Report(station=station, time=text_of(day, "date"), given=known_of(told, _WEATHERAPI_DAYS), place=place)
        for hour in objects(day.get("hour")):
            yield Report(
                station=station,
                time=since_epoch(hour.get("time_epoch")),
                given=known_of(hour, _WEATHERAPI_HOURS),
                place=place,
            )


# OpenWeather, "One Call API" 2.5 and 3.0: `units` is standard (K, m/s), metric (°C, m/s) or imperial (°F, mph); rain is in mm

_ONE_CALL_UNITS = {
    "K": {"temperature": "K", "speed": "m/s"},
    "Cel": {"temperature": "Cel", "speed": "m/s"},
    "degF": {"temperature": "degF", "speed": "mph"},
}
_ONE_CALL: dict[str, Known] = {
    "temp": ("air_temperature", "temperature"),
    "dew_point": ("dew_point_temperature", "temperature"),
    "humidity": ("relative_humidity", "%"),
    "pressure": (_SEA, "hPa"),
    "wind_speed": ("wind_speed", "speed"),
    "wind_deg": ("wind_from_direction", "deg"),
    "wind_gust": ("wind_speed_of_gust", "speed"),
    "clouds": ("cloud_area_fraction", "%"),
    "visibility": ("visibility_in_air", "m"),
    "uvi": ("ultraviolet_index", "1"),
    "rain_1h": ("rainfall_amount", "mm", "sum", "PT1H"),
}


@service(
    "One Call of OpenWeather",
    "lat",
    "lon",
    "timezone_offset",
    r"current\.dt|hourly\[\]\.dt|data\[\]\.dt|minutely\[\]\.dt",
    remarks=(_GATHERED,),
)
def _one_call(value: object, context: Context) -> Iterator[Report]:
    parts = [member(value, "current"), *objects(member(value, "hourly")), *objects(member(value, "data"))]
    reports = objects(parts)
    units = _system(reports, ("temp", "dew_point", "humidity"))
    fields = _in_units(_ONE_CALL, _ONE_CALL_UNITS[units] if units else None)
    remarks = [_told_of(units)]
    for given in reports:
        told = {**given, "rain_1h": member(given, "rain", "1h")}
        yield Report(
            station=_point("openweather", value),
            time=since_epoch(given.get("dt")),
            given=known_of(told, fields),
            place=(member(value, "lat"), member(value, "lon"), None, ""),
            left=[name for name in _ONE_CALL if name in given and name not in fields],
            remarks=remarks,
        )


# Visual Crossing: its units are those of `VISUAL_UNITS`

_VISUAL_HOURS: dict[str, Known] = {
    "temp": ("air_temperature", "temperature"),
    "dew": ("dew_point_temperature", "temperature"),
    "humidity": ("relative_humidity", "%"),
    "pressure": (_SEA, "hPa"),
    "windspeed": ("wind_speed", "speed"),
    "windgust": ("wind_speed_of_gust", "speed"),
    "winddir": ("wind_from_direction", "deg"),
    "cloudcover": ("cloud_area_fraction", "%"),
    "visibility": ("visibility_in_air", "distance"),
    "solarradiation": (_DOWN, "W/m2"),
    "uvindex": ("ultraviolet_index", "1"),
    "precip": ("precipitation_amount", "depth", "sum", "PT1H"),
}


@service("timeline of Visual Crossing", "resolvedAddress", "latitude", r"days|currentConditions.*", remarks=(_GATHERED,))
def _visual_crossing(value: object, context: Context) -> Iterator[Report]:
    days = objects(member(value, "days"))
    current = objects([member(value, "currentConditions")])
    hours = [hour for day in days for hour in objects(day.get("hours"))]
    units = _system([*hours, *days, *current], ("temp", "dew", "humidity"))
    own = VISUAL_UNITS[units] if units else None
    of_hours, of_days = _in_units(_VISUAL_HOURS, own), _in_units(VISUAL_DAYS, own)
    now = {name: known for name, known in of_hours.items() if name != "precip"}
    station = _point("visualcrossing", value, "latitude", "longitude")
    place: Place = (member(value, "latitude"), member(value, "longitude"), None, text_of(value, "resolvedAddress"))
    for fields, reports in ((of_days, days), (of_hours, hours), (now, current)):
        for given in reports:
            yield Report(
                station=station,
                time=text_of(given, "datetime") if fields is of_days else since_epoch(given.get("datetimeEpoch")),
                given=known_of(given, fields),
                place=place,
                left=[name for name in _VISUAL_HOURS if name in given and name not in fields],
                remarks=[_told_of(units)],
            )


# Weatherbit (weatherbit.io/api): units M (°C, m/s, mm), S (K, m/s, mm) or I (°F, mph, in); pressures are in mbar

_WEATHERBIT_UNITS = {
    "Cel": {"temperature": "Cel", "speed": "m/s", "depth": "mm", "distance": "km"},
    "K": {"temperature": "K", "speed": "m/s", "depth": "mm", "distance": "km"},
    "degF": {"temperature": "degF", "speed": "mph", "depth": "in", "distance": "mi"},
}
_WEATHERBIT: dict[str, Known] = {
    "temp": ("air_temperature", "temperature"),
    "dewpt": ("dew_point_temperature", "temperature"),
    "rh": ("relative_humidity", "%"),
    "pres": ("air_pressure", "mbar"),
    "slp": (_SEA, "mbar"),
    "wind_spd": ("wind_speed", "speed"),
    "wind_gust_spd": ("wind_speed_of_gust", "speed"),
    "gust": ("wind_speed_of_gust", "speed"),
    "wind_dir": ("wind_from_direction", "deg"),
    "clouds": ("cloud_area_fraction", "%"),
    "vis": ("visibility_in_air", "distance"),
    "uv": ("ultraviolet_index", "1"),
}


@service("Weatherbit", r"data\[\]\.(wind_spd|app_temp)", r"data\[\]\.(rh|dewpt)", remarks=(_GATHERED,))
def _weatherbit(value: object, context: Context) -> Iterator[Report]:
    reports = objects(member(value, "data"))
    units = _system(reports, ("temp", "dewpt", "rh"))
    fields = _in_units(_WEATHERBIT, _WEATHERBIT_UNITS[units] if units else None)
    for given in reports:
        at = {name: given.get(name) or member(value, name) for name in ("lat", "lon", "city_name")}
        station, time = _point("weatherbit", at), since_epoch(given.get("ts"))
        if "max_temp" in given or regex(r"\d{4}-\d\d-\d\d").fullmatch(text_of(given, "datetime")):
            yield Report(station=station, time=time or text_of(given, "datetime"), given={}, remarks=[(_DAYS,)])
            continue
        yield Report(
            station=station,
            time=time,
            given=known_of(given, fields),
            place=(at["lat"], at["lon"], None, text_of(at, "city_name")),
            left=[name for name in (*_WEATHERBIT, "precip", "snow", "solar_rad") if name in given and name not in fields],
            remarks=[_told_of(units)],
        )


# Tomorrow.io v4 (docs.tomorrow.io/reference/data-layers-core): units metric or imperial

_TOMORROW_UNITS = {
    "Cel": {"temperature": "Cel", "speed": "m/s", "distance": "km", "pressure": "hPa", "rate": "mm/h"},
    "degF": {"temperature": "degF", "speed": "mph", "distance": "mi", "pressure": "inHg", "rate": "in/h"},
}
_TOMORROW: dict[str, Known] = {
    "temperature": ("air_temperature", "temperature"),
    "dewPoint": ("dew_point_temperature", "temperature"),
    "humidity": ("relative_humidity", "%"),
    "pressureSurfaceLevel": ("air_pressure", "pressure"),
    "pressureSeaLevel": (_SEA, "pressure"),
    "windSpeed": ("wind_speed", "speed"),
    "windGust": ("wind_speed_of_gust", "speed"),
    "windDirection": ("wind_from_direction", "deg"),
    "cloudCover": ("cloud_area_fraction", "%"),
    "visibility": ("visibility_in_air", "distance"),
    "rainIntensity": ("rainfall_rate", "rate"),
    "uvIndex": ("ultraviolet_index", "1"),
}


@service(
    "Tomorrow.io",
    r"(data\.timelines\[\]\.intervals\[\]|data|timelines\.(minutely|hourly|daily)\[\])\.values\..*",
    remarks=(_GATHERED,),
)
def _tomorrow(value: object, context: Context) -> Iterator[Report]:
    data = member(value, "data")
    listed = member(data, "timelines")
    steps, days = list[dict[str, Any]](), list[dict[str, Any]]()
    for timeline in objects(listed):
        (days if text_of(timeline, "timestep") == "1d" else steps).extend(objects(timeline.get("intervals")))
    own = member(value, "timelines")
    if isinstance(own, dict):
        steps += [step for name in ("minutely", "hourly") for step in objects(own.get(name))]
        days += objects(own.get("daily"))
    elif not steps and not days:
        steps = objects([data])
    told = [(step, step["values"]) for step in steps if isinstance(step.get("values"), dict)]
    units = _system([values for _, values in told], ("temperature", "dewPoint", "humidity"))
    units = units if units in _TOMORROW_UNITS else None
    fields = _in_units(_TOMORROW, _TOMORROW_UNITS[units] if units else None)
    where = member(value, "location") or member(data, "location")
    station = _point("tomorrow", where)
    for step in days:
        time = text_of(step, "startTime") or text_of(step, "time")
        yield Report(station=station, time=time, given={}, remarks=[(_DAYS,)])
    for step, given in told:
        yield Report(
            station=station,
            time=text_of(step, "startTime") or text_of(step, "time"),
            given=known_of(given, fields),
            place=(member(where, "lat"), member(where, "lon"), None, text_of(where, "name")),
            left=[name for name in _TOMORROW if name in given and name not in fields],
            remarks=[_told_of(units)],
        )


POINT: tuple[Service, ...] = (
    _bright_sky, _met_norway, _weatherapi, _accuweather, _one_call, _visual_crossing, _weatherbit, _tomorrow,
)  # fmt: skip
