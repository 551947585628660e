"""The inverted index's items: for each term of a document a *posting*, which holds the document as a list shows it.

A term is a property (`station#EWR`, `format#csv`, `status#ok`, `name#air_temperature`, `kind#station`) or a word. The sort key
is the document's *place*: when it came, what it is, and a mark of its state, so that no two states of a document share a key
and whoever writes an old one late spoils nothing. Words lie side by side under their first two letters, `w#ne` /
`newark#<place>`: the words that begin with `newa` are then one stretch of sort keys, and need no dictionary. Words that most
files have (`csv`) have no list: whoever asks for them gets what else is asked for, or everything, and each posting decides.
"""

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from mesonet.domain.file import STATIONS_LISTED, Status
from mesonet.domain.search import COMMON_WORDS, STATIONS_AS_WORDS, Kind, SearchDocument, SearchQuery, Sort, is_wide
from mesonet.record import dataclass
from mesonet.stores.attributes import Item

END = "~"  # behind every place and every word: they are ASCII letters, digits, and signs before it; other letters lie beyond it
_MOST_BYTES = 880  # with its key a posting is then below 1 KB, the unit that a write is paid by
_LEAST_NAMED = STATIONS_AS_WORDS + 1
_parse = json.JSONDecoder().raw_decode  # `loads` looks for spaces around, too


@dataclass(frozen=True, slots=True)
class Listed:
    """Where a posting is: the partition, and what stands before the place in its sort key."""

    term: str
    head: str = ""

    def key(self, place: str) -> Item:
        return {"term": {"S": self.term}, "place": {"S": self.head + place}}

    def __str__(self) -> str:
        return f"{self.term}|{self.head}" if self.head else self.term

    @classmethod
    def of(cls, item: Item) -> "Listed":
        """Where an item of the table is."""
        term = item["term"]["S"]
        return cls(term, item["place"]["S"].partition("#")[0] + "#") if term.startswith("w#") else cls(term)

    @classmethod
    def parse(cls, text: str) -> "Listed":
        """Of a word only: other terms may contain anything."""
        term, found, head = text.partition("|")
        return cls(term, head) if found and term.startswith("w#") else cls(text)


MORE = Listed("more#stations")  # files of more stations than are listed: which, the lists of their blocks know


def word(text: str) -> Listed:
    return Listed(f"w#{text[: 1 if is_wide(text) else 2]}", f"{text}#")


def has_list(text: str) -> bool:
    """Whether files are listed under a word: not under what most have, nor under single letters of an alphabet."""
    return text not in COMMON_WORDS and (len(text) > 1 or is_wide(text))


def place(document: SearchDocument) -> str:
    """A station's stays the same, whatever becomes of it: a newer description takes the place of the older."""
    mark = "" if document.kind is Kind.STATION else sha256(document.order.encode()).hexdigest()[:8]
    return f"{document.received_at}#{document.id}#{mark}"


def listed(document: SearchDocument) -> Iterator[Listed]:
    """Where the document is found; what is deleted, only under that."""
    if document.kind is Kind.STATION:
        yield Listed("kind#station")
    if document.status:
        yield Listed(f"status#{document.status}")
    if document.status == Status.DELETED:
        return
    if document.format:
        yield Listed(f"format#{document.format}")
    for station in document.stations:
        yield Listed(f"station#{station}")
    if document.has_more_stations:
        yield MORE
    for name in document.standard_names:
        yield Listed(f"name#{name}")
    for each in document.words:
        if has_list(each):
            yield word(each)


def posting(where: Listed, document: SearchDocument, text: str) -> Item:
    return where.key(place(document)) | {"document": {"S": text}}


