"""`units=`: values in the units that the caller wants instead of those that are kept."""

import json
from collections.abc import Mapping
from functools import lru_cache

from mesonet.domain.block import BlockColumn, Piece, number
from mesonet.domain.fragment import Fragment
from mesonet.domain.latest import LatestValue
from mesonet.domain.parameter import parse
from mesonet.errors import InvalidParameter
from mesonet.functions.api_weather.logic import Observations
from mesonet.record import dataclass, replace
from mesonet.web.parameters import Query

ALLOWED = "metric, us, or a unit (UCUM) for each parameter: air_temperature=[degF],wind_speed=km/h"

# what the United States write instead of a canonical unit (NIST SP 811, B.9), and where it depends on what is measured
_US = {"Cel": "[degF]", "m/s": "[mi_i]/h", "hPa": "[in_i'Hg]", "mm": "[in_i]", "mm/h": "[in_i]/h", "m": "[mi_i]"}
_US_OF = {"cloud_base_altitude": "[ft_i]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`system` is for all parameters that `units` does not name; these are by identifier or standard name."""

    system: str
    units: Mapping[str, str]

    def of(self, name: str, unit: str) -> str:
        """The unit that a parameter kept in `unit` is shown in."""
        standard_name = parse(name).standard_name
        chosen = self.units.get(name) or self.units.get(standard_name)
        if chosen or self.system != "us":
            return chosen or unit
        return _US_OF.get(standard_name) or _US.get(unit, unit)

    def observations(self, found: Observations) -> Observations:
        return replace(found, pieces=[self._piece(piece) for piece in found.pieces])

    def latest(self, name: str, value: LatestValue) -> LatestValue:
        unit = self.of(name, value.unit)
        return value if unit == value.unit else replace(value, value=_converted(name, unit, value.value), unit=unit)

    def _piece(self, piece: Piece) -> Piece:
        return replace(piece, columns={name: self._column(name, column) for name, column in piece.columns.items()})

    def _column(self, name: str, column: BlockColumn) -> BlockColumn:
        unit = self.of(name, column.unit)
        if unit == column.unit:
            return column
        values = (None if value is None else _converted(name, unit, value) for value in json.loads(f"[{column.values}]"))
        return replace(column, unit=unit, values=Fragment(",".join(map(number, values))))


def choice(asked: Query) -> Choice | None:
    """None where values stay as they are kept. Raises InvalidParameter."""
    text = asked.get("units")
    if text is None or text.lower() == "metric":
        return None
    system, units = "", dict[str, str]()
    for part in text.split(","):
        name, separator, unit = (piece.strip() for piece in part.rpartition("="))
        if name in units or (system and not separator):
            raise InvalidParameter("units", f"{part!r} comes after another of its kind", value=text, allowed=ALLOWED)
        if not separator and unit.lower() in ("us", "metric"):
            system = unit.lower()
        elif separator and name and unit:
            units[name] = _known(name, unit, text)
        else:
            raise InvalidParameter("units", f"{part!r} is not understood", value=text, allowed=ALLOWED)
    return Choice(system=system or "metric", units=units)


def _known(name: str, unit: str, text: str) -> str:
    """The UCUM code of a unit that the parameter can have."""
    from mesonet.domain import units as known  # its tables are large, and seldom needed

    standard_name = name.partition(":")[0]
    if known.dimension_of(standard_name) is None:
        raise InvalidParameter("units", f"{standard_name!r} is no standard name", value=text, allowed=ALLOWED)
    try:
        code, factor = known.parse(unit)
        if factor == 1:
            known.from_canonical(code, parse(name).standard_name)
            return code
    except (known.UnknownUnit, ValueError):
        pass
    allowed = known.allowed_for(standard_name)
    raise InvalidParameter("units", f"{unit!r} is no unit of {name}", value=text, allowed=allowed)


@lru_cache(maxsize=100_000)
def _converted(name: str, unit: str, value: float) -> float:
    from mesonet.domain import units as known

    return known.from_canonical(unit, parse(name).standard_name)(value)
