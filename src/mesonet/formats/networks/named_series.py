"""What a time series is of, where a file names it in words of its own and tells its unit: what hydrologists exchange."""

from collections.abc import Mapping

from mesonet.domain.instant import DAY
from mesonet.domain.parameter import INSTANT, POINT, Parameter, usual
from mesonet.domain.units import UnknownUnit, converter
from mesonet.formats.json_readings import Field
from mesonet.formats.tables.proposed_quantities import method_of, quantity_of
from mesonet.formats.times import iso_duration

_SURE = 0.95  # of a name: a weaker one may be of water
_NOT_OF_AIR = ("", "pressure", "sea_surface_temperature", "surface_temperature")
_SUMS = ("precipitation_amount", "thickness_of_snowfall_amount", "duration_of_sunshine", "water_evaporation_amount")
_UNITS = {"kg/m2": "mm", "kg m-2": "mm", "°": "deg", "Grad": "deg", "Grad C": "Cel", "°C": "Cel", "oC": "Cel"}


def meaning(
    name: str,
    unit: str,
    codes: Mapping[str, str],
    *,
    code: str = "",
    ways: tuple[str, ...] = (),
    step: int | None,
    longest: int = DAY - 1,
    of_a_date: bool = False,
) -> Field | str | None:
    """What its values are, or why they are not taken; None where the name leaves doubt, or is of no weather.

    `codes` are standard names by the `code` that a name is; `ways` are words that tell a cell method, the first that does
    counts. `step` are the milliseconds between values; one of more than `longest` is hardly an instant's. What is of a day
    is `of_a_date` where it stands there, else it ends at its time.
    """
    standard_name, sure = codes.get((code or name).upper(), ""), 1.0
    if not standard_name:
        standard_name, sure = quantity_of(name)
    if standard_name in _NOT_OF_AIR or sure < _SURE:
        return None
    unit = _UNITS.get(unit, unit)
    try:
        converter(unit, standard_name)
    except UnknownUnit as exc:
        return exc.detail
    sums = standard_name in _SUMS
    method = next(filter(None, map(method_of, (name, *ways))), "sum" if sums else POINT)
    if sums != (method == "sum"):
        return f"it is no {method}"
    if method == POINT and step is not None and step > longest:
        return "it does not say whether it is a mean or an extreme of so long a time"
    if method != POINT and step is None:
        return f"nothing tells over how long its {method} is"
    duration = INSTANT if method == POINT or step is None else "P1D" if of_a_date and step == DAY else iso_duration(step)
    level = usual(standard_name).level
    return Field(name, Parameter(standard_name=standard_name, level=level, method=method, duration=duration), unit)
