"""The answers, as JSON, of services for all the world: networks of networks, and models for a point. Described as in
`european_services`.
"""

import re
from collections.abc import Iterator, Mapping

from mesonet.domain.instant import SECOND
from mesonet.domain.observation import FAIL, NOT_EVALUATED
from mesonet.formats.json_document import member, objects, text_of
from mesonet.formats.json_readings import Field, degrees, field_of, of_file, placed
from mesonet.formats.publisher_names import POWER, POWER_UNITS, PVGIS
from mesonet.formats.reading import Context
from mesonet.formats.services.service import (
    Report,
    Service,
    as_iso,
    fields_of,
    instant_of,
    known_of,
    left_of,
    lonlat,
    service,
    since_epoch,
)
from mesonet.formats.station_list import FOOT_M
from mesonet.regex import regex

_HOUR = 60 * 60 * SECOND
_SEA = "air_pressure_at_mean_sea_level"
_MODELLED = "values are modelled for a point, not observed"

# --- networks of the USA -----------------------------------------------------------------------------------------------------
# Synoptic Data (MesoWest), "Weather API: latest, nearest time" (docs.synopticdata.com): each value has a time of its own; the
# answer tells its units; what is derived (`1d`) only stands for what was not measured

_SYNOPTIC = regex(r"(\w+?)_value_1(d?)")


@service(
    "latest observations of Synoptic Data (MesoWest)", r"STATION\[\]\.STID", r"STATION\[\]\.OBSERVATIONS\.\w+_value_1d?\.value"
)
def _synoptic(value: object, context: Context) -> Iterator[Report]:
    from mesonet.formats.networks.synoptic import ELEMENTS

    units = member(value, "UNITS")
    for station in objects(member(value, "STATION")):
        height = text_of(station, "ELEVATION")
        metres = (
            float(height) * (FOOT_M if text_of(units, "elevation") != "m" else 1)
            if re.fullmatch(r"-?\d+(\.\d+)?", height)
            else None
        )
        place = (
            station.get("LATITUDE"),
            station.get("LONGITUDE"),
            None if metres is None else f"{metres:.1f}",
            text_of(station, "NAME"),
        )
        told = member(station, "OBSERVATIONS")
        by_time: dict[str, dict[Field, object]] = {}
        left, taken = [], set()
        for name in sorted(told if isinstance(told, dict) else ()):  # what was measured comes before what was derived
            match = _SYNOPTIC.fullmatch(name)
            known = ELEMENTS.get(match[1]) if match else None
            unit = text_of(units, match[1]) if match else ""
            if known is None or not unit or match is None:
                left.append(name)
            elif match[1] not in taken:
                taken.add(match[1])
                given = by_time.setdefault(text_of(told, name, "date_time"), {})
                given[field_of(name, known[0], unit, known[1], known[2])] = member(told, name, "value")
        for time, given in by_time.items():
            yield Report(station=text_of(station, "STID"), time=time, given=given, place=place, left=left)


# --- models for a point ----------------------------------------------------------------------------------------------------
# PVGIS 5.2 (European Commission, JRC), "API non-interactive service": JSON of hours and typical years

_PVGIS = fields_of(PVGIS)


@service("hours of PVGIS, modelled", r"inputs\.location\.latitude", r"outputs\.(tmy_)?hourly", remarks=(_MODELLED,))
def _pvgis(value: object, context: Context) -> Iterator[Report]:
    where = member(value, "inputs", "location")
    latitude, longitude = text_of(where, "latitude"), text_of(where, "longitude")
    outputs = member(value, "outputs")
    typical = isinstance(outputs, dict) and "tmy_hourly" in outputs
    remarks = [("the months of a typical year (TMY) are of different years",)] if typical else []
    for given in objects(member(outputs, "tmy_hourly" if typical else "hourly")):
        yield Report(
            station=_placed("pvgis", latitude, longitude),
            time=as_iso(text_of(given, "time(UTC)") or text_of(given, "time")),
            given=known_of(given, _PVGIS),
            place=(latitude, longitude, member(where, "elevation"), ""),
            left=left_of(given, _PVGIS, "Int", "H_sun"),
            remarks=remarks,
        )


