"""Tables whose publishers document them: what tells each, what its names mean, how its times are written, where its station is.

Each description names its source."""

from collections.abc import Sequence

from mesonet.domain.instant import duration
from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.degrees import by_humidity
from mesonet.formats.documented import Known, offset
from mesonet.formats.elements import Place
from mesonet.formats.json_readings import placed
from mesonet.formats.networks.publication import Head, Publication, Told, hour_after, seconds, step_of, written, zoned
from mesonet.formats.publisher_names import GEOSPHERE, GEOSPHERE_NONE, POWER, VISUAL_DAYS, VISUAL_UNITS, geosphere_amount
from mesonet.regex import regex

_DOWN = "surface_downwelling_shortwave_flux_in_air"
_SEA = "air_pressure_at_mean_sea_level"
_BEAM = "surface_direct_along_beam_shortwave_flux_in_air"
_DIFFUSE = "surface_diffuse_downwelling_shortwave_flux_in_air"
_POINT = ("point", "PT0S")
_MODELLED = "values are modelled for a point, not observed"

# --- NASA POWER --------------------------------------------------------------------------------------------------------------
# power.larc.nasa.gov/docs, "CSV": hours are means that begin at their stamp; LST is local solar time, whole hours of longitude


def _power(hourly: bool) -> dict[str, Known]:
    period = "PT1H" if hourly else "P1D"
    return {name: (standard_name, "", method, period) for name, (standard_name, method) in POWER.items()}


_POWER_PLACE = regex(r"(?i)Latitude\s+(-?\d+(?:\.\d+)?)\s+Longitude\s+(-?\d+(?:\.\d+)?)")
_POWER_HEIGHT = regex(r"= (-?[\d.]+) met")
_POWER_UNIT = regex(r"(?m)^([A-Z0-9_]+)\s.*\(([^()]+)\)\s*$")


def _power_head(head: Head) -> Told:
    where = _POWER_PLACE.search(head.above)
    if not where or abs(float(where[1])) > 90 or abs(float(where[2])) > 180:
        raise UnreadableFile("the lines above the table tell no latitude and longitude", row=1)
    identifier = placed("power", float(where[1]), float(where[2]))
    height = _POWER_HEIGHT.search(head.above)
    solar = "in LST" in head.above and "HR" in head.names
    hours = round(float(where[2]) / 15)
    return Told(
        station=identifier,
        place=Place(identifier, where[1], where[2], height[1] if height else ""),
        zone=offset(hours) if solar else "",
        units=dict(_POWER_UNIT.findall(head.above)),
        remarks=(f"local solar time is UTC{offset(hours)} at this longitude",) if solar else (),
    )


# --- California and the rest of the USA --------------------------------------------------------------------------------------
# CIMIS (cimis.water.ca.gov, "Data overview" and "Quality control flags"): Pacific Standard Time, hours are means that end then

CIMIS_LEVELS = {"wind_speed": 2.0, "wind_from_direction": 2.0, "soil_temperature": -0.15}
CIMIS_LEVELS |= dict.fromkeys(("air_temperature", "relative_humidity", "dew_point_temperature"), 1.5)
CIMIS_LEVELS |= {"water_vapor_partial_pressure_in_air": 1.5}
CIMIS_FLAGS = {"": NOT_EVALUATED, "R": FAIL, "S": FAIL, "Y": SUSPECT, "P": FAIL, "D": SUSPECT}
_CIMIS: dict[str, Known] = {
    "Air Temp": ("air_temperature", "", "mean", "PT1H"),
    "Rel Hum": ("relative_humidity", "", "mean", "PT1H"),
    "Dew Point": ("dew_point_temperature", "", "mean", "PT1H"),
    "Wind Speed": ("wind_speed", "", "mean", "PT1H"),
    "Wind Dir": ("wind_from_direction", "deg", "mean", "PT1H"),
    "Precip": ("precipitation_amount", "", "sum", "PT1H"),
    "Sol Rad": (_DOWN, "", "mean", "PT1H"),
    "Vap Pres": ("water_vapor_partial_pressure_in_air", "", "mean", "PT1H"),
    "Soil Temp": ("soil_temperature", "", "mean", "PT1H"),
}
_CIMIS_DAYS: dict[str, Known] = {
    "Max Air Temp": ("air_temperature", "", "maximum", "P1D"),
    "Min Air Temp": ("air_temperature", "", "minimum", "P1D"),
    "Avg Air Temp": ("air_temperature", "", "mean", "P1D"),
    "Max Rel Hum": ("relative_humidity", "", "maximum", "P1D"),
    "Min Rel Hum": ("relative_humidity", "", "minimum", "P1D"),
    "Avg Rel Hum": ("relative_humidity", "", "mean", "P1D"),
    "Dew Point": ("dew_point_temperature", "", "mean", "P1D"),
    "Avg Wind Speed": ("wind_speed", "", "mean", "P1D"),
    "Precip": ("precipitation_amount", "", "sum", "P1D"),
    "Sol Rad": (_DOWN, "", "mean", "P1D"),
    "Avg Vap Pres": ("water_vapor_partial_pressure_in_air", "", "mean", "P1D"),
    "Avg Soil Temp": ("soil_temperature", "", "mean", "P1D"),
}


def _qc_behind(names: Sequence[str], at: int) -> int | None:
    return at + 1 if names[at + 1 : at + 2] == ["qc"] else None


# USGS, "Tab-delimited output" of instantaneous values and its parameter codes (help.waterdata.usgs.gov)

