"""Decides what an event of the archive means for the catalogue."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from mesonet.channels.uploads_queue import UploadsQueue
from mesonet.domain import instant
from mesonet.domain.file import (
    FileEntry,
    Loading,
    LoadState,
    ObjectEvent,
    Occasion,
    Status,
    add_rejects,
    content_order,
    continued,
    file_id,
    member_key,
)
from mesonet.domain.mapping import Mapping
from mesonet.domain.observation import Reject
from mesonet.errors import Conflict, NotFound, Unavailable
from mesonet.formats.reading import MAPPED, RESERVE_MS, Context, Guess
from mesonet.formats.survey import Survey, survey
from mesonet.record import replace
from mesonet.stores.archive import ArchiveStore
from mesonet.stores.files import FilesStore
from mesonet.stores.mappings import MappingsStore
from mesonet.stores.rejects import RejectsFile, RejectsStore, name_of

MAPPING_FORMAT = "mapping"
ARCHIVE_FORMAT = "zip"
_UNREADABLE = (Status.UNKNOWN, Status.EMPTY, Status.REJECTED)
_LARGEST_MAPPING = 1024 * 1024  # bytes; what is larger is none (`mapping_file`)


class Outcome(StrEnum):
    CATALOGUED = "catalogued"
    DELETED = "deleted"
    KNOWN = "known"  # the event came before, or tells of what is already so
    STALE = "stale"  # something newer is in the catalogue
    GONE = "gone"  # the object went before it was read; the event of that tells the rest
    BEGUN = "begun"  # the rest of a large file is to come
    LOOKED = "looked"  # for files of a mapping that its index did not show before


def catalogue(
    event: ObjectEvent,
    *,
    archive: ArchiveStore,
    files: FilesStore,
    mappings: MappingsStore,
    rejects: RejectsStore,
    uploads: UploadsQueue,
    now: datetime,
    release: str,
    remaining_ms: Callable[[], int],
) -> Outcome:
    """Brings the file's entry to what the event tells; the same event twice, late or out of order changes nothing.

    An event is done with when the entry is written, which is the last thing that happens: whatever is cut off before is done
    again as a whole. A file that takes longer than there is time is left at a mark, and a message to ourselves goes on there.
    """
    if event.look_again:
        look_again(event, files=files, mappings=mappings, uploads=uploads, now=now)
        return Outcome.LOOKED
    known = files.get(event.file_id)
    if known is not None and known.order >= event.order:
        if known.order == event.order:
            if known.mark:  # whoever wrote this may not have come to ask for the rest
                go_on(known, uploads, now)
            return Outcome.KNOWN
        left = _rejects_name(event, event.version_id)  # of a reading that did not get further
        if left != known.rejects_object:
            rejects.remove(left)
        if known.status in _UNREADABLE and _may_be_mapping(known) and not (event.removed or event.member):
            _late_mapping(event, known, archive=archive, files=files, mappings=mappings, uploads=uploads, now=now)
        return Outcome.STALE

    if event.member and not event.removed and _outlived(event, files):
        return Outcome.STALE
    if event.removed:
        version = None if event.member else _restored_version(event, archive)
        if version is None:
            return _delete(
                event, known, files=files, mappings=mappings, rejects=rejects, uploads=uploads, now=now, release=release
            )
        if known is not None and known.version_id == version and known.status is not Status.DELETED:
            return Outcome.KNOWN
        event = replace(event, version_id=version)

    if remaining_ms() < RESERVE_MS:
        raise Unavailable("too little of this call's time is left to begin with a file: it comes again")
    try:
        stored = archive.open(event.bucket, event.object_key, event.version_id)
    except NotFound:
        return Outcome.GONE
    mapping = mappings.find(event.key)
    version_id = stored.version_id or event.version_id
    former = _left(known, event, version_id, mapping)

    def again() -> BinaryIO:
        return archive.open(event.bucket, event.object_key, version_id).body

    with RejectsFile() as left_out:
        if former is not None and former.rejects_object:
            try:
                left_out.go_on_with(rejects.lines(former.rejects_object))
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
        if known is not None and found.mapping is None and _may_be_mapping(known):
            kept = mappings.holds(event.key)
            if kept or known.format == MAPPING_FORMAT:
                found = _no_mapping(found, context, again, left_out, kept=kept)
        rejects_object = _rejects_name(event, version_id) if left_out.count else None
        if rejects_object:
            rejects.put(rejects_object, left_out)
    mapped = mapping if found.recognition.format in MAPPED else None
    loadable = found.status.usable and found.recognition.format not in (MAPPING_FORMAT, ARCHIVE_FORMAT)
    entry = FileEntry(
        bucket=event.bucket,
        key=event.key,
        version_id=version_id,
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
        mapping=mapped.source if mapped else None,
        mapping_order=mapping.order if mapping and found.mapping is None else "",
        proposal=found.proposal,
        rows=found.rows,
        rejected=found.rejected,
        rejects=found.rejects,
        reasons=found.reasons,
        rejects_object=rejects_object,
        columns=found.columns,
        column_count=found.column_count,
        stations=found.stations,
        station_count=found.station_count,
        first=found.first,
        last=found.last,
        bbox=found.bbox,
        received_at=event.time,
        catalogued_at=_text(now),
        revision=known.revision + 1 if known else 1,
        release=release,
        mark=found.mark,
        loading=Loading(state=LoadState.PENDING if loadable else LoadState.NONE),
        member=event.member,
        members=found.members,
        claims=found.claims,
    )
    if former is not None:
        entry = continued(former, entry)
    before = known.members if known else ()
    uploads.tell(_of_members(replace(event, version_id=version_id), there=found.members, gone=before))
    if found.mapping is not None:
        apply_mapping(found.mapping, event, files=files, mappings=mappings, uploads=uploads, now=now)
    elif known is not None and known.format == MAPPING_FORMAT and entry.format != MAPPING_FORMAT:
        remove_mapping(event, files=files, mappings=mappings, uploads=uploads, now=now)
    if known is not None and known.rejects_object not in (None, rejects_object):
        rejects.remove(known.rejects_object)
    try:
        files.put(entry)
    except Conflict:
        newer = files.get(event.file_id)
        if newer is not None and found.members:
            # whoever wrote it knew nothing of these
            uploads.tell(_of_members(_event_of(newer), there=(), gone=set(found.members) - set(newer.members)))
        if rejects_object and (newer is None or newer.rejects_object != rejects_object):
            rejects.remove(rejects_object)
        if found.mapping is not None and newer is not None and newer.status is Status.DELETED:
            mappings.remove(event.key, newer.order)  # the deletion came between, and found no mapping to take away
        return Outcome.STALE
    if entry.mark:
        go_on(entry, uploads, now)
        return Outcome.BEGUN
    if (mapped or entry.status in (Status.UNMAPPED, Status.UNKNOWN)) and mappings.find(event.key) != mapping:
        # a mapping arrived while we read; whoever stored it may have looked for this entry too early
        uploads.read_again([entry], at=_text(now))
    return Outcome.CATALOGUED


def _no_mapping(found: Survey, context: Context, again: Callable[[], BinaryIO], left_out: RejectsFile, *, kept: bool) -> Survey:
    """What came in the place of a mapping and is none. Something else takes its place; what cannot be read at all was meant to
    be one, and the one that is `kept` stays in use: a slip of the keyboard must not take a folder's data away."""
    if found.status not in (Status.UNKNOWN, Status.EMPTY, Status.REJECTED):
        return found
    if found.recognition.format is None:
        from mesonet.formats import mapping_file  # imported already where there are mappings

        said = [each for each in mapping_file.read(again(), context) if isinstance(each, Reject)]
        left_out.clear()
        reasons: dict[str, int] = {}
        for each in said:
            left_out.add(each)
            add_rejects(reasons, each.kind)
        recognition = replace(found.recognition, format=MAPPING_FORMAT, guess=Guess(0.5, "it came in the place of a mapping"))
        found = replace(
            found,
            recognition=recognition,
            status=Status.REJECTED,
            rejected=len(said),
            rejects=tuple(said),
            reasons=reasons,
        )
    stays = "the mapping that was here before stays in use until another takes its place, or this file is deleted"
    return replace(found, why=f"{found.why}; {stays}") if kept else found


