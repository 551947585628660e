"""Mappings: what the columns of an operator's own table mean."""

from mesonet.domain.parameter import Parameter
from mesonet.record import dataclass, field

MISSING_TOKENS = (
    "",
    "NA",
    "N/A",
    "NaN",
    "nan",
    "NULL",
    "null",
    "None",
    "-",
    "--",
    "---",
    "M",
    "-9999",
    "-9999.0",
    "-999",
    "-999.0",
    "-999.9",
    "-9999.9",
    "#N/A",
    "\\N",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedColumn:
    """One column of the table: which parameter it is, in which unit (UCUM or the field's usual spelling) it is written.

    Of a long table it is a name; without a `unit` each row tells its own. `missing` are texts that mean "no value" in this
    column beside those of the mapping; `trace` are those that mean an amount too little to be told, which is 0. `compass` are
    the letters of north, east, south and west in which directions are written, where they are not English."""

    column: str
    parameter: Parameter
    unit: str | None
    missing: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()
    compass: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeColumns:
    """How a row tells its time.

    `columns` are one column holding the whole time, or several in the order year, month, day, hour, minute, second. `format` is
    `iso`, `epoch`, `epoch_ms`, a strptime pattern, or `parts` for several columns. `zone` is an IANA name or an offset such as
    `-05:00`; it is not used where the text carries an offset of its own.
    """

    columns: tuple[str, ...]
    format: str = "iso"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTable:
    """That each row holds one value, and which columns tell what of it.

    Several `names` are joined by a blank to the name of what was observed. `flags` are what the texts of the column `quality`
    mean (QARTOD).
    """

    names: tuple[str, ...]
    value: str
    unit: str | None = None
    quality: str | None = None
    flags: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Applies to the files below `prefix` whose names match the pattern `files`; the deepest folder,
    then the longest pattern wins.

    Either `station_column` names the column that holds the station's identifier, or `station_columns` are several whose texts,
    with `station_joint` between them, make it up, or `station` is the one station of all files.
    Of a `long` table `columns` are the names that its rows have, not those of the header.
    `thousands` is the sign between the thousands of numbers, if there is one.
    `interval` is how often the stations report, in milliseconds, where it is told. `climatology` says what is usual in each of
    the twelve months, by standard name or parameter, in the canonical unit.
    With `short_rows` rows that end before the last column are taken, and have nothing in those that they lack.
    `source` is the key of the mapping file; `order` is a text that is greater for a newer mapping.
    """

    prefix: str
    columns: tuple[MappedColumn, ...]
    time: TimeColumns
    station: str | None = None
    station_column: str | None = None
    station_columns: tuple[str, ...] = ()
    station_joint: str = "-"
    files: str = "*"
    delimiter: str | None = None
    decimal: str = "."
    thousands: str = ""
    missing: tuple[str, ...] = field(default=MISSING_TOKENS)
    interval: int | None = None
    climatology: dict[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    long: LongTable | None = None
    short_rows: bool = False
    source: str = ""
    order: str = ""

    @property
    def needed(self) -> tuple[str, ...]:
        """The names without which a header is none of this mapping's."""
        long = (*self.long.names, self.long.value) if self.long else ()
        return (*self.time.columns, *self.told_by, *long)

    @property
    def told_by(self) -> tuple[str, ...]:
        """The columns that tell the station of a row, none where there is one for all."""
        return (self.station_column,) if self.station_column else self.station_columns

    @property
    def named(self) -> tuple[str, ...]:
        """All columns of the header that it names."""
        others = [self.long.unit, self.long.quality] if self.long else [each.column for each in self.columns]
        return (*self.needed, *filter(None, others))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedColumn:
    """What a column may be: `reason` says why, or asks what cannot be told; `confidence` from 0 to 1. `compass` as in
    `MappedColumn`, and `trace`, which is one text."""

    column: str
    confidence: float
    reason: str
    parameter: str | None = None
    unit: str | None = None
    trace: str = ""
    compass: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A mapping for a table that has none: the text of a mapping file, None where too little could be told, and what to check
    or answer before it is used."""

    mapping: str | None = None
    columns: tuple[ProposedColumn, ...] = ()
    questions: tuple[str, ...] = ()
