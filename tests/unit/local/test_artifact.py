import hashlib
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import yaml

from local import artifact
from local.errors import Failure
from tests.template import ROOT

TEMPLATE = """Globals:
  Function:
    CodeUri: src/
Resources:
  OnUploadFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: OnUploadFunction
  HookBeforeTrafficFunction:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: !Ref Seconds
  OnReadingFunction:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 512
"""


def made(folder: Path) -> Path:
    for name in ("Functions", "Hooks"):
        (folder / name / "package").mkdir(parents=True)
        (folder / name / "package" / "module.py").write_text("X = 1\n")
        (folder / name / "b.json").write_text("{}")
    template = folder / "template.yaml"
    template.write_text(TEMPLATE)
    artifact.point(template)
    return template


def codes(template: Path) -> list[str]:
    return [each["Properties"]["CodeUri"] for each in yaml.safe_load(template.read_text())["Resources"].values()]


def test_functions_of_the_same_code_are_packed_once(tmp_path: Path) -> None:
    template = made(tmp_path)
    artifact.pack(template)
    assert codes(template) == ["Functions", "Hooks", "Functions"]
    assert codes(tmp_path / "packed.yaml") == ["Functions.zip", "Hooks.zip", "Functions.zip"]
    with zipfile.ZipFile(tmp_path / "Functions.zip") as packed:
        assert packed.namelist() == ["b.json", "package/module.py"]
        assert packed.read("package/module.py") == b"X = 1\n"
        assert packed.getinfo("b.json").external_attr >> 16 & 0o777 == 0o755  # whoever Lambda runs it as


def test_a_function_with_code_of_its_own_is_not_given_that_of_another(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE.replace("MemorySize: 512", "CodeUri: ../../other"))
    with pytest.raises(Failure, match="OnReadingFunction has a CodeUri of its own"):
        artifact.point(template)


def test_the_same_code_is_the_same_zip_whenever_it_was_written(tmp_path: Path) -> None:
    digests = set()
    for name in ("a", "b"):
        template = made(tmp_path / name)
        moment = time.time() - (86_400 if name == "a" else 0)
        os.utime(tmp_path / name / "Functions" / "b.json", (moment, moment))
        artifact.pack(template)
        digests |= {hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / name).glob("*.zip")}
    assert len(digests) == 1


def test_packing_anew_leaves_alone_what_is_linked_with_it(tmp_path: Path) -> None:
    template = made(tmp_path)
    artifact.pack(template)
    links = {name: tmp_path / f"linked-{name}" for name in ("Functions.zip", "packed.yaml")}
    for name, link in links.items():
        os.link(tmp_path / name, link)
    before = [link.read_bytes() for link in links.values()]
    (tmp_path / "Functions" / "b.json").write_text("[]")
    template.write_text(template.read_text().replace("CodeUri: Hooks", "CodeUri: Functions"))
    artifact.pack(template)
    assert [link.read_bytes() for link in links.values()] == before
    assert all((tmp_path / name).read_bytes() != link.read_bytes() for name, link in links.items())


def test_who_only_compiles_needs_no_reader_of_templates() -> None:
    """The benchmarks do: their environment has what they compare and nothing of SAM's."""
    program = "import sys; sys.modules.update(yaml=None, samtranslator=None); from local.artifact import compile_all, prune"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
