"""JobCompactFunction: live rows become blocks, and nobody who reads can tell when."""

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest

from mesonet.domain.block import BlockColumn, Span, listed, overlay
from mesonet.domain.fragment import Fragment
from mesonet.domain.instant import Interval, parse
from mesonet.domain.live import LiveRow, LiveValue, Stretch
from mesonet.domain.network import Network
from mesonet.functions.job_compact import logic
from mesonet.record import replace
from mesonet.stores import live_copies
from mesonet.stores.live import LiveStore
from mesonet.stores.live_copies import key_of
from mesonet.stores.observations import ObservationsStore, Selection
from mesonet.stores.rounds import RoundsStore
from tests.component.test_observations_sent import BEFORE, NOON, issued, observation, read, send
from tests.system import System
from tests.unit.web.requests import event

DAY = "2026-01-01"
STRETCH = Stretch(station_id="EWR", span=Span.DAY, start=DAY)


@pytest.fixture
def key(system: System) -> str:
    return issued(system, "*")


def compact(system: System) -> dict[str, Any]:
    return system.invoke("job_compact", {})


def rows(system: System) -> list[dict[str, Any]]:
    return [item for item in system.items("ObservationsTable") if "token" in item]


def blocks(system: System) -> list[str]:
    found = [item for item in system.items("ObservationsTable") if "n" in item]
    return sorted(item["block"] for item in found)


def day(system: System, key: str, minutes: int = 5) -> None:
    for minute in range(minutes):
        send(
            system,
            key,
            observation(f"2026-01-01T12:{minute:02d}:00Z", air_temperature=minute, wind_speed={"value": "3.6", "unit": "km/h"}),
        )


def whole(system: System) -> Any:
    """All that readers see, but flags: what the neighbours are is known in the block only."""
    found = read(system, datetime="2026-01-01", details="true")
    for column in found["parameters"].values():
        column.pop("quality")
        column.pop("tests", None)
    return found, read(system, "/latest")


def test_rows_become_a_block_and_reads_stay_the_same(system: System, key: str) -> None:
    day(system, key)
    before = whole(system)
    assert compact(system) == {"stretches": 1, "rows": 5, "left": 0}
    assert not rows(system)
    assert blocks(system) == ["D#2026-01-01#live#0000"]
    assert whole(system) == before
    assert compact(system) == {"stretches": 0, "rows": 0, "left": 0}


def test_what_comes_late_or_corrects_comes_into_the_block(system: System, key: str) -> None:
    day(system, key)
    compact(system)
    send(system, key, [observation(NOON, air_temperature=-3), observation("2026-01-01T23:00:00Z", relative_humidity=40)])
    before = whole(system)
    assert before[0]["parameters"]["air_temperature"]["values"][:2] == [-3, 1]
    compact(system)
    assert not rows(system)
    assert whole(system) == before


@pytest.mark.parametrize("details", ["true", "false"])
def test_a_page_may_end_within_a_stretch_of_which_a_part_is_a_block(details: str, system: System, key: str) -> None:
    day(system, key)
    compact(system)
    send(system, key, observation("2026-01-01T12:05:00Z", air_temperature=5))
    page = read(system, datetime=DAY, parameters="air_temperature", limit="3", details=details)
    column = page["parameters"]["air_temperature"]
    assert column["values"] == [0, 1, 2]
    assert column.get("received") == (["0", "1", "2"] if details == "true" else None)


def test_values_of_days_are_kept_by_the_year(system: System, key: str) -> None:
    send(system, key, observation(BEFORE, **{"air_temperature:2:maximum:P1D": 5, "air_temperature": 4}))
    compact(system)
    assert blocks(system) == ["D#2025-12-31#live#0000", "Y#2025#live#0000"]
    assert read(system, datetime="2025-12-31")["parameters"]["air_temperature:2:maximum:P1D"]["values"] == [5]


