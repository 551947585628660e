"""What XML weather services publish, described: SWOB-ML, FMI, WaterML, IWXXM, NWS, BoM, ARSO, DHMZ,
ilmateenistus. `service_xml` is the reader."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from mesonet.domain.instant import LATEST, SECOND, from_datetime
from mesonet.domain.limits import hours_of
from mesonet.domain.parameter import STANDARD_NAMES, is_duration
from mesonet.domain.units import UnknownUnit, converter
from mesonet.formats.json_readings import Field, degrees, field_of, placed
from mesonet.formats.reading import Context
from mesonet.formats.services import swob
from mesonet.formats.services.american_services import USGS, current_observation
from mesonet.formats.services.service import (
    BEARINGS,
    Place,
    Report,
    Reports,
    fields_of,
    instant_of,
    since_epoch,
    wigos,
)
from mesonet.formats.times import zone_of
from mesonet.formats.xml_document import Element
from mesonet.record import dataclass
from mesonet.regex import regex

_DOWN = "surface_downwelling_shortwave_flux_in_air"
_SEA = "air_pressure_at_mean_sea_level"


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlService:
    """`signs` are texts that all stand in the first bytes of its answers; `records` are the elements that make reports."""

    who: str
    signs: tuple[str, ...]
    records: tuple[str, ...]
    reports: Reports


def xml_service(who: str, *signs: str, records: tuple[str, ...]) -> Callable[[Reports], XmlService]:
    """Makes a service of the function that follows, which makes its reports."""
    return lambda reports: XmlService(who=who, signs=signs, records=records, reports=reports)


@lru_cache(maxsize=1024)
def _unit_of(standard_name: str, *units: str) -> str:
    """The first of these units that the quantity can have, else the first."""
    for unit in units:
        try:
            converter(unit, standard_name)
        except UnknownUnit:
            continue
        return unit
    return units[0]


# Environment and Climate Change Canada, SWOB-ML 2 (see `swob`). Of several sensors the first is taken


@xml_service(
    "SWOB-ML of Environment and Climate Change Canada",
    "dms.ec.gc.ca/schema/point-observation/2",
    "ObservationCollection",
    records=("Observation",),
)
def _swob(observation: Element, context: Context) -> Iterator[Report]:
    about = observation.first("identification-elements")
    who = {each.get("name"): each.get("value") for each in about.all("element")} if about else {}
    given: dict[Field, object] = {}
    flags: dict[Field, int] = {}
    left: list[str] = []
    for each in _inside(observation, "result", "element"):
        name, value = each.get("name"), each.get("value")
        known = swob.field(name, each.get("uom"))
        if known is None or any(known.parameter == other.parameter for other in given):
            left += [name] if re.fullmatch(r"-?[\d.]+", value) else []
            continue
        summary = next((inner.get("value") for inner in each.inner if inner.get("name") == "qa_summary"), "")
        given[known] = None if value in swob.NONE else value
        flags[known] = swob.flag(summary)
    yield Report(
        station=swob.station(who),
        time=observation.told("samplingTime", "timePosition") or who.get("date_tm", ""),
        given=given,
        flags=flags,
        place=(who.get("lat"), who.get("long"), who.get("stn_elev"), who.get("stn_nam", "")),
        left=left,
    )


def _inside(element: Element, *path: str) -> Iterator[Element]:
    *above, name = path
    found = element.first(*above)
    return found.all(name) if found else iter(())


# Finnish Meteorological Institute, open data WFS (opendata.fmi.fi/meta tells each parameter): observations as simple features,
# as coverages of several points and as series of values. Wind is of ten minutes; what is forecast is a place of its own

_FMI = {
    name.lower(): told
    for name, told in fields_of({
        "t2m": ("air_temperature", "Cel"),
        "td": ("dew_point_temperature", "Cel"),
        "rh": ("relative_humidity", "%"),
        "ws_10min": ("wind_speed", "m/s", "mean", "PT10M"),
        "wg_10min": ("wind_speed_of_gust", "m/s", "maximum", "PT10M"),
        "wd_10min": ("wind_from_direction", "deg", "mean", "PT10M"),
        "p_sea": (_SEA, "hPa"),
        "vis": ("visibility_in_air", "m"),
        "r_1h": ("precipitation_amount", "mm", "sum", "PT1H"),
        "ri_10min": ("lwe_precipitation_rate", "mm/h", "mean", "PT10M"),
        "snow_aws": ("surface_snow_thickness", "cm"),
        "glob_1min": (_DOWN, "W/m2", "mean", "PT1M"),
        "diff_1min": ("surface_diffuse_downwelling_shortwave_flux_in_air", "W/m2", "mean", "PT1M"),
        "dir_1min": ("surface_direct_along_beam_shortwave_flux_in_air", "W/m2", "mean", "PT1M"),
        "lwin_1min": ("surface_downwelling_longwave_flux_in_air", "W/m2", "mean", "PT1M"),
        "lwout_1min": ("surface_upwelling_longwave_flux_in_air", "W/m2", "mean", "PT1M"),
        "refl_1min": ("surface_upwelling_shortwave_flux_in_air", "W/m2", "mean", "PT1M"),
        "TA_PT1H_AVG": ("air_temperature", "Cel", "mean", "PT1H"),
        "TA_PT1H_MAX": ("air_temperature", "Cel", "maximum", "PT1H"),
        "TA_PT1H_MIN": ("air_temperature", "Cel", "minimum", "PT1H"),
        "RH_PT1H_AVG": ("relative_humidity", "%", "mean", "PT1H"),
        "WS_PT1H_AVG": ("wind_speed", "m/s", "mean", "PT1H"),
        "WS_PT1H_MAX": ("wind_speed", "m/s", "maximum", "PT1H"),
        "WS_PT1H_MIN": ("wind_speed", "m/s", "minimum", "PT1H"),
        "WG_PT1H_MAX": ("wind_speed_of_gust", "m/s", "maximum", "PT1H"),
        "WD_PT1H_AVG": ("wind_from_direction", "deg", "mean", "PT1H"),
        "PRA_PT1H_ACC": ("precipitation_amount", "mm", "sum", "PT1H"),
        "rrday": ("precipitation_amount", "mm", "sum", "P1D"),
        "tday": ("air_temperature", "Cel", "mean", "P1D"),
        "tmin": ("air_temperature", "Cel", "minimum", "P1D"),
        "tmax": ("air_temperature", "Cel", "maximum", "P1D"),
        "snow": ("surface_snow_thickness", "cm", "point", "PT0S"),
        "Temperature": ("air_temperature", "Cel"),
        "DewPoint": ("dew_point_temperature", "Cel"),
        "Humidity": ("relative_humidity", "%"),
        "Pressure": (_SEA, "hPa"),
        "WindSpeedMS": ("wind_speed", "m/s"),
        "WindGust": ("wind_speed_of_gust", "m/s"),
        "WindDirection": ("wind_from_direction", "deg"),
        "Precipitation1h": ("precipitation_amount", "mm", "sum", "PT1H"),
        "Visibility": ("visibility_in_air", "m"),
        "RadiationGlobal": (_DOWN, "W/m2"),
    }).items()
}  # fmt: skip
_FMI_NONE_OF = (
    "rrday",
    "snow",
    "snow_aws",
    "r_1h",
    "pra_pt1h_acc",
)  # -1 says that there was nothing at all, 0 less than can be measured
_FMI_FORECAST = ("values of forecasts are modelled for a point, not observed",)
_FMI_UNNAMED = ("places without an identifier are called fmi_… after their coordinates", "station")


def _fmi_value(name: str, text: str) -> str | None:
    return None if text == "NaN" else "0" if text in ("-1", "-1.0") and name in _FMI_NONE_OF else text


def _fmi_given(told: Iterable[tuple[str, str]]) -> tuple[dict[Field, object], list[str]]:
    given: dict[Field, object] = {}
    left = []
    for name, text in told:
        known = _FMI.get(name.lower())
        if known is not None:
            given[known] = _fmi_value(name.lower(), text)
        elif text != "NaN":
            left.append(name)
    return given, left


def _fmi_places(observation: Element) -> dict[str, tuple[str, Place]]:
    """Whose a position is, as it stands in the document: the station and its place."""
    ids = {
        each.link("representativePoint").lstrip("#"): next(
            (number.text.strip() for number in each.all("identifier") if "fmisid" in number.get("codeSpace")), ""
        )
        for each in observation.all("Location")
    }
    forecast = _is_forecast(observation)
    found: dict[str, tuple[str, Place]] = {}
    for point in observation.all("Point"):
        where = point.told("pos").split()
        if len(where) == 2:
            number = ids.get(point.get("id"), "")
            called = f"fmi_{number}" if number else _fmi_called(*where, forecast=forecast)
            found[" ".join(where)] = called, (where[0], where[1], None, point.told("name"))
    return found


def _is_forecast(observation: Element) -> bool:
    return "observableProperty=forecast" in observation.link("observedProperty")


def _fmi_called(latitude: str, longitude: str, *, forecast: bool = False) -> str:
    try:
        return placed("fmi-forecast" if forecast else "fmi", degrees(latitude, 90), degrees(longitude, 180))
    except ValueError:
        return ""


def _fmi_simple(element: Element, context: Context) -> Iterator[Report]:
    where = element.told("Location", "Point", "pos").split() or [""]
    name = element.told("ParameterName")
    given, left = _fmi_given([(name, element.told("ParameterValue"))])
    station, place = (_fmi_called(*where), (where[0], where[1], None, "")) if len(where) == 2 else ("", None)
    yield Report(station=station, time=element.told("Time"), given=given, left=left, place=place, remarks=[_FMI_UNNAMED])


def _fmi_coverage(observation: Element, context: Context) -> Iterator[Report]:
    places, forecast = _fmi_places(observation), _is_forecast(observation)
    names = [each.get("name") for each in observation.all("field")]
    where, values = observation.told("positions").split(), observation.told("doubleOrNilReasonTupleList").split()
    if len(where) * len(names) != 3 * len(values):
        yield Report(station="", time="", given={}, remarks=[("the coverage has not as many values as positions",)])
        return
    for at in range(len(where) // 3):
        north, east, time = where[3 * at : 3 * at + 3]
        alone = _fmi_called(north, east, forecast=forecast), (north, east, None, "")
        station, place = places.get(f"{north} {east}", alone)
        given, left = _fmi_given(zip(names, values[at * len(names) : (at + 1) * len(names)], strict=True))
        remarks = [_FMI_FORECAST] if forecast else ()
        yield Report(station=station, time=since_epoch(time), given=given, left=left, place=place, remarks=remarks)


def _fmi_series(observation: Element, context: Context) -> Iterator[Report]:
    forecast = _is_forecast(observation)
    station, place = next(iter(_fmi_places(observation).values()), ("", None))
    name = re.search(r"[?&]param=(\w+)", observation.link("observedProperty"))
    for point in observation.all("MeasurementTVP"):
        given, left = _fmi_given([(name[1] if name else "", point.told("value"))])
        remarks = [_FMI_FORECAST] if forecast else ()
        yield Report(station=station, time=point.told("time"), given=given, left=left, place=place, remarks=remarks)


def _fmi(record: Element, context: Context) -> Iterator[Report]:
    known = {"BsWfsElement": _fmi_simple, "GridSeriesObservation": _fmi_coverage, "PointTimeSeriesObservation": _fmi_series}
    yield from known[record.name](record, context)


# WaterML 1.0 and 1.1 (CUAHSI, "WaterOneFlow"; USGS): a series of one variable at one site. The USGS calls variables by its
# codes, as in its JSON; others use CUAHSI's controlled vocabulary (his.cuahsi.org/mastercvreg), where a temperature is of the
# air only if the sample is

_CUAHSI = {
    "temperature": "air_temperature",
    "temperature, dew point": "dew_point_temperature",
    "relative humidity": "relative_humidity",
    "barometric pressure": "air_pressure",
    "wind speed": "wind_speed",
    "wind gust speed": "wind_speed_of_gust",
    "wind direction": "wind_from_direction",
    "precipitation": "precipitation_amount",
    "rainfall": "rainfall_amount",
    "snow depth": "surface_snow_thickness",
    "global radiation": _DOWN,
    "radiation, incoming shortwave": _DOWN,
    "solar radiation": _DOWN,
    "visibility": "visibility_in_air",
}
_CUAHSI_METHODS = {
    **dict.fromkeys(("continuous", "sporadic", "instantaneous", "unknown", ""), "point"),
    **dict.fromkeys(("average", "mean"), "mean"),
    "maximum": "maximum",
    "minimum": "minimum",
    "incremental": "sum",
}
_CUAHSI_ENDS = (
    "times of means, sums and extremes are taken as their ends",
    "times: ends of periods, as nothing tells otherwise",
)
_TIME_UNITS = {"second": "PT{}S", "minute": "PT{}M", "hour": "PT{}H", "day": "P{}D"}


@xml_service("series in WaterML 1 (CUAHSI, USGS)", "cuahsi.org/waterML/", records=("timeSeries",))
def _waterml(series: Element, context: Context) -> Iterator[Report]:
    if "USGS" in (code.get("agencyCode") for code in series.all("siteCode")):
        yield from USGS.reports(_as_json(series), context)
        return
    variable = series.any("variable")
    name, medium = variable.told("variableName"), variable.told("sampleMedium").lower()
    standard_name = _CUAHSI.get(name.lower(), "")
    unit = variable.any("unit", "units")
    scale = variable.any("timeScale", "timeSupport")
    own = next((each for each in variable.inner if each.name in ("unit", "units")), unit)
    units = (own.get("unitsAbbreviation"), own.told("unitAbbreviation"), own.told("unitName"), own.text.strip())
    known = None
    method = _CUAHSI_METHODS.get(variable.told("dataType").lower(), "")
    period = _cuahsi_period(scale) if method != "point" else "PT0S"
    if standard_name in ("precipitation_amount", "rainfall_amount") and method == "point":
        method = ""
    of_air = medium == "air" or name.lower() != "temperature"
    if standard_name and method and period and of_air and (stated := tuple(filter(None, units))):
        known = field_of(name, standard_name, _unit_of(standard_name, *stated), method, period)
    site = series.any("sourceInfo")
    code = site.any("siteCode")
    station = f"{code.get('network').lower()}_{code.text.strip()}" if code.get("network") else code.text.strip()
    place = (site.told("latitude") or None, site.told("longitude") or None, site.told("elevation_m"), site.told("siteName"))
    none = {_plain(variable.told(name)) for name in ("noDataValue", "NoDataValue")} - {""}
    remarks = [_CUAHSI_ENDS] if known and method != "point" else ()
    for each in series.all("value"):
        text = each.text.strip()
        yield Report(
            station=station,
            time=_cuahsi_time(each),
            given={known: None if _plain(text) in none else text} if known else {},
            place=place,
            left=() if known else ((f"{name} of {medium}" if not of_air else name)[:60],),
            remarks=remarks,
        )


def _plain(number: str) -> str:
    """Without zeros behind the point."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _cuahsi_time(value: Element) -> str:
    """In UTC where it is told so, or with the offset beside it."""
    utc, local, offset = value.get("dateTimeUTC"), value.get("dateTime"), value.get("timeOffset")
    if utc:
        return utc if re.search(r"([Zz]|[+-]\d\d:?\d\d)$", utc) else f"{utc}Z"
    match = re.fullmatch(r"([+-]?)(\d{1,2}):?(\d\d)?", offset)
    if match and re.fullmatch(r".*[Tt][\d:.]+", local):
        return f"{local}{match[1] or '+'}{match[2]:0>2}:{match[3] or '00'}"
    return local


