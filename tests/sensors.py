"""What sensors send, and what must come of it: of each station, time and parameter the value that was sent last."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from local import operations
from mesonet.domain.instant import SECOND, parse
from mesonet.domain.live import LiveRow, LiveValue
from mesonet.intake.taking import Shelf, take
from mesonet.stores.latest import LatestStore
from mesonet.stores.live import LiveStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.stations import StationsStore
from tests.simulator.streams import StreamMapping
from tests.simulator.world import World
from tests.system import System

AIR, HUMIDITY = "air_temperature", "relative_humidity"
UNITS = {AIR: "Cel", HUMIDITY: "%"}
STATIONS = ("EWR", "JFK", "LGA")
TIMES = tuple(f"2026-01-01T00:0{minute}:00Z" for minute in range(3))


@dataclass
class Sensors:
    """A network of sensors, and the model of what they have said."""

    world: World
    said: dict[tuple[str, str, str], float] = field(default_factory=dict)
    refused: int = 0

    def send(self, station: str, time: str, **values: float) -> None:
        self.world.sense(station, json.dumps({"station": station, "time": time, "values": values}).encode())
        self.said |= {(station, time, name): value for name, value in values.items()}

    def send_poison(self, station: str, data: bytes = b"{") -> None:
        self.world.sense(station, data)
        self.refused += 1

    def correct(self, station: str, time: str, **values: float) -> None:
        """As a person does over HTTP, by whom the last word is said where everything before has been taken."""
        correct(self.world.system, station, time, now=int(self.world.clock.now * SECOND), **values)
        self.said |= {(station, time, name): value for name, value in values.items()}

    @property
    def mapping(self) -> StreamMapping:
        found = self.world.mappings["OnReadingFunction"]
        assert isinstance(found, StreamMapping)
        return found

    def check(self) -> None:
        """What can be read is what the model says, and the latest values with it."""
        system = self.world.system
        found = {
            (station, time, name): value
            for station, columns in system.said().items()
            for name, pairs in columns.items()
            for time, value in pairs.items()
        }
        assert found == self.said
        latest = {
            (station, name): each["value"]
            for station, parameters in system.latest().items()
            for name, each in parameters.items()
        }
        newest = {(station, name): value for (station, _, name), value in sorted(self.said.items())}
        assert latest == newest
        assert {item["station_id"] for item in system.items("StationsTable")} == {station for station, _, _ in self.said}

    def redrive(self) -> None:
        """What an operator does with readings that were given up: has them fetched from the stream. Poison stays poison."""
        queue = self.world.queues["ReadingsDeadLetterQueue"]
        letters = [json.loads(message.body) for message in queue.messages]
        queue.messages.clear()
        for letter in letters:
            if "KinesisBatchInfo" in letter:
                where = letter["KinesisBatchInfo"]
                first, last = int(where["startSequenceNumber"]), int(where["endSequenceNumber"])
                (shard,) = [shard for shard in self.world.sensors.shards if shard.id == where["shardId"]]
                records = [each.data for each in shard.records if first <= int(each.sequence) <= last]
                assert records, "the stream has them no more"
                self.world.invoke("OnReadingFunction", {"Records": records})
            else:
                assert letter["reason"]
                queue.send(json.dumps(letter))


def correct(system: System, station: str, time: str, *, now: int, **values: float) -> None:
    given: dict[str, Any] = {"client": system.dynamodb}
    rows: Sequence[LiveRow] = [
        LiveRow(
            station_id=station,
            time=parse(time),
            values={
                name: LiveValue(value=value, unit=UNITS[name], received=str(value), unit_received=UNITS[name])
                for name, value in values.items()
            },
        )
    ]
    shelf = Shelf(
        live=LiveStore(system.ref("ObservationsTable"), **given),
        latest=LatestStore(system.ref("LatestTable"), **given),
        stations=StationsStore(system.ref("StationsTable"), **given),
        network=NetworkStore(system.ref("ObservationsTable"), **given),
    )
    take(station, rows, shelf, now=now)


assert operations.RECORDS["ReadingsDeadLetterQueue"] == "OnReadingFunction"
