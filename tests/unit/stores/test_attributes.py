"""DynamoDB's attribute values: what is written is read back."""

from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer

from mesonet.stores.attributes import from_attribute, from_item, to_attribute, to_item


@pytest.mark.parametrize(
    "value",
    [
        "text",
        "",
        "気温",
        0,
        -1,
        10**37,
        1.5,
        -0.25,
        0.1 + 0.2,
        1e-7,
        1e20,
        True,
        False,
        None,
        b"\x00\xff",
        [],
        [1, "a", None, [2.5]],
        {},
        {"a": {"b": [1, {"c": "d"}]}},
    ],
)
def test_what_is_written_is_read_back(value: Any) -> None:
    found = from_attribute(to_attribute(value))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("value", ["text", 5, 1.5, 1e-7, 123456789.125, True, b"\x00", [1, "a"], {"a": 1}])
def test_it_is_written_as_the_sdk_would_read_it(value: Any) -> None:
    """`Decimal` equals an int or float of the same value."""
    attribute: Any = to_attribute(value)
    found: Any = TypeDeserializer().deserialize(attribute)
    assert found == value or float(found) == value or found.value == value


def test_members_that_are_none_are_left_out() -> None:
    assert to_item({"a": None, "b": 1}) == {"b": {"N": "1"}}
    assert from_item({"b": {"N": "1"}}) == {"b": 1}


def test_a_float_without_fraction_comes_back_as_a_number_that_is_equal() -> None:
    assert from_attribute({"N": "5"}) == 5.0
    assert from_attribute({"N": "5.0"}) == 5


def test_a_tuple_is_a_list_to_dynamodb() -> None:
    assert from_attribute(to_attribute((1, 2))) == [1, 2]


@pytest.mark.parametrize("attribute", [{}, {"S": "a", "N": "1"}])
def test_what_is_no_attribute_is_refused(attribute: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unpack"):
        from_attribute(attribute)