def _cuahsi_period(scale: Element) -> str:
    """What a value is of, "" where that is not told."""
    count = scale.told("timeSupport") or scale.told("timeInterval")
    unit = re.sub(r"s$", "", (scale.told("unitName") or scale.told("UnitName") or scale.told("UnitDescription")).lower())
    pattern = _TIME_UNITS.get(unit, "")
    return pattern.format(int(float(count))) if pattern and re.fullmatch(r"[1-9]\d{0,3}(\.0+)?", count) else ""


def _as_json(series: Element) -> Any:
    """A series as the JSON of the USGS lays it out."""
    options = [{"optionCode": each.get("optionCode")} for each in series.all("option")]
    variable = {
        "variableCode": [{"value": series.told("variable", "variableCode")}],
        "variableName": series.told("variable", "variableName"),
        "noDataValue": series.told("variable", "noDataValue"),
        "options": {"option": options},
    }
    where = {"latitude": series.told("latitude") or None, "longitude": series.told("longitude") or None}
    site = {
        "siteName": series.told("siteName"),
        "siteCode": [{"value": series.told("siteCode")}],
        "geoLocation": {"geogLocation": where},
    }
    values = [
        {"value": [{"value": each.text.strip(), "dateTime": each.get("dateTime")} for each in group.all("value")]}
        for group in series.all("values")
    ]
    return {"value": {"timeSeries": [{"sourceInfo": site, "variable": variable, "values": values}]}}