def written(document: SearchDocument) -> str:
    """The document as JSON, its lists cut where it would be too long: `cut` names them."""
    values: dict[str, Any] = {
        "kind": document.kind.value,
        "order": document.order,
        "title": document.title,
        "shown": {name: value for name, value in document.shown.items() if value is not None},
        "stations": list(document.stations),
        "names": list(document.standard_names),
        "further": list(document.further),
        "bbox": document.bbox,
    }
    for name in ("title", "received_at", "status", "format", "first", "last", "size"):
        values["shown"].pop("key" if name == "title" and document.kind is Kind.FILE else name, None)
    for name in ("status", "format", "first", "last", "size"):
        values[name] = getattr(document, name)
    values = {name: value for name, value in values.items() if value not in (None, [], 0) or name in ("first", "last")}
    text = _json(values)
    for name in ("stations", "names"):
        while len(text.encode()) > _MOST_BYTES and len(values.get(name, ())) > _LEAST_NAMED:
            values[name] = values[name][: max(_LEAST_NAMED, len(values[name]) * 2 // 3)]
            values["cut"] = sorted({*values.get("cut", ()), name})
            text = _json(values)
    return text


class Posting:
    """A posting as it was read. Its document is made when it is asked for: of thousands that are looked at, few are shown."""

    __slots__ = ("_values", "place")

    def __init__(self, place: str, text: str) -> None:
        self.place = place
        self._values: dict[str, Any] = _parse(text)[0]

    @property
    def name(self) -> tuple[str, str]:
        """Kind and identifier: the same in every state of a document."""
        return self._values["kind"], self.place.partition("#")[2].rpartition("#")[0]

    @property
    def cut(self) -> Sequence[str]:
        """The lists of the document that are not whole."""
        cut: Sequence[str] = self._values.get("cut", ())
        return cut

    @property
    def has_more_stations(self) -> bool:
        """As `SearchDocument.has_more_stations`."""
        return bool((self._values["shown"].get("station_count") or 0) > STATIONS_LISTED)

    @property
    def document(self) -> SearchDocument:
        return _document(self.place, self._values)

    def admitted(self, query: SearchQuery) -> bool:
        """Whether all that the query asks of properties fits; words are not looked at."""
        get = self._values.get
        return query.admits(
            self._values["kind"],
            get("status"),
            get("format"),
            get("stations", ()),
            get("names", ()),
            get("first"),
            get("last"),
            get("bbox"),
        )

    def sort_value(self, sort: Sort) -> str | int:
        """As `SearchDocument.sort_value`."""
        value: str | int
        match sort:
            case Sort.TITLE | Sort.TITLE_DOWN:
                value = self._values["title"]
            case Sort.SIZE | Sort.SIZE_DOWN:
                value = self._values.get("size", 0)
            case _:
                value = self.place.partition("#")[0]
        return value

    def facet(self, name: str) -> Sequence[str]:
        """As `SearchDocument.facet`."""
        match name:
            case "type" | "format" | "status":
                value = self._values.get("kind" if name == "type" else name)
                return (value,) if value else ()
            case "station" | "standard_name":
                values: Sequence[str] = self._values.get("stations" if name == "station" else "names", ())
                return values
        return self.document.facet(name)


def read(where: str, text: str) -> tuple[SearchDocument, frozenset[str]]:
    """The document of a posting at a place, and the names of the lists that are cut."""
    found = Posting(where, text)
    return found.document, frozenset(found.cut)


def _document(where: str, values: dict[str, Any]) -> SearchDocument:
    received_at, _, rest = where.partition("#")
    identifier = rest.rpartition("#")[0]
    kind = Kind(values["kind"])
    bbox = values.get("bbox")
    shown = {"id": identifier} | values["shown"]
    if kind is Kind.FILE:
        shown |= {name: values.get(name) for name in ("status", "format", "first", "last")}
        shown |= {"key": values["title"], "size": values.get("size", 0), "received_at": received_at}
        shown.setdefault("version_id", None)
    return SearchDocument(
        kind=kind,
        id=identifier,
        order=values["order"],
        title=values["title"],
        received_at=received_at,
        shown=shown,
        status=values.get("status"),
        format=values.get("format"),
        stations=tuple(values.get("stations", ())),
        standard_names=tuple(values.get("names", ())),
        first=values.get("first"),
        last=values.get("last"),
        bbox=tuple(bbox) if bbox else None,
        size=values.get("size", 0),
        further=tuple(values.get("further", ())),
    )


def _json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
