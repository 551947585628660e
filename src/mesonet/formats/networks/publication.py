"""What describes a publisher's table, and how times are written in such tables (`published_table` is their reader)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, pairwise, repeat

from mesonet.domain.instant import SECOND, iso, step_duration
from mesonet.formats.documented import Known
from mesonet.formats.elements import Place
from mesonet.formats.json_readings import epoch, instant
from mesonet.formats.table import Fields, leading
from mesonet.formats.times import reader
from mesonet.record import dataclass, field
from mesonet.regex import regex

LOOK = 200  # lines among which the header is
BRACKET = regex(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file says above its table, or in its first rows: `units` of names, the `period` of sums and means.
    The units are `supposed` where they were concluded."""

    station: str = ""
    place: Place | None = None
    zone: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    supposed: bool = False
    remarks: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The text above a header, its names, the lines `beneath` it that are no rows, and the first rows."""

    above: str
    names: Sequence[str]
    beneath: Sequence[Fields] = ()
    first: Sequence[Fields]

    def column(self, name: str) -> list[str]:
        """What it says, without its name, where files were joined, and rows of delimiters alone."""
        at = self.names.index(name)
        return [row[at].strip() for row in self.first if len(row) > at and row[at] != name and any(row)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """`must` are names that the header has, with one of `also`; `known` is what names mean when `called` made them plain: an
    empty unit or duration is the file's own. `moment` makes ISO 8601 of the texts of the columns `time`, joined by blanks.
    The station is in a column `station`, or `told` of the head. `flag` says in which column the quality of a column stands,
    `meaning` what its codes mean; `levels` are heights that are not the usual ones. `beneath` lines below the header are no
    rows. `first` is what columns say in the first row, where names alone could be anybody's, `title` what stands above them;
    `clean` makes numbers of the texts of single columns, by their plain names."""

    who: str
    must: tuple[str, ...]
    also: tuple[str, ...] = ()
    title: str = ""
    known: Mapping[str, Known]
    time: tuple[str, ...]
    moment: Callable[[str], str] = str.strip
    called: Callable[[str], str] = lambda name: BRACKET.sub("", name).strip()
    delimiter: str = ","
    zone: str = "UTC"
    station: str = ""
    prefix: str = ""
    told: Callable[[Head], Told] = lambda head: Told()
    flag: Callable[[Sequence[str], int], int | None] = lambda names, at: None
    meaning: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    comma: bool = False
    levels: Mapping[str, float] = field(default_factory=dict)
    beneath: int = 0
    first: Mapping[str, str] = field(default_factory=dict)
    clean: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def header(self, text: str) -> tuple[int, list[str]] | None:
        """Where the header is, and its names."""
        if not all(name in text for name in (*self.must, self.title)):
            return None
        lines = leading(text, self.delimiter, LOOK)
        for at, row in enumerate(lines):
            names = [name.strip().removeprefix("# ") for name in row]
            plain = set(map(self.called, names))
            if (
                set(self.must) <= set(names)
                and not plain.isdisjoint(self.also or self.known)
                and not plain.isdisjoint(self.known)
                and self._says(names, (*lines[at + 1 + self.beneath : at + 2 + self.beneath], [])[0])
            ):
                while names and not names[-1]:
                    names.pop()
                return at, names
        return None

    def _says(self, names: Sequence[str], row: Fields) -> bool:
        told = dict(zip(names, row, strict=False))
        return all(regex(text).fullmatch(told.get(name, "").strip()) for name, text in self.first.items())


def written(*patterns: str) -> Callable[[str], str]:
    """Of a strptime pattern, of several the first that fits; 24:00 is the end of its day."""
    readers = [(pattern, reader(pattern)) for pattern in patterns]

    def moment(text: str) -> str:
        plain = " ".join(text.split())
        for pattern, parse in readers:
            try:
                found = parse(plain)
            except ValueError:
                continue
            return found.isoformat() if "%H" in pattern else found.date().isoformat()
        return plain

    return moment


def hour_after(text: str) -> str:
    """The end of the hour that begins then: year, month, day and hour."""
    parts = text.split()
    if len(parts) != 4 or not all(part.isascii() and part.isdecimal() and len(part) < 5 for part in parts):
        return text
    year, month, day, hour = map(int, parts)
    return f"{year:04d}-{month:02d}-{day:02d}T{hour + 1:02d}:00"


def seconds(text: str) -> str:
    """Of a number of seconds since 1970."""
    try:
        return iso(epoch(text, SECOND))
    except ValueError:
        return text


def zoned(text: str) -> str:
    """A day, a clock and the letters of a zone of the USA."""
    moment, _, zone = text.strip().rpartition(" ")
    return f"{moment}{_US_ZONES[zone]}" if zone in _US_ZONES else text


_US_ZONES = {"UTC": "Z", "GMT": "Z", "AST": "-04:00", "EDT": "-04:00", "EST": "-05:00", "CDT": "-05:00", "CST": "-06:00"}
_US_ZONES |= {
    "MDT": "-06:00",
    "MST": "-07:00",
    "PDT": "-07:00",
    "PST": "-08:00",
    "AKDT": "-08:00",
    "AKST": "-09:00",
    "HST": "-10:00",
}


def step_of(texts: Sequence[str], stations: Iterable[str] = ()) -> str:
    """The shortest time between two instants of one of the `stations`, in whatever order; "" where it cannot be told."""
    known: dict[str, set[int]] = {}
    for text, station in zip(texts, chain(stations, repeat("")), strict=False):
        try:
            known.setdefault(station, set()).add(instant(text)[0])
        except ValueError:
            continue
    steps = [(min(b - a for a, b in pairwise(times)), times) for times in map(sorted, known.values()) if len(times) > 1]
    if not steps:
        return ""
    least, times = min(steps)
    return step_duration(times, least)
