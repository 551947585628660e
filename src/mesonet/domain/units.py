"""Units: what the field writes, and the canonical unit (UCUM) that it becomes.

Every unit is a zero and a scale to the base unit of its dimension; every standard name has one canonical unit. Factors are
exact where the unit is defined exactly (NIST SP 811, appendix B.8; UCUM 2.1).
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.errors import BadInput
from mesonet.record import dataclass
from mesonet.regex import regex

if TYPE_CHECKING:
    from re import Match


class UnknownUnit(BadInput):
    """Names the unit that cannot be used and the units that can."""

    code = "unknown-unit"
    title = "The unit cannot be used"

    def __init__(self, detail: str, *, unit: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(detail)
        self.unit = unit
        self.allowed = tuple(allowed)


SIGNIFICANT_DIGITS = 7  # more than any sensor gives, few enough to hide the noise of binary fractions: 39.02 degF is 3.9 Cel


@dataclass(frozen=True, slots=True)
class Conversion:
    """`unit` is what comes out. A value becomes `(value - zero) * scale`, to 7 significant digits.

    The subtraction comes first, so that 32 degF is 0 Cel and not the noise of a binary fraction.
    """

    unit: str
    scale: float = 1.0
    zero: float = 0.0

    @property
    def identity(self) -> bool:
        return self.scale == 1.0 and self.zero == 0.0

    def __call__(self, value: float) -> float:
        if self.identity:
            return value
        return float(f"{(value - self.zero) * self.scale:.{SIGNIFICANT_DIGITS}g}")

    def column(self, values: Sequence[float | None]) -> list[float | None]:
        """A column at a time; None stays None."""
        if self.identity:
            return list(values)
        scale, zero = self.scale, self.zero
        different = set(values)
        if 2 * len(different) < len(values) and 0 not in different:  # a zero may have a sign, which equal ones would share
            known = {value: None if value is None else self(value) for value in different}
            return list(map(known.__getitem__, values))
        return [None if value is None else float(f"{(value - zero) * scale:.{SIGNIFICANT_DIGITS}g}") for value in values]


@dataclass(frozen=True, slots=True)
class _Unit:
    """`(value - zero) * scale` is in the base unit of the dimension."""

    dimension: str
    scale: float
    zero: float
    spellings: tuple[str, ...]


# dimension: canonical unit, which is also the base
_CANONICAL = {
    "temperature": "Cel",
    "speed": "m/s",
    "pressure": "hPa",
    "length": "m",
    "depth": "mm",
    "angle": "deg",
    "fraction": "%",
    "irradiance": "W/m2",
    "time": "min",
    "rate": "mm/h",
    "mixing": "g/kg",
    "number": "1",
}

# UCUM code: dimension, scale, zero, the field's other spellings (compared without case, spaces and degree signs at the front).
# A length is a depth or a distance by what it measures, so both share their units; kg/m2 is a depth of water (CF).
_UNITS: dict[str, _Unit] = {
    "Cel": _Unit(
        "temperature",
        1,
        0,
        (
            "C",
            "°C",
            "℃",
            "degC",
            "deg C",
            "deg_C",
            "celsius",
            "celcius",  # as often written
            "degree celsius",
            "degrees celsius",
            "degree C",
            "Grad C",
            "Grad Celsius",
            "grader Celsius",
            "graden Celsius",
            "gradi Celsius",
            "grados Celsius",
            "graus Celsius",
            "degrés Celsius",
            "stopni Celsjusza",
            "stupně Celsia",
            "ºC",
            "'C",
            "degree_Celsius",
            "degrees C",
            "deg. C",
            "oC",
            "°С",  # the letter of Russian
            "摄氏度",
            "摄氏",
            "攝氏",
            "度",
            "øC",  # the sign for degrees of DOS, read as Western text
            "¡C",  # and that of old Macintoshes
            "Â°C",  # UTF-8, read as Western text
            "\ufffdC",  # what is left of it where it was read as nothing
            "?C",
            "م°",
            "°م",
            "° م",
        ),
    ),
    "[degF]": _Unit(
        "temperature",
        5 / 9,
        32,
        (
            "F",
            "°F",
            "℉",
            "degF",
            "deg F",
            "deg_F",
            "fahrenheit",
            "degrees fahrenheit",
            "degree fahrenheit",
            "degrees F",
            "degree F",
            "ºF",
            "deg. F",
            "øF",
            "¡F",
            "Â°F",
            "\ufffdF",
            "?F",
        ),
    ),
    "K": _Unit("temperature", 1, 273.15, ("degK", "deg K", "kelvin", "kelvins")),
    "[degR]": _Unit("temperature", 5 / 9, 491.67, ("degR", "rankine")),
    "m/s": _Unit(
        "speed",
        1,
        0,
        (
            "m s-1",
            "m.s-1",
            "ms-1",
            "m s^-1",
            "m·s-1",
            "mps",
            "meters/s",
            "meters/second",
            "metres/second",
            "meters per second",
            "metres per second",
            "meter/sec",
            "m/sec",
            "m/sek",
            "m/seg",
            "м/с",
            "م/ث",
            "米/秒",
        ),
    ),
    "km/h": _Unit(
        "speed",
        1 / 3.6,
        0,
        (
            "kmh",
            "kph",
            "км/ч",
            "км/год",
            "كم/س",
            "كم/ساعة",
            "किमी/घंटा",
            "km h-1",
            "km.h-1",
            "km/hr",
            "kmph",
            "km_h-1",
            "km/u",
            "km/t",
        ),
    ),
    "[mi_i]/h": _Unit("speed", 0.44704, 0, ("mph", "mp/h", "mi/h", "mi/hr", "miles/hour", "miles per hour")),
    "[kn_i]": _Unit(
        "speed",
        1852 / 3600,
        0,
        (
            "kn",
            "kt",
            "kts",
            "knot",
            "knots",
            "nautical_mile/hour",
            "nautical miles per hour",
            "nudo",
            "nudos",
            "nó",
            "nós",
            "nœuds",
            "noeuds",
            "nodi",
            "Knoten",
            "knop",
            "knopen",
            "узлы",
        ),
    ),
    "[ft_i]/s": _Unit("speed", 0.3048, 0, ("ft/s", "fps", "ft/sec")),
    "cm/s": _Unit("speed", 0.01, 0, ("cm s-1",)),
    "hPa": _Unit(
        "pressure", 1, 0, ("mb", "mbar", "mbars", "mbs", "millibar", "millibars", "hectopascal", "hectopascals", "гПа", "百帕")
    ),
    "Pa": _Unit("pressure", 0.01, 0, ("pascal", "pascals")),
    "kPa": _Unit("pressure", 10, 0, ("kilopascal", "kilopascals", "кПа")),
    "bar": _Unit("pressure", 1000, 0, ()),
    "[psi]": _Unit("pressure", 68.94757, 0, ("psi", "psia")),
    "dbar": _Unit("pressure", 100, 0, ("decibar", "decibars")),
    "[in_i'Hg]": _Unit(
        "pressure", 33.86389, 0, ("inHg", "in Hg", "in. Hg", "in-Hg", "inches Hg", "inches of mercury", "inch Hg")
    ),
    "mm[Hg]": _Unit("pressure", 1.333224, 0, ("mmHg", "mm Hg", "torr", "мм рт.ст.", "мм рт. ст.", "мм рт ст")),
    "atm": _Unit("pressure", 1013.25, 0, ("atmosphere", "atmospheres", "standard atmosphere")),
    "m": _Unit("length", 1, 0, ("meter", "meters", "metre", "metres", "mtr")),
    "km": _Unit("length", 1000, 0, ("kilometer", "kilometers", "kilometre", "kilometres")),
    "cm": _Unit("length", 0.01, 0, ("centimeter", "centimeters", "centimetre", "centimetres")),
    "mm": _Unit(
        "length",
        0.001,
        0,
        (
            "millimeter",
            "millimeters",
            "millimetre",
            "millimetres",
            "l/m2",
            "l/m²",
            "kg/m2",
            "kg m-2",
            "kg.m-2",
            "kg m^-2",
            "l m-2",
            "мм",
            "مم",
            "ملم",
            "मिमी",
            "มม.",
            "毫米",
        ),
    ),
    "um": _Unit("length", 1e-6, 0, ("µm", "μm", "micron", "microns", "micrometer")),
    "[in_i]": _Unit(
        "length",
        0.0254,
        0,
        ("in", "in.", "inch", "inches", '"', "pulgada", "pulgadas", "polegada", "polegadas", "pouces", "pollici", "Zoll"),
    ),
    "[ft_i]": _Unit("length", 0.3048, 0, ("ft", "ft.", "foot", "feet", "'")),
    "[mi_i]": _Unit("length", 1609.344, 0, ("mi", "mile", "miles", "statute mile", "statute miles", "sm")),
    "[nmi_i]": _Unit("length", 1852, 0, ("nmi", "nm", "nautical mile", "nautical miles")),
    "deg": _Unit(
        "angle",
        1,
        0,
        (
            "°",
            "º",
            "degree",
            "degrees",
            "degT",
            "degrees true",
            "deg true",
            "°T",
            "degrees_true",
            "degrees compass",
            "ø",
            "Grad",
            "grader",
            "graden",
            "grados",
            "graus",
            "gradi",
            "degrés",
            "град",
            "GN",
            "degree_true",
            "degree_T",
            "degrees_T",
            "deg from N",
            "deg from north",
            "degrees from north",
            "degrees clockwise from north",
        ),
    ),
    "rad": _Unit("angle", 57.29577951308232, 0, ("radian", "radians")),
    "%": _Unit(
        "fraction",
        1,
        0,
        (
            "percent",
            "percent relative humidity",
            "pct",
            "%RH",
            "% RH",
            "per cent",
            "rh%",
            "％",
            "%rF",
            "% r.F.",
            "% rel.",
            "0.01",
            "1e-2",
        ),
    ),
    "[okta]": _Unit(
        "fraction", 12.5, 0, ("okta", "oktas", "eighths", "octa", "octas", "1/8", "Achtel", "octavos", "octants", "oitavos")
    ),
    "W/m2": _Unit(
        "irradiance",
        1,
        0,
        (
            "W/m^2",
            "W/m²",
            "W m-2",
            "W m^-2",
            "W.m-2",
            "Wm-2",
            "watt/m2",
            "watts/m2",
            "W/m**2",
            "w/sqm",
            "watts/meter^2",
            "watts/m^2",
            "W.m^-2",
            "Вт/м2",
            "Вт/м²",
            "W/(m^2)",
            "wat/m2",
        ),
    ),
    "kW/m2": _Unit("irradiance", 1000, 0, ("kW/m^2", "kW/m²", "kW m-2")),
    "MJ/m2/d": _Unit("irradiance", 1e6 / 86_400, 0, ("MJ/m2/day", "MJ m-2 d-1", "MJ m-2 day-1", "MJ/(m2.d)")),
    "J/m2/h": _Unit("irradiance", 1 / 3600, 0, ()),
    "kJ/m2/h": _Unit("irradiance", 1000 / 3600, 0, ("kJ m-2 h-1",)),
    "J/cm2/h": _Unit("irradiance", 10_000 / 3600, 0, ("J cm-2 h-1",)),
    "J/cm2/d": _Unit("irradiance", 10_000 / 86_400, 0, ("J cm-2 d-1",)),
    "cal/cm2/min": _Unit(
        "irradiance", 41_840 / 60, 0, ("cal/cm^2/min", "cal cm-2 min-1", "ly/min", "langley/min", "langleys/min")
    ),
    "cal/cm2/h": _Unit("irradiance", 41_840 / 3600, 0, ("ly/h", "ly/hr", "langley/h", "langleys/hour")),
    "cal/cm2/d": _Unit(
        "irradiance", 41_840 / 86_400, 0, ("cal/cm2/day", "ly/d", "ly/day", "langley/day", "langleys/day", "langleys per day")
    ),
    "min": _Unit("time", 1, 0, ("minute", "minutes", "mins")),
    "s": _Unit("time", 1 / 60, 0, ("sec", "second", "seconds", "secs")),
    "h": _Unit(
        "time", 60, 0, ("hr", "hour", "hours", "hrs", "std", "std.", "ore", "saat", "часа", "часов", "ч", "時間", "小时")
    ),
    "mm/h": _Unit(
        "rate",
        1,
        0,
        (
            "mm/hr",
            "mm h-1",
            "mm.h-1",
            "mm h^-1",
            "mmph",
            "kg/m2/h",
            "kg m-2 h-1",
            "mm/Std",
            "mm/Std.",
            "l/m2/h",
            "l/m²/h",
            "mm/t",
            "mm/u",
        ),
    ),
    "mm/min": _Unit("rate", 60, 0, ("mm min-1",)),
    "mm/s": _Unit("rate", 3600, 0, ("mm s-1", "kg/m2/s", "kg m-2 s-1", "kg.m-2.s-1")),
    "mm/d": _Unit("rate", 1 / 24, 0, ("mm/day", "mm day-1", "mm d-1")),
    "[in_i]/h": _Unit("rate", 25.4, 0, ("in/h", "in/hr", "inches/hour", "iph")),
    "g/kg": _Unit("mixing", 1, 0, ("g kg-1", "g.kg-1")),
    "kg/kg": _Unit("mixing", 1000, 0, ("kg kg-1", "kg.kg-1")),
    "1": _Unit(
        "number",
        1,
        0,
        (
            "",
            "none",
            "index",
            "unitless",
            "dimensionless",
            "fraction",
            "count",
            "uvi",
            "uv index",
            "m3/m3",
            "m^3/m^3",
            "m³/m³",
            "m3 m-3",
            "cm3/cm3",
            "v/v",
        ),
    ),
}

# what CF counts a quantity in that has another base here: 1 is 100 %, 1000 g/kg; rain of 1 m/s is 3,600,000 mm/h
_ALSO = {("fraction", "number"): 100.0, ("mixing", "number"): 1000.0, ("rate", "speed"): 3_600_000.0}

_DEPTHS_BASE = 0.001  # metres in the canonical unit of a depth, mm


def _plain(spelling: str) -> str:
    """Without what parts the factors of a product: a dot, or EddyPro's exponents of 1 (`m+1s-1`)."""
    return " ".join(spelling.replace("_", " ").replace("⋅", " ").replace("+1", " ").split()).casefold()


