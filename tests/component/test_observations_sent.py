"""ApiObservationsFunction: observations that are sent are there at once, each row for itself, and in the block later."""

import gzip
import json
from base64 import b64encode
from contextlib import suppress
from time import time
from typing import Any
from unittest.mock import Mock
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from mesonet import clock
from mesonet.domain.instant import SECOND, parse
from mesonet.domain.live import LIVE
from mesonet.domain.operator import Scope
from mesonet.errors import KeyUsedAlready, Unavailable, UnderWay
from mesonet.stores import requests
from mesonet.stores.operators import OperatorsStore
from mesonet.stores.requests import CLAIMED, Answered
from tests import template
from tests.builders import mapping, table
from tests.system import Crash, System
from tests.unit.web.requests import event

NOON = "2026-01-01T12:00:00Z"
BEFORE = "2025-12-31T12:00:00Z"  # before the files of these tests arrive


@pytest.fixture
def key(system: System) -> str:
    return issued(system, "*")


def issued(system: System, *stations: str, scopes: tuple[Scope, ...] = (Scope.OBSERVATIONS,)) -> str:
    store = OperatorsStore(system.ref("OperatorsTable"), client=system.dynamodb)
    return store.issue("Parks", stations=stations, scopes=scopes, now=0)[0]


def call(
    system: System,
    path: str,
    *,
    method: str = "POST",
    body: str = "",
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    function: str = "api_observations",
) -> Any:
    event = {
        "httpMethod": method,
        "path": path,
        "resource": path,
        "headers": {"Host": "api", **(headers or {})},
        "multiValueHeaders": {},
        "queryStringParameters": query,
        "requestContext": {"requestId": "r", "path": f"/v1{path}"},
        "body": body,
        "isBase64Encoded": False,
    }
    return system.invoke(function, event)


def send(
    system: System, key: str, document: Any, *, station: str = "EWR", kind: str = "application/json", **headers: str
) -> tuple[int, Any]:
    body = document if isinstance(document, str) else json.dumps(document)
    given = {"Content-Type": kind, "Authorization": f"Bearer {key}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    answer = call(system, f"/stations/{station}/observations", body=body, headers=given)
    return answer["statusCode"], json.loads(answer["body"])


def observation(at: str = NOON, **values: Any) -> dict[str, Any]:
    return {"time": at, "values": values or {"air_temperature": 21.5}}


def read(system: System, path: str = "", **query: str) -> Any:
    answer = call(system, f"/stations/EWR/observations{path}", method="GET", query=query or None, function="api_weather")
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])


def test_what_is_sent_is_there_at_once(system: System, key: str) -> None:
    status, said = send(system, key, observation(air_temperature=21.5, wind_speed={"value": 36, "unit": "km/h"}))
    assert (status, said["accepted"], said["rejected"]) == (200, 1, 0)
    assert said["rows"] == [{"row": 1, "status": "accepted", "time": NOON}]
    latest = read(system, "/latest")["parameters"]
    assert latest["air_temperature"]["value"] == 21.5
    assert (latest["wind_speed"]["value"], latest["wind_speed"]["unit"], latest["wind_speed"]["time"]) == (10, "m/s", NOON)
    found = read(system, datetime="2026-01-01", details="true")
    assert found["time"] == [NOON]
    assert found["parameters"]["wind_speed"]["values"] == [10]
    assert found["parameters"]["wind_speed"]["received"] == ["36"]
    assert found["parameters"]["wind_speed"]["unit_received"] == "km/h"


def test_a_clock_that_begins_at_nought_makes_the_network_no_older(system: System, key: str) -> None:
    status, said = send(system, key, [observation("0001-01-01T00:00:00Z"), observation("1763-01-01T00:00:00Z")])
    assert (status, [row["status"] for row in said["rows"]]) == (207, ["rejected", "accepted"])
    assert "is the clock right?" in said["rows"][0]["reasons"][0]
    described = json.loads(call(system, "/collections/insitu-observations", method="GET", function="api_weather")["body"])
    assert described["extent"]["temporal"]["interval"][0][0] == "1763-01-01T00:00:00Z"


def test_what_is_sent_is_found_by_edr_though_no_file_has_said_it(system: System, key: str) -> None:
    send(system, key, [observation(), observation("2026-01-01T12:05:00Z")])
    path = "/collections/insitu-observations"
    described = json.loads(call(system, path, method="GET", function="api_weather")["body"])
    assert list(described["parameter_names"]) == ["air_temperature"]
    assert described["extent"]["temporal"]["interval"] == [[NOON, "2026-01-01T13:00:00Z"]]
    query = {"parameter-name": "air_temperature", "datetime": "2026-01-01"}
    answer = call(system, f"{path}/locations/EWR", method="GET", query=query, function="api_weather")
    assert json.loads(answer["body"])["ranges"]["air_temperature"]["values"] == [21.5, 21.5]


