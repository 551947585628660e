"""Decides what of a file's observations goes where, and what has to go.

Order of the steps, so that a crash between any two is mended by the next delivery: the list of all blocks that the file has had
or will have; the blocks; empty blocks where it no longer says anything; the latest values; the stations; what the network
observes; the list again, now only of what is there; last the entry's note that it is loaded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from mesonet.domain import instant
from mesonet.domain.block import (
    PARTS,
    Block,
    BlockKey,
    Draft,
    Span,
    end_value,
    span_of,
    tombstone,
)
from mesonet.domain.file import FileEntry, Loading, LoadState, arrival
from mesonet.domain.instant import Interval
from mesonet.domain.latest import LatestValue, merged
from mesonet.domain.network import seen
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import parse
from mesonet.domain.quality import Climatology, horizon
from mesonet.domain.station import Station
from mesonet.errors import Conflict, NotFound, UnreadableFile
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations as read_observations
from mesonet.functions.on_catalogued.assessment import Assessment, assess
from mesonet.stores.archive import ArchiveStore
from mesonet.stores.files import FilesStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.mappings import MappingsStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.observations import Manifest, ObservationsStore
from mesonet.stores.stations import StationsStore

MOST_CELLS = 1_000_000  # values held before they are written: some 300 MB of a function's 1769


class Outcome(StrEnum):
    LOADED = "loaded"
    WITHDRAWN = "withdrawn"
    KNOWN = "known"  # it is loaded already
    FAILED = "failed"  # the file cannot be read to its end
    STALE = "stale"  # a newer state of the file is being loaded, or is


@dataclass(slots=True)
class _Gathered:
    """What one reading of a file has brought so far."""

    keys: set[tuple[str, str]]
    newest: dict[str, dict[str, LatestValue]]
    stations: dict[str, Station]
    quality: Assessment
    values: int = 0


def load(
    file_id: str,
    *,
    order: str,
    archive: ArchiveStore,
    files: FilesStore,
    mappings: MappingsStore,
    observations: ObservationsStore,
    latest: LatestStore,
    stations: StationsStore,
    network: NetworkStore,
    now: datetime,
) -> Outcome:
    """Brings the tables to what the catalogue says of the file *now*; `order` counts only where it says nothing any more."""
    entry = files.get(file_id)
    if entry is not None:
        order = entry.order
        if entry.loading.state is LoadState.LOADED and entry.loading.order == order:
            return Outcome.KNOWN
    gathered = _Gathered(keys=set(), newest={}, stations={}, quality=Assessment())
    try:
        before = _begin(file_id, order, observations)
        if before is None:
            return Outcome.STALE
        manifest = before
        if entry is not None and entry.loading.state is not LoadState.NONE:
            for blocks in _drafted(entry, gathered, archive=archive, mappings=mappings):
                keys = manifest.keys | gathered.keys
                if keys != manifest.keys:
                    wider = Manifest(order=order, keys=keys)
                    manifest = observations.put_manifest(file_id, wider, instead_of=manifest)
                observations.put(blocks, now_s=int(now.timestamp()))
        gone = manifest.keys - gathered.keys
        version_id = entry.version_id if entry else None
        observations.put(
            (tombstone(BlockKey.parse(*key), order=order, version_id=version_id) for key in sorted(gone)),
            now_s=int(now.timestamp()),
        )
        former = {station for station, _ in before.keys}
        for station_id in sorted(former | gathered.newest.keys()):
            newest = gathered.newest.get(station_id, {})
            _refresh(station_id, newest, observations=observations, latest=latest, again=station_id in former)
        for station in gathered.stations.values():
            stations.put(station, order=order)
        values = (each for newest in gathered.newest.values() for each in newest.items())
        network.widen(seen(values, gathered.stations.values()))
        observations.put_manifest(file_id, Manifest(order=order, keys=frozenset(gathered.keys)), instead_of=manifest)
    except Conflict:
        # A newer state has come between. No block of this one can replace its blocks; the latest values have no such guard
        for station_id in sorted(gathered.newest):
            _refresh(station_id, {}, observations=observations, latest=latest, again=True)
        return Outcome.STALE
    except (UnreadableFile, NotFound) as exc:
        # Reading it again would end the same: the entry says why, the bytes stay
        files.set_loading(file_id, Loading(state=LoadState.FAILED, order=order, at=_text(now), reason=exc.detail))
        return Outcome.FAILED
    loaded = entry is not None and entry.loading.state is not LoadState.NONE
    if loaded:
        files.set_loading(
            file_id,
            Loading(
                state=LoadState.LOADED,
                order=order,
                blocks=len(gathered.keys),
                values=gathered.values,
                stations=len(gathered.stations),
                at=_text(now),
                flags=gathered.quality.flags,
                tests=gathered.quality.tests,
            ),
        )
    return Outcome.LOADED if loaded else Outcome.WITHDRAWN


def _begin(file_id: str, order: str, observations: ObservationsStore) -> Manifest | None:
    """Takes the file's list of blocks over; None where a newer state of the file has it."""
    while True:
        held = observations.manifest(file_id)
        if held.order > order:
            return None
        try:
            return observations.put_manifest(file_id, replace(held, order=order), instead_of=held)
        except Conflict:
            continue


