"""What the values of a NetCDF variable are: which of them are missing or impossible, unpacked, in metres, as texts.

Source: CF Conventions 1.11, 2.5 and 8.1; NetCDF's users' guide, attribute conventions (`_Unsigned`, `valid_range`).
"""

from collections.abc import Container, Sequence, Set
from math import inf, isfinite, isnan, prod
from struct import pack, unpack
from typing import TypeGuard, cast

from mesonet.domain.units import UnknownUnit, converter
from mesonet.formats.binary.arrays import Scalar, Variable
from mesonet.record import replace

# what NetCDF writes into integers where nobody did (NC_FILL_SHORT, NC_FILL_INT, …), by the letters of their types
_FILLS = {
    "h": -32_767, "i": -2_147_483_647, "q": -9_223_372_036_854_775_806, "H": 65_535, "I": 4_294_967_295,
    "Q": 18_446_744_073_709_551_614,
}  # fmt: skip
_LIMITS = ("_FillValue", "missing_value", "FillValue", "valid_min", "valid_max", "valid_range")
_MOST_SINGLE = 3.4e38


def values_of(variable: Variable, some: range | None) -> list[Scalar | None]:
    return variable.read() if some is None else variable.read(some.start, some.stop)


def texts_of(variable: Variable, some: range | None) -> list[str]:
    """Values as texts, "" for what is missing; packed ones unpacked (CF 8.1), of single precision no more digits than it
    has."""
    gone = missing_of(variable)
    scale, offset = packing_of(variable)
    packed = scale != 1 or offset != 0
    known: dict[Scalar | None, str] = {}
    found = []
    for value in values_of(variable, some):
        text = known.get(value)
        if text is None:
            if not isinstance(value, int | float) or isnan(value) or value in gone or abs(value) > 1e30:
                text = ""
            elif packed:
                text = f"{value * scale + offset:.7g}"
            else:
                text = str(value) if isinstance(value, int) else f"{value:.7g}"
            if len(known) < 65_536 and value == value:
                known[value] = text
        found.append(text)
    return found


def missing_of(variable: Variable) -> set[float]:
    """What stands for no value: what is said to, as it is in single precision, too, and else what NetCDF itself writes."""
    told = [each for name in ("_FillValue", "missing_value", "FillValue") for each in variable.numbers(name)]
    usual = _FILLS.get(variable.form) if not variable.numbers("_FillValue") else None
    single = (unpack("f", pack("f", each))[0] for each in told if abs(each) < _MOST_SINGLE)
    return {*told, *single, *(() if usual is None else (usual,))}


def without_sign(variable: Variable) -> Variable:
    """What classic files, which have no such integers, mean by `_Unsigned` (NetCDF users' guide, attribute conventions)."""
    if variable.attribute("_Unsigned").lower() != "true" or variable.form not in tuple("bhiq"):
        return variable
    whole = 1 << {"b": 8, "h": 16, "i": 32, "q": 64}[variable.form]

    def read(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
        return [each % whole if isinstance(each, int) else each for each in variable.read(start, stop)]

    told = {
        name: tuple(each % whole if isinstance(each, int) else each for each in value)
        for name, value in variable.attributes.items()
        if name in _LIMITS and not isinstance(value, str)
    }
    return replace(variable, attributes={**variable.attributes, **told}, read=read, form=variable.form.upper())


def invalid(variable: Variable, some: range | None) -> list[bool] | None:
    """Which values the file itself calls impossible (NetCDF's users' guide, `valid_range`): as they are stored, of packed
    integers as they are unpacked where the limits are no integers."""
    both = variable.numbers("valid_range")
    low = both[0] if len(both) == 2 else next(iter(variable.numbers("valid_min")), -inf)
    high = both[1] if len(both) == 2 else next(iter(variable.numbers("valid_max")), inf)
    if low == -inf and high == inf:
        return None
    scale, offset = packing_of(variable)
    limits = [each for each in (low, high) if abs(each) != inf]
    unpacked = (scale != 1 or offset != 0) and all(isinstance(each, float) for each in limits)
    slack = abs(scale) / 2 if unpacked else 0  # what is on a limit is not beyond it by a rounding
    return [
        isinstance(value, int | float)
        and not (
            low - slack <= value * scale + offset <= high + slack
            if unpacked and isinstance(value, int)
            else low <= value <= high
        )
        for value in values_of(variable, some)
    ]


def packing_of(variable: Variable) -> tuple[float, float]:
    """What a stored value is multiplied by, and what is added then (CF 8.1)."""
    return (*variable.numbers("scale_factor"), 1.0)[0], (*variable.numbers("add_offset"), 0.0)[0]


def are_all_there(values: Sequence[Scalar | None], gone: Set[float]) -> TypeGuard[Sequence[float]]:
    """Whether all are numbers that are known, as nearly always; none is found to be so where their sum is beyond measure."""
    try:
        return isfinite(sum(cast(Sequence[float], values))) and gone.isdisjoint(values)  # a text among them is no summand
    except TypeError:
        return False


def _number(value: Scalar | None, gone: Container[float]) -> float | None:
    return float(value) if isinstance(value, int | float) and isfinite(value) and value not in gone else None


def numbers_of(variable: Variable) -> list[float | None]:
    """All values, unpacked, None where there is none."""
    gone, (scale, offset) = missing_of(variable), packing_of(variable)
    values = variable.read()
    found: list[float | None] = (
        [*map(float, values)] if are_all_there(values, gone) else [_number(value, gone) for value in values]
    )
    if (scale, offset) == (1, 0):
        return found
    return [None if each is None else _number(each * scale + offset, ()) for each in found]  # a scale may be no number


def metres_of(variable: Variable) -> float | None:
    """How long its unit is; None where it is none of a length, such as degrees."""
    try:
        return converter(variable.attribute("units"), "cloud_base_altitude")(1.0)
    except UnknownUnit:
        return None


def in_metres(variable: Variable) -> list[float | None]:
    """All values of a coordinate, heights in metres."""
    scale, values = metres_of(variable) or 1.0, numbers_of(variable)
    return values if scale == 1 else [None if value is None else round(value * scale, 6) for value in values]


def by_station[T](values: list[T], variable: Variable, along: str | None, count: int) -> list[list[T]]:
    """The values of each station."""
    apart, _ = steps(variable, along, count)
    if apart == 0:
        return [values] * count
    if apart == 1:
        return [values[number::count] for number in range(count)]
    return [values[number * apart : (number + 1) * apart] for number in range(count)]


def steps(variable: Variable, along: str | None, count: int) -> tuple[int, int]:
    """How far one of so many stations, and one place of a station, stands behind the one before among the values."""
    if along is None or along not in variable.dimensions:
        return 0, 1
    inner = prod(variable.shape[variable.dimensions.index(along) + 1 :])
    return (1, count) if inner == 1 or variable.dimensions[-1] == along else (inner, 1)


def text_of(value: Scalar | None) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
