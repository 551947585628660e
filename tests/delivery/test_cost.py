"""The bill: what is metered is what the functions do today, and the sums are right."""

import pytest

from local import cost
from local.cost import Network
from tests.delivery import metering

NETWORK = Network(stations=1000, interval_s=300, file_s=3600, requests=1_000_000)


def test_what_is_written_down_is_what_the_functions_need_today() -> None:
    written, found = cost.load("metered.toml"), metering.metered()
    for section, values in found.items():
        for name, value in values.items():
            if name == "gb_seconds":  # time is this machine's
                assert value < 4 * written[section][name]
            else:
                assert value == pytest.approx(written[section][name], rel=0.1, abs=0.2), f"{section} {name}: make meter"


def test_the_bill_is_the_sum_of_metered_calls_and_prices() -> None:
    prices, metered = cost.load("prices.toml"), cost.load("metered.toml")
    lines = {(line.service, line.what): line.dollars for line in cost.bill(NETWORK, prices, metered)}
    files = 1000 * 24 * 30
    assert files == NETWORK.files
    assert lines["DynamoDB", "writes"] == pytest.approx(files * metered["file"]["write_units"] * 0.625 / 1e6)
    assert lines["API Gateway", "requests"] == pytest.approx(3.50)
    assert all(dollars >= 0 for dollars in lines.values())


def test_alarms_are_counted_as_they_are_in_the_template() -> None:
    metrics, composites = cost.watched()
    assert metrics > 20
    assert composites == 2


def test_sensors_cost_what_is_metered_and_a_shard_and_nothing_where_there_are_none() -> None:
    prices, metered = cost.load("prices.toml"), cost.load("metered.toml")
    lines = {(line.service, line.what): line.dollars for line in cost.by_stream(NETWORK, prices, metered)}
    assert lines["Kinesis", "shards"] == pytest.approx(10.80)
    assert lines["Firehose", "delivery"] == pytest.approx(NETWORK.observations * 5 / 1e6 * 0.029)
    assert cost.watched(sensors=True) > cost.watched()
    assert cost.watched(sensors=True)[1] == 3


def test_ten_times_the_stations_cost_ten_times_as_much_but_for_what_stands_anyway() -> None:
    prices, metered = cost.load("prices.toml"), cost.load("metered.toml")

    def total(stations: int) -> float:
        network = Network(stations=stations, interval_s=300, file_s=3600, requests=1000 * stations)
        return sum(line.dollars for line in cost.bill(network, prices, metered))

    assert total(10_000) - total(0) == pytest.approx(10 * (total(1000) - total(0)))


def test_one_object_an_observation_costs_what_the_puts_cost() -> None:
    prices = cost.load("prices.toml")
    minutely = Network(stations=1000, interval_s=60, file_s=3600, requests=0)
    first = next(iter(cost.others(minutely, prices)))
    assert first.dollars == pytest.approx(1000 * 43_200 * 0.005 / 1000)


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("5m", 300), ("1h", 3600), ("1d", 86_400)])
def test_intervals_are_read(text: str, seconds: int) -> None:
    assert cost.seconds(text) == seconds
