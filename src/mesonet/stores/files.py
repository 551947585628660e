"""FilesTable: the catalogue, one item for each key of the archive.

What is long in an entry (facts of columns, rejects, a proposal, many stations, what loading has found) lies packed in it: a
write is paid by the kilobyte, and the note that a file is loaded by all of its entry. So packed, a thousand stations with the
longest names fit into the 400 KB of an item.
"""

import json
import zlib
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mesonet.domain.coverage import Coverage, Gap
from mesonet.domain.file import (
    OTHER_REASONS,
    Claim,
    ColumnFacts,
    FileEntry,
    Loading,
    LoadState,
    Mark,
    Occasion,
    Status,
    add_rejects,
)
from mesonet.domain.mapping import Proposal, ProposedColumn
from mesonet.domain.observation import Reject
from mesonet.errors import Conflict
from mesonet.record import names, replace
from mesonet.stores.attributes import Item, from_item, to_item
from mesonet.stores.dynamodb import each_of, every, translated

MAPPING_INDEX = "MappingIndex"
_NO_MAPPING = "none"
_PAGE = 100  # entries
_PACKED = ("columns", "rejects", "reasons", "proposal")  # members of an entry
_FEW_STATIONS = 50  # are left as they are
_MOST_PACKED = 290_000  # bytes: an item may have 400 KB, of which what loading finds takes up to 80
_SHORT_NAME = 30  # characters of a column's name, where there is no room for all of it
_LEAST_PACKED = 300  # characters of JSON: a shorter one is hardly shorter packed, and can be read by people
_NAMES: dict[type, dict[str, None]] = {}


class FilesStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def get(self, file_id: str) -> FileEntry | None:
        with translated("reading the catalogue"):
            answer = self._client.get_item(TableName=self._table, Key={"file_id": {"S": file_id}}, ConsistentRead=True)
        return from_image(answer["Item"]) if "Item" in answer else None

    def put(self, entry: FileEntry) -> None:
        """Writes an entry. Raises Conflict where the catalogue already holds this state of the file, or a newer one."""
        with translated("writing the catalogue"):
            self._client.put_item(
                TableName=self._table,
                Item=to_image(entry),
                ConditionExpression="attribute_not_exists(file_id) OR #order < :order",
                ExpressionAttributeNames={"#order": "order"},
                ExpressionAttributeValues={":order": {"S": entry.order}},
            )

    def set_loading(self, file_id: str, loading: Loading) -> bool:
        """Notes in an entry what has become of loading it. False, and nothing is noted, where the entry is another by now."""
        try:
            with translated("writing the catalogue"):
                self._client.update_item(
                    TableName=self._table,
                    Key={"file_id": {"S": file_id}},
                    UpdateExpression="SET loading = :loading",
                    ConditionExpression="#order = :order",
                    ExpressionAttributeNames={"#order": "order"},
                    ExpressionAttributeValues={
                        ":loading": {"M": to_item(_loading_image(loading))},
                        ":order": {"S": loading.order},
                    },
                )
        except Conflict:
            return False
        return True

    def many(self, file_ids: Sequence[str]) -> dict[str, FileEntry]:
        """Of up to a hundred files, those that the catalogue knows. Raises Unavailable."""
        items = each_of(
            self._table,
            [{"file_id": {"S": file_id}} for file_id in file_ids],
            "reading the catalogue",
            get=lambda asked: self._client.batch_get_item(RequestItems=asked),
            ConsistentRead=True,
        )
        return {item["file_id"]["S"]: from_image(item) for item in items}

    def scan(self, start: str = "") -> tuple[list[FileEntry], str]:
        """Some entries in no order, and where to go on; '' at the end."""
        arguments: dict[str, Any] = {"TableName": self._table, "Limit": _PAGE, "ConsistentRead": True}
        if start:
            arguments["ExclusiveStartKey"] = {"file_id": {"S": start}}
        with translated("reading the catalogue"):
            page = self._client.scan(**arguments)
        following = page.get("LastEvaluatedKey", {}).get("file_id", {}).get("S", "")
        return [from_image(item) for item in page["Items"]], following

    def to_read_again(self, bucket: str, prefix: str, mappings: Iterable[str]) -> Iterator[FileEntry]:
        """Entries below a prefix of which no mapping, or one of these mapping files, says the meaning; from an index, so the
        very newest may be missing."""
        for read_with in (_NO_MAPPING, *mappings):
            arguments: dict[str, Any] = {
                "TableName": self._table,
                "IndexName": MAPPING_INDEX,
                "KeyConditionExpression": "read_with = :mapping",
                "ExpressionAttributeValues": {":mapping": {"S": read_with}},
            }
            if prefix:
                arguments["KeyConditionExpression"] += " AND begins_with(#key, :prefix)"
                arguments["ExpressionAttributeNames"] = {"#key": "key"}
                arguments["ExpressionAttributeValues"][":prefix"] = {"S": prefix}
            for item in every(self._client.query, "reading the catalogue", **arguments):
                entry = self.get(item["file_id"]["S"])
                if entry is not None and entry.bucket == bucket and _read_with(entry) == read_with:
                    yield entry