def test_the_block_is_tested_with_its_neighbours(system: System, key: str) -> None:
    for minute, value in enumerate([10, 10.1, 35, 10.2, 10.1, 10.3]):
        send(system, key, observation(f"2026-01-01T12:{minute:02d}:00Z", air_temperature=value))
    compact(system)
    column = read(system, datetime=DAY, details="true")["parameters"]["air_temperature"]
    assert column["quality"] == [1, 1, 4, 1, 1, 1]
    assert column["tests"][2] == "spike"
    send(system, key, observation("2026-01-01T12:02:00Z", air_temperature=10.2))
    compact(system)
    assert read(system, datetime=DAY, details="true")["parameters"]["air_temperature"]["quality"] == [1] * 6


def test_a_day_that_goes_on_is_left_until_it_is_worth_while(system: System, key: str) -> None:
    day(system, key)
    noon = 1_767_268_800_000 + 1_000_000
    live = LiveStore(system.ref("ObservationsTable"), client=system.dynamodb)
    with patch.object(logic, "WORTH", 6), patch("mesonet.clock.now", lambda: noon):
        assert compact(system)["rows"] == 0
        send(system, key, observation("2026-01-01T12:09:00Z"))
        assert compact(system)["rows"] == 6
    with pytest.raises(system.s3.exceptions.NoSuchKey):
        system.s3.get_object(Bucket=system.ref("DerivedBucket"), Key=key_of(STRETCH))
    assert not live.rows(STRETCH)


def test_a_day_is_not_over_within_its_first_hour(system: System, key: str) -> None:
    """That hour is the one for what comes late of the day before."""
    send(system, key, observation("2026-01-01T00:05:00Z", air_temperature=1))
    with patch("mesonet.clock.now", lambda: parse("2026-01-01T00:20:00Z")):
        assert compact(system) == {"stretches": 0, "rows": 0, "left": 0}
    assert len(rows(system)) == 1


def test_the_copy_is_what_came_and_can_be_sent_again(system: System, key: str) -> None:
    day(system, key)
    compact(system)
    stored = system.s3.get_object(Bucket=system.ref("DerivedBucket"), Key=key_of(STRETCH))
    copy = json.loads(gzip.decompress(stored["Body"].read()))
    assert copy["observations"][2] == {
        "time": "2026-01-01T12:02:00Z",
        "values": {"air_temperature": {"value": "2", "unit": "Cel"}, "wind_speed": {"value": "3.6", "unit": "km/h"}},
    }
    before = whole(system)
    for table, names in (("ObservationsTable", ("partition", "block")), ("LatestTable", ("station_id",))):
        for item in system.items(table):
            place = {name: {"S": item[name]} for name in names}
            system.dynamodb.delete_item(TableName=system.ref(table), Key=place)
    assert send(system, key, copy)[0] == 200
    assert whole(system) == before


def test_a_crash_between_any_two_calls_loses_nothing(system: System, key: str) -> None:
    day(system, key, 3)
    before = whole(system)
    for number in range(1, 40):
        with system.crash_before_call(number) as made:
            compact(system)
        crashed = len(made) == number - 1
        assert whole(system) == before, f"crash before call {number}"
        # an hour later: what was taken is free again
        for item in system.items("ObservationsTable"):
            if "taken_until" in item:
                system.dynamodb.update_item(
                    TableName=system.ref("ObservationsTable"),
                    Key={"partition": {"S": item["partition"]}, "block": {"S": item["block"]}},
                    UpdateExpression="REMOVE taken_until",
                )
        if not crashed:
            break
        send(system, key, observation("2026-01-01T12:02:00Z", air_temperature=2))
    else:
        raise AssertionError("the job never came to its end")
    compact(system)
    assert not rows(system)
    assert whole(system) == before


