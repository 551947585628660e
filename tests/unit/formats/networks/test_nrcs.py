"""Reports of the NRCS. The values are invented."""

# ruff: noqa: E501 - the samples are as wide as they are written
import io
import json

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.station import Station
from mesonet.formats.networks import nrcs
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables.mapping_file import parse
from tests.unit.formats.noaa.files import batches


def _report(frequency: str, *rows: str) -> str:
    return (
        "#------------------------------- WARNING ----------------------------\n#\n"
        "# The data you have obtained from this automated Natural Resources Conservation Service\n# database are subject to revision.\n"
        f"#\n# Reporting Frequency: {frequency}\n# Date Range: 2024-02-11 to 2024-02-12\n#\n"
        "# Data for the following site(s) are contained in this file:\n#\n#    SNOTEL 9713: Lower Pass, CO\n#\n"
        "# Element Name                Value Type  Function Type\n# Snow Depth                  Value       None\n#\n"
        f"# Lower Pass (9713)\n# Colorado  SNOTEL Site - 10000 ft\n# Reporting Frequency: {frequency}; Date Range: 2024-02-11\n#\n"
        "# As of: Feb 13, 2024 11:29:23 AM GMT-08:00\n#\n" + "".join(f"{row}\n" for row in rows)
    )


DAYS = _report(
    "Daily",
    "Date,Snow Depth (in) Start of Day Values,Change In Snow Depth (in),Air Temperature Average (degF),Air Temperature Observed (degF)"
    " Start of Day Values,Precipitation Increment (in),Precipitation Accumulation (in) Start of Day Values",
    "2024-02-11,10,1,50,41,0.1,7.1",
    "2024-02-12,,0,41,,0,7.1",
)
HOURS = _report(
    "Hourly",
    "Date,Air Temperature Observed (degF),Soil Temperature Observed -2in (degF),Soil Moisture Percent -8in (pct),Wind Speed Average (mph)",
    "2024-02-11 00:00,41,50,12.5,3",
    "2024-02-11 01:00,-99.9,50,12.5,3",
)


def looked_at(text: str, zone: str = "") -> Survey:
    rules = {"mesonet_mapping": 1, "station": {"id": "X"}, "time": {"column": "x", "zone": zone}}
    rules |= {"columns": {"y": {"standard_name": "air_temperature", "unit": "Cel"}}}
    mapping = parse(json.dumps(rules), prefix="") if zone else None
    return survey(io.BytesIO(text.encode()), Context(key="in/snotel.csv", mapping=mapping))


def test_days_stand_at_their_date_and_what_is_of_midnight_or_counts_up_is_left() -> None:
    entry = looked_at(DAYS)
    assert (entry.recognition.format, entry.status, entry.stations) == (nrcs.NAME, Status.OK, {"9713:CO:SNTL": 2})
    (batch,) = batches(DAYS)
    assert list(map(iso, batch.times)) == ["2024-02-11T00:00:00Z", "2024-02-12T00:00:00Z"]
    assert {parameter.id: column.values for parameter, column in batch.columns.items()} == {
        "surface_snow_thickness": [254, None],
        "air_temperature:2:mean:P1D": [10, 5],
        "precipitation_amount:0:sum:P1D": [2.54, 0],
    }
    (place,) = [each for each in observations(io.BytesIO(DAYS.encode())) if isinstance(each, Station)]
    assert (place.name, place.elevation_m, place.latitude) == ("Lower Pass", 3048, None)


def test_a_report_without_a_quantity_that_is_taken_is_no_success() -> None:
    entry = looked_at(_report("Daily", "Date,Lower Pass (9713) Snow Depth (in) Start of Day Values", "2024-02-11,10"))
    assert (entry.status, entry.rows) == (Status.REJECTED, 0)
    assert "none of Lower Pass (9713) Snow Depth" in entry.rejects[0].reason


def test_hours_are_in_the_zone_that_a_mapping_tells_and_soil_at_its_depth() -> None:
    entry = looked_at(HOURS)
    assert (entry.status, entry.rows) == (Status.REJECTED, 0)
    assert "give a mapping with time.zone" in entry.rejects[0].reason
    entry = looked_at(HOURS, zone="-08:00")
    assert (entry.recognition.format, entry.status, iso(entry.first or 0)) == (nrcs.NAME, Status.OK, "2024-02-11T08:00:00Z")
    assert [each.parameter for each in entry.columns if each.parameter] == [
        "air_temperature",
        "soil_temperature:-0.051:point:PT0S",
        "volume_fraction_of_condensed_water_in_soil:-0.203:point:PT0S",
    ]


def test_quantities_of_soil_have_a_depth_and_no_others() -> None:
    text = HOURS.replace("Temperature Observed -2in", "Temperature Observed")
    entry = looked_at(text.replace("Air Temperature Observed (", "Air Temperature Observed -2in ("), zone="-08:00")
    assert [each.parameter for each in entry.columns if each.parameter] == [
        "volume_fraction_of_condensed_water_in_soil:-0.203:point:PT0S"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#    SNOTEL 9713: Lower Pass, CO\n", "#    SNOTEL 9713: Lower Pass, CO\n#    SNOTEL 9714: Upper Pass, CO\n"),
        ("Frequency: Daily", "Frequency: Monthly"),
    ],
)
def test_reports_of_several_sites_and_of_months_are_tables_as_they_were(old: str, new: str) -> None:
    entry = looked_at(DAYS.replace(old, new))
    assert (entry.recognition.format, entry.status) == ("csv", Status.UNMAPPED)


def test_of_joined_reports_each_is_of_its_own_site() -> None:
    """All rows were the first site's, and nothing said so."""
    second = DAYS.replace("9713", "9800").replace("Lower Pass", "Upper Pass")
    assert sorted({batch.station_id for batch in batches(DAYS + second)}) == ["9713:CO:SNTL", "9800:CO:SNTL"]
