"""The answers of national weather services as JSON: what tells each, who its stations are, what its members mean, in which
units.

Each description names its source. Times are UTC unless it says otherwise; a period's value stands at its end, a day's at its
date. Of what is counted since midnight, or in units that the answer does not tell, nothing is taken.
"""

import re
from collections.abc import Iterator
from typing import Any

from mesonet.domain.instant import step_duration
from mesonet.domain.observation import Quality
from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.formats.json_document import member, objects, text_of
from mesonet.formats.json_readings import Field
from mesonet.formats.publisher_names import GEOSPHERE, GEOSPHERE_NONE, geosphere_amount
from mesonet.formats.reading import Context
from mesonet.formats.service import (
    Known,
    Report,
    Service,
    as_iso,
    directed,
    field_of,
    fields_of,
    instant_of,
    known_of,
    left_of,
    lonlat,
    since_epoch,
    usual_step,
    wigos,
    with_points,
)
from mesonet.regex import regex

_SUSPECT = int(Quality.SUSPECT)
_FAIL = int(Quality.FAIL)
_DOWN = "surface_downwelling_shortwave_flux_in_air"
_SEA = "air_pressure_at_mean_sea_level"

# --- Spain -----------------------------------------------------------------------------------------------------------------
# AEMET OpenData, "observación convencional" and "climatologías diarias", whose metadata explain the members

_AEMET = fields_of({
    "ta": ("air_temperature", "Cel"),
    "tamax": ("air_temperature", "Cel", "maximum", "PT1H"),
    "tamin": ("air_temperature", "Cel", "minimum", "PT1H"),
    "tpr": ("dew_point_temperature", "Cel"),
    "hr": ("relative_humidity", "%"),
    "pres": ("air_pressure", "hPa"),
    "pres_nmar": (_SEA, "hPa"),
    "vv": ("wind_speed", "m/s"),
    "dv": ("wind_from_direction", "deg"),
    "vmax": ("wind_speed_of_gust", "m/s", "maximum", "PT1H"),
    "dmax": ("wind_gust_from_direction", "deg", "maximum", "PT1H"),
    "prec": ("precipitation_amount", "mm", "sum", "PT1H"),
    "vis": ("visibility_in_air", "km"),
    "nieve": ("surface_snow_thickness", "cm"),
})  # fmt: skip
_AEMET_DAYS = fields_of({
    "tmed": ("air_temperature", "Cel", "mean", "P1D"),
    "tmax": ("air_temperature", "Cel", "maximum", "P1D"),
    "tmin": ("air_temperature", "Cel", "minimum", "P1D"),
    "prec": ("precipitation_amount", "mm", "sum", "P1D"),
    "velmedia": ("wind_speed", "m/s", "mean", "P1D"),
    "racha": ("wind_speed_of_gust", "m/s", "maximum", "P1D"),
    "dir": ("wind_gust_from_direction", "10 deg", "maximum", "P1D"),
    "sol": ("duration_of_sunshine", "h", "sum", "P1D"),
    "presMax": ("air_pressure", "hPa", "maximum", "P1D"),
    "presMin": ("air_pressure", "hPa", "minimum", "P1D"),
    "hrMedia": ("relative_humidity", "%", "mean", "P1D"),
    "hrMax": ("relative_humidity", "%", "maximum", "P1D"),
    "hrMin": ("relative_humidity", "%", "minimum", "P1D"),
})  # fmt: skip


def _aemet(value: object, context: Context) -> Iterator[Report]:
    for given in objects(value):
        place = (given.get("lat"), given.get("lon"), given.get("alt"), text_of(given, "ubi"))
        yield Report(
            station=text_of(given, "idema"),
            time=text_of(given, "fint"),
            given=known_of(given, _AEMET),
            place=place,
            left=left_of(given, _AEMET, "lat", "lon", "alt"),
        )


def _aemet_days(value: object, context: Context) -> Iterator[Report]:
    """`Ip` is a trace, `Acum` belongs to the next day's sum; directions 88 and 99 are none."""
    for given in objects(value):
        told = with_points(given)
        told["prec"] = {"Ip": "0", "Acum": None}.get(str(told.get("prec")), told.get("prec"))
        told["dir"] = None if told.get("dir") in ("88", "99") else told.get("dir")
        place = (None, None, given.get("altitud"), text_of(given, "nombre"))
        taken = known_of({name: each for name, each in told.items() if each not in (None, "Varias")}, _AEMET_DAYS)
        yield Report(station=text_of(given, "indicativo"), time=text_of(given, "fecha"), given=taken, place=place)


