"""A file that takes longer than a function has time for is read on where it was left, and ends as if read at once."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

import pytest

from mesonet.domain.file import Status
from mesonet.formats import text
from mesonet.formats.reading import RESERVE_MS
from mesonet.formats.survey import LAST_MS
from tests.builders import Context, failed, mapping, table, zipped
from tests.component.test_crashes import deliver_with_a_crash
from tests.system import System
from tests.unit.formats.noaa.test_isd import report

KEY = "network/2013.csv"
HOURS = [
    ("EWR" if hour % 3 else "JFK", f"2013-01-{1 + hour // 24:02}T{hour % 24:02}:00:00Z", "" if hour % 7 == 0 else hour / 4)
    for hour in range(60)
]
WHOLE = table(*HOURS)
SPOILT = WHOLE.replace(b"2013-01-01T05", b"2013-13-01T05").replace(b"2013-01-03T01:00:00Z,", b"2013-01-03T01:00:00Z,x")
GHCN = b"".join(b"ITE001005%02d,1823%02d01,TMAX,%d,,,E,\n" % (day % 4, 1 + day % 12, day) for day in range(60))
REPORTS = b"".join(
    b"METAR EDZ%c 05%02d00Z 24005KT 9999 1%d/08 Q1013=\n" % (ord("WKH"[n % 3]), n % 24, n % 9) for n in range(60)
).replace(b"13/08 Q1013", b"13/08 QNH1013")
WEATHER_CODES = GHCN.replace(b"182305", b"182315")  # there is no fifteenth month


@contextmanager
def hurry(remaining_ms: int = RESERVE_MS - 1) -> Iterator[None]:
    """Blocks of some rows, and time for one of them: when it begins, a call has all of its time."""
    begun = list[Context]()

    def remaining(context: Context) -> int:
        if any(each is context for each in begun):
            return remaining_ms
        begun.append(context)
        return 300_000

    with (
        patch.object(text, "BLOCK_BYTES", 200),
        patch.object(Context, "get_remaining_time_in_millis", remaining),
    ):
        yield


def read(content: bytes, *, hurried: bool, key: str = KEY) -> tuple[dict[str, Any], list[bytes], int]:
    """What everything comes to, all that was rejected, and how many calls of the function it took."""
    with System() as system:
        begin(system, content, key)
        calls, real = 0, system.invoke

        def invoke(name: str, event: dict[str, Any]) -> dict[str, Any]:
            nonlocal calls
            calls += name == "on_upload"
            return real(name, event)

        with patch.object(system, "invoke", invoke), hurry() if hurried else nullcontext():
            while system.pump("UploadsQueue", "on_upload"):
                pass
        system.deliver()
        assert not system.take("UploadsDeadLetterQueue")
        return state(system), rejects(system, key), calls


def state(system: System) -> dict[str, Any]:
    """Means of parts are put together in floating point."""
    found = system.state()
    for entry in found["files"].values():
        for column in entry["columns"]:
            for name in ("mean", "mean_received"):
                column[name] = column[name] and round(column[name], 3)
    return found


def begin(system: System, content: bytes, key: str = KEY) -> None:
    system.put("network/mapping.json", mapping())
    system.deliver()
    system.put(key, content)


def first_part(system: System) -> None:
    """One message, one call, and what it leaves."""
    with hurry():
        (message,) = system.receive("UploadsQueue")
        system.invoke("on_upload", system.queue_event("UploadsQueue", [message]))


def rejects(system: System, key: str) -> list[bytes]:
    name = system.entry(key).rejects_object
    if name is None:
        return []
    stored = system.s3.get_object(Bucket=system.ref("DerivedBucket"), Key=name)["Body"].read()
    return list(stored.splitlines())


@pytest.mark.parametrize("content", [WHOLE, SPOILT, b"\xef\xbb\xbf" + WHOLE, WHOLE.replace(b"\n", b"\r\n")])
def test_read_in_parts_it_is_what_it_is_at_once(content: bytes) -> None:
    at_once, rejected, _ = read(content, hurried=False)
    in_parts, rejected_too, calls = read(content, hurried=True)
    assert calls > len(content) // 400
    assert in_parts == at_once
    assert rejected_too == rejected
    assert len(rejected) == (2 if content is SPOILT else 0)
    assert at_once["observations"]


@pytest.mark.parametrize("content", [GHCN, WEATHER_CODES])
def test_a_format_of_its_own_is_too(content: bytes) -> None:
    at_once, rejected, _ = read(content, hurried=False, key="ghcnd/1823.csv")
    in_parts, rejected_too, calls = read(content, hurried=True, key="ghcnd/1823.csv")
    assert calls > 5
    assert in_parts == at_once
    assert rejected_too == rejected


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("reports.txt", REPORTS),
        (
            "reports.zip",
            zipped({"a/reports.txt": REPORTS, "noaa.txt": b"".join(report(f"2016010{1 + n}0000").encode() for n in range(9))}),
        ),
    ],
)
def test_reports_and_files_in_an_archive_are_too(key: str, content: bytes) -> None:
    at_once, rejected, _ = read(content, hurried=False, key=key)
    in_parts, rejected_too, calls = read(content, hurried=True, key=key)
    assert calls > 10
    assert in_parts == at_once
    assert rejected_too == rejected
    assert at_once["observations"]


def test_until_it_is_read_the_entry_says_how_far(system: System) -> None:
    begin(system, WHOLE)
    first_part(system)
    entry = system.entry(KEY)
    assert entry.status is Status.READING
    assert entry.mark
    assert WHOLE[: entry.mark.at].endswith(b"\n")
    assert entry.mark.row == WHOLE[: entry.mark.at].count(b"\n")
    assert entry.rows == entry.mark.row - 1
    assert (entry.sha256, entry.size) == (None, len(WHOLE))
    system.pump_changes()
    assert system.bodies("CataloguedQueue") == []


def test_it_is_told_of_once(system: System) -> None:
    begin(system, WHOLE)
    with hurry():
        while system.pump("UploadsQueue", "on_upload"):
            system.pump_changes()
    system.pump_changes()
    assert [body["kind"] for body in system.bodies("CataloguedQueue")] == ["FileCatalogued"]


@pytest.mark.parametrize("call", [2, 5, 7, 8, 9])
def test_a_crash_on_the_way_loses_no_part(call: int) -> None:
    expected, rejected, _ = read(SPOILT, hurried=False)
    with System() as system:
        begin(system, SPOILT)
        with hurry():
            for _ in range(3):
                deliver_with_a_crash(system, "on_upload", before_call=call)
            while system.pump("UploadsQueue", "on_upload"):
                pass
        system.deliver()
        assert state(system) == expected
        assert rejects(system, KEY) == rejected
        assert not system.take("UploadsDeadLetterQueue")


def test_a_mapping_that_changes_on_the_way_is_read_with_from_the_start(system: System) -> None:
    begin(system, WHOLE)
    first_part(system)
    system.put("network/mapping.json", mapping(unit="K"))
    system.deliver()
    entry = system.entry(KEY)
    assert (entry.status, entry.rows) == (Status.OK, len(HOURS))
    assert {column.unit_received for column in entry.columns if column.parameter} == {"K"}


def test_what_cannot_be_left_ends_with_a_reason(system: System) -> None:
    reports = "".join(f"METAR EDZW 05{n // 60 % 24:02}{n % 60:02}Z 24005KT 9999 10/08 Q1013=\n" for n in range(5000)).encode(
        "utf-16"
    )
    system.put("reports.txt", reports)
    with hurry(LAST_MS - 1):
        (message,) = system.receive("UploadsQueue")
        system.invoke("on_upload", system.queue_event("UploadsQueue", [message]))
    entry = system.entry("reports.txt")
    assert entry.status in (Status.PARTIAL, Status.REJECTED)
    assert any("cut the file up" in reject.reason for reject in entry.rejects)


def test_a_file_is_not_begun_with_when_there_is_no_time_for_it(system: System) -> None:
    system.put(KEY, WHOLE)
    with patch.object(Context, "get_remaining_time_in_millis", lambda _: RESERVE_MS - 1):
        (message,) = system.receive("UploadsQueue")
        answer = system.invoke("on_upload", system.queue_event("UploadsQueue", [message]))
    assert failed(answer) == [message["MessageId"]]
    assert system.entries() == []
