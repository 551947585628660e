"""Every function is released in the same way: a version for each release, reached by one alias, brought in by CodeDeploy."""

from typing import Any

import pytest

from tests import samples, template
from tests.template import folder_of

# Hooks test the others: they are taken as they are, or nothing could test a hook
RELEASED = [name for name in template.functions() if not folder_of(name).startswith("hook_")]
STANDING = ("Errors", "Duration")
OF_A_RELEASE = ("ReleaseErrors", "ReleaseDuration", "ReleaseThrottles")
# A percentile takes ten requests a minute in the canary's tenth: the other APIs never have them, and each metric costs
BUSY = ("ApiWeatherFunction", "ApiObservationsFunction")


def is_api(name: str) -> bool:
    return folder_of(name).startswith("api_")


def alarms(name: str, kinds: tuple[str, ...]) -> list[str]:
    return [f"{name.removesuffix('Function')}{kind}Alarm" for kind in kinds]


def of_a_release(name: str) -> tuple[str, ...]:
    """All at once leaves an alarm no time to ring."""
    return OF_A_RELEASE if name in BUSY else OF_A_RELEASE[:1] if is_api(name) else ()


def wanted(name: str) -> dict[str, Any]:
    return {
        "AutoPublishAlias": "live",
        "AutoPublishCodeSha256": {"Ref": "ReleaseId"},
        "DeploymentPreference": {
            "Enabled": {"Ref": "GradualDeployment"},
            # what is not there has no deployment group either
            **({"PassthroughCondition": True} if "Condition" in template.functions()[name] else {}),
            "Type": {"Ref": "TrafficShift"} if is_api(name) else "AllAtOnce",
            "Role": {"Fn::GetAtt": ["CodeDeployRole", "Arn"]},
            "Hooks": {"PreTraffic": {"Ref": "HookBeforeTrafficFunction"}, "PostTraffic": {"Ref": "HookAfterTrafficFunction"}},
            **({"Alarms": [{"Ref": alarm} for alarm in alarms(name, of_a_release(name))]} if is_api(name) else {}),
            "TriggerConfigurations": [
                {
                    "TriggerName": "operations",
                    "TriggerEvents": ["DeploymentFailure", "DeploymentRollback", "DeploymentStop"],
                    "TriggerTargetArn": {"Ref": "OperationsTopic"},
                }
            ],
        },
    }


@pytest.mark.parametrize("name", RELEASED)
def test_a_function_is_released_as_all_others_are(name: str) -> None:
    given = template.functions()[name]["Properties"]
    for key, value in wanted(name).items():
        assert given.get(key) == value, f"{name} in template.yaml needs {key}; copy it from a neighbour of its kind: {value}"


@pytest.mark.parametrize("name", RELEASED)
def test_a_function_has_its_alarms(name: str) -> None:
    needed = alarms(name, STANDING + of_a_release(name))
    missing = sorted(set(needed) - template.resources("AWS::CloudWatch::Alarm").keys())
    neighbour = "ApiUploads" if is_api(name) else "OnUpload"
    assert not missing, f"template.yaml, section Observability: copy {neighbour}'s alarms of the same kinds for {missing}"


@pytest.mark.parametrize("name", RELEASED)
def test_a_hook_can_try_a_function_on_a_live_stack(name: str) -> None:
    expected = {case: each for case, each in samples.expectations().items() if case.startswith(f"{folder_of(name)}/")}
    assert any("status" in each or "live" in each for each in expected.values()), (
        f"events/expectations.json: say with `live` what one of {folder_of(name)}'s sample events answers in a stack where "
        "nothing of the sample world is there, and changes nothing; without it no release of the function is ever let through"
    )


@pytest.mark.parametrize("name", template.functions())
def test_a_function_may_trace_before_it_is_made(name: str) -> None:
    """Lambda refuses to make one whose role may not: "The provided execution role does not have permissions to call
    PutTraceSegments on XRAY" (github.com/aws/serverless-application-model/issues/225). A policy that is attached to the role
    later, by itself, comes too late or in time, as it happens."""
    role = template.source()["Resources"][template.functions()[name]["Properties"]["Role"]["Fn::GetAtt"][0]]
    (observed,) = [each["Fn::If"] for each in role["Properties"]["Policies"] if "Fn::If" in each]
    assert observed[0] == "IsObserved", "add `*observed` to the role's Policies"
    allowed = {action for each in observed[1]["PolicyDocument"]["Statement"] for action in each["Action"]}
    assert {"xray:PutTraceSegments", "xray:PutTelemetryRecords"} <= allowed