@cache
def _codes() -> dict[str, str]:
    """Codes by their spellings as `_plain` has them. Most units are written as in the table, and this takes longer to make."""
    found: dict[str, str] = {}
    for code, unit in _UNITS.items():
        for spelling in (code, *unit.spellings):
            plain = _plain(spelling)
            found[plain] = code
            found.setdefault(plain.replace(" ", ""), code)
    return found


_AS_WRITTEN = {spelling: code for code, unit in _UNITS.items() for spelling in (code, *unit.spellings)}
_WORD = regex(r"[a-z]+")
_ANNOTATION = regex(r"\{[^{}]*\}")
_SYMBOLS = {
    **{"meter": "m", "metre": "m", "millimeter": "mm", "millimetre": "mm", "centimeter": "cm", "centimetre": "cm"},
    **{"kilometer": "km", "kilometre": "km", "kilogram": "kg", "watt": "w", "joule": "j"},
    **{
        "second": "s",
        "sec": "s",
        "minute": "min",
        "hour": "h",
        "hora": "h",
        "heure": "h",
        "stunde": "h",
        "hr": "h",
        "day": "d",
    },
}
_MULTIPLE = regex(r"(?P<factor>[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*[x*]?\s*(?P<unit>[^0-9\s].*)")
_PART = regex(r"(?i)(?P<part>tenths?|hundredths?|thousandths?|1/10(?=\s))\s*(?:of\s+)?(?:an?\s+)?(?P<unit>.+)")
_PARTS = {"t": 0.1, "1": 0.1, "h": 0.01}
_LONGEST = 100  # characters, annotations included


