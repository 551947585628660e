"""JSON that nobody describes but that is a table: objects with a time, one below the other in a list, or one a line.

Its records are read as the rows of a table are, so a mapping explains them and one is proposed. Members of members are called
`main.temp`, elements of short lists `coordinates.0`. Members of the object that holds the list are no columns
unless a mapping names them. Columns are what
the first records have, to some depth and number, and whatever the mapping names; what else there is, is told. It is none where
all numbers are times, identifiers, places, counts, the state of a device or of a program, or of earthquakes, nor where it is a
log. Where the values stand in lists instead, see `json_columns`.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Mapping as PerPath
from itertools import chain, islice
from typing import Any

from mesonet.domain.mapping import Mapping, Proposal
from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.json_document import documents, glance, is_lines
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import HEAD_BYTES, Columns, Context, Guess, Piece, Remark, Rows, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.retold import Retold, renumbered, written
from mesonet.formats.table import TOLD
from mesonet.formats.tables import json_columns, mapped_csv
from mesonet.formats.unread import of_nws
from mesonet.record import replace
from mesonet.regex import regex

NAME = "json-table"
TAKES_MAPPING = True
RECORDS = LineRecords(applies=is_lines)

_LOOKED_AT = 200  # records whose members are the columns
_MOST = 300  # columns
_DEEPEST = 4
_SHORT = 3  # elements of a list that are columns
_SHARED, _SHARED_BY_MEMBERS = 1000, 20  # characters, of so many members
_TOLD = 1000  # different names of what is left out that are counted
_SHOWN = 8  # of them that are told
_TIME = regex(r"(?i)(time|date|epoch|created|_at$|(?-i:[a-z]At$)|^dt$|^ts$|^tm$|fecha|datum|^t$|^utc$|hora|^data(?:$|_|ora))")
_STAMP = regex(r"(?:19|20)\d\d([-/.]?)\d\d\1\d\d.*|\d\d?([-/.])\d\d?\2(?:19|20)\d\d(?:[ T,].*)?|1\d{9}(?:\d{3})?(?:\.\d+)?")
_DATE = (frozenset(("year", "yr", "yyyy")), frozenset(("month", "mon", "mo", "mm")), frozenset(("day", "da", "dd")))  # in parts
_PARTS = frozenset(("hour", "hr", "hh", "minute", "min", "second", "sec")).union(*_DATE)
_NUMBER = regex(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_UNOBSERVED = regex(  # names, and last words of names, of numbers that nobody observes with a weather station
    r"(?i)(?:.*[._\- ]|.*(?-i:(?<=[a-z])(?=[A-Z])))?(?:[ptug]?id|ids|nr|num|number|code|seq|sequence|version|revision|firmware|"
    r"port|index|offset|limit|page|line|size|bytes|length|total|counts?|comments|score|likes|status|stars|forks|watchers|"
    r"elapsed|latency|duration|ms|uptime|rssi|lat|latitude|lon|lng|longitude|alt|altitude|elevation|timestamp|timezone|"
    r"mag|sig|nst|dmin|rms|gap|felt|cdi|mmi|tsunami)"
    r"|(?:.*\.)?(?:reactions|user|author|metadata)\..*"
)
_OF_CHANNEL = regex(r"field[1-8]")
_STATION = regex(r"(?i)(?:.{1,40}\.)?(?:station|site|device|sensor)(?:[._]?(?:id|code|identifier))?")
_OF_STATIONS = ("stations", "station", "sites", "site", "devices", "device", "sensors", "locations", "nodes")
_NAMES = ("id", "code", "identifier", "station", "name")  # of a station, in an object that is one
_LATITUDE = regex(r"(?i)(?:.*\.)?lat(?:itude)?")
_LEVEL = regex(r"(?i)trace|debug|info|notice|warn|warning|error|critical|fatal")
_LEVELS = ("level", "severity", "levelname", "loglevel", "log_level", "lvl")
_BREAK = regex(r"[\r\n]+")
_ELEMENT = regex(r"\.\d+(?=\.|$)")


type _Place = tuple[str, str, str]


def _place(head: bytes, mapping: Mapping | None = None) -> _Place | None:
    """The list that the mapping speaks of, else that with a time and the most numbers, as the path before its members; and ""
    where these are objects, else which other table it is, and the path to its lists in objects that are called after what they
    are of. None where there is none."""
    seen = glance(head)
    if seen is None or "$schema" in seen:  # what describes documents is none of them
        return None
    if mapping and (meant := _meant(seen.paths, mapping)) is not None:
        return (mapping.long is None and _called_lists(seen.paths, meant)) or (meant, "", "")
    numbers: dict[str, int] = {}
    observed: dict[str, set[str]] = {}
    timed = set()
    for path, value in seen.paths.items():
        at = path.rfind("[].")
        before, name = (path[: at + 3], path[at + 3 :]) if at >= 0 else ("", path)
        if not name.endswith("[]") and _STAMP.fullmatch(value.strip()) and _TIME.search(name.rpartition(".")[2]):
            timed.add(before)
        elif not name.endswith("[]") and _NUMBER.fullmatch(value.strip()):
            numbers[before] = numbers.get(before, 0) + 1
            if not _UNOBSERVED.fullmatch(name) and not _STAMP.fullmatch(value.strip()):
                observed.setdefault(before, set()).add(name.lower())
    for before, names in observed.items():
        if not any(map(names.isdisjoint, _DATE)):
            timed.add(before)
            names -= _PARTS
    fitting = [(count, before) for before, count in numbers.items() if before in timed and observed.get(before)]
    if any(_LEVEL.fullmatch(seen[f"{before}{name}"]) for before in timed for name in _LEVELS):
        return None
    if not fitting:
        found = _in_lists(seen.paths, head)
        return found and (*found, "")
    before = max(fitting)[1]
    return _called_lists(seen.paths, before) or (before, "", "")


def _called_lists(paths: PerPath[str, str], before: str) -> _Place | None:
    found = json_columns.named(paths, before)
    return found and (found[0], json_columns.NAMED, found[1])


def _in_lists(paths: PerPath[str, str], head: bytes) -> tuple[str, str] | None:
    """Where a table stands whose rows are no objects, and which; of a head that is cut one list may be all that is seen."""
    cut = len(head) >= HEAD_BYTES
    for before, columns in json_columns.lists(paths).items():
        given = {name: value.strip() for name, value in columns.items()}
        timed = any(_TIME.search(name) and _STAMP.fullmatch(value) for name, value in given.items())
        observed = (name for name, value in given.items() if _NUMBER.fullmatch(value) and not _STAMP.fullmatch(value))
        if timed and ((cut and len(given) == 1) or not all(map(_UNOBSERVED.fullmatch, observed))):
            return before, json_columns.LISTS
    if (where := next(json_columns.below_names(paths, cut=cut), None)) is not None:
        return where, json_columns.ROWS
    if (where := next(json_columns.keyed(paths), None)) is not None:
        return where, json_columns.KEYED
    if (where := next(json_columns.frames(paths), None)) is not None:
        return where, json_columns.FRAMES
    if (where := next(json_columns.pairs(paths, head), None)) is not None:
        return where, json_columns.PAIRS
    return None


def fits(head: bytes, mapping: Mapping) -> bool:
    """Whether the records of a list have what the mapping speaks of."""
    seen = glance(head)
    return seen is not None and "$schema" not in seen and _meant(seen.paths, mapping) is not None


def _meant(paths: Collection[str], mapping: Mapping) -> str | None:
    """The list whose records have the time that the mapping names and one of its columns; what else it names, the station above
    all, may stand in the objects around them."""
    columns = [mapping.long.value] if mapping.long else [each.column for each in mapping.columns]
    for before in sorted({path[: path.rfind("[].") + 3] if "[]." in path else "" for path in paths}, key=len, reverse=True):
        own = {path.removeprefix(before) for path in paths if path.startswith(before)}
        known = own.union(*(_around(paths, outer) for outer in _outer(before)))
        times = set(map(_path, mapping.time.columns))
        told = (
            own >= times
            and not any({f"{name}[]", f"{name}.0"} & own for name in times)
            and any(_path(name) in own for name in columns)
        )
        if told and known.issuperset(map(_path, mapping.needed)):
            return before
    return None


def _outer(before: str) -> list[str]:
    """The lists around one, as the paths before their members; the document itself last."""
    steps = before.split("[].")[:-1]
    return ["".join(f"{step}[]." for step in steps[:at]) for at in range(len(steps) - 1, -1, -1)]


def _around(paths: Collection[str], outer: str) -> set[str]:
    return {name for path in paths if path.startswith(outer) and "[]" not in (name := path.removeprefix(outer))}


def _path(name: str) -> str:
    """A column's name as a glance spells it, which tells no elements of lists apart."""
    return _ELEMENT.sub("[]", " ".join(name.split()))