def _drafted(entry: FileEntry, gathered: _Gathered, *, archive: ArchiveStore, mappings: MappingsStore) -> Iterator[list[Block]]:
    """Blocks of the file, some at a time; each time `gathered` holds the keys of all so far."""
    stored = archive.open(entry.bucket, entry.key, entry.version_id)
    drafts: dict[BlockKey, Draft] = {}
    cells = part = 0
    mapping = mappings.find(entry.key)
    climatology = mapping.climatology if mapping and mapping.source == entry.mapping else None
    context = Context(key=entry.key, mapping=mapping, received=instant.parse(entry.event_time))
    for piece in read_observations(stored.body, context):
        if isinstance(piece, Station):
            gathered.stations[piece.id] = piece
            continue
        gathered.stations.setdefault(piece.station_id, Station(id=piece.station_id))
        cells += _sort_in(piece, entry.id, part, drafts)
        if cells > MOST_CELLS:
            yield _finished(drafts, entry, gathered, climatology)
            drafts, cells, part = {}, 0, part + PARTS
    yield _finished(drafts, entry, gathered, climatology)


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


def _finished(
    drafts: Mapping[BlockKey, Draft], entry: FileEntry, gathered: _Gathered, climatology: Climatology | None
) -> list[Block]:
    arrived = arrival(entry.order)
    assess(drafts, arrived, climatology, gathered.quality)
    blocks: list[Block] = []
    for key, draft in drafts.items():
        blocks += draft.blocks(key, order=entry.order, version_id=entry.version_id)
        gathered.values += draft.values()
        units, oldest = draft.units(), draft.oldest()
        found = {
            name: LatestValue(
                time=time,
                since=oldest[name],
                value=value,
                unit=units[name][0],
                received=received,
                unit_received=units[name][1],
                flag=flag,
                order=entry.order,
                file_id=entry.id,
            )
            for name, (time, value, received, flag) in draft.newest(horizon(arrived, days=key.span is Span.YEAR)).items()
        }
        gathered.newest[key.station_id] = merged(gathered.newest.get(key.station_id, {}), found)
    gathered.keys |= {(block.key.station_id, block.key.text) for block in blocks}
    return blocks


def _refresh(
    station_id: str,
    newest: Mapping[str, LatestValue],
    *,
    observations: ObservationsStore,
    latest: LatestStore,
    again: bool,
) -> None:
    """Merges what the file brings into the station's latest values. Where the file spoke of the station before, it may have
    withdrawn what they stand on: then they are looked up in the blocks `again`."""

    def decide(known: Mapping[str, LatestValue]) -> Mapping[str, LatestValue]:
        if not again:
            return merged(known, newest)
        return look_up(station_id, known.keys() | newest.keys(), observations)

    latest.change(station_id, decide)


def look_up(station_id: str, parameters: Iterable[str], observations: ObservationsStore) -> dict[str, LatestValue]:
    """The latest values that the blocks themselves hold, read from the newest back until each parameter is found."""
    found: dict[str, LatestValue] = {}
    for span in Span:
        wanted = {name for name in parameters if span_of(parse(name)) is span}
        ends = [_ends(station_id, span, wanted, observations, last=last) for last in (True, False)]
        for name, (block, (time, value, received, flag)) in ends[0].items():
            column = block.columns[name]
            theirs = LatestValue(
                time=time,
                since=ends[1][name][1][0],
                value=value,
                unit=column.unit,
                received=received,
                unit_received=column.unit_received,
                flag=flag,
                order=block.order,
                file_id=block.key.file_id,
            )
            found = merged(found, {name: theirs})
    return found


type _End = tuple[Block, tuple[int, float, str, int]]


def _ends(station_id: str, span: Span, wanted: set[str], observations: ObservationsStore, *, last: bool) -> dict[str, _End]:
    found: dict[str, _End] = {}
    blocks = observations.read(station_id, span, Interval(), details=True, newest_first=last, consistent=True)
    for _, stretch in groupby(blocks, key=lambda block: block.key.start):
        missing = wanted - found.keys()
        if not missing:
            break
        for block in sorted(stretch, key=Block.rank):
            for name in missing:
                end = end_value(block, name, last=last, until=horizon(arrival(block.order), days=span is Span.YEAR))
                if end and (name not in found or (end[0] >= found[name][1][0] if last else end[0] <= found[name][1][0])):
                    found[name] = (block, end)
    return found


def _text(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
