"""Reads a file stretch by stretch, and gathers what all of it says beside its blocks.

A stretch is as much of a file as is held in memory at once. It has blocks of its own, numbered by `part`.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from mesonet.domain import instant
from mesonet.domain.block import PARTS, BlockKey, Draft, Span, as_received, span_of
from mesonet.domain.file import FileEntry, arrival
from mesonet.domain.instant import horizon
from mesonet.domain.latest import LatestValue, merged
from mesonet.domain.mapping import Mapping as TableMapping
from mesonet.domain.observation import Batch
from mesonet.domain.quality import Climatology
from mesonet.domain.station import Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations
from mesonet.functions.on_catalogued.assessment import Assessment, assess
from mesonet.record import dataclass, field
from mesonet.stores.archive import ArchiveStore

MOST_CELLS = 1_000_000  # values held before they are written: some 300 MB of a function's 1769


@dataclass(slots=True)
class Gathered:
    """What one reading of a file has brought so far: the keys of its blocks (station, block key as text), the newest value of
    each station and parameter, the stations, what the quality tests found, and how many values. `interval` is the distance
    between times that the mapping says."""

    keys: set[tuple[str, str]] = field(default_factory=set)
    newest: dict[str, dict[str, LatestValue]] = field(default_factory=dict)
    stations: dict[str, Station] = field(default_factory=dict)
    quality: Assessment = field(default_factory=Assessment)
    values: int = 0
    interval: int | None = None


def reader_of(mapping: TableMapping | None, release: str) -> str:
    """Names what decides where a file is cut into stretches, and what is in them."""
    return f"{release}|{MOST_CELLS}|{mapping.source}@{mapping.order}" if mapping else f"{release}|{MOST_CELLS}|"


def stretches(
    entry: FileEntry, mapping: TableMapping | None, gathered: Gathered, *, archive: ArchiveStore
) -> Iterator[dict[BlockKey, Draft]]:
    """The file's observations, some at a time; each time `gathered` holds what all so far say beside their blocks."""
    stored = archive.open(entry.bucket, entry.object_key, entry.version_id)
    drafts: dict[BlockKey, Draft] = {}
    cells = part = 0
    climatology = mapping.climatology if mapping and mapping.source == entry.mapping else None
    context = Context(key=entry.key, mapping=mapping, received=instant.parse(entry.event_time), member=entry.member)
    for piece in observations(stored.body, context):
        if isinstance(piece, Station):
            gathered.stations[piece.id] = piece
            continue
        gathered.stations.setdefault(piece.station_id, Station(id=piece.station_id))
        cells += _sort_in(piece, entry.id, part, drafts)
        if cells > MOST_CELLS:
            _take_note(drafts, entry, gathered, climatology)
            yield drafts
            drafts, cells, part = {}, 0, part + PARTS
    _take_note(drafts, entry, gathered, climatology)
    yield drafts


def _sort_in(batch: Batch, file_id: str, part: int, drafts: dict[BlockKey, Draft]) -> int:
    """Parts a batch by span and by stretch of time; returns how many values that were."""
    for span, some in groupby(sorted(batch.columns, key=span_of), key=span_of):
        parameters = list(some)
        picked: dict[str, list[int]] = {}
        start_of = _remembering(span.start_of)
        for at, moment in enumerate(batch.times):
            picked.setdefault(start_of(moment), []).append(at)
        for start, positions in picked.items():
            key = BlockKey(station_id=batch.station_id, span=span, start=start, file_id=file_id, part=part)
            drafts.setdefault(key, Draft()).add(batch, parameters, positions)
    return len(batch.times) * len(batch.columns)


def _remembering(start_of: Callable[[int], str]) -> Callable[[int], str]:
    """Most rows are of the same day as the row before."""
    starts: dict[int, str] = {}

    def look_up(moment: int) -> str:
        day = moment // 86_400_000
        if day not in starts:
            starts[day] = start_of(moment)
        return starts[day]

    return look_up


def _take_note(drafts: Mapping[BlockKey, Draft], entry: FileEntry, gathered: Gathered, climatology: Climatology | None) -> None:
    """Tests every value, counts them, and picks the newest of each station and parameter."""
    arrived = arrival(entry.order)
    assess(drafts, arrived, climatology, gathered.quality)
    for key, draft in drafts.items():
        gathered.values += draft.values()
        units, oldest = draft.units(), draft.oldest()
        found = {}
        for name, (time, value, received, flag) in draft.newest(horizon(arrived, days=key.span is Span.YEAR)).items():
            text, unit_received = as_received(received, units[name][1])
            found[name] = LatestValue(
                time=time,
                since=oldest[name],
                value=value,
                unit=units[name][0],
                received=text,
                unit_received=unit_received,
                flag=flag,
                order=entry.rank,
                file_id=entry.id,
            )
        gathered.newest[key.station_id] = merged(gathered.newest.get(key.station_id, {}), found)
