"""The elements of GHCN-Daily: what they are, in which unit, and which are not taken.

Source: NOAA NCEI, `readme.txt` of GHCN-Daily, section III (elements and flags). A value with a quality flag failed one of
NOAA's checks; all other values passed them, or were never checked.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import Parameter, usual
from mesonet.domain.units import Conversion, converter
from mesonet.formats.table import SHOWN
from mesonet.regex import regex

NO_VALUE = "-9999"

_DAILY = "P1D"
# element: (standard name, method, unit as received), in the order of readme.txt
TAKEN: dict[str, tuple[str, str, str]] = {
    "PRCP": ("precipitation_amount", "sum", "0.1 mm"),
    "SNOW": ("thickness_of_snowfall_amount", "sum", "mm"),
    "SNWD": ("surface_snow_thickness", "point", "mm"),
    "TMAX": ("air_temperature", "maximum", "0.1 Cel"),
    "TMIN": ("air_temperature", "minimum", "0.1 Cel"),
    "ADPT": ("dew_point_temperature", "mean", "0.1 Cel"),
    "ASLP": ("air_pressure_at_mean_sea_level", "mean", "0.1 hPa"),
    "ASTP": ("air_pressure", "mean", "0.1 hPa"),
    "AWBT": ("wet_bulb_temperature", "mean", "0.1 Cel"),
    "AWDR": ("wind_from_direction", "mean", "deg"),
    "AWND": ("wind_speed", "mean", "0.1 m/s"),
    "EVAP": ("water_evaporation_amount", "sum", "0.1 mm"),
    "RHAV": ("relative_humidity", "mean", "%"),
    "RHMN": ("relative_humidity", "minimum", "%"),
    "RHMX": ("relative_humidity", "maximum", "%"),
    "TAVG": ("air_temperature", "mean", "0.1 Cel"),
    "TAXN": ("air_temperature", "mid_range", "0.1 Cel"),
    "TOBS": ("air_temperature", "point", "0.1 Cel"),
    "TSUN": ("duration_of_sunshine", "sum", "min"),
    "WDF2": ("wind_from_direction", "point", "deg"),
    "WDF5": ("wind_gust_from_direction", "point", "deg"),
    "WDFG": ("wind_gust_from_direction", "point", "deg"),
    "WESD": ("lwe_thickness_of_surface_snow_amount", "point", "0.1 mm"),
    "WSF2": ("wind_speed", "maximum", "0.1 m/s"),
    "WSF5": ("wind_speed_of_gust", "maximum", "0.1 m/s"),
    "WSFG": ("wind_speed_of_gust", "maximum", "0.1 m/s"),
}
# where a station gives both for a day, the first is taken: a gust of 5 seconds has a definition, a peak gust has not
PREFERRED = {"WSFG": "WSF5", "WDFG": "WDF5"}

_NOT_TAKEN = (
    (regex(r"WT\d\d"), "weather types are not taken"),
    (regex(r"WV\d\d"), "weather in the vicinity is not taken"),
    (regex(r"S[NX]\d\d"), "soil temperatures under a ground cover are not taken"),
    (regex(r"M[DN]..|MXPN|DA..|DW..|DATN|DATX"), "totals of several days and pan temperatures are not taken"),
    (regex(r"W[SD]F[1IM]|WDMV"), "wind over other times than 2 minutes and gusts is not taken"),
    (regex(r"AC[MS][CH]|PSUN|FMTM|PGTM|FR[GT][BTH]|GAHT|THIC|WESF"), "an element of GHCN-Daily that is not taken"),
)
_OTHERS = 200  # different unknown elements told apart; a file of more has something else in this column


@cache
def described(element: str) -> tuple[Parameter, str]:
    """The parameter of a taken element and the unit in which it is written."""
    name, method, unit = TAKEN[element]
    return usual(name, method, _DAILY), unit


def conversion(element: str) -> Conversion:
    name, _, unit = TAKEN[element]
    return converter(unit, name)


def why_not(element: str) -> str:
    """Why an element that is not taken is not, or (where it is one of `PREFERRED`) why some of its values are not."""
    if element in PREFERRED:
        return f"{PREFERRED[element]} of the same station and day was taken instead"
    return next((why for shape, why in _NOT_TAKEN if shape.fullmatch(element)), "no element of GHCN-Daily that is known")


class Others:
    """Elements that have no place here: one reject for each, not one for each of its rows."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()
        self._rows: dict[str, int] = {}

    def leave(self, element: str, row: int, count: int = 1) -> None:
        name = element[:SHOWN] if element in self._count or len(self._count) < _OTHERS else "…"
        self._count[name] += count
        self._rows.setdefault(name, row)

    def rejects(self, what: str = "row") -> Iterator[Reject]:
        for element, count in self._count.items():
            told = f"{count} {what}s" if count > 1 else f"1 {what}"
            yield Reject(reason=f"{why_not(element)} ({told})", row=self._rows[element], column="ELEMENT", value=element)