def _may_be_mapping(known: FileEntry) -> bool:
    """Whether it is one, or what nobody could read: a mapping may have been told of later."""
    return known.format == MAPPING_FORMAT or (known.format is None and known.status in _UNREADABLE)


def _late_mapping(
    event: ObjectEvent,
    known: FileEntry,
    *,
    archive: ArchiveStore,
    files: FilesStore,
    mappings: MappingsStore,
    uploads: UploadsQueue,
    now: datetime,
) -> None:
    """What came in the place of a mapping and cannot be read was told of before the mapping: that comes into use, as it would
    have in order, and the other is read again as what it is."""
    try:
        stored = archive.open(event.bucket, event.key, event.version_id)
    except NotFound:
        return
    if stored.size > _LARGEST_MAPPING:
        return
    found = survey(stored.body, Context(key=event.key, received=instant.parse(event.time)))
    if found.mapping is not None:
        apply_mapping(found.mapping, event, files=files, mappings=mappings, uploads=uploads, now=now)
        if known.format is None:
            uploads.read_again([known], at=_text(now))


def go_on(entry: FileEntry, uploads: UploadsQueue, now: datetime) -> None:
    """Asks for the rest of a file that was left at a mark."""
    uploads.read_again([entry], at=max(_text(now), entry.reread_at))


def _left(known: FileEntry | None, event: ObjectEvent, version_id: str | None, mapping: Mapping | None) -> FileEntry | None:
    """The entry, where a reading of the same bytes with the same mapping was left in it."""
    if known is None or known.mark is None or not event.reread_at or known.version_id != version_id:
        return None
    return known if known.mapping_order == (mapping.order if mapping else "") else None


