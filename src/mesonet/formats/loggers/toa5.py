"""TOA5, the table that a Campbell Scientific logger's software writes as text.

Source: Campbell Scientific, LoggerNet Instruction Manual, appendix B "Campbell Scientific File Formats" (TOA5), and CRBasic's
output instructions (Sample, Average, Maximum, Totalize, WindVector …), of which the fourth line has the abbreviations. Four
lines come first: environment, names, units, processes; copies without the environment line are read too, and TOACI1, which has
the first two. A record stands at the end of its interval. Names are the program author's own: columns are recognised by the
names that Campbell's manuals and Short Cut give, and only where name, unit and process agree; everything else stays a column
that nobody has mapped.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from typing import BinaryIO, cast

from mesonet.domain.file import ColumnFacts
from mesonet.domain.observation import Reject
from mesonet.domain.station import LONGEST_IDENTIFIER, Authority, Station
from mesonet.errors import UnreadableFile
from mesonet.formats import bounds, joined
from mesonet.formats.columns import Series
from mesonet.formats.loggers.toa5_scheme import RECORD, TIME, Scheme, bare
from mesonet.formats.loggers.toa5_sections import BEGUN, Section
from mesonet.formats.reading import Columns, Context, Guess, Inferred, Piece, Remark, Rows, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.station_list import coordinate, elevation
from mesonet.formats.table import MOST_COLUMNS, SHOWN, Chunk, Fields, Table, leading
from mesonet.formats.tables.mapped_csv import SAMPLED
from mesonet.formats.tables.mapped_table import Mapped, Plan
from mesonet.formats.text import decode
from mesonet.formats.times import KEPT
from mesonet.record import replace
from mesonet.regex import regex

NAME = "toa5"

RECORDS = LineRecords(header=regex(rb'(?i)"?TIMESTAMP"?,[^\n]*\n"?TS"?,[^\n]*\n(?:"")?,[^\n]*'), again=BEGUN)

_LOOK = 100  # rows that tell the interval of the table

_FIRST = regex(r'"?(?:(?:TOA5|TOA5py|TOACI1)"?|(?i:TIMESTAMP)"?)(?P<delimiter>[,;\t])', re.ASCII)
# what the software that converts records from a card in Python calls what it writes; an older form, without units and processes
_KINDS = ("TOA5", "TOA5py", "TOACI1")
_OLDER = {"TMSTAMP": "TIMESTAMP", "RECNBR": "RECORD"}


def sniff(head: bytes) -> Guess | None:
    """By the environment line, or by the lines of names and of units where that is lost."""
    text = decode(head[:256])
    match = _FIRST.match(text)
    if not match:
        return None
    rows = leading(decode(head), match["delimiter"], 4)
    if rows[0][0].strip() in _KINDS:
        about = _about(rows[0])
        return Guess(0.99, f"TOA5 of a Campbell logger: {about}")
    if len(rows) > 1 and rows[1] and rows[1][0].strip() == "TS":
        return Guess(0.95, "TOA5 of a Campbell logger, without its first line: names, units and processes stand at the top")
    return None


def _about(environment: Fields) -> str:
    """The environment line in words."""
    names: tuple[str, ...] = ("station", "model", "serial number", "operating system", "program", "signature", "table")
    if environment[0].strip() == "TOACI1":
        names = ("station", "table")
    given = [field.strip()[:60] for field in environment[1:8]]
    return ", ".join(f"{name} {field}" for name, field in zip(names, given, strict=False) if field)


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Observations of the columns that are recognised; the others are described. Each first lines are of what stands below."""
    yield from joined.pieces(lambda held: Section(cast(BinaryIO, stream), held), _table, context)


