"""Decides what a change of the catalogue means for the rest of the world."""

from collections.abc import Sequence

from mesonet.channels.files_topic import FileNews
from mesonet.domain.file import FileChange, FileEntry, Occasion, Status
from mesonet.domain.notification import Whereabouts
from mesonet.record import replace
from mesonet.stores.stations import StationsStore

STATIONS_LOCATED = 10  # of each file: half a read unit a station; a file of more than that mostly locates them itself


def change_of(old: FileEntry | None, new: FileEntry | None) -> FileChange | None:
    """None where nothing has changed that anyone outside would notice, such as a note that a file has been loaded."""
    if new is None:
        return None if old is None or old.status is Status.DELETED else FileChange.DELETED
    if old is not None and old.order == new.order:
        return None
    if new.status is Status.DELETED:
        return None if old is None or old.status is Status.DELETED else FileChange.DELETED
    if new.status is Status.READING:
        return None  # it is told when all of it is read
    if new.occasion is not Occasion.NEWS:
        return FileChange.REREAD if new.occasion is Occasion.REPLAY else FileChange.BACKFILLED
    if old is None or old.status is Status.DELETED or (old.status is Status.READING and new.revision == 1):
        return FileChange.CATALOGUED
    return FileChange.REPLACED


def removed(old: FileEntry) -> FileEntry:
    """The tombstone of an entry whose item was taken out of the table: newer than the entry, older than its next event."""
    return replace(old, status=Status.DELETED, reread_at=f"{old.reread_at} ")


def located(news: Sequence[FileNews], *, stations: StationsStore) -> list[FileNews]:
    """The news with what is known of where their files' stations are. Raises Unavailable."""
    wanted = [list(told.entry.stations)[:STATIONS_LOCATED] for told in news]
    known = stations.known(list(dict.fromkeys(each for some in wanted for each in some)))
    found = [[known[each] for each in some if each in known] for some in wanted]
    return [
        FileNews(
            change=told.change,
            entry=told.entry,
            where=Whereabouts(
                positions=[place for each in some if (place := each.position)],
                bbox=told.entry.bbox,
                wigos_ids=[code for each in some if (code := each.wigos_id)],
            ),
        )
        for told, some in zip(news, found, strict=True)
    ]
