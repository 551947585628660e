"""What the columns of a logger's program are: the quantity that name, unit and process together mean.

Source: the names that Campbell's manuals and Short Cut give, and CRBasic's output instructions (Sample, Average, Maximum,
Totalize, WindVector …) with their abbreviations.
"""

import re
from functools import cache, lru_cache

from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.domain.units import UnknownUnit, converter
from mesonet.formats.tables.sensor_models import spelled
from mesonet.record import dataclass, replace
from mesonet.regex import regex

# standard name: the spellings of it, without separators and in lower case, as a regular expression
_QUANTITIES: dict[str, str] = {
    "air_temperature": r"(?:air|amb|ambient|outdoor)(?:t|temp|temperature)|(?:t|temp|temperature)(?:air|amb|ambient)|ta",
    "dew_point_temperature": r"dewpoint(?:t|temp|temperature)?|dewpt|dewp|td|tdew|tdewpoint|dp|dptemp",
    "wet_bulb_temperature": r"wetbulb(?:t|temp|temperature)?|tw|twet",
    "heat_index_of_air_temperature": r"hi|heatindex|heatidx",
    "wind_chill_of_air_temperature": r"wc|windchill",
    "soil_temperature": r"soil(?:t|temp|temperature)|tsoil|stemp",
    "volume_fraction_of_condensed_water_in_soil": r"(?:soil)?vwc?|(?:soil)?volumetricwater(?:content)?",
    "relative_humidity": r"rh|relhum|relhumidity|relativehumidity|humidity",
    "water_vapor_partial_pressure_in_air": r"vp|vapou?rpress(?:ure)?|actualvp",
    "air_pressure": r"bp|baro(?:m|meter|press|pressure|metricpressure)?|(?:air|atm|atmos|station|stn)(?:p|press|pressure)",
    "air_pressure_at_mean_sea_level": r"m?slp|msl(?:p|press|pressure)|sealevelpress(?:ure)?|bpsl",
    "wind_speed": r"ws|wspd|wspeed|windspeed|windspd|wndspd",
    "wind_from_direction": r"wd|wdir|winddir|winddirection|wnddir",
    "wind_speed_of_gust": r"w?gust|windgust|gustspeed|windgustspeed|wsgust",
    "precipitation_amount": r"rain|rainfall|precip|precipitation|ppt|pcp",
    "surface_downwelling_shortwave_flux_in_air": r"slr|solar(?:rad|radiation)?|slrrad|srad|sr|swin|ghi|globalrad(?:iation)?",
    "surface_upwelling_shortwave_flux_in_air": r"swout|srout",
    "surface_downwelling_longwave_flux_in_air": r"lwin",
    "surface_upwelling_longwave_flux_in_air": r"lwout",
    "surface_snow_thickness": r"snowdepth|snowdpth|snowheight",
    "visibility_in_air": r"vis|visibility",
}
# what a name may say of its unit, for each canonical unit
_NAME_UNITS: dict[str, dict[str, str]] = {
    "Cel": {"c": "Cel", "degc": "Cel", "f": "[degF]", "degf": "[degF]", "k": "K", "degk": "K"},
    "%": {"pct": "%", "percent": "%"},
    "hPa": {"mbar": "hPa", "mb": "hPa", "hpa": "hPa", "kpa": "kPa", "pa": "Pa", "mmhg": "mm[Hg]", "inhg": "[in_i'Hg]"},
    "m/s": {"ms": "m/s", "mps": "m/s", "mph": "[mi_i]/h", "kph": "km/h", "kmh": "km/h", "kts": "[kn_i]", "kt": "[kn_i]"},
    "deg": {"deg": "deg"},
    "mm": {"mm": "mm", "in": "[in_i]", "cm": "cm"},
    "W/m2": {"w": "W/m2", "wm2": "W/m2", "kw": "kW/m2", "kwm2": "kW/m2"},
    "m": {"m": "m", "km": "km"},
}
IN_THE_GROUND = ("soil_temperature", "volume_fraction_of_condensed_water_in_soil")
# what stands on a mast or in the ground at a height of its own; the name may tell it
AT_A_HEIGHT = (
    "air_temperature",
    "dew_point_temperature",
    "wet_bulb_temperature",
    "relative_humidity",
    "wind_speed",
    "wind_from_direction",
    "wind_speed_of_gust",
    *IN_THE_GROUND,
)
_HEIGHT = regex(r"(\d{1,3}(?:\.\d+)?)(m|cm)")
_SENSOR = regex(r"(?:s|sensor|probe|no|ch)?\d{1,2}|[a-z]{2,}\d+[a-z0-9]*|0\d{4}")  # S01, 2, HC2S3, HMP155, 05103
_NUMBERED = regex(r"(?:s|sensor|probe|no|ch)?(\d{1,2})")
_ELEMENT = regex(r"\((\d{1,4})(?:,\d+)*\)\s*$")  # of an array of a program
_PERIOD = regex(r"\d+(?:s|sec|min|h|hr|hrs|d|day)")
# the process of the fourth line: CF cell method (appendix E); a wind vector's speed is the mean of the speeds
_METHODS = {
    "smp": "point",
    "avg": "mean",
    "max": "maximum",
    "min": "minimum",
    "tot": "sum",
    "std": "standard_deviation",
    "med": "median",
    "wvc": "mean",
}
_SUFFIXES = {
    "avg": "avg",
    "mean": "avg",
    "max": "max",
    "min": "min",
    "tot": "tot",
    "total": "tot",
    "std": "std",
    "wvt": "wvc",
    "smp": "smp",
}
# the parts of CRBasic's WindVector that are taken: mean speed and mean direction of the unit vector
_VECTOR = {"s": "wind_speed", "d1": "wind_from_direction", "du": "wind_from_direction"}
_NOT_TAKEN = ("sd", "sd1", "sdu", "stdev")  # its deviation, which shares the process with the mean


