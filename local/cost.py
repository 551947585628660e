"""What Mesonet costs in a month, by service: `make cost STATIONS=1000 INTERVAL=1m REQUESTS=1000000 [FILE=1d] [BY=post]`.

What a file, an observation that is sent, a reading of a sensor and a request need is metered (local/metered.toml, by
`make meter`, on the functions themselves); prices are a dated list (local/prices.toml). Beside the bill stands what the same
observations cost if they come in another way, and in other designs.
"""

import argparse
import json
import math
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from local import translation

HERE = Path(__file__).resolve().parent
MONTH_S = 30 * 86_400
BYTES_OF_A_VALUE = 4.5  # of a 5-minute block of ten columns, compressed; see docs/decisions.md on blocks
CALL_MS = 6.0  # what a call of DynamoDB, S3 or SQS takes from within the region
ANSWER_KB = 8.0
PLATFORM_LOG = 600  # bytes that Lambda itself logs of an invocation, as JSON: its start and its report
READING_BYTES = 600  # a reading of ten values, as JSON
LAKE_BYTES = 25.0  # of a value's row in the lake, compressed
FIREHOSE_ROUNDS_TO = 5 * 1024
ROWS = 12  # of the file that was metered
A_BATCH = 60  # observations in one POST, where stations send by the batch
# Lambda asks an idle queue with five long polls of 20 s at once (Lambda Developer Guide, "Using Lambda with Amazon SQS")
POLLS_A_MONTH = 5 * MONTH_S / 20
# A key of KMS is asked for each table and topic, by each who uses it, every five minutes (DynamoDB Developer Guide, "Encryption
# at rest"; SNS Developer Guide, "Estimating AWS KMS costs")
KEY_REQUESTS_A_MONTH = MONTH_S / 300


class By(StrEnum):
    """How observations come in."""

    FILE = "file"
    POST = "post"  # each by a request of its own
    BATCH = "batch"  # an hour's, or what there are, by one request
    STREAM = "stream"  # sensors to Kinesis


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`interval_s` between two observations of a station, `file_s` between two of its files; `requests` in a month."""

    stations: int
    interval_s: int
    file_s: int
    requests: int
    columns: int = 10
    by: By = By.FILE

    @property
    def observations(self) -> float:
        return self.stations * MONTH_S / self.interval_s

    @property
    def files(self) -> float:
        return self.stations * MONTH_S / max(self.file_s, self.interval_s)

    @property
    def arrivals(self) -> dict[str, float]:
        """How many of what is metered."""
        match self.by:
            case By.FILE:
                return {"file": self.files, "row": max(0.0, self.observations - ROWS * self.files)}
            case By.POST:
                return {"post": self.observations, "compaction": self.observations}
            case By.BATCH:
                return {"batch": self.observations / A_BATCH, "compaction": self.observations}
        return {"reading": self.observations, "compaction": self.observations}


@dataclass(frozen=True, slots=True)
class Line:
    """`dollars` by the list, `paid` where the account has AWS's standing allowances to itself."""

    service: str
    what: str
    dollars: float
    paid: float


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text())


def bill(network: Network, prices: Mapping[str, Any], metered: Mapping[str, Any]) -> list[Line]:
    """After one month; stored data grow by as much each month."""
    lines = []
    for service, what, price, quantity in uses(network, metered):
        section, _, name = price.partition(".")
        each, free = prices[section][name], prices["free"].get(price, 0)
        lines.append(Line(service, what, quantity * each, max(0.0, quantity - free) * each))
    return _shared(lines, prices)


