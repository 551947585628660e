"""What a role allows, read from the template; so that a call which AWS would deny fails in tests, too."""

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests import template

type Statement = Mapping[str, Any]

# IAM knows no action of its own for these (Service Authorization Reference)
_ACTIONS = {
    ("lambda", "Invoke"): "InvokeFunction",
    **{("s3", f"{each}"): "PutObject" for each in ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload")},
    ("s3", "HeadObject"): "GetObject",
    ("s3", "ListObjectsV2"): "ListBucket",
    ("s3", "ListObjectVersions"): "ListBucketVersions",
    ("sns", "PublishBatch"): "Publish",
    ("sqs", "SendMessageBatch"): "SendMessage",
}


class Denied(BaseException):
    """A call that AWS would refuse. No `except Exception` may take it for a passing fault."""


def statements(logical_id: str) -> Iterator[Statement]:
    """Of the one role that a function has, under a condition too; not what Lambda itself does with it, which is to trace."""
    role = template.functions()[logical_id]["Properties"]["Role"]["Fn::GetAtt"][0]
    for policy in template.source()["Resources"][role]["Properties"]["Policies"]:
        if policy.get("Fn::If", [""])[0] != "IsObserved":
            yield from policy["PolicyDocument"]["Statement"]
    for policy in template.resources("AWS::IAM::RolePolicy").values():
        if policy["Properties"]["RoleName"] == {"Ref": role}:
            yield from policy["Properties"]["PolicyDocument"]["Statement"]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def demands(service: str, operation: str, arguments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The actions and resources that a call needs."""
    if service == "dynamodb" and operation == "TransactWriteItems":
        for action in arguments["TransactItems"]:
            ((kind, given),) = action.items()
            yield f"dynamodb:{kind}Item", given["TableName"]
        return
    if service == "dynamodb" and operation in ("BatchGetItem", "BatchWriteItem"):
        for table in arguments["RequestItems"]:
            yield f"dynamodb:{operation}", table
        return
    action = f"{service}:{_ACTIONS.get((service, operation), operation)}"
    match service:
        case "dynamodb":
            index = arguments.get("IndexName")
            yield action, arguments["TableName"] + (f"/index/{index}" if index else "")
        case "s3" if "Key" not in arguments:
            yield action, arguments["Bucket"]
        case "s3":
            yield action + ("Version" if arguments.get("VersionId") else ""), f"{arguments['Bucket']}/{arguments['Key']}"
        case "sns":
            yield action, arguments["SubscriptionArn"] if operation == "Unsubscribe" else arguments["TopicArn"]
        case "sqs":
            yield action, arguments["QueueUrl"]
        case "lambda":
            yield action, f"{arguments['FunctionName']}:{arguments['Qualifier']}"
        case "codedeploy":
            yield action, f"arn:aws:codedeploy:{template.REGION}:{template.ACCOUNT}:deploymentgroup:mesonet-group"
        case _:
            raise NotImplementedError(service)


def allows(statement: Statement, action: str, resource: str, refs: Callable[[str], str]) -> bool:
    """Resources are compared by physical names, as the calls have them: a table's name, a queue's URL."""
    return (
        statement["Effect"] == "Allow"
        and action in listed(statement["Action"])
        and any(fnmatchcase(resource, pattern) for pattern in (_pattern(each, refs) for each in listed(statement["Resource"])))
    )


def _pattern(resource: Any, refs: Callable[[str], str]) -> str:
    match resource:
        case str():
            return resource
        case {"Ref": name}:
            return refs(name)
        case {"Fn::GetAtt": [name, "Arn"]}:
            return refs(name)
        case {"Fn::GetAtt": [name, "StreamArn"]}:
            return f"{refs(name)}/stream"
        case {"Fn::Sub": str(text)} if text.startswith("arn:"):
            return re.sub(r"\$\{([\w:]+)\}", lambda found: refs(found[1]), text)
        case {"Fn::Sub": str(text)}:
            name = text[2 : text.index(".Arn}")]
            return refs(name) + text[text.index("}") + 1 :]
    raise NotImplementedError(resource)


def check(logical_id: str, service: str, operation: str, arguments: Mapping[str, Any], refs: Callable[[str], str]) -> None:
    """Raises Denied for a call that the function's role does not allow."""
    for action, resource in demands(service, operation, arguments):
        if not any(allows(statement, action, resource, refs) for statement in statements(logical_id)):
            raise Denied(f"{logical_id} may not {action} on {resource}")