# --- Norway ----------------------------------------------------------------------------------------------------------------
# MET Norway, Frost API (frost.met.no/api.html, "observations"; quality codes: frost.met.no/dataclarifications.html)

_FROST = regex(r"(?:(mean|max|min|sum)\()?([a-z_]+)(?: (P\w+)\))?")
_FROST_METHODS = {"mean": "mean", "max": "maximum", "min": "minimum", "sum": "sum", None: "point"}
_FROST_QUALITY = {"3": _SUSPECT, "4": _SUSPECT, "5": _SUSPECT, "6": _FAIL, "7": _FAIL}
_FROST_NAMES = {
    "air_pressure_at_sea_level": _SEA,
    "surface_air_pressure": "air_pressure",
    "surface_snow_thickness": "surface_snow_thickness",
    "cloud_area_fraction": "cloud_area_fraction",
}


def _frost(value: object, context: Context) -> Iterator[Report]:
    for given in objects(member(value, "data")):
        station, _, sensor = text_of(given, "sourceId").partition(":")
        taken: dict[Field, object] = {}
        flags: dict[Field, int] = {}
        left = []
        for each in objects(given.get("observations")):
            element = text_of(each, "elementId")
            match = _FROST.fullmatch(element)
            name = _FROST_NAMES.get(match[2], match[2]) if match else ""
            if match is None or name not in STANDARD_NAMES or (sensor and sensor != "0") or bool(match[1]) != bool(match[3]):
                left.append(element or "an element without a name")
                continue
            level = text_of(each, "level", "value") if text_of(each, "level", "levelType") == "height_above_ground" else ""
            metres = float(level) if re.fullmatch(r"\d{1,3}(\.\d)?", level) else None
            unit = {"percent": "%", "degrees": "deg", "octas": "[okta]"}.get(text_of(each, "unit"), text_of(each, "unit"))
            known = field_of(element, name, unit, _FROST_METHODS[match[1]], match[3] or "PT0S", metres)
            if known not in taken:
                taken[known] = each.get("value")
                flags[known] = _FROST_QUALITY.get(text_of(each, "qualityCode"), int(Quality.NOT_EVALUATED))
        yield Report(station=station, time=text_of(given, "referenceTime"), given=taken, flags=flags, left=left)


# --- Sweden ----------------------------------------------------------------------------------------------------------------
# SMHI, "Meteorological observations" (opendata.smhi.se, JSON): numbers of parameters, whose units the site's list tells

_SMHI: dict[str, Known] = {
    "1": ("air_temperature", "Cel"),
    "2": ("air_temperature", "Cel", "mean", "P1D"),
    "3": ("wind_from_direction", "deg"),
    "4": ("wind_speed", "m/s"),
    "5": ("precipitation_amount", "mm", "sum", "P1D"),
    "6": ("relative_humidity", "%"),
    "7": ("precipitation_amount", "mm", "sum", "PT1H"),
    "8": ("surface_snow_thickness", "m"),
    "9": (_SEA, "hPa"),
    "10": ("duration_of_sunshine", "s", "sum", "PT1H"),
    "11": (_DOWN, "W/m2", "mean", "PT1H"),
    "12": ("visibility_in_air", "m"),
    "14": ("precipitation_amount", "mm", "sum", "PT15M"),
    "16": ("cloud_area_fraction", "%"),
    "19": ("air_temperature", "Cel", "minimum", "P1D"),
    "20": ("air_temperature", "Cel", "maximum", "P1D"),
    "21": ("wind_speed_of_gust", "m/s", "maximum", "PT1H"),
    "22": ("air_temperature", "Cel", "mean", "P1M"),
    "23": ("precipitation_amount", "mm", "sum", "P1M"),
    "39": ("dew_point_temperature", "Cel"),
}


