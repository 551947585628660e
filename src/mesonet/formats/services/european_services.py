"""The answers of the weather services of Europe as JSON: what tells each, who its stations are, what its members mean, in which
units.

Each description names its source. Times are UTC unless it says otherwise; a period's value stands at its end, a day's at its
date. Of what is counted since midnight, or in units that the answer does not tell, nothing is taken.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from mesonet.domain.instant import SECOND, step_duration
from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.json_document import member, objects, text_of
from mesonet.formats.json_readings import Field, field_of
from mesonet.formats.publisher_names import (
    FROST_UNITS,
    GEOSPHERE,
    GEOSPHERE_NONE,
    METEO_FRANCE,
    METEO_FRANCE_HOURS,
    XEMA_MINUTES,
    XEMA_REFUSED,
    chmi_daily,
    frost_element,
    geosphere_amount,
    xema,
)
from mesonet.formats.reading import Context
from mesonet.formats.services.service import (
    BEARINGS,
    Known,
    Report,
    Service,
    fields_of,
    instant_of,
    known_of,
    left_of,
    lonlat,
    service,
    since_epoch,
    usual_step,
    wigos,
    with_points,
)
from mesonet.regex import regex

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


@service("observations of AEMET OpenData", "idema", "fint")
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


@service("days of AEMET OpenData", "indicativo", "fecha", "tmed|prec|tmax")
def _aemet_days(value: object, context: Context) -> Iterator[Report]:
    """`Ip` is a trace, `Acum` belongs to the next day's sum; directions 88 and 99 are none."""
    for given in objects(value):
        told = with_points(given)
        told["prec"] = {"Ip": "0", "Acum": None}.get(str(told.get("prec")), told.get("prec"))
        told["dir"] = None if told.get("dir") in ("88", "99") else told.get("dir")
        place = (None, None, given.get("altitud"), text_of(given, "nombre"))
        taken = known_of({name: each for name, each in told.items() if each not in (None, "Varias")}, _AEMET_DAYS)
        yield Report(station=text_of(given, "indicativo"), time=text_of(given, "fecha"), given=taken, place=place)


# MeteoGalicia, "Observación" (meteogalicia.gal, JSON of ten minutes, hours and days): a code tells quantity, way and height.
# Validation: 1 valid, 2 suspect, 3 wrong, 5 interpolated

_GALICIA: dict[str, str] = {
    "TA": "air_temperature",
    "TO": "dew_point_temperature",
    "HR": "relative_humidity",
    "PP": "precipitation_amount",
    "VV": "wind_speed",
    "DV": "wind_from_direction",
    "VV_RACHA": "wind_speed_of_gust",
    "DV_RACHA": "wind_gust_from_direction",
    "PR": "air_pressure",
    "PRED": _SEA,
    "RS": _DOWN,
    "HSOL": "duration_of_sunshine",
}
_GALICIA_WAYS = {"AVG": "mean", "MAX": "maximum", "MIN": "minimum", "SUM": "sum"}
_GALICIA_UNITS = {"ºC": "Cel", "º": "deg", "L/m2": "mm"}
_GALICIA_QUALITY = {"2": SUSPECT, "3": FAIL, "5": SUSPECT}
_GALICIA_CODE = regex(r"(?P<what>[A-Z]+(?:_RACHA)?)(?:_(?P<way>AVG|MAX|MIN|SUM))?_(?P<height>\d+(?:\.\d+)?)m")


@service(
    "stations of MeteoGalicia", r"(listUltimos10min|listHorarios|listDatosDiarios)\[\]\..*listaMedidas\[\]\.codigoParametro"
)
def _galicia(value: object, context: Context) -> Iterator[Report]:
    for each in objects(member(value, "listUltimos10min")):
        yield _galician(each, text_of(each, "instanteLecturaUTC"), each, "PT10M")
    for each in objects(member(value, "listHorarios")):
        for told in objects(each.get("listaInstantes")):
            yield _galician(each, text_of(told, "instanteLecturaUTC"), told, "PT1H")
    for day in objects(member(value, "listDatosDiarios")):
        for each in objects(day.get("listaEstacions")):
            yield _galician(each, text_of(day, "data"), each, "P1D")


