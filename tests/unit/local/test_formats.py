import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from local import formats
from local.errors import Failure
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, survey
from tests.builders import zipped
from tests.template import ROOT

MAPPING = """{"mesonet_mapping": 1, "files": "%s", "station": {"id": "%s"}, "time": {"column": "time"},
"columns": {"temp": {"standard_name": "air_temperature", "unit": "Cel"}}}"""
TABLE = "time,temp\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,x\n"


def lines(folder: Path) -> dict[str, dict[str, str]]:
    found = list(formats.report(folder))
    assert found[0] == formats.HEADER
    return {line[0]: dict(zip(formats.HEADER, line, strict=True)) for line in found[1:]}


def test_each_file_has_a_line_with_what_became_of_it(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all,\nthe station is down.\nRegards\nBob\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a\tb.csv").write_text(TABLE)
    (tmp_path / "empty").write_bytes(b"")
    found = lines(tmp_path)
    assert {key: line["status"] for key, line in found.items()} == {
        "deep/a b.csv": "unmapped",
        "empty": "empty",
        "letter.txt": "unknown",
    }
    assert found["deep/a b.csv"]["rows"] == "2"


def test_a_mapping_speaks_for_the_files_beside_and_below_it_and_the_deepest_wins(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "mapping.json").write_text(MAPPING % ("*.csv", "UPPER"))
    (tmp_path / "a" / "b" / "mapping.json").write_text(MAPPING % ("only*", "LOWER"))
    for name in ("x.csv", "a/x.csv", "a/b/x.csv", "a/b/only.csv"):
        (tmp_path / name).write_text(TABLE)
    found = lines(tmp_path)
    assert {key: line["status"] for key, line in found.items() if key.endswith("csv")} == {
        "a/b/only.csv": "partial",
        "a/b/x.csv": "partial",
        "a/x.csv": "partial",
        "x.csv": "unmapped",
    }
    line = found["a/x.csv"]
    assert (line["stations"], line["first"], line["last"], line["rejects"]) == (
        "1",
        "2024-01-01T00:00:00Z",
        "2024-01-01T01:00:00Z",
        "1",
    )
    assert line["reason"].startswith("row 3, temp: not a number; ")
    assert found["a/mapping.json"]["format"] == "mapping"


def test_a_time_to_come_is_a_reject_and_not_the_last_as_in_the_archive(tmp_path: Path) -> None:
    (tmp_path / "mapping.json").write_text(MAPPING % ("*.csv", "A"))
    (tmp_path / "x.csv").write_text("time,temp\n2024-01-01T00:00Z,1\n2999-01-01T00:00Z,2\n")
    line = lines(tmp_path)["x.csv"]
    assert (line["status"], line["last"], line["rejects"]) == ("partial", "2024-01-01T00:00:00Z", "1")


def test_a_crash_is_a_line_that_says_so_and_makes_the_run_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.csv").write_text(TABLE)
    (tmp_path / "good.csv").write_text(TABLE)

    def crashing(stream: BinaryIO, context: Context, **_: object) -> Survey:
        if context.key == "bad.csv":
            raise KeyError("temp")
        return survey(stream, context)

    assert formats.main([str(tmp_path)]) == 0
    monkeypatch.setattr(formats, "survey", crashing)
    assert formats.main([str(tmp_path)]) == 1
    assert "bad.csv\t\t\tcrashed\t\t\t\t\t\tKeyError: 'temp'\n" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="there is no folder"):
        list(formats.report(tmp_path / "nothing"))
    done = subprocess.run(
        [sys.executable, "-m", "local.formats", str(tmp_path / "nothing")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"make formats: there is no folder {tmp_path / 'nothing'}\n"


def test_files_in_an_archive_have_lines_of_their_own_and_its_line_tells_of_all(tmp_path: Path) -> None:
    (tmp_path / "mapping.json").write_text(MAPPING % ("*.csv", "ONE"))
    (tmp_path / "a.zip").write_bytes(
        zipped({"x/one.csv": TABLE.encode(), "two.csv": TABLE.encode(), "readme": b"Dear all\nhello there\n"})
    )
    found = lines(tmp_path)
    assert list(found) == ["a.zip", "a.zip!/x/one.csv", "a.zip!/two.csv", "a.zip!/readme", "mapping.json"]
    assert [line["status"] for line in found.values()] == ["ok", "partial", "partial", "unknown", "ok"]
    archive = found["a.zip"]
    assert (archive["rows"], archive["stations"], archive["rejects"]) == ("4", "1", "2")
    assert (archive["first"], archive["last"]) == ("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z")
