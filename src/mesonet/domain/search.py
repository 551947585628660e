"""Search: what is found by which words and properties, whatever engine keeps the index.

A *document* is a file of the catalogue or a station, as a list of results shows it. Its *words* are what people type. An
engine may find candidates in its own way; whether a document belongs into the answer is decided as `SearchQuery` decides.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any

from mesonet.domain.file import STATIONS_LISTED, FileEntry, Status, summary
from mesonet.domain.instant import Interval
from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.domain.station import BoundingBox, Station
from mesonet.record import dataclass, field
from mesonet.regex import regex

WORDS_LISTED = 24  # of one document; each is a write in an index that is paid by the write
LONGEST_WORD = 40
COMMON_WORDS = frozenset({"csv", "dat", "gz", "json", "txt", "zip"})  # of most files: a list of them finds nothing
STATIONS_AS_WORDS = 4  # a file of more stations is found by `station=`, not by each of their names
FACETS = ("type", "format", "status", "station", "standard_name", "day")
BEFORE_ALL_FILES = "0000-00-00T00:00:00.000Z"  # where stations stand among files, the last that arrived first

type StationsAmong = Callable[[str, Collection[str]], Collection[str]]
"""(file, stations) → those of them that it has observations of: of files with more stations than an entry lists."""

_WORD = regex(r"[^\W_]+")
_WIDE = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE_LETTER = regex(rf"[{_WIDE}]")
_RUN = regex(rf"[{_WIDE}]+|[^\s{_WIDE}]+")
# a phrase, or what stands together up to a star
_PIECE = regex(r'["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»*]*\*|[^\s"“”„«»*]+)')
_STAR_BEFORE = regex(r"\*[^\W_]")
_TO_PLAIN = str.maketrans(  # what Unicode does not take apart, as people type it who have no key for it
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n"}
    | dict.fromkeys("ʻʼʽʹʺ", "")
)


class Kind(StrEnum):
    FILE = "file"
    STATION = "station"


class Sort(StrEnum):
    """`-` is descending. Documents without the property stand where an empty text or zero would."""

    NEWEST = "-received_at"
    OLDEST = "received_at"
    TITLE = "title"
    TITLE_DOWN = "-title"
    SIZE = "size"
    SIZE_DOWN = "-size"

    @property
    def member(self) -> str:
        return self.value.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.value.startswith("-")


def words(text: str) -> list[str]:
    """Letters and digits between anything else, without case and accents: `Zürich_Łódź.csv` is `zurich`, `lodz`, `csv`.

    Chinese, Japanese and Korean have no spaces to rely on: each letter is a word with the one behind it. `東京都` is `東京`,
    `京都`, `都`.
    """
    return [word for run in _runs(text) for word in (_pairs(run) if is_wide(run) else (run,))]


def is_wide(text: str) -> bool:
    """Whether it begins with a letter of Chinese, Japanese or Korean."""
    return _WIDE_LETTER.match(text) is not None


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


def _runs(text: str) -> list[str]:
    plain = text.casefold()
    if plain.isascii():
        return [word[:LONGEST_WORD] for word in _WORD.findall(plain)]
    apart = unicodedata.normalize("NFKD", plain)
    together = unicodedata.normalize("NFC", "".join(each for each in apart if not _is_accent(each))).translate(_TO_PLAIN)
    spaced = "".join(each if each.isalnum() or unicodedata.category(each)[0] == "M" else " " for each in together)
    return [run if is_wide(run) else run[:LONGEST_WORD] for run in _RUN.findall(spaced)]


def _is_accent(letter: str) -> bool:
    """Marks of Latin, Greek and Cyrillic, points of Hebrew and Arabic; not the vowels of Hindi or Thai, nor voicing in kana."""
    kind = unicodedata.combining(letter)
    return kind >= 200 or 10 <= kind <= 35


@dataclass(frozen=True, kw_only=True)
class SearchDocument:
    """`order` is greater for a newer state of the same document; `shown` is what a list of results shows of it.

    `bbox` is west, south, east, north in degrees of what is located, `first` and `last` are instants of observations.
    """

    kind: Kind
    id: str
    order: str
    title: str
    received_at: str
    shown: dict[str, Any]
    status: str | None = None
    format: str | None = None
    stations: tuple[str, ...] = ()
    standard_names: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    size: int = 0
    further: tuple[str, ...] = field(default=())  # texts beside the title that its words come from

    @cached_property
    def words(self) -> tuple[str, ...]:
        """At most `WORDS_LISTED`; those of standard names are not among them, they follow from the names."""
        return tuple(dict.fromkeys(word for text in self._named for word in words(text)))[:WORDS_LISTED]

    @property
    def _named(self) -> tuple[str, ...]:
        listed = self.stations if len(self.stations) <= STATIONS_AS_WORDS else ()
        return (self.title, *self.further, *listed)

    @property
    def has_more_stations(self) -> bool:
        """Whether it has more stations than are listed outside the list of its blocks."""
        return (self.shown.get("station_count") or 0) > STATIONS_LISTED

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Each of its texts as words with spaces between and around them, for phrases."""
        return tuple(dict.fromkeys(f" {' '.join(words(text))} " for text in (*self._named, *self.standard_names)))

    @cached_property
    def found_by(self) -> frozenset[str]:
        return frozenset(self.words).union(*(words(name) for name in self.standard_names))

    def facet(self, name: str) -> Sequence[str]:
        match name:
            case "type":
                return (self.kind.value,)
            case "format":
                return (self.format,) if self.format else ()
            case "status":
                return (self.status,) if self.status else ()
            case "station":
                return self.stations
            case "standard_name":
                return self.standard_names
            case "day":
                return (self.received_at[:10],) if self.kind is Kind.FILE else ()
        raise ValueError(name)

    def sort_value(self, sort: Sort) -> str | int:
        match sort:
            case Sort.TITLE | Sort.TITLE_DOWN:
                return self.title
            case Sort.SIZE | Sort.SIZE_DOWN:
                return self.size
        return self.received_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is asked for: everything given has to fit. `nearby` are the stations known to lie in `box`.

    `phrases` are words that follow each other, as they stand in a document's `texts`; `words` and `prefixes` have each word.
    `after` is the place of the last document of the page before: its sort value and its identifier.
    """

    words: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    kind: Kind | None = None
    station: str | None = None
    box: BoundingBox | None = None
    nearby: frozenset[str] = frozenset()
    interval: Interval | None = None
    format: str | None = None
    standard_name: str | None = None
    status: str | None = None
    facets: tuple[str, ...] = ()
    sort: Sort = Sort.NEWEST
    limit: int = 100
    after: tuple[str | int, str] | None = None

    @property
    def of_files_only(self) -> bool:
        """Whether something is asked that a station does not have."""
        return any(each is not None for each in (self.format, self.status, self.interval, self.standard_name))

    def __contains__(self, document: SearchDocument) -> bool:
        return (
            self.admits(
                document.kind,
                document.status,
                document.format,
                document.stations,
                document.standard_names,
                document.first,
                document.last,
                document.bbox,
            )
            and (not self.words or document.found_by.issuperset(self.words))
            and all(any(word.startswith(prefix) for word in document.found_by) for prefix in self.prefixes)
            and all(any(phrase in text for text in document.texts) for phrase in self.phrases)
        )

    def admits(
        self,
        kind: str,
        status: str | None,
        format: str | None,
        stations: Sequence[str],
        standard_names: Sequence[str],
        first: int | None,
        last: int | None,
        bbox: Sequence[float] | None,
    ) -> bool:
        """Whether a document with these properties fits, if its words do."""
        if self.kind is not None and kind != self.kind:
            return False
        if kind == Kind.STATION:
            if self.of_files_only:
                return False
        elif (self.status is None and status == Status.DELETED) or (self.status or status) != status:
            return False
        return (
            (self.format is None or format == self.format)
            and (self.station is None or self.station in stations)
            and (self.standard_name is None or self.standard_name in standard_names)
            and (self.interval is None or (first is not None and last is not None and self.interval.overlaps(first, last)))
            and (self.box is None or _there(self.box, self.nearby, bbox, stations))
        )


def _there(box: BoundingBox, nearby: frozenset[str], bbox: Sequence[float] | None, stations: Sequence[str]) -> bool:
    return (bbox is not None and overlap(box, bbox)) or not nearby.isdisjoint(stations)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """`after` is where the next page goes on, None at the end. `facets` are values with their counts, the most frequent first.

    `complete` is false where an engine has looked at as many documents as it may: there may be more, and counts are at least
    these.
    """

    documents: list[SearchDocument]
    after: tuple[str | int, str] | None = None
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    complete: bool = True


def overlap(box: BoundingBox, bbox: Sequence[float]) -> bool:
    """Whether two boxes share a point; either may cross the antimeridian (west > east)."""
    west, south, east, north = bbox
    if south > box.north or north < box.south:
        return False
    return any(w <= e2 and w2 <= e for w, e in _spans(box.west, box.east) for w2, e2 in _spans(west, east))


def _spans(west: float, east: float) -> list[tuple[float, float]]:
    return [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]


def asked_words(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The words, the prefixes (`new*`) and the phrases (`"new york"`, `"new yo*"`) of what somebody typed.

    Raises ValueError where a star stands before what is meant to be found.
    """
    if _STAR_BEFORE.search(text):
        raise ValueError("`*` stands behind the beginning of a word, not before or in a word")
    whole: list[str] = []
    starts: list[str] = []
    phrases: list[str] = []
    for quoted, plain in _PIECE.findall(text):
        start, star, rest = (quoted or plain).partition("*")
        if words(rest):
            raise ValueError("`*` stands at the end of a phrase only")
        runs = _runs(start)
        for some in [runs] if quoted and runs else [[run] for run in runs]:
            found, goes_on = _in_order(some, starred=bool(star) and some[-1] is runs[-1])
            whole += found[:-1]
            (starts if goes_on else whole).append(found[-1])
            if len(found) > 1:
                phrases.append(f" {' '.join(found)}" + ("" if goes_on else " "))
    return tuple(dict.fromkeys(whole)), tuple(dict.fromkeys(starts)), tuple(dict.fromkeys(phrases))


