"""What a quantity can be at all, anywhere: beyond it the unit is another one than the file says, or the sensor is broken.

A little wider than the extremes ever observed (WMO, World Weather and Climate Extremes Archive, https://wmo.asu.edu) and than
what an instrument's offset may add. These are no limits of quality control, which are tighter and depend on place and season.
"""

from collections.abc import Sequence

from mesonet.domain.observation import Quality
from mesonet.domain.parameter import Parameter
from mesonet.domain.units import allowed_for, converter

# canonical unit of the standard name
_BOUNDS: dict[str, tuple[float, float]] = {
    "air_temperature": (-95, 65),  # -89.2 at Vostok, 56.7 in Death Valley
    "dew_point_temperature": (-110, 45),
    "wet_bulb_temperature": (-95, 45),
    "wind_chill_of_air_temperature": (-150, 65),
    "heat_index_of_air_temperature": (-95, 120),
    "soil_temperature": (-95, 95),
    "relative_humidity": (-3, 115),  # a capacitive sensor in fog reads a little above 100
    "water_vapor_partial_pressure_in_air": (0, 100),
    "air_pressure": (300, 1110),  # 313 on Everest, 1089 in Mongolia (reduced), 1070 at the Dead Sea
    "air_pressure_at_mean_sea_level": (850, 1110),  # 870 in typhoon Tip
    "wind_speed": (0, 115),
    "wind_speed_of_gust": (0, 150),  # 113.2 on Barrow Island; tornadoes are not measured
    "wind_from_direction": (0, 360),
    "wind_gust_from_direction": (0, 360),
    "precipitation_amount": (-0.2, 2000),  # 1825 in a day on La Réunion; the field writes -0.1 for a trace
    "lwe_precipitation_rate": (-0.1, 2500),  # 38 mm in a minute on Guadeloupe
    "surface_downwelling_shortwave_flux_in_air": (-30, 2000),  # at night a pyranometer reads a little below 0
    "surface_upwelling_shortwave_flux_in_air": (-30, 2000),
    "surface_downwelling_longwave_flux_in_air": (0, 800),
    "surface_upwelling_longwave_flux_in_air": (0, 1200),
    "surface_snow_thickness": (-50, 20_000),  # 11.8 m on Mount Ibuki
    "thickness_of_snowfall_amount": (-50, 5000),
    "visibility_in_air": (0, 200_000),
}
_OF_THE_VALUE = ("point", "mean", "maximum", "minimum", "median", "mid_range", "sum")  # a deviation has another range


def of(parameter: Parameter) -> tuple[float, float] | None:
    """Least and greatest value that can be, in the canonical unit; None where nothing is known."""
    return _BOUNDS.get(parameter.standard_name) if parameter.method in _OF_THE_VALUE else None


def judge(parameter: Parameter, values: Sequence[float | None], flags: list[int]) -> int:
    """Flags values that cannot be as failed, and counts them; the values stay."""
    bounds = of(parameter)
    if bounds is None:
        return 0
    low, high = bounds
    given = [value for value in values if value is not None]
    if not given or (low <= min(given) and max(given) <= high):
        return 0
    wrong = [at for at, value in enumerate(values) if value is not None and not low <= value <= high]
    for at in wrong:
        flags[at] = int(Quality.FAIL)
    return len(wrong)


def outside(parameter: Parameter, unit: str, low: float | None, high: float | None) -> bool:
    """Whether values as received, from `low` to `high`, reach beyond the bounds."""
    bounds = of(parameter)
    if bounds is None or low is None or high is None:
        return False
    convert = converter(unit, parameter.standard_name)
    least, most = sorted((convert(low), convert(high)))
    return least < bounds[0] or most > bounds[1]


def fitting(parameter: Parameter, low: float, high: float) -> list[str]:
    """Units in which values as received, from `low` to `high`, would be possible."""
    return [unit for unit in allowed_for(parameter.standard_name) if not outside(parameter, unit, low, high)]
