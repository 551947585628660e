import io
import json

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, survey
from mesonet.formats.tables.mapping_file import parse
from tests import effort
from tests.unit.formats.noaa.files import batches, column

HEAD = (
    "  Lower Ridge  Oregon \n"
    ":       LST\t mm  \t m/s \t Deg \tDeg C\tDeg C\t  %  \tvolts\t Deg \t m/s \t ly. \n"
    ": Date/Time\t Precip\t  Wind \t Wind  \t Av Air\t  Fuel \t  Rel  \tBattery\t   Dir \tMx Gust\t Solar \n"
    ":YYMMDDhhmm\t       \t  Speed\t Direc \t  Temp \t  Temp \tHumidty\tVoltage\t MxGust\t Speed \t  Rad. \n"
)
LISTED = HEAD + "".join(
    f"24060{1 + n // 24}{n % 24:02d}00\t   1.0\t   2.{n % 9}\t 270\t {n % 9}.3\t 12.0\t 61\t  13.1\t   280\t {gust}\t 60\n"
    for n, gust in enumerate(["5.1", "-9999", *["6.2"] * 28])
)


def told(text: str, zone: str = "") -> Survey:
    rules = {"mesonet_mapping": 1, "station": {"id": "RIDG"}, "time": {"column": "x", "zone": zone}, "columns": {}}
    rules["columns"] = {"y": {"standard_name": "air_temperature", "unit": "Cel"}}
    mapping = parse(json.dumps(rules), prefix="") if zone else None
    return survey(io.BytesIO(text.encode()), Context(key="in/ridge.txt", mapping=mapping))


def test_names_over_three_lines_are_what_stations_observe_in_their_units_and_the_zone_of_their_state() -> None:
    entry = told(LISTED)
    assert (entry.recognition.format, entry.status, entry.rows) == ("wrcc", Status.OK, 30)
    assert (entry.stations, iso(entry.first or 0)) == ({"wrcc_Lower_Ridge_Oregon": 30}, "2024-06-01T08:00:00Z")
    assert all(text in entry.why for text in ("UTC-08:00 in Oregon", "precipitation counts up"))
    (batch, *_) = batches(LISTED)
    assert column(batch, "air_temperature").values[:2] == [0.3, 1.3]
    assert column(batch, "wind_speed:6.1:point:PT0S").values[:2] == [2.0, 2.1]
    assert column(batch, "wind_speed_of_gust:6.1:maximum:PT1H").values[:2] == [5.1, None]
    assert column(batch, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H").values[0] == pytest.approx(697.33, abs=0.01)


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        (":       LST", ":       GMT", "2024-06-01T00:00:00Z"),
        ("Oregon", "New Mexico", "2024-06-01T07:00:00Z"),
        (":YYMMDDhhmm", ":YYYYMMDDhhmm", "2024-06-01T08:00:00Z"),
    ],
)
def test_a_zone_and_a_century_are_read_where_they_stand(old: str, new: str, first: str) -> None:
    text = LISTED.replace(old, new)
    if "YYYY" in new:
        text = HEAD.replace(old, new) + LISTED.removeprefix(HEAD).replace("24060", "2024060")
    entry = told(text)
    assert (entry.status, iso(entry.first or 0), entry.rows) == (Status.OK, first, 30)


def test_of_a_state_in_two_zones_the_mapping_tells_which() -> None:
    text = LISTED.replace("Oregon", "Idaho")
    entry = told(text)
    assert (entry.status, entry.rows) == (Status.REJECTED, 0)
    assert "give a mapping with time.zone" in entry.rejects[0].reason
    entry = told(text, zone="-07:00")
    assert (entry.status, iso(entry.first or 0), entry.stations) == (Status.OK, "2024-06-01T07:00:00Z", {"RIDG": 30})


def test_it_takes_less_than_a_second_a_megabyte() -> None:
    data = (HEAD + LISTED.removeprefix(HEAD) * 500).encode()
    assert effort.within(len(data) / 1e6, lambda: survey(io.BytesIO(data))).rows == 15_000
