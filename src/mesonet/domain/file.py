"""Files: what arrived, what it is, what could be taken from it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from mesonet.domain import instant
from mesonet.domain.mapping import Proposal
from mesonet.domain.observation import Reject
from mesonet.record import dataclass, field, replace

if TYPE_CHECKING:  # only what was loaded has one, which is not known while a file is read
    from mesonet.domain.coverage import Coverage

_SEQUENCER_WIDTH = 32
_BEHIND = "-"  # sorts before every year
_LIVE = "."  # in the place of an arrival: after what is brought in behind, before every other file


class Status(StrEnum):
    """What became of a file. Its bytes stay in the archive whatever the status."""

    OK = "ok"  # everything in it was taken
    PARTIAL = "partial"  # some rows or fields were rejected, the rest was taken
    REJECTED = "rejected"  # the format is known, nothing in it could be taken
    UNMAPPED = "unmapped"  # a table, but nobody has said what its columns mean
    UNKNOWN = "unknown"  # no format recognises it
    EMPTY = "empty"  # no bytes
    READING = "reading"  # too large for one call of a function: the entry says how far it has come
    DELETED = "deleted"  # the object was removed; the entry stays as a tombstone

    @property
    def usable(self) -> bool:
        return self in (Status.OK, Status.PARTIAL)


class LoadState(StrEnum):
    """How far a file's observations have come into the tables that the API reads."""

    NONE = "none"  # nothing to load
    PENDING = "pending"
    LOADED = "loaded"
    FAILED = "failed"


class Claim(StrEnum):
    """Where something that is said of a file comes from."""

    READ = "read"  # the file says it, or its format's own definition
    INFERRED = "inferred"  # names, values and distances make it very likely
    CONFIGURED = "configured"  # the operator's mapping says it


class FileChange(StrEnum):
    """What the fan-out tells the world. The first three are news; the others are told to those who ask for all kinds, and give
    nobody reason to raise an alarm."""

    CATALOGUED = "FileCatalogued"
    REPLACED = "FileReplaced"
    DELETED = "FileDeleted"
    REREAD = "FileReread"  # replayed by an operator: what it says was told before
    BACKFILLED = "FileBackfilled"  # history that comes in beside what is live