def sniff(head: bytes) -> Guess | None:
    place = None if of_nws(head) else _place(head)
    if place is None:
        return None
    before, kind, _ = place
    where = f"in {before.removesuffix('.').removesuffix('[]')[:60]}" if before else "each of which is a row"
    return Guess(0.3, _AS[kind] + (f", {where}" if before or not kind else ""))


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are records, counted from 1; where each stands in a line of its own, they are lines."""
    peeked = Peeked(stream, HEAD_BYTES)
    yield from read_documents(peeked.head, documents(peeked), context)


def read_documents(head: bytes, found: Iterator[tuple[int, Any] | Reject], context: Context) -> Iterator[Piece]:
    """The same of documents, each with its row, whose first ones are the `head`."""
    place = _place(head, context.mapping)
    if place is None:
        raise UnreadableFile("no list of objects in it has a time")
    faults: list[Reject] = []
    members = _Members(_named(context) or _station_around(head, place[0]))
    records = _records(found, *place, faults, members)
    first = list(islice(records, _LOOKED_AT))
    header = list(dict.fromkeys(name for record in first for name in record))
    header = [name for at, name in enumerate(header) if at < _MOST or name in members.named]
    later = sorted(members.named - {*header}) if len(first) == _LOOKED_AT else []
    members.unmet = {*later}
    called = {} if context.mapping else _called(head, header)
    if called:
        told = ", ".join(f"{name} is {label!r}" for label, name in called.items())
        yield Remark(f"the channel says what its fields are: {told[:200]}")
    table = _Rows([*header, *later], first, records, members, {name: label for label, name in called.items()})
    for piece in renumbered(mapped_csv.read(table, context.unhurried)):
        yield _with_names(piece, called) if called else piece
    for name in later:
        if name in members.unmet:
            yield Reject(reason="the mapping names a member that no record has", column=name)
    if members.left:
        names = ", ".join(f"{name[:40]} ({count})" for name, count in members.left.most_common(_SHOWN))
        more = len(members.left) - _SHOWN
        yield Remark(
            f"left out unless a mapping names them: {names}{f' and {more} more' if more > 0 else ''}; columns are "
            f"the first {_MOST} of the first {_LOOKED_AT} records, to {_DEEPEST} levels, and of lists of at most {_SHORT}"
        )
    yield from faults
    yield Rows(count=members.lost)


def _named(context: Context) -> frozenset[str]:
    """What the mapping calls columns."""
    return frozenset(" ".join(name.split()) for name in context.mapping.named) if context.mapping else frozenset()


def _called(head: bytes, header: Sequence[str]) -> dict[str, str]:
    """The fields of a ThingSpeak channel by what the channel calls them: `field1` of `Temperature (C)`."""
    paths = seen.paths if (seen := glance(head)) else {}
    labels = [(paths.get(f"channel.{name}", "").strip(), name) for name in header if _OF_CHANNEL.fullmatch(name)]
    called = {label: name for label, name in labels if label}
    return called if called.keys().isdisjoint(header) else {}


def _with_names(piece: Piece, called: dict[str, str]) -> Piece:
    """What was said of columns under the channel's names, under those of the fields."""
    if isinstance(piece, Columns):
        return replace(piece, columns=tuple(replace(each, name=called.get(each.name, each.name)) for each in piece.columns))
    if not isinstance(piece, Proposal):
        return piece
    columns = tuple(replace(each, column=called.get(each.column, each.column)) for each in piece.columns)
    labels = sorted(called, key=len, reverse=True)
    asked = []
    for question in piece.questions:
        label = next((each for each in labels if question.startswith(f"{each}: ")), "")
        asked.append(f"{called[label]} ({label}){question[len(label) :]}" if label else question)
    mapping = json.loads(piece.mapping) if piece.mapping else None
    if mapping:
        mapping["columns"] = {called.get(name, name): entry for name, entry in mapping["columns"].items()}
    text = json.dumps(mapping, indent=2, ensure_ascii=False) if mapping else None
    return replace(piece, mapping=text, columns=columns, questions=tuple(asked))