def _smhi(value: object, context: Context) -> Iterator[Report]:
    """A value stands at `date` in milliseconds, or of a longer period at the day `ref`."""
    key, name = text_of(value, "parameter", "key"), text_of(value, "parameter", "name")
    known = field_of(name or key, *_SMHI[key]) if key in _SMHI else None
    for station in objects(member(value, "station")):
        where = next(iter(reversed(objects(member(value, "position")))), station)
        place = (where.get("latitude"), where.get("longitude"), where.get("height"), text_of(station, "name"))
        for each in objects(station.get("value") if "value" in station else member(value, "value")):
            time = since_epoch(each["date"], 1) if "date" in each else text_of(each, "ref")
            yield Report(
                station=text_of(station, "key"),
                time=f"{time}-01" if isinstance(time, str) and re.fullmatch(r"\d{4}-\d\d", time) else time,
                given={known: each.get("value")} if known else {},
                flags={known: _FAIL} if known and text_of(each, "quality") == "R" else None,
                place=place,
                left=() if known else (name or key,),
            )


# --- Denmark ---------------------------------------------------------------------------------------------------------------
# DMI, "Meteorological observation data: parameters" (dmi.dk/friedata): one feature a value

_DMI = fields_of({
    "temp_dry": ("air_temperature", "Cel"),
    "temp_dew": ("dew_point_temperature", "Cel"),
    "temp_mean_past1h": ("air_temperature", "Cel", "mean", "PT1H"),
    "temp_max_past1h": ("air_temperature", "Cel", "maximum", "PT1H"),
    "temp_min_past1h": ("air_temperature", "Cel", "minimum", "PT1H"),
    "temp_max_past12h": ("air_temperature", "Cel", "maximum", "PT12H"),
    "temp_min_past12h": ("air_temperature", "Cel", "minimum", "PT12H"),
    "humidity": ("relative_humidity", "%"),
    "humidity_past1h": ("relative_humidity", "%", "mean", "PT1H"),
    "pressure": ("air_pressure", "hPa"),
    "pressure_at_sea": (_SEA, "hPa"),
    "wind_dir": ("wind_from_direction", "deg"),
    "wind_dir_past1h": ("wind_from_direction", "deg", "mean", "PT1H"),
    "wind_speed": ("wind_speed", "m/s"),
    "wind_speed_past1h": ("wind_speed", "m/s", "mean", "PT1H"),
    "wind_max": ("wind_speed_of_gust", "m/s"),
    "wind_gust_always_past1h": ("wind_speed_of_gust", "m/s", "maximum", "PT1H"),
    "precip_past1min": ("precipitation_amount", "mm", "sum", "PT1M"),
    "precip_past10min": ("precipitation_amount", "mm", "sum", "PT10M"),
    "precip_past1h": ("precipitation_amount", "mm", "sum", "PT1H"),
    "precip_past24h": ("precipitation_amount", "mm", "sum", "PT24H"),
    "visibility": ("visibility_in_air", "m"),
    "cloud_cover": ("cloud_area_fraction", "%"),
    "radia_glob": (_DOWN, "W/m2", "mean", "PT10M"),
    "radia_glob_past1h": (_DOWN, "W/m2", "mean", "PT1H"),
    "sun_last10min_glob": ("duration_of_sunshine", "min", "sum", "PT10M"),
    "sun_last1h_glob": ("duration_of_sunshine", "min", "sum", "PT1H"),
    "snow_depth_man": ("surface_snow_thickness", "cm"),
})  # fmt: skip
_DMI_BLOCKS = ("04", "06")  # Greenland, and Denmark: the other numbers are DMI's own


def _dmi(value: object, context: Context) -> Iterator[Report]:
    for each in objects(member(value, "features")):
        told = member(each, "properties")
        name, number = text_of(told, "parameterId"), text_of(told, "stationId")
        longitude, latitude = lonlat(each)
        yield Report(
            station=wigos(number) if number.startswith(_DMI_BLOCKS) else f"dmi_{number}" if number else "",
            time=text_of(told, "observed"),
            given={_DMI[name]: member(told, "value")} if name in _DMI else {},
            place=(latitude, longitude, None, ""),
            left=() if name in _DMI else (name,),
        )


# --- Canada ----------------------------------------------------------------------------------------------------------------
# Environment and Climate Change Canada, api.weather.gc.ca, collections climate-hourly and climate-daily ("Technical
# documentation", climate.weather.gc.ca): directions in tens of degrees, pressure in kilopascals

