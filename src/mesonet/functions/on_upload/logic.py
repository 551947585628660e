"""Decides what an event of the archive means for the catalogue.

An event is done with when the file's entry is written, and that is the last thing that happens: whatever is cut off before is
done again as a whole. The same event twice, late or out of order changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from mesonet.domain import instant
from mesonet.domain.file import (
    FileEntry,
    Loading,
    LoadState,
    ObjectEvent,
    Occasion,
    Status,
    content_order,
    continued,
    file_id,
    member_key,
)
from mesonet.domain.mapping import Mapping
from mesonet.errors import Conflict, NotFound, Unavailable
from mesonet.formats.reading import MAPPED, RESERVE_MS, Context
from mesonet.formats.survey import Survey, survey
from mesonet.functions.on_upload.mapping_files import (
    MAPPING_FORMAT,
    apply_late,
    apply_mapping,
    look_again,
    may_be_mapping,
    order_of,
    remove_mapping,
    without_mapping,
)
from mesonet.functions.on_upload.shelf import Shelf
from mesonet.record import dataclass, replace
from mesonet.stores.archive import StoredObject
from mesonet.stores.rejects import RejectsFile, name_of

ARCHIVE_FORMAT = "zip"


class Outcome(StrEnum):
    CATALOGUED = "catalogued"
    DELETED = "deleted"
    KNOWN = "known"  # the event came before, or tells of what is already so
    STALE = "stale"  # something newer is in the catalogue
    GONE = "gone"  # the object went before it was read; the event of that tells the rest
    BEGUN = "begun"  # the rest of a large file is to come
    LOOKED = "looked"  # for files of a mapping that its index did not show before


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What one reading of an object has found. `former` is the entry that it goes on with, where an earlier reading of the same
    object ran out of time; `rejects_object` names where all that was rejected is kept, None where nothing was."""

    found: Survey
    mapping: Mapping | None
    former: FileEntry | None
    rejects_object: str | None

    @property
    def used_mapping(self) -> Mapping | None:
        return self.mapping if self.found.recognition.format in MAPPED else None


def catalogue(event: ObjectEvent, shelf: Shelf, *, now: datetime, release: str, remaining_ms: Callable[[], int]) -> Outcome:
    """Brings the file's entry to what the event tells.

    A file that takes longer than there is time is left at a mark, and a message to ourselves goes on there. Raises Unavailable.
    """
    at = instant.stamp(now)
    if event.look_again:
        look_again(event, shelf, at=at)
        return Outcome.LOOKED
    known = shelf.files.get(event.file_id)
    if known is not None and known.order >= event.order:
        return _told_before(event, known, shelf, at=at)
    if event.removed:
        version = None if event.member else _restored_version(event, shelf)
        if version is None:
            return _delete(event, known, shelf, at=at, release=release)
        if known is not None and known.version_id == version and known.status is not Status.DELETED:
            return Outcome.KNOWN
        event = replace(event, version_id=version)
    elif event.member and _outlived(event, shelf):
        return Outcome.STALE
    return _read(event, known, shelf, at=at, release=release, remaining_ms=remaining_ms)


def _told_before(event: ObjectEvent, known: FileEntry, shelf: Shelf, *, at: str) -> Outcome:
    """The catalogue already has what the event tells of, or something newer."""
    if known.order == event.order:
        if known.mark:  # whoever wrote this may not have come to ask for the rest
            go_on(known, shelf, at=at)
        return Outcome.KNOWN
    left = _rejects_name(event)  # of a reading that did not get further
    if left != known.rejects_object:
        shelf.rejects.remove(left)
    apply_late(event, known, shelf, at=at)
    return Outcome.STALE


