"""GHCN-Daily by year: one value per line, station, date, element, value and three flags.

Source: NOAA NCEI, `readme-by_year.txt` of GHCN-Daily; for the elements see `ghcn_elements`. Times are the
date that the source gives, at 00:00Z: a day of a station is that of its observer, and OBS-TIME says when it ended.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import DAY
from mesonet.domain.observation import FAIL, MISSING, NOT_EVALUATED, Batch, Column, Reject
from mesonet.domain.parameter import Parameter
from mesonet.domain.station import Authority, Station
from mesonet.formats.columns import Loose, Numbers
from mesonet.formats.lines import likely, sampled
from mesonet.formats.noaa.ghcn_elements import NO_VALUE, PREFERRED, TAKEN, Others, conversion, described
from mesonet.formats.reading import Columns, Context, Extent, Guess, Piece, Rows, Stream
from mesonet.formats.station_list import coordinate, elevation
from mesonet.formats.table import SHOWN, Chunk, Table, once
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "ghcn-daily-by-year"

FIELDS = ("ID", "DATE", "ELEMENT", "DATA-VALUE", "M-FLAG", "Q-FLAG", "S-FLAG", "OBS-TIME")
_LINE = regex(r"[A-Z]{2}[A-Z0-9_\-]{9},\d{8},[A-Z][A-Z0-9]{3},-?\d{1,6},[^,]?,[^,]?,[^,]?,(\d{1,4})?\s*", re.ASCII)
# in copies that locate their stations; and in NOAA's open data on AWS (noaa-ghcn-pds), which have M_FLAG
_NAMED = frozenset(FIELDS[:4])
_SIGN = regex(r"[ _]")


def sniff(head: bytes) -> Guess | None:
    """Eight fields a line, all of the right shape; or the header that some copies have."""
    if b"," not in head[:64]:
        return None
    lines = sampled(decode(head[:16384]), 50)
    if not lines:
        return None
    if {*(names := _names(lines[0]))} >= _NAMED:
        located = " and the station in each line" if "LATITUDE" in names else ""
        return Guess(0.97, f"GHCN-Daily by year, with a header{located}")
    why = "GHCN-Daily by year: station, date, element, value and flags in eight fields"
    return likely(lines, lambda line: line[11:12] == "," and _LINE.fullmatch(line), 0.99, why)


def _names(line: str) -> tuple[str, ...]:
    """The names of a header as `FIELDS` has them."""
    names = (name.strip().strip('"').upper() for name in line.split(","))
    plain = ((name, _SIGN.sub("-", name.replace("YEAR/MONTH/DAY", "DATE"))) for name in names)
    return tuple(told if told in FIELDS else name for name, told in plain)


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Long rows become columns, station by station; where the lines tell where a station is, the stations too."""
    table = Table(stream, ",", look=1, start=context.start)
    header = _names(",".join(table.first[0])) if table.first else ()
    has_header = {*header} >= _NAMED
    width = len(header) if has_header else len(FIELDS)
    reader = _Reader(context.values, header if has_header else ())
    names = [name.strip() for name in table.first[0]] if has_header else []
    count = 0
    for chunk in table.chunks(width, skip=len(names[:1])):
        yield from table.ragged(chunk, width)
        chunk, _ = once(chunk, names)
        count += len(chunk.rows) + len(chunk.ragged)
        if chunk.rows:
            yield from reader.take(chunk)
        if mark := table.left(context.enough):
            yield mark
            break
    yield from table.torn()
    yield from reader.others.rejects()
    if not count and not context.start:
        yield Reject(reason="there are no rows below the header", row=1)
    yield Rows(count=count)
    yield Columns(columns=tuple(reader.facts()), encoding=table.text.described)