_ECCC = fields_of({
    "TEMP": ("air_temperature", "Cel"),
    "DEW_POINT_TEMP": ("dew_point_temperature", "Cel"),
    "RELATIVE_HUMIDITY": ("relative_humidity", "%"),
    "WIND_DIRECTION": ("wind_from_direction", "10 deg"),
    "WIND_SPEED": ("wind_speed", "km/h"),
    "STATION_PRESSURE": ("air_pressure", "kPa"),
    "VISIBILITY": ("visibility_in_air", "km"),
    "PRECIP_AMOUNT": ("precipitation_amount", "mm", "sum", "PT1H"),
})  # fmt: skip
_ECCC_DAYS = fields_of({
    "MEAN_TEMPERATURE": ("air_temperature", "Cel", "mean", "P1D"),
    "MAX_TEMPERATURE": ("air_temperature", "Cel", "maximum", "P1D"),
    "MIN_TEMPERATURE": ("air_temperature", "Cel", "minimum", "P1D"),
    "TOTAL_PRECIPITATION": ("precipitation_amount", "mm", "sum", "P1D"),
    "TOTAL_RAIN": ("rainfall_amount", "mm", "sum", "P1D"),
    "TOTAL_SNOW": ("thickness_of_snowfall_amount", "cm", "sum", "P1D"),
    "SNOW_ON_GROUND": ("surface_snow_thickness", "cm", "point", "P1D"),
    "SPEED_MAX_GUST": ("wind_speed_of_gust", "km/h", "maximum", "P1D"),
    "DIRECTION_MAX_GUST": ("wind_gust_from_direction", "10 deg", "maximum", "P1D"),
    "MAX_REL_HUMIDITY": ("relative_humidity", "%", "maximum", "P1D"),
    "MIN_REL_HUMIDITY": ("relative_humidity", "%", "minimum", "P1D"),
})  # fmt: skip


def _eccc(value: object, context: Context) -> Iterator[Report]:
    for each in objects(member(value, "features")):
        told = member(each, "properties")
        given: dict[str, Any] = told if isinstance(told, dict) else {}
        longitude, latitude = lonlat(each)
        hourly = "UTC_DATE" in given
        yield Report(
            station=text_of(given, "CLIMATE_IDENTIFIER"),
            time=text_of(given, "UTC_DATE") if hourly else text_of(given, "LOCAL_DATE")[:10],
            given=known_of(given, _ECCC if hourly else _ECCC_DAYS),
            place=(latitude, longitude, None, text_of(given, "STATION_NAME")),
        )


# --- Austria ---------------------------------------------------------------------------------------------------------------
# GeoSphere Austria, Data Hub API, stations as GeoJSON (dataset.api.hub.geosphere.at/v1/docs): the answer tells its units


def _geosphere(value: object, context: Context) -> Iterator[Report]:
    stamps = member(value, "timestamps")
    times = [instant_of(each) for each in stamps] if isinstance(stamps, list) else []
    step = usual_step(times)
    lasting = step_duration((time for time in times if isinstance(time, int)), step) if step else ""
    for each in objects(member(value, "features")):
        told = member(each, "properties", "parameters")
        longitude, latitude = lonlat(each)
        series: list[tuple[Field, list[Any]]] = []
        left = []
        for name, given in told.items() if isinstance(told, dict) else ():
            known, data = GEOSPHERE.get(name.lower()), member(given, "data")
            if known is None or not isinstance(data, list) or (known[1] != "point" and not lasting):
                left.append(name)
                continue
            if name.lower() in GEOSPHERE_NONE:
                data = [geosphere_amount(each) if isinstance(each, str) else each for each in data]
            period = "PT0S" if known[1] == "point" else lasting
            series.append((field_of(name, known[0], text_of(given, "unit"), known[1], period), data))
        station = f"geosphere_{text_of(each, 'properties', 'station')}"
        for at, time in enumerate(times):
            taken = {known: data[at] for known, data in series if at < len(data)}
            yield Report(
                station=station, time=time, given=taken, place=(latitude, longitude, None, ""), left=left if not at else ()
            )


# --- Poland, Portugal, Brazil, Czechia ---------------------------------------------------------------------------------------
# IMGW-PIB, danepubliczne.imgw.pl/apiinfo ("synop"): UTC; the sum of rain does not say over which time, and is left