_PARTS = regex(r"[_\s.\-]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What name, unit and process of a column together mean; `sensor` is the number of several that the name gives, 0 where
    it gives none."""

    standard_name: str
    unit: str
    method: str
    level: float | None
    sensor: int = 0


def meaning_of(name: str, unit: str, process: str) -> Meaning | None:
    """None where anything is unclear: a name not known, a unit that does not fit, a suffix that says another process."""
    element = _ELEMENT.search(name)
    plain = " ".join(_PARTS.split(name[: element.start() if element else None].lower()))
    meaning = _meaning(plain.split(), unit, process)
    if meaning is None and (said := spelled(plain)) != plain and (found := _meaning(said.split(), unit, process)):
        meaning = replace(found, sensor=max(found.sensor, 1))  # behind the one whose own name says it
    return replace(meaning, sensor=int(element[1])) if meaning and element else meaning


def _meaning(parts: list[str], unit: str, process: str) -> Meaning | None:
    for count in range(min(4, len(parts)), 0, -1):
        found = _quantity("".join(parts[:count]))
        if found:
            return _judged(*found, parts[count:], unit.strip(), process.strip().lower())
    return None


@lru_cache(maxsize=1024)  # a name without a unit is asked for twice
def _quantity(plain: str) -> tuple[str, str, str] | None:
    """Standard name, unit and height that the first parts of a name say."""
    if not _any().fullmatch(plain):
        return None
    for standard_name, pattern in _patterns().items():
        if match := pattern.fullmatch(plain):
            return standard_name, match["unit"] or "", match["height"] or ""
    return None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    found = {}
    for standard_name, spellings in _QUANTITIES.items():
        units = "|".join(sorted(_units_of(standard_name), key=len, reverse=True)) or "(?!)"
        found[standard_name] = regex(
            rf"(?:{spellings})(?P<unit>{units})?(?P<height>\d+(?:\.\d+)?(?:m|cm))?1?"
        )  # the first of several sensors
    return found


@cache
def _any() -> re.Pattern[str]:
    """All of them in one, since most names are none of them."""
    return regex("|".join(re.sub(r"\?P<\w+>", "", pattern.pattern) for pattern in _patterns().values()))


def _units_of(standard_name: str) -> dict[str, str]:
    return _NAME_UNITS.get(STANDARD_NAMES[standard_name][0], {})


def _judged(standard_name: str, said: str, height: str, rest: list[str], unit: str, process: str) -> Meaning | None:
    units = _units_of(standard_name)
    suffix = vector = ""
    sensor = 0
    for part in rest:
        if part in units and not said:
            said = part
        elif part in _SUFFIXES and not suffix:
            suffix = _SUFFIXES[part]
        elif part in _VECTOR and not vector and "wvt" in rest:
            vector = part
        elif _HEIGHT.fullmatch(part) and standard_name in AT_A_HEIGHT and not height:
            height = part
        elif part in _NOT_TAKEN or _PERIOD.fullmatch(part) or not _SENSOR.fullmatch(part):
            return None
        elif match := _NUMBERED.fullmatch(part):
            sensor = int(match[1])
    process = process or suffix
    method = _METHODS.get(process)
    if method is None or (suffix and suffix != process) or (vector and _VECTOR[vector] != standard_name):
        return None
    if (standard_name == "precipitation_amount") != (method == "sum"):  # a counter or an intensity; or a sum of temperatures
        return None
    if process == "wvc" and standard_name not in _VECTOR.values():
        return None
    found = _unit(standard_name, unit, units.get(said, ""))
    level = _level(standard_name, height)
    if found is None or (level is None and standard_name in IN_THE_GROUND):
        return None
    return Meaning(standard_name, found, method, level, sensor)


def _unit(standard_name: str, written: str, said: str) -> str | None:
    """The unit that the third line and the name agree on; None where they do not, or where there is none."""
    if not written:
        return said or None
    try:
        conversion = converter(written, standard_name)
        if said and converter(said, standard_name) != conversion:
            return None
    except UnknownUnit:
        return None
    return written


def _level(standard_name: str, height: str) -> float | None:
    match = _HEIGHT.fullmatch(height)
    if not match:
        return None
    metres = float(match[1]) * (0.01 if match[2] == "cm" else 1)
    return round(-metres if standard_name in IN_THE_GROUND else metres, 4)