# WaterML 2.0 (OGC 10-126r4): a series of one property. What it is of is told by a link or a title, in words; of the air's only
# what cannot be that of water is taken. An interpolation says of what a value is, and whether that lies before its time
# (`preceding`) or behind it (`succeeding`)

_WATERML2 = {
    **{name.replace("_", " "): name for name in STANDARD_NAMES},
    "dry air temperature": "air_temperature",
    "temperature air": "air_temperature",
    "rainfall": "rainfall_amount",
    "precipitation": "precipitation_amount",
    "barometric pressure": "air_pressure",
    "wind direction": "wind_from_direction",
    "global radiation": _DOWN,
    "solar radiation": _DOWN,
}
_WATERML2_METHODS = (
    (r"average|mean", "mean"), (r"total", "sum"), (r"max", "maximum"), (r"min", "minimum"), (r"statistical", ""),
    (r"", "point"),
)  # fmt: skip


@xml_service("series in WaterML 2", "opengis.net/waterml/2", "OM_Observation", records=("OM_Observation",))
def _waterml2(observation: Element, context: Context) -> Iterator[Report]:
    about = observation.any("observedProperty")
    words = [
        re.sub(r"[^a-z]+", " ", re.split(r"[/#=]", told)[-1].lower()).strip()
        for told in (about.get("title"), about.get("href"))
    ]
    standard_name = next((_WATERML2[each] for each in words if each in _WATERML2), "")
    points = list(observation.all("MeasurementTVP"))
    unit = next((found for each in observation.all("uom") if (found := each.get("code") or each.get("title"))), "")
    kind = re.split(r"[/#]", observation.link("interpolationType"))[-1].lower()
    method = next(found for pattern, found in _WATERML2_METHODS if regex(pattern).search(kind))
    period = observation.told("aggregationDuration") if method != "point" else "PT0S"
    amount = standard_name.endswith("fall_amount") or standard_name == "precipitation_amount"
    known = None
    lasts = method == "point" or (is_duration(period) and re.fullmatch(r"P[\dTDHMS]{2,8}", period) and bool(hours_of(period)))
    if standard_name and unit and method and lasts and amount == (method == "sum"):
        known = field_of(words[0] or words[1], standard_name, unit, method, period)
    where = observation.told("featureOfInterest", "pos").split()
    link = observation.any("featureOfInterest")
    station = observation.told("featureOfInterest", "identifier") or link.get("href")
    place = (
        (where[0], where[1], None, link.get("title") or observation.told("featureOfInterest", "name"))
        if len(where) > 1
        else None
    )
    name = about.get("title") or about.get("href") or "a property without a name"
    for point in points:
        text = point.told("value")
        yield Report(
            station=re.split(r"[/#=]", station)[-1],
            time=_behind(point.told("time"), period) if known and "succ" in kind else point.told("time"),
            given={known: text or None} if known else {},
            place=place,
            left=() if known else (name[-60:],),
        )