def dimension_of(standard_name: str) -> str | None:
    """The dimension of a known standard name, None of another."""
    if standard_name not in STANDARD_NAMES:
        return None
    canonical = STANDARD_NAMES[standard_name][0]
    return next(dimension for dimension, unit in _CANONICAL.items() if unit == canonical)


def parse(spelling: str) -> tuple[str, float]:
    """The UCUM code of a unit and a factor before it: `tenths of mm` and `0.1 mm` are ("mm", 0.1). Annotations (UCUM,
    section 12) say nothing of the unit: `Cel{dry bulb}` is "Cel". Raises UnknownUnit, also of a text
    that is longer than a unit needs."""
    if len(spelling) > _LONGEST:
        raise UnknownUnit(
            f"{_shown(spelling)} has more than {_LONGEST} characters, which no unit needs",
            unit=spelling[:_LONGEST],
            allowed=_UNITS,
        )
    if "{" in spelling:
        spelling = _ANNOTATION.sub("", spelling)
    found = _find(spelling)
    if found:
        return found, 1.0
    if match := _MULTIPLE.fullmatch(spelling.strip()):
        found, factor = _find(match["unit"]), float(match["factor"])
        if found and 0 < factor < 1e9:
            return found, factor
    if match := _PART.fullmatch(spelling.strip()):
        found, part = _find(match["unit"]), match["part"].lower()
        if found:
            return found, 0.001 if part.startswith("thou") else _PARTS[part[0]]
    raise UnknownUnit(f"{_shown(spelling)} is not a unit that is known here", unit=spelling, allowed=_UNITS)


