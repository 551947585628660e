"""What answers about files look like."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from mesonet.domain import instant
from mesonet.domain.coverage import Coverage
from mesonet.domain.file import Claim, FileEntry
from mesonet.domain.observation import Reject
from mesonet.domain.search import Kind, SearchDocument
from mesonet.web.media import Link, csv_line

type Links = list[Link]


def found(document: SearchDocument, *, links: list[Link]) -> dict[str, Any]:
    """A file or a station in a list."""
    shown = dict(document.shown)
    if document.kind is Kind.FILE:
        shown |= {"first": _iso(document.first), "last": _iso(document.last)}
    return shown | {"links": links}


def file_entry(entry: FileEntry, *, links: Links) -> dict[str, Any]:
    """All that the catalogue knows of a file."""
    return {
        "id": entry.id,
        "bucket": entry.bucket,
        "key": entry.key,
        "archive": entry.object_key if entry.member else None,
        "members": list(entry.members),
        "version_id": entry.version_id,
        "revision": entry.revision,
        "status": entry.status,
        "read_up_to": {"byte": entry.mark.at, "row": entry.mark.row} if entry.mark else None,
        "format": {"name": entry.format, "confidence": entry.confidence, "why": entry.why, "claim": Claim.INFERRED}
        if entry.format or entry.why
        else None,
        "size": entry.size,
        "sha256": entry.sha256,
        "etag": entry.etag,
        "compression": entry.compression,
        "encoding": entry.encoding,
        "claims": dict(entry.claims),
        "mapping": entry.mapping,
        "proposal": _proposal(entry),
        "received_at": entry.received_at,
        "catalogued_at": entry.catalogued_at,
        "release": entry.release,
        "rows": entry.rows,
        "first": _iso(entry.first),
        "last": _iso(entry.last),
        "bbox": list(entry.bbox) if entry.bbox else None,
        "station_count": entry.stations_known,
        "stations": entry.stations,
        "column_count": entry.column_count,
        "columns": [_members(column) for column in entry.columns],
        "rejected": entry.rejected,
        "rejects": [_members(reject) for reject in entry.rejects],
        "quality": {
            name: {"flags": dict(flags), "tests": dict(entry.loading.tests.get(name, {}))}
            for name, flags in entry.loading.flags.items()
        },
        "completeness": entry.loading.completeness,
        "coverage": {station: _coverage(each) for station, each in entry.loading.coverage.items()},
        "loading": {name: value for name, value in _members(entry.loading).items() if name not in _ELSEWHERE},
        "links": links,
    }


_ELSEWHERE = ("flags", "tests", "coverage", "completeness")  # noted when the file was loaded, and shown beside it


def _coverage(coverage: Coverage) -> dict[str, Any]:
    """When a station was heard; `interval` is null where no distance between two times is the usual one."""
    return {
        "first": instant.iso(coverage.first),
        "last": instant.iso(coverage.last),
        "times": coverage.times,
        "interval": instant.duration(coverage.interval) if coverage.interval else None,
        "interval_claim": (Claim.CONFIGURED if coverage.configured else Claim.INFERRED) if coverage.interval else None,
        "due": coverage.due,
        "completeness": coverage.completeness,
        "gap_count": coverage.gaps,
        "longest_gaps": [
            {"after": instant.iso(gap.after), "before": instant.iso(gap.before), "missing": gap.missing}
            for gap in coverage.longest
        ],
    }


def _proposal(entry: FileEntry) -> dict[str, Any] | None:
    """The mapping that was proposed for a table without one; its text is that of a mapping file."""
    proposal = entry.proposal
    if proposal is None:
        return None
    return {
        "mapping": json.loads(proposal.mapping) if proposal.mapping else None,
        "columns": [_members(column) for column in proposal.columns],
        "questions": list(proposal.questions),
    }


def rejects(entry: FileEntry, found: Sequence[Reject], *, more: int, links: Links) -> dict[str, Any]:
    """Some rejects of a file; `not_kept` are those beyond what is kept of a file that is wrong throughout."""
    return {
        "file": entry.id,
        "key": entry.key,
        "rejected": entry.rejected,
        "count": len(found),
        "not_kept": more,
        "rejects": [_members(reject) for reject in found],
        "links": links,
    }


def rejects_csv(found: Sequence[Reject]) -> Iterable[str]:
    yield csv_line(["row", "column", "value", "reason"])
    for reject in found:
        yield csv_line([reject.row, reject.column, reject.value, reject.reason])


def _members(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _iso(moment: int | None) -> str | None:
    return None if moment is None else instant.iso(moment)