def _table(stream: Section, context: Context) -> Iterator[Piece]:
    """What stands below first lines."""
    table = Table(stream, look=_LOOK, header_tells=True)
    rows = table.first
    environment = rows[0] if rows and rows[0] and rows[0][0].strip() in _KINDS else []
    at = 1 if environment else 0
    header = [TIME if name.strip().upper() == TIME else name.strip() for name in rows[at]] if len(rows) > at else []
    header = [_OLDER.get(name, name) for name in header]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise UnreadableFile(f"{len(header)} columns; more than {MOST_COLUMNS} are not read", row=at + 1)
    if TIME not in header:
        yield Reject(reason=f"the line of names has no {TIME}; where a record has no time, it cannot be taken", row=at + 1)
        yield Rows(count=0)
        return
    time_at = header.index(TIME)
    beneath = _beneath(rows[at + 1 : at + 3], time_at)
    lines = [[*(field.strip() for field in line), *[""] * len(header)] for line in rows[at + 1 : at + 1 + beneath]]
    units, processes = [*lines, [""] * len(header), [""] * len(header)][:2]
    scheme = Scheme(header, units, processes, environment, [row for row in rows[at + 1 + beneath :] if len(row) > time_at])
    plan, remarks = scheme.plan(context)
    reader = _Logger(header, plan, context, units, processes)
    count = 0
    for chunk in table.chunks(len(header), skip=at + 1 + beneath):
        count += len(chunk.rows) + len(chunk.ragged)
        yield from table.ragged(chunk, len(header))
        if chunk.rows:
            yield from reader.take(chunk)
    yield from table.torn()
    if not count and not stream.rest:
        yield Reject(reason="there are no records below the header", row=at + 1 + beneath)
    if scheme.inferred:
        yield Inferred(tuple(scheme.inferred))
    for text in remarks:
        yield Remark(text)
    yield from reader.remarks()
    yield Rows(count=count)
    yield Columns(columns=tuple(reader.facts()), encoding=table.text.described)


def _beneath(rows: Sequence[Fields], time_at: int) -> int:
    """How many of the lines below the names hold units and processes: those without a time."""
    count = 0
    for row in rows:
        first = row[time_at].strip() if len(row) > time_at else "?"
        if first not in ("", "TS") or (count == 0 and first == ""):
            break
        count += 1
    return count