def test_each_row_is_accepted_or_rejected_by_itself(system: System, key: str) -> None:
    rows = [
        observation(),
        observation("yesterday"),
        observation("2026-01-01T12:01:00Z", air_temperatur=3),
        observation("2026-01-01T12:02:00Z", air_temperature={"value": 3, "unit": "hPa"}),
        observation("2999-01-01T00:00:00Z"),
        {"time": NOON, "values": {}, "quality": 1},
        7,
        observation("2026-01-01T12:03:00Z", air_temperature="NaN"),
        observation("2026-01-01T12:04:00Z", relative_humidity=50, air_temperature=None),
        observation("2026-01-01T12:05:00Z", air_temperature=True),
        {"time": NOON, "values": {"air_temperature": 1, "air_temperature:2:point:PT0S": 2}},
    ]
    status, said = send(system, key, {"observations": rows})
    assert status == 207
    assert [row["status"][:3] for row in said["rows"]] == ["acc", *["rej"] * 7, "acc", "rej", "rej"]
    reasons = {row["row"]: " ".join(row["reasons"]) for row in said["rows"] if "reasons" in row}
    for number, text in {
        2: "RFC 3339",
        3: "no standard name",
        4: "no unit of air_temperature",
        5: "in the future",
        6: "no member 'quality'",
        7: "an observation is an object",
        8: "no number",
        10: "no number",
        11: "another value of air_temperature",
    }.items():
        assert text in reasons[number]
    assert read(system, datetime="2026-01-01")["time"] == [NOON, "2026-01-01T12:04:00Z"]


def test_nothing_taken_is_said_with_every_reason_and_leaves_nothing(system: System, key: str) -> None:
    status, said = send(system, key, [observation("no"), observation("never")])
    assert (status, said["code"], len(said["rows"])) == (422, "nothing-taken", 2)
    assert not system.items("ObservationsTable")
    assert not system.items("StationsTable")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('{"observations": [], "x": 1}', "application/json", 400),
        (json.dumps([observation()] * 1001), "application/json", 400),
        ("a,b\n1,2\n", "text/csv", 400),
        ("time,air_temperature\n", "text/csv", 400),
        ("", "text/csv", 400),
        (f"time,air_temperature\n{NOON},{'1' * 200_000}\n", "text/csv", 400),
        (f'time,air_temperature\n{NOON},"1\n', "text/csv", 400),
        (f"time,air_temperature,air_temperature\n{NOON},1,2\n", "text/csv", 400),
        (f"time,time,air_temperature\n{NOON},{NOON},2\n", "text/csv", 400),
        (f"time,air_temperature,air_temperature (K)\n{NOON},1,300\n", "text/csv", 400),
        (f"time,air_temperature (Cel), air_temperature (K)\n{NOON},1,300\n", "text/csv", 400),
        (f"time,air_temperature,relative_humidity (%\n{NOON},1,50\n", "text/csv", 400),
        (f"time,air_temperature,)\n{NOON},1,\n", "text/csv", 400),
        (f"time,{','.join(map(str, range(150_000)))}\n{NOON},1\n", "text/csv", 400),
        (f"time,a{' ' * 100_000}(\n{NOON},1\n", "text/csv", 400),
        ("x", "text/html", 415),
        ("x" * 1_100_000, "text/csv", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_as_a_whole(body: str, kind: str, status: int, system: System, key: str) -> None:
    assert send(system, key, body, kind=kind)[0] == status


def test_csv_is_taken_as_the_api_itself_writes_it(system: System, key: str) -> None:
    lines = ("station,time,air_temperature ([degF]),wind_speed (m/s)", f"EWR,{NOON},212,", f"JFK,{NOON},1,1", f"EWR,{NOON}")
    text = "\r\n".join(lines)
    status, said = send(system, key, text, kind="text/csv; charset=utf-8")
    assert status == 207
    assert [(row["row"], row["status"]) for row in said["rows"]] == [(2, "accepted"), (3, "rejected"), (4, "rejected")]
    assert read(system, "/latest")["parameters"]["air_temperature"]["value"] == 100
    answer = call(
        system,
        "/stations/EWR/observations",
        method="GET",
        query={"datetime": "2026-01-01", "f": "csv", "details": "true"},
        function="api_weather",
    )
    assert send(system, key, answer["body"], kind="text/csv")[0] == 200


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("time,air_temperature,", f"{NOON},20,50"), "no name for '50', field 3"),
        (("time,air_temperature,air quality", f"{NOON},20,50"), "air quality: 'air quality' is no standard name"),
        (("time,air_temperature,rain received (mm)", f"{NOON},20,50"), "rain received: 'rain received' is no standard name"),
        (("time,air_temperature", f"{NOON}, "), "no value: every field beside `time` is empty"),
    ],
)
def test_no_field_of_a_line_is_passed_over_in_silence(lines: tuple[str, ...], reason: str, system: System, key: str) -> None:
    status, said = send(system, key, "\n".join(lines), kind="text/csv")
    assert status == 422
    assert reason in said["rows"][0]["reasons"][0]
    whole = f"time,air_temperature,,mass_of_x received\n{NOON},20,,\n"  # columns that are empty say nothing
    assert send(system, key, whole, kind="text/csv")[0] == 200


