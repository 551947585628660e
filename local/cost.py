"""What Mesonet costs in a month, by service: `make cost STATIONS=1000 INTERVAL=5m REQUESTS=1000000`.

What one file and one request need is metered (local/metered.toml, by `make meter`, on the functions themselves); prices are a
dated list (local/prices.toml). Beside the bill stands what other designs would cost for the same observations.
"""

import argparse
import json
import math
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import translation

HERE = Path(__file__).resolve().parent
MONTH_S = 30 * 86_400
BYTES_OF_A_VALUE = 4.5  # of a 5-minute block of ten columns, compressed; see docs/decisions.md on blocks
LOG_LINE = 400
CALL_MS = 6.0  # what a call of DynamoDB, S3 or SQS takes from within the region
ANSWER_KB = 8.0
# of a reading that came by the stream: its row is removed, and an hour's sixty make a block of some twenty units
COMPACTED_UNITS = 1 + 20 / 60
SHARD_RECORDS = 1000  # a second
DELIVERED_KB = 5  # Firehose bills each record by this much at least
LAKE_BYTES = 25.0  # of a value's row, compressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`interval_s` between two observations of a station, `file_s` between two of its files; `requests` in a month."""

    stations: int
    interval_s: int
    file_s: int
    requests: int
    columns: int = 10

    @property
    def observations(self) -> float:
        return self.stations * MONTH_S / self.interval_s

    @property
    def files(self) -> float:
        return self.stations * MONTH_S / max(self.file_s, self.interval_s)


@dataclass(frozen=True, slots=True)
class Line:
    service: str
    what: str
    dollars: float


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text())


def bill(network: Network, prices: Mapping[str, Any], metered: Mapping[str, Any]) -> list[Line]:
    """After one month; stored data grow by as much each month."""
    file, request = metered["file"], metered["request"]
    files, requests = network.files, network.requests
    stored_gb = network.observations * network.columns * BYTES_OF_A_VALUE / 1e9
    archive_gb = network.observations * network.columns * 8 / 1e9  # as text
    alarm_metrics, composites = watched()
    return [
        Line("Lambda", "requests", (files * file["invocations"] + requests) * prices["lambda"]["request"]),
        Line("Lambda", "time", (files * file["gb_seconds"] + requests * request["gb_seconds"]) * prices["lambda"]["gb_second"]),
        Line("DynamoDB", "writes", files * file["write_units"] * prices["dynamodb"]["write_unit"]),
        Line(
            "DynamoDB",
            "reads",
            (files * file["read_units"] + requests * request["read_units"]) * prices["dynamodb"]["read_unit"],
        ),
        Line("DynamoDB", "storage", stored_gb * (prices["dynamodb"]["gb_month"] + prices["dynamodb"]["backup_gb_month"])),
        Line("S3", "requests", files * (prices["s3"]["put"] + file["s3_reads"] * prices["s3"]["get"])),
        Line("S3", "storage", archive_gb * prices["s3"]["gb_month"]),
        Line("SQS", "requests", files * file["sqs_requests"] * prices["sqs"]["request"]),
        Line("SNS", "publications", files * file["sns_publications"] * prices["sns"]["publish"]),
        Line("API Gateway", "requests", requests * prices["api_gateway"]["request"]),
        Line("Transfer", "answers", requests * ANSWER_KB / 1e6 * prices["transfer"]["gb_out"]),
        Line("CloudWatch", "alarms", alarm_metrics * prices["cloudwatch"]["alarm_metric"]),
        Line("CloudWatch", "composite alarms", composites * prices["cloudwatch"]["composite_alarm"]),
        Line(
            "CloudWatch",
            "logs",
            (files * file["invocations"] * 2 + requests * 0.2) * LOG_LINE / 1e9 * prices["cloudwatch"]["log_gb"],
        ),
        Line("CloudWatch", "dashboard", prices["cloudwatch"]["dashboard"]),
        Line("KMS, secrets", "keys", prices["kms"]["key"] + prices["secrets"]["secret"]),
    ]


def by_stream(network: Network, prices: Mapping[str, Any], metered: Mapping[str, Any]) -> list[Line]:
    """What is paid besides what stands anyway where each observation comes as a reading (`Sensors=true`), none in a file."""
    reading, readings = metered["reading"], network.observations
    shards = math.ceil(readings / MONTH_S / SHARD_RECORDS) or 1
    metrics, composites = (more - usual for more, usual in zip(watched(sensors=True), watched(), strict=True))
    return [
        Line("Kinesis", "shards", shards * MONTH_S / 3600 * prices["kinesis"]["shard_hour"]),
        Line("Kinesis", "records", readings * prices["kinesis"]["put_unit"]),
        Line("Firehose", "delivery", readings * DELIVERED_KB / 1e6 * prices["firehose"]["gb"]),
        Line("Lambda", "requests", readings * reading["invocations"] * prices["lambda"]["request"]),
        Line("Lambda", "time", readings * reading["gb_seconds"] * prices["lambda"]["gb_second"]),
        Line("DynamoDB", "writes", readings * (reading["write_units"] + COMPACTED_UNITS) * prices["dynamodb"]["write_unit"]),
        Line("DynamoDB", "reads", readings * reading["read_units"] * prices["dynamodb"]["read_unit"]),
        Line("S3", "lake", readings * network.columns * LAKE_BYTES / 1e9 * prices["s3"]["gb_month"]),
        Line("CloudWatch", "alarms", metrics * prices["cloudwatch"]["alarm_metric"]),
        Line("CloudWatch", "composite alarms", composites * prices["cloudwatch"]["composite_alarm"]),
    ]


