import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.formats.survey import survey
from tests import effort
from tests.unit.formats.noaa.files import batches, stations, surveyed

HEADER = "Longitude,Latitude,Report,Date,Level1,L1,Level2,L2,Time range,P1,P2,Varcode,Value\n"
PLACE = "11.34000,44.49000,agrmet,"
DATES = [f"2024-06-01 {hour:02d}:00:00" for hour in range(6)]
VALUES = (
    f'{HEADER}{PLACE},,,,,,,,B01019,"Bologna, urbana"\n{PLACE},,,,,,,,B07030,78.0\n'
    + "".join(f"{PLACE}{date},103,1500,,,254,0,0,B12101,28{hour}.15\n" for hour, date in enumerate(DATES))
    + "".join(f"{PLACE}{date},1,,,,1,0,3600,B13011,0.{hour}\n" for hour, date in enumerate(DATES))
    + f"{PLACE}{DATES[0]},103,1500,,,254,0,0,B12101.B33007,90\n{PLACE}{DATES[0]},103,2000,,,254,3600,0,B13003,61\n"
)


def found(text: str) -> dict[str, list[float | None]]:
    return {parameter.id: column.values for batch in batches(text) for parameter, column in batch.columns.items()}


def test_codes_levels_and_time_ranges_say_what_a_value_is_of() -> None:
    entry = surveyed(VALUES)
    assert (entry.recognition.format, entry.status, entry.rows) == ("dballe", Status.OK, 16)
    assert (entry.stations, iso(entry.last or 0)) == ({"agrmet_44.49_11.34": 12}, "2024-06-01T05:00:00Z")
    told = found(VALUES)
    assert told["air_temperature:1.5:point:PT0S"][:2] == [pytest.approx(7.0), pytest.approx(8.0)]
    assert told["precipitation_amount:0:sum:PT1H"][:2] == [0.0, 0.1]
    assert set(told) == {"air_temperature:1.5:point:PT0S", "precipitation_amount:0:sum:PT1H"}
    (place,) = stations(VALUES)
    assert (place.name, place.position, place.elevation_m) == ("Bologna, urbana", (44.49, 11.34), 78)
    assert "B13003" in entry.why  # of a time to come


@pytest.mark.parametrize(
    ("level", "time_range", "code", "parameter"),
    [
        ("1,,,", "254,0,0", "B10004", "air_pressure"),
        ("101,,,", "254,0,0", "B10051", "air_pressure_at_mean_sea_level"),
        ("103,10000,,", "200,0,600", "B11002", "wind_speed:10:mean:PT10M"),
        ("103,10000,,", "2,0,86400", "B11041", "wind_speed_of_gust:10:maximum:P1D"),
        ("103,2000,,", "3,0,3600", "B12101", "air_temperature:2:minimum:PT1H"),
        ("106,100,,", "254,0,0", "B12101", ""),
        ("103,2000,103,4000", "254,0,0", "B12101", ""),
        ("103,x,,", "254,0,0", "B12101", ""),
        ("1,,,", "0,0,3600", "B13011", ""),
        ("1,,,", "1,0,x", "B13011", ""),
        ("1,,,", "254,0,0", "B22043", ""),
    ],
)
def test_a_level_and_a_range_that_are_not_a_station_s_are_left(level: str, time_range: str, code: str, parameter: str) -> None:
    assert list(found(f"{HEADER}{PLACE}{DATES[0]},{level},{time_range},{code},5\n")) == ([parameter] if parameter else [])


def test_rows_without_a_place_or_a_time_are_rejected() -> None:
    wrong = (("44.49000", "94.49000"), ("2024-06-01", "2024-13-01"), ("agrmet", "agr\tmet"))
    rows = [VALUES.splitlines()[3].replace(old, new) for old, new in wrong]
    entry = surveyed(VALUES + "\n".join([*rows, PLACE]) + "\n")
    assert sorted((each.row, each.column) for each in entry.rejects) == [
        (18, "Latitude"),
        (19, "Date"),
        (20, "Report"),
        (21, None),
    ]
    assert (entry.rows, sum(entry.stations.values())) == (20, 12)


def test_it_takes_less_than_a_second_a_megabyte() -> None:
    data = (HEADER + VALUES.removeprefix(HEADER) * 1000).encode()
    assert effort.within(len(data) / 1e6, lambda: survey(io.BytesIO(data))).rows == 16_000