def test_lines_may_end_in_any_way(system: System, key: str) -> None:
    for number, end in enumerate(("\n", "\r\n", "\r"), 20):
        status, said = send(system, key, f"time,air_temperature{end}{NOON},{number}{end}", kind="text/csv")
        assert (status, said["rows"][0]["row"]) == (200, 2)
        assert read(system, "/latest")["parameters"]["air_temperature"]["value"] == number


@pytest.mark.parametrize("condition", [{"If_Match": '"one"'}, {"If_None_Match": "*"}])
def test_a_condition_is_looked_at_when_nothing_else_is_against_it(condition: dict[str, str], system: System, key: str) -> None:
    assert send(system, "mk_wrong", observation(), **condition)[0] == 401
    assert send(system, key, "time", kind="text/plain", **condition)[0] == 415
    assert send(system, key, observation(), **condition)[0] == 412
    assert not system.latest()
    answered = send(system, key, observation(), Idempotency_Key="k")
    assert send(system, key, observation(), Idempotency_Key="k", **condition) == answered  # it was done before


@pytest.mark.parametrize("path", ["/updateweatherstation.php", "/ecowitt"])
def test_a_report_with_a_condition_that_nothing_meets_is_not_taken(path: str, system: System, key: str) -> None:
    query = {"ID": "EWR", "PASSWORD": key, "tempf": "68", "dateutc": "2026-01-01 12:00:00"}
    for password, status in (("mk_wrong", 401), (key, 412)):
        asked = query | {"PASSWORD": password}
        assert call(system, path, query=asked, headers={"If-Match": '"one"'})["statusCode"] == status
    assert not system.latest()
    assert call(system, path, query=query, headers={"If-None-Match": "*"})["statusCode"] == 200


def test_without_a_key_nothing_is_written(system: System, key: str) -> None:
    assert send(system, "mk_wrong", observation())[0] == 401
    assert send(system, issued(system, "JFK"), observation())[0] == 403
    assert send(system, issued(system, "*", scopes=(Scope.FILES,)), observation())[0] == 403
    answer = call(system, "/stations/EWR/observations", body=json.dumps(observation()))
    assert answer["statusCode"] == 401
    assert answer["headers"]["WWW-Authenticate"].startswith("Bearer")
    assert not system.items("ObservationsTable")


def test_a_correction_replaces_and_says_nothing_of_the_rest(system: System, key: str) -> None:
    send(system, key, observation(air_temperature=21, relative_humidity=50))
    send(system, key, observation(air_temperature=22))
    latest = read(system, "/latest")["parameters"]
    assert (latest["air_temperature"]["value"], latest["relative_humidity"]["value"]) == (22, 50)
    found = read(system, datetime="2026-01-01")["parameters"]
    assert (found["air_temperature"]["values"], found["relative_humidity"]["values"]) == ([22], [50])


