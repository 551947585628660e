"""What is observed: a CF standard name at a level, by a method, over a duration.

The four together are what the EUMETNET MetOcean profile of OGC API - EDR calls a parameter. Written
`standard_name:level:method:duration`, for instance `air_temperature:2:maximum:P1D`. Where level, method and duration are the
usual ones for the standard name (WMO-No. 8: temperature at 2 m, wind at 10 m, an instantaneous value), the standard name alone
is the identifier: `air_temperature`.
"""

from collections.abc import Iterable
from functools import lru_cache

from mesonet.errors import InvalidParameter
from mesonet.record import dataclass
from mesonet.regex import regex

# CF standard name: (canonical unit in UCUM, usual level in metres above ground)
STANDARD_NAMES: dict[str, tuple[str, float]] = {
    "air_temperature": ("Cel", 2.0),
    "dew_point_temperature": ("Cel", 2.0),
    "wet_bulb_temperature": ("Cel", 2.0),
    "apparent_air_temperature": ("Cel", 2.0),
    "wind_chill_of_air_temperature": ("Cel", 2.0),
    "heat_index_of_air_temperature": ("Cel", 2.0),
    "surface_temperature": ("Cel", 0.0),
    "soil_temperature": ("Cel", -0.1),
    "sea_surface_temperature": ("Cel", 0.0),
    "relative_humidity": ("%", 2.0),
    "specific_humidity": ("g/kg", 2.0),
    "water_vapor_partial_pressure_in_air": ("hPa", 2.0),
    "air_pressure": ("hPa", 0.0),
    "air_pressure_at_mean_sea_level": ("hPa", 0.0),
    "altimeter_setting": ("hPa", 0.0),  # QNH; not of CF, which has no name for it (BUFR 0 10 052)
    "tendency_of_air_pressure": ("hPa", 0.0),
    "wind_speed": ("m/s", 10.0),
    "wind_speed_of_gust": ("m/s", 10.0),
    "wind_from_direction": ("deg", 10.0),
    "wind_gust_from_direction": ("deg", 10.0),
    "precipitation_amount": ("mm", 0.0),
    "rainfall_amount": ("mm", 0.0),
    "rainfall_rate": ("mm/h", 0.0),
    "lwe_precipitation_rate": ("mm/h", 0.0),
    "thickness_of_snowfall_amount": ("mm", 0.0),
    "surface_snow_thickness": ("mm", 0.0),
    "lwe_thickness_of_surface_snow_amount": ("mm", 0.0),
    "water_evaporation_amount": ("mm", 0.0),
    "visibility_in_air": ("m", 2.0),
    "cloud_base_altitude": ("m", 0.0),
    "cloud_area_fraction": ("%", 0.0),
    "surface_downwelling_shortwave_flux_in_air": ("W/m2", 2.0),
    "surface_direct_along_beam_shortwave_flux_in_air": ("W/m2", 2.0),
    "surface_diffuse_downwelling_shortwave_flux_in_air": ("W/m2", 2.0),
    "surface_downwelling_longwave_flux_in_air": ("W/m2", 2.0),
    "surface_upwelling_shortwave_flux_in_air": ("W/m2", 2.0),
    "surface_upwelling_longwave_flux_in_air": ("W/m2", 2.0),
    "duration_of_sunshine": ("min", 0.0),
    "ultraviolet_index": ("1", 2.0),
    "volume_fraction_of_condensed_water_in_soil": ("%", -0.1),
}

# CF cell methods that a mapping may name; `point` is an instantaneous value (CF conventions, appendix E)
METHODS = (
    "point",
    "mean",
    "maximum",
    "minimum",
    "sum",
    "median",
    "mid_range",
    "mode",
    "range",
    "standard_deviation",
    "variance",
)

POINT = "point"
INSTANT = "PT0S"

_DURATION = regex(r"(?a)P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Level in metres above ground (negative below); duration as ISO 8601; a period's value stands at its end."""

    standard_name: str
    level: float
    method: str = POINT
    duration: str = INSTANT

    def __lt__(self, other: "Parameter") -> bool:
        mine, its = ((each.standard_name, each.level, each.method, each.duration) for each in (self, other))
        return mine < its

    @property
    def id(self) -> str:
        usual = STANDARD_NAMES.get(self.standard_name)
        if usual and self.level == usual[1] and self.method == POINT and self.duration == INSTANT:
            return self.standard_name
        return f"{self.standard_name}:{self.level:g}:{self.method}:{self.duration}"


def usual(standard_name: str, method: str = POINT, duration: str = INSTANT, *, level: float | None = None) -> Parameter:
    """The parameter of a standard name, at its usual level if no other is given: with nothing else what the bare name means."""
    level = STANDARD_NAMES.get(standard_name, ("", 0.0))[1] if level is None else level
    return Parameter(standard_name=standard_name, level=level, method=method, duration=duration)


@lru_cache(1_000)
def parse(identifier: str) -> Parameter:
    """The parameter that an identifier names. Raises ValueError where it has not one or four parts."""
    parts = identifier.split(":")
    if len(parts) == 1:
        return usual(identifier)
    name, level, method, duration = parts
    return Parameter(standard_name=name, level=float(level), method=method, duration=duration)


def named(names: Iterable[str], observed: Iterable[str]) -> list[str]:
    """The identifiers of a station's parameters that the names mean: an identifier itself, or a standard name for all that have
    it; `*` stands for anything. Raises InvalidParameter."""
    known = sorted(observed)
    found: list[str] = []
    for name in filter(None, map(str.strip, names)):
        fitting = [each for each in known if name in (each, each.partition(":")[0])] or _like(name, known)
        if not fitting:
            raise InvalidParameter(
                "parameters",
                f"this station has no parameter {name!r}",
                value=name,
                allowed=known or "none: it has no observations",
            )
        found += [each for each in fitting if each not in found]
    if not found:
        raise InvalidParameter("parameters", "the list is empty", allowed=known or "none: it has no observations")
    return found


def _like(name: str, known: list[str]) -> list[str]:
    if "*" not in name:
        return []
    from fnmatch import fnmatchcase  # seldom asked for

    return [each for each in known if fnmatchcase(each, name)]


def is_duration(text: str) -> bool:
    """ISO 8601, as P1D or PT10M."""
    return _DURATION.fullmatch(text) is not None
