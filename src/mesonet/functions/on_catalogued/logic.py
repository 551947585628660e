"""Decides what of a file's observations goes where, and what has to go.

Order of the steps, so that a crash between any two is mended by the next delivery: the list of all blocks that the file has had
or will have; the blocks; empty blocks where it no longer says anything; the latest values; the stations; what the network
observes; the list again, now only of what is there; last the entry's note that it is loaded.

A large file is written stretch by stretch, as it is read; the list says how many stretches are written. Where the time is up,
the rest is left to the next delivery, which reads all of the file again but writes only what is missing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import groupby, islice

from mesonet.domain import instant
from mesonet.domain.block import (
    PARTS,
    BlockKey,
    Draft,
    Span,
    span_of,
    tombstone,
)
from mesonet.domain.coverage import overall
from mesonet.domain.file import COVERAGES_LISTED, FileEntry, Loading, LoadState, arrival
from mesonet.domain.latest import LatestValue, merged
from mesonet.domain.mapping import Mapping as TableMapping
from mesonet.domain.network import seen
from mesonet.domain.observation import Batch
from mesonet.domain.quality import Climatology, horizon
from mesonet.domain.station import Station
from mesonet.errors import Conflict, NotFound, UnreadableFile
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations as read_observations
from mesonet.functions.on_catalogued.assessment import Assessment, assess
from mesonet.record import dataclass, field, replace
from mesonet.stores.archive import ArchiveStore
from mesonet.stores.files import FilesStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.mappings import MappingsStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.observations import Manifest, ObservationsStore
from mesonet.stores.stations import StationsStore

MOST_CELLS = 1_000_000  # values held before they are written: some 300 MB of a function's 1769
RESERVE_MS = 240_000  # for what follows the last block (latest values and stations of 40,000 stations), or for another stretch


ENOUGH = 0.5  # of a call's time, to begin with another file in it: a large file needs a call for itself
TRIES = 8  # deliveries of the queue before a message goes to its dead letters (maxReceiveCount)


class Outcome(StrEnum):
    LOADED = "loaded"
    WITHDRAWN = "withdrawn"
    KNOWN = "known"  # it is loaded already
    FAILED = "failed"  # the file cannot be read to its end
    STALE = "stale"  # a newer state of the file is being loaded, or is
    BEGUN = "begun"  # the time is up; what is written need not be written again


@dataclass(frozen=True, slots=True)
class Taken:
    """What has become of a file, and how many rows it has, once they are loaded."""

    outcome: Outcome
    rows: int = 0


@dataclass(slots=True)
class _Gathered:
    """What one reading of a file has brought so far."""

    keys: set[tuple[str, str]] = field(default_factory=set)
    newest: dict[str, dict[str, LatestValue]] = field(default_factory=dict)
    stations: dict[str, Station] = field(default_factory=dict)
    quality: Assessment = field(default_factory=Assessment)
    values: int = 0
    interval: int | None = None


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
    release: str,
    remaining_ms: Callable[[], int],
) -> Taken:
    """Brings the tables to what the catalogue says of the file *now*; `order` counts only where it says nothing any more."""
    entry = files.get(file_id)
    if entry is not None:
        order = entry.order
        if entry.loading.state is LoadState.LOADED and entry.loading.order == order:
            return Taken(Outcome.KNOWN)
    gathered = _Gathered()
    now_s = int(now.timestamp())
    try:
        before = observations.manifest(file_id)
        if before.order > order:
            return Taken(Outcome.STALE)
        manifest: Manifest | None = None
        if entry is not None and entry.loading.state is not LoadState.NONE:
            mapping = mappings.find(entry.key)
            gathered.interval = mapping.interval if mapping and mapping.source == entry.mapping else None
            reader = _reader(mapping, release)
            written = _mine(before, order, reader).stretches
            for number, drafts in enumerate(_drafted(entry, mapping, gathered, archive=archive)):
                if number < written:
                    gathered.keys |= _keys_of_stretch(before, number)
                    continue
                if manifest is not None and remaining_ms() < RESERVE_MS:
                    observations.put_manifest(file_id, replace(manifest, stretches=number), instead_of=manifest)
                    return Taken(Outcome.BEGUN)
                blocks = [
                    block
                    for key, draft in drafts.items()
                    for block in draft.blocks(key, order=entry.rank, version_id=entry.version_id)
                ]
                gathered.keys |= {(block.key.station_id, block.key.text) for block in blocks}
                if manifest is None:
                    taken = _take_over(
                        file_id, order, before, observations, keys=gathered.keys, stretches=number, reader=reader
                    )
                    if taken is None:
                        return Taken(Outcome.STALE)
                    before, manifest = taken
                else:
                    wider = replace(manifest, keys=manifest.keys | gathered.keys, stretches=number)
                    if wider != manifest:
                        manifest = observations.put_manifest(file_id, wider, instead_of=manifest)
                observations.put(blocks, now_s=now_s)
            if manifest is not None and remaining_ms() < RESERVE_MS:
                observations.put_manifest(file_id, replace(manifest, stretches=number + 1), instead_of=manifest)
                return Taken(Outcome.BEGUN)
        if manifest is None:  # nothing is to be written, or all of it is
            taken = _take_over(file_id, order, before, observations)
            if taken is None:
                return Taken(Outcome.STALE)
            before, manifest = taken
        gone = manifest.keys - gathered.keys
        version_id = entry.version_id if entry else None
        rank = entry.rank if entry else order
        observations.put(
            (tombstone(BlockKey.parse(*key), order=rank, version_id=version_id) for key in sorted(gone)), now_s=now_s
        )
        former = set[str]() if manifest.first else {station for station, _ in before.keys}
        _refresh(file_id, former, gathered.newest, manifest, observations=observations, latest=latest)
        stations.put_all(gathered.stations.values(), order=rank)
        values = (each for newest in gathered.newest.values() for each in newest.items())
        network.widen(seen(values, gathered.stations.values()))
        last = replace(manifest, keys=frozenset(gathered.keys))
        if last != manifest:
            observations.put_manifest(file_id, last, instead_of=manifest)
    except Conflict:
        # A newer state has come between: neither a block nor a latest value of this one can replace what it has written
        return Taken(Outcome.STALE)
    except (UnreadableFile, NotFound) as exc:
        # Reading it again would end the same: the entry says why, the bytes stay
        files.set_loading(file_id, Loading(state=LoadState.FAILED, order=order, at=_text(now), reason=exc.detail))
        return Taken(Outcome.FAILED)
    loaded = entry is not None and entry.loading.state is not LoadState.NONE
    if loaded:
        coverage = gathered.quality.coverage(gathered.interval)
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
                coverage=dict(islice(coverage.items(), COVERAGES_LISTED)),
                completeness=overall(coverage.values()),
            ),
        )
    return Taken(Outcome.LOADED, entry.rows) if entry is not None and loaded else Taken(Outcome.WITHDRAWN)


def stuck(order: str, reason: str, *, last: bool, now: datetime) -> Loading:
    """What the entry says of a file whose loading ended unexpectedly: it waits for the next try, unless that was the last."""
    state = LoadState.FAILED if last else LoadState.PENDING
    what = "given up after" if last else "tried again; so far"
    return Loading(state=state, order=order, at=_text(now), reason=f"{what} it ended with {reason}")


def _take_over(
    file_id: str,
    order: str,
    held: Manifest,
    observations: ObservationsStore,
    *,
    keys: Collection[tuple[str, str]] = (),
    stretches: int | None = None,
    reader: str = "",
) -> tuple[Manifest, Manifest] | None:
    """Makes the file's list of blocks ours, and longer by what we are about to write: the list before, and ours. None where a
    newer state of the file has it."""
    while True:
        if held.order > order:
            return None
        mine = _mine(held, order, reader)
        mine = replace(mine, keys=mine.keys | frozenset(keys), stretches=mine.stretches if stretches is None else stretches)
        try:
            return held, observations.put_manifest(file_id, mine, instead_of=held)
        except Conflict:
            held = observations.manifest(file_id)


def _mine(held: Manifest, order: str, reader: str) -> Manifest:
    """The list as this state of the file goes on with it, read so."""
    mine = held if held.order == order else replace(held, order=order, stretches=0, reader="", first=not held.keys)
    if not reader or mine.reader == reader:
        return mine
    return replace(mine, stretches=0, reader=reader, first=mine.first and not mine.reader)


def _reader(mapping: TableMapping | None, release: str) -> str:
    """Names what decides where a file is cut into stretches, and what is in them."""
    return f"{release}|{MOST_CELLS}|{mapping.source}@{mapping.order}" if mapping else f"{release}|{MOST_CELLS}|"


def _keys_of_stretch(manifest: Manifest, number: int) -> set[tuple[str, str]]:
    return {key for key in manifest.keys if int(key[1].rpartition("#")[2]) // PARTS == number}


def _drafted(
    entry: FileEntry, mapping: TableMapping | None, gathered: _Gathered, *, archive: ArchiveStore
) -> Iterator[dict[BlockKey, Draft]]:
    """The file's observations, some at a time; each time `gathered` holds what all so far say beside their blocks."""
    stored = archive.open(entry.bucket, entry.object_key, entry.version_id)
    drafts: dict[BlockKey, Draft] = {}
    cells = part = 0
    climatology = mapping.climatology if mapping and mapping.source == entry.mapping else None
    context = Context(key=entry.key, mapping=mapping, received=instant.parse(entry.event_time), member=entry.member)
    for piece in read_observations(stored.body, context):
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