def uses(network: Network, metered: Mapping[str, Any]) -> Iterator[tuple[str, str, str, float]]:
    """Service, what of it, its price's name, and how much in a month."""
    used: defaultdict[str, float] = defaultdict(float)
    for name, number in (*network.arrivals.items(), ("request", network.requests)):
        for key, each in metered[name].items():
            used[key] += number * each
    values = network.observations * network.columns
    stored_gb = values * BYTES_OF_A_VALUE / 1e9
    logs_gb = (used["log_bytes"] + used["invocations"] * PLATFORM_LOG) / 1e9
    posted = sum(network.arrivals.get(name, 0) for name in ("post", "batch"))
    streamed = network.arrivals.get("reading", 0)
    there = standing(sensors=bool(streamed))
    yield "Lambda", "requests", "lambda.request", used["invocations"]
    yield "Lambda", "time", "lambda.gb_second", used["gb_seconds"]
    yield "DynamoDB", "writes", "dynamodb.write_unit", used["write_units"]
    yield "DynamoDB", "reads", "dynamodb.read_unit", used["read_units"]
    yield "DynamoDB", "storage", "dynamodb.gb_month", stored_gb
    yield "DynamoDB", "backups", "dynamodb.backup_gb_month", stored_gb
    yield "S3", "files, writes", "s3.put", used["s3_writes"] + network.arrivals.get("file", 0)
    yield "S3", "reads", "s3.get", used["s3_reads"]
    yield "S3", "storage", "s3.gb_month", values * 8 / 1e9  # as text
    yield "SQS", "messages", "sqs.request", used["sqs_requests"]
    yield "SQS", "polls of idle queues", "sqs.request", there.queues * POLLS_A_MONTH
    yield "SNS", "publications", "sns.publish", used["sns_publications"]
    yield "API Gateway", "requests", "api_gateway.request", network.requests + posted
    if streamed:
        shards = math.ceil(network.observations / MONTH_S / 500)  # half of what one takes
        yield "Kinesis", "shards", "kinesis.shard_month", shards
        yield "Kinesis", "readings", "kinesis.put", streamed
        yield "S3", "lake", "s3.gb_month", streamed * network.columns * LAKE_BYTES / 1e9
        rounded = math.ceil(READING_BYTES / FIREHOSE_ROUNDS_TO) * FIREHOSE_ROUNDS_TO
        yield "Firehose", "readings", "firehose.gb", streamed * rounded / 1e9
    yield "Transfer", "answers", "transfer.gb_out", network.requests * ANSWER_KB / 1e6
    yield "CloudWatch", "alarms", "cloudwatch.alarm_metric", there.alarm_metrics
    yield "CloudWatch", "composite alarms", "cloudwatch.composite_alarm", there.composite_alarms
    yield "CloudWatch", "dashboard", "cloudwatch.dashboard", 1
    yield "CloudWatch", "metrics", "cloudwatch.custom_metric", metered["metrics"]["names"]
    yield "CloudWatch", "logs", "cloudwatch.log_gb", logs_gb
    yield "CloudWatch", "logs, kept", "cloudwatch.log_gb_month", logs_gb
    if there.traced:
        yield "X-Ray", "traces", "xray.trace", network.requests  # the first of each second, and 5 % of the rest
    yield "KMS", "a key of one's own", "kms.key", 1
    yield "KMS", "requests", "kms.request", there.encrypted * KEY_REQUESTS_A_MONTH
    yield "Secrets", "one", "secrets.secret", 1