def _galician(station: object, time: str, told: object, period: str) -> Report:
    taken: dict[Field, object] = {}
    flags: dict[Field, int] = {}
    left: list[str] = []
    for each in objects(member(told, "listaMedidas")):
        code, unit = text_of(each, "codigoParametro"), text_of(each, "unidade")
        match = _GALICIA_CODE.fullmatch(code)
        name = _GALICIA.get(match["what"]) if match else None
        if match is None or name is None:
            left.append(code)
            continue
        method = _GALICIA_WAYS.get(match["way"] or "", "maximum")  # a gust is the highest
        level = None if name in ("precipitation_amount", "duration_of_sunshine", _SEA, _DOWN) else float(match["height"])
        known = field_of(code, name, _GALICIA_UNITS.get(unit, unit), method, period, level)
        value = text_of(each, "valor")
        taken.setdefault(known, None if value in ("-9999", "-9999.0") else value)
        flags.setdefault(known, _GALICIA_QUALITY.get(text_of(each, "lnCodigoValidacion"), NOT_EVALUATED))
    identifier = text_of(station, "idEstacion")
    return Report(
        station=f"meteogalicia_{identifier}" if identifier else "",
        time=time,
        given=taken,
        flags=flags,
        place=(None, None, None, text_of(station, "estacion")),
        left=left,
    )


# Meteocat, API of the XEMA (apidocs.meteocat.gencat.cat, "Mesurades"): readings of each station's variables, at the beginning
# of what they are of; codes as in its open data (see `publisher_names`)


@service("readings of Meteocat's XEMA", "codi", r"variables\[\]\.lectures\[\]\.baseHoraria")
def _meteocat(value: object, context: Context) -> Iterator[Report]:
    for each in objects(value):
        station = text_of(each, "codi")
        told: dict[int | str, tuple[dict[Field, object], dict[Field, int], list[str]]] = {}
        for variable in objects(each.get("variables")):
            code = text_of(variable, "codi")
            for reading in objects(variable.get("lectures")):
                base, begin = text_of(reading, "baseHoraria"), instant_of(text_of(reading, "data"))
                end = begin + XEMA_MINUTES.get(base, 0) * 60 * SECOND if isinstance(begin, int) else begin
                given, flags, left = told.setdefault(end, ({}, {}, []))
                if (known := xema(code, base)) is None:
                    left.append(f"variable {code} of {base or 'an unknown base'}")
                    continue
                taken = field_of(code, *known)
                given[taken] = reading.get("valor")
                flags[taken] = FAIL if text_of(reading, "estat") == XEMA_REFUSED else NOT_EVALUATED
        for time, (given, flags, left) in told.items():
            yield Report(station=f"meteocat_{station}" if station else "", time=time, given=given, flags=flags, left=left)


# --- The Netherlands -------------------------------------------------------------------------------------------------------
# Delft-FEWS' web service, PI-JSON (see `networks.pi_xml`)


@service("time series of Delft-FEWS (PI-JSON)", r"timeSeries\[\]\.header\.parameterId", r"timeSeries\[\]\.header\.locationId")
def _fews(value: object, context: Context) -> Iterator[Report]:
    from mesonet.formats.networks import pi_xml

    try:
        offset_s = pi_xml.zone_s(text_of(value, "timeZone"))
    except ValueError:
        raise UnreadableFile("timeZone is no number of hours ahead of GMT") from None
    for each in objects(member(value, "timeSeries")):
        head = member(each, "header")
        step = partial(text_of, member(head, "timeStep"))
        now = pi_xml.series(partial(text_of, head), step, offset_s)
        known = now.known if isinstance(now.known, Field) else None
        place = (member(head, "lat"), member(head, "lon"), member(head, "z"), text_of(head, "stationName"))
        remarks = [(f"{now.name[:60]} was not taken: {now.known}",)] if isinstance(now.known, str) else ()
        for told in objects(member(each, "events")):
            yield Report(
                station=now.station,
                time=pi_xml.time_of(partial(text_of, told)),
                offset_s=offset_s,
                given={known: pi_xml.value_of(now, text_of(told, "value"))} if known else {},
                flags={known: pi_xml.quality(text_of(told, "flag"))} if known else {},
                place=place if known else None,
                left=() if known else (now.name,),
                remarks=remarks,
            )


