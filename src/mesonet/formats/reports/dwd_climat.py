"""CLIMAT reports of a month as the German weather service archives them: one station in each row, groups between semicolons.

Source: DWD, CDC, "CLIMAT_RAW"; WMO-No. 306, FM 71, section 1: means and sums of the month. Signs stand in a figure of their own
(1 below zero), pressures lack their thousands, temperatures are in tenths. The normals of section 2 and the counts of days of
section 3 are no observations and have no parameter. A month stands at its first day.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, joined, rows
from mesonet.formats.elements import MONTH, Element, element
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.table import Chunk, Table
from mesonet.formats.text import decode

NAME = "dwd-climat"

_BEGIN = ["year", "month", "IIiii", "G1"]
# name in section 1: standard name, unit, method
_ELEMENTS = {
    "Po": ("air_pressure", "0.1 hPa", "mean"),
    "P": ("air_pressure_at_mean_sea_level", "0.1 hPa", "mean"),
    "T": ("air_temperature", "0.1 Cel", "mean"),
    "Tx": ("air_temperature", "0.1 Cel", "maximum_within_days_mean_over_days"),
    "Tn": ("air_temperature", "0.1 Cel", "minimum_within_days_mean_over_days"),
    "e": ("water_vapor_partial_pressure_in_air", "0.1 hPa", "mean"),
    "R1": ("precipitation_amount", "mm", "sum"),
    "S1": ("duration_of_sunshine", "h", "sum"),
}
_SIGNED = ("T", "Tx", "Tn")
_LITTLE = "9999"  # millimetres: some rain, but less than one
LOWEST, HIGHEST = 9400, 10_600  # of means of a month at the level of the sea, in tenths of hectopascals; 0836 is 836 m
_FULL = {"Po": 5, "P": 5}  # figures; a group of four that begins low lacks its thousand


def sniff(head: bytes) -> Guess | None:
    names = decode(head[:4096]).split("\n")[0].strip().split(";")
    if names[:4] != _BEGIN or "sn" not in names:
        return None
    return Guess(0.96, f"CLIMAT reports of a month: {len(names)} columns, one station in each row")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ";")
    names = [name.strip() for name in table.first[0]] if table.first else []
    if names[:4] != _BEGIN:
        raise UnreadableFile("the header does not begin with year;month;IIiii", row=1)
    end = names.index("G2") if "G2" in names else len(names)
    elements: dict[int, Element] = {}
    signs: dict[int, int] = {}
    full: dict[int, int] = {}
    unsigned: list[str] = []
    for at, name in enumerate(names[:end]):
        if name in _ELEMENTS and not any(each.name == name for each in elements.values()):
            if name in _SIGNED and names[at - 1] != "sn":
                unsigned.append(name)
                continue
            standard_name, unit, method = _ELEMENTS[name]
            elements[at] = element(name, standard_name, unit, method=method, duration=MONTH)
            if name in _SIGNED:
                signs[at] = at - 1
            if name in _FULL:
                full[at] = _FULL[name]
    many = Counter(names)
    labels = [f"{name} ({at + 1})" if many[name] > 1 else name for at, name in enumerate(names)]
    layout = Layout(
        names=labels,
        station_at=2,
        called=lambda text: f"0-20000-0-{text.strip():0>5}" if text.strip().isdecimal() else text.strip(),
        at=(0, 1),
        time=joined("{}-{:0>2}-01", 0, 1),
        elements=elements,
        clean=_number,
        quiet=frozenset(at for at in range(3, len(names)) if at not in elements),
        remarks=(
            "section 1 is taken: what was observed; normals and counts of days are not",
            *(f"{name} was not taken: the column sn before it, which has its sign, is missing" for name in unsigned),
        ),
    )
    rain = [at for at, each in elements.items() if each.name == "R1"]
    source = _Signed(table, signs, full, rain, [at for at, each in elements.items() if each.name == "P"])
    yield from rows(source, layout, context, skip=1)
    if source.heights:
        yield Remark(f"the height of a pressure level stands in place of P {source.heights} times, and is left")


def _number(text: str) -> str:
    return text if text.strip(" /") else ""


class _Signed:
    """The rows, with signs and thousands in the numbers where they belong; the mark at the end of a DOS text is no row."""

    def __init__(self, table: Table, signs: dict[int, int], full: dict[int, int], rain: list[int], seas: Sequence[int]) -> None:
        self._seas = seas
        self.heights = 0
        self._rain = rain
        self._table = table
        self._signs = signs
        self._full = full
        self.text, self.ragged, self.torn = table.text, table.ragged, table.torn

    def chunks(self, width: int, *, skip: int = 0) -> Iterator[Chunk]:
        for chunk in self._table.chunks(width, skip=skip):
            for at, sign in self._signs.items():
                pairs = zip(chunk.columns[sign], chunk.columns[at], strict=True)
                chunk.columns[at] = [f"-{text}" if mark.strip() == "1" and text.strip(" /") else text for mark, text in pairs]
            for at in self._rain:
                chunk.columns[at] = ["0" if text.strip() == _LITTLE else text for text in chunk.columns[at]]
            for at, figures in self._full.items():
                chunk.columns[at] = [_whole(text.strip(), figures) for text in chunk.columns[at]]
            for at in self._seas:
                chunk.columns[at] = list(map(self._pressure, chunk.columns[at]))
            ragged = [(row, fields) for row, fields in chunk.ragged if "".join(fields).strip("\x1a \t")]
            yield Chunk(chunk.rows, chunk.columns, ragged)

    def _pressure(self, text: str) -> str:
        if _is_pressure(text):
            return text
        self.heights += 1
        return ""


def _is_pressure(text: str) -> bool:
    """At the level of the sea, in tenths of hectopascals; mountains tell the height of a pressure's level there."""
    return not (text.isascii() and text.isdecimal()) or LOWEST < int(text[:6]) < HIGHEST


def _whole(text: str, figures: int) -> str:
    """1004.7 hPa is written 0047 in reports; the archive has mostly put the thousand back."""
    return f"1{text}" if len(text) == figures - 1 and text.isdecimal() and text < "5" else text
