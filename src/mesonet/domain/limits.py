"""How far a value, and its change, can be trusted: the limits that the quality tests go by, each with its source.

Sources:
WMO     Zahumenský, I., Guidelines on Quality Control Procedures for Data from Automatic Weather Stations, WMO CBS/OPAG-IOS
        ET-AWS-3/Doc. 4(1), 2004; taken over into the Guide on the Global Observing System (WMO-No. 488), appendix VI.2
RECORD  WMO World Weather and Climate Extremes Archive, https://wmo.asu.edu
MADIS   NOAA NCEP, MADIS Meteorological Surface Quality Control Checks, level 1, https://madis.ncep.noaa.gov
OKM     Shafer, M. A., et al., Quality Assurance Procedures in the Oklahoma Mesonetwork, J. Atmos. Oceanic Technol. 17 (2000),
        474-494; step thresholds as the University of Washington runs them after it
HADISD  Dunn, R. J. H., et al., HadISD: a quality-controlled global synoptic report database, Clim. Past 8 (2012), 1649-1679,
        table 4 (repeated streaks, at the coarsest resolution of reports)
"""

from functools import lru_cache

from mesonet.domain.parameter import Parameter
from mesonet.record import dataclass

type Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """In the canonical unit of a standard name.

    Beyond `possible` a value cannot be (fail); beyond `plausible` it is hardly ever (suspect). `minute` is the greatest change
    between two values a minute apart, `step` that between any two values in succession, `rate` that in an hour: the greatest
    that applies holds. After `flat` hours without any change the sensor may hang (suspect), after `dead` hours it does (fail);
    values of `resting` and below may stay for ever (calm air).
    """

    possible: Range | None = None
    plausible: Range | None = None
    minute: float | None = None
    step: float | None = None
    rate: float | None = None
    flat: float | None = None
    dead: float | None = None
    resting: float | None = None


_DAY = 24.0

# `possible` is a little wider than the extremes ever observed (RECORD), by what an instrument's offset may add
_LIMITS: dict[str, Limits] = {
    "air_temperature": Limits(
        possible=(-95, 65),  # RECORD: -89.2 at Vostok, 56.7 in Death Valley
        plausible=(-80, 60),  # WMO
        minute=3,  # WMO
        step=10,  # OKM
        rate=35 / 1.8,  # MADIS: 35 degF in an hour
        flat=40,  # HADISD
        dead=14 * _DAY,  # HADISD
    ),
    "dew_point_temperature": Limits(
        possible=(-110, 45),
        plausible=(-80, 35),  # WMO; RECORD: 35 at Dhahran
        minute=4,  # WMO, the limit of what is erroneous
        step=10,  # as air temperature
        rate=35 / 1.8,  # as air temperature
        flat=80,  # HADISD
        dead=14 * _DAY,  # HADISD
    ),
    "wet_bulb_temperature": Limits(possible=(-95, 45)),
    "wind_chill_of_air_temperature": Limits(possible=(-150, 65)),
    "heat_index_of_air_temperature": Limits(possible=(-95, 120)),
    "surface_temperature": Limits(possible=(-110, 110), plausible=(-80, 80)),  # WMO
    "soil_temperature": Limits(possible=(-95, 95), plausible=(-50, 65.6)),  # WMO below, MADIS above (150 degF)
    "sea_surface_temperature": Limits(possible=(-5, 50), plausible=(-2, 40)),  # MADIS
    "relative_humidity": Limits(
        possible=(-3, 115),  # a capacitive sensor in fog reads a little above 100
        plausible=(0, 105),  # OKM
        minute=15,  # WMO, the limit of what is erroneous
        step=60,  # OKM
        rate=50,  # MADIS
    ),
    "specific_humidity": Limits(possible=(0, 60)),
    "water_vapor_partial_pressure_in_air": Limits(possible=(0, 100)),
    "air_pressure": Limits(
        possible=(300, 1110),  # 313 on Everest, 1070 at the Dead Sea
        plausible=(500, 1100),  # WMO
        minute=2,  # WMO, the limit of what is erroneous
        step=10,  # OKM
        rate=10,  # MADIS, of the altimeter setting
        flat=120,  # HADISD
        dead=28 * _DAY,  # HADISD
    ),
    "air_pressure_at_mean_sea_level": Limits(
        possible=(850, 1110),
        plausible=(870, 1090),  # RECORD: 870 in typhoon Tip, 1089.4 at Tosontsengel
        minute=2,
        step=10,
        rate=10,
        flat=120,  # HADISD
        dead=28 * _DAY,  # HADISD
    ),
    "altimeter_setting": Limits(
        possible=(568, 1110),  # MADIS below
        plausible=(850, 1100),  # MADIS above
        minute=2,
        step=10,
        rate=10,  # MADIS
        flat=120,
        dead=28 * _DAY,
    ),
    "tendency_of_air_pressure": Limits(possible=(-100, 100), plausible=(-30.5, 30.5)),  # MADIS
    "wind_speed": Limits(
        possible=(0, 115),
        plausible=(0, 75),  # WMO
        minute=20,  # WMO, the limit of what is erroneous
        step=40,  # OKM
        flat=40,  # HADISD
        dead=14 * _DAY,  # HADISD
        resting=0.5,  # below the threshold of most anemometers
    ),
    "wind_speed_of_gust": Limits(
        possible=(0, 150),  # tornadoes are not measured
        plausible=(0, 113.2),  # RECORD: Barrow Island
        step=40,  # OKM
    ),
    "wind_from_direction": Limits(possible=(0, 360)),
    "wind_gust_from_direction": Limits(possible=(0, 360)),
    "precipitation_amount": Limits(possible=(-0.2, 2000)),  # the field writes -0.1 for a trace
    "rainfall_amount": Limits(possible=(-0.2, 2000)),
    "rainfall_rate": Limits(possible=(-0.1, 2500)),  # RECORD: 38 mm in a minute on Guadeloupe
    "lwe_precipitation_rate": Limits(possible=(-0.1, 2500)),
    "surface_snow_thickness": Limits(possible=(-50, 20_000), plausible=(-50, 11_820)),  # RECORD: Mount Ibuki
    "thickness_of_snowfall_amount": Limits(possible=(-50, 5000), plausible=(-50, 1930)),  # 75.8 in in a day at Silver Lake
    "visibility_in_air": Limits(possible=(0, 200_000), plausible=(0, 160_935)),  # MADIS: 100 miles
    "cloud_area_fraction": Limits(possible=(0, 112.5), plausible=(0, 100)),  # 9 eighths: the sky cannot be seen
    "surface_downwelling_shortwave_flux_in_air": Limits(
        possible=(-30, 2000),  # at night a pyranometer reads a little below 0
        plausible=(-20, 1600),  # WMO above
        minute=1000,  # WMO, the limit of what is erroneous
    ),
    "surface_upwelling_shortwave_flux_in_air": Limits(possible=(-30, 2000)),
    "surface_downwelling_longwave_flux_in_air": Limits(possible=(0, 800)),
    "surface_upwelling_longwave_flux_in_air": Limits(possible=(0, 1200)),
    "ultraviolet_index": Limits(possible=(0, 50)),  # 43.3 at Licancabur
    "duration_of_sunshine": Limits(possible=(0, 1440)),
    "volume_fraction_of_condensed_water_in_soil": Limits(possible=(-5, 100), plausible=(0, 100)),
}
_RAIN = ("precipitation_amount", "rainfall_amount")
_MOST_RAIN = ((1 / 60, 40.0), (1.0, 305.0), (_DAY, 1825.0))  # hours, mm: WMO, and RECORD (Holt, Missouri; La Réunion)
_RAIN_OF_A_YEAR = 30_000.0  # RECORD: 26,470 mm at Cherrapunji in twelve months
_SUNSHINE = "duration_of_sunshine"
_MINUTES_OF_A_YEAR = 366 * 1440.0

