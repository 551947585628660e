"""Subscriptions: who wants to be told of which files, and how."""

import json
from base64 import b32encode
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

from mesonet.domain import geohash
from mesonet.domain.file import FileChange
from mesonet.domain.instant import DAY
from mesonet.domain.notification import CELL_LENGTHS
from mesonet.domain.search import overlap
from mesonet.domain.station import BoundingBox
from mesonet.record import dataclass, field

GIVEN_UP_AFTER = 3 * DAY  # in ms: an endpoint that fails for so long without one success is told no more
_MOST_CELLS = 30  # of a filter: SNS takes 150 values, and they are multiplied with the other properties' values
_MOST_COMBINATIONS = 150
NEWS = (FileChange.CATALOGUED.value, FileChange.REPLACED.value, FileChange.DELETED.value)


class Channel(StrEnum):
    EMAIL = "email"
    SQS = "sqs"
    LAMBDA = "lambda"
    WEBHOOK = "webhook"


class State(StrEnum):
    PENDING = "pending"  # the endpoint has not confirmed that it wants this
    ACTIVE = "active"
    DISABLED = "disabled"  # it failed for too long, or said that it is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """All that is given has to fit; of a list, one. `bbox` is west, south, east, north in degrees.

    Without `kinds` only news fit: what is replayed, or is history that was brought in, comes to those who name its kind.
    """

    bbox: tuple[float, float, float, float] | None = None
    stations: tuple[str, ...] = ()
    standard_names: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        given = {"bbox": list(self.bbox) if self.bbox else None}
        lists = ("stations", "standard_names", "formats", "countries", "kinds")
        return {name: value for name, value in (given | {name: list(getattr(self, name)) for name in lists}).items() if value}

    def policy(self) -> dict[str, list[str]]:
        """As a filter policy of SNS, on attributes. Of a box its cells: what lies just outside may come, too."""
        policy = {
            "kind": list(self._told),
            "stations": list(self.stations),
            "standard_names": list(self.standard_names),
            "format": list(self.formats),
            "countries": list(self.countries),
            "cells": _cells(self.bbox) if self.bbox else [],
        }
        return {name: values for name, values in policy.items() if values}

    @property
    def _told(self) -> tuple[str, ...]:
        return self.kinds or NEWS

    @property
    def is_too_wide(self) -> bool:
        """Whether SNS takes no such policy: at most five properties, whose numbers of values multiplied are at most 150."""
        combinations = 1
        for values in self.policy().values():
            combinations *= len(values)
        return len(self.policy()) > 5 or combinations > _MOST_COMBINATIONS

    def fits(self, message: Mapping[str, Any], attributes: Mapping[str, Any]) -> bool:
        """`attributes` are those of the notification, lists as lists."""
        file = message["file"]
        stations = file.get("stations") or attributes.get("stations", ())
        return (
            message["kind"] in self._told
            and (not self.formats or file.get("format") in self.formats)
            and (not self.stations or not set(self.stations).isdisjoint(stations))
            and (not self.standard_names or not set(self.standard_names).isdisjoint(attributes.get("standard_names", ())))
            and (not self.countries or not set(self.countries).isdisjoint(attributes.get("countries", ())))
            and (self.bbox is None or _lies_in(message.get("geometry"), self.bbox))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """`secret` signs what goes to a webhook; `arn` is SNS's own subscription. Times are instants; `failing_since` is the first
    of the failures since the last success. Disabled without it is one that said that it is gone."""

    operator_id: str
    channel: Channel
    endpoint: str
    filter: Filter = field(default_factory=Filter)
    state: State = State.ACTIVE
    created_at: int = 0
    secret: str = ""
    arn: str = ""
    failing_since: int | None = None
    reason: str | None = None

    @property
    def is_gone(self) -> bool:
        return self.state is State.DISABLED and self.failing_since is None

    @property
    def id(self) -> str:
        """The same for the same wish of the same operator: asking twice makes one subscription."""
        wish = [self.operator_id, self.channel.value, self.endpoint, self.filter.document()]
        digest = sha256(json.dumps(wish, sort_keys=True).encode()).digest()[:16]
        return b32encode(digest).decode().rstrip("=").lower()


def _cells(bbox: tuple[float, float, float, float]) -> list[str]:
    """Geohashes that cover the box, as small ones as there may be; with them `any4`, what is everywhere at that length."""
    west, south, east, north = bbox
    for length in reversed(CELL_LENGTHS):
        found = geohash.cells(south, west, north, east, length, _MOST_CELLS - 1)
        if found is not None:
            return [*found, f"any{length}"]
    return []


def _lies_in(geometry: Mapping[str, Any] | None, bbox: tuple[float, float, float, float]) -> bool:
    if geometry is None:
        return False
    points = [geometry["coordinates"]] if geometry["type"] == "Point" else geometry["coordinates"][0]
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    # the first and second corners of a box are west and east; it may cross the antimeridian
    east = points[1][0] if len(points) > 1 else longitudes[0]
    return overlap(BoundingBox(*bbox), (longitudes[0], min(latitudes), east, max(latitudes)))