def watched(*, sensors: bool = False) -> tuple[int, int]:
    """Metrics of all alarms in production, which are what is paid for, and composite alarms; without files that are expected at
    certain times."""
    left_out = {"ExpectsFiles"} if sensors else {"ExpectsFiles", "HasSensors", "HasSensorsOnAws"}
    given = json.loads((HERE.parent / "deploy" / "prod.json").read_text())["Parameters"]
    resources = translation.translated(HERE.parent / "template.yaml", **given)["Resources"].values()
    usual = [each for each in resources if each.get("Condition") not in left_out]
    metrics = 0
    for each in usual:
        if each["Type"] == "AWS::CloudWatch::Alarm":
            parts = [part for part in each["Properties"].get("Metrics", ()) if "MetricStat" in part]
            metrics += max(1, len(parts))
    return metrics, sum(each["Type"] == "AWS::CloudWatch::CompositeAlarm" for each in usual)


def others(network: Network, prices: Mapping[str, Any]) -> Iterator[Line]:
    """The same observations in other designs: what they pay for writing, storing and serving them, and nothing besides."""
    item_bytes = 40 + 14 * network.columns
    units = math.ceil(item_bytes / 1024)
    a_day = 86_400 / network.interval_s
    reads = network.requests * 0.1 * max(1, 30 * a_day * item_bytes / 4096 / 2)  # one request in ten asks for a month
    stored = (
        network.observations
        * (item_bytes + 100)
        / 1e9
        * (prices["dynamodb"]["gb_month"] + prices["dynamodb"]["backup_gb_month"])
    )
    served = network.requests * (prices["api_gateway"]["request"] + prices["lambda"]["request"])
    yield Line("one object an observation", "the PUTs alone", network.observations * prices["s3"]["put"])
    yield Line(
        "one item an observation",
        "writes, month reads, storage, API",
        network.observations * units * prices["dynamodb"]["write_unit"]
        + reads * prices["dynamodb"]["read_unit"]
        + stored
        + served,
    )
    server = prices["server"]
    machines = max(
        1, math.ceil(network.observations / MONTH_S / 500)
    )  # some 500 rows a second for two small cores with PostGIS
    yield Line(
        "always-on server",
        f"{machines} × (t4g.large + db.t4g.medium), load balancer, disk",
        machines * (server["t4g_large_month"] + server["rds_t4g_medium_month"])
        + server["load_balancer_month"]
        + (100 + network.observations * (item_bytes + 60) / 1e9) * server["gp3_gb_month"],
    )


def seconds(text: str) -> int:
    found = re.fullmatch(r"(\d+)([smhd])", text)
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no interval: 30s, 5m, 1h, 1d")
    return int(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[found[2]]


def told(network: Network, *, sensors: bool = False) -> Iterator[str]:
    prices, metered = load("prices.toml"), load("metered.toml")
    lines = bill(network, prices, metered)
    millions, thousands = network.observations / 1e6, network.files / 1e3
    yield (
        f"{network.stations:,} stations, {millions:,.1f} million observations in {thousands:,.0f} thousand files, "
        f"{network.requests / 1e6:g} million requests a month"
    )
    yield f"(dollars; {prices['region']}, prices of {prices['date']}, no free tier)"
    for line in lines:
        yield f"  {line.service:<14}{line.what:<20}{line.dollars:>10.2f}"
    yield f"  {'together':<34}{sum(line.dollars for line in lines):>10.2f} $"
    if sensors:
        streamed = by_stream(network, prices, metered)
        yield "reading by reading through the stream of sensors (Sensors=true), and nothing in files:"
        for line in streamed:
            yield f"  {line.service:<14}{line.what:<20}{line.dollars:>10.2f}"
        yield f"  {'together, besides requests and what stands':<34}{sum(line.dollars for line in streamed):>10.2f} $"
    yield "beside it:"
    for line in others(network, prices):
        yield f"  {line.service:<34}{line.dollars:>10.2f} $  ({line.what})"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="What a network costs in a month.")
    parser.add_argument("--stations", type=int, action="append", help="how many; several times for several bills")
    parser.add_argument("--interval", type=seconds, default=300, help="between two observations of a station (5m)")
    parser.add_argument("--file", type=seconds, default=3600, help="between two files of a station (1h)")
    parser.add_argument("--requests", type=int, help="of the API in a month (1,000 for each station)")
    parser.add_argument("--sensors", action="store_true", help="what the same observations cost as readings of the stream")
    asked = parser.parse_args(arguments)
    for at, stations in enumerate(asked.stations or [100, 1000, 10_000]):
        requests = asked.requests if asked.requests is not None else 1000 * stations
        network = Network(stations=stations, interval_s=asked.interval, file_s=asked.file, requests=requests)
        print(("\n" if at else "") + "\n".join(told(network, sensors=asked.sensors)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