_IMGW = fields_of({
    "temperatura": ("air_temperature", "Cel"),
    "predkosc_wiatru": ("wind_speed", "m/s"),
    "kierunek_wiatru": ("wind_from_direction", "deg"),
    "wilgotnosc_wzgledna": ("relative_humidity", "%"),
    "cisnienie": (_SEA, "hPa"),
})  # fmt: skip


def _imgw(value: object, context: Context) -> Iterator[Report]:
    for given in objects(value):
        hour = text_of(given, "godzina_pomiaru")
        yield Report(
            station=wigos(text_of(given, "id_stacji")),
            time=f"{text_of(given, 'data_pomiaru')}T{hour:0>2}:00",
            given=known_of(given, _IMGW),
            place=(None, None, None, text_of(given, "stacja")),
            left=["suma_opadu"] if given.get("suma_opadu") else (),
        )


# IPMA, api.ipma.pt, "Observação meteorológica de estações": hours in UTC, -99 is missing, directions are eight points

_IPMA = fields_of({
    "temperatura": ("air_temperature", "Cel"),
    "humidade": ("relative_humidity", "%"),
    "pressao": (_SEA, "hPa"),
    "intensidadeVento": ("wind_speed", "m/s", "mean", "PT1H"),
    "precAcumulada": ("precipitation_amount", "mm", "sum", "PT1H"),
    "direction": ("wind_from_direction", "deg", "mean", "PT1H"),
})  # fmt: skip
_IPMA_POINTS = {str(at): str(45 * (at - 1)) for at in range(1, 9)} | {"9": "0"}


def _ipma(value: object, context: Context) -> Iterator[Report]:
    for time, stations in value.items() if isinstance(value, dict) else ():
        for station, given in stations.items() if isinstance(stations, dict) else ():
            if isinstance(given, dict):
                told = {**given, "direction": _IPMA_POINTS.get(text_of(given, "idDireccVento"))}
                yield Report(
                    station=f"ipma_{station}", time=time, given=known_of(told, _IPMA, "-99.0", "-99"), left=["radiacao"]
                )


# INMET, apitempo.inmet.gov.br ("estacao"): UTC; names as in its CSV

_INMET = fields_of({
    "TEM_INS": ("air_temperature", "Cel"),
    "TEM_MAX": ("air_temperature", "Cel", "maximum", "PT1H"),
    "TEM_MIN": ("air_temperature", "Cel", "minimum", "PT1H"),
    "UMD_INS": ("relative_humidity", "%"),
    "UMD_MAX": ("relative_humidity", "%", "maximum", "PT1H"),
    "UMD_MIN": ("relative_humidity", "%", "minimum", "PT1H"),
    "PTO_INS": ("dew_point_temperature", "Cel"),
    "PRE_INS": ("air_pressure", "hPa"),
    "PRE_MAX": ("air_pressure", "hPa", "maximum", "PT1H"),
    "PRE_MIN": ("air_pressure", "hPa", "minimum", "PT1H"),
    "VEN_VEL": ("wind_speed", "m/s"),
    "VEN_DIR": ("wind_from_direction", "deg"),
    "VEN_RAJ": ("wind_speed_of_gust", "m/s", "maximum", "PT1H"),
    "RAD_GLO": (_DOWN, "kJ/m2/h", "mean", "PT1H"),
    "CHUVA": ("precipitation_amount", "mm", "sum", "PT1H"),
})  # fmt: skip


def _inmet(value: object, context: Context) -> Iterator[Report]:
    for given in objects(value):
        hour = re.sub(r"\D", "", text_of(given, "HR_MEDICAO"))
        place = (given.get("VL_LATITUDE"), given.get("VL_LONGITUDE"), None, text_of(given, "DC_NOME"))
        yield Report(
            station=text_of(given, "CD_ESTACAO"),
            time=f"{text_of(given, 'DT_MEDICAO')}T{hour[:2]}:{hour[2:4] or '00'}",
            given=known_of(with_points(given), _INMET),
            place=place,
        )


# ČHMÚ, opendata.chmi.cz, "now": rows of station, element, time and value in ten minutes

