"""The answers of the weather services of Asia and Australia as JSON. Described as in `european_services`."""

from collections.abc import Iterator

from mesonet.domain.observation import NOT_EVALUATED, SUSPECT
from mesonet.formats.json_document import member, objects, text_of
from mesonet.formats.json_readings import Field, field_of
from mesonet.formats.reading import Context
from mesonet.formats.services.service import (
    BEARINGS,
    Known,
    Report,
    Service,
    as_iso,
    directed,
    fields_of,
    known_of,
    service,
    wigos,
)
from mesonet.regex import regex

_DOWN = "surface_downwelling_shortwave_flux_in_air"
_SEA = "air_pressure_at_mean_sea_level"

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


@service("AMeDAS of the Japan Meteorological Agency", r"(20\d{12}|\d{5})\.(temp|precipitation10m)")
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
                flags[known] = NOT_EVALUATED if each[1] == "0" else SUSPECT
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


@service(
    "stations of Taiwan's Central Weather Administration",
    r"records\.Station\[\]\.StationId",
    r"records\.Station\[\]\.WeatherElement",
)
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
    """Of both versions, the second of which writes names in another way."""
    told = member(value, "data")
    new = isinstance(told, dict)
    kind = text_of(told, "readingType") if new else text_of(value, "metadata", "reading_type")
    known = field_of(kind, *_SINGAPORE[kind]) if kind in _SINGAPORE else None
    places = {
        text_of(each, "id"): (
            member(each, "location", "latitude"),
            member(each, "location", "longitude"),
            None,
            text_of(each, "name"),
        )
        for each in objects(member(told, "stations") if new else member(value, "metadata", "stations"))
    }
    for item in objects(member(told, "readings") if new else member(value, "items")):
        for each in objects(item.get("data" if new else "readings")):
            station = text_of(each, "stationId" if new else "station_id")
            yield Report(
                station=station,
                time=text_of(item, "timestamp"),
                given={known: each.get("value")} if known else {},
                place=places.get(station),
                left=() if known else (kind,),
            )


# --- Korea -----------------------------------------------------------------------------------------------------------------
# KMA, data.go.kr, "AsosHourlyInfoService": hours of Korea standard time; radiation and sunshine are sums of the hour

_KMA = fields_of({
    "ta": ("air_temperature", "Cel"),
    "rn": ("precipitation_amount", "mm", "sum", "PT1H"),
    "ws": ("wind_speed", "m/s"),
    "wd": ("wind_from_direction", "deg"),
    "hm": ("relative_humidity", "%"),
    "pv": ("water_vapor_partial_pressure_in_air", "hPa"),
    "td": ("dew_point_temperature", "Cel"),
    "pa": ("air_pressure", "hPa"),
    "ps": (_SEA, "hPa"),
    "ss": ("duration_of_sunshine", "h", "sum", "PT1H"),
    "icsr": ("surface_downwelling_shortwave_flux_in_air", "277.7777778 W/m2", "mean", "PT1H"),
    "dsnw": ("surface_snow_thickness", "cm"),
    "vs": ("visibility_in_air", "10 m"),
    "ts": ("surface_temperature", "Cel"),
})  # fmt: skip


@service(
    "hours of the Korea Meteorological Administration (ASOS)",
    *(rf"response\.body\.items\.item\[\]\.{name}" for name in ("tm", "stnId", "ta|hm|ws")),
)
def _kma(value: object, context: Context) -> Iterator[Report]:
    for given in objects(member(value, "response", "body", "items", "item")):
        yield Report(
            station=f"kma_{text_of(given, 'stnId')}",
            time=f"{text_of(given, 'tm')}+09:00",
            given=known_of(given, _KMA, ""),
            place=(None, None, None, text_of(given, "stnNm")),
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


@service(
    "latest observations of the Bureau of Meteorology", r"observations\.data\[\]\.aifstime_utc", r"observations\.data\[\]\.wmo"
)
def _bom(value: object, context: Context) -> Iterator[Report]:
    for given in objects(member(value, "observations", "data")):
        number = text_of(given, "wmo")
        told = {**given, "wind_dir": BEARINGS.get(text_of(given, "wind_dir"))}  # CALM has none
        yield Report(
            station=wigos(f"{number:0>5}") if number else "",
            time=as_iso(text_of(given, "aifstime_utc")),
            given={known: each for known, each in known_of(told, _BOM).items() if each is not None},
            place=(given.get("lat"), given.get("lon"), None, text_of(given, "name")),
            left=[name for name in ("rain_trace", "delta_t") if given.get(name) not in (None, "-")],
        )


PACIFIC: tuple[Service, ...] = (
    _amedas,
    _cwa,
    _kma,
    Service(
        who="readings of data.gov.sg",
        has=(r"metadata\.reading_type", r"items\[\]\.readings\[\]\.station_id"),
        reports=_singapore,
    ),
    Service(
        who="readings of data.gov.sg",
        has=(r"data\.readingType", r"data\.readings\[\]\.data\[\]\.stationId"),
        reports=_singapore,
    ),
    _bom,
)
