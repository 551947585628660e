"""Compares what the bucket holds with what the catalogue says, and that with what follows from it; and mends what differs.

The bucket is right about which files there are, the catalogue about what they say. What differs is mended through the front
door: a message that S3 should have sent, a file to be read or loaded again. So whatever is on its way already, or changes while
we look, ends in the same state; and what is settled in the last minutes is left alone.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import batched

from mesonet.channels.catalogued_queue import CataloguedQueue
from mesonet.channels.uploads_queue import UploadsQueue
from mesonet.domain import instant
from mesonet.domain.block import Block, listed
from mesonet.domain.file import FileEntry, Loading, LoadState, ObjectEvent, Status, content_order, file_id, member_key
from mesonet.domain.latest import LatestValue
from mesonet.domain.live import LiveRow, Stretch
from mesonet.domain.network import seen
from mesonet.domain.parameter import parse
from mesonet.errors import NotFound
from mesonet.intake.rows import value_of
from mesonet.record import dataclass, replace
from mesonet.stores.archive import ArchiveStore, CurrentVersion
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.files import FilesStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.live import LiveStore
from mesonet.stores.live_copies import LiveCopies
from mesonet.stores.manifests import ManifestsStore
from mesonet.stores.mappings import MappingsStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.observations import ObservationsStore
from mesonet.stores.rounds import Phase, Round
from mesonet.stores.stations import StationsStore

RESERVE_MS = 30_000  # a page takes some seconds
REST = timedelta(hours=20)  # between the end of a round and the next: one a day
_KEYS_AT_ONCE = 100  # BatchGetItem
_STATIONS_AT_ONCE = 50
_ROWS_AT_ONCE = 500  # live rows that are written and then made latest
_READERS = 16  # HEAD requests in flight


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Everything that is compared."""

    bucket: str
    archive: ArchiveStore
    files: FilesStore
    mappings: MappingsStore
    index: FileIndexStore
    manifests: ManifestsStore
    observations: ObservationsStore
    latest: LatestStore
    stations: StationsStore
    network: NetworkStore
    uploads: UploadsQueue
    catalogued: CataloguedQueue
    live: LiveStore
    copies: LiveCopies
    take: Callable[[str, Sequence[LiveRow]], None]  # what is sent of a station goes this way


def due(last: Round | None, now: datetime) -> Round:
    """The round to go on with: the one that is not done, the next where it is time for it, or the one that is done."""
    if last is not None and (last.phase is not Phase.DONE or datetime.fromisoformat(last.ended_at) + REST > now):
        return last
    return begun(now)


def begun(now: datetime, phase: Phase = Phase.BUCKET) -> Round:
    return Round(began_at=instant.stamp(now), phase=phase)


def go_on(given: Round, places: Places, *, now: datetime, settled_s: int, remaining_ms: Callable[[], int]) -> Round:
    """Goes on with a round as far as the time allows. What is younger than `settled_s` seconds may still be under way, and is
    left alone."""
    work = _Work(given, places, now=now, settled=instant.from_datetime(now) - settled_s * instant.SECOND)
    phases: Mapping[Phase, Callable[[], Iterator[str]]] = {
        Phase.BUCKET: work.compare_bucket,
        Phase.CATALOGUE: work.compare_catalogue,
        Phase.LIVE: work.compare_live,
        Phase.LATEST: work.compare_latest,
    }
    following = {
        Phase.BUCKET: Phase.CATALOGUE,
        Phase.CATALOGUE: Phase.LATEST,
        Phase.LIVE: Phase.LATEST,
        Phase.LATEST: Phase.DONE,
    }
    phase, place = given.phase, given.place
    while phase is not Phase.DONE:
        for place in phases[phase]():
            work.place = place
            if place and remaining_ms() < RESERVE_MS:
                return work.as_round(phase, place)
        phase, place = following[phase], ""
        work.place = ""
    return replace(work.as_round(phase, ""), ended_at=instant.stamp(now))