# --- Italy -----------------------------------------------------------------------------------------------------------------
# DB-All.e's JSON, as ARPAE and MeteoHub publish it (see `networks.dballe`): lon and lat in hundred thousandths of a degree

_INVALIDATED = "B33196"  # by hand


@service("reports of DB-All.e", "network", "lon", "lat", "date", r"data\[\]\.vars\.B\d{5}\.v")
def _dballe(value: object, context: Context) -> Iterator[Report]:
    from mesonet.formats.networks import dballe

    for told in objects(value):
        network, left = text_of(told, "network"), []
        taken: dict[Field, object] = {}
        flags: dict[Field, int] = {}
        about: dict[str, object] = {}
        for each in objects(told.get("data")):
            level, time_range = ([text_of({"": part}, "") for part in _listed(each, name)] for name in ("level", "timerange"))
            named = each.get("vars")
            for code, given in named.items() if isinstance(named, dict) else ():
                if not level and not time_range:
                    about[code] = member(given, "v")
                    continue
                known = dballe.meant(code, (*level, "", "", "")[:3], (*time_range, "", "", "")[:3])
                if known is None:
                    left.append(code)
                    continue
                taken.setdefault(known, member(given, "v"))
                flags.setdefault(known, FAIL if text_of(given, "a", _INVALIDATED) == "1" else NOT_EVALUATED)
        try:
            place = dballe.station(network, text_of(told, "lat"), text_of(told, "lon"))
        except ValueError:
            place = None
        name = about.get(dballe.STATION_NAME)
        north, east = (f"{place.latitude:.5f}", f"{place.longitude:.5f}") if place else ("", "")
        yield Report(
            station=text_of(told, "ident") or (place.id if place else ""),
            time=text_of(told, "date"),
            given=taken,
            flags=flags,
            left=left,
            place=(north, east, about.get(dballe.STATION_HEIGHT), name if isinstance(name, str) else "") if place else None,
        )


def _listed(given: object, name: str) -> list[object]:
    told = member(given, name)
    return told if isinstance(told, list) else []


# --- Norway ----------------------------------------------------------------------------------------------------------------
# MET Norway, Frost API (frost.met.no/api.html, "observations"; quality codes: frost.met.no/dataclarifications.html)

_FROST_NONE_OF = ("precipitation_amount", "surface_snow_thickness", "thickness_of_snowfall_amount")  # where -1 says so
_FROST_QUALITY = {"3": SUSPECT, "4": SUSPECT, "5": SUSPECT, "6": FAIL, "7": FAIL}


@service("observations of MET Norway's Frost API", r"data\[\]\.sourceId", r"data\[\]\.referenceTime", r"data\[\]\.observations")
def _frost(value: object, context: Context) -> Iterator[Report]:
    for given in objects(member(value, "data")):
        station, _, sensor = text_of(given, "sourceId").partition(":")
        taken: dict[Field, object] = {}
        flags: dict[Field, int] = {}
        left = []
        for each in objects(given.get("observations")):
            element = text_of(each, "elementId")
            told = frost_element(element)
            if told is None or (sensor and sensor != "0"):
                left.append(element or "an element without a name")
                continue
            level = text_of(each, "level", "value") if text_of(each, "level", "levelType") == "height_above_ground" else ""
            metres = float(level) if re.fullmatch(r"\d{1,3}(\.\d)?", level) else None
            name, method, period = told
            known = field_of(element, name, FROST_UNITS.get(unit := text_of(each, "unit"), unit), method, period, metres)
            if known not in taken:
                value_there = each.get("value")
                taken[known] = "0" if str(value_there) in ("-1", "-1.0") and name in _FROST_NONE_OF else value_there
                flags[known] = _FROST_QUALITY.get(text_of(each, "qualityCode"), NOT_EVALUATED)
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


