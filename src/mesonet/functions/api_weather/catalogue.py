"""The catalogue of files: lists, search, one file and what is said of it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from mesonet.domain import instant
from mesonet.domain.file import FileEntry, LoadState, Status
from mesonet.domain.search import FACETS, Kind, SearchDocument, SearchQuery, Sort, asked_words
from mesonet.errors import InvalidParameter, NotFound
from mesonet.functions.api_weather import file_representations as show
from mesonet.functions.api_weather import logic
from mesonet.functions.api_weather.exports import LINK_S
from mesonet.record import dataclass
from mesonet.stores.file_index import DIMENSIONS, FileIndexStore
from mesonet.stores.files import FilesStore
from mesonet.stores.search import SearchEngine
from mesonet.stores.stations import StationsStore
from mesonet.web import parameters as read
from mesonet.web.cursors import Cursors
from mesonet.web.media import CSV, JSON, Link, dumps
from mesonet.web.request import Request
from mesonet.web.response import CHECKED, Response

if TYPE_CHECKING:
    from mesonet.stores.archive import ArchiveStore
    from mesonet.stores.rejects import RejectsStore

AS_JSON = {"json": JSON}
AS_TABLE = {"json": JSON, "csv": CSV}
SEARCHED = (
    'words (letters and digits), `new*` for all that begin so, `"new york"` for words side by side; all of them have to fit'
)
MOST_WORDS = 8  # of a question; nobody types more, and each is looked up


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where the answers come from; what needs the client of S3, which takes long to import, is made when it is asked for."""

    files: FilesStore
    counters: FileIndexStore
    search: SearchEngine
    stations: StationsStore
    cursors: Cursors
    rejects: Callable[[], "RejectsStore"]
    archive: Callable[[], "ArchiveStore"]


def list_files(request: Request, *, shelf: Shelf) -> Response:
    request.chosen(AS_JSON)
    asked = request.query
    page = shelf.search.search(
        SearchQuery(
            kind=Kind.FILE,
            station=read.text(asked, "station"),
            interval=instant.interval(asked["datetime"]) if "datetime" in asked else None,
            format=read.text(asked, "format"),
            status=read.one_of(asked, "status", [each.value for each in Status]),
            limit=read.whole_number(asked, "limit", default=100, least=1, most=1000),
            after=shelf.cursors.read(request, str, str),
        )
    )
    links = [request.here("self", asked)]
    if page.after is not None:
        links.append(shelf.cursors.next_page(request, page.after))
    lines = [show.found(each, links=found_links(request, each)) for each in page.documents]
    return Response(body=dumps({"count": len(lines), "files": lines, "links": links}), links=links, cache=CHECKED)


def find(request: Request, *, shelf: Shelf) -> Response:
    request.chosen(AS_JSON)
    asked = request.query
    words, prefixes, phrases = search_words(asked)
    kind = read.one_of(asked, "type", [each.value for each in Kind])
    sort = Sort(read.one_of(asked, "sort", [each.value for each in Sort]) or Sort.NEWEST)
    box = read.bounding_box(asked)
    page = shelf.search.search(
        SearchQuery(
            words=words,
            prefixes=prefixes,
            phrases=phrases,
            kind=Kind(kind) if kind else None,
            station=read.text(asked, "station"),
            box=box,
            nearby=logic.near_by(box, store=shelf.stations) if box else frozenset(),
            interval=instant.interval(asked["datetime"]) if "datetime" in asked else None,
            format=read.text(asked, "format"),
            standard_name=read.text(asked, "standard_name"),
            status=read.one_of(asked, "status", [each.value for each in Status]),
            facets=facets(asked),
            sort=sort,
            limit=read.whole_number(asked, "limit", default=20, least=1, most=1000),
            after=shelf.cursors.read(request, int, str) if sort.member == "size" else shelf.cursors.read(request, str, str),
        )
    )
    links = [request.here("self", asked)]
    if page.after is not None:
        links.append(shelf.cursors.next_page(request, page.after))
    document = {
        "count": len(page.documents),
        "complete": page.complete,
        "results": [{"type": each.kind, **show.found(each, links=found_links(request, each))} for each in page.documents],
        "facets": {name: [{"value": value, "count": count} for value, count in each] for name, each in page.facets.items()},
        "links": links,
    }
    return Response(body=dumps(document), links=links, cache=CHECKED)


