"""Decides what a change of the catalogue means for the rest of the world."""

from dataclasses import replace

from mesonet.domain.file import FileChange, FileEntry, Status


def change_of(old: FileEntry | None, new: FileEntry | None) -> FileChange | None:
    """None where nothing has changed that anyone outside would notice, such as a note that a file has been loaded."""
    if new is None:
        return None if old is None or old.status is Status.DELETED else FileChange.DELETED
    if old is not None and old.order == new.order:
        return None
    if new.status is Status.DELETED:
        return None if old is None or old.status is Status.DELETED else FileChange.DELETED
    if old is None or old.status is Status.DELETED:
        return FileChange.CATALOGUED
    return FileChange.REPLACED


def removed(old: FileEntry) -> FileEntry:
    """The tombstone of an entry whose item was taken out of the table: newer than the entry, older than its next event."""
    return replace(old, status=Status.DELETED, reread_at=f"{old.reread_at} ")
