"""Observations, column by column.

A weather file is a table, a day of a station is a table, and an answer of the API is a table: observations travel as columns
from the file to the reader, and no object is made for a single value.
"""

from collections.abc import Mapping
from enum import IntEnum, IntFlag
from functools import lru_cache

from mesonet.domain.parameter import Parameter
from mesonet.record import dataclass
from mesonet.regex import regex

_PARTICULAR = regex(r"'[^']*'|(?<![\w.-])(?<!ISO )\d[\w.:-]*")  # what a reason says of one row: a text as received, a number
_LONGEST_KIND = 200  # characters


class Quality(IntEnum):
    """QARTOD flags (IOOS, Manual for Real-Time Oceanographic Data Quality Control Flags, 2020, table 1)."""

    PASS = 1
    NOT_EVALUATED = 2
    SUSPECT = 3
    FAIL = 4
    MISSING = 9


PASS, NOT_EVALUATED, SUSPECT, FAIL, MISSING = map(int, Quality)  # as columns hold them: plain numbers


class QualityTest(IntFlag):
    """What a value was flagged by; it may have been several."""

    GROSS_RANGE = 1
    CLIMATOLOGY = 2
    SPIKE = 4
    RATE_OF_CHANGE = 8
    FLAT_LINE = 16
    INTERNAL_CONSISTENCY = 32
    FUTURE = 64
    SOURCE = 128  # the sender's own flag


# of two flags the one that stands later here is kept (QARTOD flags manual, aggregate flag)
_RANK = {9: 0, 2: 1, 1: 2, 3: 3, 4: 4}
_BAD = (SUSPECT, FAIL)
_PASSED = (PASS, 0)
_NAMES: dict[int, str] = {}

type Verdicts = dict[
    int, tuple[int, int]
]  # by instant: the flag and the tests (`QualityTest`) that gave it; what passed is not there


def worse(flag: int, other: int) -> int:
    """Of two flags of one value the one that stands: a test never weakens what the source, or another test, has said."""
    return flag if _RANK[flag] >= _RANK[other] else other


def aggregated(flag: int, verdict: tuple[int, int] | None) -> tuple[int, int]:
    """The flag of a value that was tested, and by what it was given: the source's own `flag` and what the tests found."""
    found, tests = verdict or _PASSED
    if flag in _BAD and not tests & QualityTest.GROSS_RANGE:  # readers flag what cannot be, too
        tests |= int(QualityTest.SOURCE)
    return worse(flag, found), tests


def names_of(tests: int) -> str:
    """The names of tests, `spike rate_of_change`; '' of none."""
    if tests not in _NAMES:
        _NAMES[tests] = " ".join(test.name.lower() for test in QualityTest if test & tests and test.name)
    return _NAMES[tests]


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
    """A row, or one field of it, that was not taken. `row` is 1-based, `column` the header's own word. Of very many that fail
    alike one may stand for the `count` that begin with it."""

    reason: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    count: int = 1

    @property
    def kind(self) -> str:
        """The reason without what is particular to the row: those that fail alike have the same."""
        return _kind(self.reason)


@lru_cache(maxsize=256)  # a file's rejects have few reasons, and may be millions
def _kind(reason: str) -> str:
    return _PARTICULAR.sub("…", reason)[:_LONGEST_KIND]