class _Reader:
    def __init__(self, values: bool, header: tuple[str, ...]) -> None:
        self._values = values
        self._dates: dict[str, int] = {}
        self._numbers: dict[str, Numbers] = {}
        self._canonical: dict[str, dict[str, float | None]] = {}
        self.others = Others()
        self._located: set[str] = set()
        self._at = {name: header.index(name) for name in header}
        self._flags = [Loose(()) for _ in range(4)]
        self._days = 0

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        if self._at:  # first the fields, as rows without a header have them
            nothing = [""] * len(chunk.rows)
            fields = [chunk.columns[self._at[name]] if name in self._at else nothing for name in FIELDS]
            chunk = Chunk(chunk.rows, [*fields, *chunk.columns], chunk.ragged)
        ids, dates, elements = chunk.columns[0], chunk.columns[1], chunk.columns[2]
        bad = {text for text in set(dates) - self._dates.keys() if not self._learn(text)}
        per_element = Counter(elements)
        unknown = per_element.keys() - TAKEN.keys()
        blank = {text for text in set(ids) if not text.strip() or len(text) > 40 or not text.isprintable()}
        doubled = self._doubled(chunk, per_element)
        if bad or unknown or blank or doubled:
            keep = []
            for at, (row, station, text, element) in enumerate(zip(chunk.rows, ids, dates, elements, strict=True)):
                good = False
                if text in bad:
                    yield Reject(reason="not a date that exists", row=row, column="DATE", value=text[:SHOWN])
                elif station in blank:
                    yield Reject(reason="not the identifier of a station", row=row, column="ID", value=station[:SHOWN])
                elif element in unknown or at in doubled:
                    self.others.leave(element, row)
                else:
                    good = True
                keep.append(good)
            chunk = chunk.where(keep)
            if not chunk.rows:
                return
            ids, dates = chunk.columns[0], chunk.columns[1]
        if "LATITUDE" in self._at and "LONGITUDE" in self._at:
            yield from self._stations(chunk)
        yield from self._weigh(chunk)
        self._days += len(chunk.rows)
        for loose, texts in zip(self._flags, chunk.columns[4:8], strict=True):
            loose.weigh(texts)
        if self._values:
            yield from self._pivoted(chunk)
        else:
            days = [self._dates[text] for text in set(dates)]
            yield Extent(stations=Counter(ids), first=min(days), last=max(days))

    def _learn(self, text: str) -> bool:
        if len(self._dates) > 100_000:
            self._dates.clear()
        plain = text.strip()
        if len(plain) != 8 or not (plain.isascii() and plain.isdecimal()):
            return False
        try:
            day = date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        except ValueError:
            return False
        self._dates[text] = (day.toordinal() - 719_163) * DAY
        return True

    def _doubled(self, chunk: Chunk, elements: Counter[str]) -> set[int]:
        """Positions of rows that say again what a better element of the same station and day says."""
        found: set[int] = set()
        for lesser, better in PREFERRED.items():
            if lesser in elements and better in elements:
                days = list(zip(chunk.columns[0], chunk.columns[1], strict=True))
                told = {day for day, element in zip(days, chunk.columns[2], strict=True) if element == better}
                found.update(at for at, element in enumerate(chunk.columns[2]) if element == lesser and days[at] in told)
        return found

    def _weigh(self, chunk: Chunk) -> Iterator[Reject]:
        """Rejects values that are no numbers."""
        elements, texts = chunk.columns[2], chunk.columns[3]
        per_element: dict[str, list[str]] = {}
        for element, text in zip(elements, texts, strict=True):
            if element in per_element:
                per_element[element].append(text)
            else:
                per_element[element] = [text]
        for element, some in per_element.items():
            numbers = self._numbers.get(element)
            if numbers is None:
                numbers = self._numbers[element] = Numbers((NO_VALUE,), conversion=conversion(element))
            numbers.weigh(some)
            if self._values:
                self._canonical[element] = numbers.canonical(some)
            if numbers.faults:
                at = [at for at, given in enumerate(elements) if given == element]
                yield from numbers.rejects("VALUE", some, [chunk.rows[a] for a in at])

    def _pivoted(self, chunk: Chunk) -> Iterator[Batch]:
        ids, dates, elements, texts, _, failed = chunk.columns[:6]
        places: dict[str, dict[str, list[int]]] = {}
        for at, (station, element) in enumerate(zip(ids, elements, strict=True)):
            places.setdefault(station, {}).setdefault(element, []).append(at)
        for station, per_element in places.items():
            first_rows: dict[str, int] = {}
            for at in sorted(at for some in per_element.values() for at in some):
                first_rows.setdefault(dates[at], at)
            position = {text: at for at, text in enumerate(first_rows)}
            columns: dict[Parameter, Column] = {}
            for element, some in per_element.items():
                parameter, received = described(element)
                column = columns.get(parameter) or Column(
                    unit=conversion(element).unit,
                    unit_received=received,
                    values=[None] * len(position),
                    received=[""] * len(position),
                    flags=[MISSING] * len(position),
                )
                columns[parameter] = column
                canonical = self._canonical[element]
                for at in some:
                    to, value = position[dates[at]], canonical.get(texts[at])
                    column.values[to] = value
                    column.received[to] = texts[at]
                    column.flags[to] = MISSING if value is None else FAIL if failed[at].strip() else NOT_EVALUATED
            yield Batch(
                station_id=station.strip(),
                times=[self._dates[text] for text in position],
                rows=[chunk.rows[at] for at in first_rows.values()],
                columns=columns,
            )

    def _stations(self, chunk: Chunk) -> Iterator[Piece]:
        """What the lines themselves tell of a station, once each."""
        ids = chunk.columns[0]
        new = set(ids) - self._located
        for at, station in enumerate(ids):
            if not new:
                return
            if station not in new:
                continue
            new.discard(station)
            self._located.add(station)
            cells = {name: chunk.columns[len(FIELDS) + where][at].strip() for name, where in self._at.items()}
            try:
                latitude, longitude = coordinate(cells["LATITUDE"], 90), coordinate(cells["LONGITUDE"], 180)
                height = elevation(cells.get("ELEVATION", ""))
            except ValueError as exc:
                yield Reject(reason=str(exc), row=chunk.rows[at], column="LATITUDE", value=station)
                continue
            # some copies have each name one column too early, where the two letters of a state belong
            state = cells.get("STATE", "")
            wmo = cells.get("WMO ID", "")
            yield Station(
                id=station.strip(),
                name=cells.get("NAME", "") or (state if len(state) > 2 else ""),
                latitude=latitude,
                longitude=longitude,
                elevation_m=height,
                wigos_id=f"0-20000-0-{wmo}" if len(wmo) == 5 and wmo.isdecimal() else None,
                authority=Authority.DATA_FILE,
            )

    def facts(self) -> Iterator[ColumnFacts]:
        yield ColumnFacts(name="ID", kind="station", values=self._days)
        yield ColumnFacts(name="DATE", kind="time", values=self._days)
        for element in sorted(self._numbers):
            parameter, received = described(element)
            unit = conversion(element).unit
            yield self._numbers[element].facts(element, parameter=parameter.id, unit=unit, received=received)
        for name, loose in zip(FIELDS[4:], self._flags, strict=True):
            yield loose.facts(name, "text")
