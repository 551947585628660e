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
from mesonet.formats.binary.netcdf_levels import HIGHEST, Level, Levels
from mesonet.formats.binary.netcdf_times import STEPS, Clock
from mesonet.formats.elements import Element
from mesonet.formats.json_readings import standard_name
from mesonet.formats.times import iso_duration
from mesonet.record import replace
from mesonet.regex import regex

_SHOWN = 20
_CELLS = regex(r"((?:\b\w+:\s*)+)(\w+)(?:\s+(within|over)\b(?:\s+(\d+(?:\.\d+)?)[\s-]*([a-z]+))?)?")
_IN_BRACKETS = regex(r"\(([^()]*)\)")
_COMMENT = regex(r"\bcomment:(.*)")  # and no `interval`: that is how far the original data are apart (CF 7.3.2)
_MONTHLY = "P1M"  # whose values stand at the first day
_WORDS = {
    "average": "mean", "avg": "mean", "mean": "mean", "maximum": "maximum", "max": "maximum", "minimum": "minimum",
    "min": "minimum", "sum": "sum", "total": "sum",
}  # fmt: skip
# over how long something is: `last 12 hours`, `10 min`, `6H`; `daily` only where the file's times are so far apart
_PERIOD = regex(
    r"\b(?:(?:last|past|previous)\s+(\d+)?\s*|(\d+)[\s-]*)(min|mins|minutes?|h|hrs?|hours?|d|days?)\b|\b(hourly|daily)\b"
)
_HEIGHT = regex(r"\b(\d+(?:\.\d+)?)[\s-]?(m|met[er]{2}s?|cm)\b")
# of long names, and of a variable's own name: that it is not the quantity itself, or that it is an extreme (`tmax`, `tx`)
_ABOUT_IT = regex(r"\b(?:standard deviation|std|stdev|sigma|variance|uncertainty|standard error|number of|count)\b")
_CALLED_ABOUT_IT = regex(r"\w+_(?:std|stdev|stddev|(?<!snow_)sd|sigma|unc|uncertainty)")  # snow_sd is a depth
_CALLED_EXTREME = regex(r"(?:\w*[a-z]\d*_)?(?:t|ta|tas|temp)?(max|min)(?:imum|temp)?(?:_\w+)?|t([xn])")  # not ws_10_min
# ws_80m, t2m, ts_20cm; ws_avg_1m is a minute's
_CALLED_HEIGHT = regex(r"(?:\w*_)?(?!(?:avg|ave|mean|max|min)_?\d)[a-z]+_?(\d{1,3}(?:[.p]\d)?)(cm|m)(?:_\w+)?")
_OF_GUSTS = {"wind_speed": "wind_speed_of_gust", "wind_from_direction": "wind_gust_from_direction"}
_GUST = regex(r"(?<!\bwithout )(?<!\bno )\bgusts?\b")
# but air temperature 2 m above soil, or of logger 2, is the air's
_NO_AIR = regex(r"\b(?:dew[ -]?point|wet[ -]?bulb|enclosure)\b|^(?:(?!\bair\b).)*\b(?:soil|panel|logger|battery)\b")
_MEAN_SEA_LEVEL = regex(r"mean sea[\s-]level")
_LONGEST_NAME = 200  # characters of a long name that are looked at
_AT_A_HEIGHT = regex(
    r"[\s(,@]*\b(?:at )?\d+(?:\.\d+)?\s?(?:m|met[er]{2}s?|cm)\b(?: above (?:the )?(?:ground|surface)(?: level)?)?\)?"
)
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
# names of variables with a unit and no words: standard names, of which the first is taken that has such a unit
_VAGUE = ("temperature", "pressure", "humidity", "wind")
_SHORT = {
    **dict.fromkeys(("t", "ta", "tair", "t_air"), ("air_temperature",)),
    "td": ("dew_point_temperature",),
    **dict.fromkeys(("rh", "u"), ("relative_humidity",)),  # a wind's component has another unit, and is none that is taken
    **dict.fromkeys(("p", "pa", "pres", "press"), ("air_pressure", "precipitation_amount")),
    **dict.fromkeys(("ws", "wspd"), ("wind_speed",)),
    **dict.fromkeys(("wd", "wdir"), ("wind_from_direction",)),
    "sw_in": ("surface_downwelling_shortwave_flux_in_air",),
    "lw_in": ("surface_downwelling_longwave_flux_in_air",),
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
    "dewpoint": "dew_point_temperature",
    "atmospheric_pressure": "air_pressure",
    "surface_pressure": "air_pressure",
    "precipitation": "precipitation_amount",
    "rainfall": "rainfall_amount",
    "snow_depth": "surface_snow_thickness",
    **dict.fromkeys(
        (
            *("global_radiation", "solar_radiation", "global_solar_radiation", "incoming_solar_radiation"),
            *("incoming_shortwave_radiation", "shortwave_radiation,_incoming", "downward_shortwave_radiation"),
        ),
        "surface_downwelling_shortwave_flux_in_air",
    ),
    **dict.fromkeys(
        ("incoming_longwave_radiation", "longwave_radiation,_incoming", "downward_longwave_radiation"),
        "surface_downwelling_longwave_flux_in_air",
    ),
}


