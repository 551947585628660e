"""Lints the templates as CloudFormation will see them: translated, which shows what serverless resources hide, cycles first.

Needs no network and no credentials. The translations are left in .local/translated*.json for whoever wants to read it.
"""

import json
import sys
from pathlib import Path

from cfnlint.api import ManualArgs, lint
from samtranslator.model.exceptions import InvalidDocumentException

from local.translation import REGION, translated

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "template.yaml"
CASES = {
    "translated": {},
    "translated-gradual": {"GradualDeployment": "true", "TrafficShift": "Canary10Percent10Minutes"},
}
PLAIN = ("pipeline.yaml", "deploy/account.yaml", "deploy/archive.yaml")  # nothing serverless is in these
IGNORED = [
    "W2001",  # "Parameter not used": those that the transform itself uses are gone; tests/contract looks at the source
    "W1001",  # "Ref to a resource that may not be there": by the template's Rules CodeDeploy is on AWS only, as its alarms are
]


def main() -> int:
    faults = sum(_told(name, (ROOT / name).read_text()) for name in PLAIN)
    try:
        faults += sum(_told(case, leave(case)) for case in CASES)
    except InvalidDocumentException as invalid:
        for cause in invalid.causes:
            print(f"{TEMPLATE.name}: {cause.message}", file=sys.stderr)
        return 1
    return 1 if faults else 0


def leave(case: str) -> str:
    """The translation of the template, which is left in .local, too."""
    text = json.dumps(translated(TEMPLATE, **CASES[case]), indent=1)
    copy = ROOT / ".local" / f"{case}.json"
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(text)
    return text


def _told(name: str, text: str) -> int:
    """How many findings there are, each told."""
    findings = lint(text, config=ManualArgs(regions=[REGION], ignore_checks=IGNORED))
    for finding in findings:
        where = "/".join(str(part) for part in finding.path or [])
        print(f"{name}: {finding.rule.id} {where or f'line {finding.linenumber}'}: {finding.message}", file=sys.stderr)
    return len(findings)


if __name__ == "__main__":
    sys.exit(main())
