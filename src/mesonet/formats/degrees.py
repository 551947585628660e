"""The degrees that temperatures are in where nobody says it, told by the humidity beside them.

Magnus' formula (WMO-No. 8, annex 4.B).
"""

from collections.abc import Sequence
from math import exp

from mesonet.domain.units import converter

_HUMID = 2.5  # % by which humidity may differ from that of temperature and dew point, which are rounded
_WARMEST = 60.0  # Celsius; no thermometer of the weather has shown it (the record is 56.7)

type Triple = tuple[float, float, float]  # temperature, dew point, relative humidity in %


def by_humidity(told: Sequence[Triple], *, least: int = 1) -> str | None:
    """`Cel` or `degF`: the one in which temperature, dew point and humidity say the same, in most of at least `least` cases;
    None where neither does, or both do."""
    numbers = [(t, d, u) for t, d, u in told if d < t and 0 < u < 100]
    agreeing = []
    for unit in ("Cel", "degF"):
        into = converter(unit, "air_temperature")
        off = sorted(abs(_humidity(into(t), into(d)) - u) for t, d, u in numbers)
        if (
            len(off) >= least
            and off[len(off) // 2] <= _HUMID
            and sorted(into(t) for t, _, _ in numbers)[len(off) // 2] <= _WARMEST
        ):
            agreeing.append(unit)
    return agreeing[0] if len(agreeing) == 1 else None


def _humidity(temperature: float, dew_point: float) -> float:
    """Percent, of degrees Celsius."""
    if min(temperature, dew_point) <= -200:
        return 0.0
    return 100 * exp(17.62 * dew_point / (243.12 + dew_point) - 17.62 * temperature / (243.12 + temperature))