def _read_with(entry: FileEntry) -> str | None:
    """Which mapping file the entry's meaning depends on."""
    if not entry.needs_mapping:
        return None
    return entry.mapping or _NO_MAPPING


def to_image(entry: FileEntry) -> Item:
    """What has no room in an item is left out, and the entry says so."""
    for each in (entry, *_shorter(entry)):
        image = _image(each)
        if "packed" not in image or len(image["packed"]["B"]) <= _MOST_PACKED:
            break
    return image


def _shorter(entry: FileEntry) -> Iterator[FileEntry]:
    """The entry with ever less of what only people read; which parameters it has stays."""
    why = f"{entry.why or ''}; more is known of its columns than the catalogue has room for".removeprefix("; ")
    columns = tuple(replace(column, distinct=()) for column in entry.columns)
    yield replace(entry, why=why, columns=columns)
    yield replace(entry, why=why, columns=columns, proposal=None)
    taken = tuple(replace(column, name=column.name[:_SHORT_NAME]) for column in columns if column.parameter)
    yield replace(entry, why=why, columns=taken, proposal=None)
    bare = tuple(ColumnFacts(name=each.name, kind=each.kind, parameter=each.parameter) for each in taken)
    yield replace(entry, why=why, columns=bare, proposal=None, rejects=())


def _image(entry: FileEntry) -> Item:
    values = _members(entry)
    values |= {
        "file_id": entry.id,
        "order": entry.order,
        "status": entry.status.value,
        "rejects": [_members(reject) for reject in entry.rejects],
        "columns": [_members(column) for column in entry.columns],
        "loading": _loading_image(entry.loading),
        "mark": _members(entry.mark) if entry.mark else None,
        "members": list(entry.members),
        "claims": {what: claim.value for what, claim in entry.claims.items()},
        "read_with": _read_with(entry),
    }
    if entry.proposal is not None:
        values["proposal"] = _members(entry.proposal) | {"columns": [_members(each) for each in entry.proposal.columns]}
    return to_item(_packed(values, _PACKED if len(entry.stations) <= _FEW_STATIONS else (*_PACKED, "stations")))


def from_image(image: Item) -> FileEntry:
    """The entry that an item, or an image of it in the table's stream, holds. Members of other releases are passed over."""
    return from_values(from_item(image))