def _read(
    event: ObjectEvent,
    known: FileEntry | None,
    shelf: Shelf,
    *,
    at: str,
    release: str,
    remaining_ms: Callable[[], int],
) -> Outcome:
    """Reads the object, and writes what it says into its entry and into what follows from that."""
    if remaining_ms() < RESERVE_MS:
        raise Unavailable("too little of this call's time is left to begin with a file: it comes again")
    try:
        stored = shelf.archive.open(event.bucket, event.object_key, event.version_id)
    except NotFound:
        return Outcome.GONE
    event = replace(event, version_id=stored.version_id or event.version_id)
    reading = _surveyed(event, known, stored, shelf, remaining_ms)
    entry = _entry(event, known, stored, reading, at=at, release=release)
    shelf.uploads.tell(_of_members(event, there=entry.members, gone=known.members if known else ()))
    if reading.found.mapping is not None:
        apply_mapping(reading.found.mapping, event, shelf, at=at)
    elif known is not None and known.format == MAPPING_FORMAT and entry.format != MAPPING_FORMAT:
        remove_mapping(event, shelf, at=at)
    if known is not None and known.rejects_object not in (None, entry.rejects_object):
        shelf.rejects.remove(known.rejects_object)
    try:
        shelf.files.put(entry)
    except Conflict:
        _take_back(event, reading, shelf)
        return Outcome.STALE
    if entry.mark:
        go_on(entry, shelf, at=at)
        return Outcome.BEGUN
    waits = reading.used_mapping or entry.status in (Status.UNMAPPED, Status.UNKNOWN)
    if waits and shelf.mappings.find(event.key) != reading.mapping:
        # a mapping arrived while we read; whoever stored it may have looked for this entry too early
        shelf.uploads.read_again([entry], at=at)
    return Outcome.CATALOGUED


def _surveyed(
    event: ObjectEvent, known: FileEntry | None, stored: StoredObject, shelf: Shelf, remaining_ms: Callable[[], int]
) -> _Reading:
    """Reads the object from its beginning, or from where an earlier reading left it, and keeps what was rejected."""
    mapping = shelf.mappings.find(event.key)
    former = known if known is not None and _goes_on(known, event, mapping) else None

    def again() -> BinaryIO:
        return shelf.archive.open(event.bucket, event.object_key, event.version_id).body

    with RejectsFile() as left_out:
        if former is not None and former.rejects_object:
            try:
                left_out.go_on_with(shelf.rejects.lines(former.rejects_object))
            except NotFound:
                former = None  # a delivery that was cut off has removed them: from the start, then
        context = Context(
            key=event.key,
            mapping=mapping,
            received=instant.parse(event.time),
            start=former.mark if former else None,
            remaining_ms=remaining_ms,
            member=event.member,
        )
        found = survey(stored.body, context, again=again, rejects=left_out)
        if known is not None and found.mapping is None and may_be_mapping(known):
            kept = shelf.mappings.holds(event.key)
            if kept or known.format == MAPPING_FORMAT:
                found = without_mapping(found, context, again, left_out, kept=kept)
        rejects_object = _rejects_name(event) if left_out.count else None
        if rejects_object:
            shelf.rejects.put(rejects_object, left_out)
    return _Reading(found=found, mapping=mapping, former=former, rejects_object=rejects_object)


def _goes_on(known: FileEntry, event: ObjectEvent, mapping: Mapping | None) -> bool:
    """Whether the event asks for the rest of what the entry was left at: the same bytes, read with the same mapping."""
    if known.mark is None or not event.reread_at or known.version_id != event.version_id:
        return False
    return known.mapping_order == order_of(mapping)


def _entry(
    event: ObjectEvent, known: FileEntry | None, stored: StoredObject, reading: _Reading, *, at: str, release: str
) -> FileEntry:
    """The entry as the reading makes it, with all that earlier readings of the same object found."""
    found, mapping = reading.found, reading.used_mapping
    loadable = found.status.usable and found.recognition.format not in (MAPPING_FORMAT, ARCHIVE_FORMAT)
    entry = FileEntry(
        bucket=event.bucket,
        key=event.key,
        version_id=event.version_id,
        sequencer=event.sequencer,
        event_time=event.time,
        reread_at=event.reread_at,
        occasion=Occasion.BACKFILL if stored.backfill else event.occasion,
        status=found.status,
        size=found.size if event.member else stored.size,
        etag=None if event.member else stored.etag,
        sha256=found.sha256,
        format=found.recognition.format,
        confidence=found.recognition.guess.confidence,
        why=found.why,
        compression=found.recognition.compression,
        encoding=found.encoding,
        mapping=mapping.source if mapping else None,
        mapping_order=order_of(reading.mapping) if found.mapping is None else "",
        proposal=found.proposal,
        rows=found.rows,
        rejected=found.rejected,
        rejects=found.rejects,
        reasons=found.reasons,
        rejects_object=reading.rejects_object,
        columns=found.columns,
        column_count=found.column_count,
        stations=found.stations,
        station_count=found.station_count,
        first=found.first,
        last=found.last,
        bbox=found.bbox,
        received_at=event.time,
        catalogued_at=at,
        revision=known.revision + 1 if known else 1,
        release=release,
        mark=found.mark,
        loading=Loading(state=LoadState.PENDING if loadable else LoadState.NONE),
        member=event.member,
        members=found.members,
        claims=found.claims,
    )
    return continued(reading.former, entry) if reading.former else entry