_CHMI = fields_of({
    "T": ("air_temperature", "Cel"),
    "TMA": ("air_temperature", "Cel", "maximum", "PT10M"),
    "TMI": ("air_temperature", "Cel", "minimum", "PT10M"),
    "H": ("relative_humidity", "%"),
    "P": ("air_pressure", "hPa"),
    "F": ("wind_speed", "m/s", "mean", "PT10M"),
    "D": ("wind_from_direction", "deg", "mean", "PT10M"),
    "Fmax": ("wind_speed_of_gust", "m/s", "maximum", "PT10M"),
    "SRA10M": ("precipitation_amount", "mm", "sum", "PT10M"),
    "SSV10M": ("duration_of_sunshine", "s", "sum", "PT10M"),
})  # fmt: skip


def _chmi(value: object, context: Context) -> Iterator[Report]:
    data = member(value, "data", "data")
    names = text_of(data, "header").split(",")
    rows = member(data, "values")
    for row in rows if isinstance(rows, list) else ():
        given = dict(zip(names, row, strict=False)) if isinstance(row, list) else {}
        element = text_of(given, "ELEMENT")
        known = _CHMI.get(element)
        yield Report(
            station=text_of(given, "STATION"),
            time=text_of(given, "DT"),
            given={known: given.get("VAL")} if known else {},
            left=() if known else (element,),
        )


# --- United Kingdom --------------------------------------------------------------------------------------------------------
# Met Office DataPoint, "UK observations, detailed documentation": the answer tells its units; minutes since midnight, UTC

_DATAPOINT = {
    "T": "air_temperature",
    "Dp": "dew_point_temperature",
    "H": "relative_humidity",
    "P": _SEA,
    "S": "wind_speed",
    "G": "wind_speed_of_gust",
    "D": "wind_from_direction",
    "V": "visibility_in_air",
}
_COMPASS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
_BEARINGS = {point: f"{at * 22.5:g}" for at, point in enumerate(_COMPASS)}


def _datapoint(value: object, context: Context) -> Iterator[Report]:
    units = {text_of(each, "name"): text_of(each, "units") for each in objects(member(value, "SiteRep", "Wx", "Param"))}
    units |= {"D": "deg"}
    for place in objects(member(value, "SiteRep", "DV", "Location")):
        where = (place.get("lat"), place.get("lon"), place.get("elevation"), text_of(place, "name"))
        for day in objects(place.get("Period")):
            for given in objects(day.get("Rep")):
                minutes = text_of(given, "$")
                clock = divmod(int(minutes), 60) if minutes.isascii() and minutes.isdecimal() and len(minutes) < 5 else (99, 0)
                told = {**given, "D": _BEARINGS.get(text_of(given, "D"))}
                fields = {n: field_of(n, name, units[n]) for n, name in _DATAPOINT.items() if units.get(n)}
                yield Report(
                    station=f"metoffice_{text_of(place, 'i')}",
                    time=f"{text_of(day, 'value').rstrip('Z')}T{clock[0]:02d}:{clock[1]:02d}",
                    given=known_of({name: each for name, each in told.items() if each is not None}, fields),
                    place=where,
                )


# --- Japan, Taiwan, Singapore ------------------------------------------------------------------------------------------------
# JMA, AMeDAS of one station (www.jma.go.jp/bosai/amedas/data/point): JST; each value with its flag, of which 0 is right;
# direction in sixteenths, north 16, calm 0; hours of sunshine

_AMEDAS = fields_of({
    "temp": ("air_temperature", "Cel"),
    "humidity": ("relative_humidity", "%"),
    "pressure": ("air_pressure", "hPa"),
    "normalPressure": (_SEA, "hPa"),
    "wind": ("wind_speed", "m/s", "mean", "PT10M"),
    "windDirection": ("wind_from_direction", "22.5 deg", "mean", "PT10M"),
    "precipitation10m": ("precipitation_amount", "mm", "sum", "PT10M"),
    "precipitation1h": ("precipitation_amount", "mm", "sum", "PT1H"),
    "precipitation3h": ("precipitation_amount", "mm", "sum", "PT3H"),
    "precipitation24h": ("precipitation_amount", "mm", "sum", "PT24H"),
    "sun10m": ("duration_of_sunshine", "min", "sum", "PT10M"),
    "sun1h": ("duration_of_sunshine", "h", "sum", "PT1H"),
    "snow": ("surface_snow_thickness", "cm"),
    "visibility": ("visibility_in_air", "m"),
})  # fmt: skip
_JST = 9 * 3600
_NO_STAMP = "stations of one time, which only the file's name tells: call it as the site does (20240601123000.json)"
_FOURTEEN = regex(r"20\d{12}")