def _behind(text: str, period: str) -> int | str:
    """The end of a period that begins then; a value of days stays at the first of them."""
    begin, hours = instant_of(text), hours_of(period)
    if not isinstance(begin, int) or hours is None or "D" in period:
        return begin
    return min(begin + round(hours * 3600) * SECOND, LATEST)


# IWXXM (ICAO Annex 3, WMO-No. 49 volume II; versions 1 to 3 and later): METAR and SPECI in XML, units by UCUM. A bound stands
# at the bound, as in METAR as text

_IWXXM = {
    "airTemperature": "air_temperature",
    "dewpointTemperature": "dew_point_temperature",
    "qnh": "altimeter_setting",
    "prevailingVisibility": "visibility_in_air",
    "meanWindDirection": "wind_from_direction",
    "meanWindSpeed": "wind_speed",
    "windGustSpeed": "wind_speed_of_gust",
}


def _iwxxm(report: Element, context: Context) -> Iterator[Report]:
    observed = report.first("observation")
    given: dict[Field, object] = {}
    for name, standard_name in _IWXXM.items():
        found = observed.first(name) if observed else None
        if found and found.text.strip() and found.get("uom") not in ("", "N/A"):
            given[field_of(name, standard_name, found.get("uom"))] = found.text.strip()
    of = report.any("AirportHeliport")
    where, above = report.told("pos").split(), of.first("fieldElevation")
    metres = above.text.strip() if above and above.get("uom").lower() in ("m", "") else ""
    yield Report(
        station=of.told("locationIndicatorICAO") or of.told("designator"),
        time=report.told("observationTime", "timePosition") or report.told("phenomenonTime", "timePosition"),
        given=given,
        place=(where[0], where[1], metres, of.told("name")) if len(where) == 2 else None,
    )


