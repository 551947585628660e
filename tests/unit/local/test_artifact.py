import hashlib
import os
import time
import zipfile
from pathlib import Path

from local import artifact

TEMPLATE = """Resources:
  OneFunction:
    Properties:
      CodeUri: One
  OtherFunction:
    Properties:
      CodeUri: Other
"""


def made(folder: Path) -> Path:
    for name in ("One", "Other"):
        (folder / name / "package").mkdir(parents=True)
        (folder / name / "package" / "module.py").write_text("X = 1\n")
        (folder / name / "b.json").write_text("{}")
    template = folder / "template.yaml"
    template.write_text(TEMPLATE)
    return template


def test_functions_of_the_same_code_are_packed_once(tmp_path: Path) -> None:
    template = made(tmp_path)
    artifact.share(template, {"One": "One", "Other": "One"})
    artifact.pack(template)
    assert template.read_text() == TEMPLATE.replace("Other\n", "One\n")
    assert (tmp_path / "packed.yaml").read_text() == TEMPLATE.replace("One\n", "One.zip\n").replace("Other\n", "One.zip\n")
    assert [path.name for path in tmp_path.glob("*.zip")] == ["One.zip"]
    with zipfile.ZipFile(tmp_path / "One.zip") as packed:
        assert packed.namelist() == ["b.json", "package/module.py"]
        assert packed.read("package/module.py") == b"X = 1\n"
        assert packed.getinfo("b.json").external_attr >> 16 & 0o777 == 0o755  # whoever Lambda runs it as


def test_the_same_code_is_the_same_zip_whenever_it_was_written(tmp_path: Path) -> None:
    digests = set()
    for name in ("a", "b"):
        template = made(tmp_path / name)
        moment = time.time() - (86_400 if name == "a" else 0)
        os.utime(tmp_path / name / "One" / "b.json", (moment, moment))
        artifact.pack(template)
        digests |= {hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / name).glob("*.zip")}
    assert len(digests) == 1


def test_packing_anew_leaves_alone_what_is_linked_with_it(tmp_path: Path) -> None:
    template = made(tmp_path)
    artifact.pack(template)
    links = {name: tmp_path / f"linked-{name}" for name in ("One.zip", "packed.yaml")}
    for name, link in links.items():
        os.link(tmp_path / name, link)
    before = [link.read_bytes() for link in links.values()]
    (tmp_path / "One" / "b.json").write_text("[]")
    template.write_text(TEMPLATE.replace("Other\n", "One\n"))
    artifact.pack(template)
    assert [link.read_bytes() for link in links.values()] == before
    assert all((tmp_path / name).read_bytes() != link.read_bytes() for name, link in links.items())
