"""Historic station data of the UK Met Office: a month in each row, between blanks, below the station's name and position.

Source: Met Office, "Historic station data" (metoffice.gov.uk), whose lines above the table say the rest: `*` marks an estimate
(suspect here), `#` another sunshine sensor, `---` a missing month, `Provisional` that a row may still change. tmax and tmin are
means of the days' extremes. A month stands at its first day.
"""

import re
from collections.abc import Iterator, Sequence

from mesonet.domain.observation import SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Flags, Layout, meant, rows
from mesonet.formats.elements import MONTH, Place, station
from mesonet.formats.lines import Lines, Peeked
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.table import Chunk, Fields, chunk_of
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "metoffice"
BEGINS = regex(rb"(?m)^[^\n:&]{1,80}\n(?:Location|Lat)\b")  # below `& 653000E …` stands the second place of one
GO_ON = True

_LOOK = 40  # lines: those above the table are some seven, twice as many where a line ends in CR CR LF
_HEADER = regex(r"\s*yyyy\s+mm((?:\s+\w+)+)\s*")
_POSITION = regex(r"Lat\s+(-?[\d.]+)\s+Lon\s+(-?[\d.]+),?\s+(-?\d+)\s*(?:m|metres)\b", re.IGNORECASE)  # `25m` of Heathrow
_HEIGHT = regex(r"(-?\d+)\s*(?:m|metres)\s+amsl", re.IGNORECASE)
_ON_THE_GRID = "the position is told on the British grid alone, and was not taken"  # files of before 2015 or so
_ELEMENTS = {
    "tmax": ("air_temperature", "Cel", "maximum_within_days_mean_over_days"),
    "tmin": ("air_temperature", "Cel", "minimum_within_days_mean_over_days"),
    "rain": ("precipitation_amount", "mm", "sum"),
    "sun": ("duration_of_sunshine", "h", "sum"),
}


def sniff(head: bytes) -> Guess | None:
    lines = decode(head[:8192]).split("\n")[:_LOOK]
    header = next((at for at, line in enumerate(lines) if _HEADER.fullmatch(line)), None)
    if header is None or not any(_POSITION.search(line) or _HEIGHT.search(line) for line in lines[:header]):
        return None
    return Guess(0.97, f"historic station data of the UK Met Office: {_name(lines)[:60]}, a month in each row")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    lines = decode(peeked.head).split("\n")[:_LOOK]
    at, header = next(((at, found) for at, line in enumerate(lines) if (found := _HEADER.fullmatch(line))), (0, None))
    places = [found.groups() for line in lines[:at] if (found := _POSITION.search(line))]
    heights = [found[1] for line in lines[:at] if (found := _HEIGHT.search(line))]
    if header is None or not (places or heights):
        raise UnreadableFile("the lines above the table do not say where the station is", row=1)
    name = _name(lines)
    identifier = "metoffice_" + "_".join(name.replace("/", " ").split())  # Southampton / Mayflower Park
    latitude, longitude, height = places[-1] if places else ("", "", heights[-1])
    if not places:
        yield Remark(_ON_THE_GRID)
    yield from station(
        Place(identifier, latitude, longitude, height, name), 2
    )  # stations that moved list all their places, the newest last
    names = ["yyyy", "mm", *header[1].split()]
    elements = {at: meant(each, (*_ELEMENTS[each], MONTH), "---") for at, each in enumerate(names) if each in _ELEMENTS}
    marks = {column: Flags(at=len(names) + place, meaning={"*": SUSPECT}) for place, column in enumerate(elements)}
    layout = Layout(
        names=[*names, *(f"{names[column]} mark" for column in elements)],
        station=identifier,
        at=(0, 1),
        time=_months,
        elements=elements,
        flags=marks,
        clean=lambda text: text.rstrip("*#"),
        quiet=frozenset(range(len(names), len(names) + len(elements))),
    )
    source = _Marked(Lines(peeked, parted=True), len(names), list(elements))
    units = next((row for row, line in enumerate(lines[at + 1 :], at + 1) if line.strip()), at)
    yield from rows(source, layout, context, skip=units + 1 if "degC" in lines[units] else at + 1)


def _name(lines: Sequence[str]) -> str:
    """The first line that is not blank."""
    return next(filter(None, map(str.strip, lines)), "")


def _months(columns: Columns) -> Sequence[str]:
    return [f"{year}-{month:0>2}-01" for year, month in zip(columns[0], columns[1], strict=True)]


class _Marked:
    """The rows, with the mark of each value as a column of its own, without the word that ends provisional rows."""

    def __init__(self, lines: Lines, width: int, marked: list[int]) -> None:
        self._lines = lines
        self._width = width
        self._marked = marked
        self.text, self.torn = lines.text, lines.torn
        self.ragged = lines.ragged

    def chunks(self, width: int, *, skip: int = 0) -> Iterator[Chunk]:
        for chunk in self._lines.chunks(0, skip=skip):  # every row is longer than that
            whole = list[tuple[int, Fields]]()
            others = list[tuple[int, Fields]]()
            for row, fields in chunk.ragged:
                fields = [field for field in fields if field.lower() != "provisional"]
                if fields and fields[-1].lower() == "closed":  # the last row of a site that is
                    continue
                if len(fields) == self._width - 1 and fields:
                    fields.append("---")  # the sunshine of months in which it was not measured
                if len(fields) != self._width:
                    others.append((row, fields))
                    continue
                marks = ["*" if "*" in fields[at] else "" for at in self._marked]
                whole.append((row, (*fields, *marks)))
            yield chunk_of(whole, width, others)