# U.S. National Weather Service, current_obs: as `american_services` says


@xml_service(
    "current observation of the U.S. National Weather Service",
    "<current_observation",
    "<station_id>",
    records=("current_observation",),
)
def _nws(report: Element, context: Context) -> Iterator[Report]:
    yield current_observation({each.name: each.text.strip() for each in report.inner})


# Australia's Bureau of Meteorology, "Weather observations" as XML (IDN60920.xml; bom.gov.au/schema): wind and gust are of ten
# minutes; rain counts since 9 a.m. but for that of an hour

_BOM = {
    "air_temperature": ("air_temperature", "point", "PT0S"),
    "apparent_temp": ("apparent_air_temperature", "point", "PT0S"),
    "dew_point": ("dew_point_temperature", "point", "PT0S"),
    "rel-humidity": ("relative_humidity", "point", "PT0S"),
    "msl_pres": (_SEA, "point", "PT0S"),
    "qnh_pres": ("altimeter_setting", "point", "PT0S"),
    "pres": ("air_pressure", "point", "PT0S"),
    "wind_spd_kmh": ("wind_speed", "point", "PT0S"),
    "gust_kmh": ("wind_speed_of_gust", "point", "PT0S"),
    "wind_dir_deg": ("wind_from_direction", "point", "PT0S"),
    "vis_km": ("visibility_in_air", "point", "PT0S"),
    "rain_hour": ("precipitation_amount", "sum", "PT1H"),
    "rain_ten": ("precipitation_amount", "sum", "PT10M"),
}
_BOM_ELSE = ("wind_spd", "wind_gust_spd", "gust_spd", "wind_dir", "cloud", "weather", "delta_t")