def _amedas(value: object, context: Context) -> Iterator[Report]:
    """By time (of one station), or by station (of one time, which only the file's name tells)."""
    stamp = _FOURTEEN.search(context.key.rpartition("/")[2])
    for key, given in value.items() if isinstance(value, dict) else ():
        if not isinstance(given, dict):
            continue
        by_time = _FOURTEEN.fullmatch(key) is not None
        first, second = text_of(given, "prefNumber"), text_of(given, "observationNumber")
        station = f"{first}{second:0>3}" if by_time else key
        taken: dict[Field, object] = {}
        flags: dict[Field, int] = {}
        for name, known in _AMEDAS.items():
            each = given.get(name)
            if isinstance(each, list) and len(each) == 2 and not (name == "windDirection" and each[0] == "0"):
                taken[known] = each[0]
                flags[known] = int(Quality.NOT_EVALUATED) if each[1] == "0" else _SUSPECT
        yield Report(
            station=f"amedas_{station}" if station else "",
            time=as_iso(key) if by_time else as_iso(stamp[0]) if stamp else "",
            remarks=[] if by_time or stamp else [(_NO_STAMP,)],
            given=taken,
            flags=flags,
            offset_s=_JST,
        )


# Central Weather Administration, opendata.cwa.gov.tw (O-A0001-001, O-A0003-001): times with their offset; -99 is missing

_CWA = fields_of({
    "AirTemperature": ("air_temperature", "Cel"),
    "RelativeHumidity": ("relative_humidity", "%"),
    "AirPressure": ("air_pressure", "hPa"),
    "WindSpeed": ("wind_speed", "m/s"),
    "WindDirection": ("wind_from_direction", "deg"),
    "UVIndex": ("ultraviolet_index", "1"),
})  # fmt: skip


_CWA_VARIES = ("990", "990.0")  # a direction; of a pressure they are a value


def _cwa(value: object, context: Context) -> Iterator[Report]:
    for each in objects(member(value, "records", "Station")):
        given = member(each, "WeatherElement")
        where = next(
            (p for p in objects(member(each, "GeoInfo", "Coordinates")) if text_of(p, "CoordinateName") == "WGS84"), {}
        )
        height = member(each, "GeoInfo", "StationAltitude")
        place = (where.get("StationLatitude"), where.get("StationLongitude"), height, text_of(each, "StationName"))
        yield Report(
            station=text_of(each, "StationId"),
            time=text_of(each, "ObsTime", "DateTime"),
            given=known_of(directed(given if isinstance(given, dict) else {}, _CWA_VARIES), _CWA, "-99", "-99.0", "-990", "X"),
            place=place,
        )


# data.gov.sg, "Realtime weather readings": one quantity an answer, which says its type and unit

_SINGAPORE: dict[str, Known] = {
    "DBT 1M F": ("air_temperature", "Cel"),
    "RH 1M F": ("relative_humidity", "%"),
    "TB1 Rainfall 5 Minute Total F": ("precipitation_amount", "mm", "sum", "PT5M"),
    "Wind Speed AVG(S)10M M1M": ("wind_speed", "kt"),
    "Wind Dir AVG (S) 10M M1M": ("wind_from_direction", "deg"),
}


def _singapore(value: object, context: Context) -> Iterator[Report]:
    kind = text_of(value, "metadata", "reading_type")
    known = field_of(kind, *_SINGAPORE[kind]) if kind in _SINGAPORE else None
    places = {
        text_of(each, "id"): (
            member(each, "location", "latitude"),
            member(each, "location", "longitude"),
            None,
            text_of(each, "name"),
        )
        for each in objects(member(value, "metadata", "stations"))
    }
    for item in objects(member(value, "items")):
        for each in objects(item.get("readings")):
            station = text_of(each, "station_id")
            yield Report(
                station=station,
                time=text_of(item, "timestamp"),
                given={known: each.get("value")} if known else {},
                place=places.get(station),
                left=() if known else (kind,),
            )


# --- Australia -------------------------------------------------------------------------------------------------------------
# Bureau of Meteorology, "Weather data services: JSON feeds" (IDN60901.94768.json) and the column notes of its latest
# observations. Wind and gust are of the last ten minutes, in km/h; `rain_trace` counts since 9 a.m.