def from_values(values: dict[str, Any]) -> FileEntry:
    """The same of an item's values in plain Python."""
    values = _unpacked(values)
    known = _known(FileEntry, values)
    known["status"] = Status(known["status"])
    known["rejects"] = tuple(Reject(**_known(Reject, each)) for each in values.get("rejects", ()))
    if known["rejects"] and "reasons" not in values:
        known["reasons"] = _reasons_before(known["rejects"], known["rejected"])
    known["columns"] = tuple(_column(each) for each in values.get("columns", ()))
    if proposed := values.get("proposal"):
        columns = tuple(ProposedColumn(**_known(ProposedColumn, each)) for each in proposed.get("columns", ()))
        questions = tuple(proposed.get("questions", ()))
        known["proposal"] = Proposal(mapping=proposed.get("mapping"), columns=columns, questions=questions)
    loading = _known(Loading, _unpacked(values.get("loading", {})))
    if "state" in loading:
        loading["state"] = LoadState(loading["state"])
    loading["coverage"] = {station: _coverage(each) for station, each in loading.get("coverage", {}).items()}
    known["loading"] = Loading(**loading)
    if "occasion" in known:
        known["occasion"] = Occasion(known["occasion"])
    if "mark" in known:
        known["mark"] = Mark(**known["mark"])
    known["claims"] = {what: Claim(claim) for what, claim in values.get("claims", {}).items()}
    known["members"] = tuple(values.get("members", ()))
    if "bbox" in known:
        known["bbox"] = tuple(known["bbox"])
    for name in ("version_id", "first", "last"):
        known.setdefault(name, None)
    return FileEntry(**known)


def _reasons_before(listed: Sequence[Reject], rejected: int) -> dict[str, int]:
    """Of an entry that an earlier release wrote: of rejects that are not listed it says only how many there are."""
    reasons: dict[str, int] = {}
    for reject in listed:
        add_rejects(reasons, reject.kind)
    if rejected > len(listed):
        reasons[OTHER_REASONS] = reasons.get(OTHER_REASONS, 0) + rejected - len(listed)
    return reasons


def _column(values: dict[str, Any]) -> ColumnFacts:
    given = _known(ColumnFacts, values)
    if "claim" in given:
        given["claim"] = Claim(given["claim"])
    if "distinct" in given:
        given["distinct"] = tuple(given["distinct"])
    return ColumnFacts(**given)


def _loading(loading: Loading) -> dict[str, Any]:
    """Stations' coverage as lists: there are many of them, and names would be most of it."""
    coverage = {
        station: [
            *(each.first, each.last, each.times, each.interval, each.configured, each.due, each.gaps),
            [[gap.after, gap.before, gap.missing] for gap in each.longest],
        ]
        for station, each in loading.coverage.items()
    }
    return _members(loading) | {"coverage": coverage}


def _loading_image(loading: Loading) -> dict[str, Any]:
    return _packed(_loading(loading), ("flags", "tests", "coverage"))


def _packed(values: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The members in one, compressed, where they are long."""
    text = json.dumps({name: values[name] for name in names if name in values}, ensure_ascii=False, separators=(",", ":"))
    if len(text) < _LEAST_PACKED:
        return values
    rest = {name: value for name, value in values.items() if name not in names}
    return rest | {"packed": zlib.compress(text.encode(errors="surrogatepass"), 9)}


def _unpacked(values: dict[str, Any]) -> dict[str, Any]:
    if "packed" not in values:
        return values
    packed = values["packed"]
    # in an event of Lambda bytes are Base64
    unpacked: dict[str, Any] = json.loads(zlib.decompress(b64decode(packed) if isinstance(packed, str) else packed))
    return values | unpacked


def _coverage(values: list[Any]) -> Coverage:
    first, last, times, interval, configured, due, gaps, longest = values
    return Coverage(
        first=first,
        last=last,
        times=times,
        interval=interval,
        configured=configured,
        due=due,
        gaps=gaps,
        longest=tuple(Gap(after=after, before=before, missing=missing) for after, before, missing in longest),
    )


def _members(record: Any) -> dict[str, Any]:
    return {name: value for name in _names(type(record)) if (value := getattr(record, name)) is not None}


def _known(kind: type, values: dict[str, Any]) -> dict[str, Any]:
    """A copy without the members of other releases."""
    known = _names(kind)
    return values.copy() if values.keys() <= known.keys() else {name: values[name] for name in known if name in values}


def _names(kind: type) -> dict[str, None]:
    """Kept for each class: they are asked for with every column of every file."""
    known = _NAMES.get(kind)
    if known is None:
        known = _NAMES[kind] = dict.fromkeys(names(kind))
    return known
