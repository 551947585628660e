"""GRIB: which fields, of when, on how many points; messages are eccodes'."""

import io
from types import SimpleNamespace

import eccodes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Reject
from mesonet.formats.binary import grib
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, survey
from tests import effort
from tests.real_files import SAMPLES
from tests.unit.formats.binary.grib_messages import message
from tests.unit.formats.noaa.files import facts, real

SEEDS = [message(), message("GRIB1", step=24), message(productDefinitionTemplateNumber=8)]  # where the fuzzer begins


def surveyed(data: bytes) -> Survey:
    return survey(io.BytesIO(data), Context(key="a.grib"))


def test_fields_are_counted_and_stand_at_the_end_of_their_time() -> None:
    data = message(forecastTime=6) + message(parameterCategory=2, parameterNumber=22, forecastTime=12)
    entry = surveyed(data)
    assert (entry.recognition.format, entry.status, entry.rows, entry.station_count) == ("grib", Status.OK, 2, 0)
    assert entry.first is not None
    assert entry.last is not None
    assert (iso(entry.first), iso(entry.last)) == ("2024-02-29T12:00:00Z", "2024-02-29T18:00:00Z")
    assert facts(entry)["wind speed (gust)"].unit_received == "m/s"
    assert "GRIB" in entry.why


NWS = b"****0001018346****\nYGUZ98 KWBN 292156\r\r\n****0000257587****\nYGUB00 KWBN 292156\r\r\n"


@pytest.mark.parametrize("heading", [b"", b"\x01\r\r\n123\r\r\nHTIE85 ECMF 290600\r\r\n", b"HTIE85 ECMF 290600 CCA\r\r\n", NWS])
def test_messages_stand_in_bulletins_and_in_any_edition(heading: bytes) -> None:
    entry = surveyed(heading + message("GRIB1", step=24) + b"\r\r\n\x03" + heading + message())
    assert (entry.status, entry.rows) == (Status.OK, 2)
    assert entry.last is not None
    assert iso(entry.last) == "2024-03-01T06:00:00Z"


def test_a_sum_stands_at_the_end_of_its_period() -> None:
    data = message(
        productDefinitionTemplateNumber=8,
        forecastTime=0,
        yearOfEndOfOverallTimeInterval=2024,
        monthOfEndOfOverallTimeInterval=3,
        dayOfEndOfOverallTimeInterval=1,
        hourOfEndOfOverallTimeInterval=12,
        minuteOfEndOfOverallTimeInterval=30,
        secondOfEndOfOverallTimeInterval=0,
    )
    entry = surveyed(data)
    assert entry.last is not None
    assert iso(entry.last) == "2024-03-01T12:30:00Z"