_BOM = fields_of({
    "air_temp": ("air_temperature", "Cel"),
    "apparent_t": ("apparent_air_temperature", "Cel"),
    "dewpt": ("dew_point_temperature", "Cel"),
    "rel_hum": ("relative_humidity", "%"),
    "press_msl": (_SEA, "hPa"),
    "press_qnh": ("altimeter_setting", "hPa"),
    "wind_spd_kmh": ("wind_speed", "km/h"),
    "gust_kmh": ("wind_speed_of_gust", "km/h"),
    "vis_km": ("visibility_in_air", "km"),
    "cloud_oktas": ("cloud_area_fraction", "[okta]"),
    "wind_dir": ("wind_from_direction", "deg"),
})  # fmt: skip


def _bom(value: object, context: Context) -> Iterator[Report]:
    for given in objects(member(value, "observations", "data")):
        number = text_of(given, "wmo")
        told = {**given, "wind_dir": _BEARINGS.get(text_of(given, "wind_dir"))}  # CALM has none
        yield Report(
            station=wigos(f"{number:0>5}") if number else "",
            time=as_iso(text_of(given, "aifstime_utc")),
            given={known: each for known, each in known_of(told, _BOM).items() if each is not None},
            place=(given.get("lat"), given.get("lon"), None, text_of(given, "name")),
            left=[name for name in ("rain_trace", "delta_t") if given.get(name) not in (None, "-")],
        )


NATIONAL: tuple[Service, ...] = (
    Service(who="observations of AEMET OpenData", has=("idema", "fint"), reports=_aemet),
    Service(who="days of AEMET OpenData", has=("indicativo", "fecha", "tmed|prec|tmax"), reports=_aemet_days),
    Service(
        who="observations of MET Norway's Frost API",
        has=(r"data\[\]\.sourceId", r"data\[\]\.referenceTime", r"data\[\]\.observations"),
        reports=_frost,
    ),
    Service(
        who="observations of SMHI",
        has=(r"parameter\.key", "station", r"(station\[\]\.)?value"),
        alone=(r"value(\[\])?", r"value\[\]\.(from|to|ref|date)", r"value\[\]\.value", r"value\[\]\.quality"),
        reports=_smhi,
    ),
    Service(
        who="observations of DMI",
        has=(r"features\[\]\.properties\.parameterId", r"features\[\]\.properties\.observed"),
        reports=_dmi,
    ),
    Service(
        who="climate data of Environment and Climate Change Canada",
        has=(r"features\[\]\.properties\.CLIMATE_IDENTIFIER", r"features\[\]\.properties\.LOCAL_DATE"),
        reports=_eccc,
    ),
    Service(
        who="stations of GeoSphere Austria",
        has=("timestamps", r"features\[\]\.properties\.parameters", r"features\[\]\.properties\.station"),
        reports=_geosphere,
    ),
    Service(who="stations of IMGW-PIB", has=("id_stacji", "data_pomiaru"), reports=_imgw),
    Service(who="hours of IPMA's stations", has=(r"20\d\d-\d\d-\d\dT\d\d:\d\d\.\w+\.intensidadeVento",), reports=_ipma),
    Service(who="hours of INMET's stations", has=("CD_ESTACAO", "HR_MEDICAO", "DT_MEDICAO"), reports=_inmet),
    Service(who="open data of ČHMÚ", has=(r"data\.data\.header", r"data\.data\.values"), reports=_chmi),
    Service(who="observations of the UK Met Office's DataPoint", has=(r"SiteRep\.DV\.Location.*",), reports=_datapoint),
    Service(
        who="AMeDAS of the Japan Meteorological Agency", has=(r"(20\d{12}|\d{5})\.(temp|precipitation10m)",), reports=_amedas
    ),
    Service(
        who="stations of Taiwan's Central Weather Administration",
        has=(r"records\.Station\[\]\.StationId", r"records\.Station\[\]\.WeatherElement"),
        reports=_cwa,
    ),
    Service(
        who="readings of data.gov.sg",
        has=(r"metadata\.reading_type", r"items\[\]\.readings\[\]\.station_id"),
        reports=_singapore,
    ),
    Service(
        who="latest observations of the Bureau of Meteorology",
        has=(r"observations\.data\[\]\.aifstime_utc", r"observations\.data\[\]\.wmo"),
        reports=_bom,
    ),
)
