"""buildspec.yml as CodeBuild runs it: phase by phase, each command in turn, against the local cloud.

`make security`, `make check` and `make test` are what CI runs beside this or around it: they are looked at and not run again.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local import checkout, intrinsics, release, sam, translation
from tests.deployed import Deployed
from tests.template import ROOT

BUILDSPEC = intrinsics.read((ROOT / "buildspec.yml").read_text())
PHASES = ("install", "pre_build", "build", "post_build")
GATES = ("environments", "security", "check", "test")
_RECORDING_MAKE = """#!/usr/bin/env bash
echo "$@" >> "$MAKE_CALLS"
case " {gates} " in *" $1 "*) exit "${{GATE_STATUS:-0}}" ;; esac
exec {make} "$@"
"""


def run_phases(folder: Path, deployed: Deployed, **variables: str) -> tuple[list[str], dict[str, str], int]:
    """The calls of make, what the variables are that it exports, and the status. After a failure only `post_build` runs."""
    shim = folder / "bin" / "make"
    shim.parent.mkdir(parents=True)
    make = subprocess.run(["which", "make"], capture_output=True, text=True, check=True).stdout.strip()
    shim.write_text(_RECORDING_MAKE.format(gates=" ".join(GATES), make=make))
    shim.chmod(0o755)
    environment = {
        **sam.environment(deployed.endpoint),
        **{name: str(value) for name, value in BUILDSPEC["env"]["variables"].items()},
        "PATH": f"{shim.parent}:{os.environ['PATH']}",
        "MAKEFLAGS": "",  # `make test ARGS=…`, which this may run in, hands its ARGS on, in both
        "ARGS": "",
        "MAKE_CALLS": str(folder / "calls"),
        "ARTIFACT_BUCKET": f"{deployed.said['StackName']}-artifacts",
        "ARCHITECTURE": checkout.architecture(),
        "CODEBUILD_RESOLVED_SOURCE_VERSION": "0123456789abcdef",
        **variables,
    }
    status, told = 0, folder / "exported"
    for phase in PHASES:
        if status and phase != "post_build":
            continue
        exported = "\n".join(f'echo "{name}=${name}"' for name in BUILDSPEC["env"]["exported-variables"])
        script = "\n".join(["set -e", *BUILDSPEC["phases"][phase]["commands"], f"{{ {exported}\n}} > {told}"])
        environment["CODEBUILD_BUILD_SUCCEEDING"] = "0" if status else "1"
        done = subprocess.run(["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or variables, f"{phase}: {done.stdout}{done.stderr}"
        status = status or done.returncode
    calls = (folder / "calls").read_text().splitlines()
    return calls, dict(line.split("=", 1) for line in told.read_text().splitlines()) if status == 0 else {}, status


@pytest.mark.timeout(300)
def test_the_build_checks_tests_and_packs_one_artifact(deployed: Deployed, tmp_path: Path) -> None:
    calls, exported, status = run_phases(tmp_path, deployed)
    assert status == 0
    assert [call.split()[0] for call in calls] == [*GATES, "package", "--silent"]
    assert exported == {"RELEASE_ID": release.identifier(), "COMMIT": "0123456789abcdef"}

    artifact = ROOT / BUILDSPEC["artifacts"]["base-directory"]
    present = {path.relative_to(artifact).as_posix() for path in artifact.rglob("*") if path.is_file()}
    assert {
        "template.yaml",
        "sbom.json",
        "release.json",
        *(f"deploy/{stage}.json" for stage in ("dev", "staging", "prod")),
    } <= present
    assert json.loads((artifact / "release.json").read_text())["release"] == exported["RELEASE_ID"]
    assert {each["name"] for each in json.loads((artifact / "sbom.json").read_text())["components"]} >= {
        "botocore",
        "marshmallow",
    }

    # CodeBuild packs on one kind of processor for the other
    packed = [path.suffix for path in checkout.BUILD.rglob("*") if path.is_file()]
    assert ".py" in packed
    assert ".so" not in packed

    # Every stage gets this template, its functions' code is where it says
    given = json.loads((artifact / "deploy" / "prod.json").read_text())["Parameters"]
    template = translation.translated(artifact / "template.yaml", **given, ReleaseId=exported["RELEASE_ID"])
    client = deployed.client("s3")
    codes = [each["Properties"]["Code"] for each in template["Resources"].values() if each["Type"] == "AWS::Lambda::Function"]
    assert codes
    for code in codes:
        assert client.head_object(Bucket=code["S3Bucket"], Key=code["S3Key"])["ContentLength"] > 0


def test_nothing_is_packed_when_a_gate_is_closed(deployed: Deployed, tmp_path: Path) -> None:
    calls, exported, status = run_phases(tmp_path, deployed, GATE_STATUS="1")
    assert status != 0
    assert [call.split()[0] for call in calls] == ["environments"]
    assert exported == {}