def _outlived(event: ObjectEvent, files: FilesStore) -> bool:
    """Whether the archive that a file lies in has a newer state, which tells of its files anew."""
    holder = files.get(file_id(event.bucket, event.object_key))
    return holder is not None and content_order(holder.sequencer, holder.event_time) > content_order(
        event.sequencer, event.time
    )


def _of_members(archive: ObjectEvent, *, there: Iterable[str], gone: Iterable[str]) -> Iterator[ObjectEvent]:
    """What an event of an archive means for the files in it: those that are there, and those that are there no more."""
    for name in there:
        yield replace(archive, key=member_key(archive.key, name), member=name)
    for name in sorted(set(gone) - set(there)):
        yield replace(archive, key=member_key(archive.key, name), member=name, removed=True)


def _event_of(entry: FileEntry) -> ObjectEvent:
    """The event that an entry's state is of."""
    return ObjectEvent(
        bucket=entry.bucket,
        key=entry.key,
        version_id=entry.version_id,
        sequencer=entry.sequencer,
        time=entry.event_time,
        reread_at=entry.reread_at,
        occasion=entry.occasion,
    )


def _rejects_name(event: ObjectEvent, version_id: str | None) -> str:
    return name_of(event.key, event.file_id, version_id or event.sequencer or "null", event.reread_at)


def apply_mapping(
    mapping: Mapping, event: ObjectEvent, *, files: FilesStore, mappings: MappingsStore, uploads: UploadsQueue, now: datetime
) -> None:
    """Keeps the mapping, and has the files that it may give a new meaning read again: those that none speaks of yet, and those
    read with this one or with another from its folder or from above."""
    try:
        mappings.put(replace(mapping, source=event.key, order=event.order))
    except Conflict:
        return
    others = mappings.above(mapping.prefix)
    waiting = files.to_read_again(event.bucket, mapping.prefix, others)
    uploads.read_again((entry for entry in waiting if entry.key != event.key), at=_text(now), occasion=event.occasion)
    uploads.look_again(event)


def remove_mapping(
    event: ObjectEvent, *, files: FilesStore, mappings: MappingsStore, uploads: UploadsQueue, now: datetime
) -> None:
    """Takes the mapping away, and has the files that were read with it read again. Raises Conflict where it is a newer one."""
    mappings.remove(event.key, event.order)
    prefix = event.key[: event.key.rfind("/") + 1]
    uploads.read_again(files.to_read_again(event.bucket, prefix, [event.key]), at=_text(now))
    uploads.look_again(event)


def look_again(event: ObjectEvent, *, files: FilesStore, mappings: MappingsStore, uploads: UploadsQueue, now: datetime) -> None:
    """Has the files in a mapping's folder read again that were read with another than the one that they have now."""
    prefix = event.key[: event.key.rfind("/") + 1]
    find = mappings.finder()
    uploads.read_again(
        (
            entry
            for entry in files.to_read_again(event.bucket, prefix, mappings.above(prefix))
            if entry.mapping_order != (mapping.order if (mapping := find(entry.key)) else "")
        ),
        at=_text(now),
        occasion=event.occasion,
    )


def _restored_version(event: ObjectEvent, archive: ArchiveStore) -> str | None:
    """Taking away one version, or a delete marker, may bring an older version back: the bucket knows."""
    try:
        return archive.current_version(event.bucket, event.key) or "null"
    except NotFound:
        return None


def _delete(
    event: ObjectEvent,
    known: FileEntry | None,
    *,
    files: FilesStore,
    mappings: MappingsStore,
    rejects: RejectsStore,
    uploads: UploadsQueue,
    now: datetime,
    release: str,
) -> Outcome:
    """Leaves a tombstone, which keeps what was known of the file and holds against late events."""
    tombstone = replace(
        known
        or FileEntry(bucket=event.bucket, key=event.key, version_id=None, sequencer="", event_time="", status=Status.DELETED),
        sequencer=event.sequencer,
        event_time=event.time,
        reread_at=event.reread_at,
        status=Status.DELETED,
        occasion=event.occasion,
        received_at=event.time,
        catalogued_at=_text(now),
        revision=known.revision + 1 if known else 1,
        release=release,
        rejects_object=None,
        loading=Loading(),
        member=event.member,
        members=(),
    )
    if known is not None:
        uploads.tell(_of_members(event, there=(), gone=known.members))
    if known is not None and known.rejects_object:
        rejects.remove(known.rejects_object)
    if known is not None and known.format == MAPPING_FORMAT:
        try:
            remove_mapping(event, files=files, mappings=mappings, uploads=uploads, now=now)
        except Conflict:
            return Outcome.STALE
    try:
        files.put(tombstone)
    except Conflict:
        return Outcome.STALE
    return Outcome.DELETED


def _text(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