_USGS: dict[str, Known] = {
    "00020": ("air_temperature", "Cel", *_POINT),
    "00021": ("air_temperature", "degF", *_POINT),
    "00025": ("air_pressure", "mmHg", *_POINT),
    "00035": ("wind_speed", "mph", *_POINT),
    "00036": ("wind_from_direction", "deg", *_POINT),
    "00052": ("relative_humidity", "%", *_POINT),
    "00045": ("precipitation_amount", "in", "sum", ""),
    "62608": (_DOWN, "W/m2", *_POINT),
}
_USGS_DAYS = {  # and the statistic of a day (help.waterdata.usgs.gov/stat_code); nobody adds temperatures up, or means sums
    f"{code}_{statistic}": (standard_name, unit, method, "P1D")
    for code, (standard_name, unit, told, _) in _USGS.items()
    for statistic, method in (("00001", "maximum"), ("00002", "minimum"), ("00003", "mean"), ("00006", "sum"))
    if (method == "sum") == (told == "sum")
}
_USGS_GONE = ("Eqp", "Ice", "Bkw", "Ssn", "***", "Dis", "Mnt", "Rat")  # why there is no value
_USGS_NAME = regex(r"\d+_(\d{5}(?:_\d{5})?)")


def _usgs_code(name: str) -> str:
    match = _USGS_NAME.fullmatch(name)
    return match[1] if match else name


# --- Europe ------------------------------------------------------------------------------------------------------------------
# ECA&D (ecad.eu, whose own lines explain the columns): days in tenths; quality 1 is suspect

_ECAD: dict[str, Known] = {
    "TG": ("air_temperature", "0.1 Cel", "mean", "P1D"),
    "TX": ("air_temperature", "0.1 Cel", "maximum", "P1D"),
    "TN": ("air_temperature", "0.1 Cel", "minimum", "P1D"),
    "RR": ("precipitation_amount", "0.1 mm", "sum", "P1D"),
    "PP": (_SEA, "0.1 hPa", "mean", "P1D"),
    "HU": ("relative_humidity", "%", "mean", "P1D"),
    "SS": ("duration_of_sunshine", "0.1 h", "sum", "P1D"),
    "SD": ("surface_snow_thickness", "cm", *_POINT),
    "CC": ("cloud_area_fraction", "[okta]", "mean", "P1D"),
    "FG": ("wind_speed", "0.1 m/s", "mean", "P1D"),
    "FX": ("wind_speed_of_gust", "0.1 m/s", "maximum", "P1D"),
    "QQ": (_DOWN, "W/m2", "mean", "P1D"),
}
_ECAD_STATION = regex(r"station ([^(\n]+?),? *\(STAID: *(\d+)\)")


def _ecad_head(head: Head) -> Told:
    match = _ECAD_STATION.search(head.above)
    return Told(station=f"ecad_{match[2]}", place=Place(f"ecad_{match[2]}", "", "", "", match[1])) if match else Told()


def _ecad_flag(names: Sequence[str], at: int) -> int | None:
    return names.index(f"Q_{names[at]}") if f"Q_{names[at]}" in names else None


# Norsk Klimaservicesenter (seklima.met.no): Norwegian normal time, decimal commas

_SEKLIMA: dict[str, Known] = {
    "Lufttemperatur": ("air_temperature", "Cel", *_POINT),
    "Maksimumstemperatur (1 t)": ("air_temperature", "Cel", "maximum", "PT1H"),
    "Minimumstemperatur (1 t)": ("air_temperature", "Cel", "minimum", "PT1H"),
    "Maksimumstemperatur (døgn)": ("air_temperature", "Cel", "maximum", "P1D"),
    "Minimumstemperatur (døgn)": ("air_temperature", "Cel", "minimum", "P1D"),
    "Middeltemperatur (døgn)": ("air_temperature", "Cel", "mean", "P1D"),
    "Nedbør (1 t)": ("precipitation_amount", "mm", "sum", "PT1H"),
    "Nedbør (døgn)": ("precipitation_amount", "mm", "sum", "P1D"),
    "Middelvind": ("wind_speed", "m/s", *_POINT),
    "Høyeste vindkast (1 t)": ("wind_speed_of_gust", "m/s", "maximum", "PT1H"),
    "Høyeste vindkast (døgn)": ("wind_speed_of_gust", "m/s", "maximum", "P1D"),
    "Vindretning": ("wind_from_direction", "deg", *_POINT),
    "Relativ luftfuktighet": ("relative_humidity", "%", *_POINT),
    "Duggpunktstemperatur": ("dew_point_temperature", "Cel", *_POINT),
    "Lufttrykk i stasjonsnivå": ("air_pressure", "hPa", *_POINT),
    "Lufttrykk i havnivå": (_SEA, "hPa", *_POINT),
    "Snødybde": ("surface_snow_thickness", "cm", *_POINT),
    "Sikt": ("visibility_in_air", "m", *_POINT),
}

# GeoSphere Austria, Data Hub, stations as CSV (data.hub.geosphere.at, metadata of each dataset): UTC, WMO units

_GEOSPHERE_UNITS = {
    "air_temperature": "Cel",
    "dew_point_temperature": "Cel",
    "relative_humidity": "%",
    "air_pressure": "hPa",
    _SEA: "hPa",
    "wind_speed": "m/s",
    "wind_speed_of_gust": "m/s",
    "wind_from_direction": "deg",
    "precipitation_amount": "mm",
    _DOWN: "W/m2",
}
_GEOSPHERE: dict[str, Known] = {
    name: (standard_name, _GEOSPHERE_UNITS[standard_name], *(_POINT if method == "point" else (method, "")))
    for name, (standard_name, method) in GEOSPHERE.items()
    if standard_name in _GEOSPHERE_UNITS
}

# DWD, "POI" (opendata.dwd.de, weather/weather_reports/poi, `…-BEOB.csv`): a station's last day in UTC; units and German names
# stand beneath the names

