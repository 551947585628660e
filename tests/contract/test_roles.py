"""Each function has a role of its own that allows what its code does, and no more."""

import ast
from collections.abc import Iterator

import pytest

from tests import template
from tests.permissions import listed, statements
from tests.source import imports, module_path, reached, tree

FUNCTIONS = template.functions()

# what belongs to the stack by its name: whoever releases it cannot know the names of versions and deployments beforehand
OF_THE_STACK = {
    f"arn:${{AWS::Partition}}:{kind}:${{AWS::StackName}}-*"
    for kind in (
        "lambda:${AWS::Region}:${AWS::AccountId}:function",
        "codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup",
        "codedeploy:${AWS::Region}:${AWS::AccountId}:application",
    )
}

# whole folders of a resource, where a name inside it cannot be known beforehand
ALLOWED_WILDCARDS = {
    "${ArchiveBucket.Arn}/*",
    "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda-insights:*",
    "arn:${AWS::Partition}:s3:::${AWS::StackName}-archive-${AWS::AccountId}-${AWS::Region}/*",
    "${ReplicaBucketArn}/*",
    "${DerivedBucket.Arn}/errors/*",
    "${DerivedBucket.Arn}/exports/*",
    "${DerivedBucket.Arn}/live/*",
    "${DerivedBucket.Arn}/notifications/*",
    "${DerivedBucket.Arn}/readings/*",
    "${DerivedBucket.Arn}/rejects/*",
    "${DerivedBucket.Arn}/set-aside/*",
    "${FilesTable.Arn}/stream/*",
    "${SearchDomain.Arn}/*",
    "${StationsTable.Arn}/stream/*",
    *OF_THE_STACK,
}

# actions for which IAM knows no resource (Service Authorization Reference)
WITHOUT_RESOURCE = {"sns:Unsubscribe"}

# roles that no function has, and who takes them
ROLES_OF_SERVICES = {
    "CodeDeployRole": "codedeploy.amazonaws.com",
    "ReplicationRole": "s3.amazonaws.com",
    "SensorDeliveryRole": "firehose.amazonaws.com",
}

LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
# what Lambda's poller does in the function's name (Developer Guide, "Lambda permissions" of each event source mapping)
POLLERS = {
    "SQS": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
    "DynamoDB": {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"},
    "Kinesis": {
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    },
    "Api": set[str](),
    "Schedule": set[str](),
}
# operations of the SDK, and the actions that they need where these are not named alike
ACTIONS = {
    "s3.generate_presigned_url": {"s3:GetObject", "s3:GetObjectVersion"},
    "lambda.invoke": {"lambda:InvokeFunction"},
    "dynamodb.transact_write_items": set[str](),  # its actions are seen for themselves
    **{f"es.http_{verb.lower()}": {f"es:ESHttp{verb.title()}"} for verb in ("GET", "POST", "PUT", "DELETE")},
    "s3.get_object": {"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"},
    "s3.generate_presigned_post": {"s3:PutObject"},
    **{f"s3.{each}": {"s3:PutObject"} for each in ("create_multipart_upload", "upload_part", "complete_multipart_upload")},
    "s3.head_object": {"s3:GetObject", "s3:ListBucket"},  # without ListBucket what is gone is 403 and not 404
    "s3.list_objects_v2": {"s3:ListBucket"},
    "s3.list_object_versions": {"s3:ListBucketVersions"},
    "sns.publish_batch": {"sns:Publish"},
    "sqs.send_message_batch": {"sqs:SendMessage"},
}
# the actions of a transaction, as the operations that they are
TRANSACTED = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item", "ConditionCheck": "condition_check_item"}


def actions(name: str) -> set[str]:
    return {action for statement in statements(name) for action in listed(statement["Action"])}


def test_every_function_has_a_role_of_its_own() -> None:
    roles = [function["Properties"]["Role"]["Fn::GetAtt"][0] for function in FUNCTIONS.values()]
    assert len(set(roles)) == len(roles)
    assert set(roles) == template.resources("AWS::IAM::Role").keys() - ROLES_OF_SERVICES.keys()
    for name, function in FUNCTIONS.items():
        assert function["Properties"]["Role"] == {"Fn::GetAtt": [name.removesuffix("Function") + "Role", "Arn"]}


def test_a_role_can_be_taken_by_lambda_only() -> None:
    for name, role in template.resources("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role["Properties"]
        (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": ROLES_OF_SERVICES.get(name, "lambda.amazonaws.com")}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_role_has_no_wildcards(name: str) -> None:
    for statement in statements(name):
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if "*" in action]
        for resource in listed(statement["Resource"]):
            if resource == "*" and set(listed(statement["Action"])) <= WITHOUT_RESOURCE:
                continue
            assert resource != "*"
            text = resource.get("Fn::Sub", "")
            assert "*" not in text or text in ALLOWED_WILDCARDS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_role_allows_what_the_code_and_the_pollers_do_and_no_more(name: str) -> None:
    handler = FUNCTIONS[name]["Properties"]["Handler"].rpartition(".")[0]
    needed = set(LOGS)
    for service, operation in operations(handler):
        usual = "".join(word.title() for word in operation.split("_"))
        needed |= ACTIONS.get(f"{service}.{operation}", {f"{service}:{usual}"})
    for event in FUNCTIONS[name]["Properties"].get("Events", {}).values():
        needed |= POLLERS[event["Type"]]
    assert actions(name) == needed


def operations(handler: str) -> Iterator[tuple[str, str]]:
    """(service, operation of its client) that a handler may call through the stores and channels that it makes and uses."""
    used = set(attributes_used(handler))
    for class_name, service in wired(handler):
        module = next(name for name, names in imports(handler) if class_name in names)
        for operation, method in calls_of_client(module, class_name):
            if method in used:
                yield service, operation


def wired(handler: str) -> Iterator[tuple[str, str]]:
    """The classes that a handler gives a client to, and of which service."""
    clients: dict[str, str] = {}
    for node in ast.walk(tree(handler)):
        if isinstance(node, ast.Assign) and (service := _service(node.value)):
            (target,) = node.targets
            clients[ast.unparse(target)] = service
    for node in ast.walk(tree(handler)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for keyword in node.keywords:
                if keyword.arg == "client" or (keyword.arg == "send" and _service(keyword.value)):
                    service = _service(keyword.value) or clients[ast.unparse(keyword.value)]
                    yield node.func.id, service


def _service(node: ast.expr) -> str | None:
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("aws.client", "aws.http"):
        service = node.args[0]
        assert isinstance(service, ast.Constant)
        return str(service.value)
    return None


def attributes_used(handler: str) -> Iterator[str]:
    """Names of methods that a function's own modules call, and what of `intake` it reaches."""
    folder = module_path(handler).parent
    paths = [*folder.glob("*.py"), *map(module_path, (name for name in reached(handler) if name.startswith("mesonet.intake")))]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                yield node.attr


def transacted(node: ast.AST) -> set[str]:
    """The operation that `{"Put": …}`, an action of a transaction, is."""
    match node:
        case ast.Dict(keys=[ast.Constant(value=str(kind))]) if kind in TRANSACTED:
            return {TRANSACTED[kind]}
    return set()


def calls_of_client(module: str, class_name: str) -> Iterator[tuple[str, str]]:
    """(operation, public method from which it is reached)."""
    (found,) = [node for node in tree(module).body if isinstance(node, ast.ClassDef) and node.name == class_name]
    methods = {node.name: node for node in found.body if isinstance(node, ast.FunctionDef)}

    def reached(name: str, seen: set[str]) -> set[str]:
        if name in seen or name not in methods:
            return set()
        seen.add(name)
        called: set[str] = set()
        for node in ast.walk(methods[name]):
            match node:
                case ast.Attribute(value=ast.Attribute(value=ast.Name(id="self"), attr="_client"), attr=operation):
                    called.add(operation)
                    if operation == "transact_write_items":
                        called |= {each for part in ast.walk(tree(module)) for each in transacted(part)}
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="self"), attr="_call"), args=[ast.Constant(value=str(operation)), *_]
                ):
                    called.add(operation)
                case ast.Dict():
                    called |= transacted(node)
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="self"), attr="_send" | "_json"),
                    args=[ast.Constant(value=str(verb)), *_],
                ):
                    called.add(f"http_{verb.lower()}")
                case _:
                    pass
            match node:
                case ast.Attribute(value=ast.Name(id="self"), attr=other):
                    called |= reached(other, seen)
        return called

    for name in methods:
        if not name.startswith("_"):
            for operation in reached(name, set()):
                yield operation, name


def test_the_reading_of_the_code_finds_operations() -> None:
    """Guards the guard: were nothing found, every role would pass."""
    found = {
        name: set(operations(function["Properties"]["Handler"].rpartition(".")[0])) for name, function in FUNCTIONS.items()
    }
    assert ("s3", "head_object") in found["OnUploadFunction"]
    assert ("dynamodb", "transact_write_items") in found["OnFileChangeFunction"]
    assert ("sns", "publish_batch") in found["OnFileChangeFunction"]
    assert ("dynamodb", "update_item") in found["OnCataloguedFunction"]
    assert all(found[name] for name in found.keys() - {"OnDeliveryFunction"}), "which computes, and calls nobody"
