"""Decides what of a file's observations goes where, and what has to go.

Order of the steps, so that a crash between any two is mended by the next delivery: the list of all blocks that the file has had
or will have; the blocks; empty blocks where it no longer says anything; the latest values; the stations; what the network
observes; the list again, now only of what is there; last the entry's note that it is loaded.

A large file is written stretch by stretch, as it is read. Where the time is nearly up it is left at a mark, and the next
delivery goes on there, as in the catalogue: what has been read so far is made visible, and the entry says how far that is.
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
from mesonet.domain.file import COVERAGES_LISTED, FileEntry, Loading, LoadState, Mark, arrival
from mesonet.domain.latest import LatestValue, merged
from mesonet.domain.mapping import Mapping as TableMapping
from mesonet.domain.network import seen
from mesonet.domain.observation import Batch
from mesonet.domain.quality import Climatology, horizon
from mesonet.domain.station import Station
from mesonet.errors import Conflict, NotFound, UnreadableFile
from mesonet.formats import reading
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
RESERVE_MS = 240_000  # for the last stretch, and what follows it (latest values and stations of 40,000 stations)
LAST_MS = 60_000  # what a file that cannot be left has to leave for that
ENOUGH = 0.5  # of a call's time, to begin with another file in it: a large file needs a call for itself
TRIES = 8  # deliveries of the queue before a message goes to its dead letters (maxReceiveCount)


class Outcome(StrEnum):
    LOADED = "loaded"
    WITHDRAWN = "withdrawn"
    KNOWN = "known"  # it is loaded already
    FAILED = "failed"  # the file cannot be read to its end
    STALE = "stale"  # a newer state of the file is being loaded, or is
    BEGUN = "begun"  # the rest of a large file is to come


@dataclass(frozen=True, slots=True)
class Taken:
    """What has become of a file, and how many rows it has, once they are loaded."""

    outcome: Outcome
    rows: int = 0


@dataclass(slots=True)
class _Gathered:
    """What one reading of a file has brought so far; `mark` is where it was left, if it was, behind so many `stretches`."""

    mark: Mark | None = None
    stretches: int = 0
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
    gathered, former = _Gathered(), Loading()
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
            if before.order == order == entry.loading.order and entry.loading.reader == reader:
                former = entry.loading
            gathered.stretches = former.stretches
            gathered.keys = {key for key in before.keys if _stretch_of(key) < former.stretches}
            for drafts in _drafted(entry, mapping, former.mark, gathered, archive=archive, remaining_ms=remaining_ms):
                blocks = [
                    block
                    for key, draft in drafts.items()
                    for block in draft.blocks(key, order=entry.rank, version_id=entry.version_id)
                ]
                gathered.keys |= {(block.key.station_id, block.key.text) for block in blocks}
                if manifest is None:
                    taken = _take_over(file_id, order, before, observations, keys=gathered.keys, again=former.mark is None)
                    if taken is None:
                        return Taken(Outcome.STALE)
                    before, manifest = taken
                elif not gathered.keys <= manifest.keys:
                    wider = replace(manifest, keys=manifest.keys | gathered.keys)
                    manifest = observations.put_manifest(file_id, wider, instead_of=manifest)
                observations.put(blocks, now_s=now_s)
        if manifest is None:  # nothing is to be written, or all of it is
            taken = _take_over(file_id, order, before, observations)
            if taken is None:
                return Taken(Outcome.STALE)
            before, manifest = taken
        # what the file said before, and no longer does: of a part of it, only as far as it is read
        gone = {key for key in manifest.keys - gathered.keys if not gathered.mark or _stretch_of(key) < gathered.stretches}
        version_id = entry.version_id if entry else None
        rank = entry.rank if entry else order
        observations.put(
            (tombstone(BlockKey.parse(*key), order=rank, version_id=version_id) for key in sorted(gone)), now_s=now_s
        )
        unsure = {station for station, _ in (gone if gathered.mark else () if manifest.first else before.keys)}
        _refresh(file_id, unsure, gathered.newest, manifest, observations=observations, latest=latest)
        stations.put_all(gathered.stations.values(), order=rank)
        values = (each for newest in gathered.newest.values() for each in newest.items())
        network.widen(seen(values, gathered.stations.values()))
        last = replace(manifest, keys=manifest.keys - gone)
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
        brought = Loading(
            state=LoadState.PENDING if gathered.mark else LoadState.LOADED,
            order=order,
            blocks=len(gathered.keys),
            values=gathered.values,
            stations=len(gathered.stations.keys() | {station for station, _ in gathered.keys}),
            at=_text(now),
            flags=gathered.quality.flags,
            tests=gathered.quality.tests,
            coverage=dict(islice(coverage.items(), COVERAGES_LISTED)),
            completeness=overall(coverage.values()),
            mark=gathered.mark,
            stretches=gathered.stretches if gathered.mark else 0,
            reader=reader if gathered.mark else "",
        )
        files.set_loading(file_id, former.joined(brought) if former.mark else brought)
    if gathered.mark:
        return Taken(Outcome.BEGUN)
    return Taken(Outcome.LOADED, entry.rows) if entry is not None and loaded else Taken(Outcome.WITHDRAWN)


def stuck(known: Loading, reason: str, *, last: bool, now: datetime) -> Loading:
    """What the entry says of a file whose loading ended unexpectedly: it waits for the next try, unless that was the last."""
    state = LoadState.FAILED if last else LoadState.PENDING
    what = "given up after" if last else "tried again; so far"
    return replace(known, state=state, at=_text(now), reason=f"{what} it ended with {reason}")


def _take_over(
    file_id: str,
    order: str,
    held: Manifest,
    observations: ObservationsStore,
    *,
    keys: Collection[tuple[str, str]] = (),
    again: bool = True,
) -> tuple[Manifest, Manifest] | None:
    """Makes the file's list of blocks ours, and longer by what we are about to write: the list before, and ours. None where a
    newer state of the file has it. `again` where the file is read from its beginning: what is listed is of another reading."""
    while True:
        if held.order > order:
            return None
        first = not held.keys if again else held.first
        mine = replace(held, order=order, keys=held.keys | frozenset(keys), first=first)
        try:
            return held, observations.put_manifest(file_id, mine, instead_of=held)
        except Conflict:
            held = observations.manifest(file_id)


def _reader(mapping: TableMapping | None, release: str) -> str:
    """Names what decides what stands at a mark, and before it."""
    return f"{release}|{mapping.source}@{mapping.order}" if mapping else f"{release}|"


def _stretch_of(key: tuple[str, str]) -> int:
    return int(key[1].rpartition("#")[2]) // PARTS


def _drafted(
    entry: FileEntry,
    mapping: TableMapping | None,
    start: Mark | None,
    gathered: _Gathered,
    *,
    archive: ArchiveStore,
    remaining_ms: Callable[[], int],
) -> Iterator[dict[BlockKey, Draft]]:
    """The file's observations, some at a time; each time `gathered` holds what all so far say beside their blocks.

    Raises UnreadableFile where the time is up in a file that cannot be left.
    """
    stored = archive.open(entry.bucket, entry.object_key, entry.version_id)
    drafts: dict[BlockKey, Draft] = {}
    cells = 0
    climatology = mapping.climatology if mapping and mapping.source == entry.mapping else None
    context = Context(
        key=entry.key,
        mapping=mapping,
        received=instant.parse(entry.event_time),
        member=entry.member,
        start=start,
        remaining_ms=lambda: remaining_ms() - RESERVE_MS + reading.RESERVE_MS,
    )
    for piece in read_observations(stored.body, context):
        if isinstance(piece, Mark):
            gathered.mark = piece
            continue
        if isinstance(piece, Station):
            gathered.stations[piece.id] = piece
            continue
        gathered.stations.setdefault(piece.station_id, Station(id=piece.station_id))
        cells += _sort_in(piece, entry.id, gathered.stretches * PARTS, drafts)
        if cells > MOST_CELLS:
            if gathered.stretches and not gathered.mark and remaining_ms() < LAST_MS:
                raise UnreadableFile("loading it takes longer than there is time for, and it cannot be left: cut the file up")
            yield _noted(drafts, entry, gathered, climatology)
            drafts, cells = {}, 0
    yield _noted(drafts, entry, gathered, climatology)


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


def _noted(
    drafts: dict[BlockKey, Draft], entry: FileEntry, gathered: _Gathered, climatology: Climatology | None
) -> dict[BlockKey, Draft]:
    """A stretch, after every value was tested and counted, and the newest of each station and parameter picked."""
    gathered.stretches += 1
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
    return drafts


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
