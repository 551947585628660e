"""One pass over a file: everything that the catalogue says of it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol

from mesonet.domain.file import (
    COLUMNS_LISTED,
    REJECTS_LISTED,
    STATIONS_LISTED,
    Claim,
    ColumnFacts,
    Mark,
    Status,
    add_rejects,
)
from mesonet.domain.instant import horizon
from mesonet.domain.mapping import Mapping, Proposal
from mesonet.domain.observation import Batch, Reject
from mesonet.domain.station import Station
from mesonet.domain.units import UnknownUnit, converter
from mesonet.errors import UnreadableFile
from mesonet.formats.guard import Guard
from mesonet.formats.reading import MAPPED, Columns, Context, Extent, Guess, Inferred, Member, Recognition, Remark, Rows
from mesonet.formats.registry import Opened, open_file
from mesonet.formats.unpacked import Limits
from mesonet.record import dataclass, field, replace

if TYPE_CHECKING:  # it takes as long to import as a small file to read
    from collections.abc import Mapping as PerStation
    from contextlib import AbstractContextManager

NAME_SHOWN = 200  # characters of a column's name: all facts have to fit into an item of 400 KB
STATIONS_COUNTED = 250_000  # twice the stations of GHCN-Daily, the largest network there is

LAST_MS = 20_000  # what a format that cannot be left has to leave of a function's time
MAPPING = "mapping"
_MARKED = ("utf-8-sig", "utf-16", "utf-32")  # encodings that a mark at the beginning tells
LOGGER = ("toa5", "tob1", "lcd")  # tables whose columns, or whose clock, the operator alone may know


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`sha256` and `size` are those of the stored bytes; where these were not read to the end, `sha256` is None and `mark` says
    where reading can go on, if it can. `mapping` is what a mapping file says, `why` the format's reasons and what else
    the operator should know."""

    recognition: Recognition
    status: Status
    why: str
    sha256: str | None
    size: int
    rows: int = 0
    rejected: int = 0
    rejects: tuple[Reject, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    columns: tuple[ColumnFacts, ...] = ()
    column_count: int = 0
    encoding: str | None = None
    stations: dict[str, int] = field(default_factory=dict)
    station_count: int = 0
    first: int | None = None
    last: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    mapping: Mapping | None = None
    proposal: Proposal | None = None
    mark: Mark | None = None
    members: tuple[str, ...] = ()
    claims: dict[str, Claim] = field(default_factory=dict)


class Rejects(Protocol):
    """Where all rejects go, however many. `clear` forgets those that were added: the file is read anew."""

    def add(self, reject: Reject) -> None: ...

    def clear(self) -> None: ...


def survey(
    stream: BinaryIO,
    context: Context | None = None,
    *,
    limits: Limits | None = None,
    again: Callable[[], BinaryIO] | None = None,
    rejects: Rejects | None = None,
) -> Survey:
    """Reads to the end whatever the bytes are: bad input becomes a status with its reasons, not an exception.

    The first rejects are in the survey, all are added to `rejects`. `again` opens the file once more: where something in it has
    to be rejected that counting has passed over, it is read row by row.
    """
    context = context or Context()
    found, unseen = _survey(stream, replace(context, values=False), limits, rejects)
    if unseen and again is not None:
        if rejects is not None:
            rejects.clear()
        found, _ = _survey(again(), replace(context, values=True), limits, rejects)
    return found


def _survey(stream: BinaryIO, context: Context, limits: Limits | None, rejects: Rejects | None) -> tuple[Survey, bool]:
    tally = _Tally(rejects, None if context.received is None else horizon(context.received, days=True))
    try:
        with contents(stream, context) as found:
            return _tallied(open_file(found, context, limits=limits), context, tally)
    except UnreadableFile as exc:  # not even opened: it lies damaged in its archive
        tally.add(Reject(reason=exc.detail))
        return tally.lost(exc.detail), False


def _tallied(opened: Opened, context: Context, tally: "_Tally") -> tuple[Survey, bool]:
    guard = Guard(context.received)
    try:
        for piece in guard.pieces(opened.pieces()):
            tally.add(piece)
            if context.remaining_ms() < LAST_MS:
                tally.add(
                    Reject(reason=f"reading has taken too long; it ended after {opened.stored.size} bytes: cut the file up")
                )
                tally.ended = False
                break
    except UnreadableFile as exc:
        tally.add(Reject(reason=exc.detail, row=exc.row, column=exc.column))
    if opened.unpacked.fault and not opened.empty:
        tally.add(Reject(reason=opened.unpacked.fault))
    if tally.ended:
        opened.stored.drain()
    return tally.survey(opened), guard.unseen


def observations(stream: BinaryIO, context: Context | None = None) -> Iterator[Batch | Station]:
    """What a file says, for the loader; as much as can be read."""
    context = context or Context()
    try:
        with contents(stream, context) as found:
            for piece in Guard(context.received, rejects=False).pieces(open_file(found, context).pieces()):
                if (isinstance(piece, Batch) and piece.columns) or isinstance(piece, Station):
                    yield piece
    except UnreadableFile:
        return  # the survey has said why


class _Whole:
    """A stream, left open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __enter__(self) -> BinaryIO:
        return self._stream

    def __exit__(self, *_: object) -> None: ...


def contents(stream: BinaryIO, context: Context) -> "AbstractContextManager[BinaryIO]":
    """The bytes that the context speaks of: all, or one file of the archive that they are. Raises UnreadableFile."""
    if not context.member:
        return _Whole(stream)
    from mesonet.formats import zip as archives  # few files lie in one

    return archives.member(stream, context.member)


class _Tally:
    """Adds the pieces up."""

    def __init__(self, all_rejects: Rejects | None, latest: int | None) -> None:
        """A time after `latest` is a wrong clock's, and not the file's last."""
        self._all_rejects = all_rejects
        self._latest = latest
        self.rows = 0
        self.taken = 0
        self.rejected = 0
        self.rejects: list[Reject] = []
        self.reasons: dict[str, int] = {}
        self.remarks: list[str] = []
        self.columns: tuple[ColumnFacts, ...] = ()
        self.column_count = 0
        self.encoding: str | None = None
        self.stations: dict[str, int] = {}
        self.others: set[str] = set()
        self.first: int | None = None
        self.last: int | None = None
        self.located: _Box | None = None
        self.mapping: Mapping | None = None
        self.mark: Mark | None = None
        self.ended = True
        self.proposal: Proposal | None = None
        self.members: list[str] = []
        self.inferred: set[str] = set()

    def add(self, piece: object) -> None:
        match piece:
            case Reject():  # of a file that is wrong throughout nearly all
                self.rejected += piece.count
                add_rejects(self.reasons, piece.kind, piece.count)
                if self._all_rejects is not None:
                    self._all_rejects.add(piece)
                if len(self.rejects) < REJECTS_LISTED:
                    self.rejects.append(piece)
            case Extent():
                self.count_all(piece.stations)
                self.reach(piece.first)
                self.reach(piece.last)
            case Batch():
                self.count(piece.station_id, len(piece.times))
                times = piece.times
                if self._latest is not None and times and max(times) > self._latest:
                    times = [at for at in times if at <= self._latest]
                self.reach(min(times, default=None))
                self.reach(max(times, default=None))
            case Station():
                self.taken += 1
                if piece.position:
                    self.located = self.located or _Box()
                    self.located.add(*piece.position)
            case Mapping():
                self.mapping = piece
                self.taken += 1
            case Member():
                self.members.append(piece.name)
            case Rows():
                self.rows += piece.count
                self.taken += piece.understood
            case Columns():
                self.columns, self.encoding = piece.columns, piece.encoding
                self.column_count = len(piece.columns) + piece.beyond
            case Proposal():
                self.proposal = piece
            case Mark():
                self.mark, self.ended = piece, False
            case Remark():
                self.remarks.append(piece.text)
            case Inferred():
                self.inferred.update(piece.what)

    def count(self, station: str, rows: int) -> None:
        self.taken += rows
        if station in self.stations:
            self.stations[station] += rows
        elif len(self.stations) < STATIONS_LISTED:
            self.stations[station] = rows
        elif len(self.others) < STATIONS_COUNTED:
            self.others.add(station)

    def count_all(self, rows: "PerStation[str, int]") -> None:
        fresh = rows.keys() - self.stations.keys()
        if len(self.stations) < STATIONS_LISTED or len(self.others) + len(fresh) > STATIONS_COUNTED:
            for station, count in rows.items():
                self.count(station, count)
            return
        self.taken += sum(rows.values())
        for station in rows.keys() & self.stations.keys():
            self.stations[station] += rows[station]
        self.others |= fresh

    def reach(self, instant: int | None) -> None:
        if instant is not None:
            self.first = instant if self.first is None else min(self.first, instant)
            self.last = instant if self.last is None else max(self.last, instant)

    def status(self, opened: Opened) -> Status:
        if opened.empty:
            return Status.EMPTY
        if opened.recognition.format is None:
            return Status.UNKNOWN
        if self.mark:
            return Status.READING
        if opened.recognition.format in MAPPED and opened.context.mapping is None and self.columns:
            return Status.UNMAPPED
        if opened.recognition.format in LOGGER and self.taken and not any(column.parameter for column in self.columns):
            return Status.UNMAPPED
        if not self.taken:
            return Status.REJECTED
        return Status.PARTIAL if self.rejected else Status.OK

    def described(self, column: ColumnFacts, opened: Opened) -> ColumnFacts:
        """The facts of a column in the canonical unit beside those received, and where its meaning comes from."""
        claim = column.claim or (Claim.READ if column.parameter else None)
        if column.parameter and opened.recognition.format in (*MAPPED, *LOGGER):
            claim = Claim.CONFIGURED if opened.context.mapping else Claim.INFERRED
        figures = (column.minimum, column.maximum, column.mean)
        canonical = figures
        if column.parameter and column.unit and column.unit_received is not None:
            try:
                convert = converter(column.unit_received, column.parameter.partition(":")[0])
                canonical = tuple(None if each is None else convert(each) for each in figures)  # type: ignore[assignment]
            except UnknownUnit:
                pass  # the format's own word for it, whose numbers are canonical already
        return replace(
            column,
            name=column.name[:NAME_SHOWN],
            minimum=canonical[0],
            maximum=canonical[1],
            mean=canonical[2],
            minimum_received=figures[0],
            maximum_received=figures[1],
            mean_received=figures[2],
            claim=claim,
        )

    def claims(self, opened: Opened) -> dict[str, Claim]:
        """Where what is said of the whole file comes from: its encoding, and of observations stations, zone and date."""
        found: dict[str, Claim] = {}
        if self.encoding:
            found["encoding"] = Claim.READ if self.encoding.partition(",")[0] in _MARKED else Claim.INFERRED
        if self.stations and self.first is not None:
            mapped = opened.context.mapping is not None and opened.recognition.format in (*MAPPED, *LOGGER)
            found |= dict.fromkeys(("station", "zone"), Claim.CONFIGURED if mapped else Claim.READ)
            found |= dict.fromkeys(self.inferred, Claim.INFERRED)
        return found

    def lost(self, why: str) -> Survey:
        """The survey of a file of which not one byte could be read."""
        recognition = Recognition(format=None, guess=Guess(0.0, why))
        return Survey(
            recognition=recognition,
            status=Status.REJECTED,
            why=why,
            sha256="",
            size=0,
            rejected=self.rejected,
            rejects=tuple(self.rejects),
            reasons=self.reasons,
        )

    def survey(self, opened: Opened) -> Survey:
        remarks = [opened.recognition.guess.why, *self.remarks]
        if self.column_count > COLUMNS_LISTED:
            remarks.append(f"facts of the first {COLUMNS_LISTED} of {self.column_count} columns are listed")
        if len(self.others) == STATIONS_COUNTED:
            remarks.append(f"more than {STATIONS_COUNTED} stations; not all were counted")
        return Survey(
            recognition=opened.recognition,
            status=self.status(opened),
            why="; ".join(remarks),
            sha256=opened.stored.sha256 if self.ended else None,
            size=opened.stored.size,
            rows=self.rows,
            rejected=self.rejected,
            rejects=tuple(self.rejects),
            reasons=self.reasons,
            columns=tuple(self.described(each, opened) for each in self.columns[:COLUMNS_LISTED]),
            column_count=self.column_count,
            encoding=self.encoding,
            stations=self.stations,
            station_count=len(self.stations) + len(self.others),
            first=self.first,
            last=self.last,
            bbox=self.located.bbox() if self.located else None,
            mapping=self.mapping,
            proposal=self.proposal,
            mark=self.mark,
            members=tuple(self.members),
            claims=self.claims(opened),
        )


class _Box:
    """The smallest box around positions, across the antimeridian where that is smaller (RFC 7946, 5.2)."""

    def __init__(self) -> None:
        self._south = 90.0
        self._north = -90.0
        self._east = [180.0, -180.0]  # least and greatest longitude of those >= 0
        self._west = [180.0, -180.0]  # and of those below

    def add(self, latitude: float, longitude: float) -> None:
        if latitude < self._south:
            self._south = latitude
        if latitude > self._north:
            self._north = latitude
        side = self._east if longitude >= 0 else self._west
        if longitude < side[0]:
            side[0] = longitude
        if longitude > side[1]:
            side[1] = longitude

    def bbox(self) -> tuple[float, float, float, float]:
        east, west = self._east, self._west
        if west[0] > west[1]:
            return east[0], self._south, east[1], self._north
        if east[0] > east[1]:
            return west[0], self._south, west[1], self._north
        plain, across = east[1] - west[0], west[1] + 360 - east[0]
        if across < plain:
            return east[0], self._south, west[1], self._north
        return west[0], self._south, east[1], self._north