_POI: dict[str, Known] = {
    "dry_bulb_temperature_at_2_meter_above_ground": ("air_temperature", "", *_POINT),
    "dew_point_temperature_at_2_meter_above_ground": ("dew_point_temperature", "", *_POINT),
    "relative_humidity": ("relative_humidity", "", *_POINT),
    "pressure_reduced_to_mean_sea_level": (_SEA, "", *_POINT),
    "horizontal_visibility": ("visibility_in_air", "", *_POINT),
    "cloud_cover_total": ("cloud_area_fraction", "", *_POINT),
    "total_snow_depth": ("surface_snow_thickness", "", *_POINT),
    "mean_wind_speed_during last_10_min_at_10_meters_above_ground": ("wind_speed", "", "mean", "PT10M"),
    "mean_wind_direction_during_last_10 min_at_10_meters_above_ground": ("wind_from_direction", "deg", "mean", "PT10M"),
    "maximum_wind_speed_last_hour": ("wind_speed_of_gust", "", "maximum", "PT1H"),
    "global_radiation_past_hour": (_DOWN, "", "mean", "PT1H"),
    "total_time_of_sunshine_during_last_hour": ("duration_of_sunshine", "", "sum", "PT1H"),
    "precipitation_amount_last_hour": ("precipitation_amount", "", "sum", "PT1H"),
    **{f"precipitation_amount_last_{hours}_hours": ("precipitation_amount", "", "sum", f"PT{hours}H") for hours in (3, 6, 24)},
}


def _poi_head(head: Head) -> Told:
    units = head.beneath[0] if head.beneath else ()
    return Told(units={name: unit.strip() for name, unit in zip(head.names, units, strict=False) if unit.strip()})


# Met Office MIDAS Open as BADC-CSV (help.ceda.ac.uk, "BADC-CSV" and "MIDAS Open: hourly weather"): UTC; units stand above

_MIDAS: dict[str, Known] = {
    "air_temperature": ("air_temperature", "", *_POINT),
    "dewpoint": ("dew_point_temperature", "", *_POINT),
    "wetb_temp": ("wet_bulb_temperature", "", *_POINT),
    "rltv_hum": ("relative_humidity", "", *_POINT),
    "wind_speed": ("wind_speed", "", *_POINT),
    "wind_direction": ("wind_from_direction", "", *_POINT),
    "q10mnt_mxgst_spd": ("wind_speed_of_gust", "", *_POINT),
    "msl_pressure": (_SEA, "", *_POINT),
    "stn_pres": ("air_pressure", "", *_POINT),
    "visibility": ("visibility_in_air", "", *_POINT),
}


def _badc_head(head: Head) -> Told:
    lines = [line.split(",") for line in head.above.split("\n")]
    told = {line[0].strip(): [part.strip() for part in line[2:]] for line in lines if len(line) > 2 and line[1].strip() == "G"}
    named = [line for line in lines if line[0].strip() == "long_name" and len(line) > 3]
    number = (told.get("src_id") or [""])[0]
    latitude, longitude = (*told.get("location", []), "", "")[:2]
    identifier = f"midas_{number}" if number else ""
    height, name = (told.get("height") or [""])[0], (told.get("observation_station") or [""])[0]
    return Told(
        station=identifier,
        place=Place(identifier, latitude, longitude, height, name) if identifier else None,
        units={line[1].strip(): line[-1].strip() for line in named},
    )


# --- Anywhere ----------------------------------------------------------------------------------------------------------------
# Visual Crossing, days of the Timeline API as CSV, in units that the file does not tell (see `VISUAL_UNITS`)

_VISUAL_KINDS = {name: known[1] for name, known in VISUAL_DAYS.items() if known[1] in VISUAL_UNITS["degF"]}
_VISUAL: dict[str, Known] = {
    name.replace("pressure", "sealevelpressure"): (told, "" if name in _VISUAL_KINDS else unit, method, period)
    for name, (told, unit, method, period) in VISUAL_DAYS.items()
}


def _visual_head(head: Head) -> Told:
    rows = zip(*(head.column(name) for name in ("temp", "dew", "humidity")), strict=False)
    unit = by_humidity([(float(t), float(d), float(u)) for t, d, u in rows if all(map(_NUMBER.fullmatch, (t, d, u)))])
    if unit is None:
        return Told(remarks=("temperature, dew point and humidity do not tell the units: what has one was left",))
    own = VISUAL_UNITS[unit]
    return Told(
        units={name: own[kind] for name, kind in _VISUAL_KINDS.items() if kind in own},
        supposed=True,
        remarks=(
            f"units are not told; they are taken as those of {unit}, in which temperature, dew point and humidity agree",
            *(("windspeed, windgust and visibility were left: beside Cel they may be metric or the UK's",) * (unit == "Cel")),
        ),
    )


_NUMBER = regex(r"-?\d{1,3}(?:\.\d{1,6})?")

# --- Australia ---------------------------------------------------------------------------------------------------------------
# Bureau of Meteorology, "Notes to accompany daily weather observations" (IDCJDW….csv): rain and the least temperature are of
# the 24 hours to 9 a.m. and stand at their date; what is of 9 a.m. and 3 p.m. is in a local time that the file does not tell

_BOM_DAYS: dict[str, Known] = {
    "Minimum temperature": ("air_temperature", "", "minimum", "P1D"),
    "Maximum temperature": ("air_temperature", "", "maximum", "P1D"),
    "Rainfall": ("precipitation_amount", "", "sum", "P1D"),
    "Evaporation": ("water_evaporation_amount", "", "sum", "P1D"),
    "Sunshine": ("duration_of_sunshine", "", "sum", "P1D"),
    "Speed of maximum wind gust": ("wind_speed_of_gust", "", "maximum", "P1D"),
}
_BOM_STATION = regex(r"from (.+?) \{station (\w+)\}")


def _bom_head(head: Head) -> Told:
    match = _BOM_STATION.search(head.above)
    return Told(station=match[2], place=Place(match[2], "", "", "", match[1])) if match else Told()


# --- Korea -------------------------------------------------------------------------------------------------------------------
# KMA, data.kma.go.kr, "ASOS hours" as CSV: Korea standard time; radiation and sunshine are sums of the hour