@service(
    "observations of SMHI",
    r"parameter\.key",
    "station",
    r"(station\[\]\.)?value",
    alone=(r"value(\[\])?", r"value\[\]\.(from|to|ref|date)", r"value\[\]\.value", r"value\[\]\.quality"),
)
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
                flags={known: FAIL} if known and text_of(each, "quality") == "R" else None,
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


@service("observations of DMI", r"features\[\]\.properties\.parameterId", r"features\[\]\.properties\.observed")
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


# DMI, Climate Data API, stationValue (opendatadocs.dmi.govcloud.dk/Data/Climate_Data): hours stand at their end, days and
# months at their date

_DMI_STEPS = {"hour": "PT1H", "day": "P1D", "month": "P1M"}
_DMI_CLIMATE = {
    "mean_temp": ("air_temperature", "Cel", "mean"),
    "max_temp_w_date": ("air_temperature", "Cel", "maximum"),
    "min_temp": ("air_temperature", "Cel", "minimum"),
    "mean_relative_hum": ("relative_humidity", "%", "mean"),
    "mean_wind_speed": ("wind_speed", "m/s", "mean"),
    "max_wind_speed_10min": ("wind_speed", "m/s", "maximum"),
    "max_wind_speed_3sec": ("wind_speed_of_gust", "m/s", "maximum"),
    "mean_wind_dir": ("wind_from_direction", "deg", "mean"),
    "mean_pressure": (_SEA, "hPa", "mean"),
    "mean_radiation": (_DOWN, "W/m2", "mean"),
    "mean_cloud_cover": ("cloud_area_fraction", "%", "mean"),
    "acc_precip": ("precipitation_amount", "mm", "sum"),
}


@service("climate data of DMI", r"features\[\]\.properties\.parameterId", r"features\[\]\.properties\.timeResolution")
def _dmi_climate(value: object, context: Context) -> Iterator[Report]:
    for each in objects(member(value, "features")):
        told = member(each, "properties")
        name, number = text_of(told, "parameterId"), text_of(told, "stationId")
        period = _DMI_STEPS.get(text_of(told, "timeResolution"), "")
        known = _DMI_CLIMATE.get(name) if period else None
        longitude, latitude = lonlat(each)
        yield Report(
            station=wigos(number) if number.startswith(_DMI_BLOCKS) else f"dmi_{number}" if number else "",
            time=text_of(told, "to") if period == "PT1H" else text_of(told, "from")[:10],
            given={field_of(name, *known, period): member(told, "value")} if known else {},
            place=(latitude, longitude, None, ""),
            left=() if known else (f"{name} ({text_of(told, 'timeResolution')})",),
        )


# --- Austria ---------------------------------------------------------------------------------------------------------------
# GeoSphere Austria, Data Hub API, stations as GeoJSON (dataset.api.hub.geosphere.at/v1/docs): the answer tells its units


@service(
    "stations of GeoSphere Austria", "timestamps", r"features\[\]\.properties\.parameters", r"features\[\]\.properties\.station"
)
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
        reach = 1  # as many times as there are values for: many stations without one are not as many rows for each time
        for name, given in told.items() if isinstance(told, dict) else ():
            known, data = GEOSPHERE.get(name.lower()), member(given, "data")
            reach = max(reach, len(data) if isinstance(data, list) else 0)
            if known is None or not isinstance(data, list) or (known[1] != "point" and not lasting):
                left.append(name)
                continue
            if name.lower() in GEOSPHERE_NONE:
                data = [geosphere_amount(each) if isinstance(each, str) else each for each in data]
            period = "PT0S" if known[1] == "point" else lasting
            series.append((field_of(name, known[0], text_of(given, "unit"), known[1], period), data))
        station = f"geosphere_{text_of(each, 'properties', 'station')}"
        for at, time in enumerate(times[:reach]):
            taken = {known: data[at] for known, data in series if at < len(data)}
            yield Report(
                station=station, time=time, given=taken, place=(latitude, longitude, None, ""), left=left if not at else ()
            )


