"""What a format gives and takes: bytes in, columns and rejects out.

A format module has `NAME`, `sniff(head)` and `read(stream, context)`. `sniff` looks at the first bytes, already decompressed,
and says how sure it is; `read` yields what it understood, piece by piece, in the order of the file, and holds no more than one
piece in memory. Formats know no AWS and never see a file's name when they recognise it. With `RECORDS` (see `records`) large
files of a format are read in several calls.
"""

from collections.abc import Callable, Iterator
from collections.abc import Mapping as PerStation
from typing import Protocol

from mesonet.domain.file import ColumnFacts, Mark
from mesonet.domain.mapping import Mapping, Proposal
from mesonet.domain.observation import Batch, Reject
from mesonet.domain.station import Station
from mesonet.record import dataclass, field, replace

# formats of tables whose columns nothing but a mapping explains
MAPPED = ("csv", "json-table", "line-protocol", "ott-mis", "parquet", "prometheus", "text-table", "turned-table")
RESERVE_MS = 60_000  # of a function's time, kept for what comes after reading: storing rejects and the entry
HEAD_BYTES = 64 * 1024  # what sniffing sees: some hundred rows of any station file


def _endless() -> int:
    return 1 << 60


@dataclass(frozen=True, slots=True)
class Guess:
    """`confidence` from 0 to 1; `why` says it in words for the operator."""

    confidence: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What reading may know besides the bytes. `mapping` is the operator's word on the file's columns, if there is one.

    Without `values` only facts are wanted: a format may then yield an `Extent` where it would yield a `Batch`. `received` is
    the instant at which the file arrived: reports that name only the day of the month are of the newest such day before it.
    A format that can be left says with a `Mark` where it was, as soon as `enough`; `start` is such a mark of an earlier reading
    of the same bytes, and what stands before it is not given again. `remaining_ms` is the time there is.
    `member` is the name of the file in the archive in which it lies, if it does.
    """

    key: str = ""
    mapping: Mapping | None = None
    values: bool = True
    received: int | None = None
    start: Mark | None = None
    remaining_ms: Callable[[], int] = _endless
    member: str = ""

    def enough(self) -> bool:
        return self.remaining_ms() < RESERVE_MS

    @property
    def unhurried(self) -> "Context":
        """For a reader of what another one makes of the bytes: a mark of its own would be none of the file's."""
        return replace(self, start=None, remaining_ms=_endless)

    @property
    def hurried(self) -> bool:
        """Whether the file may have to be left, or was."""
        return self.start is not None or self.remaining_ms is not _endless


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """`count` rows were read, whether taken or not (comments, headers and blank lines are no rows).

    `understood` of them hold no observation and no station, and are what their format wants: a message about a file elsewhere.
    """

    count: int
    understood: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The facts of all columns, once, at the end, but of those `beyond` what a file's entry lists; `encoding` of the text
    where it is text."""

    columns: tuple[ColumnFacts, ...]
    encoding: str | None = None
    beyond: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Rows that were taken, per station, and the first and last instant in them; None where rows have no time."""

    stations: PerStation[str, int]
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was done knowingly and that the operator should know; nothing was rejected for it."""

    text: str


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a file does not say and its format concluded: `station`, `zone` (of its times), `date` (month and year of reports
    that give the day). A remark says from what."""

    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive that is to be read as one of its own."""

    name: str
    size: int


type Piece = Member | Batch | Reject | Station | Mark | Mapping | Proposal | Rows | Columns | Extent | Remark | Inferred


class Stream(Protocol):
    """What bytes are read from, once and in their order."""

    def read(self, count: int, /) -> bytes: ...


class Format(Protocol):
    NAME: str

    def sniff(self, head: bytes) -> Guess | None: ...

    def read(self, stream: Stream, context: Context) -> Iterator[Piece]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Which format the bytes are in, how they are packed, and the reasons; `format` is None where none recognises them."""

    format: str | None
    guess: Guess
    compression: str | None = None
    others: dict[str, Guess] = field(default_factory=dict)
