"""DynamoDB's attribute values, made from plain Python and back.

botocore's own serializer refuses floats and answers with `Decimal`; here a number is written as `repr` writes it, which
DynamoDB keeps to 38 digits and reads back as the same float.
"""

from binascii import a2b_base64
from collections.abc import Mapping
from typing import Any

type AttributeValue = dict[str, Any]
type Item = dict[str, AttributeValue]

_LEAST = 1e-130  # DynamoDB refuses what is nearer to zero, and with it the item


def to_item(values: Mapping[str, Any]) -> Item:
    """Members that are None are left out."""
    return {name: to_attribute(value) for name, value in values.items() if value is not None}


def to_attribute(value: Any) -> AttributeValue:
    if isinstance(value, str):
        return {"S": str(value)}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | float):
        return {"N": "0" if 0 < abs(value) < _LEAST else repr(value)}
    if isinstance(value, bytes):
        return {"B": value}
    if value is None:
        return {"NULL": True}
    if isinstance(value, Mapping):
        return {"M": to_item(value)}
    return {"L": [to_attribute(each) for each in value]}


def from_item(item: Item) -> dict[str, Any]:
    return {name: from_attribute(attribute) for name, attribute in item.items()}


def from_attribute(attribute: AttributeValue) -> Any:
    ((kind, value),) = attribute.items()
    if kind == "S":
        return value
    if kind == "N":
        return int(value) if value.lstrip("-").isdecimal() else float(value)
    if kind == "M":
        return from_item(value)
    if kind == "L":
        return [from_attribute(each) for each in value]
    if kind == "NULL":
        return None
    return binary(attribute) if kind == "B" else value


def binary(attribute: AttributeValue) -> bytes:
    """Bytes, which the light client leaves in base64, as they come."""
    value: str | bytes = attribute["B"]
    return a2b_base64(value) if isinstance(value, str) else value
