"""Tables whose columns are stations or months, turned into one of a value a row: nothing in them says what the values are of.

OMS3's CSV (GEOframe, HortonMachine) has `@T`, `@H,timestamp,…`, the stations behind `ID`, and below them a time and a value of
each in a row. Climatologies (HadCET's monthly series and many others) have a year in a row, below the names of its months.
Either is read as a table (`station`, `time`, `value`, or `time`, `value`) that a mapping explains.
"""

from collections.abc import Iterator, Sequence

from mesonet.domain.observation import Batch, Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.retold import Retold
from mesonet.formats.table import MOST_COLUMNS
from mesonet.formats.tables import mapped_csv
from mesonet.formats.text import Text, decode
from mesonet.formats.times import MONTHS
from mesonet.record import dataclass, replace
from mesonet.regex import regex

NAME = "turned-table"
TAKES_MAPPING = True

_HEAD = 65_536  # bytes: a row names some thousands of stations
_LOOK = 40  # lines above the first row
_YEAR = regex(r"(?:1[4-9]|20)\d\d")
_FIELD = regex(r"\S+")


@dataclass(frozen=True, slots=True)
class _Turned:
    """`skip` lines stand above the rows, which have a time in field `at` and values behind it: one for each of the `stations`,
    or for each month. `ends` are those of a whole row's fields between blanks."""

    skip: int
    at: int
    stations: tuple[str, ...] = ()
    ends: tuple[int, ...] = ()

    @property
    def many(self) -> int:
        return len(self.stations) or len(MONTHS)


def _turned(head: bytes) -> _Turned | None:
    lines = decode(head).split("\n", _LOOK)[:_LOOK]
    return _by_station(lines) if lines[0].startswith("@T") else _by_month(lines)


def _by_station(lines: Sequence[str]) -> _Turned | None:
    fields = [line.strip().split(",") for line in lines]
    header = next((at for at, line in enumerate(fields) if line[0] == "@H" and line[1:2] == ["timestamp"]), None)
    named = next((line for line in fields if line[0].strip() == "ID"), None)
    skip = next((at for at, line in enumerate(fields) if not line[0].strip() and line[1:2] != [""] and len(line) > 2), None)
    if header is None or named is None or skip is None or not 0 < len(named) - 2 <= MOST_COLUMNS:
        return None
    return _Turned(skip, 1, tuple(name.strip() for name in named[2:]))


def _by_month(lines: Sequence[str]) -> _Turned | None:
    for at, line in enumerate(lines):
        names = [name.strip().lower()[:3] for name in _parted(line)]
        first = names.index("jan") if "jan" in names else 2
        if first < 2 and tuple(names[first : first + 12]) == MONTHS and names[:first] in ([], [""], ["yea"], ["yr"], ["yyy"]):
            below = [row for row in lines[at + 1 :] if row.strip()]
            years = [row for row in below if len(fields := _parted(row)) > 12 and _YEAR.fullmatch(fields[0].strip())]
            if not years or 2 * len(years) < len(below):
                return None
            widths = [len(row.split()) for row in years]
            whole = years[widths.index(max(widths, key=widths.count))]
            blanks = "," not in whole and "\t" not in whole.strip()
            return _Turned(at + 1, 0, ends=tuple(field.end() for field in _FIELD.finditer(whole)) if blanks else ())
    return None


def _parted(line: str) -> list[str]:
    if "," in line:
        return line.strip().split(",")
    return line.strip(" ").split("\t") if "\t" in line.strip() else line.split()


def _below(line: str, ends: Sequence[int]) -> list[str]:
    """The fields of a row of which some are blank, as those of a year that goes on; none where they do not end in columns."""
    found = {field.end(): field[0] for field in _FIELD.finditer(line)}
    return [found.get(end, "") for end in ends] if found.keys() <= set(ends) else []


def sniff(head: bytes) -> Guess | None:
    turned = _turned(head)
    if turned is None:
        return None
    return Guess(0.9, "OMS3: a station in each column" if turned.stations else "a year in each row, and a month in each column")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are values; those of rejects and batches are the file's lines."""
    peeked = Peeked(stream, _HEAD)
    turned = _turned(peeked.head)
    if turned is None:
        raise UnreadableFile("no line names stations (ID) or months above rows of their values", row=1)
    rows = _Rows(peeked, turned)
    mapping = context.mapping and replace(context.mapping, delimiter=",")  # that of the file parts nothing here
    for piece in mapped_csv.read(rows, replace(context.unhurried, mapping=mapping)):
        if isinstance(piece, Reject) and piece.row is not None:
            piece = replace(piece, row=_line(piece.row, turned))
        elif isinstance(piece, Batch):
            piece = replace(piece, rows=[_line(row, turned) for row in piece.rows])
        yield piece
    if context.mapping is None:
        told = "what its values are of, and in which unit and zone, stands nowhere in it: a mapping says it of"
        yield Remark(f"{told} `time` and `value`")


def _line(row: int, turned: _Turned) -> int:
    return turned.skip + 1 + max(row - 2, 0) // turned.many


class _Rows(Retold):
    """A value a row between commas, as many rows for each line of the file."""

    def __init__(self, stream: Stream, turned: _Turned) -> None:
        text = Text(stream)
        super().__init__(self._made(text), text)
        self._turned = turned
        self._names = [f"{_quoted(name)}," for name in turned.stations]

    def _made(self, text: Text) -> Iterator[bytes]:
        yield b"station,time,value\n" if self._turned.stations else b"time,value\n"
        above = self._turned.skip
        for block in text:
            lines = block.removesuffix("\n").split("\n")
            lines, above = lines[above:], max(above - len(lines), 0)
            yield "".join(map(self._lines, lines)).encode("utf-8", "replace")

    def _lines(self, line: str) -> str:
        """The rows that a line becomes."""
        turned = self._turned
        fields = line.strip().split(",") if turned.stations else _parted(line)
        if len(fields) < len(turned.ends):
            fields = _below(line, turned.ends)
        line = line.strip()
        if '"' in line:
            fields = list(map(_quoted, fields))
        time, values = "".join(fields[turned.at : turned.at + 1]).strip(), fields[turned.at + 1 :]
        other = any(values[turned.many :]) if turned.stations else not _YEAR.fullmatch(time)  # a row of means
        if not any(map(str.strip, fields)) or len(values) < turned.many or other:
            return _quoted(line) + "\n" * turned.many
        if turned.stations:
            return "".join([f"{name}{time},{value}\n" for name, value in zip(self._names, values, strict=False)])
        return "".join([f"{time}-{month:02d}-01,{value}\n" if value else "\n" for month, value in enumerate(values[:12], 1)])


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if '"' in text or "," in text else text
