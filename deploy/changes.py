"""What a change set would do, in a few lines: `python3 deploy/changes.py changes.json`, with the answer of describe-change-set.

Standard library only: it runs where nothing is installed. What would be replaced or removed comes first, since it may take data
with it; the rest is counted.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

MOST = 900  # characters: an approval's message takes 1,000


def summary(change_set: dict[str, Any]) -> str:
    changes = [each["ResourceChange"] for each in change_set.get("Changes", []) if "ResourceChange" in each]
    if not changes:
        return f"Nothing would change: {change_set.get('StatusReason', 'the change set is empty')}"
    grave = sorted(line for line in map(_grave, changes) if line)
    counted = Counter((each["Action"].lower(), each["ResourceType"]) for each in changes)
    usual = [f"{count} × {action} {kind}" for (action, kind), count in sorted(counted.items())]
    lines = [
        f"{len(changes)} changes"
        + (f", {len(grave)} to look at:" if grave else ", none replaces or removes anything that holds data.")
    ]
    lines += [*grave, *usual]
    text = "\n".join(lines)
    return text if len(text) <= MOST else text[: MOST - 20].rpartition("\n")[0] + "\n… (more behind the link)"


def _grave(change: dict[str, Any]) -> str:
    """Versions of functions come and go with each release, and stay when their resource goes."""
    if change["ResourceType"] in ("AWS::Lambda::Version", "AWS::ApiGateway::Deployment"):
        return ""
    if change["Action"] == "Remove":
        return f"! removes {change['LogicalResourceId']} ({change['ResourceType']})"
    if change.get("Replacement") in ("True", "Conditional"):
        may = "replaces" if change["Replacement"] == "True" else "may replace"
        return f"! {may} {change['LogicalResourceId']} ({change['ResourceType']})"
    return ""


def link(change_set: dict[str, Any]) -> str:
    region = change_set["StackId"].split(":")[3]
    stack, changes = quote(change_set["StackId"], safe=""), quote(change_set["ChangeSetId"], safe="")
    return (
        f"https://{region}.console.aws.amazon.com/cloudformation/home?region={region}"
        f"#/stacks/changesets/changes?stackId={stack}&changeSetId={changes}"
    )


if __name__ == "__main__":
    *options, file = sys.argv[1:]
    described = json.loads(Path(file).read_text())
    sys.stdout.write((link if options == ["--link"] else summary)(described) + "\n")