def between(system: System, method: str, act: Callable[[], Any]) -> Any:
    """Something happens just before the job calls a method of its live store."""
    real = getattr(LiveStore, method)

    def first(self: LiveStore, *arguments: Any, **named: Any) -> Any:
        with system.meanwhile(), patch.object(LiveStore, method, real):
            act()
        return real(self, *arguments, **named)

    return patch.object(LiveStore, method, first)


def test_sequences_are_kept_before_their_rows_go(system: System, key: str) -> None:
    """Who is told a record once more reads the row first, and then these."""
    live = LiveStore(system.ref("ObservationsTable"), client=system.dynamodb)
    value = LiveValue(
        value=1.0, unit="Cel", received="1", unit_received="Cel", sequence="49590338271490256608559692538361571095"
    )
    row = LiveRow(station_id=STRETCH.station_id, time=parse(NOON), values={"air_temperature": value})
    live.put_in_order([row], now=0, late=False)
    kept: list[Any] = []
    with between(system, "remove", lambda: kept.append(live.sequences(STRETCH))):
        compact(system)
    assert kept == [{("air_temperature", row.time): value.sequence}]
    assert not live.rows(STRETCH)
    older = replace(row, values={"air_temperature": replace(value, value=2.0, sequence=str(int(value.sequence) - 1))})
    assert not live.put_in_order([older], now=1, late=True), "what is in the block came later"
    assert not live.rows(STRETCH)


def test_a_correction_while_the_block_is_made_stands(system: System, key: str) -> None:
    day(system, key, 3)
    with between(system, "remove", lambda: send(system, key, observation(NOON, air_temperature=30))):
        compact(system)
    assert read(system, datetime=DAY)["parameters"]["air_temperature"]["values"] == [30, 1, 2]
    assert len(rows(system)) == 1
    compact(system)
    assert read(system, datetime=DAY)["parameters"]["air_temperature"]["values"] == [30, 1, 2]


class Halted:
    """DynamoDB for somebody who is held up behind the first page of a query that has more."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.halted, self.go_on = Event(), Event()

    def query(self, **asked: Any) -> Any:
        page = self._system.dynamodb.query(**asked)
        if "LastEvaluatedKey" in page:
            self.halted.set()
            assert self.go_on.wait(60)
        return page


def test_who_reads_while_a_block_is_made_finds_every_value(system: System, key: str) -> None:
    """The block and thirty rows come with the first page: the others must still be there when the next one is read."""
    day(system, key, minutes=40)
    client = Halted(system)
    store = ObservationsStore(system.ref("ObservationsTable"), client=client)
    with ThreadPoolExecutor() as pool:
        reading = pool.submit(lambda: list(store.read(Selection(station_id="EWR", span=Span.DAY))))
        assert client.halted.wait(60)

        def meanwhile(seconds: float) -> None:
            assert 0 < seconds <= 2
            with system.meanwhile():
                assert blocks(system)
                client.go_on.set()
                reading.result(60)

        with (
            patch.object(logic, "READ_THROUGH", 2_000),
            patch.object(logic, "sleep", meanwhile),
        ):
            compact(system)
        client.go_on.set()
    found = {time for block in reading.result() for time in listed(block.times)}
    assert found == {f"2026-01-01T12:{minute:02d}:00Z" for minute in range(40)}
    assert not rows(system)


class Slow:
    """DynamoDB for somebody who comes back for the second page only when the job has come and gone."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.clock = 0.0

    def query(self, **asked: Any) -> Any:
        page = self._system.dynamodb.query(**asked)
        if "LastEvaluatedKey" in page and not self.clock:
            self.clock = 7.0
            with self._system.meanwhile():
                compact(self._system)
                assert not rows(self._system)
        return page


