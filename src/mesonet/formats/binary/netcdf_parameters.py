"""What the variables of a NetCDF file are: quantity, method, period and level.

Source: CF Conventions 1.11, 3.3 (standard names) and 7.3 (cell methods); the documented names of ARM and MADIS.
"""

import re
from collections.abc import Iterator

from mesonet.domain.instant import DAY
from mesonet.domain.parameter import INSTANT, METHODS, POINT, STANDARD_NAMES, Parameter, usual
from mesonet.domain.units import UnknownUnit, converter
from mesonet.formats.binary.arrays import Dataset, Variable
from mesonet.formats.binary.netcdf_groups import View
from mesonet.formats.binary.netcdf_levels import Levels
from mesonet.formats.binary.netcdf_times import STEPS, Clock
from mesonet.formats.elements import Element
from mesonet.formats.json_readings import standard_name
from mesonet.formats.times import iso_duration
from mesonet.regex import regex

_SHOWN = 20
_CELLS = regex(r"((?:\b\w+:\s*)+)(\w+)(?:\s+(within|over)\b)?")
_MONTHLY = "P1M"  # whose values stand at the first day
_WORDS = {
    "average": "mean", "avg": "mean", "mean": "mean", "maximum": "maximum", "max": "maximum", "minimum": "minimum",
    "min": "minimum", "sum": "sum", "total": "sum",
}  # fmt: skip
_PERIOD = regex(r"(?:last\s+)?(\d+)?\s*(min|minutes?|hours?|days?)\b", re.IGNORECASE)
_HEIGHT = regex(r"\b(\d+(?:\.\d+)?)\s?(m|cm)\b")
_LONGEST_NAME = 200  # characters of a long name that are looked at
_AT_A_HEIGHT = regex(r"[\s(,@]*\b(?:at )?\d+(?:\.\d+)?\s?(?:m|cm)\b(?: above (?:the )?(?:ground|surface)(?: level)?)?\)?")
_SPELT = {"octa": "[okta]", "US_statute_miles": "mi", "degrees Celsius": "Cel"}
_SUMS = ("precipitation_amount", "rainfall_amount", "duration_of_sunshine", "thickness_of_snowfall_amount")
# names of the ARM programme's surface stations (met.b1), which have no standard names: standard name, method
_ARM = {
    "atmos_pressure": ("air_pressure", "mean"),
    "temp_mean": ("air_temperature", "mean"),
    "rh_mean": ("relative_humidity", "mean"),
    "vapor_pressure_mean": ("water_vapor_partial_pressure_in_air", "mean"),
    "wspd_arith_mean": ("wind_speed", "mean"),
    "wdir_vec_mean": ("wind_from_direction", "mean"),
    "tbrg_precip_total_corr": ("precipitation_amount", "sum"),
    "pwd_mean_vis_10min": ("visibility_in_air", "mean"),
}
# names of MADIS, whose variables have no standard names (its documentation of surface and mesonet files): standard name; of
# what is over a period its method and duration, too
_MADIS = {
    "temperature": ("air_temperature",),
    "dewpoint": ("dew_point_temperature",),
    "wetBulbTemperature": ("wet_bulb_temperature",),
    "relHumidity": ("relative_humidity",),
    "stationPressure": ("air_pressure",),
    "stationPress": ("air_pressure",),
    "seaLevelPressure": ("air_pressure_at_mean_sea_level",),
    "seaLevelPress": ("air_pressure_at_mean_sea_level",),
    "altimeter": ("altimeter_setting",),
    "windDir": ("wind_from_direction",),
    "windSpeed": ("wind_speed",),
    "windGust": ("wind_speed_of_gust",),
    "windDirMax": ("wind_gust_from_direction",),
    "visibility": ("visibility_in_air",),
    "solarRadiation": ("surface_downwelling_shortwave_flux_in_air",),
    "precipRate": ("lwe_precipitation_rate",),
    "snowCover": ("surface_snow_thickness",),
    "seaSurfaceTemp": ("sea_surface_temperature",),
    "minTemp24Hour": ("air_temperature", "minimum", "PT24H"),
    "maxTemp24Hour": ("air_temperature", "maximum", "PT24H"),
    "precip5min": ("precipitation_amount", "sum", "PT5M"),
    **{
        f"precip{hours}{unit}": ("precipitation_amount", "sum", f"PT{hours}H")
        for hours in (1, 3, 6, 12, 24)
        for unit in ("Hour", "hr")
    },
}
# long names of variables without standard names, where they are not the standard names with blanks
_LONG_NAMES = {
    "station_pressure": "air_pressure",
    "sea_level_pressure": "air_pressure_at_mean_sea_level",
    "wind_direction": "wind_from_direction",
    "wind_gust": "wind_speed_of_gust",
    "visibility": "visibility_in_air",
    "mean_sea_level_pressure": "air_pressure_at_mean_sea_level",
    "dewpoint_temperature": "dew_point_temperature",
    "dew_point": "dew_point_temperature",
}