def _take_back(event: ObjectEvent, reading: _Reading, shelf: Shelf) -> None:
    """A newer entry was written while we read, by a writer that knew nothing of our reading: removes what only our reading
    left."""
    newer = shelf.files.get(event.file_id)
    members = reading.found.members
    if newer is not None and members:
        shelf.uploads.tell(_of_members(newer.event, there=(), gone=set(members) - set(newer.members)))
    if reading.rejects_object and (newer is None or newer.rejects_object != reading.rejects_object):
        shelf.rejects.remove(reading.rejects_object)
    if reading.found.mapping is not None and newer is not None and newer.status is Status.DELETED:
        shelf.mappings.remove(event.key, newer.order)  # the deletion came between, and found no mapping to take away


def go_on(entry: FileEntry, shelf: Shelf, *, at: str) -> None:
    """Asks for the rest of a file that was left at a mark. The request counts as newer than the entry, whatever this machine's
    clock says."""
    after = instant.stamp(instant.to_datetime(instant.parse(entry.reread_at) + 1)) if entry.reread_at else ""
    shelf.uploads.read_again([entry], at=max(at, after))


def _outlived(event: ObjectEvent, shelf: Shelf) -> bool:
    """Whether the archive that a file lies in has a newer state, which tells of its files anew."""
    holder = shelf.files.get(file_id(event.bucket, event.object_key))
    return holder is not None and content_order(holder.sequencer, holder.event_time) > content_order(
        event.sequencer, event.time
    )


def _of_members(archive: ObjectEvent, *, there: Iterable[str], gone: Iterable[str]) -> Iterator[ObjectEvent]:
    """What an event of an archive means for the files in it: those that are there, and those that are there no more."""
    for name in there:
        yield replace(archive, key=member_key(archive.key, name), member=name)
    for name in sorted(set(gone) - set(there)):
        yield replace(archive, key=member_key(archive.key, name), member=name, removed=True)


def _rejects_name(event: ObjectEvent) -> str:
    return name_of(event.key, event.file_id, event.version_id or event.sequencer or "null", event.reread_at)


def _restored_version(event: ObjectEvent, shelf: Shelf) -> str | None:
    """Taking away one version, or a delete marker, may bring an older version back: the bucket knows."""
    try:
        return shelf.archive.current_version(event.bucket, event.key) or "null"
    except NotFound:
        return None


def _delete(event: ObjectEvent, known: FileEntry | None, shelf: Shelf, *, at: str, release: str) -> Outcome:
    """Leaves a tombstone, which keeps what was known of the file and outlasts late events."""
    tombstone = replace(
        known
        or FileEntry(bucket=event.bucket, key=event.key, version_id=None, sequencer="", event_time="", status=Status.DELETED),
        sequencer=event.sequencer,
        event_time=event.time,
        reread_at=event.reread_at,
        status=Status.DELETED,
        occasion=event.occasion,
        received_at=event.time,
        catalogued_at=at,
        revision=known.revision + 1 if known else 1,
        release=release,
        rejects_object=None,
        loading=Loading(),
        member=event.member,
        members=(),
    )
    try:
        if known is not None:
            shelf.uploads.tell(_of_members(event, there=(), gone=known.members))
            if known.rejects_object:
                shelf.rejects.remove(known.rejects_object)
            if known.format == MAPPING_FORMAT:
                remove_mapping(event, shelf, at=at)
        shelf.files.put(tombstone)
    except Conflict:
        return Outcome.STALE
    return Outcome.DELETED
