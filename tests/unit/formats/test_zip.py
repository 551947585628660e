"""Zip archives: what of them is read, and what is refused, quickly and with its reason."""

import gzip
import io
import tracemalloc
import zipfile
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.formats import zip as archives
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests.builders import zipped
from tests.effort import within
from tests.real_files import SAMPLES
from tests.unit.formats.noaa.files import real

GSOD = (
    b'"STATION","DATE","LATITUDE","LONGITUDE","ELEVATION","NAME","TEMP","TEMP_ATTRIBUTES","DEWP","DEWP_ATTRIBUTES","WDSP",'
    b'"WDSP_ATTRIBUTES","MXSPD","FRSHTT"\n"01001099999","2024-01-01","70.9","-8.6","9.0","JAN MAYEN","26.1","24","20.0","24",'
    b'"13.9","24","19.0","001000"\n'
)


def surveyed(data: bytes, member: str = "", key: str = "a.zip") -> Survey:
    return survey(io.BytesIO(data), Context(key=key, member=member))


def test_an_archive_names_its_files_and_each_is_read_by_its_name() -> None:
    data = zipped(
        {"x/a.csv": GSOD, "x/b.csv.gz": gzip.compress(GSOD), "x/": b"", "__MACOSX/x/._a.csv": b"?", "x/.DS_Store": b"?"}
    )
    entry = surveyed(data)
    assert (entry.recognition.format, entry.status, entry.rows) == ("zip", Status.OK, 2)
    assert entry.members == ("x/a.csv", "x/b.csv.gz")
    for name, compression in (("x/a.csv", None), ("x/b.csv.gz", "gzip")):
        inner = surveyed(data, name)
        assert (inner.recognition.format, inner.status, inner.stations) == ("gsod", Status.OK, {"01001099999": 1})
        assert inner.recognition.compression == compression
        assert len(list(observations(io.BytesIO(data), Context(member=name)))) == 2
    assert surveyed(data, "x/a.csv").size == len(GSOD)


def test_an_archive_may_lie_in_gzip() -> None:
    data = gzip.compress(zipped({"a.csv": GSOD}))
    entry = surveyed(data)
    assert (entry.recognition.format, entry.recognition.compression, entry.members) == ("zip", "gzip", ("a.csv",))
    assert surveyed(data, "a.csv").stations == {"01001099999": 1}


def test_a_name_of_another_encoding_is_a_name() -> None:
    data = zipped({"Zürich/気温.csv": GSOD})
    assert surveyed(data).members == ("Zürich/気温.csv",)
    assert surveyed(data, "Zürich/気温.csv").status is Status.OK


def test_a_name_that_is_not_in_utf8_though_the_archive_says_so_loses_nothing_but_its_letters() -> None:
    data = zipped({"Zürich.csv": GSOD, "気温.csv": GSOD}).replace("Zü".encode(), b"Z\xfc\xfc")
    entry = surveyed(data)
    assert (entry.status, entry.members) == (Status.OK, ("Zⁿⁿrich.csv", "気温.csv"))
    assert "the name of one file is not in UTF-8, though the archive says so, and read as code page 437" in entry.why
    for name in entry.members:
        assert surveyed(data, name).stations == {"01001099999": 1}


@pytest.mark.parametrize("name", ["../a.csv", "x/../../a.csv", "/etc/passwd", "..\\a.csv", "C:/a.csv", "x//a.csv", "a\tb.csv"])
def test_a_name_that_is_no_name_is_refused(name: str) -> None:
    entry = surveyed(zipped({name: GSOD, "ok.csv": GSOD}))
    assert (entry.status, entry.members, entry.rejects[0].column) == (Status.PARTIAL, ("ok.csv",), "member")


def test_an_archive_in_an_archive_is_not_opened() -> None:
    entry = surveyed(zipped({"inner.zip": zipped({"a.csv": GSOD}), "ok.csv": GSOD}))
    assert (entry.status, entry.members) == (Status.PARTIAL, ("ok.csv",))
    assert "an archive in an archive" in entry.rejects[0].reason
    packed = surveyed(zipped({"inner.zip.gz": gzip.compress(zipped({"a.csv": GSOD}))}), "inner.zip.gz")
    assert packed.status is Status.REJECTED
    assert "an archive in an archive" in packed.rejects[0].reason
    twice = surveyed(gzip.compress(gzip.compress(GSOD)))
    assert (twice.status, twice.recognition.guess.why) == (Status.UNKNOWN, "gzip in gzip: unpack it once")


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_an_archive_that_is_cut_says_so(share: float) -> None:
    data = zipped({f"{number}.csv": GSOD for number in range(20)})
    entry = surveyed(data[: int(len(data) * share)])
    assert entry.status is Status.REJECTED
    assert "is it cut?" in entry.rejects[0].reason


