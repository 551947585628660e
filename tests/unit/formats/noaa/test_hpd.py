"""Hourly Precipitation Data: sums of days at their dates, hours where a mapping says the zone."""

import io
import json

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import parse as parameter
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations, survey
from mesonet.formats.tables.mapping_file import parse

_HOURS = ",".join(f"HR{hour:02d}Val,HR{hour:02d}MF,HR{hour:02d}QF,HR{hour:02d}S1,HR{hour:02d}S2" for hour in range(24))
HPD = (
    f"STATION,NAME,LATITUDE,LONGITUDE,ELEVATION,DATE,{_HOURS},DlySum,DlySumMF,DlySumQF,DlySumS1,DlySumS2\n"
    f'USC00020001,"SOME PLACE, AZ US",31.5907,-110.5087,1466.1,2019-07-01,{"0,Z, ,4, ," * 21}12, , ,4, ,-9999,a, ,4, ,'
    "30,A,A,4, ,12, ,P, ,C\n"
    f'USC00020001,"SOME PLACE, AZ US",31.5907,-110.5087,1466.1,2019-07-02,{"0, , ,4, ," * 23}900, ,X,4, ,0, , , ,C\n'
)
OLDER = HPD.replace("STATION,NAME,LATITUDE,LONGITUDE,ELEVATION,DATE", "StnID,Lat,Lon,Elev,Year-Month-Day,Element").replace(
    '"SOME PLACE, AZ US",31.5907,-110.5087,1466.1,2019-07-01', "31.5907,-110.5087,1466.1,2019-07-01,HPCP"
)


def _in(zone: str) -> Context:
    rules = {"mesonet_mapping": 1, "station": {"column": "STATION"}, "time": {"column": "DATE", "zone": zone}}
    rules["columns"] = {"x": {"standard_name": "air_temperature", "unit": "Cel"}}
    return Context(mapping=parse(json.dumps(rules), prefix=""))


@pytest.mark.parametrize("text", [HPD, OLDER])
def test_sums_of_days_are_taken_and_hours_wait_for_a_zone(text: str) -> None:
    entry = survey(io.BytesIO(text.encode()))
    assert (entry.recognition.format, entry.stations["USC00020001"]) == ("hpd", 1 + (text is HPD))
    assert "a mapping with time.zone gives the hours, too" in entry.why
    batch = next(piece for piece in observations(io.BytesIO(text.encode())) if isinstance(piece, Batch))
    days = batch.columns[parameter("precipitation_amount:0:sum:P1D")]
    assert (days.values[0], days.flags[0], iso(batch.times[0])) == (3.048, 3, "2019-07-01T00:00:00Z")


@pytest.mark.parametrize(("name", "lacking"), [("STATION", "STATION or StnID"), ("DATE", "DATE or Year-Month-Day")])
def test_a_header_that_quotes_two_names_as_one_is_a_reject(name: str, lacking: str) -> None:
    entry = survey(io.BytesIO(HPD.replace(f"{name},", f'"{name},OTHER",', 1).encode()))
    assert (entry.recognition.format, entry.status) == ("hpd", Status.REJECTED)
    assert [reject.reason for reject in entry.rejects] == [f"the header does not name {lacking}"]


@pytest.mark.parametrize("zone", ["-07:00", "America/Denver"])  # standard time, in summer too
def test_hours_stand_at_their_end_with_the_quality_of_the_archive(zone: str) -> None:
    data = HPD.encode()
    entry = survey(io.BytesIO(data), _in(zone))
    assert (entry.recognition.format, entry.status, entry.rows) == ("hpd", Status.OK, 2)
    assert "1 amounts of several hours together" in entry.why
    hour = parameter("precipitation_amount:0:sum:PT1H")
    pieces = [each for each in observations(io.BytesIO(data), _in(zone)) if isinstance(each, Batch) and hour in each.columns]
    found = {
        iso(time): (value, flag)
        for each in pieces
        for time, value, flag in zip(each.times, each.columns[hour].values, each.columns[hour].flags, strict=True)
    }
    assert len(found) == 48
    assert [found[f"2019-07-0{time}:00:00Z"] for time in ("1T08", "2T05", "2T06", "2T07", "3T07")] == [
        (0, 2),
        (3.048, 2),
        (None, 9),  # within a sum of several hours
        (None, 9),  # that sum
        (228.6, 4),
    ]
