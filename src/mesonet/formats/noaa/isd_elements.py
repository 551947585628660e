"""The elements of the Integrated Surface Database, which its own files and Global Hourly share.

Source: NOAA NCEI, "Federal Climate Complex Data Documentation for Integrated Surface Data" (isd-format-document): mandatory
data section (WND, VIS, TMP, DEW, SLP), additional data section (AA1-4 liquid precipitation, GF1 sky condition, KA1-4 extreme
air temperature, MA1 atmospheric pressure, OC1 wind gust). Quality codes 3 and 7 (erroneous) are flagged as failed, 2 and 6
(suspect) as suspect. A group is the list of its parts, in the order of the document.
"""

from collections.abc import Iterator, Sequence

from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.formats.elements import Element, Field, Left, element
from mesonet.record import dataclass

_QUALITY = {"2": SUSPECT, "6": SUSPECT, "3": FAIL, "7": FAIL}

# group: how many parts it has, and (element, part of its value, part of its quality code)
GROUPS: dict[str, tuple[int, tuple[tuple[Element, int, int], ...]]] = {
    "WND": (
        5,
        (
            (element("WND direction", "wind_from_direction", "deg", "999"), 0, 1),
            (element("WND speed", "wind_speed", "0.1 m/s", "9999"), 3, 4),
        ),
    ),
    "VIS": (4, ((element("VIS", "visibility_in_air", "m", "999999"), 0, 1),)),
    "TMP": (2, ((element("TMP", "air_temperature", "0.1 Cel", "+9999"), 0, 1),)),
    "DEW": (2, ((element("DEW", "dew_point_temperature", "0.1 Cel", "+9999"), 0, 1),)),
    "SLP": (2, ((element("SLP", "air_pressure_at_mean_sea_level", "0.1 hPa", "99999"), 0, 1),)),
    "GF1": (13, ((element("GF1 total cover", "cloud_area_fraction", "[okta]", "99"), 0, 2),)),
    "MA1": (
        4,
        (
            (element("MA1 altimeter setting", "altimeter_setting", "0.1 hPa", "99999"), 0, 1),
            (element("MA1 station pressure", "air_pressure", "0.1 hPa", "99999"), 2, 3),
        ),
    ),
    "OC1": (2, ((element("OC1", "wind_speed_of_gust", "0.1 m/s", "9999"), 0, 1),)),
}
RAIN = ("AA1", "AA2", "AA3", "AA4")
EXTREMES = ("KA1", "KA2", "KA3", "KA4")
PARTS = {name: parts for name, (parts, _) in GROUPS.items()} | dict.fromkeys((*RAIN, *EXTREMES), 4)

_OKTAS = frozenset(("00", "01", "02", "03", "04", "05", "06", "07", "08", "99", ""))
_INCOMPLETE = frozenset("1IJ")  # condition codes of AA: measurement impossible, incomplete, incomplete and estimated
_EXTREMES = {"M": "maximum", "N": "minimum", "O": "maximum", "P": "minimum"}  # O and P are estimated

type Parts = Sequence[Sequence[str]]  # as many as the group has, each as long as the chunk; empty texts where it is not given


@dataclass(frozen=True, slots=True)
class Periods:
    """Values of one period: all of a chunk's rows, empty where a row has none."""

    element: Element
    texts: list[str]
    flags: list[int]


_FIGURES = 11  # of a USAF number and a WBAN number, as tables call a station
_LEAST = 9  # of them without zeros before, of which USAF numbers have one or two


def station_of(text: str) -> str:
    """What a station is called: of figures alone, with the zeros before them that a spreadsheet leaves out."""
    name = text.strip()
    return name.zfill(_FIGURES) if len(name) >= _LEAST and name.isdecimal() and name.isascii() else name


def stations_of(column: Sequence[str]) -> list[str]:
    called = {text: station_of(text) for text in {*column}}
    return list(map(called.__getitem__, column))


def fields(name: str, parts: Parts, rows: Sequence[int], left: Left) -> Iterator[Field]:
    """The elements of a group whose meaning does not depend on the row."""
    for known, at, quality_at in GROUPS[name][1]:
        received = texts = parts[at]
        if name == "GF1" and not _OKTAS.issuperset(texts):
            texts = [_okta(text, row, left) for text, row in zip(texts, rows, strict=True)]
        codes = parts[quality_at]
        flags = None if _QUALITY.keys().isdisjoint(codes) else [_QUALITY.get(code, NOT_EVALUATED) for code in codes]
        yield Field(known, texts, flags, received)


def _okta(text: str, row: int, left: Left) -> str:
    """Codes 9 to 19 are an obscured sky and words of old reports (thin broken, dark overcast, …)."""
    if text in _OKTAS or not text.isdecimal():
        return text
    if text != "09":
        left.add("sky conditions that are words, not oktas, are not taken", "GF1", row, text)
    return "99"


class Timed:
    """Amounts and extremes of a chunk, which each tell their own period: one field for each period."""

    def __init__(self, rows: Sequence[int], left: Left) -> None:
        self._rows = rows
        self._left = left
        self._found: dict[str, Periods] = {}

    def rain(self, name: str, at: int, parts: Sequence[str]) -> None:
        """AA: hours, depth in 0.1 mm, condition, quality."""
        hours, depth, condition, quality = parts
        if depth == "9999" or not depth.strip():
            return
        if hours == "99" or not hours.isdecimal() or int(hours) == 0:
            self._left.add("an amount of precipitation without its period is not taken", name, self._rows[at], ",".join(parts))
            return
        flag = _QUALITY.get(quality, SUSPECT if condition in _INCOMPLETE else NOT_EVALUATED)
        known = ("precipitation_amount", "0.1 mm", "9999", "sum")
        self._put(name, at, f"AA {int(hours)} h", known, int(hours), depth, flag)

    def extreme(self, name: str, at: int, parts: Sequence[str]) -> None:
        """KA: period in 0.1 h, maximum or minimum, temperature in 0.1 Cel, quality."""
        tenths, code, degrees, quality = parts
        if degrees == "+9999" or not degrees.strip():
            return
        method = _EXTREMES.get(code)
        if tenths == "999" or not tenths.isdecimal() or int(tenths) == 0 or method is None:
            self._left.add("an extreme temperature without its period is not taken", name, self._rows[at], ",".join(parts))
            return
        if int(tenths) % 10:
            reason = "an extreme temperature of a period that is no whole number of hours is not taken"
            self._left.add(reason, name, self._rows[at], ",".join(parts))
            return
        hours = int(tenths) // 10
        flag = _QUALITY.get(quality, SUSPECT if code in "OP" else NOT_EVALUATED)
        known = ("air_temperature", "0.1 Cel", "+9999", method)
        self._put(name, at, f"KA {method} {hours} h", known, hours, degrees, flag)

    def _put(self, group: str, at: int, name: str, known: tuple[str, str, str, str], hours: int, text: str, flag: int) -> None:
        found = self._found.get(name)
        if found is None:
            standard_name, unit, missing, method = known
            made = element(name, standard_name, unit, missing, method=method, duration=f"PT{hours}H")
            count = len(self._rows)
            found = self._found[name] = Periods(made, [""] * count, [NOT_EVALUATED] * count)
        if found.texts[at]:
            self._left.add("a second value of the same period in one report is not taken", group, self._rows[at], text)
            return
        found.texts[at] = text
        found.flags[at] = flag

    def fields(self) -> Iterator[Field]:
        for name in sorted(self._found):
            found = self._found[name]
            yield Field(found.element, found.texts, found.flags)
