"""template.yaml as tests read it: as it is written, and as CloudFormation sees it after the serverless transform."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from local import intrinsics
from local.translation import translated as translate

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT = "123456789012"
REGION = "us-east-1"

type Resource = dict[str, Any]


@cache
def source() -> dict[str, Any]:
    """The template as written, short tags (`!Ref`) in their long form."""
    return intrinsics.read((ROOT / "template.yaml").read_text())


@cache
def translated(**parameters: str) -> dict[str, Any]:
    """The template after the transform; parameters have their defaults unless given here."""
    return translate(ROOT / "template.yaml", **parameters)


def resources(kind: str, *, of: Mapping[str, Any] | None = None) -> dict[str, Resource]:
    """The resources of a type by their logical ids, of the template as written unless another is given."""
    return {name: each for name, each in (of or source())["Resources"].items() if each["Type"] == kind}


@cache
def functions() -> dict[str, Resource]:
    return resources("AWS::Serverless::Function")


def folder_of(logical_id: str) -> str:
    """`OnFileChangeFunction` is `on_file_change`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id.removesuffix("Function")).lower()


def environment_of(logical_id: str) -> dict[str, Any]:
    """What a function's environment declares, the globals' included, unresolved."""
    shared = source()["Globals"]["Function"]["Environment"]["Variables"]
    own = functions()[logical_id]["Properties"].get("Environment", {}).get("Variables", {})
    return {**shared, **own}


class NoValue:
    """What `AWS::NoValue` becomes."""


class Resolver:
    """Replaces intrinsic functions by what they would give in a stack called `mesonet`.

    `refs` and `arns` grow as resources are made; `given` are parameters that have not their default.
    """

    def __init__(self, **given: str) -> None:
        parameters = {name: each.get("Default", "") for name, each in source()["Parameters"].items()}
        self.refs: dict[str, Any] = {
            **parameters,
            **given,
            "AWS::AccountId": ACCOUNT,
            "AWS::Region": REGION,
            "AWS::Partition": "aws",
            "AWS::StackName": "mesonet",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::NoValue": NoValue,
        }
        self.arns: dict[str, str] = {}

    def resolve(self, value: Any) -> Any:
        match value:
            case {"Ref": name}:
                return self.refs[name]
            case {"Fn::GetAtt": [name, "Arn"]}:
                return self.arns[name]
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([\w:]+)\}", lambda found: str(self.refs[found[1]]), text)
            case {"Fn::If": [condition, then, otherwise]}:
                return self.resolve(then if self.holds(source()["Conditions"][condition]) else otherwise)
            case dict():
                given = {name: self.resolve(each) for name, each in value.items()}
                return {name: each for name, each in given.items() if each is not NoValue}
            case list():
                return [self.resolve(each) for each in value]
        return value

    def exists(self, resource: Resource) -> bool:
        return "Condition" not in resource or self.holds(source()["Conditions"][resource["Condition"]])

    def holds(self, condition: Any) -> bool:
        match condition:
            case {"Condition": name}:
                return self.holds(source()["Conditions"][name])
            case {"Fn::And": parts}:
                return all(map(self.holds, parts))
            case {"Fn::Or": parts}:
                return any(map(self.holds, parts))
            case {"Fn::Not": [inner]}:
                return not self.holds(inner)
            case {"Fn::Equals": [left, right]}:
                return bool(self.resolve(left) == self.resolve(right))
        raise NotImplementedError(condition)