def said_by_eccodes(data: bytes) -> tuple[str, int]:
    """When a field is valid, and on how many points."""
    handle = eccodes.codes_new_from_message(data)
    try:
        day, clock = eccodes.codes_get(handle, "validityDate"), int(eccodes.codes_get(handle, "validityTime"))
        at = f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}T{clock // 100:02d}:{clock % 100:02d}:00Z"
        return at, eccodes.codes_get(handle, "numberOfDataPoints")
    finally:
        eccodes.codes_release(handle)


def told(data: bytes) -> tuple[str, int]:
    (field,) = grib._fields(io.BytesIO(data))
    assert isinstance(field, grib._Field)
    return "" if field.valid is None else iso(field.valid), field.points


INSTANTS = [1, 2, 5, 15, 32, 40, 41, 44, 45, 48, 49, 53, 55, 60, 70, 76, 80, 99, 103, 108, 1000]
PERIODS = [8, 9, 10, 11, 12, 34, 42, 43, 46, 47, 61, 62, 72, 78, 82, 85, 87, 90, 110, 112, 1001]


@pytest.mark.parametrize("template", [*INSTANTS, *PERIODS])
def test_each_template_tells_when_its_field_is_valid(template: int) -> None:
    data = message(productDefinitionTemplateNumber=template, indicatorOfUnitForForecastTime=1, forecastTime=7)
    handle = eccodes.codes_new_from_message(data)
    if template in PERIODS:
        ends = {"year": 2024, "month": 3, "day": 1, "hour": 12, "minute": 30}
        for name, value in ends.items():
            eccodes.codes_set(handle, f"{name}OfEndOfOverallTimeInterval", value)
        data = eccodes.codes_get_message(handle)
        assert told(data)[0] == "2024-03-01T12:30:00Z"
    else:
        assert told(data) == said_by_eccodes(data) == ("2024-02-29T13:00:00Z", 496)
    eccodes.codes_release(handle)


@pytest.mark.parametrize("template", [30, 31])
def test_what_satellites_see_stands_at_the_time_of_reference(template: int) -> None:
    assert told(message(productDefinitionTemplateNumber=template))[0] == "2024-02-29T06:00:00Z"


@pytest.mark.parametrize("template", [88, 92, 254])
def test_a_template_without_a_time_ahead_has_none_that_is_told(template: int) -> None:
    entry = surveyed(message() + message(productDefinitionTemplateNumber=template))
    assert (entry.status, entry.rejects[0].reason) == (Status.PARTIAL, "1 fields have no time that can be told")


@pytest.mark.parametrize(
    ("unit", "ahead"), [(0, 90), (1, -6), (2, 1), (3, 14), (4, 2), (5, 1), (7, 1), (10, 3), (11, 2), (12, 2), (13, 120)]
)
def test_a_time_ahead_is_in_the_unit_that_the_field_says(unit: int, ahead: int) -> None:
    data = message(indicatorOfUnitForForecastTime=unit, forecastTime=ahead, dataDate=20230131)
    expected = {3: "2024-03-31", 4: "2025-01-31", 5: "2033-01-31", 7: "2123-01-31"}.get(unit)
    assert told(data)[0] == (f"{expected}T06:00:00Z" if expected else said_by_eccodes(data)[0])


@pytest.mark.parametrize("template", [8, 9, 11, 13, 82])
def test_a_template_that_ends_before_the_end_of_its_period_fails_nothing(template: int) -> None:
    body = bytes(7) + template.to_bytes(2) + bytes(25)
    assert grib._described(body, 0, 0, 1, 7).valid == 0


@pytest.mark.parametrize(("unit", "ahead"), [(1, b"\xff\xff\xff\xff"), (2, b"\x7f\xff\xff\xff"), (11, b"\x7f\xff\xff\xff")])
def test_a_time_beyond_the_calendar_is_none(unit: int, ahead: bytes) -> None:
    assert grib._described(bytes(17) + bytes([unit]) + ahead + bytes(20), 0, 0, 1, 7).valid is None


def test_a_month_that_has_no_such_day_has_no_instant() -> None:
    assert told(message(indicatorOfUnitForForecastTime=3, forecastTime=1, dataDate=20230131)) == ("", 496)


@pytest.mark.parametrize(
    "sample",
    ["GRIB1", "reduced_gg_sfc_grib1", "regular_ll_sfc_grib1", "sh_ml_grib1", "reduced_gg_pl_48_grib1", "rotated_ll_sfc_grib1"],
)
@pytest.mark.parametrize(("unit", "first"), [(1, 9), (2, 3), (11, 5), (13, 3), (14, 5)])
def test_edition_1_tells_when_and_on_how_many_points(sample: str, unit: int, first: int) -> None:
    data = message(sample, indicatorOfUnitOfTimeRange=unit, P1=first, timeRangeIndicator=0)
    at, points = said_by_eccodes(data)
    assert told(data)[1] == points
    assert told(data)[0] == (at if unit < 13 else {13: "2024-02-29T06:45:00Z", 14: "2024-02-29T08:30:00Z"}[unit])


def test_edition_1_names_what_the_tables_of_wmo_and_ecmwf_have() -> None:
    data = message("GRIB1", centre=98, table2Version=128, indicatorOfParameter=167)
    data += message("GRIB1", centre=7, table2Version=2, indicatorOfParameter=11)
    data += message("GRIB1", centre=7, table2Version=129, indicatorOfParameter=167)
    units = {name: column.unit_received for name, column in facts(surveyed(data)).items()}
    assert units == {"2 metre temperature": "K", "temperature": "K", "parameter 167 of table 129 of centre 7": None}


def test_a_field_of_which_sections_are_not_as_long_as_the_message_is_damaged() -> None:
    data = bytearray(message("GRIB1"))
    data[4:7] = (len(data) + 8).to_bytes(3)
    entry = surveyed(message() + bytes(data))
    assert (entry.status, entry.rejects[0].reason) == (Status.PARTIAL, "a message is damaged")


def test_what_is_behind_a_section_without_a_length_is_read() -> None:
    data = bytearray(message("GRIB1"))
    data[8:11] = bytes(3)
    entry = surveyed(bytes(data) + message() * 3)
    assert (entry.status, entry.rows, entry.rejects[0].reason) == (Status.PARTIAL, 3, "a message is damaged")


@pytest.mark.parametrize("data", [b"GRIB" * 100_000, message("GRIB1")[:40] * 10_000])
def test_signs_of_messages_that_are_none_cost_one_look_each(data: bytes) -> None:
    assert effort.within(0.5, lambda: surveyed(message() + data)).rows == 1


def test_rows_that_a_grid_announces_and_has_not_cost_nothing() -> None:
    grid = bytes((0, 0, 32, 0, 29, 4, 0xFF, 0xFF, 0xFF, 0xFE, *(0, 20, 0, 24) * 6))
    assert effort.within(0.01, lambda: [grib._points(grid) for _ in range(20)]) == [24 + 20 + 24] * 20


def test_several_fields_of_a_message_are_fields_each() -> None:
    single = message(forecastTime=6)
    at, parts = 16, {}
    while single[at : at + 4] != b"7777":
        length = int.from_bytes(single[at : at + 4])
        parts[single[at + 4]] = single[at : at + length]
        at += length
    later = bytearray(parts[4])
    later[18:22] = (12).to_bytes(4)
    body = b"".join((parts[1], parts[3], *(parts[n] for n in range(4, 8)), later, *(parts[n] for n in range(5, 8)), b"7777"))
    entry = surveyed(single[:8] + (16 + len(body)).to_bytes(8) + body)
    assert (entry.status, entry.rows) == (Status.OK, 2)
    assert entry.last is not None
    assert iso(entry.last) == "2024-02-29T18:00:00Z"


def test_a_message_that_is_cut_is_told_of() -> None:
    entry = surveyed(message() + message()[:-8])
    assert (entry.status, entry.rows) == (Status.PARTIAL, 2)
    assert entry.rejects[0].reason == "the file ends within a message"


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 400), junk=st.binary(min_size=1, max_size=8))
def test_no_damage_crashes_it(at: int, junk: bytes) -> None:
    data = bytearray(message() + message("GRIB1"))
    data[at : at + len(junk)] = junk
    list(grib.read(io.BytesIO(bytes(data)), Context()))
    list(grib.read(io.BytesIO(bytes(data[:at])), Context()))


