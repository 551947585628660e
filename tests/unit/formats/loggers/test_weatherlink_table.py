"""What weatherlink.com exports of a Davis station. The values are invented."""

import io
import json

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.formats.loggers import weatherlink_table
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, survey
from mesonet.formats.tables.mapping_file import parse
from tests.unit.formats.noaa.files import batches

WEATHERLINK_TABLE = (
    '"Garden"\n"Vantage Pro2"\n\n'
    '"Date & Time","Barometer - mb","Temp - °C","High Temp - °C","Hum - %","Avg Wind Speed - km/h","Prevailing Wind Direction",'
    '"High Wind Speed - km/h","Rain - mm","High Rain Rate - mm/h","Solar Rad - W/m^2","Inside Temp - °C","Temp 1 - °C"\n'
    '"1/13/24 11:45 PM","1012.3","5.2","5.4","88","36","SW","54","0.2","1.2","0","20.1","7"\n'
    '"1/13/24 11:50 PM","1012.3","5.2","5.4","88","36","SW","54","0.2","1.2","0","20.1","7"\n'
    '"1/13/24 11:55 PM","1012.3","5.2","5.4","88","36","SW","54","0.2","1.2","0","20.1","7"\n'
    '"1/14/24 12:00 AM","1012.3","--","5.4","88","0","--","--","0.0","0","0","20.1","7"\n'
)


def looked_at(text: str, zone: str = "") -> Survey:
    rules = {"mesonet_mapping": 1, "station": {"id": "X"}, "time": {"column": "x", "zone": zone}}
    rules |= {"columns": {"y": {"standard_name": "air_temperature", "unit": "Cel"}}}
    mapping = parse(json.dumps(rules), prefix="") if zone else None
    return survey(io.BytesIO(text.encode()), Context(key="in/garden.csv", mapping=mapping))


def test_rows_end_the_interval_between_them_and_what_is_indoors_or_in_the_soil_is_left() -> None:
    entry = looked_at(WEATHERLINK_TABLE)
    assert (entry.recognition.format, entry.status, entry.stations) == (
        weatherlink_table.NAME,
        Status.OK,
        {"weatherlink_garden": 4},
    )
    (batch,) = batches(WEATHERLINK_TABLE)
    assert list(map(iso, batch.times))[2:] == ["2024-01-13T23:55:00Z", "2024-01-14T00:00:00Z"]
    assert {parameter.id: column.values[2:] for parameter, column in batch.columns.items()} == {
        "air_pressure_at_mean_sea_level": [1012.3, 1012.3],
        "air_temperature:2:mean:PT5M": [5.2, None],
        "air_temperature:2:maximum:PT5M": [5.4, 5.4],
        "relative_humidity": [88, 88],
        "wind_speed:10:mean:PT5M": [10, 0],
        "wind_from_direction:10:mode:PT5M": [225, None],
        "wind_speed_of_gust:10:maximum:PT5M": [15, None],
        "precipitation_amount:0:sum:PT5M": [0.2, 0],
        "rainfall_rate:0:maximum:PT5M": [1.2, 0],
        "surface_downwelling_shortwave_flux_in_air:2:mean:PT5M": [0, 0],
    }


def test_a_mapping_tells_the_zone_of_its_clock() -> None:
    entry = looked_at(WEATHERLINK_TABLE, zone="+01:00")
    assert (entry.status, iso(entry.first or 0)) == (Status.OK, "2024-01-13T22:45:00Z")


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("13/01/24 23:", "14/01/24 00:00", "2024-01-13T23:45:00Z"),
        ("1/1/24 11:", "1/2/24 12:00 AM", "2024-01-01T23:45:00Z"),
        ("01/01/24 23:", "02/01/24 00:00", "2024-01-01T23:45:00Z"),
        ("2024-01-13 23:", "2024-01-14 00:00", "2024-01-13T23:45:00Z"),
        ("1/3/24 11:", "1/3/24 11:59 PM", ""),
    ],
)
def test_days_are_read_as_where_the_account_is_and_nobody_guesses(first: str, second: str, told: str) -> None:
    text = WEATHERLINK_TABLE.replace("1/13/24 11:", first).replace("1/14/24 12:00 AM", second)
    entry = looked_at(text if "PM" in second or "AM" in second else text.replace(" PM", ""))
    if told:
        assert (entry.status, iso(entry.first or 0), entry.rejected) == (Status.OK, told, 0)
        assert iso(entry.last or 0)[11:] == "00:00:00Z"
    else:
        assert entry.status is Status.REJECTED
        assert "do not tell whether day or month comes first in '1/3/24 11:45 PM'" in entry.rejects[0].reason


def test_without_rows_it_says_so() -> None:
    entry = looked_at(WEATHERLINK_TABLE.partition('"1/13')[0])
    assert (entry.status, entry.rejects[0].reason) == (Status.REJECTED, "there are no rows")


def test_a_joined_export_with_other_columns_is_none_of_the_first() -> None:
    """Its values were other quantities."""
    second = WEATHERLINK_TABLE.replace("1/13/24", "1/15/24").replace(
        '"Temp - °C","High Temp - °C"', '"High Temp - °C","Temp - °C"'
    )
    entry = looked_at(WEATHERLINK_TABLE + second)
    assert (entry.status, entry.stations) == (Status.PARTIAL, {"weatherlink_garden": 4})
    assert [fault.row for fault in entry.rejects if "another file" in fault.reason] == [12]
    assert looked_at(WEATHERLINK_TABLE * 2).stations == {"weatherlink_garden": 8}
