"""The template keeps what the design promises of it."""

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any

import pytest
import yaml
from samtranslator.swagger import swagger

from local import translation
from tests import template
from tests.permissions import listed, statements

TABLES = template.resources("AWS::DynamoDB::Table")
BUCKETS = template.resources("AWS::S3::Bucket")
QUEUES = template.resources("AWS::SQS::Queue")
TOPICS = template.resources("AWS::SNS::Topic")
FUNCTIONS = template.functions()
HOLDING_DATA = {**TABLES, **BUCKETS, **QUEUES}


def walk(value: Any) -> Iterator[Any]:
    yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(each)


def referenced(value: Any) -> Iterator[str]:
    for each in walk(value):
        match each:
            case {"Ref": name}:
                yield name
            case {"Fn::GetAtt": [name, *_]}:
                yield name
            case {"Fn::GetAtt": str(path)}:
                yield path.partition(".")[0]
            case {"Fn::Sub": str(text)}:
                yield from (found.partition(".")[0] for found in re.findall(r"\$\{([\w.:]+)\}", text))
            case {"Fn::Sub": [text, given]}:
                names = (found.partition(".")[0] for found in re.findall(r"\$\{([\w.:]+)\}", text))
                yield from (name for name in names if name not in given)


def dependencies(resource: dict[str, Any]) -> set[str]:
    return {*referenced(resource.get("Properties", {})), *listed(resource.get("DependsOn", []))}


def test_the_translation_is_the_same_with_all_the_copies_that_the_translator_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swagger, "_deepcopy", copy.deepcopy)
    of_a_deployment = re.compile(r"WeatherApiDeployment\w+|deployment id: \w+")  # is another one each time
    with_copies, without = (
        of_a_deployment.sub("deployment", json.dumps(each, sort_keys=True))
        for each in (translation.translated(template.ROOT / "template.yaml"), template.translated())
    )
    assert without == with_copies


