"""The answers of the weather services of the Americas as JSON. Described as in `european_services`."""

import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from mesonet.domain.instant import SECOND, duration
from mesonet.domain.observation import NOT_EVALUATED, SUSPECT
from mesonet.domain.parameter import Parameter
from mesonet.formats.json_document import member, objects, text_of
from mesonet.formats.json_readings import Field, field_of
from mesonet.formats.reading import Context
from mesonet.formats.services import swob
from mesonet.formats.services.service import (
    Report,
    Service,
    fields_of,
    instant_of,
    known_of,
    lonlat,
    service,
    usual_step,
    with_points,
)

_DOWN = "surface_downwelling_shortwave_flux_in_air"
_SEA = "air_pressure_at_mean_sea_level"

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


@service(
    "climate data of Environment and Climate Change Canada",
    r"features\[\]\.properties\.CLIMATE_IDENTIFIER",
    r"features\[\]\.properties\.LOCAL_DATE",
)
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


# SWOB as GeoMet gives it (api.weather.gc.ca/collections/swob-realtime): elements, each with its unit and summary of quality


@service(
    "SWOB of Environment and Climate Change Canada",
    r"features\[\]\.properties\.(obs_date_tm|date_tm-value)",
    r"features\[\]\.properties\.[a-z0-9_]+-uom",
)
def _swob(value: object, context: Context) -> Iterator[Report]:
    for feature in objects(member(value, "features")):
        given = member(feature, "properties")
        longitude, latitude = lonlat(feature)
        told = given if isinstance(given, dict) else {}
        who = {name.removesuffix("-value"): text_of(told, name) for name in told if name.endswith("-value")}
        fields: dict[Parameter, Field] = {}
        for name in told:
            if (known := swob.field(name, text_of(told, f"{name}-uom"))) is not None:
                fields.setdefault(known.parameter, known)  # of several sensors the first
        yield Report(
            station=swob.station(who),
            time=who.get("date_tm") or text_of(told, "obs_date_tm"),
            given={known: None if told[known.name] in swob.NONE else told[known.name] for known in fields.values()},
            flags={known: swob.flag(text_of(told, f"{known.name}-qa")) for known in fields.values()},
            place=(latitude, longitude, who.get("stn_elev"), who.get("stn_nam", "")),
        )


# --- Brazil ----------------------------------------------------------------------------------------------------------------
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


@service("hours of INMET's stations", "CD_ESTACAO", "HR_MEDICAO", "DT_MEDICAO")
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


# --- California --------------------------------------------------------------------------------------------------------------
# CIMIS, "Web API" (et.water.ca.gov/Rest/Index): hours end at their time in Pacific Standard Time, days stand at their date;
# each value with its unit and flag, heights as in its CSV (`networks.publications`)

_CIMIS = {
    "HlyAirTmp": ("air_temperature", "mean"),
    "HlyRelHum": ("relative_humidity", "mean"),
    "HlyDewPnt": ("dew_point_temperature", "mean"),
    "HlyVapPres": ("water_vapor_partial_pressure_in_air", "mean"),
    "HlyWindSpd": ("wind_speed", "mean"),
    "HlyWindDir": ("wind_from_direction", "mean"),
    "HlyPrecip": ("precipitation_amount", "sum"),
    "HlySolRad": (_DOWN, "mean"),
    "HlySoilTmp": ("soil_temperature", "mean"),
    "DayAirTmpAvg": ("air_temperature", "mean"),
    "DayAirTmpMax": ("air_temperature", "maximum"),
    "DayAirTmpMin": ("air_temperature", "minimum"),
    "DayRelHumAvg": ("relative_humidity", "mean"),
    "DayRelHumMax": ("relative_humidity", "maximum"),
    "DayRelHumMin": ("relative_humidity", "minimum"),
    "DayDewPnt": ("dew_point_temperature", "mean"),
    "DayVapPresAvg": ("water_vapor_partial_pressure_in_air", "mean"),
    "DayWindSpdAvg": ("wind_speed", "mean"),
    "DayPrecip": ("precipitation_amount", "sum"),
    "DaySolRadAvg": (_DOWN, "mean"),
    "DaySoilTmpAvg": ("soil_temperature", "mean"),
}
_CIMIS_UNITS = {"F": "degF", "C": "Cel", "MPH": "mph", "Ly/day": "0.04184 MJ/m2/d", "mBars": "hPa"}
_CIMIS_UNITS |= dict.fromkeys(("W/sq.m.", "W/sq.m"), "W/m2")
_CIMIS_UNITS |= dict.fromkeys(("°", "º", "0"), "deg")