_KMA: dict[str, Known] = {
    "기온": ("air_temperature", "", *_POINT),
    "강수량": ("precipitation_amount", "", "sum", "PT1H"),
    "풍속": ("wind_speed", "", *_POINT),
    "풍향": ("wind_from_direction", "", *_POINT),
    "습도": ("relative_humidity", "", *_POINT),
    "증기압": ("water_vapor_partial_pressure_in_air", "", *_POINT),
    "이슬점온도": ("dew_point_temperature", "", *_POINT),
    "현지기압": ("air_pressure", "", *_POINT),
    "해면기압": (_SEA, "", *_POINT),
    "일조": ("duration_of_sunshine", "", "sum", "PT1H"),
    "일사": (_DOWN, "277.7777778 W/m2", "mean", "PT1H"),
    "적설": ("surface_snow_thickness", "", *_POINT),
    "시정": ("visibility_in_air", "10 m", *_POINT),
    "지면온도": ("surface_temperature", "", *_POINT),
}

# --- Hong Kong ---------------------------------------------------------------------------------------------------------------
# Hong Kong Observatory, "Regional weather: the latest 1-minute …" (data.gov.hk): Hong Kong time, units behind names

_HKO: dict[str, Known] = {
    "Air Temperature": ("air_temperature", "", *_POINT),
    "Relative Humidity": ("relative_humidity", "", *_POINT),
    "Mean Sea Level Pressure": (_SEA, "", *_POINT),
    "10-Minute Mean Wind Direction": ("wind_from_direction", "deg", *_POINT),
    "10-Minute Mean Speed": ("wind_speed", "", *_POINT),
    "10-Minute Maximum Gust": ("wind_speed_of_gust", "", *_POINT),
}
_HKO_POINTS = ("North", "Northeast", "East", "Southeast", "South", "Southwest", "West", "Northwest")


def _hko_bearing(text: str) -> str:
    """Degrees of a point of the compass, 360 for north; "" for calm and variable winds, and whatever else."""
    return str(45 * _HKO_POINTS.index(text) or 360) if text in _HKO_POINTS else ""


# Hong Kong Observatory, climatological data of days (data.gov.hk): a title says of what and where, `#` marks what is incomplete

HKO_DAYS: dict[str, Known] = {
    "Daily Maximum Temperature": ("air_temperature", "Cel", "maximum", "P1D"),
    "Daily Mean Temperature": ("air_temperature", "Cel", "mean", "P1D"),
    "Daily Minimum Temperature": ("air_temperature", "Cel", "minimum", "P1D"),
    "Daily Mean Dew Point Temperature": ("dew_point_temperature", "Cel", "mean", "P1D"),
    "Daily Mean Wet Bulb Temperature": ("wet_bulb_temperature", "Cel", "mean", "P1D"),
    "Daily Mean Relative Humidity": ("relative_humidity", "%", "mean", "P1D"),
    "Daily Mean Wind Speed": ("wind_speed", "km/h", "mean", "P1D"),
    "Daily Total Rainfall": ("precipitation_amount", "mm", "sum", "P1D"),
    "Daily Total Bright Sunshine": ("duration_of_sunshine", "h", "sum", "P1D"),
    "Daily Global Solar Radiation": (_DOWN, "MJ/m2/d", "mean", "P1D"),
}
_HKO_TITLE = regex(r"Daily [^(\n]*\([^()\n]*\) at (?:the )?([^\"\n,]{1,60})")


def _hko_title(head: Head) -> Told:
    where = _HKO_TITLE.search(head.above)
    return Told(station=f"hko_{'_'.join(where[1].split())}" if where else "")


# --- models and sensors ------------------------------------------------------------------------------------------------------
# CAMS Radiation Service (soda-pro.com, "CAMS radiation: output"): irradiation of a period, in watt-hours

_CAMS_HEAD = {name: regex(rf"(?m)^# {words}[^:\n]*: *(-?\d+(?:\.\d+)?)") for name, words in (
    ("latitude", "Latitude"), ("longitude", "Longitude"), ("altitude", "Altitude"))}  # fmt: skip
_CAMS_PERIOD = regex(r"integration\) period: 0 year 0 month 0 day (\d+) h (\d+) min 0 s")
_CAMS: dict[str, Known] = {
    "GHI": (_DOWN, "", "mean", ""),
    "DHI": (_DIFFUSE, "", "mean", ""),
    "BNI": (_BEAM, "", "mean", ""),
}


def _cams_head(head: Head) -> Told:
    where = {name: match[1] for name, pattern in _CAMS_HEAD.items() if (match := pattern.search(head.above))}
    period = _CAMS_PERIOD.search(head.above)
    minutes = int(period[1]) * 60 + int(period[2]) if period else 0
    if len(where) < 3 or not minutes or abs(float(where["latitude"])) > 90 or abs(float(where["longitude"])) > 180:
        raise UnreadableFile("the lines above the table tell no place or no period of at most hours", row=1)
    identifier = placed("cams", float(where["latitude"]), float(where["longitude"]))
    return Told(
        station=identifier,
        place=Place(identifier, where["latitude"], where["longitude"], where["altitude"]),
        units=dict.fromkeys(_CAMS, f"{60 / minutes:g} W/m2"),
        period=duration(minutes * 60_000),
    )


# Solcast (docs.solcast.com.au, "Historic data"): means of a period that ends then

_SOLCAST: dict[str, Known] = {
    "airtemp": ("air_temperature", "Cel", "mean", ""),
    "dewpointtemp": ("dew_point_temperature", "Cel", "mean", ""),
    "relativehumidity": ("relative_humidity", "%", "mean", ""),
    "surfacepressure": ("air_pressure", "hPa", "mean", ""),
    "windspeed10m": ("wind_speed", "m/s", "mean", ""),
    "winddirection10m": ("wind_from_direction", "deg", "mean", ""),
    "ghi": (_DOWN, "W/m2", "mean", ""),
    "dni": (_BEAM, "W/m2", "mean", ""),
    "dhi": (_DIFFUSE, "W/m2", "mean", ""),
}


