"""The bill: what is metered is what the functions do today, and the sums are right."""

import json
from dataclasses import replace

import pytest

from local import cost
from local.cost import By, Network
from tests import template
from tests.delivery import metering

NETWORK = Network(stations=1000, interval_s=300, file_s=3600, requests=1_000_000)


def test_what_is_written_down_is_what_the_functions_need_today() -> None:
    written, found = cost.load("metered.toml"), metering.metered()
    for section, values in found.items():
        for name, value in values.items():
            if name == "gb_seconds":  # time is this machine's, which may be half as fast and busy besides
                assert value < 6 * written[section][name]
            else:
                assert value == pytest.approx(written[section][name], rel=0.1, abs=0.2 if section != "row" else 0.005), (
                    f"{section} {name}: make meter"
                )


PRICES, METERED = cost.load("prices.toml"), cost.load("metered.toml")


def total(network: Network) -> float:
    return sum(line.dollars for line in cost.bill(network, PRICES, METERED))


def paid(network: Network) -> float:
    return sum(line.paid for line in cost.bill(network, PRICES, METERED))


def test_every_price_says_whose_words_it_is() -> None:
    sections = {name: each for name, each in PRICES.items() if isinstance(each, dict)}
    assert len(sections) >= 14
    for name, section in sections.items():
        assert len(section["source"]) > 20, f"[{name}]"
        assert "memory" not in section["source"], f"[{name}]"


def test_an_alarm_is_paid_for_by_the_metric_and_one_on_what_is_usual_as_three() -> None:
    given = json.loads((template.ROOT / "deploy" / "prod.json").read_text())["Parameters"]
    alarms = template.resources("AWS::CloudWatch::Alarm", of=template.translated(**given))
    there = {name: each for name, each in alarms.items() if each.get("Condition") in (None, "IsOnAws")}
    usual = [name for name, each in there.items() if "ANOMALY_DETECTION_BAND" in json.dumps(each)]
    assert usual == ["ApiRefusalsAlarm"]
    stats = {name: json.dumps(each).count('"MetricStat"') or 1 for name, each in there.items()}
    assert cost.standing().alarm_metrics == sum(stats.values()) + 2


def test_the_bill_is_the_sum_of_metered_calls_and_prices() -> None:
    lines = {(line.service, line.what): line.dollars for line in cost.bill(NETWORK, PRICES, METERED)}
    files = 1000 * 24 * 30
    assert files == NETWORK.files
    assert lines["DynamoDB", "writes"] == pytest.approx(files * METERED["file"]["write_units"] * 0.625 / 1e6)
    assert lines["API Gateway", "requests"] == pytest.approx(3.50)
    assert all(dollars >= 0 for dollars in lines.values())


def test_what_is_sent_is_paid_for_by_the_request_and_by_the_row() -> None:
    sent = replace(NETWORK, by=By.POST, requests=0)
    lines = {(line.service, line.what): line.dollars for line in cost.bill(sent, PRICES, METERED)}
    rows = 1000 * 12 * 24 * 30
    assert lines["API Gateway", "requests"] == pytest.approx(rows * 3.5 / 1e6)
    units = METERED["post"]["write_units"] + METERED["compaction"]["write_units"]
    assert lines["DynamoDB", "writes"] == pytest.approx(rows * units * 0.625 / 1e6)
    assert total(replace(sent, by=By.BATCH)) < total(sent)


def test_what_is_streamed_is_paid_for_by_the_shard_and_the_reading() -> None:
    streamed = replace(NETWORK, by=By.STREAM, stations=60_000)  # 200 readings a second
    lines = {(line.service, line.what): line.dollars for line in cost.bill(streamed, PRICES, METERED)}
    assert lines["Kinesis", "shards"] == pytest.approx(10.80)
    assert lines["Firehose", "readings"] == pytest.approx(streamed.observations * 5120 / 1e9 * 0.029)
    assert cost.standing(sensors=True).alarm_metrics > cost.standing().alarm_metrics


def test_what_stands_is_counted_as_it_is_in_the_template() -> None:
    there = cost.standing()
    assert 40 < there.alarm_metrics < 80
    assert there.composite_alarms == 2
    assert there.queues == 4  # IndexQueue is asked only where OpenSearch keeps the index
    assert 0 < there.encrypted < 10  # topics only
    assert not there.traced


def test_a_thousand_stations_that_observe_each_minute_cost_fifteen_dollars() -> None:
    minutely = Network(stations=1000, interval_s=60, file_s=86_400, requests=1_000_000)
    assert paid(minutely) <= 15
    assert total(minutely) <= 24  # where another stack has the allowances


def test_allowances_are_taken_off_once() -> None:
    lines = cost.bill(NETWORK, PRICES, METERED)
    assert all(0 <= line.paid <= line.dollars for line in lines)
    queues = [line for line in lines if line.service == "SQS"]
    assert sum(line.dollars - line.paid for line in queues) == pytest.approx(0.40)


def test_ten_times_the_stations_cost_ten_times_as_much_but_for_what_stands_anyway() -> None:
    def of(stations: int) -> float:
        return total(Network(stations=stations, interval_s=300, file_s=3600, requests=1000 * stations))

    assert of(10_000) - of(0) == pytest.approx(10 * (of(1000) - of(0)))


def test_one_object_an_observation_costs_what_the_puts_cost() -> None:
    minutely = Network(stations=1000, interval_s=60, file_s=3600, requests=0)
    first = next(iter(cost.others(minutely, PRICES)))
    assert first.dollars == pytest.approx(1000 * 43_200 * 0.005 / 1000)


@pytest.mark.parametrize("way", [(), ("--by", "post"), ("--by", "stream")])
def test_a_bill_is_printed(way: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cost.main(["--stations", "1000", "--interval", "1m", *way]) == 0
    said = capsys.readouterr().out
    assert "together" in said
    assert said.count("in other designs:") == 1


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("5m", 300), ("1h", 3600), ("1d", 86_400)])
def test_intervals_are_read(text: str, seconds: int) -> None:
    assert cost.seconds(text) == seconds