@service(
    "records of CIMIS, California",
    r"Data\.Providers\[\]\.Records\[\]\.Scope",
    r"Data\.Providers\[\]\.Records\[\]\.(Hly|Day)\w+\.Unit",
)
def _cimis(value: object, context: Context) -> Iterator[Report]:
    from mesonet.formats.networks.publications import CIMIS_FLAGS, CIMIS_LEVELS

    for provider in objects(member(value, "Data", "Providers")):
        for record in objects(provider.get("Records")):
            given: dict[Field, object] = {}
            flags: dict[Field, int] = {}
            hour = text_of(record, "Hour")
            period = "PT1H" if hour else "P1D"
            for name, (standard_name, method) in _CIMIS.items():
                told = record.get(name)
                if not isinstance(told, dict):
                    continue
                unit = text_of(told, "Unit").strip("()")
                known = field_of(
                    name, standard_name, _CIMIS_UNITS.get(unit, unit), method, period, CIMIS_LEVELS.get(standard_name)
                )
                given[known] = told.get("Value")
                flags[known] = CIMIS_FLAGS.get(text_of(told, "Qc"), NOT_EVALUATED)
            station, day = text_of(record, "Station"), text_of(record, "Date")
            yield Report(
                station=f"cimis_{station}" if station else "",
                time=_after(day, hour) if hour else day,
                given=given,
                flags=flags,
            )


def _after(day: str, hour: str) -> int | str:
    """0100 to 2400 of a day in Pacific Standard Time."""
    begin = instant_of(day)
    if not isinstance(begin, int) or not re.fullmatch(r"(?:[01]\d|2[0-4])[0-5]\d", hour, re.ASCII):
        return f"{day} {hour}"
    return begin + ((8 + int(hour[:2])) * 3600 + int(hour[2:]) * 60) * SECOND


# --- USGS --------------------------------------------------------------------------------------------------------------------
# National Water Information System, "Instantaneous Values Service" and "Daily Values Service" (waterservices.usgs.gov): WaterML
# 1.1 as JSON; parameter codes tell quantity and unit, a sum is over the step of its times. Statistic codes
# (help.waterdata.usgs.gov/stat_code) tell what daily values are, which stand at their local date. Of several sensors (methods)
# the first is taken

_USGS = {
    "00020": ("air_temperature", "Cel", "point"),
    "00021": ("air_temperature", "degF", "point"),
    "00025": ("air_pressure", "mmHg", "point"),
    "00035": ("wind_speed", "mph", "point"),
    "00036": ("wind_from_direction", "deg", "point"),
    "00052": ("relative_humidity", "%", "point"),
    "00045": ("precipitation_amount", "in", "sum"),
    "62608": (_DOWN, "W/m2", "point"),
}

_USGS_DAYS = {"00001": "maximum", "00002": "minimum", "00003": "mean", "00006": "sum"}
_USGS_OTHER = "daily values of the USGS other than maxima, minima, means and sums were left"


def _usgs(value: object, context: Context) -> Iterator[Report]:
    for series in objects(member(value, "value", "timeSeries")):
        code = next((text_of(each, "value") for each in objects(member(series, "variable", "variableCode"))), "")
        number = next((text_of(each, "value") for each in objects(member(series, "sourceInfo", "siteCode"))), "")
        where = member(series, "sourceInfo", "geoLocation", "geogLocation")
        name = text_of(series, "sourceInfo", "siteName")
        place = (member(where, "latitude"), member(where, "longitude"), None, name)
        sensors = [objects(each.get("value")) for each in objects(series.get("values"))]
        readings = next(filter(None, sensors), [])
        known = _USGS.get(code)
        statistic = _usgs_statistic(series)
        method = _USGS_DAYS.get(statistic)
        period = "P1D" if statistic else "PT0S"
        if known and known[2] == "sum" and not statistic:
            step = usual_step(instant_of(text_of(each, "dateTime")) for each in readings)
            period = duration(step) if step else ""
        if known and statistic:  # nobody takes the sum of temperatures, nor means of what is a sum
            known = (*known[:2], method) if method and (method == "sum") == (known[2] == "sum") else None
        called = text_of(series, "variable", "variableName") or code
        none = text_of(series, "variable", "noDataValue")
        missing = (none, none.removesuffix(".0"))
        for each in readings:
            given = {}
            if known and period:
                figure = None if text_of(each, "value") in missing else each.get("value")
                given = {field_of(code, *known, period): figure}
            yield Report(
                station=f"usgs_{number}" if number else "",
                time=text_of(each, "dateTime")[: 10 if statistic else None],
                given=given,
                place=place,
                left=() if given else (f"{code} {called}"[:60],),
                remarks=[(_USGS_OTHER,)] if statistic and not method else (),
            )


def _usgs_statistic(series: object) -> str:
    """What of a day the values are, "" where they are instantaneous."""
    options = objects(member(series, "variable", "options", "option"))
    code = next((found for each in options if (found := text_of(each, "optionCode"))), "")
    return "" if code == "00000" else code


# --- NRCS --------------------------------------------------------------------------------------------------------------------
# Air and Water Database, REST API, "data" (wcc.sc.egov.usda.gov/awdbRestApi): a series for each element, by its code, in the
# unit that stands beside it. What is taken of days, and when, is as in the same sites' reports (`networks.nrcs`); hours are in
# the site's standard time, which only its station's answer tells, so they are left

