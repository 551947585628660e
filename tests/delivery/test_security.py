"""The security gates fail closed: on a finding, on a tool that cannot work, on an acceptance that nothing needs any more."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local import security
from local.security import Finding, NotChecked, ToolFailed

type Gate = Callable[[], Iterator[Finding]]


def finds(*rules: str) -> Gate:
    return lambda: iter([Finding(rule, "x.py:1", "what") for rule in rules])


def raises(error: Exception) -> Gate:
    def gate() -> Iterator[Finding]:
        raise error

    return gate


@pytest.mark.parametrize(
    ("gate", "accepted", "status"),
    [
        (finds(), {}, 0),
        (finds("B1"), {}, 1),
        (finds("B1"), {"B1": "why"}, 0),
        (finds("B1", "B2"), {"B1": "why"}, 1),
        (finds(), {"B1": "why"}, 1),  # nothing needs it any more
        (raises(ToolFailed("it is not there")), {}, 1),
        (raises(KeyError("results")), {}, 1),  # another version's answer
        (raises(NotChecked("npm is not installed")), {}, 1),
    ],
)
def test_a_gate_is_closed_unless_all_is_accepted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gate: Gate, accepted: dict[str, str], status: int
) -> None:
    lines = "".join(f'{rule} = "{why}"\n' for rule, why in accepted.items())
    (tmp_path / "security").mkdir()
    (tmp_path / "security" / "accepted.toml").write_text(f"[bandit]\n{lines}")
    monkeypatch.setattr(security, "ROOT", tmp_path)
    monkeypatch.setitem(security.GATES, "bandit", gate)
    assert security.main(["bandit"]) == status


def test_what_cannot_be_reached_is_said_and_can_be_required(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(security.GATES, "audit", raises(NotChecked("no answer")))
    assert security.main(["audit"]) == 0
    assert "not checked: no answer" in capsys.readouterr().out
    monkeypatch.setenv("CI_AUDIT", "required")
    assert security.main(["audit"]) == 1


def test_a_tool_that_is_missing_is_no_sound_tool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(security, "TOOLS", tmp_path)
    assert security.check("bandit", {}).failed.startswith("ToolFailed: bandit cannot be run")


def test_an_unpinned_requirement_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "requirements.txt").write_text("good==1.0 \\\n    --hash=sha256:00\nbad>=1.0\n")
    monkeypatch.setattr(security, "ROOT", tmp_path)
    assert [finding.where for finding in security.pinned()] == ["requirements.txt:bad>=1.0"]


def test_every_acceptance_has_a_reason() -> None:
    if not security.TEMPLATES[0].exists():  # nobody has linted yet
        from local import lint  # here: whoever only collects tests need not wait for it

        lint.leave(security.TEMPLATES[0].stem)
    table = tomllib.loads((security.ROOT / "security" / "accepted.toml").read_text())
    for tool, rules in table.items():
        for rule, reason in rules.items():
            if reason.startswith("see "):
                assert reason.removeprefix("see ") in table["checkov"], rule
            else:
                assert len(reason) > 15, f"{tool} {rule}"
    for tool in ("checkov", "guard"):
        beside = security.accepted_beside(tool)
        rules = {rule for _, rule in security.accepted_beside("checkov")}
        assert beside
        for (place, rule), reason in beside.items():
            assert len(reason) > 15 or reason.removeprefix("see ") in rules, f"{place} {rule}"


def test_what_stands_beside_a_resource_is_for_that_resource_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    document = tmp_path / "stack.yaml"
    document.write_text("Resources: {One: {Metadata: {Accepted: {CKV_1: why}}}, Other: {}}")
    monkeypatch.setattr(security, "TEMPLATES", (document,))
    found = [Finding("CKV_1", f"stack.yaml:{name}", "what") for name in ("One", "Other")]
    monkeypatch.setitem(security.GATES, "checkov", lambda: iter(found))
    assert security.check("checkov", {}).findings == found[1:]
    monkeypatch.setitem(security.GATES, "checkov", lambda: iter(()))
    assert [each.what for each in security.check("checkov", {}).findings] == ["nothing is found by it any more: take it out"]


def test_a_build_without_the_repositorys_history_looks_at_the_same_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """CodePipeline hands the commit on as an archive (User Guide, "CodeStarSourceConnection", OutputArtifactFormat)."""
    patterns = ("*.py", "*.yaml", "Makefile", ".ci/*", "deploy/*", "web/*.js")
    wanted = sorted(security.tracked(*patterns))
    for name in wanted:
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    for made in (".local/env/x.py", ".venv/y.py", "src/__pycache__/z.py", "web/node_modules/a.js", ".aws-sam/template.yaml"):
        (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / made).touch()
    (tmp_path / ".gitignore").write_text((security.ROOT / ".gitignore").read_text())
    monkeypatch.setattr(security, "ROOT", tmp_path)
    assert security.tracked(*patterns) == wanted