def test_real_files_are_of_when_eccodes_says() -> None:
    for name in real("grib2_cfs_tmpk.grib2", "grib2_hrrr_srad.grib2", "grib2_named_mydata.nc"):
        told = []
        with (SAMPLES / name).open("rb") as stream:
            while (handle := eccodes.codes_grib_new_from_file(stream)) is not None:
                day, clock = eccodes.codes_get(handle, "validityDate"), eccodes.codes_get(handle, "validityTime")
                told.append(f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}T{clock // 100:02d}:{clock % 100:02d}:00Z")
                eccodes.codes_release(handle)
        entry = surveyed((SAMPLES / name).read_bytes())
        assert entry.first is not None
        assert entry.last is not None
        assert (entry.rows, iso(entry.first), iso(entry.last)) == (len(told), min(told), max(told))


def test_signs_of_messages_that_are_none_are_told_one_by_one_and_then_counted() -> None:
    whole = message()
    told = list[Reject]()
    data = whole + b"GRIB\0\0\0\1" * 20_000 + whole
    found = survey(io.BytesIO(data), Context(key="a.grib"), rejects=SimpleNamespace(add=told.append))
    assert (found.rows, found.rejected, found.reasons) == (2, 20_000, {"a message is damaged": 20_000})
    assert 5000 <= len(told) < 6000
