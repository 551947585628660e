"""DerivedBucket, `reconcile/`: how far the comparison of bucket, catalogue and observations has come."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from mesonet.record import dataclass, field, names

_KEY = "reconcile/round.json"


class Phase(StrEnum):
    BUCKET = "bucket"  # each key of the archive against the catalogue
    CATALOGUE = "catalogue"  # each entry against the bucket, its mapping, the index, and its blocks
    LIVE = "live"  # what came live, from its copies into its table; only where it is asked for
    LATEST = "latest"  # each station's latest values against its blocks
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`place` is where the phase goes on; `seen` and `mended` count, by phase and by kind; times are ISO 8601.
    `survey` is the walk past all stations that the phase LATEST began with: it is lost where an earlier release does a part."""

    began_at: str
    phase: Phase = Phase.BUCKET
    place: str = ""
    ended_at: str = ""
    survey: str = ""
    seen: Mapping[str, int] = field(default_factory=dict)
    mended: Mapping[str, int] = field(default_factory=dict)


class RoundsStore:
    def __init__(self, bucket: str, *, client: Any) -> None:
        self._bucket = bucket
        self._client = client

    def get(self) -> Round | None:
        """The round as the last run left it; None before the first, and where a later release was at a phase of its own.
        Members of other releases are passed over."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=_KEY)
        except ClientError as exc:
            if exc.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
        values = json.loads(answer["Body"].read())
        if values["phase"] not in Phase:
            return None
        known = {name: values[name] for name in names(Round) if name in values}
        return Round(**known | {"phase": Phase(values["phase"])})

    def put(self, given: Round) -> None:
        self._client.put_object(Bucket=self._bucket, Key=_KEY, Body=json.dumps(asdict(given)).encode())
