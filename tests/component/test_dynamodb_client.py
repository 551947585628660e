"""The light client of DynamoDB beside botocore's: what one writes the other reads, and both refuse alike."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mesonet.dynamodb_client import Credentials, DynamoDBClient, ServiceError
from mesonet.errors import Conflict
from mesonet.stores.attributes import from_item
from mesonet.stores.dynamodb import translated
from tests import template
from tests.builders import in_base64
from tests.system import System

KEY = {"station_id": {"S": "JFK"}}

names = st.text(min_size=1, max_size=8)
scalars = st.one_of(
    st.builds(lambda text: {"S": text}, st.text(max_size=20)),
    st.builds(
        lambda number: {"N": repr(number)},
        st.one_of(st.integers(-(10**15), 10**15), st.floats(-1e30, 1e30).map(lambda x: round(x, 6))),
    ),
    st.builds(lambda data: {"B": data}, st.binary(max_size=40)),
    st.builds(lambda flag: {"BOOL": flag}, st.booleans()),
    st.just({"NULL": True}),
)
attributes = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.builds(lambda each: {"L": each}, st.lists(inner, max_size=3)),
        st.builds(lambda each: {"M": each}, st.dictionaries(st.one_of(names, st.just("B")), inner, max_size=3)),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with System() as made:
        yield made


@pytest.fixture(scope="module")
def light(system: System) -> DynamoDBClient:
    return DynamoDBClient(
        "https://dynamodb.us-east-1.amazonaws.com", region=template.REGION, credentials=Credentials("test", "test")
    )


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """What both answer alike: the light client leaves bytes in base64."""
    return {name: in_base64(each) for name, each in answer.items() if name != "ResponseMetadata"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(item=st.dictionaries(names, attributes, max_size=4))
def test_what_one_client_writes_the_other_reads(item: dict[str, Any], system: System, light: DynamoDBClient) -> None:
    table, other = system.ref("StationsTable"), system.dynamodb
    for writer in (light, other):
        writer.put_item(TableName=table, Item=item | KEY)
        ours = light.get_item(TableName=table, Key=KEY, ConsistentRead=True)
        theirs = other.get_item(TableName=table, Key=KEY, ConsistentRead=True)
        assert plain(ours) == plain(theirs)
        assert set(ours["Item"]) == {*item, *KEY}
        assert from_item(ours["Item"]) == from_item(theirs["Item"])


def both(system: System, light: DynamoDBClient, operation: str, **arguments: Any) -> list[dict[str, Any]]:
    return [plain(getattr(client, operation)(**arguments)) for client in (light, system.dynamodb)]


def test_every_operation_that_stores_use_answers_alike(system: System, light: DynamoDBClient) -> None:
    table = system.ref("LatestTable")
    for at in range(3):
        system.dynamodb.put_item(TableName=table, Item={"station_id": {"S": f"S{at}"}, "payload": {"B": bytes(at)}})
    keys = {"RequestItems": {table: {"Keys": [{"station_id": {"S": "S1"}}], "ConsistentRead": True}}}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("get_item", {"TableName": table, "Key": {"station_id": {"S": "none"}}}),
        ("batch_get_item", keys),
        ("scan", {"TableName": table, "Limit": 2}),
        (
            "query",
            {
                "TableName": table,
                "KeyConditionExpression": "station_id = :id",
                "ExpressionAttributeValues": {":id": {"S": "S2"}},
            },
        ),
        (
            "update_item",
            {
                "TableName": table,
                "Key": {"station_id": {"S": "S1"}},
                "UpdateExpression": "SET payload = :data",
                "ExpressionAttributeValues": {":data": {"B": b"\xff"}},
                "ReturnValues": "ALL_NEW",
            },
        ),
        ("transact_write_items", {"TransactItems": [{"Delete": {"TableName": table, "Key": {"station_id": {"S": "S1"}}}}]}),
        ("batch_write_item", {"RequestItems": {table: [{"PutRequest": {"Item": {"station_id": {"S": "S4"}}}}]}}),
        ("delete_item", {"TableName": table, "Key": {"station_id": {"S": "S4"}}}),
    ]
    for operation, arguments in asked:
        ours, theirs = both(system, light, operation, **arguments)
        assert ours == theirs, operation


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("put_item", {"Item": KEY, "ConditionExpression": "attribute_exists(nothing)"}),
    ("get_item", {"Key": {"wrong": {"S": "x"}}}),
    ("transact_write_items", {}),
]


@pytest.mark.parametrize(("operation", "arguments"), REFUSED, ids=[name for name, _ in REFUSED])
def test_both_refuse_alike(operation: str, arguments: dict[str, Any], system: System, light: DynamoDBClient) -> None:
    table = {"TableName": system.ref("LatestTable")}
    if operation == "transact_write_items":
        put = {"Put": {**table, "Item": KEY, "ConditionExpression": "attribute_exists(nothing)"}}
        arguments = {"TransactItems": [put]}
    else:
        arguments = arguments | table
    with pytest.raises(ServiceError) as ours:
        getattr(light, operation)(**arguments)
    with pytest.raises(ClientError) as theirs:
        getattr(system.dynamodb, operation)(**arguments)
    assert ours.value.response["Error"]["Code"] == theirs.value.response["Error"]["Code"]
    codes = [[each.get("Code") for each in error.value.response.get("CancellationReasons", [])] for error in (ours, theirs)]
    assert codes[0] == codes[1]


@pytest.mark.parametrize("which", ["light", "botocore"])
def test_a_store_hears_the_same_conflict_from_either(which: str, system: System, light: DynamoDBClient) -> None:
    client: Any = light if which == "light" else system.dynamodb
    with pytest.raises(Conflict, match="writing: something newer"), translated("writing"):
        client.put_item(TableName=system.ref("LatestTable"), Item=KEY, ConditionExpression="attribute_exists(nothing)")