def test_of_two_who_correct_one_value_at_once_the_latest_is_what_its_row_says(
    system: System, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other writes its row and its latest value between those of the first."""
    store = type(system.modules["api_observations"].live)
    put = store.put

    def interrupted(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(store, "put", put)
        stands = put(*given, **named)
        send(system, key, observation(air_temperature=22))
        return stands

    monkeypatch.setattr(store, "put", interrupted)
    send(system, key, observation(air_temperature=21))
    assert read(system, datetime="2026-01-01")["parameters"]["air_temperature"]["values"] == [22]
    assert read(system, "/latest")["parameters"]["air_temperature"]["value"] == 22


def test_what_comes_late_is_not_latest(system: System, key: str) -> None:
    send(system, key, observation(air_temperature=21))
    send(system, key, observation("2026-01-01T11:00:00Z", air_temperature=5, wind_speed=1))
    latest = read(system, "/latest")["parameters"]
    assert (latest["air_temperature"]["value"], latest["wind_speed"]["value"]) == (21, 1)
    station = call(system, "/stations/EWR", method="GET", function="api_weather")
    assert json.loads(station["body"])["properties"]["parameters"]["air_temperature"]["first"] == "2026-01-01T11:00:00Z"


def test_latest_is_of_the_moment_in_whichever_form_it_is_asked_for_again(system: System, key: str) -> None:
    def value(units: str = "", host: str = "api") -> tuple[float, str]:
        query = {"units": units} if units else None
        path = "/stations/EWR/observations/latest"
        answer = call(system, path, method="GET", headers={"Host": host}, query=query, function="api_weather")
        said = json.loads(answer["body"])
        return said["parameters"]["air_temperature"]["value"], said["links"][0]["href"]

    for celsius, fahrenheit in ((20, 68), (25, 77), (20, 68)):
        send(system, key, observation(air_temperature=celsius))
        for _ in range(2):
            assert value() == (celsius, "http://api/v1/stations/EWR")
            assert value("us") == (fahrenheit, "http://api/v1/stations/EWR")
            assert value(host="other") == (celsius, "http://other/v1/stations/EWR")


def test_the_same_request_gets_the_same_answer(system: System, key: str) -> None:
    first = send(system, key, observation(air_temperature=21), Idempotency_Key="k1")
    send(system, key, observation(air_temperature=22), Idempotency_Key="k2")
    assert send(system, key, observation(air_temperature=21), Idempotency_Key="k1") == first
    assert read(system, "/latest")["parameters"]["air_temperature"]["value"] == 22
    status, said = send(system, key, observation(air_temperature=23), Idempotency_Key="k1")
    assert (status, said["code"]) == (422, "idempotency-key-used-already")
    assert send(system, key, observation(), Idempotency_Key="x" * 256)[0] == 400


def test_of_two_requests_with_one_key_at_the_same_time_one_is_done(
    system: System, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = system.modules["api_observations"]
    take = handler.take
    meanwhile: list[tuple[int, Any]] = []

    def held_up(*taken: Any, **stores: Any) -> None:
        monkeypatch.setattr(handler, "take", take)
        meanwhile.extend(send(system, key, observation(air_temperature=each), Idempotency_Key="k1") for each in (21, 22))
        take(*taken, **stores)

    monkeypatch.setattr(handler, "take", held_up)
    first = send(system, key, observation(air_temperature=21), Idempotency_Key="k1")
    assert [(status, said["code"]) for status, said in meanwhile] == [
        (409, "request-under-way"),
        (422, "idempotency-key-used-already"),
    ]
    assert send(system, key, observation(air_temperature=21), Idempotency_Key="k1") == first
    assert first[0] == 200


def test_a_key_is_claimed_by_one_of_those_that_found_it_free(system: System) -> None:
    store = system.modules["api_observations"].requests
    claim = store.claim("Parks", "k1", "content", now=0)
    for ask in (store.claim, store.find):
        for now, seconds in ((0, CLAIMED // SECOND), (CLAIMED - 1500, 2), (CLAIMED - 1, 1)):
            with pytest.raises(UnderWay) as refused:
                ask("Parks", "k1", "content", now=now)
            assert refused.value.headers == {"Retry-After": str(seconds)}
        with pytest.raises(KeyUsedAlready):
            ask("Parks", "k1", "other content", now=0)
    store.keep(claim, Answered(status=200, document={}), now=0)
    with pytest.raises(UnderWay) as refused:
        store.claim("Parks", "k1", "content", now=0)
    assert refused.value.headers == {"Retry-After": "1"}


def test_a_request_that_could_not_be_done_or_died_leaves_its_key(
    system: System, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = system.modules["api_observations"]
    for raised, expected in ((Unavailable("not now"), 503), (Crash("died"), None)):
        with monkeypatch.context() as patched:
            patched.setattr(handler, "take", Mock(side_effect=raised))
            with suppress(Crash):
                assert send(system, key, observation(), Idempotency_Key="k1")[0] == expected
        if expected is None:
            assert send(system, key, observation(), Idempotency_Key="k1")[0] == 409
            monkeypatch.setattr(clock, "now", lambda now=clock.now: now() + CLAIMED)
    assert send(system, key, observation(), Idempotency_Key="k1")[0] == 200


def test_a_request_whose_answer_could_not_be_kept_is_done_again(
    system: System, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(system.modules["api_observations"].requests, "keep", Mock(side_effect=Unavailable("not now")))
        assert send(system, key, observation(), Idempotency_Key="k1")[0] == 503
    assert send(system, key, observation(), Idempotency_Key="k1")[0] == 200
    assert read(system, datetime="2026-01-01")["time"] == [NOON]


def test_the_claim_of_a_request_lasts_longer_than_the_function_may_run() -> None:
    assert template.functions()["ApiObservationsFunction"]["Properties"]["Timeout"] * SECOND < CLAIMED


def test_a_file_stands_over_what_came_live(system: System, key: str) -> None:
    system.put("net/mapping.json", mapping())
    system.put("net/a.csv", table(("EWR", BEFORE, 30)))
    system.deliver()
    send(system, key, observation(BEFORE, air_temperature=21))
    assert read(system, "/latest")["parameters"]["air_temperature"]["value"] == 30
    assert read(system, datetime="2025-12-31")["parameters"]["air_temperature"]["values"] == [30]
    system.delete("net/a.csv")
    system.deliver()
    assert read(system, "/latest")["parameters"]["air_temperature"]["value"] == 21


def test_values_are_tested_when_they_come(system: System, key: str) -> None:
    send(system, key, observation(air_temperature=99, relative_humidity=50))
    latest = read(system, "/latest")["parameters"]
    assert (latest["air_temperature"]["quality"], latest["relative_humidity"]["quality"]) == (4, 1)


# Weather Underground --------------------------------------------------------------------------------------------------------

# what WeeWX 5.1 sends, and in this order (restx.py, AmbientThread.format_url)
WEEWX = {
    "action": "updateraw",
    "ID": "EWR",
    "PASSWORD": "",
    "softwaretype": "weewx-5.1.0",
    "dateutc": "2026-01-01 12:00:00",
    "baromin": "29.921",
    "dailyrainin": "0.02",
    "dewptf": "50.0",
    "humidity": "048",
    "rainin": "0.10",
    "tempf": "68.0",
    "UV": "1.00",
    "winddir": "230",
    "windgustmph": "9.0",
    "windspeedmph": "4.5",
}


@pytest.mark.parametrize("path", ["/updateweatherstation.php", "/weatherstation/updateweatherstation.php"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_console_uploads_as_it_is(path: str, method: str, system: System, key: str) -> None:
    given = WEEWX | {"PASSWORD": key}
    sent: dict[str, Any] = {"query": given} if method == "GET" else {"body": urlencode(given)}
    answer = call(system, path, method=method, **sent)
    assert (answer["statusCode"], answer["body"]) == (200, "success\n")
    assert answer["headers"]["Cache-Control"] == "no-store"
    found = {name: (each["value"], each["unit"]) for name, each in read(system, "/latest")["parameters"].items()}
    assert found == {
        "air_temperature": (20, "Cel"),
        "air_pressure_at_mean_sea_level": (1013.241, "hPa"),
        "dew_point_temperature": (10, "Cel"),
        "precipitation_amount:0:sum:PT1H": (2.54, "mm"),
        "relative_humidity": (48, "%"),
        "ultraviolet_index": (1, "1"),
        "wind_from_direction": (230, "deg"),
        "wind_speed": (2.01168, "m/s"),
        "wind_speed_of_gust": (4.02336, "m/s"),
    }
    assert read(system, "/latest")["parameters"]["air_temperature"]["time"] == NOON


@pytest.mark.parametrize("path", ["/updateweatherstation.php", "/weatherstation/updateweatherstation.php"])
def test_head_writes_nothing_where_get_does(path: str, system: System, key: str) -> None:
    answer = call(system, path, method="HEAD", query=WEEWX | {"PASSWORD": key})
    assert (answer["statusCode"], answer["headers"]["Allow"], answer["body"]) == (405, "GET, OPTIONS, POST", "")
    assert call(system, path, method="OPTIONS")["headers"]["Allow"] == "GET, OPTIONS, POST"
    assert not system.items("StationsTable")


def report(system: System, **given: str) -> tuple[int, str]:
    answer = call(system, "/updateweatherstation.php", method="GET", query={"ID": "EWR", **given})
    return answer["statusCode"], answer["body"]


def test_the_station_is_the_name_that_the_protocol_has(system: System, key: str) -> None:
    assert report(system, PASSWORD=key, dateutc="now", tempf="50", id="24C86E0A", mt="5N1x31") == (200, "success\n")
    assert [each["station_id"] for each in system.items("StationsTable")] == ["EWR"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_station_and_a_key_that_a_console_says_twice_count_once_where_they_are_the_same(
    method: str, system: System, key: str
) -> None:
    """As one does in whose path stands what it adds itself, too."""

    def told(text: str) -> tuple[int, str]:
        text = f"PASSWORD={key}&dateutc=now&{text}"
        given = event(f"/updateweatherstation.php?{text}" if method == "GET" else "/updateweatherstation.php", method=method)
        answer = system.invoke("api_observations", given if method == "GET" else given | {"body": text})
        return answer["statusCode"], answer["body"]

    assert told(f"ID=EWR&tempf=50&ID=EWR&PASSWORD={key}&dateutc=now") == (200, "success\n")
    for faulty in ("humidity=40&humidity=40", "humidity=40,40"):
        assert told(f"ID=EWR&ID=&PASSWORD=&tempf=50&{faulty}")[1].startswith("success\nnot taken: humidity: ")
    assert list(read(system, "/latest")["parameters"]) == ["air_temperature"]
    assert told("ID=EWR&ID=JFK&tempf=50") == (400, "INVALIDPASSWORDID|Password or key and/or id are incorrect\n")
    assert told("ID=EWR&tempf=50&dateutc=2026-01-01+12:00:00")[0] == 400
    assert [each["station_id"] for each in system.items("StationsTable")] == ["EWR"]


def test_a_report_may_be_of_now(system: System, key: str) -> None:
    assert report(system, PASSWORD=key, dateutc="now", tempf="50", humidity="-9999") == (200, "success\n")
    (row,) = [item for item in system.items("ObservationsTable") if "token" in item]
    assert abs(parse(row["block"].rpartition("+")[2]) - time() * 1000) < 60_000
    assert "p:relative_humidity" not in row


def test_a_value_that_is_wrong_leaves_the_others(system: System, key: str) -> None:
    said = report(system, PASSWORD=key, dateutc="2026-01-01+12:00:00", tempf="warm", humidity="50")
    assert said == (200, "success\nnot taken: tempf: 'warm' is no number\n")  # what consoles look at is the first line
    assert read(system, "/latest")["parameters"].keys() == {"relative_humidity"}


AMBIENT = (
    "PASSKEY=00:0E:C6:20:0F:7B&stationtype=AMBWeatherV4.3.4&dateutc=2026-01-01+12:00:00&tempf=68.0&humidity=48&windspeedmph=4.47"
    "&windgustmph=8.95&maxdailygust=10.1&winddir=230&uv=1&solarradiation=120.5&hourlyrainin=0.000&eventrainin=0.000"
    "&dailyrainin=0.012&totalrainin=24.5&battout=1&tempinf=70.1&humidityin=45&baromrelin=29.921&baromabsin=29.530&battin=1"
)


def test_a_console_of_ambient_reports_in_its_own_protocol(system: System, key: str) -> None:
    query = {"ID": "EWR", "PASSWORD": key} | dict(parse_qsl(AMBIENT))
    answer = call(system, "/updateweatherstation.php", method="GET", query=query)
    assert (answer["statusCode"], answer["body"]) == (200, "success\n")
    found = {name: round(each["value"], 3) for name, each in read(system, "/latest")["parameters"].items()}
    assert found == {
        "air_temperature": 20,
        "air_pressure": 1000.001,
        "air_pressure_at_mean_sea_level": 1013.241,
        "relative_humidity": 48,
        "surface_downwelling_shortwave_flux_in_air": 120.5,
        "ultraviolet_index": 1,
        "wind_from_direction": 230,
        "wind_speed": 1.998,
        "wind_speed_of_gust": 4.001,
    }


@pytest.mark.parametrize("missing", ["-9999", "-9999.0", "-9999.00", "-999.0", "-999.9", "-999.90", "NA", "--", " "])
def test_a_value_that_is_missing_is_none(missing: str, system: System, key: str) -> None:
    assert report(system, PASSWORD=key, dateutc="now", tempf=missing, humidity="50") == (200, "success\n")
    assert read(system, "/latest")["parameters"].keys() == {"relative_humidity"}


@pytest.mark.parametrize(
    ("given", "status", "start"),
    [
        ({"dateutc": "2026-01-01", "tempf": "1"}, 400, "ERROR: dateutc is '2026-01-01'"),
        ({"dateutc": "20260101", "tempf": "1"}, 400, "ERROR: dateutc is '20260101'"),
        ({"dateutc": "1970-01-01 00:00:07", "tempf": "1"}, 400, "ERROR: dateutc is 1970-01-01T00:00:07Z: the clock is not set"),
        ({"dateutc": "2000-01-01 00:00:07", "tempf": "1"}, 400, "ERROR: dateutc is 2000-01-01T00:00:07Z: the clock is not set"),
        ({"PASSWORD": "wrong", "tempf": "1"}, 401, "INVALIDPASSWORDID"),
        ({"tempf": "1"}, 401, "INVALIDPASSWORDID"),
        ({"ID": "", "tempf": "1"}, 400, "INVALIDPASSWORDID"),
        ({"dateutc": "tomorrow", "tempf": "1"}, 400, "ERROR: dateutc"),
        ({"dateutc": "2999-01-01 00:00:00", "tempf": "1"}, 400, "ERROR: 2999"),
        ({"dateutc": "now"}, 400, "ERROR: there is no value"),
    ],
)
def test_a_console_is_told_what_is_wrong(given: dict[str, str], status: int, start: str, system: System, key: str) -> None:
    password = {} if "PASSWORD" in given or status == 401 else {"PASSWORD": key}
    said = report(system, **password, **given)
    assert said[0] == status
    assert said[1].startswith(start)
    assert not [item for item in system.items("ObservationsTable") if item["partition"].startswith("station#")]


def test_a_report_that_is_refused_says_in_its_header_what_would_be_taken(system: System) -> None:
    """RFC 9110, 15.5.2 and 15.5.16."""
    refused = call(system, "/updateweatherstation.php", method="GET", query={"ID": "EWR", "PASSWORD": "wrong", "tempf": "1"})
    assert (refused["statusCode"], refused["headers"]["WWW-Authenticate"][:6]) == (401, "Bearer")
    packed = call(system, "/updateweatherstation.php", body="tempf=1", headers={"Content-Encoding": "br"})
    assert (packed["statusCode"], packed["headers"]["Accept-Encoding"]) == (415, "gzip")


def test_a_station_that_nobody_has_described_is_found(system: System, key: str) -> None:
    send(system, key, observation())
    (station,) = system.items("StationsTable")
    assert (station["station_id"], station["authority"]) == ("EWR", 0)
    assert {row["file_id"] for row in system.latest()["EWR"].values()} == {LIVE}


def test_where_the_unit_changed_each_part_says_its_own(system: System, key: str) -> None:
    first, second, third = "2026-01-01T12:00:00Z", "2026-01-02T12:00:00Z", "2026-01-02T13:00:00Z"
    send(system, key, observation(first, air_temperature={"value": 50, "unit": "[degF]"}))
    send(system, key, observation(second, air_temperature={"value": 11, "unit": "Cel"}))
    column = read(system, datetime="2026-01-01/2026-01-02", details="true")["parameters"]["air_temperature"]
    assert (column["values"], column["received"], column["unit_received"]) == ([10, 11], ["50", "11"], "Cel")
    assert column["units_received"] == [{"from": first, "unit": "[degF]"}, {"from": second, "unit": "Cel"}]
    send(system, key, observation(third, air_temperature={"value": 12, "unit": "Cel"}))
    column = read(system, datetime="2026-01-02", details="true")["parameters"]["air_temperature"]
    assert "units_received" not in column


def test_in_a_table_too_each_text_says_its_own_unit(system: System, key: str) -> None:
    for at, value, unit in (("01T12", 50, "[degF]"), ("01T13", None, "[degF]"), ("02T12", 11, "Cel"), ("02T13", 284.15, "K")):
        values = {"air_temperature": {"value": value, "unit": unit}} if value else {"relative_humidity": 50}
        send(system, key, observation(f"2026-01-{at}:00:00Z", **values))
    query = {"datetime": "2026-01-01/2026-01-02", "parameters": "air_temperature", "f": "csv", "details": "true"}
    body = call(system, "/stations/EWR/observations", method="GET", query=query, function="api_weather")["body"]
    head, *rows = [line.split(",") for line in body.splitlines()]
    unit = head[4].removeprefix("air_temperature received (").removesuffix(")")
    texts = [row[4] if " " in row[4] else f"{row[4]} {unit}" for row in rows]
    assert texts == ["50 [degF]", "11 Cel", "284.15 K"]


# What gateways and odd senders send ---------------------------------------------------------------------------------------

ECOWITT = (
    "PASSKEY=0123456789ABCDEF0123456789ABCDEF&stationtype=GW1000B_V1.6.8&dateutc=2026-01-01+12:00:00&tempinf=70.1&humidityin=45"
    "&baromrelin={relative}&baromabsin=29.530&tempf=68.0&humidity=48&winddir=230&windspeedmph=4.47&windgustmph=8.95"
    "&maxdailygust=10.1&solarradiation=120.50&uv=1&rainratein=0.100&eventrainin=0.000&hourlyrainin=0.000&dailyrainin=0.000"
    "&wh65batt=0&freq=868M&model=GW1000_Pro"
)


@pytest.mark.parametrize(("relative", "at_sea_level"), [("29.921", 1013.241), ("29.530", None)])
def test_a_gateway_of_ecowitt_reports_to_a_path_with_its_key(
    relative: str, at_sea_level: float | None, system: System, key: str
) -> None:
    """A relative pressure that is the absolute one says that nobody has set the height."""
    query = {"ID": "EWR", "PASSWORD": key}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = call(system, "/ecowitt", query=query, headers=form, body=ECOWITT.format(relative=relative))
    assert (answer["statusCode"], answer["body"]) == (200, "success\n")
    found = {name: round(each["value"], 3) for name, each in read(system, "/latest")["parameters"].items()}
    assert found == {
        "air_temperature": 20,
        "air_pressure": 1000.001,
        **({"air_pressure_at_mean_sea_level": at_sea_level} if at_sea_level else {}),
        "rainfall_rate": 2.54,
        "relative_humidity": 48,
        "surface_downwelling_shortwave_flux_in_air": 120.5,
        "ultraviolet_index": 1,
        "wind_from_direction": 230,
        "wind_speed": 1.998,
        "wind_speed_of_gust": 4.001,
    }


@pytest.mark.parametrize(
    "dateutc",
    [
        "2026-01-01 12:00:00",
        "2026-01-01+12:00:00",
        "2026-01-01%2012%3A00%3A00",
        "2026-01-01%2012%3a00%3a00",
        "2026-01-01T12:00:00Z",
        "2026-1-1 12:0:0",
        "2026-01-01T07:00:00-05:00",
    ],
)
def test_a_console_may_write_the_time_in_its_own_way(dateutc: str, system: System, key: str) -> None:
    assert report(system, PASSWORD=key, dateutc=dateutc, tempf="50") == (200, "success\n")
    assert read(system, "/latest")["parameters"]["air_temperature"]["time"] == NOON


def test_a_console_may_leave_the_time_empty_and_write_names_small(system: System, key: str) -> None:
    answer = call(
        system, "/updateweatherstation.php", method="GET", query={"id": "EWR", "password": key, "dateutc": "", "uv": "2"}
    )
    assert (answer["statusCode"], answer["body"]) == (200, "success\n")
    assert read(system, "/latest")["parameters"]["ultraviolet_index"]["value"] == 2


def test_a_form_may_be_packed_and_hold_letters_of_another_encoding(system: System, key: str) -> None:
    form = urlencode({**WEEWX, "PASSWORD": key}).encode() + b"&softwaretype=Wetter-Station\xae"
    event = {
        "httpMethod": "POST",
        "path": "/updateweatherstation.php",
        "headers": {"Content-Encoding": "gzip"},
        "requestContext": {"requestId": "r", "path": "/v1/updateweatherstation.php"},
        "body": b64encode(gzip.compress(form)).decode(),
        "isBase64Encoded": True,
    }
    answer = system.invoke("api_observations", event)
    assert (answer["statusCode"], answer["body"]) == (200, "success\n")
    assert read(system, "/latest")["parameters"]["relative_humidity"]["value"] == 48


@pytest.mark.parametrize("value", [1e308, -1e308, 1e126, 1e12, "9e300"])
def test_what_nobody_can_have_measured_is_rejected_by_its_row(value: Any, system: System, key: str) -> None:
    """DynamoDB holds no number of 1e126."""
    status, said = send(system, key, [observation(), observation("2026-01-01T13:00:00Z", air_temperature=value)])
    assert (status, said["accepted"], said["rejected"]) == (207, 1, 1)
    assert "nothing that can be measured" in said["rows"][1]["reasons"][0]


@pytest.mark.parametrize("value", [1e-131, -1e-150, "5e-324"])
def test_what_is_nearer_to_zero_than_a_table_can_tell_is_zero(value: Any, system: System, key: str) -> None:
    assert send(system, key, observation(air_temperature=value))[0] == 200
    assert read(system, "/latest")["parameters"]["air_temperature"]["value"] == 0
    assert read(system, datetime="2026-01-01")["parameters"]["air_temperature"]["values"] == [0]


@pytest.mark.parametrize("unit", [r"\ud800", r"\udfff\ud800"])
def test_half_of_a_letter_is_refused_and_a_whole_one_is_taken(unit: str, system: System, key: str) -> None:
    one = json.dumps(observation(air_temperature={"value": 1, "unit": "UNIT"}))
    status, said = send(system, key, one.replace("UNIT", unit), Idempotency_Key="once")
    assert (status, said["code"]) == (400, "bad-body")
    assert "half of a letter" in said["detail"]
    assert send(system, key, one.replace("UNIT", r"\u00b0C"))[0] == 200
    assert send(system, key, one.replace("UNIT", r"\ud83d\ude00"))[0] == 422  # a letter, and no unit


def test_an_answer_that_is_too_long_for_an_item_is_kept_all_the_same(system: System, key: str) -> None:
    wrong = [{"time": NOON, "values": {f"{'x' * 80}{number}{at}": 1 for at in range(10)}} for number in range(999)]
    first = send(system, key, [observation(), *wrong], Idempotency_Key="once")
    assert (first[0], first[1]["accepted"]) == (207, 1)
    assert len(json.dumps(first[1])) > 400_000
    assert first[1]["rows"][1]["reasons"][-1] == "and 7 more"
    assert send(system, key, [observation(), *wrong], Idempotency_Key="once") == first
    assert send(system, key, [observation()], Idempotency_Key="once")[0] == 422


def test_an_answer_that_has_no_room_leaves_its_key_at_once(system: System, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "_MOST_BYTES", 50)
    for _ in range(2):
        assert send(system, key, observation(), Idempotency_Key="once")[0] == 200


@pytest.mark.parametrize(
    "station", ["..", ".", " ", "a?b", "a/b", "\N{WHITE SUN BEHIND CLOUD WITH RAIN}", "x" * 101, "x" * 3000]
)
def test_a_station_is_called_so_that_it_can_be_asked_for(station: str, system: System, key: str) -> None:
    """As in files."""
    assert send(system, key, observation(), station=quote(station, safe=""))[0] in (400, 404)
    assert not system.items("StationsTable")