def _placed(prefix: str, latitude: str, longitude: str) -> str:
    try:
        return placed(prefix, float(latitude), float(longitude))
    except ValueError:
        return ""


# NASA POWER (power.larc.nasa.gov/docs): hours are means that begin at their stamp; LST is local solar time, whole hours of
# longitude; days stand at their date


def power_field(name: str, unit: str, *, hourly: bool) -> Field | None:
    """A quantity of NASA POWER in the unit that the file tells."""
    if name not in POWER or not unit:
        return None
    standard_name, method = POWER[name]
    return field_of(name, standard_name, POWER_UNITS.get(unit, unit), method, "PT1H" if hourly else "P1D")


def solar_offset_s(longitude: str) -> int:
    """How far local solar time is ahead of UTC, in whole hours. Raises ValueError beyond 180 degrees."""
    return round(degrees(longitude, 180) / 15) * 3600


@service(
    "NASA POWER, modelled",
    r"properties\.parameter\.[A-Z0-9_]+\.(19|20)\d{6}(\d\d)?",
    r"geometry\.coordinates",
    remarks=(_MODELLED,),
)
def _power(value: object, context: Context) -> Iterator[Report]:
    longitude, latitude = lonlat(value)
    where = member(value, "geometry", "coordinates")
    height = where[2] if isinstance(where, list) and len(where) > 2 else None
    missing = text_of(value, "header", "fill_value")
    series: list[tuple[Field, Mapping[str, object]]] = []
    left = []
    stamps: dict[str, None] = {}
    told = member(value, "properties", "parameter")
    for name, values in told.items() if isinstance(told, dict) else ():
        hourly = isinstance(values, dict) and len(next(iter(values), "")) == 10
        known = power_field(name, text_of(value, "parameters", name, "units"), hourly=hourly)
        if known is None or not isinstance(values, dict):
            left.append(name)
            continue
        series.append((known, values))
        stamps.update(dict.fromkeys(values))
    try:
        ahead_s = solar_offset_s(str(longitude)) if text_of(value, "header", "time_standard") == "LST" else 0
    except ValueError:
        return  # nobody's hours
    station = _placed("power", str(latitude), str(longitude))
    for stamp in stamps:
        time = instant_of(as_iso(stamp))
        if isinstance(time, int) and len(stamp) == 10:
            time += _HOUR - ahead_s * SECOND
        given = {
            known: None if values.get(stamp) in (missing, "-999", "-999.0") else values.get(stamp) for known, values in series
        }
        yield Report(station=station, time=time, given=given, place=(latitude, longitude, height, ""), left=left)
        left = []


# Meteostat, JSON API (dev.meteostat.net): units as in its CSV

_METEOSTAT = fields_of({
    "temp": ("air_temperature", "Cel"),
    "dwpt": ("dew_point_temperature", "Cel"),
    "rhum": ("relative_humidity", "%"),
    "prcp": ("precipitation_amount", "mm", "sum", "PT1H"),
    "snow": ("surface_snow_thickness", "mm"),
    "wdir": ("wind_from_direction", "deg"),
    "wspd": ("wind_speed", "km/h"),
    "wpgt": ("wind_speed_of_gust", "km/h"),
    "pres": (_SEA, "hPa"),
    "tsun": ("duration_of_sunshine", "min", "sum", "PT1H"),
})  # fmt: skip
_METEOSTAT_DAYS = fields_of({
    "tavg": ("air_temperature", "Cel", "mean", "P1D"),
    "tmin": ("air_temperature", "Cel", "minimum", "P1D"),
    "tmax": ("air_temperature", "Cel", "maximum", "P1D"),
    "prcp": ("precipitation_amount", "mm", "sum", "P1D"),
    "snow": ("surface_snow_thickness", "mm"),
    "wspd": ("wind_speed", "km/h", "mean", "P1D"),
    "wpgt": ("wind_speed_of_gust", "km/h", "maximum", "P1D"),
    "pres": (_SEA, "hPa", "mean", "P1D"),
    "tsun": ("duration_of_sunshine", "min", "sum", "P1D"),
})  # fmt: skip


