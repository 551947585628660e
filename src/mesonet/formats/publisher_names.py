"""What publishers call their quantities, where their tables and their JSON say the same."""

from mesonet.domain.parameter import STANDARD_NAMES, is_duration
from mesonet.regex import regex

_DOWN = "surface_downwelling_shortwave_flux_in_air"
_POINT = ("point", "PT0S")

# Météo-France, "DPObs" and "DPPaquetObs" (portail-api.meteofrance.fr): standard name, unit, method, period; the extremes
# are of hours, and none of the six minutes that `rr_per` is of
METEO_FRANCE: dict[str, tuple[str, str, str, str]] = {
    "t": ("air_temperature", "K", *_POINT),
    "td": ("dew_point_temperature", "K", *_POINT),
    "tx": ("air_temperature", "K", "maximum", "PT1H"),
    "tn": ("air_temperature", "K", "minimum", "PT1H"),
    "u": ("relative_humidity", "%", *_POINT),
    "dd": ("wind_from_direction", "deg", "mean", "PT10M"),
    "ff": ("wind_speed", "m/s", "mean", "PT10M"),
    "fxi": ("wind_speed_of_gust", "m/s", "maximum", "PT1H"),
    "dxi": ("wind_gust_from_direction", "deg", "maximum", "PT1H"),
    "fxi10": ("wind_speed_of_gust", "m/s", "maximum", "PT10M"),
    "dxi10": ("wind_gust_from_direction", "deg", "maximum", "PT10M"),
    "rr1": ("precipitation_amount", "mm", "sum", "PT1H"),
    "rr_per": ("precipitation_amount", "mm", "sum", "PT6M"),
    "vv": ("visibility_in_air", "m", *_POINT),
    "sss": ("surface_snow_thickness", "m", *_POINT),
    "insolh": ("duration_of_sunshine", "min", "sum", "PT1H"),
    "ray_glo01": (_DOWN, "J/m2/h", "mean", "PT1H"),
    "pres": ("air_pressure", "Pa", *_POINT),
    "pmer": ("air_pressure_at_mean_sea_level", "Pa", *_POINT),
}
METEO_FRANCE_HOURS = ("tx", "tn")

# Visual Crossing, "Timeline Weather API" (visualcrossing.com/resources/documentation): unit groups us, metric, uk, base; nobody
# says whether a wind beside °C is in km/h (metric) or mph (uk), nor whether a visibility is in km or miles
VISUAL_UNITS: dict[str, dict[str, str]] = {
    "degF": {"temperature": "degF", "speed": "mph", "depth": "in", "distance": "mi"},
    "Cel": {"temperature": "Cel", "depth": "mm"},
    "K": {"temperature": "K", "speed": "m/s", "depth": "mm", "distance": "km"},
}
VISUAL_DAYS: dict[str, tuple[str, ...]] = {
    "tempmax": ("air_temperature", "temperature", "maximum", "P1D"),
    "tempmin": ("air_temperature", "temperature", "minimum", "P1D"),
    "temp": ("air_temperature", "temperature", "mean", "P1D"),
    "dew": ("dew_point_temperature", "temperature", "mean", "P1D"),
    "humidity": ("relative_humidity", "%", "mean", "P1D"),
    "pressure": ("air_pressure_at_mean_sea_level", "hPa", "mean", "P1D"),
    "windspeed": ("wind_speed", "speed", "maximum", "P1D"),
    "windgust": ("wind_speed_of_gust", "speed", "maximum", "P1D"),
    "cloudcover": ("cloud_area_fraction", "%", "mean", "P1D"),
    "solarradiation": (_DOWN, "W/m2", "mean", "P1D"),
    "precip": ("precipitation_amount", "depth", "sum", "P1D"),
}