def search_words(asked: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Raises InvalidParameter where there is text, but nothing in it to search for."""
    text = asked.get("q", "")
    try:
        words, prefixes, phrases = asked_words(text)
    except ValueError as exc:
        raise InvalidParameter("q", str(exc), value=text, allowed=SEARCHED) from exc
    if (text.strip() and not words and not prefixes) or len(words) + len(prefixes) > MOST_WORDS:
        raise InvalidParameter("q", f"{text!r} is not one to {MOST_WORDS} words", value=text, allowed=SEARCHED)
    return words, prefixes, phrases


def facets(asked: Mapping[str, str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in asked.get("facets", "").split(",") if name))
    for name in names:
        if name not in FACETS:
            raise InvalidParameter("facets", f"there is no facet {name!r}", value=name, allowed=FACETS)
    return names


def found_links(request: Request, found: SearchDocument) -> list[Link]:
    if found.kind is Kind.STATION:
        return [request.link("self", f"stations/{quote(found.id, safe='')}")]
    return [request.link("self", f"files/{found.id}")]


def count_files(request: Request, *, shelf: Shelf) -> Response:
    request.chosen(AS_JSON)
    by = read.one_of(request.query, "by", DIMENSIONS) or "status"
    counts = [
        {by: each.value, "files": each.files, "rows": each.rows, "bytes": each.bytes}
        for each in shelf.counters.counts(by, newest_first=by == "day")
    ]
    return Response(body=dumps({"by": by, "counts": counts, "links": [request.here("self", request.query)]}), cache=CHECKED)


def one_file(request: Request, *, shelf: Shelf, file_id: str) -> Response:
    request.chosen(AS_JSON)
    entry = entry_of(file_id, shelf.files)
    links = [request.here("self"), request.link("enclosure", f"files/{file_id}/content")]
    if entry.proposal and entry.proposal.mapping:
        links.append(request.link("proposed-mapping", f"files/{file_id}/proposed-mapping"))
    if entry.rejected:
        links.append(request.link("rejects", f"files/{file_id}/rejects"))
    if entry.loading.state is LoadState.LOADED:
        links += [request.link("station", f"stations/{quote(station, safe='')}") for station in list(entry.stations)[:20]]
    return Response(body=dumps(show.file_entry(entry, links=links)), cache=CHECKED)


def entry_of(file_id: str, files: FilesStore) -> FileEntry:
    """Raises NotFound."""
    entry = files.get(file_id)
    if entry is None:
        raise NotFound(f"there is no file {file_id!r} in the catalogue")
    return entry


def proposed_mapping(request: Request, *, shelf: Shelf, file_id: str) -> Response:
    """A mapping file, ready to be put beside the table."""
    request.chosen(AS_JSON)
    entry = entry_of(file_id, shelf.files)
    if entry.proposal is None:
        raise NotFound("no mapping is proposed: this is no table that waits for one")
    if entry.proposal.mapping is None:
        raise NotFound(f"too little is known to propose a mapping: {'; '.join(entry.proposal.questions)}")
    return Response(body=f"{entry.proposal.mapping}\n", cache=CHECKED, links=[request.link("file", f"files/{file_id}")])


def rejects_of_file(request: Request, *, shelf: Shelf, file_id: str) -> Response:
    asked = request.query
    kind = request.chosen(AS_TABLE)
    limit = read.whole_number(asked, "limit", default=1000, least=1, most=10_000)
    place, reading = shelf.cursors.read(request, int, str) or (0, None)
    entry = entry_of(file_id, shelf.files)
    if reading is not None and reading != entry.rejects_object:
        raise NotFound("the file has been read anew since the first page: begin again without `cursor`")
    links = [request.here("self", asked), request.link("file", f"files/{file_id}")]
    found, more, after = entry.rejects, max(0, entry.rejected - len(entry.rejects)), None
    if entry.rejects_object:
        page = shelf.rejects().page(entry.rejects_object, limit, place)
        found, more, after = tuple(page.rejects), page.more, page.after
    if after is not None:
        links.append(shelf.cursors.next_page(request, [after, entry.rejects_object]))
    if kind == "csv":
        return Response(body="".join(show.rejects_csv(found)), media_type=CSV, links=links, cache=CHECKED)
    return Response(body=dumps(show.rejects(entry, found, more=more, links=links)), links=links, cache=CHECKED)


def file_content(request: Request, *, shelf: Shelf, file_id: str) -> Response:
    """Redirects to the file in the archive, by an address that is good for a quarter of an hour."""
    entry = entry_of(file_id, shelf.files)
    version = request.query.get("version") or entry.version_id
    if entry.status is Status.DELETED and "version" not in request.query:
        raise NotFound(f"the file {entry.key!r} was deleted")
    address = shelf.archive().link(entry.bucket, entry.object_key, version, seconds=LINK_S)
    return Response(status=307, headers={"Location": address}, cache="no-store")
