"""GRIB: which fields, of when, on how many points; messages are eccodes'."""

import io

import eccodes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.formats.binary import grib
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, survey
from tests.unit.formats.noaa import SAMPLES, facts, real


def message(sample: str = "GRIB2", **values: int) -> bytes:
    handle = eccodes.codes_grib_new_from_samples(sample)
    try:
        for name, value in {"dataDate": 20240229, "dataTime": 600, **values}.items():
            eccodes.codes_set(handle, name, value)
        return bytes(eccodes.codes_get_message(handle))
    finally:
        eccodes.codes_release(handle)


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


@pytest.mark.parametrize("heading", [b"", b"\x01\r\r\n123\r\r\nHTIE85 ECMF 290600\r\r\n", b"HTIE85 ECMF 290600 CCA\r\r\n"])
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