def _in_order(runs: Sequence[str], *, starred: bool) -> tuple[list[str], bool]:
    """Words that have to follow each other, and whether the last may go on: a letter that is paired with the next may."""
    found = [word for run in runs for word in (_pairs(run) if is_wide(run) else (run,))]
    if not is_wide(runs[-1]):
        return found, starred
    return found if len(runs[-1]) == 1 else found[:-1], True


def names_with(word: str, *, prefix: bool = False) -> list[str]:
    """The standard names that a word is a part of, or with `prefix` the start of a part."""
    fits = (lambda each: each.startswith(word)) if prefix else (lambda each: each == word)
    return [name for name in STANDARD_NAMES if any(map(fits, words(name)))]


def file_document(entry: FileEntry) -> SearchDocument:
    """What is found of a file; of a deleted one that it was here."""
    here = entry.status is not Status.DELETED
    return SearchDocument(
        kind=Kind.FILE,
        id=entry.id,
        order=entry.order,
        title=entry.key,
        received_at=entry.received_at,
        shown=summary(entry),
        status=entry.status.value,
        format=entry.format,
        stations=tuple(entry.stations) if here else (),
        standard_names=standard_names(entry.parameters) if here else (),
        first=entry.first,
        last=entry.last,
        bbox=entry.bbox if here else None,
        size=entry.size,
    )


def station_document(station: Station, *, order: str) -> SearchDocument:
    bbox = (station.longitude, station.latitude, station.longitude, station.latitude) if station.position else None
    return SearchDocument(
        kind=Kind.STATION,
        id=station.id,
        order=order,
        title=station.name or station.id,
        received_at=BEFORE_ALL_FILES,
        shown={
            "id": station.id,
            "name": station.name or None,
            "latitude": station.latitude,
            "longitude": station.longitude,
            "elevation_m": station.elevation_m,
            "wigos_station_identifier": station.wigos_id,
        },
        stations=(station.id,),
        bbox=bbox,  # type: ignore[arg-type]  # a position has both
        further=(station.wigos_id,) if station.wigos_id else (),
    )


def standard_names(parameters: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.partition(":")[0] for each in parameters))