def _shared(lines: list[Line], prices: Mapping[str, Any]) -> list[Line]:
    """Two lines have one allowance in common: what messages leave of that of SQS is what polls have."""
    messages, polls = (
        next(each for each in lines if each.service == "SQS" and each.what.startswith(what)) for what in ("m", "p")
    )
    free = prices["free"]["sqs.request"] * prices["sqs"]["request"]
    left = max(0.0, free - messages.dollars)
    return [replace(each, paid=max(0.0, each.dollars - left)) if each is polls else each for each in lines]


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is in production whether or not anything comes."""

    alarm_metrics: int  # an alarm on several metrics is paid for by the metric
    composite_alarms: int
    queues: int  # that Lambda asks
    encrypted: int  # tables and topics with a key that is asked, by each function that uses them
    traced: bool


@cache
def _production() -> tuple[dict[str, str], dict[str, Any]]:
    """Its parameters, and the resources of the template with them."""
    given = json.loads((HERE.parent / "deploy" / "prod.json").read_text())["Parameters"]
    return given, translation.translated(HERE.parent / "template.yaml", **given)["Resources"]


def standing(*, sensors: bool = False) -> Standing:
    """Without files that are expected at certain times, and without sensors unless asked for."""
    given, resources = _production()
    absent = {"ExpectsObservations", "UsesOpenSearch"} | (set() if sensors else {"HasSensors", "HasSensorsOnAws"})
    usual = {name: each for name, each in resources.items() if each.get("Condition") not in absent}
    of_type: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for name, each in usual.items():
        of_type[each["Type"]][name] = each["Properties"]
    metrics = 0
    for alarm in of_type["AWS::CloudWatch::Alarm"].values():
        parts = [part for part in alarm.get("Metrics", ()) if "MetricStat" in part]
        metrics += max(1, len(parts))
        # of what is usual both bounds are paid for as well
        metrics += 2 * json.dumps(alarm).count("ANOMALY_DETECTION_BAND")
    queues = [
        mapping
        for mapping in of_type["AWS::Lambda::EventSourceMapping"].values()
        if json.dumps(mapping["EventSourceArn"]).count("Queue") and "IndexIsFed" not in json.dumps(mapping["Enabled"])
    ]
    tables = {
        name for name, table in of_type["AWS::DynamoDB::Table"].items() if table.get("SSESpecification", {}).get("SSEEnabled")
    }
    topics = {name for name, topic in of_type["AWS::SNS::Topic"].items() if "KmsMasterKeyId" in topic}
    users = sum(
        json.dumps(role["Policies"]).count(f'"{name}"') > 0
        for role in of_type["AWS::IAM::Role"].values()
        if "Policies" in role
        for name in tables | topics
    )
    return Standing(
        alarm_metrics=metrics,
        composite_alarms=len(of_type["AWS::CloudWatch::CompositeAlarm"]),
        queues=len(queues),
        encrypted=users,
        traced=given.get("Tracing") == "Active",
    )


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
    puts = network.observations * prices["s3"]["put"]
    yield Line("one object an observation", "the PUTs alone", puts, puts)
    items = (
        network.observations * units * prices["dynamodb"]["write_unit"]
        + reads * prices["dynamodb"]["read_unit"]
        + stored
        + served
    )
    yield Line("one item an observation", "writes, month reads, storage, API", items, items)
    server = prices["server"]
    machines = max(
        1, math.ceil(network.observations / MONTH_S / 500)
    )  # some 500 rows a second for two small cores with PostGIS
    always = (
        machines * (server["t4g_large_month"] + server["rds_t4g_medium_month"])
        + server["load_balancer_month"]
        + (100 + network.observations * (item_bytes + 60) / 1e9) * server["gp3_gb_month"]
    )
    yield Line("always-on server", f"{machines} × (t4g.large + db.t4g.medium), load balancer, disk", always, always)


def ways(network: Network) -> Iterator[tuple[str, Network]]:
    """In which the same observations may come."""
    for text, file_s in (("a file a day", 86_400), ("a file an hour", 3600)):
        yield text, replace(network, by=By.FILE, file_s=file_s)
    yield f"a POST for {A_BATCH} of them", replace(network, by=By.BATCH)
    yield "a POST for each", replace(network, by=By.POST)
    yield "readings to the stream", replace(network, by=By.STREAM)


def seconds(text: str) -> int:
    found = re.fullmatch(r"(\d+)([smhd])", text)
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no interval: 30s, 5m, 1h, 1d")
    return int(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[found[2]]


def told(network: Network) -> Iterator[str]:
    prices, metered = load("prices.toml"), load("metered.toml")
    lines = bill(network, prices, metered)
    millions, (what, number) = network.observations / 1e6, next(iter(network.arrivals.items()))
    yield (
        f"{network.stations:,} stations, {millions:,.1f} million observations by {number / 1e3:,.0f} thousand "
        f"{_PLURAL[what]}, {network.requests / 1e6:g} million requests a month"
    )
    yield f"(dollars; {prices['region']}, prices of {prices['date']}; the second column with what AWS charges nobody for)"
    for line in lines:
        yield f"  {line.service:<14}{line.what:<22}{line.dollars:>10.2f}{line.paid:>10.2f}"
    yield f"  {'together':<36}{_sum(lines):>10.2f}{sum(line.paid for line in lines):>10.2f}"
    yield "the same observations, coming as:"
    for text, other in ways(network):
        some = bill(other, prices, metered)
        yield f"  {text:<36}{_sum(some):>10.2f}{sum(line.paid for line in some):>10.2f}"
    yield "in other designs:"
    for line in others(network, prices):
        yield f"  {line.service:<36}{line.dollars:>10.2f}  ({line.what})"


_PLURAL = {"file": "files", "post": "POSTs", "batch": f"POSTs of {A_BATCH}", "reading": "readings"}


def _sum(lines: list[Line]) -> float:
    return sum(line.dollars for line in lines)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="What a network costs in a month.")
    parser.add_argument("--stations", type=int, action="append", help="how many; several times for several bills")
    parser.add_argument("--interval", type=seconds, default=300, help="between two observations of a station (5m)")
    parser.add_argument("--file", type=seconds, default=86_400, help="between two files of a station (1d)")
    parser.add_argument("--requests", type=int, help="of the API in a month (1,000 for each station)")
    parser.add_argument("--by", type=By, default=By.FILE, choices=list(By), help="how observations come in (file)")
    asked = parser.parse_args(arguments)
    for at, stations in enumerate(asked.stations or [100, 1000, 10_000]):
        requests = asked.requests if asked.requests is not None else 1000 * stations
        network = Network(stations=stations, interval_s=asked.interval, file_s=asked.file, requests=requests, by=asked.by)
        print(("\n" if at else "") + "\n".join(told(network)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