class Occasion(StrEnum):
    """Why a file is read now."""

    NEWS = "news"
    REPLAY = "replay"  # an operator has everything read again
    BACKFILL = "backfill"  # an operator brings in history: what came live is right where both tell of one time


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectEvent:
    """Something happened to an object in the archive, as S3 tells it; the key is decoded.

    `sequencer` orders the events of one key; `time` is ISO 8601 with milliseconds. `reread_at` is the time at which
    Mesonet itself asked to read the object again, since its meaning may have changed; '' where S3 tells. `look_again` asks not
    to read the object, which is a mapping, but to look once more for files that it may give a new meaning. `member` is the
    name of a file in the archive that the object is: of it alone the event tells.
    """

    bucket: str
    key: str
    version_id: str | None
    sequencer: str
    time: str
    removed: bool = False
    reread_at: str = ""
    look_again: bool = False
    occasion: Occasion = Occasion.NEWS
    member: str = ""

    @property
    def file_id(self) -> str:
        return file_id(self.bucket, self.key)

    @property
    def object_key(self) -> str:
        """The key of the object that S3 holds."""
        return object_key(self.key, self.member)

    @property
    def order(self) -> str:
        return entry_order(content_order(self.sequencer, self.time), self.reread_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """What a column of the file holds.

    `parameter` is the parameter's identifier, None where the column was not taken as one. Minimum, maximum and mean are in
    `unit`, the canonical one; those `received` are the numbers that the file has, in `unit_received`. Of a column that was not
    taken both are the file's. `claim` says where parameter and unit come from. `distinct` are the texts, where they are few.
    """

    name: str
    kind: str  # time | station | number | text
    parameter: str | None = None
    unit: str | None = None
    unit_received: str | None = None
    values: int = 0
    missing: int = 0
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    minimum_received: float | None = None
    maximum_received: float | None = None
    mean_received: float | None = None
    claim: Claim | None = None
    distinct: tuple[str, ...] = ()

    @property
    def by_unit(self) -> tuple[str, str]:
        """What it may be called beside a column of the same name and another unit: `TEMP (degF)`; and without the unit."""
        behind = f" ({self.unit_received})"
        return f"{self.name.removesuffix(behind)}{behind}", self.name.removesuffix(behind)

    def is_alike(self, other: "ColumnFacts") -> bool:
        """Whether what was received in both can be told together."""
        return self.unit_received == other.unit_received or self.parameter is None or other.parameter is None

    def joined(self, rest: "ColumnFacts") -> "ColumnFacts":
        """The facts of one column in two parts of a file."""
        if not rest.values + rest.missing:
            return self
        distinct = sorted({*self.distinct, *rest.distinct})
        few = tuple(distinct) if self.distinct and rest.distinct and len(distinct) <= DISTINCT_LISTED else ()
        if not (self.values and rest.values):
            told = self if self.values else rest
            return replace(told, missing=self.missing + rest.missing, distinct=few)
        values = self.values + rest.values
        shares = (self.values / values, rest.values / values)
        alike = self.kind == rest.kind
        return replace(
            self,
            kind=self.kind if alike else "text",
            values=values,
            missing=self.missing + rest.missing,
            minimum=_least(self.minimum, rest.minimum) if alike else None,
            maximum=_most(self.maximum, rest.maximum) if alike else None,
            mean=_mean(self.mean, rest.mean, shares) if alike else None,
            minimum_received=_least(self.minimum_received, rest.minimum_received) if alike else None,
            maximum_received=_most(self.maximum_received, rest.maximum_received) if alike else None,
            mean_received=_mean(self.mean_received, rest.mean_received, shares) if alike else None,
            distinct=few,
        )


def _least[N: (int, float)](*given: N | None) -> N | None:
    return min((each for each in given if each is not None), default=None)


def _most[N: (int, float)](*given: N | None) -> N | None:
    return max((each for each in given if each is not None), default=None)


def _mean(one: float | None, other: float | None, shares: tuple[float, float]) -> float | None:
    return None if one is None or other is None else float(f"{one * shares[0] + other * shares[1]:.7g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place at which reading a file can be left and gone on with: all that stands before byte `at` of the unpacked file is
    told, up to and with row `row`. Of a table that is kept column by column `at` says nothing, and is 0."""

    at: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """`order` is the entry's order that was loaded.

    `flags` counts the values of each parameter by their quality flag, `tests` how many each test has flagged, of the first
    `COLUMNS_LISTED` parameters. `coverage` is of the first `COVERAGES_LISTED` stations, `completeness` of all.
    """

    state: LoadState = LoadState.NONE
    order: str = ""
    blocks: int = 0
    values: int = 0
    stations: int = 0
    at: str | None = None
    reason: str | None = None
    flags: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    tests: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    coverage: Mapping[str, "Coverage"] = field(default_factory=dict)
    completeness: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """The catalogue's item for one key of the archive; a replaced object is a new revision of the same entry.

    `first` and `last` are instants of the observations, `bbox` is west, south, east, north of the stations that the file itself
    locates. `mapping_order` is the order of the mapping that there was when the file was read, whether it used it or not.
    `stations` counts rows per station, for the first `STATIONS_LISTED` identifiers; `station_count` counts all.
    `rejects` are the first `REJECTS_LISTED`; `rejects_object` names the object that has them all, and `reasons` counts all of
    them by their kind. `mark` is how far reading has come while the status is `reading`; everything else is then told of what
    stands before it. `member` is the file's name in the archive in which it lies, `members` are the files in an archive: each
    has an entry of its own. `claims` says where what is said of the whole file comes from: its `encoding`, and of observations
    `station`, `zone` and `date`.
    """

    bucket: str
    key: str
    version_id: str | None
    sequencer: str
    event_time: str
    status: Status
    reread_at: str = ""
    occasion: Occasion = Occasion.NEWS
    size: int = 0
    etag: str | None = None
    sha256: str | None = None
    format: str | None = None
    confidence: float = 0.0
    why: str | None = None
    compression: str | None = None
    encoding: str | None = None
    mapping: str | None = None
    mapping_order: str = ""
    proposal: Proposal | None = None
    rows: int = 0
    rejected: int = 0
    rejects: tuple[Reject, ...] = ()
    rejects_object: str | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    columns: tuple[ColumnFacts, ...] = ()
    column_count: int = 0
    stations: dict[str, int] = field(default_factory=dict)
    station_count: int = 0
    first: int | None = None
    last: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    received_at: str = ""
    catalogued_at: str = ""
    revision: int = 1
    release: str = ""
    mark: Mark | None = None
    loading: Loading = field(default_factory=Loading)
    member: str = ""
    members: tuple[str, ...] = ()
    claims: Mapping[str, Claim] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return file_id(self.bucket, self.key)

    @property
    def object_key(self) -> str:
        """The key of the object that S3 holds."""
        return object_key(self.key, self.member)

    @property
    def order(self) -> str:
        """Compares two states of one entry as text: the greater is the newer."""
        return entry_order(content_order(self.sequencer, self.event_time), self.reread_at)

    @property
    def event(self) -> ObjectEvent:
        """The event that told of this state."""
        return ObjectEvent(
            bucket=self.bucket,
            key=self.key,
            version_id=self.version_id,
            sequencer=self.sequencer,
            time=self.event_time,
            reread_at=self.reread_at,
            occasion=self.occasion,
            member=self.member,
        )

    @property
    def needs_mapping(self) -> bool:
        """Whether a mapping decides what the file means: one did, or one may."""
        if self.status is Status.DELETED:
            return False
        return self.mapping is not None or self.status in (Status.UNMAPPED, Status.UNKNOWN)

    @property
    def rank(self) -> str:
        """The order of its observations: as the entry's among states of this file, but behind every live file of any key."""
        return behind_live(self.order) if self.occasion is Occasion.BACKFILL else self.order

    @property
    def stations_known(self) -> int:
        """How many stations the file has, as far as anyone has seen: loading sees all of a file that was read in several calls,
        of which earlier releases counted no more than the entry lists."""
        loaded = self.loading.stations if self.loading.order == self.order else 0
        return max(self.station_count, loaded)

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(column.parameter for column in self.columns if column.parameter))


# An item of DynamoDB may have 400 KB, and both its images travel through the stream
STATIONS_LISTED = 1000
COLUMNS_LISTED = 500
REJECTS_LISTED = 50
COVERAGES_LISTED = 300
REASONS_LISTED = 20  # each has a counter, which changes with the file in one transaction
OTHER_REASONS = "other reasons"
DISTINCT_LISTED = 12  # different texts of a column: more are no categories


def add_rejects(reasons: dict[str, int], kind: str, count: int = 1) -> None:
    """Counts rejects by their kind; kinds beyond `REASONS_LISTED` are counted together."""
    if kind in reasons:
        reasons[kind] += count
        return
    kind = OTHER_REASONS if len(reasons) >= REASONS_LISTED else kind
    reasons[kind] = reasons.get(kind, 0) + count


def continued(former: FileEntry, rest: FileEntry) -> FileEntry:
    """The entry after a reading that began where the former one was left: what both have found together."""
    stations = dict(former.stations)
    unlisted = 0  # some may have been so in the former reading, too: then they count twice
    for station, rows in rest.stations.items():
        if station in stations or len(stations) < STATIONS_LISTED:
            stations[station] = stations.get(station, 0) + rows
        else:
            unlisted += 1
    rejected = former.rejected + rest.rejected
    reasons = dict(former.reasons)
    for kind, count in rest.reasons.items():
        add_rejects(reasons, kind, count)
    status = rest.status
    if status in (Status.OK, Status.PARTIAL, Status.REJECTED):
        taken = bool(stations) or status is not Status.REJECTED
        status = Status.REJECTED if not taken else Status.PARTIAL if rejected else Status.OK
    loadable = status.usable and rest.mark is None
    return replace(
        rest,
        status=status,
        rows=former.rows + rest.rows,
        rejected=rejected,
        rejects=(*former.rejects, *rest.rejects)[:REJECTS_LISTED],
        reasons=reasons,
        columns=_columns_of_both(former.columns, rest.columns),
        column_count=max(former.column_count, rest.column_count),
        stations=stations,
        station_count=max(former.station_count + unlisted, rest.station_count, len(stations) + unlisted),
        first=_least(former.first, rest.first),
        last=_most(former.last, rest.last),
        bbox=rest.bbox or former.bbox,
        claims={**former.claims, **rest.claims},
        revision=former.revision,
        occasion=former.occasion,
        loading=Loading(state=LoadState.PENDING if loadable else LoadState.NONE),
    )


def _columns_of_both(former: Iterable[ColumnFacts], rest: Iterable[ColumnFacts]) -> tuple[ColumnFacts, ...]:
    columns = {column.name: column for column in former}
    for column in rest:
        name = next(
            (each for each in (column.name, *column.by_unit) if each in columns and columns[each].is_alike(column)), None
        )
        if name is None:  # new, or its name is that of values in another unit
            name = column.by_unit[0] if column.name in columns else column.name
            columns[name] = replace(column, name=name)
        else:
            columns[name] = columns[name].joined(column)
    return tuple(columns.values())


@lru_cache(maxsize=1024)  # asked for many times of each file of a batch
def file_id(bucket: str, key: str) -> str:
    """The entry's identifier: 26 lower-case letters and digits, the same for ever for one bucket and key."""
    from base64 import b32encode  # readers need no identifier

    digest = sha256(f"{bucket}/{key}".encode()).digest()[:16]
    return b32encode(digest).decode().rstrip("=").lower()


def object_key(key: str, member: str) -> str:
    """The key of the object in which a file lies: its own, or that of the archive."""
    return key[: -len(member_key("", member))] if member else key


def member_key(archive: str, name: str) -> str:
    """The key of the entry of a file in an archive: `2024/data.zip!/may/03987.txt`."""
    return f"{archive}!/{name}"


def content_order(sequencer: str, event_time: str) -> str:
    """Orders the events of one key.

    AWS: pad the shorter sequencer on the right with zeros, then compare as text (Amazon S3 User Guide, "Event message
    structure"). The event's time follows for senders whose sequencers say nothing.
    """
    return f"{sequencer.upper().ljust(_SEQUENCER_WIDTH, '0')}#{event_time}"


def entry_order(content: str, reread_at: str) -> str:
    """The order of an entry: that of its object, then of the time at which Mesonet itself asked to read the object again."""
    return f"{content}|{reread_at}"


def live_order(at: int) -> str:
    """The order of what came live, as it is since an instant: before that of every file but history that is brought in."""
    return f"#{_LIVE}|{instant.iso(at)[:19]}.{at % instant.SECOND:03d}Z"


def precedence(order: str) -> str:
    """The part of an order that compares different files: when they arrived. (Sequencers compare one key's events only.)"""
    return order.partition("#")[2]


def behind_live(order: str) -> str:
    """An order whose precedence is lower than that of every order which is not `behind_live`."""
    content, _, arrived = order.partition("#")
    return f"{content}#{_BEHIND}{arrived}"


def arrival(order: str) -> int:
    """The instant at which the file of an entry's order arrived; live values were looked at when each of them came."""
    arrived = precedence(order).partition("|")[0].removeprefix(_BEHIND)
    return instant.LATEST if arrived == _LIVE else instant.parse(arrived)


@lru_cache(1_000)
def changed(order: str) -> int:
    """The instant since which an entry of this order says what it says: its arrival, or when it was read again."""
    arrived, _, reread = precedence(order).partition("|")
    return instant.parse(reread or arrived.removeprefix(_BEHIND))


def summary(entry: FileEntry) -> dict[str, Any]:
    """What a subscriber filters and a list shows."""
    return {
        "id": entry.id,
        "bucket": entry.bucket,
        "key": entry.key,
        "version_id": entry.version_id,
        "status": entry.status.value,
        "format": entry.format,
        "size": entry.size,
        "rows": entry.rows,
        "rejected": entry.rejected,
        "station_count": entry.stations_known,
        "first": entry.first,
        "last": entry.last,
        "received_at": entry.received_at,
    }