def _solcast_head(head: Head) -> Told:
    return Told(period=next(iter(head.column("Period" if "Period" in head.names else "period")), ""))


# Sensor.Community (archive.sensor.community): UTC, pascals

_SENSOR_COMMUNITY: dict[str, Known] = {
    "temperature": ("air_temperature", "Cel", *_POINT),
    "humidity": ("relative_humidity", "%", *_POINT),
    "pressure": ("air_pressure", "Pa", *_POINT),
}

# WeatherFlow, "Tempest API: observations by device" as CSV: metric units, means and sums of the minutes that a row tells

_TEMPEST: dict[str, Known] = {
    "wind_avg": ("wind_speed", "m/s", "mean", ""),
    "wind_gust": ("wind_speed_of_gust", "m/s", "maximum", ""),
    "wind_dir": ("wind_from_direction", "deg", "mean", ""),
    "pressure": ("air_pressure", "hPa", *_POINT),
    "temperature": ("air_temperature", "Cel", *_POINT),
    "humidity": ("relative_humidity", "%", *_POINT),
    "uv": ("ultraviolet_index", "1", *_POINT),
    "solar_radiation": (_DOWN, "W/m2", *_POINT),
    "precip": ("precipitation_amount", "mm", "sum", ""),
}


def _tempest_head(head: Head) -> Told:
    steps = set(head.column("bucket_step_minutes"))
    step = steps.pop() if len(steps) == 1 else ""
    known = step.isascii() and step.isdecimal() and len(step) <= 4 and 0 < int(step) < 1440
    return Told(period=f"PT{int(step)}M" if known else "")


# METER's ZENTRA Cloud ("ZENTRA Cloud manual", CSV): the logger above, units before the names, means of the interval of logging

_ZENTRA: dict[str, Known] = {
    "Solar Radiation": (_DOWN, "", "mean", ""),
    "Precipitation": ("precipitation_amount", "", "sum", ""),
    "Wind Speed": ("wind_speed", "", "mean", ""),
    "Wind Direction": ("wind_from_direction", "", "mean", ""),
    "Gust Speed": ("wind_speed_of_gust", "", "maximum", ""),
    "Air Temperature": ("air_temperature", "", "mean", ""),
    "Vapor Pressure": ("water_vapor_partial_pressure_in_air", "", "mean", ""),
    "Atmospheric Pressure": ("air_pressure", "", "mean", ""),
}
_ZENTRA_NAME = regex(r"(\S+) (.+)")
_ZENTRA_LOGGER = regex(r"\bz6-\d{5}\b")


def _zentra_called(name: str) -> str:
    match = _ZENTRA_NAME.fullmatch(name.strip())
    return match[2] if match else ""


def _zentra_head(head: Head) -> Told:
    logger = _ZENTRA_LOGGER.search(head.above)
    return Told(
        station=logger[0] if logger else "",
        units={name: match[1] for name in head.names if (match := _ZENTRA_NAME.fullmatch(name))},
        period=step_of(head.column("Timestamps")),
        remarks=("its clock has no zone and was taken as UTC; a mapping can say the logger's zone",),
        inferred=("zone",),
    )


# Israel Meteorological Service (ims.data.gov.il, CSV): units stand in brackets behind the names, the clock in that of the time;
# winter's is two hours ahead of UTC all the year. `Time ending …` and the wind of moving minutes are left

_IMS: dict[str, Known] = {
    "Temperature": ("air_temperature", "", *_POINT),
    "Maximum temperature": ("air_temperature", "", "maximum", ""),
    "Minimum temperature": ("air_temperature", "", "minimum", ""),
    "Wet temperature": ("wet_bulb_temperature", "", *_POINT),
    "Dew point temperature": ("dew_point_temperature", "", *_POINT),
    "Relative humidity": ("relative_humidity", "", *_POINT),
    "Pressure at station level": ("air_pressure", "", *_POINT),
    "Pressure at sea level": (_SEA, "", *_POINT),
    "Wind speed": ("wind_speed", "", *_POINT),
    "Wind direction": ("wind_from_direction", "deg", *_POINT),
    "Gust wind speed": ("wind_speed_of_gust", "", "maximum", ""),
    "Gust wind direction": ("wind_gust_from_direction", "deg", "maximum", ""),
    "Global radiation": (_DOWN, "", "mean", ""),
    "Diffused radiation": (_DIFFUSE, "", "mean", ""),
    "Direct radiation": (_BEAM, "", "mean", ""),
    "Rainfall": ("precipitation_amount", "", "sum", ""),
}
_IMS_OWN = ("Wet temperature", "Pressure at station level", "Gust wind speed", "Diffused radiation", "Direct radiation")
_IMS_ZONES = {"UTC": "UTC", "Winter": "+02:00", "Summer": "Asia/Jerusalem"}
_IMS_TIME = written("%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M")


def _ims_head(head: Head) -> Told:
    name = next(name for name in head.names if name.startswith("Date & Time ("))
    return Told(period=step_of(list(map(_IMS_TIME, head.column(name)))))


# the same with Hebrew names, a day and a clock of local standard time
_IMS_HEBREW: dict[str, Known] = {
    "טמפרטורה": _IMS["Temperature"],
    "טמפרטורת מקסימום": _IMS["Maximum temperature"],
    "טמפרטורת מינימום": _IMS["Minimum temperature"],
    "לחות יחסית": _IMS["Relative humidity"],
    "לחץ בגובה התחנה": _IMS["Pressure at station level"],
    "קרינה גלובלית": _IMS["Global radiation"],
    "קרינה ישירה": _IMS["Direct radiation"],
    "קרינה מפוזרת": _IMS["Diffused radiation"],
    "כמות גשם": _IMS["Rainfall"],
    "מהירות הרוח": _IMS["Wind speed"],
    "כיוון הרוח": _IMS["Wind direction"],
    "מהירות המשב העליון": _IMS["Gust wind speed"],
    "כיוון המשב העליון": _IMS["Gust wind direction"],
}
_IMS_HEBREW_DAY, _IMS_HEBREW_CLOCK, _IMS_HEBREW_STATION = "תאריך", "שעה- LST", "שם תחנה"