def _station_around(head: bytes, before: str) -> frozenset[str]:
    """What says whose records they are in the objects that hold their list, the nearest first."""
    seen = glance(head) if before else None
    paths = seen.paths if seen else {}
    for outer in _outer(before):
        named = [name for name in _around(paths, outer) if paths[f"{outer}{name}"] and f"{before}{name}" not in paths]
        if outer.removesuffix("[].").rpartition(".")[2].lower() in _OF_STATIONS or any(map(_LATITUDE.fullmatch, named)):
            named.sort(key=lambda name: _NAMES.index(name.lower()) if name.lower() in _NAMES else len(_NAMES))
            known = [name for name in named if _STATION.fullmatch(name) or name.lower() in _NAMES]
        else:
            known = [name for name in paths if name in named and _STATION.fullmatch(name.removeprefix(outer))]
        if known:
            return frozenset(known[:1])
    return frozenset()


def _records(
    found: Iterator[tuple[int, Any] | Reject], before: str, kind: str, inner: str, faults: list[Reject], members: "_Members"
) -> Iterator[dict[str, str]]:
    steps = [step for each in before.split("[].") if (step := each.removesuffix("."))]
    count = 0
    for document in found:
        if isinstance(document, Reject):
            faults.append(document)
            members.lost += document.count
            continue
        while count < document[0] - 1:  # lines that are blank or broken
            yield _NO_RECORD
            count += 1
        told = document[1]
        if not kind and len(steps) == 1 and (unread := _beside(told, steps[0])) and len(faults) < TOLD:
            faults.append(
                Reject(reason=f"lists of objects with a time beside {steps[0]} were not read: {unread}: split the file")
            )
        if kind == json_columns.PAIRS and isinstance(told, list) and told[:1] != [] and isinstance(told[0], list):
            told = {json_columns.VALUE: told}
        for value, around in _below(told, steps, members, {}) if steps or not isinstance(told, dict) else ((told, {}),):
            if kind in (json_columns.PAIRS, json_columns.NAMED):
                around = around | members.shared(json_columns.beside(value, kind, inner))
            for given in json_columns.spread(value, kind, inner) if kind else (value,):
                record: dict[str, str] = {}
                if isinstance(given, str):
                    members.lost += kind in (json_columns.ROWS, json_columns.PAIRS)
                    if len(faults) < TOLD:
                        faults.append(Reject(reason=given, row=count + 1))
                    else:
                        faults[-1] = replace(faults[-1], count=faults[-1].count + 1)
                    record = _NO_RECORD
                else:
                    members.flatten(given, "", record, 0)
                    record = around | record if around else record
                yield record
                count += 1


