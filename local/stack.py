"""The stack: the template, built and deployed, and what it says of itself."""

import hashlib
import json
import shlex
import subprocess
import time
import tomllib
from collections.abc import Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local import artifact, checkout, intrinsics, page, release, sam
from local.cloud import REGION, LocalCloud, client_options
from local.errors import Failure
from mesonet.domain.instant import SECOND
from mesonet.domain.operator import Scope
from mesonet.stores.operators import OperatorsStore

DESCRIPTION = checkout.HERE / "stack.json"
ALIAS = "live"  # through which everything calls a function
_ENVIRONMENT = "local"  # of samconfig.toml
_WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}
_COVER_BATCHES = ("sns:Publish", "sqs:SendMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")


def deploy(cloud: LocalCloud, **parameters: str) -> dict[str, str]:
    """Builds the template if need be, deploys it into the cloud, and returns the stack's outputs.

    They come with EndpointUrl, Region and StackName, with ApiUrl as it is here, and with OperatorKey, which opens everything.
    `parameters` replace those of samconfig.toml. Raises Failure with what CloudFormation says of resources that failed.
    """
    architecture = checkout.architecture()
    artifact.build(architecture)
    name = stack_name(_ENVIRONMENT)
    release_id = release.identifier()
    given = {"EndpointUrl": cloud.endpoint, "Architecture": architecture, "ReleaseId": release_id, **parameters}
    boto3.client("s3", **client_options(cloud.endpoint)).create_bucket(Bucket=_artifacts(name))
    with artifact.packed() as built:
        template = _with_defaults(upload_code(built, name, cloud.endpoint), given)
    change(template, name, cloud.endpoint, {**_parameters(_ENVIRONMENT), **given})
    status = wait(name, cloud.endpoint)
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise Failure(f"the deployment ended as {status}:", tail=reasons(name, cloud.endpoint))
    _mend_mappings(cloud.endpoint)
    said = outputs(cloud.endpoint)
    _tell_address(said)
    _tell_hooks(said)
    said["OperatorKey"] = _key(said)
    return said


def upload_code(packed: Path, name: str, endpoint: str) -> dict[str, Any]:
    """Puts each ZIP that a template points to beside the stack of that name, and returns the template that points there.

    As `sam package` does, which takes five seconds: it reads YAML in Python, several times.
    """
    document = intrinsics.read(packed.read_text())
    properties = [each["Properties"] for each in document["Resources"].values() if each["Type"] == "AWS::Serverless::Function"]
    s3 = boto3.client("s3", **client_options(endpoint))
    places = {}
    for code in sorted({each["CodeUri"] for each in properties}):
        body = (packed.parent / code).read_bytes()
        key = f"{hashlib.sha256(body).hexdigest()}.zip"  # of other code another: the functions that have it are updated
        s3.put_object(Bucket=_artifacts(name), Key=key, Body=body)
        places[code] = f"s3://{_artifacts(name)}/{key}"
    for each in properties:
        each["CodeUri"] = places[each["CodeUri"]]
    return document


def change(template: Mapping[str, Any], name: str, endpoint: str, parameters: Mapping[str, str]) -> None:
    """Makes the stack of a local cloud, or begins to make of it what the template says."""
    key = "template.json"
    body = json.dumps(template, default=str).encode()  # too long to be sent with the request
    boto3.client("s3", **client_options(endpoint)).put_object(Bucket=_artifacts(name), Key=key, Body=body)
    client = boto3.client("cloudformation", **client_options(endpoint))
    there = any(each["StackName"] == name for each in client.describe_stacks()["Stacks"])
    (client.update_stack if there else client.create_stack)(
        StackName=name,
        TemplateURL=f"{endpoint}/{_artifacts(name)}/{key}",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    )


def wait(name: str, endpoint: str) -> str:
    """Until CloudFormation does nothing more; the stack's status then."""
    client = boto3.client("cloudformation", **client_options(endpoint))
    while (status := str(client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])).endswith("_IN_PROGRESS"):
        time.sleep(0.1)
    return status


def _artifacts(name: str) -> str:
    """The bucket that has the code of the stack of that name."""
    return f"{name}-artifacts"