@xml_service("observations of Australia's Bureau of Meteorology", "<amoc>", "<observations", "wmo-id", records=("station",))
def _bom(station: Element, context: Context) -> Iterator[Report]:
    number = station.get("wmo-id")
    place = (
        station.get("lat"),
        station.get("lon"),
        station.get("stn-height"),
        station.get("description") or station.get("stn-name"),
    )
    for period in station.all("period"):
        given: dict[Field, object] = {}
        left = []
        for each in period.all("element"):
            name, unit = each.get("type"), each.get("units")
            if name in _BOM and unit:
                standard_name, method, lasting = _BOM[name]
                given[field_of(name, standard_name, _unit_of(standard_name, unit), method, lasting)] = each.text.strip()
            elif unit and name not in _BOM_ELSE:
                left.append(name)
        yield Report(
            station=wigos(f"{number:0>5}") if number else station.get("bom-id"),
            time=period.get("time-utc"),
            given=given,
            place=place,
            left=left,
        )


# Estonia's Keskkonnaagentuur (ilmateenistus.ee, "observations.php"): all stations at the time that the document has, rain of
# the hour before; which pressure it is stands nowhere

_ESTONIA = fields_of({
    "airtemperature": ("air_temperature", "Cel"),
    "relativehumidity": ("relative_humidity", "%"),
    "winddirection": ("wind_from_direction", "deg"),
    "windspeed": ("wind_speed", "m/s"),
    "windspeedmax": ("wind_speed_of_gust", "m/s"),
    "precipitations": ("precipitation_amount", "mm", "sum", "PT1H"),
    "visibility": ("visibility_in_air", "km"),
    "globalradiation": (_DOWN, "W/m2"),
    "uvindex": ("ultraviolet_index", "1"),
})  # fmt: skip
_ESTONIA_LEFT = ("airpressure", "sunshineduration", "waterlevel", "watertemperature")