@pytest.mark.parametrize("newest_first", [False, True])
def test_who_is_held_up_within_a_stretch_finds_the_values_whose_rows_are_gone(
    system: System, key: str, newest_first: bool
) -> None:
    minutes = [observation(f"2026-01-01T12:{minute:02d}:00Z", air_temperature=minute, wind_speed=1) for minute in range(40)]
    before, after = observation("2025-12-31T12:00:00Z", wind_speed=3), observation("2026-01-02T12:00:00Z", air_temperature=3)
    send(system, key, [before, *minutes, after])
    client = Slow(system)
    store = ObservationsStore(system.ref("ObservationsTable"), client=client)
    with patch("mesonet.stores.observations.monotonic", lambda: client.clock):
        names = ["air_temperature"]
        found = list(store.read(Selection(station_id="EWR", span=Span.DAY, parameters=names), newest_first=newest_first))
    assert client.clock
    starts = [start for start, _ in groupby(block.key.start for block in found)]
    assert starts == sorted(["2026-01-01", "2026-01-02"], reverse=newest_first), "each stretch stands together"
    together = overlay([block for block in found if block.key.start == DAY], Interval())
    assert together is not None
    assert listed(together.columns["air_temperature"].values) == list(range(40))
    assert all(block.columns.keys() == {"air_temperature"} for block in found)


class Correcting:
    """DynamoDB where the first value is corrected and becomes a block behind the first page; each page takes a second."""

    def __init__(self, system: System, key: str) -> None:
        self._system, self._key = system, key
        self.clock, self.queries = 0.0, 0
        self.consistent: list[bool] = []

    def query(self, **asked: Any) -> Any:
        self.clock, self.queries = self.clock + 1, self.queries + 1
        self.consistent.append(asked["ConsistentRead"])
        page = self._system.dynamodb.query(**asked | {"Limit": min(asked["Limit"], 5)})
        if self.queries == 1:
            self.clock += 7
            with self._system.meanwhile():
                send(self._system, self._key, observation(NOON, air_temperature=30))
                compact(self._system)
                minutes = [observation(f"2026-01-01T12:{minute:02d}:00Z", air_temperature=minute) for minute in range(1, 40)]
                send(self._system, self._key, minutes)
        return page


def test_who_is_slow_reads_a_stretch_once_more_and_no_oftener(system: System, key: str) -> None:
    day(system, key, minutes=40)
    client = Correcting(system, key)
    store = ObservationsStore(system.ref("ObservationsTable"), client=client)
    with patch("mesonet.stores.observations.monotonic", lambda: client.clock):
        found = overlay(list(store.read(Selection(station_id="EWR", span=Span.DAY))), Interval())
    assert found is not None
    assert listed(found.columns["air_temperature"].values) == [30, *range(1, 40)]
    assert client.queries < 15
    assert not client.consistent[0]
    assert any(client.consistent), "from a replica that is behind it might miss the block once more"


def test_rows_outlive_a_block_whose_maker_had_a_clock_that_was_ahead(system: System, key: str) -> None:
    day(system, key, 3)
    with patch("mesonet.clock.now", lambda: 4_000_000_000_000):
        compact(system)
    send(system, key, observation(NOON, air_temperature=30))
    send(system, key, observation("2026-01-01T12:03:00Z", air_temperature=3))
    compact(system)
    assert not rows(system)
    assert read(system, datetime=DAY)["parameters"]["air_temperature"]["values"] == [30, 1, 2, 3]


def test_a_stretch_that_cannot_be_made_keeps_no_rows_of_others(system: System, key: str) -> None:
    day(system, key)
    for station in ("LGA", "JFK"):
        for minute in range(5):
            send(system, key, observation(f"2026-01-02T12:{minute:02d}:00Z", air_temperature=minute), station=station)
    made = ObservationsStore.put

    def put(store: ObservationsStore, wanted: Any, **more: Any) -> Any:
        wanted = list(wanted)
        if any(block.key.station_id == "LGA" for block in wanted):
            raise ValueError("this block cannot be written")
        return made(store, wanted, **more)

    with (
        patch.object(ObservationsStore, "put", put),
        patch.object(logic, "READ_THROUGH", 2_000),
        patch.object(logic, "sleep", lambda _: None),
        pytest.raises(ValueError, match="cannot be written"),
    ):
        compact(system)
    assert {row["partition"] for row in rows(system)} == {"station#LGA"}
    assert blocks(system)