# --- Poland, Portugal, Czechia ---------------------------------------------------------------------------------------------
# IMGW-PIB, danepubliczne.imgw.pl/apiinfo ("synop"): UTC; the sum of rain does not say over which time, and is left

_IMGW = fields_of({
    "temperatura": ("air_temperature", "Cel"),
    "predkosc_wiatru": ("wind_speed", "m/s"),
    "kierunek_wiatru": ("wind_from_direction", "deg"),
    "wilgotnosc_wzgledna": ("relative_humidity", "%"),
    "cisnienie": (_SEA, "hPa"),
})  # fmt: skip


@service("stations of IMGW-PIB", "id_stacji", "data_pomiaru")
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


@service("hours of IPMA's stations", r"20\d\d-\d\d-\d\dT\d\d:\d\d\.\w+\.intensidadeVento")
def _ipma(value: object, context: Context) -> Iterator[Report]:
    for time, stations in value.items() if isinstance(value, dict) else ():
        for station, given in stations.items() if isinstance(stations, dict) else ():
            if isinstance(given, dict):
                told = {**given, "direction": _IPMA_POINTS.get(text_of(given, "idDireccVento"))}
                yield Report(
                    station=f"ipma_{station}", time=time, given=known_of(told, _IPMA, "-99.0", "-99"), left=["radiacao"]
                )


# ČHMÚ, opendata.chmi.cz: rows of station, element, time and value of ten minutes ("now"), or of days ("recent") with the
# function of time

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


@service("open data of ČHMÚ", r"data\.data\.header", r"data\.data\.values")
def _chmi(value: object, context: Context) -> Iterator[Report]:
    data = member(value, "data", "data")
    names = text_of(data, "header").split(",")
    rows = member(data, "values")
    for row in rows if isinstance(rows, list) else ():
        given = dict(zip(names, row, strict=False)) if isinstance(row, list) else {}
        element, function, time = text_of(given, "ELEMENT"), text_of(given, "VTYPE"), text_of(given, "DT")
        meant = chmi_daily(element, function) if "VTYPE" in names else None
        known = field_of(f"{element} {function}", *meant) if meant else None if "VTYPE" in names else _CHMI.get(element)
        yield Report(
            station=text_of(given, "STATION"),
            time=time[:10] if known and known.parameter.duration == "P1D" else time,
            given={known: given.get("VAL")} if known else {},
            left=() if known else (f"{element} {function}".strip(),),
        )


# Météo-France, "DPObs" and "DPPaquetObs" (portail-api.meteofrance.fr): hours, and six minutes (rr_per); `validity_time` is
# when it was observed

_METEO_FRANCE = fields_of(METEO_FRANCE)
_METEO_FRANCE_LEFT = ("t_10", "t_20", "t_50", "t_100", "ux", "un", "fxy", "n", *METEO_FRANCE_HOURS)


@service("observations of Météo-France's API", r"(\[\]\.)?geo_id_(insee|wmo)", r"(\[\]\.)?validity_time")
def _meteo_france(value: object, context: Context) -> Iterator[Report]:
    for given in objects(value):
        of_hours = "rr_per" not in given
        fields = {name: known for name, known in _METEO_FRANCE.items() if of_hours or name not in METEO_FRANCE_HOURS}
        taken = known_of(given, fields)
        yield Report(
            station=text_of(given, "geo_id_insee") or text_of(given, "geo_id_wigos") or text_of(given, "geo_id_wmo"),
            time=text_of(given, "validity_time"),
            given={known: each for known, each in taken.items() if each is not None},
            place=(given.get("lat"), given.get("lon"), None, text_of(given, "name")),
            left=[name for name in _METEO_FRANCE_LEFT if given.get(name) is not None and name not in fields],
        )


# Lietuvos hidrometeorologijos tarnyba, api.meteo.lt, "observations": hours of a station, with the rain of the hour that ends