def test_the_translated_template_has_no_cycle() -> None:
    resources = template.translated()["Resources"]
    graph = {name: dependencies(each) & resources.keys() for name, each in resources.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(resources)


def test_everything_referred_to_exists() -> None:
    translated = template.translated()
    known = translated["Resources"].keys() | translated["Parameters"].keys()
    named = {name for name in referenced([translated["Resources"], translated["Outputs"]]) if not name.startswith("AWS::")}
    assert named <= known


def test_every_parameter_is_used() -> None:
    source = template.source()
    used = set(referenced([source["Resources"], source["Globals"], source["Conditions"], source["Outputs"]]))
    assert source["Parameters"].keys() <= used


@pytest.mark.parametrize("name", HOLDING_DATA)
def test_what_holds_data_outlives_the_stack(name: str) -> None:
    resource = HOLDING_DATA[name]
    assert resource.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")
    assert resource.get("UpdateReplacePolicy") == "Retain"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_encrypted_and_can_be_restored(name: str) -> None:
    given = TABLES[name]["Properties"]
    # encrypted it is in any case; a key of KMS is charged for by the request (docs/operations.md, "What it costs")
    assert "SSESpecification" not in given
    assert given["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert given["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_private_encrypted_and_versioned(name: str) -> None:
    given = BUCKETS[name]["Properties"]
    assert all(given["PublicAccessBlockConfiguration"].values())
    assert len(given["PublicAccessBlockConfiguration"]) == 4
    assert given["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert given["VersioningConfiguration"] == {"Status": "Enabled"}
    policies = template.resources("AWS::S3::BucketPolicy").values()
    assert any(only_over_tls(policy) for policy in policies if name in referenced(policy["Properties"]["Bucket"]))


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_is_encrypted_and_hands_on_what_it_cannot_deliver(name: str) -> None:
    given = QUEUES[name]["Properties"]
    assert given["SqsManagedSseEnabled"] is True
    assert given["MessageRetentionPeriod"] == 14 * 86_400
    if "DeadLetter" not in name:
        (target,) = referenced(given["RedrivePolicy"]["deadLetterTargetArn"])
        assert "DeadLetter" in target
        assert target in QUEUES


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_is_reached_over_tls_only(name: str) -> None:
    policies = template.resources("AWS::SQS::QueuePolicy").values()
    assert any(only_over_tls(policy) for policy in policies if name in referenced(policy["Properties"]["Queues"]))


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_is_encrypted_and_reached_over_tls_only(name: str) -> None:
    assert TOPICS[name]["Properties"]["KmsMasterKeyId"]
    policies = template.resources("AWS::SNS::TopicPolicy").values()
    assert any(only_over_tls(policy) for policy in policies if name in referenced(policy["Properties"]["Topics"]))


def only_over_tls(policy: dict[str, Any]) -> bool:
    return any(
        statement["Effect"] == "Deny" and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    )


def test_a_queue_that_is_open_to_a_service_names_who_may_send() -> None:
    for name, policy in template.resources("AWS::SQS::QueuePolicy").items():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                assert "aws:SourceArn" in statement["Condition"]["ArnEquals"], name


def test_every_subscription_hands_on_what_it_cannot_deliver() -> None:
    subscriptions = template.resources("AWS::SNS::Subscription")
    assert subscriptions
    for name, subscription in subscriptions.items():
        if subscription["Properties"]["Protocol"] == "email":
            continue
        (target,) = referenced(subscription["Properties"]["RedrivePolicy"])
        assert target in QUEUES, name


def sources() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, function in FUNCTIONS.items():
        for each in function["Properties"].get("Events", {}).values():
            yield name, each["Type"], each["Properties"]


def test_every_event_source_has_a_destination_for_failures() -> None:
    kinds = set()
    for name, kind, given in sources():
        kinds.add(kind)
        if kind == "SQS":
            (queue,) = referenced(given["Queue"])
            assert "RedrivePolicy" in QUEUES[queue]["Properties"], name
        elif kind in ("DynamoDB", "Kinesis"):
            (queue,) = referenced(given["DestinationConfig"]["OnFailure"]["Destination"])
            assert queue in QUEUES, name
            assert given["BisectBatchOnFunctionError"] is True
            # What cannot be taken now waits for its day, as long as the stream keeps it: poison is set aside by the function
            if kind == "DynamoDB":
                assert "MaximumRetryAttempts" not in given, name
            else:  # or half as long, so that what is given up can be fetched again
                (stream,) = referenced(given["Stream"])
                kept_s = template.source()["Resources"][stream]["Properties"]["RetentionPeriodHours"] * 3600
                assert given["MaximumRecordAgeInSeconds"] <= kept_s / 2, name
                assert given["MaximumRetryAttempts"] > 0, name
        else:
            # who asks is told; a schedule comes again, and what it left undone is where it was
            assert kind in ("Api", "Schedule"), f"{name}: how does {kind} hand on what fails?"
    assert {"SQS", "DynamoDB", "Kinesis", "Api"} <= kinds


def test_a_stream_is_encrypted_and_there_only_where_somebody_wants_it() -> None:
    for name, stream in template.resources("AWS::Kinesis::Stream").items():
        assert stream["Properties"]["StreamEncryption"]["EncryptionType"] == "KMS", name
        assert stream["Condition"] == "HasSensors", f"{name} costs something when nothing flows"
    assert template.source()["Parameters"]["Sensors"]["Default"] == "false"


def test_what_is_delivered_into_the_lake_and_what_could_not_be_lie_apart() -> None:
    for name, delivery in template.resources("AWS::KinesisFirehose::DeliveryStream").items():
        given = delivery["Properties"]["ExtendedS3DestinationConfiguration"]
        assert given["Prefix"].startswith("readings/"), name
        assert given["ErrorOutputPrefix"].startswith("errors/!{firehose:error-output-type}/"), name
        assert given["CompressionFormat"] == "GZIP", name


def test_everything_of_the_sensors_is_left_out_without_them() -> None:
    resources = template.source()["Resources"]
    kinds = ("AWS::Kinesis::Stream", "AWS::KinesisFirehose::DeliveryStream")
    found = {name for kind in kinds for name in template.resources(kind)}
    conditions = {"HasSensors", "HasSensorsOnAws"}
    while more := {name for name, each in resources.items() if name not in found and found & dependencies(each)}:
        found |= more
    assert "OnReadingFunction" in found
    assert {resources[name].get("Condition") for name in found} <= conditions, found


def test_a_poller_takes_partial_failures() -> None:
    for name, kind, given in sources():
        if kind not in ("Api", "Schedule"):
            assert given["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name


def test_every_event_source_is_stopped_and_started_by_one_parameter() -> None:
    assert {"Condition": "EventsAreOn"} in template.source()["Conditions"]["IndexIsFed"]["Fn::And"]
    for name, kind, given in sources():
        match kind:
            case "Api":
                continue
            case "Schedule":
                assert given["State"] == {"Fn::If": ["EventsAreOn", "ENABLED", "DISABLED"]}, name
            case _:
                condition = "IndexIsFed" if name == "OnIndexFunction" else "EventsAreOn"
                assert given["Enabled"] == {"Fn::If": [condition, True, False]}, name


def test_a_message_stays_hidden_six_times_as_long_as_its_function_may_run() -> None:
    # AWS Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping"
    for name, kind, given in sources():
        if kind == "SQS":
            (queue,) = referenced(given["Queue"])
            assert QUEUES[queue]["Properties"]["VisibilityTimeout"] >= 6 * FUNCTIONS[name]["Properties"]["Timeout"]


def test_a_function_that_goes_on_by_messages_to_itself_is_not_taken_for_a_loop() -> None:
    """Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops": what a function is called with
    more than 16 times in one chain of messages is not handed to it any more."""
    to_itself = {
        name
        for name, kind, given in sources()
        if kind == "SQS"
        for statement in statements(name)
        if "sqs:SendMessage" in listed(statement["Action"]) and given["Queue"] in listed(statement["Resource"])
    }
    ends_at_once = {"OnNoticeFunction"}  # each notice is told to each subscriber by a message, and that by none
    allowed = {name for name, each in FUNCTIONS.items() if each["Properties"].get("RecursiveLoop") == "Allow"}
    assert allowed == to_itself - ends_at_once
    assert ends_at_once <= to_itself


def test_the_archive_notifies_by_queue_and_the_system_itself_may_not_write_there() -> None:
    assert "LambdaConfigurations" not in BUCKETS["ArchiveBucket"]["Properties"]["NotificationConfiguration"]
    for name in FUNCTIONS.keys() - {"ApiUploadsFunction"}:  # which signs for operators, and writes nothing itself
        for statement in statements(name):
            writes = [action for action in listed(statement["Action"]) if action.startswith(("s3:Put", "s3:Delete"))]
            assert not writes or "ArchiveBucket" not in str(statement["Resource"])


def test_no_function_and_no_role_is_named() -> None:
    for kind, property_name in (("AWS::Serverless::Function", "FunctionName"), ("AWS::IAM::Role", "RoleName")):
        for name, resource in template.resources(kind).items():
            if not name.startswith("Hook"):  # CodeDeploy finds hooks by the start of their names
                assert property_name not in resource["Properties"], name


def test_logs_are_kept_for_a_time_that_is_chosen() -> None:
    groups = template.resources("AWS::Logs::LogGroup")
    for name, function in FUNCTIONS.items():
        (group,) = referenced(function["Properties"]["LoggingConfig"]["LogGroup"])
        assert groups[group]["Properties"]["RetentionInDays"], name


def test_an_endpoint_of_its_own_is_left_out_where_there_is_none() -> None:
    # an empty AWS_ENDPOINT_URL would be taken for one
    for name, resource in template.translated()["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Function":
            endpoint = resource["Properties"]["Environment"]["Variables"]["AWS_ENDPOINT_URL"]
            assert endpoint["Fn::If"][2] == {"Ref": "AWS::NoValue"}, name


def test_nothing_is_named_twice() -> None:
    """YAML readers take the later of two without a word; CloudFormation does not say what it does."""
    for file in ("template.yaml", "pipeline.yaml", "deploy/account.yaml", "deploy/archive.yaml"):
        assert list(named_twice(yaml.compose((template.ROOT / file).read_text()))) == []


def named_twice(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        names = Counter(key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge")
        yield from (f"{name} at line {node.start_mark.line + 1}" for name, times in names.items() if times > 1)
    if isinstance(node, yaml.CollectionNode):
        for each in node.value:
            for part in each if isinstance(each, tuple) else (each,):
                yield from named_twice(part)
