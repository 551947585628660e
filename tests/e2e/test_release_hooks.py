"""The release's hooks on the local cloud, with a CodeDeploy that records what they say. Broken versions are really broken."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from local import stack
from local.code_deploy import DEPLOYMENT, CodeDeployStub, listening
from tests.deployed import Deployed

EVENT = {"DeploymentId": DEPLOYMENT, "LifecycleEventHookExecutionId": "execution"}
HOOKS = ("before", "after")
RELEASED = (
    "ApiWeatherFunction",
    "OnUploadFunction",
    "OnFileChangeFunction",
    "OnCataloguedFunction",
    "OnReadingFunction",
    "OnDeliveryFunction",
)


@pytest.fixture(scope="module")
def code_deploy(deployed: Deployed) -> Iterator[CodeDeployStub]:
    """The hooks find it as botocore does, by its service's own variable."""
    client = deployed.client("lambda")
    with listening() as stub:
        before = {}
        for hook in HOOKS:
            name = f"CodeDeployHook_{deployed.said['StackName']}-{hook}"
            before[name] = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            variables = before[name] | {"AWS_ENDPOINT_URL_CODEDEPLOY": stub.endpoint}
            client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
        yield stub
        for name, variables in before.items():
            client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def physical(deployed: Deployed, logical_id: str) -> str:
    return stack.functions(deployed.endpoint)[logical_id]


def run_hook(deployed: Deployed, hook: str) -> dict[str, Any]:
    answer = deployed.client("lambda").invoke(
        FunctionName=f"CodeDeployHook_{deployed.said['StackName']}-{hook}", Payload=json.dumps(EVENT)
    )
    said: dict[str, Any] = json.loads(answer["Payload"].read())
    return said


def live(deployed: Deployed, name: str) -> str:
    version: str = deployed.client("lambda").get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    return version


@pytest.mark.parametrize("logical_id", RELEASED)
def test_the_version_that_is_there_is_let_through(deployed: Deployed, code_deploy: CodeDeployStub, logical_id: str) -> None:
    name = physical(deployed, logical_id)
    code_deploy.brings_in(function=name, version=live(deployed, name))
    for hook in HOOKS:
        code_deploy.said.clear()
        assert run_hook(deployed, hook) == {"status": "Succeeded", "told": True}
        assert [each["status"] for each in code_deploy.said] == ["Succeeded"]
        assert code_deploy.said[0]["deploymentId"] == DEPLOYMENT


def publish_broken(deployed: Deployed, name: str, source: str) -> str:
    """A version of another function that fails in its own way, under the handler's name; `name` itself is not touched."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        parts = ["mesonet", "functions", "api_weather"]
        for depth in range(1, len(parts) + 1):
            archive.writestr("/".join([*parts[:depth], "__init__.py"]), "")
        archive.writestr("mesonet/functions/api_weather/handler.py", source)
    client = deployed.client("lambda")
    client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="mesonet.functions.api_weather.handler.handle",
        Role=client.get_function_configuration(FunctionName=physical(deployed, "ApiWeatherFunction"))["Role"],
        Code={"ZipFile": packed.getvalue()},
        Publish=True,
    )
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    return "1"


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("does-not-import", "import nothing_of_this_name\n"),
        ("raises", "def handle(event, context):\n    raise KeyError('x')\n"),
        ("answers-500", "def handle(event, context):\n    return {'statusCode': 500, 'body': '{}'}\n"),
        ("finds-nothing", "def handle(event, context):\n    return {'statusCode': 404, 'body': '{}'}\n"),
        (
            "is-another-release",
            "def handle(event, context):\n    return {'statusCode': 200, 'body': '{\"release\": \"old\"}'}\n",
        ),
    ],
)
def test_a_broken_version_is_refused(deployed: Deployed, code_deploy: CodeDeployStub, kind: str, source: str) -> None:
    name = f"{deployed.said['StackName']}-{kind}"
    version = publish_broken(deployed, name, source)
    code_deploy.brings_in(function=name, version=version)
    code_deploy.said.clear()
    assert run_hook(deployed, "before") == {"status": "Failed", "told": True}
    assert [each["status"] for each in code_deploy.said] == ["Failed"]


def test_an_alias_that_still_leads_to_the_old_version_is_refused(deployed: Deployed, code_deploy: CodeDeployStub) -> None:
    name = physical(deployed, "OnUploadFunction")
    client = deployed.client("lambda")
    client.update_function_configuration(FunctionName=name, Description="another")
    version = client.publish_version(FunctionName=name)["Version"]
    code_deploy.brings_in(function=name, version=version)
    assert run_hook(deployed, "before")["status"] == "Succeeded"
    assert run_hook(deployed, "after")["status"] == "Failed"


def test_a_deployment_that_names_no_function_is_refused(deployed: Deployed, code_deploy: CodeDeployStub) -> None:
    code_deploy.target = {}
    code_deploy.said.clear()
    assert run_hook(deployed, "before") == {"status": "Failed", "told": True}
    assert [each["status"] for each in code_deploy.said] == ["Failed"]