class _Count:
    """What the logger's own count of its records tells of them."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._seen: set[tuple[str, str]] = set()
        self._gaps = self._lost = self._back = self._repeated = 0

    def take(self, texts: Sequence[str], times: Sequence[str]) -> None:
        """The numbers of records, and their times."""
        pairs = set(zip(texts, times, strict=True))
        self._repeated += len(texts) - len(pairs) + len(pairs & self._seen)
        self._seen = pairs if len(self._seen) > KEPT else self._seen | pairs
        last = self._last
        for text in texts:
            if not (text.isascii() and text.isdecimal() and len(text) <= 12):
                continue
            number = int(text)
            if last is not None and number != last + 1:
                if number > last:
                    self._gaps += 1
                    self._lost += number - last - 1
                else:
                    self._back += 1
            last = number
        self._last = last

    def remarks(self) -> Iterator[str]:
        if self._gaps:
            yield f"{RECORD} jumps {self._gaps} times, over {self._lost} records that are not in the file"
        if self._repeated:
            yield f"{self._repeated} rows repeat {TIME} and {RECORD} of another row"
        if self._back > self._repeated:
            yield f"{RECORD} steps back {self._back} times: the table was reset, or rows are out of order"


class _Logger(Mapped):
    """A logger's records: columns with their units, the record numbers watched, impossible values flagged."""

    def __init__(self, header: list[str], plan: Plan, context: Context, units: list[str], processes: list[str]) -> None:
        super().__init__(header, plan, context)
        self._own_units = units
        self._processes = processes
        self._context = context
        self._sample: list[Sequence[str]] = []
        self._end: list[str] = []
        self._record_at = header.index(RECORD) if RECORD in header else None
        self._count = _Count()
        self._located: set[str] = set()
        self._off: str | None = None
        self._facts: list[ColumnFacts] = []
        plain = list(map(bare, header))
        self._position = {
            what: next((at for at, name in enumerate(plain) if name in names), None)
            for what, names in (
                ("latitude", ("latitude", "lat", "gpslat", "gpslatitude")),
                ("longitude", ("longitude", "lon", "long", "gpslon", "gpslongitude")),
                ("elevation", ("elevation", "elev", "stationelevation")),
                ("name", ("stationname", "sitename")),
            )
        }

    def take(self, chunk: Chunk, span: tuple[int, int] | None = None) -> Iterator[Piece]:
        if self._record_at is not None:
            self._count.take(chunk.columns[self._record_at], chunk.columns[self.plan.times[0]])
        yield from self._stations(chunk)
        if not self.plan.places:  # nothing was recognised: what the columns may be is proposed at the end
            self._sample = self._sample or [column[:SAMPLED] for column in chunk.columns]
            self._end = [column[-1] for column in chunk.columns]
        yield from super().take(chunk, span)

    def weigh(self, chunk: Chunk) -> Generator[Piece, None, list[Series]]:
        series = yield from super().weigh(chunk)
        for each in series:
            bounds.judge(each.parameter, each.values, each.flags)
        return series

    def _stations(self, chunk: Chunk) -> Iterator[Station]:
        """Where a station is, once each, as the first record has it."""
        latitude, longitude = self._position["latitude"], self._position["longitude"]
        if latitude is None or longitude is None:
            return
        texts: Sequence[str] = [self.plan.mapping.station or ""]
        if self.plan.stations:
            texts = chunk.columns[self.plan.stations[0]]
        if len(self._located) > KEPT:
            return
        for text in set(texts) - self._located:
            at = texts.index(text)
            try:
                north = coordinate(chunk.columns[latitude][at].strip(), 90)
                east = coordinate(chunk.columns[longitude][at].strip(), 180)
            except ValueError:
                self._off = chunk.columns[latitude][at].strip()[:40]
                continue
            if not text.strip() or len(text) > LONGEST_IDENTIFIER or north is None or east is None or north == 0 == east:
                continue
            self._located.add(text)
            yield Station(
                id=text.strip(),
                name=self._of(chunk, "name", at),
                latitude=north,
                longitude=east,
                elevation_m=self._elevation(chunk, at),
                wigos_id=text.strip() if re.fullmatch(r"\d-\d{1,5}-\d{1,5}-[A-Za-z0-9]{1,16}", text.strip()) else None,
                authority=Authority.DATA_FILE,
            )

    def _of(self, chunk: Chunk, what: str, at: int) -> str:
        place = self._position[what]
        return "" if place is None else " ".join(chunk.columns[place][at].split())[:LONGEST_IDENTIFIER]

    def _elevation(self, chunk: Chunk, at: int) -> float | None:
        place = self._position["elevation"]
        if place is None or self._own_units[place].strip() not in ("", "m", "meters", "metres"):
            return None
        try:
            return elevation(chunk.columns[place][at].strip())
        except ValueError:
            return None

    def remarks(self) -> Iterator[Piece]:
        yield from super().remarks()
        yield from self._proposed()
        yield from map(Remark, self._count.remarks())
        if self._off is not None:
            yield Remark(f"the position was not taken: {self._off!r} is no latitude in degrees, or its longitude is none")
        for place, numbers in zip(self.plan.places, self.numbers, strict=True):
            parameter, unit, low, high = place.mapped.parameter, place.unit, numbers.minimum, numbers.maximum
            if low is None or high is None or not bounds.outside(parameter, unit, low, high):
                continue
            fits = bounds.fitting(parameter, low, high)
            hint = f"; in {' or '.join(fits)} they could be, which a mapping can say" if fits else ""
            yield Remark(
                f"{place.mapped.column} goes from {low:g} to {high:g}, which {parameter.standard_name} in {unit} cannot; "
                f"what is out of bounds is flagged as failed{hint}"
            )

    def _proposed(self) -> Iterator[Piece]:
        if self._context.mapping is not None or not self._sample:
            return
        from mesonet.formats.tables.proposal import Sample, propose  # only where a table waits for a mapping

        width = len(self.header)
        sample = Sample(
            header=self.header,
            texts=self._sample,
            facts=self.facts(),
            last=self._end,
            key=self._context.key,
            station=self.plan.mapping.station or "",
            processes=[*self._processes, *[""] * width][:width],
        )
        yield propose(sample)

    def facts(self) -> list[ColumnFacts]:
        for facts, unit in () if self._facts else zip(super().facts(), self._own_units, strict=False):
            plain = facts.parameter is None and facts.kind == "number" and unit and not facts.unit_received
            self._facts.append(replace(facts, unit_received=unit[:SHOWN]) if plain else facts)
        return self._facts