_METEO_LT = fields_of({
    "airTemperature": ("air_temperature", "Cel"),
    "feelsLikeTemperature": ("apparent_air_temperature", "Cel"),
    "windSpeed": ("wind_speed", "m/s"),
    "windGust": ("wind_speed_of_gust", "m/s"),
    "windDirection": ("wind_from_direction", "deg"),
    "cloudCover": ("cloud_area_fraction", "%"),
    "seaLevelPressure": (_SEA, "hPa"),
    "relativeHumidity": ("relative_humidity", "%"),
    "precipitation": ("precipitation_amount", "mm", "sum", "PT1H"),
})  # fmt: skip


@service("observations of Lithuania's meteo.lt", r"station\.code", r"observations\[\]\.observationTimeUtc")
def _meteo_lt(value: object, context: Context) -> Iterator[Report]:
    where = member(value, "station", "coordinates")
    place = (member(where, "latitude"), member(where, "longitude"), None, text_of(value, "station", "name"))
    for given in objects(member(value, "observations")):
        yield Report(
            station=text_of(value, "station", "code"),
            time=text_of(given, "observationTimeUtc"),
            given=known_of(given, _METEO_LT),
            place=place,
        )


# SHMÚ, opendata.shmu.sk, "now": a minute of each automatic station; names and units are those of its metadata

_SHMU = fields_of({
    "t": ("air_temperature", "Cel"),
    "vlh_rel": ("relative_humidity", "%"),
    "tlak": ("air_pressure", "hPa"),
    "vie_pr_rych": ("wind_speed", "m/s", "mean", "PT1M"),
    "vie_max_rych": ("wind_speed_of_gust", "m/s", "maximum", "PT1M"),
    "vie_pr_smer": ("wind_from_direction", "deg", "mean", "PT1M"),
    "zra_uhrn": ("precipitation_amount", "mm", "sum", "PT1M"),
    "dohl": ("visibility_in_air", "m"),
    "zglo": (_DOWN, "W/m2", "mean", "PT1M"),
})  # fmt: skip
_SHMU_CLOCK = ("times have no zone and are taken as the Central European Time that SHMÚ keeps all the year", "zone")