# GeoSphere Austria, Data Hub (data.hub.geosphere.at, metadata of each dataset): standard name, method; units are WMO's; of rain
# (rr) and snow (sh) -1 means that there is none, and 0 less than what is measured
GEOSPHERE_NONE = ("rr", "sh")
GEOSPHERE: dict[str, tuple[str, str]] = {
    "tl": ("air_temperature", "point"),
    "tlmax": ("air_temperature", "maximum"),
    "tlmin": ("air_temperature", "minimum"),
    "tl_mittel": ("air_temperature", "mean"),
    "tp": ("dew_point_temperature", "point"),
    "rf": ("relative_humidity", "point"),
    "p": ("air_pressure", "point"),
    "pred": ("air_pressure_at_mean_sea_level", "point"),
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

# PVGIS 5.2 (European Commission, Joint Research Centre), user manual: standard name, unit
PVGIS: dict[str, tuple[str, str]] = {
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

# NASA POWER (power.larc.nasa.gov/docs, "Parameters"): standard name, method; the file tells the units
POWER: dict[str, tuple[str, str]] = {
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
POWER_UNITS = {"mm/hour": "mm", "mm/day": "mm", "Wh/m^2": "W/m2", "MJ/m^2/day": "MJ/m2/d", "MJ/hr": "277.7777778 W/m2"}
POWER_UNITS |= {"kW-hr/m^2/day": "41.66666667 W/m2", "Degrees": "deg"}


def geosphere_amount(text: str) -> str:
    """What falls, where a text may say that nothing does."""
    return "0" if regex(r"-1(\.0*)?").fullmatch(text.strip()) else text


# MET Norway, Frost API (frost.met.no/api.html, "elements"): CF standard names, unless instants with method and period
_FROST = regex(r"(?:(mean|max|min|sum)\()?([a-z_]+)(?: (P\w+)\))?")
_FROST_METHODS = {"mean": "mean", "max": "maximum", "min": "minimum", "sum": "sum", None: "point"}
_FROST_NAMES = {"air_pressure_at_sea_level": "air_pressure_at_mean_sea_level", "surface_air_pressure": "air_pressure"}
FROST_UNITS = {"percent": "%", "degrees": "deg", "octas": "[okta]"}


def frost_element(text: str) -> tuple[str, str, str] | None:
    """Standard name, method and duration of `air_temperature` or `mean(air_temperature P1D)`; None of other texts."""
    match = _FROST.fullmatch(text)
    name = _FROST_NAMES.get(match[2], match[2]) if match else ""
    if match is None or name not in STANDARD_NAMES or bool(match[1]) != bool(match[3]):
        return None
    duration = match[3] or "PT0S"
    return (name, _FROST_METHODS[match[1]], duration) if is_duration(duration) else None


# ČHMÚ, opendata.chmi.cz, "climate": elements of ten minutes, and of days with the function of time, which is a mean or a clock;
# of what a day sums up or has as its extreme the clock is when the day ends
_CHMI_DAYS: dict[str, tuple[str, str, str]] = {
    "T": ("air_temperature", "Cel", "mean"),
    "TMA": ("air_temperature", "Cel", "maximum"),
    "TMI": ("air_temperature", "Cel", "minimum"),
    "H": ("relative_humidity", "%", "mean"),
    "P": ("air_pressure", "hPa", "mean"),
    "E": ("water_vapor_partial_pressure_in_air", "hPa", "mean"),
    "F": ("wind_speed", "m/s", "mean"),
    "D": ("wind_from_direction", "deg", "mean"),
    "Fmax": ("wind_speed_of_gust", "m/s", "maximum"),
    "SRA": ("precipitation_amount", "mm", "sum"),
    "SSV": ("duration_of_sunshine", "h", "sum"),
    "SCE": ("surface_snow_thickness", "cm", "point"),
}
_OF_DAYS = ("TMA", "TMI", "Fmax", "SRA", "SSV", "SCE")  # whatever the clock


def chmi_daily(element: str, function: str) -> tuple[str, str, str, str] | None:
    """Standard name, unit, method and duration of an element of ČHMÚ's days: values at a clock are of that moment."""
    if element not in _CHMI_DAYS:
        return None
    name, unit, method = _CHMI_DAYS[element]
    if element in _OF_DAYS or function == "AVG":
        return name, unit, method, "PT0S" if method == "point" else "P1D"
    return (name, unit, "point", "PT0S") if _CLOCK.fullmatch(function) else None


_CLOCK = regex(r"\d\d:\d\d")


# Meteocat, XEMA ("Metadades de les variables"): code of a variable: standard name, unit, method and level. Values are of the
# half or the whole hour that begins at their time
_XEMA: dict[str, tuple[str, str, str, float]] = {
    "1": ("air_pressure", "hPa", "maximum", 0),
    "2": ("air_pressure", "hPa", "minimum", 0),
    "3": ("relative_humidity", "%", "maximum", 2),
    "30": ("wind_speed", "m/s", "mean", 10),
    "31": ("wind_from_direction", "deg", "mean", 10),
    "32": ("air_temperature", "Cel", "mean", 2),
    "33": ("relative_humidity", "%", "mean", 2),
    "34": ("air_pressure", "hPa", "mean", 0),
    "35": ("precipitation_amount", "mm", "sum", 0),
    "36": (_DOWN, "W/m2", "mean", 2),
    "40": ("air_temperature", "Cel", "maximum", 2),
    "42": ("air_temperature", "Cel", "minimum", 2),
    "44": ("relative_humidity", "%", "minimum", 2),
    "46": ("wind_speed", "m/s", "mean", 2),
    "47": ("wind_from_direction", "deg", "mean", 2),
    "48": ("wind_speed", "m/s", "mean", 6),
    "49": ("wind_from_direction", "deg", "mean", 6),
    "50": ("wind_speed_of_gust", "m/s", "maximum", 10),
    "51": ("wind_gust_from_direction", "deg", "maximum", 10),
    "53": ("wind_speed_of_gust", "m/s", "maximum", 6),
    "54": ("wind_gust_from_direction", "deg", "maximum", 6),
    "56": ("wind_speed_of_gust", "m/s", "maximum", 2),
    "57": ("wind_gust_from_direction", "deg", "maximum", 2),
}
XEMA_MINUTES = {"SH": 30, "HO": 60}  # the base of time
XEMA_REFUSED = "N"  # the state of a value that is not valid; others are valid, or not yet checked


def xema(code: str, base: str) -> tuple[str, str, str, str, float] | None:
    """What a variable of this code is: standard name, unit, method, duration and level."""
    known, minutes = _XEMA.get(code), XEMA_MINUTES.get(base)
    if known is None or minutes is None:
        return None
    name, unit, method, level = known
    return name, unit, method, f"PT{minutes}M" if minutes < 60 else "PT1H", level