def parse_exactly(spelling: str) -> tuple[str, float]:
    """The same of what stands behind a number, where the case of a letter tells units from one another and from marks: M is no
    metre, mJ/m2 no MJ/m2. Raises UnknownUnit."""
    code, factor = parse(spelling)
    names, text = (code, *_UNITS[code].spellings), spelling.strip()
    milli = text[:1] == "m" and text[1:2].isupper()
    if text not in names if len(text) == 1 else milli and not any(name.startswith("m") for name in names):
        raise UnknownUnit(f"{_shown(spelling)} is not a unit that is known here", unit=spelling, allowed=_UNITS)
    return code, factor


def _find(spelling: str) -> str | None:
    if code := _AS_WRITTEN.get(spelling):
        return code
    codes, plain = _codes(), _plain(spelling)
    return codes.get(plain) or codes.get(plain.replace(" ", "")) or codes.get(_WORD.sub(_symbol, plain.replace("**", "")))


def _symbol(word: "Match[str]") -> str:
    """`second` as `s`: a product of units is written with words as well (UDUNITS)."""
    return _SYMBOLS.get(word[0].removesuffix("s"), word[0])


@lru_cache(maxsize=1024)
def converter(from_unit: str, standard_name: str) -> Conversion:
    """From a unit as written to the canonical unit of a standard name; of a name that is not known, to that of the dimension.

    Raises UnknownUnit, which names the unit and what is allowed.
    """
    code, factor = parse(from_unit)
    unit = _UNITS[code]
    wanted = dimension_of(standard_name)
    if wanted is None:
        wanted = "depth" if unit.dimension == "length" and standard_name.endswith("_amount") else unit.dimension
    scale = unit.scale
    if wanted == "depth" and unit.dimension == "length":
        scale = _depth_scale(code, scale)
    elif (wanted, unit.dimension) in _ALSO:
        scale = _tidy(scale * _ALSO[wanted, unit.dimension])
    elif unit.dimension != wanted:
        allowed = allowed_for(standard_name)
        raise UnknownUnit(
            f"{_shown(from_unit)} is no unit of {standard_name}; allowed are {', '.join(allowed)}",
            unit=from_unit,
            allowed=allowed,
        )
    return Conversion(_CANONICAL[wanted], _tidy(scale * factor), unit.zero / factor)


