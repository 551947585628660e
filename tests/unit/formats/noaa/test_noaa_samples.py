"""NOAA's archives against what the sample folder's manifest says of them, and against damage."""

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Context
from mesonet.formats.registry import named
from mesonet.formats.survey import observations, survey
from tests.unit.formats.noaa.files import batches_of, facts, real, recognised, survey_of
from tests.unit.formats.noaa.test_crn import DAILY, HOURLY, SUBHOURLY
from tests.unit.formats.noaa.test_ghcn_daily_by_station import STATION
from tests.unit.formats.noaa.test_ghcn_daily_dly import MONTHS, months_csv
from tests.unit.formats.noaa.test_global_hourly import HOURS
from tests.unit.formats.noaa.test_gsod import DAYS, OLD
from tests.unit.formats.noaa.test_isd import REPORTS
from tests.unit.formats.noaa.test_isd_lite import LITE

# file: format, status, rows, stations with their rows, first, last
STATES = {
    "ghcnd_CA006105976.dly": ("ghcn-daily-dly", "partial", 7221, {"CA006105976": 7200}, "1889-11-01", "2022-09-09"),
    "ghcnd_CA006105978.dly": ("ghcn-daily-dly", "partial", 1513, {"CA006105978": 1512}, "1977-07-01", "2022-10-01"),
    "ghcnd_AGE00147704_csv.dly": ("ghcn-daily-dly", "partial", 964, {"AGE00147704": 963}, "1909-11-23", "1937-12-31"),
    "gsod_01001099999_2024.csv": ("gsod", "ok", 355, {"01001099999": 355}, "2024-01-01", "2024-12-31"),
    "gsod_01002099999_2024.csv": ("gsod", "ok", 246, {"01002099999": 246}, "2024-01-01", "2024-12-31"),
    "gsod_01003099999_2024.csv": ("gsod", "ok", 355, {"01003099999": 355}, "2024-01-01", "2024-12-31"),
    "gsod_01007099999_2024.csv": ("gsod", "ok", 353, {"01007099999": 353}, "2024-01-01", "2024-12-31"),
    "gsod_old_722874_2007.op.gz": ("gsod", "ok", 365, {"722874-93134": 365}, "2007-01-01", "2007-12-31"),
    "derived_mixed_eol_gsod.csv": ("gsod", "ok", 355, {"01003099999": 355}, "2024-01-01", "2024-12-31"),
    "derived_ragged_gsod.csv": ("gsod", "partial", 353, {"01007099999": 326}, "2024-01-01", "2024-12-31"),
    "derived_impossible_gsod.csv": ("gsod", "partial", 10, {"01002099999": 8}, "2024-01-01", "2099-01-04"),
    "derived_header_only_gsod.csv": ("gsod", "rejected", 0, {}, None, None),
    "isd_014160-99999-2016.gz": ("isd", "ok", 7174, {"014160-99999": 7174}, "2016-01-01", "2016-10-27T21:00"),
    "isd_1901_all.gz": (
        "isd",
        "ok",
        6565,
        {
            "029070-99999": 1095,
            "029500-99999": 1095,
            "029600-99999": 1095,
            "029720-99999": 1092,
            "029810-99999": 1094,
            "227070-99999": 1094,
        },
        "1901-01-01T06:00",
        "1901-12-31T20:00",
    ),
    "isd_722874_missing_2007.gz": (
        "isd", "partial", 5176, {"722874-93134": 5176}, "2006-07-13T08:47", "2006-12-31T23:47",
    ),
    "isdlite_011080-99999-2015.txt": ("isd-lite", "ok", 8608, {"011080-99999": 8608}, "2015-01-01", "2015-12-31T23:00"),
    "isdlite_064510-99999-1930.gz": (
        "isd-lite", "ok", 360, {"064510-99999": 360}, "1930-03-02T12:00", "1930-12-31T12:00",
    ),
    "isdlite_064510-99999-1949.gz": (
        "isd-lite", "ok", 1092, {"064510-99999": 1092}, "1949-01-01T12:00", "1949-12-31T18:00",
    ),
    "isdlite_064510-99999-2019.gz": ("isd-lite", "ok", 4742, {"064510-99999": 4742}, "2019-01-01", "2019-07-21T21:00"),
    "isdlite_071470-99999-2014.txt": ("isd-lite", "ok", 8660, {"071470-99999": 8660}, "2014-01-01", "2014-12-31T23:00"),
    "derived_gzip_2members_isdlite.gz": ("isd-lite", "rejected", 1452, {}, "1930-03-02T12:00", "1949-12-31T18:00"),
    "derived_gzip_trailing_garbage.gz": ("isd-lite", "rejected", 1092, {}, "1949-01-01T12:00", "1949-12-31T18:00"),
    "derived_trunc_isdlite_2019.gz": ("isd-lite", "rejected", 2843, {}, "2019-01-01", "2019-04-29T15:00"),
    "globalhourly_00702699999.csv": (
        "global-hourly", "partial", 6843, {"00702699999": 6843}, "2017-02-10T14:04", "2017-08-22T13:29",
    ),
    "globalhourly_40435_min.csv": ("global-hourly", "ok", 5, {"40435099999": 5}, "2000-01-10T06:00", "2000-04-01"),
    "crn_5min_CRNS0101_tucson.txt": ("crn-subhourly", "ok", 4, {"53131": 4}, "2019-01-01T16:10", "2019-01-01T16:25"),
    "crn_daily_CRND0103_fairbanks2020.txt": ("crn-daily", "ok", 183, {"26494": 183}, "2020-01-01", "2020-07-01"),
    "excerpt_crn_hourly_lincoln_20230101.txt": ("crn-hourly", "ok", 24, {"94996": 24}, "2023-01-01T01:00", "2023-01-02"),
}  # fmt: skip