def reasons(name: str, endpoint: str) -> str:
    """What CloudFormation says of each resource that failed in the last change of the stack, the first one first."""
    pages = boto3.client("cloudformation", **client_options(endpoint)).get_paginator("describe_stack_events")
    newest_first = (each for page in pages.paginate(StackName=name) for each in page["StackEvents"])
    begins = {(name, "CREATE_IN_PROGRESS"), (name, "UPDATE_IN_PROGRESS")}
    events = takewhile(lambda each: (each["LogicalResourceId"], each["ResourceStatus"]) not in begins, newest_first)
    failed = [each for each in events if each["ResourceStatus"].endswith("FAILED") and each["LogicalResourceId"] != name]
    return "\n".join(f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason', '')}" for each in reversed(failed))


def _with_defaults(document: dict[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The template's parameters have the given values as defaults, and its policies are such as MiniStack can hold.

    MiniStack 1.5.33 translates serverless resources with defaults, AWS with what is given: `ReleaseId` would publish nothing.
    It speaks plain HTTP, so it cannot insist on TLS; it asks for actions of batches that AWS does not have; and whoever calls
    an alias calls the function, as it sees it.
    """
    for name, value in given.items():
        document["Parameters"][name]["Default"] = value
    for policy in _policies(document):
        policy["Statement"] = [said for said in policy["Statement"] if said.get("Condition") != _WITHOUT_TLS]
        for said in policy["Statement"]:
            if isinstance(said.get("Action"), list):
                said["Action"] += [f"{action}Batch" for action in said["Action"] if action in _COVER_BATCHES]
            match said.get("Resource"):
                case {"Fn::Sub": str(arn)}:
                    said["Resource"] = {"Fn::Sub": arn.removesuffix(f":{ALIAS}")}
    return document


def _policies(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Of resources and of roles."""
    for each in document["Resources"].values():
        properties = each.get("Properties", {})
        if "PolicyDocument" in properties:
            yield properties["PolicyDocument"]
        for inline in properties.get("Policies", ()):
            if "PolicyDocument" in inline:
                yield inline["PolicyDocument"]


def _tell_address(said: dict[str, str]) -> None:
    """Links in answers are to lead back here: the API's address has its identifier in it, which there is only now."""
    client = boto3.client("lambda", **client_options(said["EndpointUrl"]))
    for name in functions(said["EndpointUrl"]).values():
        variables = client.get_function_configuration(FunctionName=name).get("Environment", {}).get("Variables", {})
        if variables.get("PUBLIC_URL", said["ApiUrl"]) == said["ApiUrl"]:
            continue
        client.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**variables, "PUBLIC_URL": said["ApiUrl"]}}
        )
        version = client.publish_version(FunctionName=name)["Version"]
        client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)


def _tell_hooks(said: dict[str, str]) -> None:
    client = boto3.client("ssm", **client_options(said["EndpointUrl"]))
    client.put_parameter(Name=said["ApiUrlParameter"], Value=said["ApiUrl"], Overwrite=True)


def _key(said: dict[str, str]) -> str:
    """A new operator's key of all scopes and stations, for what is done on this machine."""
    store = OperatorsStore(said["OperatorsTable"], client=boto3.client("dynamodb", **client_options(said["EndpointUrl"])))
    key, _ = store.issue("this machine", stations=["*"], scopes=Scope, now=int(time.time() * SECOND))
    return key


def _mend_mappings(endpoint: str) -> None:
    """Makes numbers of the concurrencies that the template takes from a parameter.

    CloudFormation passes a parameter on as text. AWS reads the number in it; MiniStack 1.5.33 compares the text with a number,
    fails, and then delivers nothing from any queue.
    """
    client = boto3.client("lambda", **client_options(endpoint))
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        most = mapping.get("ScalingConfig", {}).get("MaximumConcurrency")
        if most is not None:
            client.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": int(most)})


def deploy_to_aws(environment: str, arguments: list[str], given: Mapping[str, str]) -> int:
    """Builds, then deploys to the account that the user is signed in to, with parameters of the stage, those of `given` over
    them, and further arguments of `sam deploy`. Returns SAM's exit status."""
    if "--parameter-overrides" in arguments:
        raise Failure("--parameter-overrides would replace all parameters of the stage: SET='NAME=value …' replaces one")
    configured = {**_parameters(environment), **given}
    artifact.build(configured.get("Architecture", "arm64"))
    with artifact.packed() as template:
        command = sam.command(
            "deploy",
            "--template-file",
            str(template),
            "--config-file",
            str(checkout.SAM_CONFIG),
            "--config-env",
            environment,
            "--parameter-overrides",
            overrides(environment, {"ReleaseId": release.identifier(), **given}),
            "--tags",
            " ".join(f"{name}={value}" for name, value in _stage(environment)["Tags"].items()),
            *arguments,
        )
        status = subprocess.call(command, env=sam.environment())  # it asks and it draws: the terminal is its own meanwhile
    return status or publish_page(environment)