class _Work:
    """A run's share of a round. Each comparison yields the place to go on after each page, '' after the last."""

    def __init__(self, given: Round, places: Places, *, now: datetime, settled: int) -> None:
        self.place = given.place
        self._given = given
        self._survey = given.survey
        self._at = places
        self._now = instant.stamp(now)
        self._settled = settled
        self._seen = Counter(given.seen)
        self._mended = Counter(given.mended)
        self._find = places.mappings.finder()

    def as_round(self, phase: Phase, place: str) -> Round:
        return replace(
            self._given, phase=phase, place=place, survey=self._survey, seen=dict(self._seen), mended=dict(self._mended)
        )

    # The bucket -----------------------------------------------------------------------------------------------------------

    def compare_bucket(self) -> Iterator[str]:
        after = tuple(json.loads(self.place)) if self.place else None
        for page, following in self._at.archive.current_versions(self._at.bucket, after=after):
            for some in batched(page, _KEYS_AT_ONCE, strict=False):
                self._compare_keys(some)
            self._seen["keys"] += len(page)
            yield json.dumps(following) if following else ""

    def _compare_keys(self, current: Iterable[CurrentVersion]) -> None:
        by_id = {file_id(self._at.bucket, each.key): each for each in current}
        known = self._at.files.many(list(by_id))
        events = []
        for identifier, each in by_id.items():
            entry = known.get(identifier)
            if each.removed or each.at > self._settled:
                continue  # what is gone is found when the catalogue is compared
            if entry is None or entry.status is Status.DELETED or entry.version_id not in (each.version_id, None):
                self._mended["file_missed" if entry is None else "version_missed"] += 1
                events.append(self._event(each.key, each.version_id, each.at, entry))
        self._at.uploads.tell(events)

    def _event(
        self, key: str, version_id: str | None, at: int, entry: FileEntry | None, *, removed: bool = False
    ) -> ObjectEvent:
        """What S3 should have told. Nobody knows its sequencer: it comes after everything that was made of the key, and before
        the key's next event."""
        identifier = file_id(self._at.bucket, key)
        orders = [self._at.manifests.order_of(identifier), self._at.index.orders([identifier]).get(identifier)]
        last = max(filter(None, [entry.order if entry else None, *orders]), default="")
        sequencer, _, told = last.partition("#")
        return ObjectEvent(
            bucket=self._at.bucket,
            key=key,
            version_id=version_id,
            sequencer=sequencer,
            time=max(_iso(at), told.partition("|")[0].removeprefix("-")),
            removed=removed,
            reread_at=self._now,
            member=entry.member if entry else "",
        )

    # The catalogue --------------------------------------------------------------------------------------------------------

    def compare_catalogue(self) -> Iterator[str]:
        following = self.place
        while True:
            page, following = self._at.files.scan(following)
            settled = [entry for entry in page if _touched(entry) <= self._settled]
            self._compare_objects(settled)
            self._compare_members(settled)
            self._compare_mappings(settled)
            self._compare_index(settled)
            self._compare_blocks(settled)
            self._seen["entries"] += len(page)
            yield following
            if not following:
                return

    def _compare_objects(self, entries: list[FileEntry]) -> None:
        """Entries of objects that are gone, also of those that left no trace in the bucket."""
        there = [entry for entry in entries if entry.status is not Status.DELETED]
        with ThreadPoolExecutor(_READERS) as pool:
            gone = [entry for entry, is_gone in zip(there, pool.map(self._is_gone, there), strict=True) if is_gone]
        self._mended["deletion_missed"] += len(gone)
        moment = instant.parse(self._now)
        self._at.uploads.tell(self._event(entry.key, entry.version_id, moment, entry, removed=True) for entry in gone)

    def _compare_members(self, entries: list[FileEntry]) -> None:
        """Files in archives of which the queue has lost the news."""
        for entry in entries:
            if entry.status is Status.DELETED or not entry.members:
                continue
            by_id = {file_id(entry.bucket, member_key(entry.key, name)): name for name in entry.members}
            known: dict[str, FileEntry] = {}
            for some in batched(by_id, _KEYS_AT_ONCE, strict=False):
                known |= self._at.files.many(some)
            state = content_order(entry.sequencer, entry.event_time)
            lost = [
                name
                for identifier, name in by_id.items()
                if (held := known.get(identifier)) is None or content_order(held.sequencer, held.event_time) < state
            ]
            self._mended["member_missed"] += len(lost)
            self._at.uploads.tell(replace(entry.event, key=member_key(entry.key, name), member=name) for name in lost)

    def _is_gone(self, entry: FileEntry) -> bool:
        try:
            self._at.archive.current_version(entry.bucket, entry.object_key)
        except NotFound:
            return True
        return False

    def _compare_mappings(self, entries: list[FileEntry]) -> None:
        stale = [entry for entry in entries if entry.needs_mapping and entry.mapping_order != self._mapping_order(entry.key)]
        self._mended["mapping_missed"] += len(stale)
        self._at.uploads.read_again(stale, at=self._now)

    def _mapping_order(self, key: str) -> str:
        mapping = self._find(key)
        return mapping.order if mapping else ""

    def _compare_index(self, entries: list[FileEntry]) -> None:
        held = self._at.index.orders([entry.id for entry in entries])
        behind = [entry for entry in entries if held.get(entry.id, "") < entry.order]
        failed = self._at.index.apply(behind)
        self._mended["not_indexed"] += len(behind)
        self._mended["index_refused"] += len(failed)

    def _compare_blocks(self, entries: list[FileEntry]) -> None:
        again = []
        for entry in entries:
            held = self._at.manifests.order_of(entry.id) or ""
            if held > entry.order:
                # the catalogue is older than what was loaded, as after a restoration: read it again, as something newer
                self._mended["catalogue_older"] += 1
                removed = entry.status is Status.DELETED
                self._at.uploads.tell([self._event(entry.key, entry.version_id, 0, entry, removed=removed)])
            elif entry.loading.state is LoadState.PENDING or (held < entry.order and self._speaks(entry, held)):
                again.append(entry)
        for entry in again:
            if entry.loading.state is LoadState.LOADED:
                self._at.files.set_loading(entry.id, Loading(state=LoadState.PENDING, order=entry.order))
        self._mended["not_loaded"] += len(again)
        self._at.catalogued.load_again(again)

    def _speaks(self, entry: FileEntry, held: str) -> bool:
        """Whether there are observations to load, or to withdraw."""
        return entry.loading.state is LoadState.LOADED or (entry.loading.state is LoadState.NONE and bool(held))

    # What came live -------------------------------------------------------------------------------------------------------

    def compare_live(self) -> Iterator[str]:
        """Values that are in the copies and no longer in the table. Of two that differ the table's stands: it may have been
        corrected since."""
        for some, following in self._at.copies.all_copied(self.place):
            for stretch in some:
                self._refill(stretch)
            self._seen["copies"] += len(some)
            yield following

    def _refill(self, stretch: Stretch) -> None:
        there = {(row.time, name) for row in self._at.live.rows(stretch) for name in row.values}
        there |= {place for block in self._at.observations.live(stretch) for place in _places(block)}
        missing = []
        for said in self._at.copies.copied(stretch):
            time = instant.parse(said["time"])
            values = {name: each for name, each in said["values"].items() if (time, name) not in there}
            try:
                taken = {name: value_of(parse(name), each) for name, each in values.items()}
            except ValueError:  # a unit or parameter that this release does not know any more
                self._mended["copy_refused"] += 1
                continue
            if taken:
                missing.append(LiveRow(station_id=stretch.station_id, time=time, values=taken))
        for rows in batched(missing, _ROWS_AT_ONCE, strict=False):
            self._at.take(stretch.station_id, rows)
        self._mended["live_lost"] += len(missing)

    # The latest values ----------------------------------------------------------------------------------------------------

    def compare_latest(self) -> Iterator[str]:
        """Each station's latest values; on the way the network learns in which cells there are stations."""
        if not self.place:
            self._survey = self._now
            self._at.network.begin_survey(self._survey)
        walk = self._at.stations.by_id(after=self.place)
        for some in batched(walk, _STATIONS_AT_ONCE, strict=False):
            self._at.network.widen(seen((), (station for _, station in some)))
            changed = self._mend_latest([place for place, _ in some])
            self._seen["stations"] += len(some)
            self._mended["latest_wrong"] += changed
            yield some[-1][0]
        self._at.network.end_survey(self._survey)
        yield ""

    def _mend_latest(self, station_ids: Sequence[str]) -> int:
        changed = 0

        def decide(held: Mapping[str, Mapping[str, LatestValue]]) -> Mapping[str, Mapping[str, LatestValue]]:
            nonlocal changed
            wanted = {
                station: known.keys() | self._at.observations.recent_parameters(station) for station, known in held.items()
            }
            found = self._at.observations.newest_of(wanted)
            changed = sum(found[station] != known for station, known in held.items())
            return found

        self._at.latest.change(station_ids, decide)
        return changed


def _places(block: Block) -> Iterator[tuple[int, str]]:
    """Time and parameter of each value in a block."""
    times = [instant.parse(str(text)) for text in listed(block.times)]
    for name, column in block.columns.items():
        for time, value in zip(times, listed(column.values), strict=True):
            if value is not None:
                yield time, name


def _touched(entry: FileEntry) -> int:
    """When something last happened to the entry, as far as it says so."""
    return max(instant.parse(text) for text in (entry.catalogued_at or entry.event_time, entry.loading.at or "") if text)


def _iso(at: int) -> str:
    """As S3 writes the time of an event: with milliseconds."""
    text = instant.iso(at)
    return text if "." in text else f"{text[:-1]}.000Z"