def test_two_jobs_never_make_the_same_block(system: System, key: str) -> None:
    day(system, key, 3)
    seen = []
    with between(system, "remove", lambda: seen.append(compact(system))):
        assert compact(system)["rows"] == 3
    assert seen == [{"stretches": 0, "rows": 0, "left": 0}]


def test_a_stretch_is_taken_off_the_list_when_all_have_forgotten_it(system: System, key: str) -> None:
    day(system, key, 1)
    live = LiveStore(system.ref("ObservationsTable"), client=system.dynamodb)
    compact(system)
    compact(system)
    assert list(live.listed()) == [STRETCH]  # a sender may still trust that it is
    live.take_off(STRETCH, now=4_000_000_000_000)
    assert list(live.listed()) == []


def test_a_sender_lists_a_stretch_anew_before_anybody_may_take_it_off(system: System, key: str) -> None:
    sender, job = (LiveStore(system.ref("ObservationsTable"), client=system.dynamodb) for _ in range(2))
    value = LiveValue(value=1.0, unit="Cel", received="1", unit_received="Cel")
    row = LiveRow(station_id=STRETCH.station_id, time=parse(f"{STRETCH.start}T12:00:00Z"), values={"air_temperature": value})
    for now in range(0, 40 * 60_000, 4 * 60_000):
        job.take_off(STRETCH, now=now)
        sender.put([row], now=now)
        assert list(job.listed()) == [STRETCH]


def test_a_large_day_is_cut_into_parts_and_grows_together(system: System, key: str) -> None:
    with patch("mesonet.domain.block.MOST_TIMES", 4):
        day(system, key, 3)
        compact(system)
        assert blocks(system) == ["D#2026-01-01#live#0000"]
        send(system, key, [observation(f"2026-01-01T{hour}:00:00Z", air_temperature=hour) for hour in (13, 14, 15)])
        before = whole(system)
        compact(system)
        assert blocks(system) == [f"D#2026-01-01#live#{part:04d}" for part in (13, 14, 15, 16)]
        assert whole(system) == before


def refill(system: System) -> dict[str, int]:
    """Has the copies compared with the table; what was mended, by kind. Not counted is that latest values are known from blocks
    now, which are younger than the rows that they were made of."""
    asked: dict[str, Any] = {"begin": True, "phase": "live", "settled_s": 0}
    while system.invoke("job_reconcile", asked)["phase"] != "done":
        asked = {"settled_s": 0}
    last = RoundsStore(system.ref("DerivedBucket"), client=system.s3).get()
    assert last is not None
    return {kind: number for kind, number in last.mended.items() if number and kind != "latest_wrong"}


def lose(system: System, *tables: str) -> None:
    """Tables are there again, with nothing in them."""
    for name in tables:
        keys = [each["AttributeName"] for each in system.dynamodb.describe_table(TableName=name)["Table"]["KeySchema"]]
        for item in system.dynamodb.scan(TableName=name)["Items"]:
            system.dynamodb.delete_item(TableName=name, Key={each: item[each] for each in keys})
    system.modules["job_reconcile"].live._listed.clear()  # what a process remembers of a table is gone with it
    system.modules["job_reconcile"].network._covered = Network()


def test_a_table_that_was_lost_is_filled_from_the_copies(system: System, key: str) -> None:
    day(system, key, 60)
    send(system, key, observation(BEFORE, **{"air_temperature:2:maximum:P1D": 5, "air_temperature": 4}))
    compact(system)
    before = whole(system)
    network = system.invoke("api_weather", event("/collections/insitu-observations"))["body"]
    assert refill(system) == {}
    lose(system, "ObservationsTable", "LatestTable", "StationsTable")
    assert refill(system) == {"live_lost": 62}
    assert whole(system) == before
    assert system.invoke("api_weather", event("/collections/insitu-observations"))["body"] == network
    compact(system)
    assert whole(system) == before
    assert refill(system) == {}