def test_a_file_that_is_damaged_in_its_archive_says_so() -> None:
    data = bytearray(zipped({"a.csv": GSOD * 50}))
    data[200:203] = b"\xff\xff\xff"
    entry = surveyed(bytes(data))
    inner = surveyed(bytes(data), "a.csv")
    assert Status.REJECTED in (entry.status, inner.status) or inner.status is Status.PARTIAL


def test_a_name_that_comes_twice_is_the_last_one() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", b"old")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.csv", GSOD)
    entry = surveyed(out.getvalue())
    assert (entry.members, entry.rejected) == (("a.csv",), 1)
    assert surveyed(out.getvalue(), "a.csv").status is Status.OK


def test_an_encrypted_file_and_an_odd_method_are_named() -> None:
    data = bytearray(zipped({"a.csv": GSOD}))
    directory = data.find(b"PK\x01\x02")
    data[6] |= 1
    data[directory + 8] |= 1
    assert surveyed(bytes(data)).rejects[0].reason == "the file is encrypted"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", GSOD)
    assert surveyed(out.getvalue()).rejects[0].reason == "packed with LZMA; use deflate"


def test_an_office_document_is_no_archive() -> None:
    entry = surveyed(zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}))
    assert (entry.status, entry.members) == (Status.UNKNOWN, ())
    assert "save its tables as CSV" in entry.recognition.guess.why


def test_an_archive_without_files_is_rejected() -> None:
    assert surveyed(zipped({})).rejects[0].reason == "the archive has no files"


def test_bombs_end_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "RATIO_FROM", 1 << 20)
    zeros = zipped({"a.csv": bytes(3 << 20)})
    many = zipped({f"{number}": b"" for number in range(archives.MOST_MEMBERS + 1)})
    long = zipped({f"{number}" * 20_000: b"" for number in range(10)})
    packed = gzip.compress(gzip.compress(bytes(8 << 20)))
    reasons = (
        (zeros, "bytes unpacked"),
        (many, "more than 1000"),
        (long, "the names of the archive's files"),
        (packed, "gzip in gzip"),
    )
    for data, reason in reasons:
        entry = within(2, partial(surveyed, data))
        assert reason in entry.rejects[0].reason if entry.rejects else reason in entry.why
        assert entry.members == ()


def test_a_size_that_lies_is_found_out() -> None:
    data = bytearray(zipped({"a.csv": GSOD * 1000}))
    directory = data.find(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    entry = surveyed(bytes(data), "a.csv")
    assert entry.size <= 100 or entry.status is not Status.OK


@settings(max_examples=80, deadline=None)
@given(at=st.floats(0, 1), junk=st.binary(min_size=1, max_size=16))
def test_no_damage_crashes_it(at: float, junk: bytes) -> None:
    data = bytearray(zipped({"a.csv": GSOD, "b/c.csv": GSOD * 3}))
    start = int(at * (len(data) - len(junk)))
    data[start : start + len(junk)] = junk
    entry = surveyed(bytes(data))
    for name in (*entry.members, "b/c.csv"):
        surveyed(bytes(data), name)
        list(observations(io.BytesIO(bytes(data)), Context(member=name)))


def test_real_archives_hold_what_the_manifest_says() -> None:
    for name in real("dwd_03987_recent.zip"):
        data = (SAMPLES / name).read_bytes()
        entry = surveyed(data)
        assert len(entry.members) == 30
        inner = surveyed(data, "produkt_klima_tag_20170518_20181118_03987.txt")
        assert (inner.recognition.format, inner.rows, inner.stations) == ("dwd-product", 550, {"03987": 550})
    for name in real("derived_zip_slip.zip"):
        assert surveyed((SAMPLES / name).read_bytes()).members == ("ok.csv",)


def test_a_directory_that_is_too_large_is_not_read() -> None:
    """Each of its files takes 600 bytes of memory, litter too."""
    data = zipped({f"__MACOSX/{'x' * 90}{number}": b"" for number in range(30_000)})
    tracemalloc.start()
    try:
        entry = within(1.0, lambda: surveyed(data))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [each.reason for each in entry.rejects] == [
        "the archive has too many files; more than 1000 are not read: put them as they are"
    ]
    assert most < 15_000_000  # bytes, of which ten million are the archive as it is spooled
    inner = surveyed(data, "a.csv")
    assert (inner.status, inner.rejects[0].reason) == (Status.REJECTED, entry.rejects[0].reason)
