"""The answers of weather services: what tells each, who its stations are, and what its members mean, in which units.

Each description names its source. Times are UTC unless it says otherwise; a period's value stands at its end, a day's at its
date. Of what is counted since midnight, or in units that the answer does not tell, nothing is taken.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from mesonet.domain.instant import SECOND, duration
from mesonet.domain.observation import Quality
from mesonet.domain.parameter import STANDARD_NAMES, Parameter, usual
from mesonet.formats.json_document import Glance, Number, member, objects, text_of
from mesonet.formats.json_readings import Field, degrees, epoch, instant, of_file, placed
from mesonet.formats.reading import Context
from mesonet.record import dataclass, field
from mesonet.regex import regex

_HOUR = 60 * 60 * SECOND
_SUSPECT, _FAIL = int(Quality.SUSPECT), int(Quality.FAIL)
_DOWN = "surface_downwelling_shortwave_flux_in_air"
_SEA = "air_pressure_at_mean_sea_level"
_MODELLED = "values are modelled for a point, not observed"

type Place = tuple[object, object, object, str]  # latitude, longitude, metres above the sea, name
type Known = tuple[str, ...]  # standard name, unit; method and duration where they are not `point` and PT0S


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One time of one station. `time` is an instant, or an ISO 8601 text of a clock `offset_s` ahead of UTC; `left` are names
    of quantities that are not taken, `remarks` what the operator should know, with what was inferred. With a `secret`
    (see `home_stations`) the station is called by `station` and a hash of it."""

    station: str
    time: int | str
    given: Mapping[Field, object]
    place: Place | None = None
    flags: Mapping[Field, int] | None = None
    offset_s: int = 0
    secret: str = ""
    left: Sequence[str] = ()
    remarks: Sequence[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`has` are the members by which a document is known: paths as a glance tells them, of which all must be there."""

    who: str
    has: tuple[str, ...]
    reports: Callable[[Any, Context], Iterator[Report]]
    remarks: tuple[str, ...] = field(default_factory=tuple)

    def known(self, seen: Glance) -> bool:
        return all(any(map(regex(path).fullmatch, seen.paths)) for path in self.has)


@lru_cache(maxsize=2048)
def _field(
    name: str, standard_name: str, unit: str, method: str = "point", period: str = "PT0S", level: float | None = None
) -> Field:
    own = usual(standard_name).level if level is None else level
    return Field(name, Parameter(standard_name=standard_name, level=own, method=method, duration=period), unit)


def _fields(known: Mapping[str, Known]) -> dict[str, Field]:
    return {name: _field(name, *told) for name, told in known.items()}


_DIRECTIONS = ("WindDirection", "WindAngle", "wind_angle")


def _taken(given: Mapping[str, object], fields: Mapping[str, Field], *missing: str) -> dict[Field, object]:
    """The members that are known; of two for one parameter the first that has a value."""
    found: dict[Parameter, tuple[Field, object]] = {}
    for name, known in fields.items():
        value = given.get(name)
        if name in given and (known.parameter not in found or found[known.parameter][1] is None):
            found[known.parameter] = known, None if value in missing else value
    return dict(found.values())


def _directed(given: Mapping[str, object], none: Sequence[str]) -> dict[str, object]:
    """The members, without a direction that is a code for none, such as that of calm."""
    return {name: None if name in _DIRECTIONS and text_of(given, name) in none else value for name, value in given.items()}


def _left(given: Mapping[str, object], fields: Mapping[str, Field], *about: str) -> list[str]:
    """Numbers that are not taken, but those that are about the station or the report."""
    return [name for name, value in given.items() if isinstance(value, Number) and name not in fields and name not in about]


def _comma(given: Mapping[str, object]) -> dict[str, object]:
    """With points for commas."""
    return {name: value.replace(",", ".") if isinstance(value, str) else value for name, value in given.items()}


def _compact(text: str) -> str:
    """202406011230, with or without minutes, as ISO 8601; a day alone stays one."""
    digits = re.sub(r"[:T -]", "", text)
    if not digits.isascii() or not digits.isdecimal() or len(digits) not in (8, 10, 12, 14):
        return text
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    return day if len(digits) == 8 else f"{day}T{digits[8:10]}:{digits[10:12] or '00'}:{digits[12:14] or '00'}"


def _epoch(value: object, scale: int = SECOND) -> int | str:
    try:
        return epoch(value, scale)
    except ValueError:
        return value if isinstance(value, str) else ""


def _step(times: Iterable[object]) -> int | None:
    """The usual step of times in milliseconds, None where there is none."""
    known = sorted(time for time in times if isinstance(time, int))
    steps = [b - a for a, b in pairwise(known) if b > a]
    return max(set(steps), key=lambda step: (steps.count(step), -step)) if steps else None


def _synop(number: str) -> str:
    """The WIGOS identifier of a WMO number of five figures (WMO-No. 1160, attachment 2.1)."""
    return f"0-20000-0-{number}" if number.isascii() and number.isdecimal() and len(number) == 5 else number


# --- Spain -----------------------------------------------------------------------------------------------------------------
# AEMET OpenData, "observación convencional" and "climatologías diarias", whose metadata explain the members

_AEMET = _fields({
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
_AEMET_DAYS = _fields({
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
            given=_taken(given, _AEMET),
            place=place,
            left=_left(given, _AEMET, "lat", "lon", "alt"),
        )


def _aemet_days(value: object, context: Context) -> Iterator[Report]:
    """`Ip` is a trace, `Acum` belongs to the next day's sum; directions 88 and 99 are none."""
    for given in objects(value):
        told = _comma(given)
        told["prec"] = {"Ip": "0", "Acum": None}.get(str(told.get("prec")), told.get("prec"))
        told["dir"] = None if told.get("dir") in ("88", "99") else told.get("dir")
        place = (None, None, given.get("altitud"), text_of(given, "nombre"))
        taken = _taken({name: each for name, each in told.items() if each not in (None, "Varias")}, _AEMET_DAYS)
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
            known = _field(element, name, unit, _FROST_METHODS[match[1]], match[3] or "PT0S", metres)
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
    known = _field(name or key, *_SMHI[key]) if key in _SMHI else None
    for station in objects(member(value, "station")):
        where = next(iter(reversed(objects(member(value, "position")))), station)
        place = (where.get("latitude"), where.get("longitude"), where.get("height"), text_of(station, "name"))
        for each in objects(station.get("value") if "value" in station else member(value, "value")):
            time = _epoch(each["date"], 1) if "date" in each else text_of(each, "ref")
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

_DMI = _fields({
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


def _dmi(value: object, context: Context) -> Iterator[Report]:
    for each in objects(member(value, "features")):
        told = member(each, "properties")
        name, number = text_of(told, "parameterId"), text_of(told, "stationId")
        longitude, latitude = _lonlat(each)
        yield Report(
            station=_synop(number),
            time=text_of(told, "observed"),
            given={_DMI[name]: member(told, "value")} if name in _DMI else {},
            place=(latitude, longitude, None, ""),
            left=() if name in _DMI else (name,),
        )


def _lonlat(feature: object) -> tuple[object, object]:
    where = member(feature, "geometry", "coordinates")
    return (where[0], where[1]) if isinstance(where, list) and len(where) > 1 else (None, None)


# --- Canada ----------------------------------------------------------------------------------------------------------------
# Environment and Climate Change Canada, api.weather.gc.ca, collections climate-hourly and climate-daily ("Technical
# documentation", climate.weather.gc.ca): directions in tens of degrees, pressure in kilopascals

_ECCC = _fields({
    "TEMP": ("air_temperature", "Cel"),
    "DEW_POINT_TEMP": ("dew_point_temperature", "Cel"),
    "RELATIVE_HUMIDITY": ("relative_humidity", "%"),
    "WIND_DIRECTION": ("wind_from_direction", "10 deg"),
    "WIND_SPEED": ("wind_speed", "km/h"),
    "STATION_PRESSURE": ("air_pressure", "kPa"),
    "VISIBILITY": ("visibility_in_air", "km"),
    "PRECIP_AMOUNT": ("precipitation_amount", "mm", "sum", "PT1H"),
})  # fmt: skip
_ECCC_DAYS = _fields({
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
        longitude, latitude = _lonlat(each)
        hourly = "UTC_DATE" in given
        yield Report(
            station=text_of(given, "CLIMATE_IDENTIFIER"),
            time=text_of(given, "UTC_DATE") if hourly else text_of(given, "LOCAL_DATE")[:10],
            given=_taken(given, _ECCC if hourly else _ECCC_DAYS),
            place=(latitude, longitude, None, text_of(given, "STATION_NAME")),
        )


# --- Austria ---------------------------------------------------------------------------------------------------------------
# GeoSphere Austria, Data Hub API, stations as GeoJSON (dataset.api.hub.geosphere.at/v1/docs): the answer tells its units

GEOSPHERE: dict[str, tuple[str, str]] = {  # standard name, method; the rest is the answer's
    "tl": ("air_temperature", "point"),
    "tlmax": ("air_temperature", "maximum"),
    "tlmin": ("air_temperature", "minimum"),
    "tl_mittel": ("air_temperature", "mean"),
    "tp": ("dew_point_temperature", "point"),
    "rf": ("relative_humidity", "point"),
    "p": ("air_pressure", "point"),
    "pred": (_SEA, "point"),
    "ff": ("wind_speed", "mean"),
    "ffam": ("wind_speed", "mean"),
    "ffx": ("wind_speed_of_gust", "maximum"),
    "dd": ("wind_from_direction", "mean"),
    "rr": ("precipitation_amount", "sum"),
    "sh": ("surface_snow_thickness", "point"),
    "so": ("duration_of_sunshine", "sum"),
    "so_h": ("duration_of_sunshine", "sum"),
    "glow": (_DOWN, "mean"),
    "cglo": (_DOWN, "mean"),
}


def _geosphere(value: object, context: Context) -> Iterator[Report]:
    stamps = member(value, "timestamps")
    times = [_instant(each) for each in stamps] if isinstance(stamps, list) else []
    step = _step(times)
    for each in objects(member(value, "features")):
        told = member(each, "properties", "parameters")
        longitude, latitude = _lonlat(each)
        series: list[tuple[Field, list[Any]]] = []
        left = []
        for name, given in told.items() if isinstance(told, dict) else ():
            known, data = GEOSPHERE.get(name.lower()), member(given, "data")
            if known is None or not isinstance(data, list) or (known[1] != "point" and step is None):
                left.append(name)
                continue
            period = "PT0S" if known[1] == "point" or step is None else duration(step)
            series.append((_field(name, known[0], text_of(given, "unit"), known[1], period), data))
        station = f"geosphere_{text_of(each, 'properties', 'station')}"
        for at, time in enumerate(times):
            taken = {known: data[at] for known, data in series if at < len(data)}
            yield Report(
                station=station, time=time, given=taken, place=(latitude, longitude, None, ""), left=left if not at else ()
            )


def _instant(value: object) -> int | str:
    try:
        return instant(value if isinstance(value, str) else "")[0]
    except ValueError:
        return str(value)


# --- Poland, Portugal, Brazil, Czechia ---------------------------------------------------------------------------------------
# IMGW-PIB, danepubliczne.imgw.pl/apiinfo ("synop"): UTC; the sum of rain does not say over which time, and is left

_IMGW = _fields({
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
            station=_synop(text_of(given, "id_stacji")),
            time=f"{text_of(given, 'data_pomiaru')}T{hour:0>2}:00",
            given=_taken(given, _IMGW),
            place=(None, None, None, text_of(given, "stacja")),
            left=["suma_opadu"] if given.get("suma_opadu") else (),
        )


# IPMA, api.ipma.pt, "Observação meteorológica de estações": hours in UTC, -99 is missing, directions are eight points

_IPMA = _fields({
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
                yield Report(station=f"ipma_{station}", time=time, given=_taken(told, _IPMA, "-99.0", "-99"), left=["radiacao"])


# INMET, apitempo.inmet.gov.br ("estacao"): UTC; names as in its CSV

_INMET = _fields({
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
            given=_taken(_comma(given), _INMET),
            place=place,
        )


# ČHMÚ, opendata.chmi.cz, "now": rows of station, element, time and value in ten minutes

_CHMI = _fields({
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
COMPASS = {point: f"{at * 22.5:g}" for at, point in enumerate(_COMPASS)}


def _datapoint(value: object, context: Context) -> Iterator[Report]:
    units = {text_of(each, "name"): text_of(each, "units") for each in objects(member(value, "SiteRep", "Wx", "Param"))}
    units |= {"D": "deg"}
    for place in objects(member(value, "SiteRep", "DV", "Location")):
        where = (place.get("lat"), place.get("lon"), place.get("elevation"), text_of(place, "name"))
        for day in objects(place.get("Period")):
            for given in objects(day.get("Rep")):
                minutes = text_of(given, "$")
                clock = divmod(int(minutes), 60) if minutes.isascii() and minutes.isdecimal() and len(minutes) < 5 else (99, 0)
                told = {**given, "D": COMPASS.get(text_of(given, "D"))}
                fields = {n: _field(n, name, units[n]) for n, name in _DATAPOINT.items() if units.get(n)}
                yield Report(
                    station=f"metoffice_{text_of(place, 'i')}",
                    time=f"{text_of(day, 'value').rstrip('Z')}T{clock[0]:02d}:{clock[1]:02d}",
                    given=_taken({name: each for name, each in told.items() if each is not None}, fields),
                    place=where,
                )


# --- Japan, Taiwan, Singapore ------------------------------------------------------------------------------------------------
# JMA, AMeDAS of one station (www.jma.go.jp/bosai/amedas/data/point): JST; each value with its flag, of which 0 is right;
# direction in sixteenths, north 16, calm 0; hours of sunshine

_AMEDAS = _fields({
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
            time=_compact(key) if by_time else _compact(stamp[0]) if stamp else "",
            remarks=[] if by_time or stamp else [(_NO_STAMP,)],
            given=taken,
            flags=flags,
            offset_s=_JST,
        )


# Central Weather Administration, opendata.cwa.gov.tw (O-A0001-001, O-A0003-001): times with their offset; -99 is missing

_CWA = _fields({
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
            given=_taken(_directed(given if isinstance(given, dict) else {}, _CWA_VARIES), _CWA, "-99", "-99.0", "-990", "X"),
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
    known = _field(kind, *_SINGAPORE[kind]) if kind in _SINGAPORE else None
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

_BOM = _fields({
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
        told = {**given, "wind_dir": COMPASS.get(text_of(given, "wind_dir"))}  # CALM has none
        yield Report(
            station=_synop(f"{number:0>5}") if number else "",
            time=_compact(text_of(given, "aifstime_utc")),
            given={known: each for known, each in _taken(told, _BOM).items() if each is not None},
            place=(given.get("lat"), given.get("lon"), None, text_of(given, "name")),
            left=[name for name in ("rain_trace", "delta_t") if given.get(name) not in (None, "-")],
        )


# --- networks of the USA -----------------------------------------------------------------------------------------------------
# Synoptic Data (MesoWest), "Weather API: latest, nearest time" (docs.synopticdata.com): each value has a time of its own; the
# answer tells its units; what is derived (`1d`) only stands for what was not measured

_SYNOPTIC = regex(r"(\w+?)_value_1(d?)")


def _synoptic(value: object, context: Context) -> Iterator[Report]:
    from mesonet.formats.synoptic import ELEMENTS, FEET

    units = member(value, "UNITS")
    for station in objects(member(value, "STATION")):
        height = text_of(station, "ELEVATION")
        metres = (
            float(height) * (FEET if text_of(units, "elevation") != "m" else 1)
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
                given[_field(name, known[0], unit, known[1], known[2])] = member(told, name, "value")
        for time, given in by_time.items():
            yield Report(station=text_of(station, "STID"), time=time, given=given, place=place, left=left)


# --- models for a point ----------------------------------------------------------------------------------------------------
# PVGIS 5.2 (European Commission, JRC), "API non-interactive service": JSON of hours and typical years

PVGIS: dict[str, Known] = {
    "T2m": ("air_temperature", "Cel"),
    "RH": ("relative_humidity", "%"),
    "SP": ("air_pressure", "Pa"),
    "WS10m": ("wind_speed", "m/s"),
    "WD10m": ("wind_from_direction", "deg"),
    "G(h)": (_DOWN, "W/m2"),
    "Gb(n)": ("surface_direct_along_beam_shortwave_flux_in_air", "W/m2"),
    "Gd(h)": ("surface_diffuse_downwelling_shortwave_flux_in_air", "W/m2"),
    "IR(h)": ("surface_downwelling_longwave_flux_in_air", "W/m2"),
}
_PVGIS = _fields(PVGIS)


def _pvgis(value: object, context: Context) -> Iterator[Report]:
    where = member(value, "inputs", "location")
    latitude, longitude = text_of(where, "latitude"), text_of(where, "longitude")
    outputs = member(value, "outputs")
    typical = isinstance(outputs, dict) and "tmy_hourly" in outputs
    remarks = [("the months of a typical year (TMY) are of different years",)] if typical else []
    for given in objects(member(outputs, "tmy_hourly" if typical else "hourly")):
        yield Report(
            station=_placed("pvgis", latitude, longitude),
            time=_compact(text_of(given, "time(UTC)") or text_of(given, "time")),
            given=_taken(given, _PVGIS),
            place=(latitude, longitude, member(where, "elevation"), ""),
            left=_left(given, _PVGIS, "Int", "H_sun"),
            remarks=remarks,
        )


def _placed(prefix: str, latitude: str, longitude: str) -> str:
    try:
        return placed(prefix, float(latitude), float(longitude))
    except ValueError:
        return ""


# NASA POWER (power.larc.nasa.gov/docs): hours are means that begin at their stamp; LST is local solar time, whole hours of
# longitude; days stand at their date

_POWER: dict[str, tuple[str, str]] = {
    "T2M": ("air_temperature", "mean"),
    "T2M_MAX": ("air_temperature", "maximum"),
    "T2M_MIN": ("air_temperature", "minimum"),
    "T2MDEW": ("dew_point_temperature", "mean"),
    "T2MWET": ("wet_bulb_temperature", "mean"),
    "TS": ("surface_temperature", "mean"),
    "RH2M": ("relative_humidity", "mean"),
    "QV2M": ("specific_humidity", "mean"),
    "PS": ("air_pressure", "mean"),
    "WS10M": ("wind_speed", "mean"),
    "WS10M_MAX": ("wind_speed", "maximum"),
    "WS10M_MIN": ("wind_speed", "minimum"),
    "WD10M": ("wind_from_direction", "mean"),
    "PRECTOTCORR": ("precipitation_amount", "sum"),
    "ALLSKY_SFC_SW_DWN": (_DOWN, "mean"),
    "ALLSKY_SFC_LW_DWN": ("surface_downwelling_longwave_flux_in_air", "mean"),
}
_POWER_UNITS = {"mm/hour": "mm", "mm/day": "mm", "Wh/m^2": "W/m2", "MJ/m^2/day": "MJ/m2/d", "MJ/hr": "277.7777778 W/m2"}
_POWER_UNITS |= {"kW-hr/m^2/day": "41.66666667 W/m2", "Degrees": "deg"}


def power_field(name: str, unit: str, *, hourly: bool) -> Field | None:
    """A quantity of NASA POWER in the unit that the file tells."""
    if name not in _POWER or not unit:
        return None
    standard_name, method = _POWER[name]
    return _field(name, standard_name, _POWER_UNITS.get(unit, unit), method, "PT1H" if hourly else "P1D")


def solar_offset_s(longitude: str) -> int:
    """How far local solar time is ahead of UTC, in whole hours. Raises ValueError beyond 180 degrees."""
    return round(degrees(longitude, 180) / 15) * 3600


def _power(value: object, context: Context) -> Iterator[Report]:
    longitude, latitude = _lonlat(value)
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
        time = _instant(_compact(stamp))
        if isinstance(time, int) and len(stamp) == 10:
            time += _HOUR - ahead_s * SECOND
        given = {
            known: None if values.get(stamp) in (missing, "-999", "-999.0") else values.get(stamp) for known, values in series
        }
        yield Report(station=station, time=time, given=given, place=(latitude, longitude, height, ""), left=left)
        left = []


# Meteostat, JSON API (dev.meteostat.net): units as in its CSV

_METEOSTAT = _fields({
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
_METEOSTAT_DAYS = _fields({
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
            given=_taken(given, _METEOSTAT_DAYS if daily else _METEOSTAT),
            remarks=remarks,
        )


# OpenWeather, "Current weather data" and "History API": without `units` temperatures are kelvins and winds m/s

_OPENWEATHER = _fields({
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
            time=_epoch(given.get("dt")),
            given=_taken(told, _OPENWEATHER),
            place=place if where else None,
            remarks=[] if kelvins else [(_NOT_TOLD,)],
        )


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


def _wunderground(value: object, context: Context) -> Iterator[Report]:
    reports = objects(member(value, "observations") or member(value, "summaries"))
    times = [_instant(text_of(each, "obsTimeUtc")) for each in reports]
    step = _step(times)
    for given, time in zip(reports, times, strict=True):
        group = next((name for name in _WU_UNITS if isinstance(given.get(name), dict)), None)
        told = {**given, **(given[group] if group else {})}
        fields = {}
        for name, (standard_name, own, method) in _WU.items():
            unit = own if isinstance(own, str) else _WU_UNITS[group][own] if group else ""
            if unit and (method == "point" or step):
                period = duration(step) if method != "point" and step else "PT0S"
                fields[name] = _field(name, standard_name, unit, method, period)
        yield Report(
            station=text_of(given, "stationID"),
            time=time,
            given=_taken(told, fields),
            place=(given.get("lat"), given.get("lon"), None, text_of(given, "neighborhood")),
            left=["precipTotal"] if "precipTotal" in told else (),
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
_TEMPEST = _fields({
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


def _tempest(value: object, context: Context) -> Iterator[Report]:
    number = text_of(value, "station_id") or text_of(value, "serial_number") or text_of(value, "device_id")
    station = f"tempest_{number}" if number else ""
    name = text_of(value, "public_name") or text_of(value, "station_name")
    place = (member(value, "latitude"), member(value, "longitude"), member(value, "elevation"), name)
    reports, kind = member(value, "obs"), text_of(value, "type")
    for given in reports if isinstance(reports, list) else ():
        if isinstance(given, dict):
            taken = _taken(given, _TEMPEST)
            yield Report(station=station, time=_epoch(given.get("timestamp")), given=taken, place=place)
        elif isinstance(given, list) and given and kind not in _TEMPEST_AT:
            yield Report(station=station, time=_epoch(given[0]), given={}, left=(f"obs of type {kind or '(none)'}",))
        elif isinstance(given, list) and given:
            at = _TEMPEST_INTERVAL[kind]
            minutes = given[at] if len(given) > at else "1"
            period = f"PT{minutes}M" if isinstance(minutes, str) and re.fullmatch(r"[1-9]\d?", minutes) else "PT1M"
            taken = {
                _field(f"obs[{at}]", standard_name, unit, method, period if method != "point" else "PT0S"): given[at]
                for at, (standard_name, unit, method) in _TEMPEST_AT[kind].items()
                if at < len(given)
            }
            yield Report(station=station, time=_epoch(given[0]), given=taken, place=place if place[0] else None)


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


def _weatherlink(value: object, context: Context) -> Iterator[Report]:
    number = text_of(value, "station_id")
    whose: dict[Parameter, str] = {}  # of two sensors for one quantity the first
    for sensor in objects(member(value, "sensors")):
        own = text_of(sensor, "lsid")
        for given in objects(sensor.get("data")):
            seconds = text_of(given, "arch_int")
            period = duration(int(seconds) * SECOND) if re.fullmatch(r"[1-9]\d{0,4}", seconds) else None
            fields = {
                name: _field(name, standard_name, unit, method, period if method != "point" and period else "PT0S")
                for name, (standard_name, unit, method) in _WEATHERLINK.items()
                if name in given and (method == "point" or period)
            }
            taken = _taken(given, fields)
            own_fields = {known: each for known, each in taken.items() if whose.setdefault(known.parameter, own) == own}
            if own_fields:
                yield Report(station=f"weatherlink_{number}" if number else "", time=_epoch(given.get("ts")), given=own_fields)


# FIWARE, Smart Data Models, "WeatherObserved" (NGSI-LD and NGSI v2, whole or as key-values): metric units, humidity from 0 to 1

_NGSI = _fields({
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
        identifier = text_of(given, "stationCode") or text_of(entity, "id").rpartition(":")[2]
        place = (latitude, longitude, None, text_of(given, "stationName"))
        yield Report(
            station=identifier,
            time=time,
            given=_taken(given, _NGSI),
            place=place,
            left=["precipitation"] if isinstance(given.get("precipitation"), Number) else (),
        )


# Sensor.Community, data.sensor.community: UTC; temperature of sensors that also measure particles is in Celsius, pressure in Pa

_SENSOR_COMMUNITY = _fields({
    "temperature": ("air_temperature", "Cel"),
    "humidity": ("relative_humidity", "%"),
    "pressure": ("air_pressure", "Pa"),
    "pressure_at_sealevel": (_SEA, "Pa"),
})  # fmt: skip


def _sensor_community(value: object, context: Context) -> Iterator[Report]:
    for each in objects(value):
        told = {text_of(pair, "value_type"): pair.get("value") for pair in objects(each.get("sensordatavalues"))}
        where = member(each, "location")
        number = text_of(each, "sensor", "id")
        indoors = text_of(where, "indoor") in ("1", "true")
        yield Report(
            station=f"sensor-community_{number}" if number else "",
            time=text_of(each, "timestamp"),
            given={} if indoors else _taken(told, _SENSOR_COMMUNITY),
            place=(member(where, "latitude"), member(where, "longitude"), member(where, "altitude"), ""),
            left=[f"{name} indoors" if indoors else name for name in told if indoors or name not in _SENSOR_COMMUNITY],
        )


# Netatmo Connect, "getstationsdata" and "getpublicdata": km/h, mm, mbar; indoor modules are left. An `_id` is a MAC address and
# is not published

_NETATMO = _fields({
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
_NETATMO_INDOOR_TYPES = ("NAMain", "NAModule4")


def _netatmo_place(device: object) -> tuple[str, Place]:
    where = member(device, "place", "location")
    longitude, latitude = (where[0], where[1]) if isinstance(where, list) and len(where) > 1 else (None, None)
    return text_of(device, "_id"), (latitude, longitude, member(device, "place", "altitude"), "")


def _netatmo(value: object, context: Context) -> Iterator[Report]:
    for device in objects(member(value, "body", "devices")):
        identifier, place = _netatmo_place(device)
        for module in [device, *objects(device.get("modules"))]:
            given = module.get("dashboard_data")
            if not isinstance(given, dict):
                continue
            indoors = text_of(module, "type") in _NETATMO_INDOOR_TYPES
            told = {name: each for name, each in given.items() if not (indoors and name in _NETATMO_INDOORS)}
            if taken := _taken(_directed(told, _NETATMO_CALM), _NETATMO):
                time = _epoch(given.get("time_utc"))
                yield Report(station=_NETATMO_IS, secret=identifier, time=time, given=taken, place=place)


def _netatmo_public(value: object, context: Context) -> Iterator[Report]:
    for device in objects(member(value, "body")):
        identifier, place = _netatmo_place(device)
        measures = device.get("measures")
        for given in objects(list(measures.values()) if isinstance(measures, dict) else None):
            names, rows = given.get("type"), given.get("res")
            if isinstance(names, list) and isinstance(rows, dict):
                for stamp, values in rows.items():
                    told = dict(zip(map(str, names), values, strict=False)) if isinstance(values, list) else {}
                    taken = _taken(_directed(told, _NETATMO_CALM), _NETATMO)
                    yield Report(station=_NETATMO_IS, secret=identifier, time=_epoch(stamp), given=taken, place=place)
            for stamp in ("rain_timeutc", "wind_timeutc"):
                if stamp in given:
                    taken, time = _taken(_directed(given, _NETATMO_CALM), _NETATMO), _epoch(given[stamp])
                    yield Report(station=_NETATMO_IS, secret=identifier, time=time, given=taken, place=place)


SERVICES: tuple[Service, ...] = (
    Service(who="observations of AEMET OpenData", has=("idema", "fint"), reports=_aemet),
    Service(who="days of AEMET OpenData", has=("indicativo", "fecha", "tmed|prec|tmax"), reports=_aemet_days),
    Service(
        who="observations of MET Norway's Frost API",
        has=(r"data\[\]\.sourceId", r"data\[\]\.referenceTime", r"data\[\]\.observations"),
        reports=_frost,
    ),
    Service(who="observations of SMHI", has=(r"parameter\.key", "station", r"(station\[\]\.)?value"), reports=_smhi),
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
    Service(
        who="latest observations of Synoptic Data (MesoWest)",
        has=(r"STATION\[\]\.STID", r"STATION\[\]\.OBSERVATIONS\.\w+_value_1d?\.value"),
        reports=_synoptic,
    ),
    Service(
        who="hours of PVGIS, modelled",
        has=(r"inputs\.location\.latitude", r"outputs\.(tmy_)?hourly"),
        reports=_pvgis,
        remarks=(_MODELLED,),
    ),
    Service(
        who="NASA POWER, modelled",
        has=(r"properties\.parameter", r"header\.fill_value", "geometry"),
        reports=_power,
        remarks=(_MODELLED,),
    ),
    Service(who="Meteostat's JSON", has=("meta", r"data\[\]\.(wpgt|tsun)", r"data\[\]\.pres"), reports=_meteostat),
    Service(
        who="weather of OpenWeather", has=(r"(list\[\]\.)?main\.temp", r"(list\[\]\.)?dt", "id|city_id"), reports=_openweather
    ),
    Service(
        who="personal weather stations of Weather Underground",
        has=(r"(observations|summaries)\[\]\.stationID", r"(observations|summaries)\[\]\.obsTimeUtc"),
        reports=_wunderground,
    ),
    Service(
        who="observations of WeatherFlow's Tempest",
        has=("obs", "station_id|device_id|serial_number", "status|hub_sn"),
        reports=_tempest,
    ),
    Service(
        who="sensors of WeatherLink (Davis)",
        has=("station_id", r"sensors\[\]\.lsid", r"sensors\[\]\.data"),
        reports=_weatherlink,
    ),
    Service(
        who="WeatherObserved of NGSI", has=("dateObserved", "temperature|relativeHumidity|windSpeed", "type"), reports=_ngsi
    ),
    Service(
        who="sensors of Sensor.Community", has=(r"sensordatavalues\[\]\.value_type", "timestamp"), reports=_sensor_community
    ),
    Service(who="stations of Netatmo", has=(r"body\.devices\[\]\.dashboard_data",), reports=_netatmo),
    Service(who="public stations of Netatmo", has=(r"body\[\]\.measures", r"body\[\]\.place"), reports=_netatmo_public),
)
