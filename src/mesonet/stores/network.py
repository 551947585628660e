"""ObservationsTable, the one item that says what the network observes altogether."""

from collections.abc import Callable
from contextlib import suppress
from random import uniform
from time import sleep
from typing import Any

from mesonet.domain.geohash import CELL_LENGTH
from mesonet.domain.network import ALL, Network
from mesonet.domain.station import BoundingBox
from mesonet.errors import Conflict, Unavailable
from mesonet.record import replace
from mesonet.stores.attributes import from_item, to_item
from mesonet.stores.dynamodb import translated

_KEY = {"partition": {"S": "network"}, "block": {"S": "extent"}}
_ATTEMPTS = 12  # it is written when something is there for the first time, seldom by two at once


class NetworkStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client
        self._covered = Network()  # what this process knows to be in it

    def get(self) -> Network:
        """What the network observes, where and when; an empty one where nothing has been observed."""
        return self._read(consistent=False)[0]

    def widen(self, found: Network) -> None:
        """Adds what was found to the network. Raises Unavailable where other writers keep interfering.

        Whether cells are in the item only the item says: an earlier release, which does not know them, may have left them out.
        """
        if found.cells or self._covered.widened(found) != self._covered:
            self._covered = self._change(lambda known: known.widened(found))

    def begin_survey(self, walk: str) -> None:
        """Says that a walk past all stations begins, which widens the network by each; `walk` names it, an instant (RFC 3339).
        Raises Unavailable as `widen` does."""
        self._change(lambda known: known if known.survey == ALL else replace(known, survey=walk))

    def end_survey(self, walk: str) -> None:
        """Says that the cells are all that have stations in them, since that walk has passed all. It does not where the item
        tells nothing of the walk any more: an earlier release has written it since, without the cells that were passed.
        Raises Unavailable as `widen` does."""
        self._change(lambda known: replace(known, survey=ALL) if walk and known.survey == walk else known)

    def _change(self, decide: Callable[[Network], Network]) -> Network:
        for attempt in range(_ATTEMPTS):
            known, revision = self._read(consistent=True)
            wanted = decide(known)
            with suppress(Conflict):
                if wanted != known:
                    self._write(wanted, revision)
                return wanted
            sleep(uniform(0, 0.02 * 2 ** min(attempt, 6)))
        raise Unavailable("the network's extent is being written by too many")

    def _read(self, *, consistent: bool) -> tuple[Network, int]:
        with translated("reading the network's extent"):
            answer = self._client.get_item(TableName=self._table, Key=_KEY, ConsistentRead=consistent)
        if "Item" not in answer:
            return Network(), 0
        values = from_item(answer["Item"])
        return (
            Network(
                bbox=BoundingBox(*map(float, values["bbox"])) if "bbox" in values else None,
                first=values.get("first"),
                last=values.get("last"),
                parameters=values["parameters"],
                cells=_parted(values.get("cells", "")),
                survey=values.get("survey", ""),
            ),
            values["revision"],
        )

    def _write(self, network: Network, revision: int) -> None:
        box = network.bbox
        values = {
            "first": network.first,
            "last": network.last,
            "bbox": [box.west, box.south, box.east, box.north] if box else None,
            "parameters": dict(network.parameters),
            "cells": "".join(sorted(network.cells)) or None,
            "survey": network.survey or None,
            "revision": revision + 1,
        }
        with translated("writing the network's extent"):
            self._client.put_item(
                TableName=self._table,
                Item=_KEY | to_item(values),
                ConditionExpression="attribute_not_exists(revision) OR revision = :revision",
                ExpressionAttributeValues={":revision": {"N": str(revision)}},
            )


def _parted(cells: str) -> frozenset[str]:
    return frozenset(cells[at : at + CELL_LENGTH] for at in range(0, len(cells), CELL_LENGTH))
