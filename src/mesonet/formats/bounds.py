"""What a quantity can be at all, anywhere: beyond it the unit is another one than the file says, or the sensor is broken."""

from collections.abc import Sequence

from mesonet.domain import limits
from mesonet.domain.observation import FAIL
from mesonet.domain.parameter import Parameter
from mesonet.domain.units import allowed_for, converter


def of(parameter: Parameter) -> tuple[float, float] | None:
    """Least and greatest value that can be, in the canonical unit; None where nothing is known."""
    return limits.of(parameter).possible


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
        flags[at] = FAIL
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


def told(name: str, parameter: Parameter, unit: str, low: float | None, high: float | None, mean: float | None) -> str | None:
    """In words that values as received cannot be, and in which unit they could where they cannot be on average."""
    if low is None or high is None or not outside(parameter, unit, low, high):
        return None
    units = fitting(parameter, low, high) if outside(parameter, unit, mean, mean) else []
    others = f"; {' or '.join(units)} would fit" if units else ""
    return f"{name} has values that cannot be (from {low:g} to {high:g} {unit}{others}): they were kept and flagged as failed"