def allowed_for(standard_name: str) -> tuple[str, ...]:
    """The UCUM codes that a value of this standard name may be written in; all for a name that is not known."""
    wanted = dimension_of(standard_name)
    if wanted is None:
        return tuple(_UNITS)
    if wanted == "depth":
        wanted = "length"
    return tuple(code for code, unit in _UNITS.items() if unit.dimension == wanted or (wanted, unit.dimension) in _ALSO)


def _depth_scale(code: str, scale: float) -> float:
    return {"mm": 1.0, "cm": 10.0, "[in_i]": 25.4}.get(code, _tidy(scale / _DEPTHS_BASE))


def _tidy(scale: float) -> float:
    """Without the last digits' noise of a product, so that 10 x 0.1 is 1 and the identity is seen."""
    return float(f"{scale:.15g}")


def _shown(spelling: str) -> str:
    return repr(spelling if len(spelling) <= 40 else spelling[:40] + "…")


@lru_cache(maxsize=1024)
def from_canonical(unit: str, standard_name: str) -> Conversion:
    """From the canonical unit of a standard name to another of its dimension. Raises UnknownUnit."""
    into = converter(unit, standard_name)
    return Conversion(parse(unit)[0], _tidy(1 / into.scale), _tidy(-into.zero * into.scale))