_AWDB = {
    "TAVG": ("air_temperature", "mean"),
    "TMAX": ("air_temperature", "maximum"),
    "TMIN": ("air_temperature", "minimum"),
    "PRCP": ("precipitation_amount", "sum"),
    "RHUMV": ("relative_humidity", "mean"),
    "RHUMX": ("relative_humidity", "maximum"),
    "RHUMN": ("relative_humidity", "minimum"),
    "WSPDV": ("wind_speed", "mean"),
    "WDIRV": ("wind_from_direction", "mean"),
    "WSPDX": ("wind_speed_of_gust", "maximum"),
    "SRADV": (_DOWN, "mean"),
    "SNWD": ("surface_snow_thickness", "point"),
    "WTEQ": ("lwe_thickness_of_surface_snow_amount", "point"),
}
_AWDB_HOURS = (
    "values other than days were left: hours are in the site's standard time (dataTimeZone of its station), which is not told"
)


@service("days of NRCS sites (AWDB)", "stationTriplet", r"data\[\]\.stationElement\.elementCode")
def _awdb(value: object, context: Context) -> Iterator[Report]:
    from mesonet.formats.networks.nrcs import UNITS

    for site in objects(value):
        for series in objects(site.get("data")):
            element = member(series, "stationElement")
            code, unit = text_of(element, "elementCode"), UNITS.get(text_of(element, "storedUnitCode"))
            daily = text_of(element, "durationName") == "DAILY"
            # at a height of its own, or a second sensor: neither is what the site's reports call the element
            usual = text_of(element, "ordinal") in ("", "1") and not text_of(element, "heightDepth")
            name, method = _AWDB.get(code, ("", ""))
            known = (
                field_of(code, name, unit, method, "PT0S" if method == "point" else "P1D")
                if name and unit and daily and usual
                else None
            )
            for each in objects(series.get("values")):
                yield Report(
                    station=text_of(site, "stationTriplet"),
                    time=text_of(each, "date"),
                    given={known: each.get("value")} if known else {},
                    flags={known: SUSPECT} if known and text_of(each, "qcFlag") == "S" else None,
                    left=() if known else (code,),
                    remarks=[] if daily else [(_AWDB_HOURS,)],
                )


# --- U.S. National Weather Service -------------------------------------------------------------------------------------------
# current_obs (weather.gov/xml/current_obs), and WeatherLink's first API (Davis), which called its values alike: `pressure_in`
# is the altimeter's setting, `pressure_mb` the pressure at sea level; wind as in METAR, where a direction of 0 is that of calm

_CURRENT = fields_of({
    "temp_c": ("air_temperature", "Cel"),
    "dewpoint_c": ("dew_point_temperature", "Cel"),
    "relative_humidity": ("relative_humidity", "%"),
    "pressure_mb": (_SEA, "hPa"),
    "pressure_in": ("altimeter_setting", "inHg"),
    "wind_kt": ("wind_speed", "kt"),
    "wind_gust_kt": ("wind_speed_of_gust", "kt"),
    "wind_degrees": ("wind_from_direction", "deg"),
    "visibility_mi": ("visibility_in_air", "mi"),
    "wind_mph": ("wind_speed", "mph"),
    "wind_gust_mph": ("wind_speed_of_gust", "mph"),
    "water_temp_c": ("sea_surface_temperature", "Cel"),
})  # fmt: skip


def current_observation(told: Mapping[str, Any], station: str = "") -> Report:
    """What members of these names say."""
    given = known_of(told, _CURRENT, "NA", "")
    return Report(
        station=station or text_of(told, "station_id"),
        time=_rfc822(text_of(told, "observation_time_rfc822")),
        given=given,
        place=(told.get("latitude"), told.get("longitude"), None, text_of(told, "location")),
    )


def _rfc822(text: str) -> int | str:
    try:
        moment = parsedate_to_datetime(text)
        return int(moment.timestamp() * SECOND) if moment.tzinfo else text
    except (ValueError, OverflowError):
        return text


@service(
    "current observation of WeatherLink (Davis, first API)",
    "observation_time_rfc822",
    "station_id",
    "temp_c|temp_f",
    "davis_current_observation",
)
def _weatherlink_v1(value: object, context: Context) -> Iterator[Report]:
    for given in objects(value):
        name = text_of(given, "station_id")
        yield current_observation(given, f"weatherlink_{name}" if name else "")


USGS = Service(
    who="values of the USGS",
    has=(r"value\.timeSeries\[\]\.sourceInfo\.siteCode", r"value\.timeSeries\[\]\..*"),
    reports=_usgs,
)
AMERICAS: tuple[Service, ...] = (USGS, _eccc, _swob, _weatherlink_v1, _cimis, _awdb, _inmet)