@xml_service("observations of Estonia's ilmateenistus", "<observations timestamp", "<wmocode", records=("observations",))
def _estonia(document: Element, context: Context) -> Iterator[Report]:
    for station in document.all("station"):
        number, name = station.told("wmocode"), station.told("name")
        given = {known: text for tag, known in _ESTONIA.items() if (text := station.told(tag))}
        if given:  # stations of water have none
            yield Report(
                station=wigos(number) if number else f"ee_{'_'.join(name.split())}" if name else "",
                time=since_epoch(document.get("timestamp")),
                given=given,
                place=(station.told("latitude"), station.told("longitude"), None, name),
                left=[tag for tag in _ESTONIA_LEFT if station.told(tag)],
            )


# Slovenia's ARSO (meteo.arso.gov.si, "observationAms_…_latest.xml"): units are in the names or those of its notes; averages and
# sums are over an interval that is told nowhere

_ARSO = fields_of({
    "t_degreesC": ("air_temperature", "Cel"),
    "td_degreesC": ("dew_point_temperature", "Cel"),
    "rh": ("relative_humidity", "%"),
    "dd_val": ("wind_from_direction", "deg"),
    "ff_val": ("wind_speed", "m/s"),
    "ffmax_val": ("wind_speed_of_gust", "m/s"),
    "msl": (_SEA, "hPa"),
    "p": ("air_pressure", "hPa"),
    "snow": ("surface_snow_thickness", "cm"),
})  # fmt: skip
_ARSO_LEFT = ("tavg", "rhavg", "ddavg_val", "ffavg_val", "mslavg", "pavg", "rr_val", "gSunRadavg", "diffSunRadavg", "vis_value")
_ARSO_TIME = regex(r"(\d\d?)\.(\d\d?)\.(\d{4}) (\d\d?):(\d\d) UTC")


