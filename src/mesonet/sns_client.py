"""A light client of SNS that publishes, with the call, answers and errors of botocore's.

A batch of ten messages is one form of some 20 KB (AWS's query protocol). botocore writes and checks it field by field, and
encodes it twice, once to sign it: that is half of all that the fan-out does. Here all values are encoded at once.
"""

import re
from functools import lru_cache
from html import unescape
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from mesonet.dynamodb_client import LightClient, Reply, ServiceError

_VERSION = "2010-03-31"
_APART = "\n"  # between values that are encoded together
_CONTROLS = bytes(range(32)) + b"\x7f"
# What a form encodes (RFC 3986, 2.3): of printable ASCII what is not unreserved; `%` first
_ENCODED = [(each, f"%{ord(each):02X}") for each in "%" + " !\"#$&'()*+,/:;<=>?@[\\]^`{|}"]


class SNSClient(LightClient):
    service = "sns"
    operations = MappingProxyType({"publish_batch": "PublishBatch"})

    def _body(self, operation: str, arguments: dict[str, Any]) -> bytes:
        names = ["Action", "Version", "TopicArn"]
        values = [operation, _VERSION, arguments["TopicArn"]]
        for at, entry in enumerate(arguments["PublishBatchRequestEntries"], 1):
            given = entry.get("MessageAttributes", {})
            names += _names(at, len(given))
            values += [entry["Id"], entry["Message"]]
            for name, value in given.items():
                values += [name, value["DataType"], value["StringValue"]]
        return "&".join(map("=".join, zip(names, encoded(values), strict=True))).encode()

    def _described(self, operation: str) -> dict[str, str]:
        return {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}

    def _parsed(self, body: bytes) -> dict[str, Any]:
        text = body.decode()
        if "<PublishBatchResult" not in text:
            raise ValueError("the answer is none of PublishBatch")
        return {name: _members(text, name) for name in ("Successful", "Failed")}

    def _error(self, reply: Reply, operation: str) -> ServiceError:
        text = reply.body.decode(errors="replace")
        response = {
            "Error": {"Code": _member(text, "Code") or str(reply.status), "Message": _member(text, "Message")},
            "ResponseMetadata": {"HTTPStatusCode": reply.status, "RequestId": _member(text, "RequestId")},
        }
        return ServiceError(response, operation)


@lru_cache(maxsize=128)
def _names(at: int, attributes: int) -> list[str]:
    """Of the fields of the message at a place in its batch."""
    head = f"PublishBatchRequestEntries.member.{at}."
    names = [f"{head}Id", f"{head}Message"]
    for number in range(1, attributes + 1):
        each = f"{head}MessageAttributes.entry.{number}."
        names += [f"{each}Name", f"{each}Value.DataType", f"{each}Value.StringValue"]
    return names


def encoded(values: list[str]) -> list[str]:
    """Each as a form has it."""
    together = _APART.join(values)
    if not together.isascii() or _controls(together) != len(values) - 1:
        return [quote(each, safe="-._~") for each in values]
    for each, code in _ENCODED:
        if each in together:  # to look is a tenth of what counting in vain costs
            together = together.replace(each, code)
    return together.split(_APART)


def _controls(text: str) -> int:
    return len(text) - len(text.encode().translate(None, _CONTROLS))


def _members(text: str, name: str) -> list[dict[str, Any]]:
    found = re.search(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
    listed = re.findall(r"<member>(.*?)</member>", found[1], re.DOTALL) if found else []
    return [
        {
            key: value == "true" if key == "SenderFault" else unescape(value)
            for key, value in re.findall(r"<(\w+)>([^<]*)<", each)
        }
        for each in listed
    ]


def _member(text: str, name: str) -> str:
    found = re.search(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
    return unescape(found[1]) if found else ""