# file, column as the format names it: values, minimum, maximum, in the unit of the file
RANGES = {
    ("ghcnd_CA006105976.dly", "TMAX"): (48347, -317, 378),
    ("ghcnd_CA006105976.dly", "TMIN"): (48338, -389, 248),
    ("ghcnd_CA006105976.dly", "PRCP"): (48311, 0, 1086),
    ("ghcnd_CA006105978.dly", "TMAX"): (7813, -232, 371),
    ("ghcnd_CA006105978.dly", "TMIN"): (7818, -318, 246),
    ("ghcnd_CA006105978.dly", "PRCP"): (7676, 0, 1158),
    ("ghcnd_AGE00147704_csv.dly", "TMAX"): (9042, 60, 470),
    ("gsod_01001099999_2024.csv", "TEMP"): (355, 6.6, 50.6),
    ("gsod_01001099999_2024.csv", "MAX"): (355, 13.1, 56.5),
    ("gsod_01002099999_2024.csv", "MIN"): (246, -20.4, 48.4),
    ("gsod_01003099999_2024.csv", "TEMP"): (355, -10.5, 50.8),
    ("gsod_01007099999_2024.csv", "MAX"): (353, -6.7, 62.8),
    ("gsod_old_722874_2007.op.gz", "TEMP"): (365, 45.9, 85.7),
    ("isd_014160-99999-2016.gz", "TMP"): (3609, -56, 271),
    ("isd_1901_all.gz", "TMP"): (6564, -333, 317),
    ("isd_722874_missing_2007.gz", "TMP"): (4999, 39, 378),
    ("isdlite_011080-99999-2015.txt", "air temperature"): (8608, -87, 247),
    ("isdlite_011080-99999-2015.txt", "sea level pressure"): (8608, 9642, 10441),
    ("isdlite_064510-99999-1930.gz", "air temperature"): (358, -39, 322),
    ("isdlite_064510-99999-1930.gz", "sea level pressure"): (354, 9838, 10391),
    ("isdlite_064510-99999-1949.gz", "sea level pressure"): (1091, 9769, 10454),
    ("isdlite_064510-99999-2019.gz", "air temperature"): (4742, -56, 314),
    ("isdlite_071470-99999-2014.txt", "air temperature"): (8486, -50, 340),
    ("isdlite_071470-99999-2014.txt", "sea level pressure"): (8350, 9862, 10411),
    ("globalhourly_00702699999.csv", "TMP"): (6840, 20, 410),
    ("globalhourly_40435_min.csv", "TMP"): (2, 180, 190),
    ("crn_5min_CRNS0101_tucson.txt", "AIR_TEMPERATURE"): (3, 3.3, 4),
    ("crn_daily_CRND0103_fairbanks2020.txt", "T_DAILY_MAX"): (183, -27.8, 25.3),
    ("excerpt_crn_hourly_lincoln_20230101.txt", "T_CALC"): (24, -1.9, 9.1),
}


def short(instant: int | None) -> str | None:
    return None if instant is None else iso(instant).removesuffix("T00:00:00Z").removesuffix(":00Z")