@service("open data of SHMÚ", r"data\[\]\.ind_kli", r"data\[\]\.minuta")
def _shmu(value: object, context: Context) -> Iterator[Report]:
    for given in objects(member(value, "data")):
        yield Report(
            station=f"shmu_{text_of(given, 'ind_kli')}",
            time=f"{text_of(given, 'minuta')}+01:00",
            given=known_of(given, _SHMU),
            left=[name for name in given if name not in _SHMU and name not in ("ind_kli", "minuta")],
            remarks=[_SHMU_CLOCK],
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


@service("observations of the UK Met Office's DataPoint", r"SiteRep\.DV\.Location.*")
def _datapoint(value: object, context: Context) -> Iterator[Report]:
    units = {text_of(each, "name"): text_of(each, "units") for each in objects(member(value, "SiteRep", "Wx", "Param"))}
    units |= {"D": "deg"}
    for place in objects(member(value, "SiteRep", "DV", "Location")):
        where = (place.get("lat"), place.get("lon"), place.get("elevation"), text_of(place, "name"))
        for day in objects(place.get("Period")):
            for given in objects(day.get("Rep")):
                minutes = text_of(given, "$")
                clock = divmod(int(minutes), 60) if minutes.isascii() and minutes.isdecimal() and len(minutes) < 5 else (99, 0)
                told = {**given, "D": BEARINGS.get(text_of(given, "D"))}
                fields = {n: field_of(n, name, units[n]) for n, name in _DATAPOINT.items() if units.get(n)}
                yield Report(
                    station=f"metoffice_{text_of(place, 'i')}",
                    time=f"{text_of(day, 'value').rstrip('Z')}T{clock[0]:02d}:{clock[1]:02d}",
                    given=known_of({name: each for name, each in told.items() if each is not None}, fields),
                    place=where,
                )


# --- Switzerland -----------------------------------------------------------------------------------------------------------
# MeteoSwiss, "Messwerte" (data.geo.admin.ch, ch.meteoschweiz.messwerte-lufttemperatur-10min and its kin): one quantity of all
# stations, told by the layer's name, which the document or else the file has. Places are in LV95 (EPSG:2056) and become degrees
# by swisstopo, "Formulas and constants for the calculation of the Swiss conformal cylindrical projection and for the
# transformation between coordinate systems", 3 (approximate formulas, to a metre)

_SWISS: dict[str, Known] = {
    "lufttemperatur": ("air_temperature",),
    "taupunkt": ("dew_point_temperature",),
    "luftfeuchtigkeit": ("relative_humidity",),
    "wind-?geschwindigkeit(?:-kmh)?": ("wind_speed",),
    "wind-boeenspitze(?:-kmh)?": ("wind_speed_of_gust",),
    "luftdruck-qfe": ("air_pressure",),
    "luftdruck-qff": (_SEA,),
    "luftdruck-qnh": ("altimeter_setting",),
    "niederschlag": ("precipitation_amount", "sum", "PT10M"),
    "globalstrahlung": (_DOWN, "mean", "PT10M"),
    "sonnenscheindauer": ("duration_of_sunshine", "sum", "PT10M"),
}
_SWISS_LEFT = (
    "which quantity it is stands neither in the document nor in the file's name, as in …messwerte-lufttemperatur-10min"
)
_SWISS_PLACES = "positions are reckoned from LV95 (EPSG:2056) by swisstopo's approximate formulas, to a metre"


@service(
    "measurements of MeteoSwiss",
    r"crs\.properties\.name",
    *(rf"features\[\]\.properties\.{name}" for name in ("reference_ts", "station_name", "value", "unit")),
    says={"crs.properties.name": ".*2056"},
)
def _meteoswiss(value: object, context: Context) -> Iterator[Report]:
    told = " ".join(
        [*(text for text in value.values() if isinstance(text, str)), context.key] if isinstance(value, dict) else []
    )
    known = next((each for name, each in _SWISS.items() if re.search(rf"(?i)\b{name}-10min", told)), None)
    for feature in objects(member(value, "features")):
        given = member(feature, "properties")
        taken: dict[Field, object] = {}
        if known:
            standard_name, *period = known
            taken[field_of("value", standard_name, text_of(given, "unit"), *period)] = member(given, "value")
            if standard_name == "wind_speed" and member(given, "wind_direction") is not None:
                taken[field_of("wind_direction", "wind_from_direction", "deg")] = member(given, "wind_direction")
        north, east = _of_lv95(*lonlat(feature))
        yield Report(
            station=text_of(feature, "id"),
            time=text_of(given, "reference_ts"),
            given=taken,
            place=(north, east, member(given, "altitude"), text_of(given, "station_name")),
            left=() if known else ("value",),
            remarks=[(_SWISS_PLACES,)] if known else [(_SWISS_PLACES,), (_SWISS_LEFT,)],
        )


def _of_lv95(east: object, north: object) -> tuple[str, str]:
    """Degrees north and east, to the metre; "" where they are no place in Switzerland or near it."""
    try:
        y, x = (float(each) if isinstance(each, str) else 0.0 for each in (east, north))
    except ValueError:
        return "", ""
    y, x = (y - 2_600_000) / 1e6, (x - 1_200_000) / 1e6
    if abs(y) > 0.5 or abs(x) > 0.5:
        return "", ""
    longitude = 2.6779094 + 4.728982 * y + 0.791484 * y * x + 0.1306 * y * x**2 - 0.0436 * y**3
    latitude = 16.9023892 + 3.238272 * x - 0.270978 * y**2 - 0.002528 * x**2 - 0.0447 * y**2 * x - 0.0140 * x**3
    return f"{latitude * 100 / 36:.5f}", f"{longitude * 100 / 36:.5f}"


EUROPE: tuple[Service, ...] = (
    _aemet, _aemet_days, _frost, _smhi, _dmi, _dmi_climate, _geosphere, _dballe, _galicia, _meteocat, _fews, _imgw, _ipma,
    _shmu, _meteo_france, _meteo_lt, _chmi, _meteoswiss, _datapoint,
)  # fmt: skip
