"""Observations that are sent to the deployed stack are read from it at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from local import stack
from mesonet.domain.instant import SECOND
from mesonet.stores.requests import CLAIMED
from tests.deployed import Answer, Deployed

NOW = datetime.now(UTC).replace(second=0, microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_is_sent_is_latest_and_observed(deployed: Deployed) -> None:
    headers = {"Authorization": f"Bearer {deployed.said['OperatorKey']}", "Content-Type": "application/json"}
    sent = {"observations": [{"time": NOW, "values": {"air_temperature": 21.4, "wind_speed": {"value": 9, "unit": "km/h"}}}]}
    said = deployed.ask("/stations/E2E-LIVE/observations", method="POST", headers=headers, body=json.dumps(sent).encode())
    assert (said.status, said.json["accepted"]) == (200, 1), said.text
    latest = deployed.ask("/stations/E2E-LIVE/observations/latest").json["parameters"]
    assert (latest["air_temperature"]["value"], latest["wind_speed"]["value"]) == (21.4, 2.5)
    observed = deployed.ask("/stations/E2E-LIVE/observations", datetime=f"{NOW[:10]}").json
    assert observed["parameters"]["air_temperature"]["values"] == [21.4]


def test_of_requests_with_one_idempotency_key_at_the_same_time_one_is_done(deployed: Deployed) -> None:
    headers = {
        "Authorization": f"Bearer {deployed.said['OperatorKey']}",
        "Content-Type": "application/json",
        "Idempotency-Key": NOW,
    }
    sent = json.dumps({"time": NOW, "values": {"air_temperature": 21.4}}).encode()

    def send(_: int) -> Answer:
        return deployed.ask("/stations/E2E-ONCE/observations", method="POST", headers=headers, body=sent)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    done = [each for each in answers if each.status == 200]
    assert sum("Idempotent-Replayed" not in each.headers for each in done) == 1
    assert len({each.text for each in done}) == 1
    refused = [each for each in answers if each not in done]
    assert {(each.status, each.json["code"]) for each in refused} <= {(409, "request-under-way")}
    assert all(1 <= int(each.headers["Retry-After"]) <= CLAIMED // SECOND for each in refused)


def test_without_a_key_nothing_is_taken(deployed: Deployed) -> None:
    said = deployed.ask(
        "/stations/E2E-LIVE/observations", method="POST", headers={"Content-Type": "application/json"}, body=b"{}"
    )
    assert (said.status, said.json["code"]) == (401, "unauthorized")


@pytest.mark.parametrize("path", ["/updateweatherstation.php", "/weatherstation/updateweatherstation.php"])
@pytest.mark.parametrize("form", [False, True])
def test_a_console_uploads(path: str, form: bool, deployed: Deployed) -> None:
    station = f"E2E-CONSOLE{path.count('/')}{form:d}"
    report = {"ID": station, "PASSWORD": deployed.said["OperatorKey"], "dateutc": "now", "tempf": "68.0", "action": "updateraw"}
    if form:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        said = deployed.ask(path, method="POST", headers=kind, body=urlencode(report).encode())
    else:
        said = deployed.ask(path, report)
    assert (said.status, said.text.split()[0]) == (200, "success"), said.text
    assert deployed.ask(f"/stations/{station}/observations/latest").json["parameters"]["air_temperature"]["value"] == 20


def test_the_job_makes_a_block_of_a_day_that_is_over(deployed: Deployed) -> None:
    headers = {"Authorization": f"Bearer {deployed.said['OperatorKey']}", "Content-Type": "text/csv"}
    text = "time,air_temperature\n" + "".join(f"2026-01-01T12:{minute:02d}:00Z,{minute}\n" for minute in range(10))
    path = "/stations/E2E-JOB/observations"
    assert deployed.ask(path, method="POST", headers=headers, body=text.encode()).status == 200
    before = deployed.ask(path, datetime="2026-01-01").json["parameters"]
    done = deployed.client("lambda").invoke(
        FunctionName=stack.functions(deployed.endpoint)["JobCompactFunction"], Payload=b"{}"
    )
    assert json.load(done["Payload"])["rows"] >= 10
    assert deployed.ask(path, datetime="2026-01-01").json["parameters"] == before