def _ims_hebrew_head(head: Head) -> Told:
    clocks = zip(head.column(_IMS_HEBREW_DAY), head.column(_IMS_HEBREW_CLOCK), strict=False)
    return Told(period=step_of([_IMS_TIME(" ".join(each)) for each in clocks]))


# BMKG (Indonesia), dataonline.bmkg.go.id, "Data Harian": days at their dates, below lines that tell of the station; 8888 is
# what was not measured, 9999 that there are no data

_BMKG: dict[str, Known] = {
    "TN": ("air_temperature", "Cel", "minimum", "P1D"),
    "TX": ("air_temperature", "Cel", "maximum", "P1D"),
    "TAVG": ("air_temperature", "Cel", "mean", "P1D"),
    "RH_AVG": ("relative_humidity", "%", "mean", "P1D"),
    "RR": ("precipitation_amount", "mm", "sum", "P1D"),
    "SS": ("duration_of_sunshine", "h", "sum", "P1D"),
    "FF_X": ("wind_speed", "m/s", "maximum", "P1D"),
    "FF_AVG": ("wind_speed", "m/s", "mean", "P1D"),
}
_BMKG_ABOVE = {
    name: regex(rf"(?im)^[\s\"]*{words}[\s\",]*:[\s\",]*([^\n,\"]+)")
    for name, words in {
        "number": "ID WMO",
        "name": "Nama Stasiun",
        "latitude": "Lintang",
        "longitude": "Bujur",
        "height": "Elevasi",
    }.items()
}


def _bmkg_head(head: Head) -> Told:
    told = {name: match[1].strip() if (match := pattern.search(head.above)) else "" for name, pattern in _BMKG_ABOVE.items()}
    number = told["number"]
    station = f"0-20000-0-{number}" if len(number) == 5 and number.isdecimal() else number
    place = Place(station, told["latitude"], told["longitude"], told["height"], told["name"]) if station else None
    return Told(station=station, place=place)


# HungaroMet, odp.met.hu, "weather: 10 minutes and hours": UTC; each name is followed by its quality, which is left

_HUNGARO: dict[str, Known] = {
    "r": ("precipitation_amount", "mm", "sum", ""),
    "t": ("air_temperature", "Cel", *_POINT),
    "ta": ("air_temperature", "Cel", "mean", ""),
    "tn": ("air_temperature", "Cel", "minimum", ""),
    "tx": ("air_temperature", "Cel", "maximum", ""),
    "v": ("visibility_in_air", "m", *_POINT),
    "p": ("air_pressure", "hPa", *_POINT),
    "u": ("relative_humidity", "%", *_POINT),
    "fs": ("wind_speed", "m/s", "mean", ""),
    "fsd": ("wind_from_direction", "deg", "mean", ""),
    "fx": ("wind_speed_of_gust", "m/s", "maximum", ""),
    "fxd": ("wind_gust_from_direction", "deg", "maximum", ""),
}
_HUNGARO_TIME = written("%Y%m%d%H%M")


def _hungaro_head(head: Head) -> Told:
    step = step_of(list(map(_HUNGARO_TIME, head.column("Time"))), head.column("StationNumber"))
    return Told(period=step if step in ("PT10M", "PT1H") else "")  # a row of a day is still of minutes, or an hour


# COSMOS-UK (UKCEH; cosmos.ceh.ac.uk, "Downloads", and the guide to the archive at the EIDC): UTC, of the half hours or days
# that end then; soil is measured at depths that the file does not tell

# SLF, "Measurement Data" (measurement-api.slf.ch): means of half an hour in UTC; temperatures in the snow are left
_IMIS: dict[str, Known] = {
    "TA_30MIN_MEAN": ("air_temperature", "Cel", "mean", "PT30M"),
    "RH_30MIN_MEAN": ("relative_humidity", "%", "mean", "PT30M"),
    "VW_30MIN_MEAN": ("wind_speed", "m/s", "mean", "PT30M"),
    "VW_30MIN_MAX": ("wind_speed_of_gust", "m/s", "maximum", "PT30M"),
    "DW_30MIN_MEAN": ("wind_from_direction", "deg", "mean", "PT30M"),
    "TSS_30MIN_MEAN": ("surface_temperature", "Cel", "mean", "PT30M"),
    "RSWR_30MIN_MEAN": ("surface_upwelling_shortwave_flux_in_air", "W/m2", "mean", "PT30M"),
    "HS": ("surface_snow_thickness", "cm", "point", "PT0S"),
}

_COSMOS: dict[str, Known] = {
    "TA": ("air_temperature", "Cel", "mean", ""),
    "TA_MIN": ("air_temperature", "Cel", "minimum", ""),
    "TA_MAX": ("air_temperature", "Cel", "maximum", ""),
    "RH": ("relative_humidity", "%", "mean", ""),
    "PA": ("air_pressure", "hPa", "mean", ""),
    "WS": ("wind_speed", "m/s", "mean", ""),
    "WD": ("wind_from_direction", "deg", "mean", ""),
    "PRECIP": ("precipitation_amount", "mm", "sum", ""),
    "SWIN": (_DOWN, "W/m2", "mean", ""),
    "LWIN": ("surface_downwelling_longwave_flux_in_air", "W/m2", "mean", ""),
}
_COSMOS_SITE = regex(r"(?m)^site-id,\"?([A-Z0-9]{4,6})\b")
_COSMOS_NAME = regex(r"(?m)^site-name,\"?([^\",\n]+)")


