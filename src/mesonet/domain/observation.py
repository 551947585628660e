"""Observations, column by column.

A weather file is a table, a day of a station is a table, and an answer of the API is a table: observations travel as columns
from the file to the reader, and no object is made for a single value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from mesonet.domain.parameter import Parameter


class Quality(IntEnum):
    """QARTOD flags (IOOS, Manual for Real-Time Oceanographic Data Quality Control Flags, 2020, table 1)."""

    PASS = 1
    NOT_EVALUATED = 2
    SUSPECT = 3
    FAIL = 4
    MISSING = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Values of one parameter, one for each time of its table.

    `values` are in `unit` (UCUM, canonical for the parameter), None where nothing was observed; `received` is the text that
    stood in the file, in `unit_received`, and is kept whatever the quality says.
    """

    unit: str
    unit_received: str
    values: list[float | None]
    received: list[str]
    flags: list[int]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some observations of one station, as they stood in a file.

    `times` are instants (end of the period, or the date that the source gives for a day's value) in the order of the file, not
    sorted, perhaps repeated; `rows` are 1-based row numbers in the file. All lists are equally long.
    """

    station_id: str
    times: list[int]
    rows: list[int]
    columns: Mapping[Parameter, Column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row, or one field of it, that was not taken. `row` is 1-based, `column` the header's own word."""

    reason: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