@service("Meteostat's JSON", "meta", r"data\[\]\.(wpgt|tsun)", r"data\[\]\.pres")
def _meteostat(value: object, context: Context) -> Iterator[Report]:
    named = member(value, "meta", "stations")
    one = isinstance(named, list) and len(named) == 1
    station = f"meteostat_{named[0]}" if one else of_file(context.key, "meteostat")
    remarks = [] if one else [(f"the answer names no one station; it is called {station} after the file", "station")]
    for given in objects(member(value, "data")):
        daily = "time" not in given
        yield Report(
            station=station,
            time=text_of(given, "date" if daily else "time"),
            given=known_of(given, _METEOSTAT_DAYS if daily else _METEOSTAT),
            remarks=remarks,
        )


# TAHMO (datahub.tahmo.org, "API: measurements"): each row of a variable, a station and a time in UTC; rain is of five minutes

_TAHMO = fields_of({
    "te": ("air_temperature", "Cel"),
    "rh": ("relative_humidity", "1"),
    "ap": ("air_pressure", "kPa"),
    "pr": ("precipitation_amount", "mm", "sum", "PT5M"),
    "ra": ("surface_downwelling_shortwave_flux_in_air", "W/m2"),
    "ws": ("wind_speed", "m/s"),
    "wg": ("wind_speed_of_gust", "m/s"),
    "wd": ("wind_from_direction", "deg"),
    "vp": ("water_vapor_partial_pressure_in_air", "kPa"),
})  # fmt: skip


@service(
    "measurements of TAHMO",
    "status",
    r"results\[\]\.series\[\]\.columns(\[\])?",
    r"results\[\]\.series\[\]\.values(\[\])*",
    says={"status": "success"},
)
def _tahmo(value: object, context: Context) -> Iterator[Report]:
    for series in (each for result in objects(member(value, "results")) for each in objects(result.get("series"))):
        names, rows = series.get("columns"), series.get("values")
        if not isinstance(rows, list) or not isinstance(names, list):
            continue
        for row in rows:
            given = {str(name): each for name, each in zip(names, row, strict=False)} if isinstance(row, list) else {}
            known = _TAHMO.get(variable := text_of(given, "variable"))
            yield Report(
                station=text_of(given, "station"),
                time=text_of(given, "time"),
                given={known: given.get("value")} if known else {},
                left=() if known else (variable,),
            )


# OpenWeather, "Current weather data" and "History API": without `units` temperatures are kelvins and winds m/s

_OPENWEATHER = fields_of({
    "temp": ("air_temperature", "K"),
    "humidity": ("relative_humidity", "%"),
    "grnd_level": ("air_pressure", "hPa"),
    "pressure": (_SEA, "hPa"),
    "speed": ("wind_speed", "m/s"),
    "deg": ("wind_from_direction", "deg"),
    "gust": ("wind_speed_of_gust", "m/s"),
    "visibility": ("visibility_in_air", "m"),
    "all": ("cloud_area_fraction", "%"),
    "1h": ("precipitation_amount", "mm", "sum", "PT1H"),
})  # fmt: skip
_LEAST_KELVIN = 150
_NOT_TOLD = (
    "the answer does not tell its units, and these are no kelvins: temperatures and winds were left (ask without units=)"
)


