"""Lints the template as CloudFormation will see it: translated, which shows what serverless resources hide, cycles above all.

Needs no network and no credentials. The translations are left in .local/translated*.json for whoever wants to read it.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import boto3
from cfnlint.api import ManualArgs, lint
from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent
REGION = "eu-central-1"
CODE_PROPERTIES = ("CodeUri", "ContentUri", "DefinitionUri")
CASES = {
    "translated": {},
    "translated-gradual": {"GradualDeployment": "true", "TrafficShift": "Canary10Percent10Minutes"},
}
IGNORED = [
    "W2001",  # "Parameter not used": those that the transform itself uses are gone; tests/contract looks at the source
    "W1001",  # "Ref to a resource that may not be there": by the template's Rules CodeDeploy is on AWS only, as its alarms are
]


def translated(path: Path, **parameters: str) -> dict[str, Any]:
    """The template after the serverless transform; parameters have their defaults unless given here."""
    template = yaml_parse(path.read_text())
    place_code(template)
    translator = Translator(
        get_bundled_managed_policy_map("aws") or {}, Parser(), boto_session=boto3.Session(region_name=REGION)
    )
    result: dict[str, Any] = translator.translate(template, parameters)
    return result


def place_code(template: dict[str, Any]) -> None:
    """Stand in for `sam package`: the translator takes code and definitions from S3 only."""
    sections = [*template.get("Globals", {}).values(), *(r.get("Properties", {}) for r in template["Resources"].values())]
    for section in sections:
        for name in CODE_PROPERTIES:
            if isinstance(section.get(name), str):
                section[name] = f"s3://artifacts/{name.lower()}"


def main() -> int:
    template = ROOT / "template.yaml"
    logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it tells of toggles that only AWS has
    faults = 0
    for case, parameters in CASES.items():
        try:
            text = json.dumps(translated(template, **parameters), indent=1)
        except InvalidDocumentException as invalid:
            for cause in invalid.causes:
                print(f"{template.name}: {cause.message}", file=sys.stderr)
            return 1
        copy = ROOT / ".local" / f"{case}.json"
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(text)
        findings = lint(text, config=ManualArgs(regions=[REGION], ignore_checks=IGNORED))
        faults += len(findings)
        for finding in findings:
            where = "/".join(str(part) for part in finding.path or [])
            print(f"{case}: {finding.rule.id} {where or f'line {finding.linenumber}'}: {finding.message}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