def test_what_is_in_the_table_stands_over_its_copy(system: System, key: str) -> None:
    day(system, key)
    compact(system)
    send(system, key, observation(NOON, air_temperature=-3))
    for item in [item for item in system.items("ObservationsTable") if item.get("n")]:
        place = {name: {"S": item[name]} for name in ("partition", "block")}
        system.dynamodb.delete_item(TableName=system.ref("ObservationsTable"), Key=place)
    assert refill(system) == {"live_lost": 5}  # of noon only the wind
    values = read(system, datetime="2026-01-01")["parameters"]
    assert values["air_temperature"]["values"] == [-3, 1, 2, 3, 4]
    assert values["wind_speed"]["values"] == [1] * 5


def test_a_copy_tells_values_right_where_their_unit_changed_within_the_day(system: System, key: str) -> None:
    send(system, key, observation("2026-01-01T12:00:00Z", air_temperature={"value": 50, "unit": "[degF]"}))
    send(system, key, observation("2026-01-01T13:00:00Z", air_temperature=11))
    compact(system)
    lose(system, "ObservationsTable", "LatestTable")
    refill(system)
    assert read(system, datetime="2026-01-01")["parameters"]["air_temperature"]["values"] == [10, 11]


def test_a_text_says_its_unit_once_under_blocks_that_came_later_and_as_the_newest(system: System, key: str) -> None:
    send(system, key, observation("2026-01-01T12:00:00Z", wind_speed={"value": 9, "unit": "m/s"}))
    send(system, key, observation("2026-01-01T13:00:00Z", wind_speed={"value": " 18", "unit": "km/h{ten minutes}"}))
    compact(system)
    lose(system, "LatestTable")
    refill(system)
    newest = read(system, "/latest")["parameters"]["wind_speed"]
    assert (newest["value"], newest["received"], newest["unit_received"]) == (5, "18", "km/h{ten minutes}")
    send(system, key, observation("2026-01-01T14:00:00Z", wind_speed={"value": 36, "unit": "km/h"}))
    column = read(system, datetime="2026-01-01", details="true")["parameters"]["wind_speed"]
    assert (column["values"], column["unit_received"]) == ([9, 5, 10], "km/h")
    assert column["received"] == ["9 m/s", "18 km/h{ten minutes}", "36"]


def test_a_unit_that_nobody_needs_is_refused_and_no_unit_ends_a_run(system: System, key: str) -> None:
    long = "km/h{" + "x" * 250 + "}"
    answer = send(system, key, observation("2026-01-01T12:00:00Z", wind_speed={"value": 9, "unit": long}))
    assert "more than 100 characters" in json.dumps(answer)
    column = BlockColumn(
        unit="m/s", unit_received="m/s", values=Fragment("5"), flags=Fragment("1"), received=Fragment('"18 km/h{xxx"')
    )
    assert list(live_copies._said("wind_speed", column)) == [{"value": "5", "unit": "m/s"}]


def test_texts_say_their_unit_however_often_a_day_of_several_units_is_written_again(system: System, key: str) -> None:
    send(system, key, observation("2026-01-01T12:00:00Z", air_temperature={"value": 50, "unit": "[degF]"}))
    send(system, key, observation("2026-01-01T13:00:00Z", air_temperature=11))
    compact(system)
    send(system, key, observation("2026-01-01T12:00:00Z", air_temperature={"value": 282.15, "unit": "K"}))
    compact(system)
    column = read(system, datetime="2026-01-01", details="true")["parameters"]["air_temperature"]
    assert column["values"] == [9, 11]
    texts = [text if " " in text else f"{text} {column['unit_received']}" for text in column["received"]]
    assert texts == ["282.15 K", "11 Cel"]
