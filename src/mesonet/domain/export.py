"""An answer that is made into one file, since it has more than one page."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self

from mesonet.domain import instant
from mesonet.domain.instant import SECOND
from mesonet.record import dataclass, members

SAME_FOR_MS = 600 * SECOND  # as long is one file the answer to one question; then it is asked whether data have come since
LOST_AFTER_MS = 1200 * SECOND  # a function has 15: by then it has ended, whatever came of it


class Kind(StrEnum):
    """The short names by which `f` asks for them."""

    CSV = "CSV"
    COVERAGEJSON = "CoverageJSON"
    PARQUET = "Parquet"


_ENDINGS: Mapping[Kind, str] = {Kind.CSV: "csv", Kind.COVERAGEJSON: "covjson", Kind.PARQUET: "parquet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A question to the API: `path`, and `query` without what says how the answer comes. `asked_at` is an instant."""

    path: str
    query: Mapping[str, str]
    kind: Kind
    asked_at: int

    @property
    def id(self) -> str:
        """The same for the same question within some minutes, whoever asks."""
        said = [self.path, sorted(self.query.items()), self.kind, self.asked_at // SAME_FOR_MS]
        return sha256(json.dumps(said).encode()).hexdigest()[:32]

    @property
    def file_name(self) -> str:
        """Of letters that every file system takes."""
        said = f"{self.path.strip('/')}_{self.query.get('datetime', 'latest')}"
        return f"{re.sub(r'[^a-zA-Z0-9.-]+', '_', said)[:150]}.{_ENDINGS[self.kind]}"

    def is_lost(self, now: int) -> bool:
        """Whether its file should have been made by now: the function that made it has ended without noting why."""
        return now - self.asked_at > LOST_AFTER_MS

    def to_json(self) -> str:
        return json.dumps(members(self) | {"asked_at": instant.iso(self.asked_at)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Raises ValueError, KeyError or TypeError where the text is no export."""
        said: dict[str, Any] = json.loads(text)
        return cls(
            path=str(said["path"]),
            query={str(name): str(value) for name, value in said["query"].items()},
            kind=Kind(said["kind"]),
            asked_at=instant.parse(said["asked_at"]),
        )