@xml_service("observations of Slovenia's ARSO", "MeteoSI_WebMet_observation", "<metData>", records=("metData",))
def _arso(record: Element, context: Context) -> Iterator[Report]:
    name = record.told("domain_title") or record.told("domain_longTitle")
    told = record.told("tsValid_issued_UTC")
    clock = _ARSO_TIME.fullmatch(told)
    day, month, year, hour, minute = clock.groups() if clock else ("",) * 5
    yield Report(
        station=f"arso_{'_'.join(name.split())}" if name else "",
        time=f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}Z" if clock else told,
        given={known: text for tag, known in _ARSO.items() if (text := record.told(tag))},
        place=(record.told("domain_lat"), record.told("domain_lon"), record.told("domain_altitude"), name),
        left=[tag for tag in _ARSO_LEFT if record.told(tag)],
    )


# Croatia's DHMZ (vrijeme.hr, "hrvatska_n.xml"): all stations at the hour that the document has, which is the clock's in
# Croatia. Units stand on its pages; a pressure with a star is not reduced to the sea's level

_DHMZ = fields_of({
    "Temp": ("air_temperature", "Cel"),
    "Vlaga": ("relative_humidity", "%"),
    "Tlak": (_SEA, "hPa"),
    "VjetarSmjer": ("wind_from_direction", "deg"),
    "VjetarBrzina": ("wind_speed", "m/s"),
})  # fmt: skip
_DHMZ_TIME = regex(r"(\d\d)\.(\d\d)\.(\d{4})\.? (\d\d?)")
_DHMZ_ZONE = ("the hour (Termin) was taken as that of Croatia's clocks, which the document does not say", "zone")


@xml_service("observations of Croatia's DHMZ", "<Hrvatska", "<DatumTermin>", "<GradIme>", records=("Hrvatska",))
def _dhmz(document: Element, context: Context) -> Iterator[Report]:
    time = _dhmz_time(f"{document.told('DatumTermin', 'Datum')} {document.told('DatumTermin', 'Termin')}")
    for each in document.all("Grad"):
        name = each.told("GradIme")
        told = {tag: text for tag in _DHMZ if (text := each.told("Podatci", tag))}
        told["VjetarSmjer"] = BEARINGS.get(told.get("VjetarSmjer", ""), "")
        pressure = told.get("Tlak", "")
        if pressure.endswith("*"):
            del told["Tlak"]
        yield Report(
            station=f"dhmz_{'_'.join(name.replace('/', ' ').split())}" if name else "",
            time=time,
            given={known: told[tag] for tag, known in _DHMZ.items() if told.get(tag)},
            place=(each.told("Lat"), each.told("Lon"), None, name),
            left=("Tlak*",) if pressure.endswith("*") else (),
            remarks=[_DHMZ_ZONE],
        )


def _dhmz_time(text: str) -> int | str:
    found = _DHMZ_TIME.fullmatch(text)
    try:
        day, month, year, hour = map(int, found.groups()) if found else (0, 0, 0, 0)
        moment = datetime(year, month, day, hour, tzinfo=zone_of("Europe/Zagreb"))
    except ValueError:
        return text
    twice = moment.utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{text}, an hour that comes twice or not at all" if twice else from_datetime(moment)


SERVICES: tuple[XmlService, ...] = (
    _dhmz,
    _estonia,
    _arso,
    _swob,
    *(
        XmlService(who="answer of FMI's WFS", signs=("xml.fmi.fi", sign), records=(sign,), reports=_fmi)
        for sign in ("BsWfsElement", "GridSeriesObservation", "PointTimeSeriesObservation")
    ),
    _waterml,
    _waterml2,
    *(
        XmlService(
            who="reports for aviation (IWXXM)", signs=("icao.int/iwxxm", sign), records=("METAR", "SPECI"), reports=_iwxxm
        )
        for sign in (":METAR", ":SPECI")
    ),
    _nws,
    _bom,
)