def _cosmos_head(head: Head) -> Told:
    site, name = _COSMOS_SITE.search(head.above), _COSMOS_NAME.search(head.above)
    clock = next((each for each in ("parameter-id", "DATE_TIME") if each in head.names), "")
    station = f"cosmos-uk_{site[1]}" if site else ""
    place = Place(station, "", "", "", name[1]) if site and name else None
    return Told(station=station, place=place, period=step_of(head.column(clock)))


_DAY = written("%Y%m%d")
PUBLICATIONS: tuple[Publication, ...] = (
    Publication(
        who="NASA POWER, hours of a model",
        must=("YEAR", "MO", "DY", "HR"),
        title="END HEADER",  # what R keeps of it has a place in each row instead
        known=_power(hourly=True),
        time=("YEAR", "MO", "DY", "HR"),
        moment=hour_after,
        told=_power_head,
        prefix="power_",
        missing=("-999", "-999.0", "-999.00"),
        remarks=(_MODELLED,),
    ),
    *(
        Publication(
            who="NASA POWER, days of a model",
            must=must,
            title="END HEADER",
            known=_power(hourly=False),
            time=must,
            moment=written(pattern),
            told=_power_head,
            prefix="power_",
            missing=("-999", "-999.0", "-999.00"),
            remarks=(_MODELLED,),
        )
        for must, pattern in ((("YEAR", "DOY"), "%Y %j"), (("YEAR", "MO", "DY"), "%Y %m %d"))
    ),
    Publication(
        who="hours of CIMIS, California",
        must=("Stn Id", "CIMIS Region", "Date", "Hour (PST)"),
        known=_CIMIS,
        time=("Date", "Hour (PST)"),
        moment=written("%m/%d/%Y %H%M"),
        zone="-08:00",
        station="Stn Id",
        prefix="cimis_",
        flag=_qc_behind,
        meaning=CIMIS_FLAGS,
        levels=CIMIS_LEVELS,
    ),
    Publication(
        who="days of CIMIS, California",
        must=("Stn Id", "CIMIS Region", "Date"),
        known=_CIMIS_DAYS,
        time=("Date",),
        moment=written("%m/%d/%Y"),
        station="Stn Id",
        prefix="cimis_",
        flag=_qc_behind,
        meaning=CIMIS_FLAGS,
        levels=CIMIS_LEVELS,
    ),
    Publication(
        who="instantaneous values of the USGS",
        must=("agency_cd", "site_no", "datetime", "tz_cd"),
        known=_USGS,
        time=("datetime", "tz_cd"),
        moment=zoned,
        called=_usgs_code,
        delimiter="\t",
        station="site_no",
        prefix="USGS-",
        told=lambda head: Told(period=step_of(head.column("datetime"), head.column("site_no"))),
        missing=_USGS_GONE,
        beneath=1,
    ),
    Publication(
        who="daily values of the USGS",
        must=("agency_cd", "site_no", "datetime"),
        known=_USGS_DAYS,
        time=("datetime",),
        called=_usgs_code,
        delimiter="\t",
        station="site_no",
        prefix="USGS-",
        missing=_USGS_GONE,
        beneath=1,
    ),
    Publication(
        who="days of Visual Crossing",
        must=("name", "datetime", "tempmax", "tempmin", "temp", "dew", "humidity", "feelslikemax", "precipcover"),
        known=_VISUAL,
        time=("datetime",),
        station="name",
        prefix="visualcrossing_",
        told=_visual_head,
        remarks=("values are those of stations near by, or modelled, for a point",),
    ),
    Publication(
        who="days of ECA&D",
        must=("STAID", "SOUID", "DATE"),
        known=_ECAD,
        time=("DATE",),
        moment=_DAY,
        station="STAID",
        prefix="ecad_",
        told=_ecad_head,
        flag=_ecad_flag,
        meaning={"1": SUSPECT},
        missing=("-9999",),
    ),
    Publication(
        who="days of ECA&D, of one source",
        must=("SOUID", "DATE"),
        known=_ECAD,
        time=("DATE",),
        moment=_DAY,
        prefix="ecad_",
        told=_ecad_head,
        flag=_ecad_flag,
        meaning={"1": SUSPECT},
        missing=("-9999",),
    ),
    Publication(
        who="Norsk Klimaservicesenter",
        must=("Navn", "Stasjon", "Tid(norsk normaltid)"),
        known=_SEKLIMA,
        time=("Tid(norsk normaltid)",),
        moment=written("%d.%m.%Y %H:%M", "%d.%m.%Y"),
        called=str.strip,
        delimiter=";",
        zone="+01:00",
        station="Stasjon",
        comma=True,
    ),
    Publication(
        who="MIDAS Open of the UK Met Office (BADC-CSV)",
        must=("ob_time", "met_domain_name", "src_id"),
        known=_MIDAS,
        time=("ob_time",),
        told=_badc_head,
        prefix="midas_",
    ),
    Publication(
        who="days of the Bureau of Meteorology",
        must=("Date", "9am MSL pressure (hPa)"),
        known=_BOM_DAYS,
        time=("Date",),
        moment=written("%Y-%m-%d"),
        told=_bom_head,
        prefix="bom_",
    ),
    Publication(
        who="hours of KMA's stations, Korea",
        must=("지점", "일시", "기온(°C)"),
        known=_KMA,
        time=("일시",),
        zone="+09:00",
        station="지점",
        prefix="kma_",
    ),
    Publication(
        who="CAMS Radiation Service, modelled",
        must=("Observation period", "TOA", "GHI", "BNI"),
        known=_CAMS,
        time=("Observation period",),
        moment=lambda text: text.strip().rpartition("/")[2],
        delimiter=";",
        told=_cams_head,
        prefix="cams_",
        remarks=(_MODELLED,),
    ),
    *(
        Publication(
            who="Solcast, modelled",
            must=must,
            known=_SOLCAST,
            time=must[:1],
            called=lambda name: name.replace("_", "").lower(),
            told=_solcast_head,
            prefix="solcast_",
            remarks=(_MODELLED,),
        )
        for must in (("PeriodEnd", "Period"), ("period_end", "period"))
    ),
    Publication(
        who="Sensor.Community",
        must=("sensor_id", "sensor_type", "timestamp"),
        known=_SENSOR_COMMUNITY,
        time=("timestamp",),
        delimiter=";",
        station="sensor_id",
        prefix="sensor-community_",
    ),
    Publication(
        who="latest observations of the Hong Kong Observatory",
        must=("Date time", "Automatic Weather Station"),
        known=_HKO,
        time=("Date time",),
        moment=written("%Y%m%d%H%M"),
        zone="+08:00",
        station="Automatic Weather Station",
        prefix="hko_",
        missing=("N/A",),
        clean={"10-Minute Mean Wind Direction": _hko_bearing},
    ),
    *(
        Publication(
            who=f"days of the Hong Kong Observatory, {title}",
            must=("年/Year", "月/Month", "日/Day", "數值/Value"),
            title=title,
            known={"數值/Value": known},
            time=("年/Year", "月/Month", "日/Day"),
            moment=written("%Y %m %d"),
            told=_hko_title,
            flag=lambda names, at: at + 1,
            meaning={"#": SUSPECT},
            prefix="hko_",
            missing=("***",),
            clean={"數值/Value": lambda text: "0" if text.strip() == "Trace" else text} if known[2] == "sum" else {},
        )
        for title, known in HKO_DAYS.items()
    ),
    Publication(
        who="observations of WeatherFlow's Tempest",
        must=("device_id", "type", "bucket_step_minutes", "timestamp"),
        first={"type": "obs_st"},
        known=_TEMPEST,
        time=("timestamp",),
        moment=seconds,
        station="device_id",
        prefix="tempest_",
        told=_tempest_head,
    ),
    Publication(
        who="a logger of METER (ZENTRA Cloud)",
        must=("Timestamps",),
        first={"Timestamps": r"\d{4}-\d\d-\d\d\b.*"},
        known=_ZENTRA,
        time=("Timestamps",),
        called=_zentra_called,
        told=_zentra_head,
        prefix="zentra_",
    ),
    *(
        Publication(
            who="stations of the Israel Meteorological Service",
            must=("Station", name),
            also=() if zone != "UTC" else _IMS_OWN,
            known=_IMS,
            time=(name,),
            moment=_IMS_TIME,
            zone=zone,
            station="Station",
            prefix="ims_",
            told=_ims_head,
        )
        for name, zone in ((f"Date & Time ({season})", zone) for season, zone in _IMS_ZONES.items())
    ),
    Publication(
        who="stations of the Israel Meteorological Service",
        must=(_IMS_HEBREW_STATION, _IMS_HEBREW_DAY, _IMS_HEBREW_CLOCK),
        known=_IMS_HEBREW,
        time=(_IMS_HEBREW_DAY, _IMS_HEBREW_CLOCK),
        moment=_IMS_TIME,
        zone="+02:00",
        station=_IMS_HEBREW_STATION,
        prefix="ims_",
        told=_ims_hebrew_head,
    ),
    *(
        Publication(
            who="days of BMKG (Indonesia)",
            must=must,
            known=_BMKG,
            called=str.upper,
            time=must[:1],
            moment=written("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"),
            missing=("8888", "9999"),
            told=_bmkg_head,
            prefix="bmkg_",
        )
        for must in (("TANGGAL", "TN", "TX", "TAVG", "RR"), ("Tanggal", "Tn", "Tx", "Tavg", "RR"))
    ),
    Publication(
        who="a station of the German weather service (POI)",
        must=("surface observations", "Parameter description"),
        known=_POI,
        delimiter=";",
        time=("surface observations", "Parameter description"),
        moment=written("%d.%m.%y %H:%M", "%d.%m.%Y %H:%M"),
        told=_poi_head,
        comma=True,
        missing=("---",),
        beneath=2,
        prefix="dwd-poi_",
    ),
    Publication(
        who="stations of HungaroMet",
        must=("StationNumber", "Time", "t", "u"),
        known=_HUNGARO,
        first={"Time": r"\d{12}"},
        delimiter=";",
        time=("Time",),
        moment=_HUNGARO_TIME,
        missing=("-999",),
        station="StationNumber",
        prefix="hungaromet_",
        told=_hungaro_head,
    ),
    *(
        Publication(
            who="stations of COSMOS-UK",
            must=must,
            also=("TA", "RH", "PA", "PRECIP", "SWIN"),
            title=title,
            known=_COSMOS,
            time=must[:1],
            called=str.upper,
            station="".join(must[1:]),
            prefix="cosmos-uk_",
            levels={"wind_speed": 2.0, "wind_from_direction": 2.0},
            told=_cosmos_head,
            beneath=beneath,
            missing=("-9999",),
            first=dict.fromkeys(must[1:], r"[A-Z]{4}[A-Z1]"),
        )
        for must, title, beneath in ((("parameter-id",), "site-id", 2), (("DATE_TIME", "SITE_ID"), "", 0))
    ),
    Publication(
        who="IMIS, the stations of SLF (Switzerland)",
        must=("station_code", "measure_date"),
        also=tuple(name for name in _IMIS if "30MIN" in name),  # days have the snow's height alone, of 24 hours
        known=_IMIS,
        time=("measure_date",),
        station="station_code",
        prefix="imis_",
    ),
    Publication(
        who="stations of GeoSphere Austria",
        must=("time", "station"),
        known=_GEOSPHERE,
        also=("tl", "tlmax", "tl_mittel", "ffam", "glow", "cglo"),
        clean=dict.fromkeys(GEOSPHERE_NONE, geosphere_amount),
        first={"time": r".*\+00:00", "station": r"\d+"},
        time=("time",),
        called=str.lower,
        station="station",
        prefix="geosphere_",
        told=lambda head: Told(period=step_of(head.column("time"), head.column("station"))),
    ),
)
