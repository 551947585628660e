"""What the catalogue says of a file: facts in the canonical unit and as received, where claims come from, what is missing."""

import json
from typing import Any

import pytest

from mesonet.domain.file import Claim, LoadState
from mesonet.functions.on_catalogued import logic
from mesonet.stores.observations import ObservationsStore
from tests import template
from tests.builders import catalogued_message, failed, ghcn, mapping, sqs_event, table
from tests.system import System
from tests.unit.web.requests import event

A = "network/a.csv"
AIR = "air_temperature"


def shown(system: System, key: str) -> dict[str, Any]:
    answer = system.invoke("api_weather", event(f"/files/{system.entry(key).id}"))
    document: dict[str, Any] = json.loads(answer["body"])
    return document


def hours(*given: int) -> bytes:
    return table(*[("EWR", f"2013-01-{1 + hour // 24:02d}T{hour % 24:02d}:00:00Z", hour) for hour in given])


def test_facts_are_in_the_canonical_unit_and_as_received(system: System) -> None:
    system.bring_in("network/mapping.json", mapping(unit="degF"))
    system.bring_in(A, table(("EWR", "2013-01-01", 32), ("EWR", "2013-01-02", 50), ("EWR", "2013-01-03", "")))
    (temp,) = [column for column in shown(system, A)["columns"] if column["name"] == "temp"]
    assert (temp["unit"], temp["minimum"], temp["maximum"], temp["mean"]) == ("Cel", 0, 10, 5)
    assert (temp["unit_received"], temp["minimum_received"], temp["maximum_received"], temp["mean_received"]) == (
        "degF",
        32,
        50,
        41,
    )
    assert (temp["missing"], temp["distinct"]) == (1, ["", "32", "50"])


def test_a_claim_says_where_it_comes_from(system: System) -> None:
    system.begin_with(("network/mapping.json", mapping()))
    system.bring_in(A, hours(0))
    system.bring_in("ghcn/2013.csv", ghcn(("USW00014732", "20130101", "TMAX", 56)))
    claims = {column.name: column.claim for column in system.entry(A).columns}
    assert claims == {"station": None, "time": None, "temp": Claim.CONFIGURED}
    assert {column.claim for column in system.entry("ghcn/2013.csv").columns if column.parameter} == {Claim.READ}
    assert shown(system, A)["format"]["claim"] == "inferred"


def test_a_unit_that_cannot_be_is_named_and_nothing_is_put_right(system: System) -> None:
    """wis2box's Malawi sample says hPa and means Pa."""
    given = {"mesonet_mapping": 1, "station": {"id": "MWI"}, "time": {"column": "t"}}
    columns = {"p": {"standard_name": "air_pressure", "unit": "hPa"}}
    system.bring_in("malawi/mapping.json", json.dumps(given | {"columns": columns}).encode())
    system.bring_in("malawi/a.csv", b"t,p\n2021-11-18T09:55:00Z,94440\n2021-11-18T10:55:00Z,94450\n")
    entry = system.entry("malawi/a.csv")
    assert "p is 94445 hPa on average, which air_pressure cannot be; Pa would fit" in (entry.why or "")
    assert entry.loading.flags == {"air_pressure": {"4": 2}}
    assert list(system.said()["MWI"]["air_pressure"].values()) == [94440, 94450]


def test_each_station_has_its_own_times_and_gaps(system: System) -> None:
    system.begin_with(("network/mapping.json", mapping()))
    system.bring_in(A, hours(0, 1, 2, 3, 30, 31, 32) + b"JFK,2013-01-05T00:00:00Z,1\n")
    found = shown(system, A)
    assert found["coverage"]["EWR"] == {
        "first": "2013-01-01T00:00:00Z",
        "last": "2013-01-02T08:00:00Z",
        "times": 7,
        "interval": "PT1H",
        "interval_claim": "inferred",
        "due": 33,
        "completeness": 7 / 33,
        "gap_count": 1,
        "longest_gaps": [{"after": "2013-01-01T03:00:00Z", "before": "2013-01-02T06:00:00Z", "missing": 26}],
    }
    assert (found["coverage"]["JFK"]["times"], found["coverage"]["JFK"]["interval"]) == (1, None)
    assert found["completeness"] == 7 / 33


def test_a_wrong_clock_makes_no_gap(system: System) -> None:
    system.begin_with(("network/mapping.json", mapping()))
    system.bring_in(A, hours(0, 1, 2) + b"EWR,2031-01-01T00:00:00Z,3\n")
    found = shown(system, A)
    assert (found["completeness"], found["last"], found["rejected"]) == (1.0, "2013-01-01T02:00:00Z", 1)


def test_the_interval_can_be_told(system: System) -> None:
    system.bring_in("network/mapping.json", json.dumps(json.loads(mapping()) | {"interval": "PT30M"}).encode())
    system.bring_in(A, hours(0, 1, 2))
    assert (shown(system, A)["coverage"]["EWR"]["interval"], shown(system, A)["completeness"]) == ("PT30M", 3 / 5)


def test_a_table_of_two_thousand_columns_is_loaded(system: System) -> None:
    names = [f"depth_{at}" for at in range(2000)]
    columns = {
        name: {"standard_name": "soil_temperature", "unit": "Cel", "level": -0.001 * at - 0.001}
        for at, name in enumerate(names)
    }
    given = {"mesonet_mapping": 1, "station": {"id": "ICE"}, "time": {"column": "t"}, "columns": columns}
    system.bring_in("wide/mapping.json", json.dumps(given).encode())
    rows = [f"2013-01-01T{hour:02d}:00:00Z," + ",".join(["-1.5"] * 2000) for hour in range(3)]
    system.bring_in("wide/a.csv", "\n".join([",".join(["t", *names]), *rows, ""]).encode())
    entry = system.entry("wide/a.csv")
    assert (entry.loading.state, entry.loading.values) == (LoadState.LOADED, 6000)
    answer = system.invoke("api_weather", event("/stations/ICE/observations/latest"))
    assert len(json.loads(answer["body"])["parameters"]) == 2000


def broken(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError("a fault of the code")


def test_a_load_that_fails_unexpectedly_says_of_which_file(
    system: System, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    system.begin_with(("network/mapping.json", mapping()))
    system.put(A, hours(0))
    system.pump("UploadsQueue", "on_upload")
    monkeypatch.setattr(ObservationsStore, "put", broken)
    news = sqs_event(catalogued_message(system.entry(A)), queue="CataloguedQueue")
    with caplog.at_level("ERROR", logger="mesonet"):
        assert failed(system.invoke("on_catalogued", news)) == ["message-1"]
    (record,) = [each for each in caplog.records if each.getMessage() == "file not loaded"]
    assert vars(record)["fields"]["key"] == A
    loading = system.entry(A).loading
    assert loading.state is LoadState.PENDING
    assert loading.reason == "tried again; so far it ended with ZeroDivisionError: a fault of the code"

    news["Records"][0]["attributes"]["ApproximateReceiveCount"] = "8"
    system.invoke("on_catalogued", news)
    assert (system.entry(A).loading.state, system.entry(A).loading.reason) == (
        LoadState.FAILED,
        "given up after it ended with ZeroDivisionError: a fault of the code",
    )
    monkeypatch.undo()
    assert failed(system.invoke("on_catalogued", news)) == []
    assert system.entry(A).loading.state is LoadState.LOADED


def test_the_last_try_is_the_queues() -> None:
    assert (
        template.resources("AWS::SQS::Queue")["CataloguedQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"]
        == logic.TRIES
    )