class Parameters:
    """The parameters among a file's variables."""

    def __init__(self, view: View, data: Dataset, clock: Clock, levels: Levels, remarks: list[str]) -> None:
        self._view = view
        self._data = data
        self._clock = clock
        self._levels = levels
        self._remarks = remarks
        self._is_madis = any(f"{name}DD" in data.variables for name in _MADIS)
        self._is_arm = bool(data.attribute("datastream") or data.attribute("dod_version"))

    def along(self, axis: str | None, along: str | None, taken: dict[Parameter, str]) -> Iterator[tuple[Variable, Element]]:
        """Own variables along time (and stations) that are a parameter; of several that are the same, the first."""
        inferred: list[str] = []
        own = [each for name, each in self._data.variables.items() if name in self._view.own]
        for each in (part for whole in own for part in self._levels.parted(whole, axis, along)):
            parameter, guessed = self._parameter(each)
            if parameter is None:
                continue
            if parameter in taken:
                self._remarks.append(f"{each.name} is the same parameter as {taken[parameter]} and was left out")
                continue
            unit = _SPELT.get(each.attribute("units"), each.attribute("units"))
            try:
                converter(unit, parameter.standard_name)
            except UnknownUnit as exc:
                self._remarks.append(f"{each.name} was left out: {exc.detail[:120]}")
                continue
            taken[parameter] = self._view.path + each.name
            if guessed:
                inferred.append(each.name)
            yield each, Element(name=each.name, parameter=parameter, unit=unit)
        if inferred:
            names = ", ".join(inferred[:_SHOWN])
            self._remarks.append(f"inferred from the long names: quantity, method, period or height of {names}")

    def _parameter(self, each: Variable) -> tuple[Parameter | None, bool]:
        """What a variable is; and whether that was inferred from its long name."""
        arm = _ARM.get(each.name) if self._is_arm else None
        madis = _MADIS.get(each.name) if self._is_madis else None
        documented = arm or madis
        name = documented[0] if documented else standard_name(each.attribute("standard_name"))  # with a modifier it is none
        called = "_".join(_AT_A_HEIGHT.sub(" ", each.attribute("long_name")[:_LONGEST_NAME].lower()).split())
        unnamed = not documented and not each.attribute("standard_name")
        if unnamed:
            name = _LONG_NAMES.get(called, called)
        if name is None or name not in STANDARD_NAMES:
            return None, False
        method, duration = POINT, INSTANT
        level = self._levels.height(each, usual(name).level)
        if madis:
            method, duration = madis[1:] or (POINT, INSTANT)
            return Parameter(standard_name=name, level=level, method=method, duration=duration), False
        if arm:
            minute = "PT10M" if "10min" in each.name else iso_duration(self._averaging() or 60_000)
            return Parameter(standard_name=name, level=level, method=arm[1], duration=minute), False
        if cell := self._cell(each):
            stated, again = cell
            method = stated if stated in METHODS else _WORDS.get(stated, POINT)
            if method != POINT:
                # `interval` is the spacing of the original data (CF, 7.3.2), not over how long the method was applied
                lasting = self._averaging()
                if again or (lasting is None and not self._clock.is_monthly):
                    what = "a statistic of statistics" if again else f"a {method} over a time that nothing tells"
                    self._remarks.append(f"{each.name} was left out: it is {what}")
                    return None, False
                duration = _MONTHLY if self._clock.is_monthly else "P1D" if lasting == DAY else iso_duration(lasting or 0)
            return Parameter(standard_name=name, level=level, method=method, duration=duration), False
        words = each.attribute("long_name")
        found = next((_WORDS[word] for word in reversed(re.findall(r"[a-z]+", words.lower())) if word in _WORDS), None)
        period = next(iter(_PERIOD.finditer(_HEIGHT.sub(" ", words))), None)
        high = _HEIGHT.search(words)
        if name in _SUMS and period:
            found = "sum"
        if period and found and (period[1] or "last" in words.lower()):
            unit = STEPS[{"m": "min", "h": "hour", "d": "day"}[period[2][0].lower()]]
            method, duration = found, iso_duration(round(int(period[1] or 1) * unit))
        elif name in _SUMS:
            return None, False  # a sum over nobody knows what
        before = level
        if "grass" in words.lower() and not high:
            level = 0.1
        if high:
            level = float(high[1]) / (100 if high[2] == "cm" else 1)
        guessed = unnamed or method != POINT or level != before
        return Parameter(standard_name=name, level=level, method=method, duration=duration), guessed

    def _cell(self, each: Variable) -> tuple[str, str] | None:
        """What was made of the time of a cell (CF 7.3): the method, and whether over times of times (7.4)."""
        for names, method, again in _CELLS.findall(each.attribute("cell_methods")):
            if self._clock.names.intersection(re.findall(r"\w+", names.lower())):
                return method.lower(), again
        return None

    def _averaging(self) -> int | None:
        """Over how many milliseconds values are: by an attribute, by the bounds of time, or by its step; ARM's of a minute."""
        if self._clock.is_bounded:
            return self._clock.period
        told = self._data.attribute("averaging_interval") or self._data.attribute("time_coverage_resolution")
        if match := re.fullmatch(r"(\d+)\s*(seconds?|minutes?|hours?)", told):
            return int(int(match[1]) * STEPS[match[2].removesuffix("s")])
        return 60_000 if self._is_arm else self._clock.period