def _take_note(
    drafts: Mapping[BlockKey, Draft], entry: FileEntry, gathered: _Gathered, climatology: Climatology | None
) -> None:
    """Tests every value, counts them, and picks the newest of each station and parameter."""
    arrived = arrival(entry.order)
    assess(drafts, arrived, climatology, gathered.quality)
    for key, draft in drafts.items():
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
                order=entry.rank,
                file_id=entry.id,
            )
            for name, (time, value, received, flag) in draft.newest(horizon(arrived, days=key.span is Span.YEAR)).items()
        }
        gathered.newest[key.station_id] = merged(gathered.newest.get(key.station_id, {}), found)


def _refresh(
    file_id: str,
    former: set[str],
    newest: Mapping[str, Mapping[str, LatestValue]],
    manifest: Manifest,
    *,
    observations: ObservationsStore,
    latest: LatestStore,
) -> None:
    """Merges what the file brings into the stations' latest values, as long as no newer state of the file is being loaded.
    Where the file spoke of a station before, it may have withdrawn what they stand on: then they are looked up in the blocks.

    Raises Conflict.
    """

    def decide(held: Mapping[str, Mapping[str, LatestValue]]) -> Mapping[str, Mapping[str, LatestValue]]:
        unsure = {
            station: known.keys() | newest.get(station, {}).keys() for station, known in held.items() if station in former
        }
        sure = {station: merged(known, newest[station]) for station, known in held.items() if station not in former}
        return {**observations.newest_of(unsure), **sure}

    latest.change(sorted(former | newest.keys()), decide, only_if=observations.still(file_id, manifest))


def _text(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