def _below(
    value: object, steps: list[str], members: "_Members", around: dict[str, str]
) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """The records below some steps, each with what the mapping names of the objects around it."""
    if isinstance(value, list):
        for each in value:
            yield from _below(each, steps, members, around)
    elif isinstance(value, dict):
        if not steps:
            yield value, around
            return
        inner = _at(value, steps[0])
        yield from _below(inner, steps[1:], members, around | members.named_in(value) if members.named else around)


def _beside(value: object, path: str) -> str:
    """The names of other lists of such objects beside the one at the end of a path."""
    outer, _, name = path.rpartition(".")
    around = _at(value, outer) if outer else value
    if not isinstance(around, dict) or not isinstance(around.get(name), list):
        return ""
    others = ((other, each[0]) for other, each in around.items() if other != name and isinstance(each, list) and each)
    timed = [
        other
        for other, first in others
        if isinstance(first, dict) and any(_TIME.search(key) and _STAMP.fullmatch(_text(each)) for key, each in first.items())
    ]
    return ", ".join(other[:40] for other in timed[:_SHOWN])


def _at(value: object, path: str) -> object:
    """What stands at the end of a path, whose members may have points in their names, too; None where nothing does."""
    if not isinstance(value, dict):
        return None
    if path in value:
        return value[path]
    ends = [at for at, sign in enumerate(path) if sign == "." and path[:at] in value]
    return next((found for at in ends if (found := _at(value[path[:at]], path[at + 1 :])) is not None), None)


