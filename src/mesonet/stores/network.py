"""ObservationsTable, the one item that says what the network observes altogether."""

from random import uniform
from time import sleep
from typing import Any

from mesonet.domain.geohash import CELL_LENGTH
from mesonet.domain.network import Network
from mesonet.domain.station import BoundingBox
from mesonet.errors import Conflict, Unavailable
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
        """Makes the network take in what was found. Raises Unavailable where others do not stop coming between."""
        if self._covered.widened(found) == self._covered:
            return
        for attempt in range(_ATTEMPTS):
            known, revision = self._read(consistent=True)
            wider = known.widened(found)
            try:
                if wider != known:
                    self._write(wider, revision)
            except Conflict as exc:
                if attempt == _ATTEMPTS - 1:
                    raise Unavailable("the network's extent is being written by too many") from exc
                sleep(uniform(0, 0.02 * 2 ** min(attempt, 6)))
            else:
                self._covered = wider
                return

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
                cells=_parted(values["cells"]) if "cells" in values else None,
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
            "cells": "".join(sorted(network.cells)) if network.cells is not None else None,
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
