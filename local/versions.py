"""Removes versions of functions that no alias leads to: `make versions STACK=prod`.

A release that was taken back leaves its versions behind (CloudFormation keeps them), and the same release cannot be released
again then: Lambda publishes nothing that is what it published last, and CloudFormation takes that for a failure ("A version for
this Lambda function exists", github.com/aws/serverless-application-model/issues/1375). And each release leaves one of every
function, which count towards the 75 GB of code that an account may keep.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from botocore.exceptions import ClientError

from local.errors import Failure
from local.operations import Say, Target

_LATEST = "$LATEST"
_BETWEEN = "REVIEW_IN_PROGRESS"  # a change set waits; nothing happens


def prune(at: Target, stack: str, *, keep: int, dry: bool = False, say: Say = print) -> int:
    """Of each function all that were published after what its aliases lead to, and of those before all but the last `keep`.
    Returns how many. Raises Failure where the stack is being changed: a version without traffic may be about to get it."""
    cloudformation = at.client("cloudformation")
    try:
        (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as exc:
        raise Failure(f"there is no stack {stack} where you are signed in: {exc}") from exc
    if found["StackStatus"].endswith("_IN_PROGRESS") and found["StackStatus"] != _BETWEEN:
        raise Failure(f"{stack} is {found['StackStatus']}: a version without traffic may be about to get it. Try again later")
    functions, removed = at.client("lambda"), 0
    for function in _functions(cloudformation, stack):
        unused = spare(functions, function, keep=keep)
        for version in unused if not dry else ():
            functions.delete_function(FunctionName=function, Qualifier=version)
        removed += len(unused)
        if unused:
            say(f"  {function}: {', '.join(unused)}")
    say(f"{removed} versions {'would be removed' if dry else 'removed'}, of {stack}")
    return removed


def spare(functions: Any, function: str, *, keep: int) -> list[str]:
    """The versions that may go, oldest first; none where no alias leads anywhere."""
    pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    versions = sorted(int(each["Version"]) for page in pages for each in page["Versions"] if each["Version"] != _LATEST)
    used = {int(version) for version in _used(functions, function) if version != _LATEST}
    if not used:
        return []
    before = [version for version in versions if version < min(used)]
    after = [version for version in versions if version > max(used)]
    return [str(version) for version in before[: max(len(before) - keep, 0)] + after]


def _used(functions: Any, function: str) -> Iterator[str]:
    """What aliases lead to; while traffic moves that is two versions each."""
    for page in functions.get_paginator("list_aliases").paginate(FunctionName=function):
        for alias in page["Aliases"]:
            yield from chain([alias["FunctionVersion"]], alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {}))


def _functions(cloudformation: Any, stack: str) -> Iterator[str]:
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
        for each in page["StackResourceSummaries"]:
            if each["ResourceType"] == "AWS::Lambda::Function" and "PhysicalResourceId" in each:
                yield each["PhysicalResourceId"]