_OF_THE_VALUE = ("point", "mean", "maximum", "minimum", "median", "mid_range", "sum")  # a deviation has another range
_IN_TIME = ("point", "mean", "maximum", "minimum", "median")  # values that follow one another as the weather does
_NONE = Limits()


def of(parameter: Parameter) -> Limits:
    """What is known of a parameter; nothing of a deviation or a variance, which have other ranges."""
    if parameter.method not in _OF_THE_VALUE:
        return _NONE
    known = _LIMITS.get(parameter.standard_name, _NONE)
    hours = hours_of(parameter.duration)
    if parameter.standard_name in _RAIN:
        most = next((amount for longest, amount in _MOST_RAIN if hours is not None and 0 < hours <= longest * 1.01), None)
        if most is None:  # of months, or of a time that is not told
            return Limits(possible=(-0.2, _RAIN_OF_A_YEAR))
        return Limits(possible=known.possible, plausible=(-0.2, most))
    if parameter.standard_name == _SUNSHINE:
        return Limits(possible=(0, 61 * hours if hours else _MINUTES_OF_A_YEAR))  # a minute more in an hour is a clock's
    if parameter.method not in _IN_TIME or hours is None or hours > 1:
        return Limits(possible=known.possible, plausible=known.plausible)
    return known


@lru_cache(maxsize=256)
def hours_of(duration: str) -> float | None:
    """Of an ISO 8601 duration such as PT10M or P1D; None where months or years make it vary."""
    date_part, _, time_part = duration.removeprefix("P").partition("T")
    hours = 0.0
    for part, letters in ((date_part, {"W": 7 * _DAY, "D": _DAY}), (time_part, {"H": 1.0, "M": 1 / 60, "S": 1 / 3600})):
        number = ""
        for character in part:
            if character in letters:
                hours += float(number or 0) * letters[character]
                number = ""
            elif character.isdecimal() or character == ".":
                number += character
            else:
                return None
    return hours
