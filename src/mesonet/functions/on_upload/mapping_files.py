"""Mapping files: each that comes, changes or goes gives the tables around it another meaning, and has them read again."""

from collections.abc import Callable
from typing import BinaryIO

from mesonet.domain import instant
from mesonet.domain.file import FileEntry, ObjectEvent, Status, add_rejects
from mesonet.domain.mapping import Mapping
from mesonet.domain.observation import Reject
from mesonet.errors import Conflict, NotFound
from mesonet.formats.reading import Context, Guess
from mesonet.formats.survey import Survey, survey
from mesonet.functions.on_upload.shelf import Shelf
from mesonet.record import replace
from mesonet.stores.rejects import RejectsFile

MAPPING_FORMAT = "mapping"
_UNREADABLE = (Status.UNKNOWN, Status.EMPTY, Status.REJECTED)
_LARGEST = 1024 * 1024  # bytes; what is larger is no mapping (`formats/tables/mapping_file`)


def apply_mapping(mapping: Mapping, event: ObjectEvent, shelf: Shelf, *, at: str) -> None:
    """Keeps the mapping that the event's object is, and has the files that it may give a new meaning read again: those that no
    mapping speaks of yet, and those that were read with this one or with another from its folder or from a folder above."""
    try:
        shelf.mappings.put(replace(mapping, source=event.key, order=event.order))
    except Conflict:
        return
    others = shelf.mappings.above(mapping.prefix)
    waiting = shelf.files.to_read_again(event.bucket, mapping.prefix, others)
    shelf.uploads.read_again((entry for entry in waiting if entry.key != event.key), at=at, occasion=event.occasion)
    shelf.uploads.look_again(event)


def remove_mapping(event: ObjectEvent, shelf: Shelf, *, at: str) -> None:
    """Takes the mapping away, and has the files that were read with it read again. Raises Conflict where it is a newer one."""
    shelf.mappings.remove(event.key, event.order)
    shelf.uploads.read_again(shelf.files.to_read_again(event.bucket, _folder(event), [event.key]), at=at)
    shelf.uploads.look_again(event)


def look_again(event: ObjectEvent, shelf: Shelf, *, at: str) -> None:
    """Has the files in a mapping's folder read again that were read with another mapping than the one that they have now."""
    folder = _folder(event)
    find = shelf.mappings.finder()
    shelf.uploads.read_again(
        (
            entry
            for entry in shelf.files.to_read_again(event.bucket, folder, shelf.mappings.above(folder))
            if entry.mapping_order != order_of(find(entry.key))
        ),
        at=at,
        occasion=event.occasion,
    )


def order_of(mapping: Mapping | None) -> str:
    """As an entry notes the mapping that there was when its file was read: '' for none."""
    return mapping.order if mapping else ""


def may_be_mapping(known: FileEntry) -> bool:
    """Whether an entry is of a mapping file, or of something unreadable that took its place: events come in any order, so a
    mapping that is older than what is known may still be told of."""
    return known.format == MAPPING_FORMAT or (known.format is None and known.status in _UNREADABLE)


def apply_late(event: ObjectEvent, known: FileEntry, shelf: Shelf, *, at: str) -> None:
    """An event told of an older object than the catalogue knows. Where the newer one is unreadable (see `may_be_mapping`) and
    the older one is a mapping, that comes into use, as it would have if the events had come in order; and the newer one is read
    again, since what takes the place of a mapping is taken for a mapping with a mistake in it (see `without_mapping`)."""
    if known.status not in _UNREADABLE or not may_be_mapping(known) or event.removed or event.member:
        return
    try:
        stored = shelf.archive.open(event.bucket, event.key, event.version_id)
    except NotFound:
        return
    if stored.size > _LARGEST:
        return
    found = survey(stored.body, Context(key=event.key, received=instant.parse(event.time)))
    if found.mapping is None:
        return
    apply_mapping(found.mapping, event, shelf, at=at)
    if known.format is None:
        shelf.uploads.read_again([known], at=at)


def without_mapping(
    found: Survey, context: Context, again: Callable[[], BinaryIO], left_out: RejectsFile, *, kept: bool
) -> Survey:
    """What was found in the place of a mapping, and is none.

    A file of another format simply takes its place. What cannot be read at all was meant to be a mapping: it is rejected as
    one, with what is wrong in it. Where a mapping is `kept`, that stays in use: a slip of the keyboard must not take a folder's
    data away.
    """
    if found.status not in _UNREADABLE:
        return found
    if found.recognition.format is None:
        from mesonet.formats.tables import mapping_file  # imported already where there are mappings

        faults = [each for each in mapping_file.read(again(), context) if isinstance(each, Reject)]
        left_out.clear()
        reasons: dict[str, int] = {}
        for fault in faults:
            left_out.add(fault)
            add_rejects(reasons, fault.kind)
        recognition = replace(found.recognition, format=MAPPING_FORMAT, guess=Guess(0.5, "it came in the place of a mapping"))
        found = replace(
            found,
            recognition=recognition,
            status=Status.REJECTED,
            rejected=len(faults),
            rejects=tuple(faults),
            reasons=reasons,
        )
    stays = "the mapping that was here before stays in use until another takes its place, or this file is deleted"
    return replace(found, why=f"{found.why}; {stays}") if kept else found


def _folder(event: ObjectEvent) -> str:
    """The prefix that a mapping file speaks of: the folder in which it lies, and all below."""
    return event.key[: event.key.rfind("/") + 1]