@service("weather of OpenWeather", r"(list\[\]\.)?main\.temp", r"(list\[\]\.)?dt", "id|city_id")
def _openweather(value: object, context: Context) -> Iterator[Report]:
    city = text_of(value, "id") or text_of(value, "city_id")
    for given in objects(member(value, "list") or value):
        told: dict[str, object] = {}
        for part in ("main", "wind", "clouds", "rain"):
            told |= member(given, part) if isinstance(given.get(part), dict) else {}
        told |= {"visibility": given["visibility"]} if "visibility" in given else {}
        warm = text_of(told, "temp")
        kelvins = re.fullmatch(r"\d{3}(\.\d+)?", warm) is not None and float(warm) > _LEAST_KELVIN
        if not kelvins:
            told = {name: each for name, each in told.items() if name not in ("temp", "speed", "gust")}
        where = member(given, "coord")
        place = (member(where, "lat"), member(where, "lon"), None, text_of(given, "name"))
        yield Report(
            station=f"openweather_{text_of(given, 'id') or city}" if text_of(given, "id") or city else "",
            time=since_epoch(given.get("dt")),
            given=known_of(told, _OPENWEATHER),
            place=place if where else None,
            remarks=[] if kelvins else [(_NOT_TOLD,)],
        )


# --- Israel ------------------------------------------------------------------------------------------------------------------
# IMS, "API explanation" (ims.gov.il/en/ObservationDataAPI): channels of ten minutes that end then. `Time` is the clock of the
# highest ten minutes' wind, WS1mm and Ws10mm are of moving minutes

_IMS = fields_of({
    "TD": ("air_temperature", "Cel"),
    "TDmax": ("air_temperature", "Cel", "maximum", "PT10M"),
    "TDmin": ("air_temperature", "Cel", "minimum", "PT10M"),
    "TW": ("wet_bulb_temperature", "Cel"),
    "RH": ("relative_humidity", "%"),
    "BP": ("air_pressure", "hPa"),
    "WS": ("wind_speed", "m/s", "mean", "PT10M"),
    "WD": ("wind_from_direction", "deg", "mean", "PT10M"),
    "WSmax": ("wind_speed_of_gust", "m/s", "maximum", "PT10M"),
    "WDmax": ("wind_gust_from_direction", "deg", "maximum", "PT10M"),
    "Rain": ("precipitation_amount", "mm", "sum", "PT10M"),
    "Grad": ("surface_downwelling_shortwave_flux_in_air", "W/m2", "mean", "PT10M"),
    "DiffR": ("surface_diffuse_downwelling_shortwave_flux_in_air", "W/m2", "mean", "PT10M"),
    "NIP": ("surface_direct_along_beam_shortwave_flux_in_air", "W/m2", "mean", "PT10M"),
})  # fmt: skip
_IMS_SUMMER = "clocks of IMS are two hours ahead of UTC all the year, and times in it say three: they are taken as they say"


@service(
    "stations of the Israel Meteorological Service",
    "stationId",
    r"data\[\]\.datetime",
    r"data\[\]\.channels\[\]\.(status|valid)",
)
def _ims(value: object, context: Context) -> Iterator[Report]:
    station = text_of(value, "stationId")
    for told in objects(member(value, "data")):
        taken: dict[Field, object] = {}
        flags: dict[Field, int] = {}
        left = []
        for each in objects(told.get("channels")):
            known, number = _IMS.get(name := text_of(each, "name")), text_of(each, "value")
            if known is None:
                left.append(name)
            elif known not in taken:
                taken[known] = None if number in ("-9999", "-9999.0") else number
                flags[known] = FAIL if each.get("valid") is False else NOT_EVALUATED
        time = text_of(told, "datetime")
        summer = [(_IMS_SUMMER,)] if time.endswith("+03:00") else ()
        yield Report(
            station=f"ims_{station}" if station else "", time=time, given=taken, flags=flags, left=left, remarks=summer
        )


WORLD: tuple[Service, ...] = (_synoptic, _pvgis, _power, _ims, _tahmo, _meteostat, _openweather)