@pytest.mark.parametrize("name", real(*STATES))
def test_a_real_file_ends_as_the_manifest_says(name: str) -> None:
    entry = survey_of(name)
    state = (entry.recognition.format, entry.status.value, entry.rows, entry.stations, short(entry.first), short(entry.last))
    assert state == STATES[name]
    for (file, column), expected in RANGES.items():
        if file == name:
            known = facts(entry)[column]
            assert (known.values, known.minimum_received, known.maximum_received) == expected, column


def test_no_other_real_file_is_taken_for_one_of_noaa_s() -> None:
    formats = {expected[0] for expected in STATES.values()} | {"ghcn-daily-by-station"}
    found = recognised()
    assert {name for name, format in found.items() if format in formats} == set(STATES) & found.keys()


@pytest.mark.parametrize(("name", "failed"), [("ghcnd_CA006105976.dly", 87), ("ghcnd_CA006105978.dly", 10)])
def test_as_many_values_fail_as_the_manifest_counts_quality_flags(name: str, failed: int) -> None:
    if real(name):
        flags = [column.flags for batch in batches_of(name) for column in batch.columns.values()]
        assert sum(some.count(4) for some in flags) == failed


@pytest.mark.parametrize("name", real(*(name for name, state in STATES.items() if state[3])))
def test_the_loader_gets_a_value_for_each_that_the_catalogue_counts(name: str) -> None:
    entry = survey_of(name)
    counted = {column.parameter: column.values for column in entry.columns if column.parameter and column.values}
    found: dict[str, int] = {}
    for batch in batches_of(name):
        lengths = {len(batch.times), len(batch.rows)}
        for parameter, column in batch.columns.items():
            lengths |= {len(column.values), len(column.flags), len(column.received)}
            found[parameter.id] = found.get(parameter.id, 0) + len(column.values) - column.values.count(None)
        assert len(lengths) == 1
    assert {name: values for name, values in found.items() if values} == counted


TEXTS = [MONTHS, months_csv(), STATION, DAYS, OLD, REPORTS, LITE, HOURS, DAILY, HOURLY, SUBHOURLY]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_happens_to_the_bytes_a_survey_ends_and_the_loader_too(data: st.DataObject) -> None:
    damaged = bytearray(data.draw(st.sampled_from(TEXTS)).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged)))
        change = data.draw(st.sampled_from(("cut", "drop", "put")))
        if change == "cut":
            del damaged[at:]
        elif change == "drop":
            del damaged[at : at + data.draw(st.integers(1, 40))]
        else:
            some = st.one_of(st.binary(max_size=12), st.sampled_from([b",", b'"', b"\n", b"\r\n", b"-9999", b"1e999", b"\xff"]))
            damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(some)
    survey(io.BytesIO(bytes(damaged)), Context(key="010010-99999-2024"))
    for piece in observations(io.BytesIO(bytes(damaged)), Context(key="010010-99999-2024")):
        assert piece


@settings(max_examples=60, deadline=None)
@given(head=st.sampled_from([text.split("\n")[0] for text in TEXTS]), rest=st.binary(max_size=400))
def test_whatever_follows_a_first_line_a_survey_ends(head: str, rest: bytes) -> None:
    survey(io.BytesIO(head.encode() + b"\n" + rest))


NAMES = (
    "ghcn-daily-dly", "ghcn-daily-by-station", "gsod", "isd", "isd-lite", "global-hourly",
    "crn-daily", "crn-hourly", "crn-subhourly",
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(NAMES), text=st.sampled_from(TEXTS), start=st.integers(0, 300), junk=st.binary(max_size=30))
def test_a_format_that_gets_something_else_rejects_it_and_fails_no_other_way(
    name: str, text: str, start: int, junk: bytes
) -> None:
    for values in (True, False):
        with suppress(UnreadableFile):
            list(named(name).read(io.BytesIO(junk + text.encode()[start:]), Context(values=values)))


@pytest.mark.parametrize("text", TEXTS)
def test_every_fixture_is_read_alike_in_small_pieces_and_with_other_line_ends(text: str) -> None:
    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size, 777) if size is not None and size >= 0 else 777)

    key = Context(key="010010-99999-2024")
    whole = survey(io.BytesIO(text.encode()), key)
    assert whole.status in (Status.OK, Status.PARTIAL)
    for data in (text.encode(), text.replace("\n", "\r\n").encode(), text.rstrip("\n").encode(), text.encode("utf-8-sig")):
        other = survey(Dripping(data), key)
        assert (other.status, other.rows, other.stations, other.rejects) == (
            whole.status, whole.rows, whole.stations, whole.rejects,
        )  # fmt: skip
