"""What the measured functions are asked, and a small AWS that answers what they ask in turn.

Each function takes a short but real way through its work: the API finds a station's values, an upload is read and catalogued, a
new entry is indexed and published, the observations of a deleted file are withdrawn.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from mesonet.stores import latest
from mesonet.stores.attributes import to_item

STATION = "KJFK"
CHANGING = "KLGA"  # has something new whenever it is asked
CHANGES = 500  # before it says the same again: more than a process remembers
TIME = "2024-01-01T00:00:00.000Z"
SEQUENCER = "0055AED6DCD90281E5"
ORDER = f"{SEQUENCER.ljust(32, '0')}#{TIME}|"
FILE_ID = "kzuqgrjt5yvtz4qfu3h2u2h3ce"
FILE = b"time,air_temperature\n2024-01-01T00:00:00Z,1.5\n2024-01-01T01:00:00Z,1.0\n"
ENTRY = {
    "file_id": {"S": FILE_ID},
    "bucket": {"S": "archive"},
    "key": {"S": "uploads/readings.csv"},
    "sequencer": {"S": SEQUENCER},
    "event_time": {"S": TIME},
    "order": {"S": ORDER},
    "status": {"S": "ok"},
    "format": {"S": "csv"},
    "received_at": {"S": TIME},
    "rows": {"N": "2"},
    "size": {"N": str(len(FILE))},
    "loading": {"M": {"state": {"S": "pending"}}},
}


def reported(minutes: int = 0) -> dict[str, Any]:
    """The latest values of a station as the tutorials keep them; so many minutes later each is another."""
    observed = {
        "air_temperature": (1.5, "Cel"),
        "air_pressure_at_mean_sea_level": (1013.2, "hPa"),
        "relative_humidity": (81, "%"),
        "wind_speed": (5.1, "m/s"),
        "wind_from_direction": (210, "deg"),
    }
    values = {
        name: _latest_value(f"{value + minutes % 90 / 10:g}", unit, 1704067200000 + 60_000 * minutes)
        for name, (value, unit) in observed.items()
    }
    return {"station_id": {"S": STATION}, "revision": {"N": str(7 + minutes)}, "parameters": {"M": values}}


def _latest_value(value: str, unit: str, time: int) -> dict[str, Any]:
    numbers = {"time": str(time), "since": "1672531200000", "value": value, "flag": "1"}
    texts = {
        "unit": unit,
        "received": value,
        "unit_received": unit,
        "order": ORDER,
        "file_id": FILE_ID,
    }
    return {"M": {name: {"N": each} for name, each in numbers.items()} | {name: {"S": each} for name, each in texts.items()}}


# What GetItem finds, by the table; all other tables are empty. The latest values are there as the tutorials keep them, and as
# Mesonet does.
ITEMS: dict[str, Any] = {
    "items_table": reported(),
    "stations_table": {
        "station_id": {"S": STATION},
        "name": {"S": "John F. Kennedy International Airport"},
        "latitude": {"N": "40.6399"},
        "longitude": {"N": "-73.7787"},
    },
}


def _as_kept(item: dict[str, Any]) -> dict[str, Any]:
    values, revision = latest.values_of(item), int(item["revision"]["N"])
    kept = to_item({"station_id": STATION, "revision": revision} | latest._parameters(values))
    return kept | {"packed": {"B": b64encode(kept["packed"]["B"]).decode()}}


ITEMS["latest_table"] = _as_kept(ITEMS["items_table"])


def changed() -> list[dict[str, Any]]:
    """What the station has that has something new, one after the other."""
    return [_as_kept(reported(minutes)) for minutes in range(1, CHANGES + 1)]


def _rest_request(path: str) -> dict[str, Any]:
    """API Gateway's proxy event, as far as the frameworks look at it."""
    headers = {"Accept": "application/json", "Host": "api.example.org", "X-Forwarded-Proto": "https"}
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": "GET",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.removeprefix("/")},
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "httpMethod": "GET",
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "curl/8.5.0"},
            "path": f"/v1{path}",
            "protocol": "HTTP/1.1",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "requestTimeEpoch": 1704067200000,
            "resourcePath": "/{proxy+}",
            "stage": "v1",
        },
        "body": None,
        "isBase64Encoded": False,
    }


def _queue_message(body: Any) -> dict[str, Any]:
    message = {
        "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",  # pragma: allowlist secret (made up)
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1704067200000"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
        "awsRegion": "us-east-1",
    }
    return {"Records": [message]}


LATEST = _rest_request(f"/stations/{STATION}/observations/latest")

# By the function's folder.
EVENTS: dict[str, dict[str, Any]] = {
    "api_weather": LATEST,
    "on_upload": _queue_message(
        {
            "Records": [
                {
                    "eventSource": "aws:s3",
                    "eventTime": TIME,
                    "eventName": "ObjectCreated:Put",
                    "s3": {
                        "bucket": {"name": "archive"},
                        "object": {"key": "uploads/readings.csv", "size": len(FILE), "sequencer": SEQUENCER},
                    },
                }
            ]
        }
    ),
    "on_file_change": {
        "Records": [
            {
                "eventID": "1",
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {"SequenceNumber": "111", "StreamViewType": "NEW_AND_OLD_IMAGES", "NewImage": ENTRY},
            }
        ]
    },
    "on_catalogued": _queue_message(
        {
            "type": "FileDeleted",
            "order": ORDER,
            "file": {"id": FILE_ID, "key": "uploads/readings.csv"},
        }
    ),
}

_PUBLISHED = (
    '<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed/><Successful/>'
    "</PublishBatchResult></PublishBatchResponse>"
)


class _Aws(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: apart, the second waits 40 ms for the first one's acknowledgement

    def do_GET(self) -> None:
        self._send(FILE, "text/csv")  # S3

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        if not operation:
            return self._send(_PUBLISHED.encode(), "text/xml")  # SNS
        answer: dict[str, Any] = {}
        if operation == "GetItem":
            item = ITEMS.get(json.loads(asked)["TableName"])
            answer = {"Item": item} if item else {}
        elif operation == "Query":
            answer = {"Items": [], "Count": 0, "ScannedCount": 0}
        elif operation == "BatchGetItem":
            answer = {"Responses": {}, "UnprocessedKeys": {}}
        self._send(json.dumps(answer).encode(), "application/x-amz-json-1.0")

    def _send(self, body: bytes, content_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def running() -> Iterator[str]:
    """The endpoint of such an AWS, while the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Aws) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