_NO_RECORD: dict[str, str] = {}
_AS = {
    "": "JSON: objects with a time",
    json_columns.LISTS: "JSON: lists beside one of times",
    json_columns.ROWS: "JSON: rows below a list of names",
    json_columns.KEYED: "JSON: objects called after their times",
    json_columns.NAMED: "JSON: lists of objects with a time, called after what they are of",
    json_columns.PAIRS: "JSON: times with a value each",
    json_columns.FRAMES: "JSON: frames of Grafana",
}


class _Members:
    """What becomes of the members of records: those that are `named` are columns wherever they are, and `unmet` as long as no
    record has them; others that are no columns are `left`, with how often. Rows that are no records are `lost`."""

    def __init__(self, named: frozenset[str]) -> None:
        self.named = named
        self.unmet: set[str] = set()
        self.left: Counter[str] = Counter()
        self.lost = 0
        parts = [name.split(".") for name in named]
        self._ways = {".".join(each[:at]) for each in parts for at in range(1, len(each) + 1)}

    def named_in(self, value: dict[str, Any]) -> dict[str, str]:
        """The members of an object around records that the mapping names."""
        found: dict[str, str] = {}
        for name in self.named:
            inner = _at(value, name)
            if inner is not None and not isinstance(inner, dict | list):
                found[name] = _text(inner)
        return found

    def shared(self, value: dict[str, Any]) -> dict[str, str]:
        """The members of an object that many rows repeat."""
        flat: dict[str, str] = {}
        self.flatten(value, "", flat, 0)
        found: dict[str, str] = {}
        size = 0
        for name, text in flat.items():
            if name in self.named or (size + len(text) <= _SHARED and len(found) < _SHARED_BY_MEMBERS):
                size += len(text)
                found[name] = text
        for name in flat.keys() - found.keys():
            self.leave(name)
        return found

    def leave(self, name: str) -> None:
        self.left[name if name in self.left or len(self.left) < _TOLD else "others"] += 1

    def flatten(self, value: object, name: str, record: dict[str, str], depth: int) -> None:
        inner: Iterable[tuple[str, object]]
        if isinstance(value, dict):
            inner, few = value.items(), True
        elif isinstance(value, list):
            inner, few = ((str(at), each) for at, each in enumerate(value)), len(value) <= _SHORT
        else:
            if len(record) < _MOST or name in self.named:
                record[name] = _text(value)
            else:
                self.leave(name)
            return
        taken = few and depth < _DEEPEST
        if not taken and value:
            self.leave(name)
        for key, each in inner if taken or name in self._ways else ():
            way = " ".join((f"{name}.{key}" if name else key).split())
            if taken or way in self._ways:
                self.flatten(each, way, record, depth + 1)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value if value.isprintable() else _BREAK.sub(" ", value)
    return "" if value is None else str(value).lower()


class _Rows(Retold):
    """The records as a table between commas."""

    def __init__(
        self,
        header: list[str],
        first: list[dict[str, str]],
        others: Iterator[dict[str, str]],
        members: _Members,
        labels: dict[str, str],
    ) -> None:
        self._places = {name: at for at, name in enumerate(header)}
        self._blank = [""] * len(header)
        self._members = members
        super().__init__(self._made([labels.get(name, name) for name in header], chain(first, others)))

    def _made(self, header: list[str], records: Iterable[dict[str, str]]) -> Iterator[bytes]:
        yield self._line(header)
        for record in records:
            self._members.unmet -= record.keys()
            yield self._line(self._cells(record)) if record else b"\n"

    def _line(self, cells: Sequence[str]) -> bytes:
        plain = ",".join(cells)
        if len(cells) > 1 and plain.count(",") == len(cells) - 1 and not any(map(plain.__contains__, '"\r\n')):
            return f"{plain}\n".encode("utf-8", "replace")
        return written([cells])

    def _cells(self, record: dict[str, str]) -> list[str]:
        cells = self._blank.copy()
        for name, text in record.items():
            if (at := self._places.get(name)) is None:
                self._members.leave(name)
            else:
                cells[at] = text
        return cells