def publish_page(environment: str) -> int:
    """Builds the page and puts it where the stack in AWS serves it from."""
    name = stack_name(environment)
    page.build()
    try:
        found = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        said = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
        put = page.publish(said, s3=boto3.client("s3"))
    except (BotoCoreError, ClientError) as exc:
        raise Failure(f"the page of the stack {name} cannot be put in place: {exc}") from exc
    print(f"the page: {len(put)} files, {said.get('PageUrl', 'served by nobody: PageDistribution is false')}")
    return 0


def outputs(endpoint: str) -> dict[str, str]:
    """What the stack in a local cloud says of itself."""
    name = stack_name(_ENVIRONMENT)
    try:
        answer = boto3.client("cloudformation", **client_options(endpoint)).describe_stacks(StackName=name)
    except (BotoCoreError, ClientError) as exc:
        raise Failure(f"the local cloud at {endpoint} has no stack called {name}: {exc}") from exc
    said = {each["OutputKey"]: each["OutputValue"] for each in answer["Stacks"][0].get("Outputs", [])}
    # The host name of the real API Gateway leads to AWS
    said["ApiUrl"] = f"{endpoint}/restapis/{said['ApiId']}/v1/_user_request_"
    return {"EndpointUrl": endpoint, "Region": REGION, "StackName": name, **said}


def functions(endpoint: str) -> dict[str, str]:
    """Logical id and physical name of every function of the stack."""
    client = boto3.client("cloudformation", **client_options(endpoint))
    found = client.describe_stack_resources(StackName=stack_name(_ENVIRONMENT))["StackResources"]
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in found
        if each["ResourceType"] == "AWS::Lambda::Function"
    }


def describe(said: dict[str, str]) -> None:
    """Writes the outputs where programs and `make put` look for them."""
    scratch = DESCRIPTION.with_suffix(".new")
    scratch.write_text(json.dumps(said, indent=2) + "\n")
    scratch.replace(DESCRIPTION)


def described() -> dict[str, str]:
    """The outputs of the stack that `make run` keeps running. Raises Failure where it does not."""
    try:
        said: dict[str, str] = json.loads(DESCRIPTION.read_text())
    except FileNotFoundError:
        raise Failure("Mesonet is not running here: `make run` starts it") from None
    return said


def forget(endpoint: str | None = None) -> None:
    """Removes the outputs; with an endpoint only if they are of the stack in that local cloud."""
    if endpoint is None or (DESCRIPTION.exists() and described()["EndpointUrl"] == endpoint):
        DESCRIPTION.unlink(missing_ok=True)


def stack_name(environment: str) -> str:
    name: str = _settings(environment, "global")["stack_name"]
    return name


def overrides(environment: str, given: dict[str, str]) -> str:
    """The parameters of samconfig.toml and, over them, `given`: on the command line SAM would take those instead of these."""
    wanted = {**_parameters(environment), **given}
    # SAM drops `NAME=`, and the stack would keep the value that it has
    return " ".join(shlex.quote(f"{name}={value}") if value else f'{name}=""' for name, value in wanted.items())


def _parameters(environment: str) -> dict[str, str]:
    """Of a stage those that the pipeline gives it, too; of the local stack those of samconfig.toml."""
    if environment != _ENVIRONMENT:
        return dict(_stage(environment)["Parameters"])
    written = _settings(environment, "deploy").get("parameter_overrides", [])
    pairs = shlex.split(written) if isinstance(written, str) else written
    return dict(pair.split("=", 1) for pair in pairs)


def _stage(environment: str) -> dict[str, Any]:
    file = checkout.ROOT / "deploy" / f"{environment}.json"
    if not file.exists():
        _settings(environment, "deploy")  # says which there are
        raise Failure(f"deploy/{environment}.json is missing")
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def _settings(environment: str, command: str) -> dict[str, Any]:
    configuration = tomllib.loads(checkout.SAM_CONFIG.read_text())
    if environment not in configuration:
        there = ", ".join(name for name, value in configuration.items() if isinstance(value, dict) and name != "default")
        raise Failure(f"samconfig.toml has no environment {environment!r}; it has {there}")
    found: dict[str, Any] = configuration[environment].get(command, {}).get("parameters", {})
    return found