class Parameters:
    """The parameters among a file's variables."""

    def __init__(self, view: View, data: Dataset, clock: Clock, levels: Levels, remarks: list[str]) -> None:
        self._view = view
        self._data = data
        self._clock = clock
        self._levels = levels
        self._remarks = remarks
        self.inferred: list[str] = []  # names
        self._is_madis = any(f"{name}DD" in data.variables for name in _MADIS)
        self._is_arm = bool(data.attribute("datastream") or data.attribute("dod_version"))

    def along(self, axis: str | None, along: str | None, taken: dict[Parameter, str]) -> Iterator[tuple[Variable, Element]]:
        """Own variables along time (and stations) that are a parameter; of several that are the same, the first."""
        inferred = self.inferred
        unknown: list[str] = []
        again: list[str] = []
        more = 0  # that are not told
        seen: set[tuple[str, str, str, float]] = set()  # in short: variables may be at thousands of levels together
        for each in (each for name, each in self._data.variables.items() if name in self._view.own):
            parameter: Parameter | None = None
            for level in self._levels.parted(each, axis, along):
                if parameter is None:
                    parameter, guessed = self._understood(each, level, unknown)
                    if parameter is None:
                        break
                    kind = (parameter.standard_name, parameter.method, parameter.duration)
                height = level.height if level else parameter.level
                if (*kind, height) in seen and len(again) >= _SHOWN:
                    more += 1
                    continue
                seen.add((*kind, height))
                parameter = replace(parameter, level=height)
                if parameter in taken:
                    again.append(f"{each.name} is the same parameter as {taken[parameter]} and was left out")
                    continue
                found = self._levels.part(level, each) if level else each
                taken[parameter] = self._view.path + found.name
                if guessed:
                    inferred.append(found.name)
                yield found, Element(name=found.name, parameter=parameter, unit=_unit(each))
        self._remarks += again
        if more:
            self._remarks.append(f"{more} more are the same parameters as others and were left out")
        if inferred:
            self._remarks.append(
                f"inferred from words, names and units: quantity, method, period or height of {_some(inferred)}"
            )
        if unknown:
            self._remarks.append(f"of no quantity that is known: {_some(unknown)}; a `standard_name` of CF tells it")

    def _understood(self, each: Variable, level: Level | None, unknown: list[str]) -> tuple[Parameter | None, bool]:
        """What a variable is (at one of its levels) in a unit that is known; and whether its long name told it."""
        said = len(self._remarks)
        parameter, guessed = self._parameter(each, level)
        if parameter is None:
            if len(self._remarks) == said and self._is_unknown(each):
                unknown.append(f"{each.name} ({each.attribute('units')[:20]})")
            return None, False
        try:
            converter(_unit(each), parameter.standard_name)
        except UnknownUnit as exc:
            self._remarks.append(f"{each.name} was left out: {exc.detail[:120]}")
            return None, False
        return parameter, guessed

    def _is_unknown(self, each: Variable) -> bool:
        """Whether a variable may be a quantity that was not told."""
        unit = each.attribute("units")
        is_other = each.attribute("standard_name") or any(
            each.attributes.get(name) for name in ("flag_values", "flag_masks", "axis")
        )
        return bool(unit) and " since " not in unit and not (is_other or self._is_arm or self._is_madis)

    def _parameter(self, each: Variable, part: Level | None) -> tuple[Parameter | None, bool]:
        arm = _ARM.get(each.name) if self._is_arm else None
        madis = _MADIS.get(each.name) if self._is_madis else None
        documented = arm or madis
        name = documented[0] if documented else standard_name(each.attribute("standard_name"))  # with a modifier it is none
        called = "_".join(_AT_A_HEIGHT.sub(" ", each.attribute("long_name")[:_LONGEST_NAME].lower()).split())
        unnamed = not documented and not each.attribute("standard_name")
        if unnamed:
            name = _LONG_NAMES.get(called, called)
            name = name if name in STANDARD_NAMES else standard_name(each.name.lower())
            if name not in STANDARD_NAMES and called in ("", each.name.lower(), *_VAGUE):
                name = next((short for short in _SHORT.get(each.name.lower(), ()) if _is_of(each, short)), name)
        if name is None or name not in STANDARD_NAMES:
            return None, False
        if not documented and (contrary := self._contrary(each, name)) is not None:
            name, unnamed = contrary, True
            if not name:
                self._remarks.append(f"{each.name} was left out: its long name is of something else than its standard name")
                return None, False
        method, duration = POINT, INSTANT
        level = part.height if part else self._levels.height(each, usual(name).level)
        told = level if documented or part else self._said(each, level, usual(name).level)
        higher, level = told != level, told
        if madis:
            method, duration = madis[1:] or (POINT, INSTANT)
            return Parameter(standard_name=name, level=level, method=method, duration=duration), False
        if arm:
            minute = "PT10M" if "10min" in each.name else iso_duration(self._averaging() or 60_000)
            return Parameter(standard_name=name, level=level, method=arm[1], duration=minute), False
        if cell := self._cell(each):
            stated, again, told_over = cell
            method = stated if stated in METHODS else _WORDS.get(stated, POINT)
            if method != POINT:
                lasting = self._lasting() if self._clock.is_bounded or self._clock.is_monthly else told_over or self._lasting()
                if again or lasting is None:
                    what = "a statistic of statistics" if again else f"a {method} over a time that nothing tells"
                    self._remarks.append(f"{each.name} was left out: it is {what}")
                    return None, False
                duration = lasting
            return Parameter(standard_name=name, level=level, method=method, duration=duration), unnamed or higher
        return self._worded(each, name, level, unnamed=unnamed or higher)

    def _contrary(self, each: Variable, name: str) -> str | None:
        """What its words say that a variable is against its standard name, as that of gusts is often wind_speed; "" where that
        is nothing that is taken."""
        words = f"{each.attribute('long_name')[:_LONGEST_NAME]} {each.name.replace('_', ' ')}".lower()
        if name in _OF_GUSTS and _GUST.search(words):
            return _OF_GUSTS[name]
        return "" if name == "air_temperature" and _NO_AIR.search(words) else None

    def _said(self, each: Variable, level: float, usual_one: float) -> float:
        """How high the words of a long name say that a sensor is, else where nothing does, the variable's own name."""
        words = each.attribute("long_name")[:_LONGEST_NAME].lower()
        found = _HEIGHT.search(words)
        if not found and "grass" in words:
            return 0.1
        if not found and level == usual_one != 0:
            found = _CALLED_HEIGHT.fullmatch(each.name.lower())
            if found and found[2] == "m" and re.search(rf"\b{re.escape(found[1])}[\s-]?min", words):
                return level  # `ta_10m`, a mean of 10 minutes
        if not found:
            return level
        height = float(found[1].replace("p", ".")) / (100 if found[2] == "cm" else 1)
        return level if height > HIGHEST else -height if usual_one < 0 else height

    def _worded(self, each: Variable, name: str, level: float, *, unnamed: bool) -> tuple[Parameter | None, bool]:
        """What a variable without cell methods is by the words of its long name, and by its own of an extreme."""
        words = _MEAN_SEA_LEVEL.sub(" ", each.attribute("long_name")[:_LONGEST_NAME].lower())
        if _ABOUT_IT.search(words) or _CALLED_ABOUT_IT.fullmatch(each.name.lower()):
            return None, False
        plain = _HEIGHT.sub(" ", words)
        period = _PERIOD.search(plain)
        told = re.findall(r"[a-z]+", _PERIOD.sub(" ", plain))
        found = "sum" if name in _SUMS else next((_WORDS[word] for word in reversed(told) if word in _WORDS), None)
        if found is None and (called := _CALLED_EXTREME.fullmatch(each.name.lower())):
            found = "maximum" if (called[1] or called[2]) in ("max", "x") else "minimum"
        duration = self._stated(period) if period else None
        is_extreme = found in ("maximum", "minimum")
        if not period and (name == "wind_speed_of_gust" or (found == "mean" and (self._averaging() or 0) < DAY)):
            found = None  # each gust is the highest of some time, and what is measured a mean of some seconds or minutes
        elif not period and (found != "sum" or self._clock.is_bounded or self._clock.is_monthly):
            duration = self._lasting()
        of_another = is_extreme and name.endswith("direction")  # of the highest wind, and which is that
        if found and (duration is None or of_another):
            what = "of something" if of_another else "over a time"
            self._remarks.append(f"{each.name} was left out: it is a {found} {what} that nothing tells")
            return None, False
        method, duration = (found, duration) if found and duration else (POINT, INSTANT)
        return Parameter(standard_name=name, level=level, method=method, duration=duration), unnamed or method != POINT

    def _stated(self, period: re.Match[str]) -> str | None:
        """The duration that words state; None of what is daily or hourly in a file of other times, as what counts since
        midnight is."""
        if regular := period[4]:
            stated = "P1D" if regular == "daily" else "PT1H"
            return stated if self._lasting() == stated else None
        unit = STEPS[{"m": "min", "h": "hour", "d": "day"}[period[3][0]]]
        return iso_duration(round(int(period[1] or period[2] or 1) * unit))

    def _cell(self, each: Variable) -> tuple[str, bool, str | None] | None:
        """What was made of the time of a cell (CF 7.3): the method, whether over times of times (7.4), and over how long where
        that is told: `mean over 10 minutes`, `mean (comment: of the last 10 minutes)`."""
        text = each.attribute("cell_methods")
        cells = _CELLS.findall(_IN_BRACKETS.sub(" ", text))
        of_time = [cell for cell in cells if self._clock.names.intersection(re.findall(r"\w+", cell[0].lower()))]
        if not of_time:
            return None
        _, method, again, count, unit = of_time[0]
        step = STEPS.get(unit.lower().removesuffix("s")) if count else None
        lasting = iso_duration(round(float(count) * step)) if step else None
        if not count:
            comment = next((match[1].lower() for each in _IN_BRACKETS.findall(text) if (match := _COMMENT.search(each))), "")
            lasting = self._stated(period) if (period := _PERIOD.search(comment)) else None
        return method.lower(), bool(again) and (len(of_time) > 1 or (again == "over" and step is None)), lasting

    def _lasting(self) -> str | None:
        """Over how long values are, as a duration."""
        if self._clock.is_monthly:
            return _MONTHLY
        lasting = self._averaging()
        return None if lasting is None else "P1D" if lasting == DAY else iso_duration(lasting)

    def _averaging(self) -> int | None:
        """Over how many milliseconds values are: by an attribute, by the bounds of time, or by its step; ARM's of a minute."""
        if self._clock.is_bounded:
            return self._clock.period
        told = self._data.attribute("averaging_interval") or self._data.attribute("time_coverage_resolution")
        if match := re.fullmatch(r"(\d+)\s*(seconds?|minutes?|hours?)", told):
            return int(int(match[1]) * STEPS[match[2].removesuffix("s")])
        if match := re.fullmatch(r"P(?:T(\d+)([HMS])|(\d+)D)", told):  # as ACDD has it
            return int(int(match[1] or match[3]) * STEPS[{"H": "hour", "M": "min", "S": "s"}.get(match[2] or "", "day")])
        return 60_000 if self._is_arm else self._clock.period


def _unit(each: Variable) -> str:
    unit = each.attribute("units")
    return _SPELT.get(unit, unit)


def _is_of(each: Variable, name: str) -> bool:
    """Whether its unit is one of that quantity, and tells it from others."""
    try:
        converter(_unit(each), name)
    except UnknownUnit:
        return False
    return name != "relative_humidity" or _unit(each).lower() in ("%", "percent", "pct")


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
