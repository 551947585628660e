"""Every function is released in the same way: a version for each release, reached by one alias, brought in by CodeDeploy."""

from typing import Any

import pytest

from tests import template
from tests.template import folder_of

# Hooks test the others: they are taken as they are, or nothing could test a hook
RELEASED = [name for name in template.functions() if not folder_of(name).startswith("hook_")]


def wanted(name: str) -> dict[str, Any]:
    kind = {"Ref": "TrafficShift"} if folder_of(name).startswith("api_") else "AllAtOnce"
    return {
        "AutoPublishAlias": "live",
        "AutoPublishCodeSha256": {"Ref": "ReleaseId"},
        "DeploymentPreference": {
            "Enabled": {"Ref": "GradualDeployment"},
            "Type": kind,
            "Role": {"Fn::GetAtt": ["CodeDeployRole", "Arn"]},
        },
    }


@pytest.mark.parametrize("name", RELEASED)
def test_a_function_is_released_as_all_others_are(name: str) -> None:
    given = template.functions()[name]["Properties"]
    for key, value in wanted(name).items():
        found = given.get(key)
        if isinstance(value, dict) and isinstance(found, dict) and key == "DeploymentPreference":
            found = {part: found.get(part) for part in value}
        assert found == value, f"{name} in template.yaml needs {key}: {value}; copy these lines from a neighbour of its kind"
