"""What programs of home stations write of the present, and what their sites export."""

# ruff: noqa: E501 - the samples are as wide as they are written
import io

import pytest

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import Mapping, TimeColumns
from mesonet.domain.observation import Batch
from mesonet.domain.station import Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests.effort import within

_FIELDS = ["0.0"] * 162 + ["!!C10.37S149!!"]
for _at, _text in {
    0: "12345", 1: "10", 2: "4.3", 3: "281", 4: "-1.5", 5: "75", 6: "1032.4", 7: "120.6", 10: "0.5", 12: "26.6", 29: "7", 30: "5",
    31: "9", 32: "Hill_Farm_No.2-7:05:09_AM", 35: "24", 36: "5", 72: "-100.0", 79: "2.1", 127: "545.0", 141: "2026",
    160: "-40.79361", 161: "-172.74000",
}.items():  # fmt: skip
    _FIELDS[_at] = _text
DISPLAY = " ".join(_FIELDS)
CUMULUS = (
    "18/10/24 16:03:45 8,4 84 5,8 24,2 33,0 261 1,5 1,0 999,7 W 6 mph C hPa mm 146,6 +0,1 85,2 588,4 11,6 20,3 57 3,6 -0,7 10,9 "
    "12:00 7,8 14:41 37,4 14:38 44,0 14:28 999,8 16:01 998,4 12:06 1.8.2 448 36,0 10,3 10,5 0,0 0,2 0 260 2,3 3 1 1 NNW 2040 ft\n"
)
AMBIENT = (
    '"Date","Simple Date","Outdoor Temperature (°F)","Dew Point (°F)","Wind Speed (mph)","Wind Gust (mph)","Max Daily Gust (mph)",'
    '"Hourly Rain (in/hr)","Total Rain (in)","Relative Pressure (inHg)","Humidity (%)","Solar Radiation (W/m^2)","Indoor Humidity (%)"\n'
    '"2023-05-01T23:55:00-05:00","2023-05-01 23:55:00",50,50.2,10,20,17.2,1,10.22,29.92,67,12,44\n'
)


def looked_at(text: str, key: str = "in/garden-20240101.txt", mapping: Mapping | None = None) -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key=key, mapping=mapping))


def read(text: str, key: str = "in/garden-20240101.txt") -> tuple[list[Station], Batch]:
    pieces = list(observations(io.BytesIO(text.encode()), Context(key=key)))
    (batch,) = [piece for piece in pieces if isinstance(piece, Batch)]
    return [piece for piece in pieces if isinstance(piece, Station)], batch


def values(batch: Batch) -> dict[str, float | None]:
    return {parameter.id: column.values[0] for parameter, column in batch.columns.items()}


def test_weather_display_says_where_it_is_and_counts_longitudes_to_the_west() -> None:
    entry = looked_at(DISPLAY)
    assert (entry.recognition.format, entry.status, entry.rows) == ("clientraw", Status.OK, 1)
    assert (entry.claims["zone"], entry.claims["station"]) == (Claim.INFERRED, Claim.READ)
    (station,), batch = read(DISPLAY)
    assert (station.id, station.position) == ("Hill_Farm_No.2", (-40.79361, 172.74))
    assert (batch.station_id, iso(batch.times[0])) == ("Hill_Farm_No.2", "2026-05-24T07:05:09Z")
    assert values(batch) == {
        "wind_speed": 5.144444,
        "wind_from_direction": 281,
        "air_temperature": -1.5,
        "relative_humidity": 75,
        "air_pressure_at_mean_sea_level": 1032.4,
        "rainfall_rate": 30,
        "dew_point_temperature": None,
        "ultraviolet_index": 2.1,
        "surface_downwelling_shortwave_flux_in_air": 545,
    }


HP2550 = (
    "Time,Indoor Temperature(℃),Outdoor Temperature(℃),Outdoor Humidity(%),Wind(m/s),Gust(m/s),Wind Direction(deg),ABS Pressure(hPa),REL Pressure(hPa),Solar Rad(w/m2),UV-Index,Hourly Rain(mm),Daily Rain(mm)\n"
    "2024/3/6 12:05,20.1,5.3,81,2.1,4.0,200,988.1,1013.2,100,1,0.0,0.2\n"
)


def test_a_console_of_ecowitt_tells_pressures_and_the_direction_in_deg() -> None:
    _, batch = read(HP2550)
    assert (batch.station_id, iso(batch.times[0])) == ("ecowitt_garden", "2024-03-06T12:05:00Z")
    assert values(batch) == {
        "air_temperature": 5.3,
        "relative_humidity": 81,
        "wind_speed": 2.1,
        "wind_speed_of_gust": 4,
        "wind_from_direction": 200,
        "air_pressure": 988.1,
        "air_pressure_at_mean_sea_level": 1013.2,
        "surface_downwelling_shortwave_flux_in_air": 100,
        "ultraviolet_index": 1,
        "rainfall_rate": 0,
    }
    assert looked_at(HP2550).claims["zone"] is Claim.INFERRED


def test_seconds_beside_the_clock_of_a_console_tell_its_zone() -> None:
    text = HP2550.replace("Time,", "Time,Timestamp,").replace("12:05,", "12:05,1709723100,")
    _, batch = read(text)
    assert (iso(batch.times[0]), looked_at(text).claims["zone"]) == ("2024-03-06T11:05:00Z", Claim.READ)
    (fault,) = looked_at(text + text.split("\n")[1].replace("1709723100", "170972310x")).rejects
    assert (fault.row, fault.column, fault.value) == (3, "Timestamp", "170972310x")


def test_cumulus_names_its_units_and_has_no_sensor_of_the_sun() -> None:
    stations, batch = read(CUMULUS)
    assert (stations, batch.station_id, iso(batch.times[0])) == ([], "cumulus_garden", "2024-10-18T16:03:45Z")
    assert values(batch) == {
        "air_temperature": 8.4,
        "relative_humidity": 84,
        "dew_point_temperature": 5.8,
        "wind_speed": 10.81837,
        "wind_from_direction": 261,
        "rainfall_rate": 1.5,
        "air_pressure_at_mean_sea_level": 999.7,
        "wind_speed_of_gust": 16.09344,
    }
    inches = read(CUMULUS.replace("mph C hPa mm", "kts F in in").replace("999,7", "29,92"))[1]
    assert values(inches)["air_pressure_at_mean_sea_level"] == pytest.approx(1013.207, abs=0.01)
    assert values(inches)["rainfall_rate"] == pytest.approx(38.1)
    assert values(inches)["air_temperature"] == pytest.approx(-13.11, abs=0.01)


@pytest.mark.parametrize("text", [DISPLAY, CUMULUS])
def test_a_mapping_says_the_zone_of_the_clock(text: str) -> None:
    zoned, nowhere = (
        Mapping(prefix="", columns=(), time=TimeColumns(columns=("time",), zone=zone), station="x")
        for zone in ("+12:00", "Nowhere/Town")
    )
    plain, there = looked_at(text), looked_at(text, mapping=zoned)
    assert plain.first is not None
    assert there.first == plain.first - 12 * 3_600_000
    wrong = looked_at(text, mapping=nowhere)
    assert (wrong.status, "no time zone" in wrong.rejects[0].reason) == (Status.REJECTED, True)


@pytest.mark.parametrize("text", [DISPLAY.replace(" 24 5 ", " 24 13 "), CUMULUS.replace("18/10", "18/13")])
def test_a_time_that_does_not_exist_is_rejected(text: str) -> None:
    entry = looked_at(text)
    assert (entry.status, "not a time" in entry.rejects[0].reason) == (Status.REJECTED, True)


@pytest.mark.parametrize("text", [DISPLAY[:400], DISPLAY.replace("!!C10", "C10"), CUMULUS + CUMULUS, CUMULUS[:120]])
def test_what_is_cut_or_more_than_one_line_is_another_thing(text: str) -> None:
    assert looked_at(text).recognition.format != "clientraw"


def test_what_ambient_weather_exports_has_its_offset_and_its_units() -> None:
    entry = looked_at(AMBIENT)
    assert (entry.recognition.format, entry.status) == ("ecowitt-table", Status.OK)
    assert (entry.claims["zone"], entry.claims["station"]) == (Claim.READ, Claim.INFERRED)
    stations, batch = read(AMBIENT)
    assert (stations, batch.station_id, iso(batch.times[0])) == ([], "ambient_garden", "2023-05-02T04:55:00Z")
    assert values(batch) == {
        "air_temperature": 10,
        "dew_point_temperature": 10.11111,
        "wind_speed": 4.4704,
        "wind_speed_of_gust": 8.9408,
        "rainfall_rate": 25.4,
        "air_pressure_at_mean_sea_level": 1013.208,
        "relative_humidity": 67,
        "surface_downwelling_shortwave_flux_in_air": 12,
    }
    assert looked_at(AMBIENT.replace('"Simple Date"', '"Local"')).recognition.format == "csv"


def test_a_unit_of_a_console_that_is_not_known_and_a_second_column_are_said() -> None:
    assert "its unit" not in looked_at(AMBIENT).why
    entry = looked_at(AMBIENT.replace("Wind Gust (mph)", "Wind Gust (Bft)").replace("Total Rain (in)", "Wind Speed (mph)"))
    assert "Wind Gust (Bft) was not taken: its unit is not known" in entry.why
    assert "Wind Speed (mph) is wind_speed like Wind Speed (mph), which was taken" in entry.why
    assert {facts.name: facts.parameter for facts in entry.columns}["Wind Gust (Bft)"] is None


SUMMARY = (
    "                   MONTHLY CLIMATOLOGICAL SUMMARY for Jan 2023\n\n\nNAME: My station             \n"
    "ELEV: 700 feet    LAT: 42-40.00 N    LONG: 081-15.00 W\n\n\n                   TEMPERATURE (F), RAIN (in), WIND SPEED (mph)\n\n"
    "                                         HEAT   COOL         AVG\n      MEAN                               DEG    DEG          WIND                   DOM\n"
    "DAY   TEMP   HIGH   TIME    LOW   TIME   DAYS   DAYS   RAIN  SPEED   HIGH   TIME    DIR\n" + "-" * 87 + "\n"
    "01    41.0   50.0  14:35   32.0  23:55   23.7    0.0   0.10   10.0   20.0  12:20    260\n"
    "02     N/A   50.0  13:20   32.0  05:35   28.2    0.0   0.00    2.1   11.0  15:10    N/A\n"
    "03    38.0   42.0\n31\n"
    + "-" * 87
    + "\n      38.7   46.9     01   33.4     02   78.9    0.0   0.15    2.7   15.0     01    255\n"
)


def test_the_monthly_summary_of_a_home_station_has_its_days_in_the_units_above_them() -> None:
    entry = looked_at(SUMMARY)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (
        "noaa-report",
        Status.PARTIAL,
        3,
        {"My_station": 2},
    )
    assert [(reject.row, reject.reason) for reject in entry.rejects] == [(16, "the row has 3 fields where the form has 13")]
    (station,), batch = read(SUMMARY)
    assert (station.name, station.position, station.elevation_m) == ("My station", (42.666667, -81.25), 213.4)
    assert [iso(time) for time in batch.times] == ["2023-01-01T00:00:00Z", "2023-01-02T00:00:00Z"]
    assert values(batch) == {
        "air_temperature:2:mean:P1D": 5,
        "air_temperature:2:maximum:P1D": 10,
        "air_temperature:2:minimum:P1D": 0,
        "precipitation_amount:0:sum:P1D": 2.54,
        "wind_speed:10:mean:P1D": 4.4704,
        "wind_speed_of_gust:10:maximum:P1D": 8.9408,
    }
    unknown = looked_at(SUMMARY.replace("(F)", "(R)").replace("NAME: My station", "CITY: here"))
    assert next(reject.column for reject in unknown.rejects if reject.value == "R") == "mean temperature"
    assert "no NAME tells the station: it is called noaa-report_garden after the file" in unknown.why
    assert looked_at(SUMMARY.replace("Jan 2023", "year 2023")).recognition.format != "noaa-report"


def test_a_line_of_a_summary_that_says_a_place_over_and_over_costs_no_time() -> None:
    line = "ELEV: 1 m LAT: 4" * 8_000
    entry = within(1, lambda: looked_at(SUMMARY.replace("DAY   TEMP", f"{line}\nDAY   TEMP")))
    assert entry.stations == {"My_station": 2}


@pytest.mark.parametrize("elevation", ["9" * 400 + " m", "123456 m", "-501 m", "30000 feet"])
def test_a_summary_s_elevation_that_cannot_be_is_not_taken(elevation: str) -> None:
    text = SUMMARY.replace("700 feet", elevation)
    (station,), _ = read(text)
    assert (station.position, station.elevation_m) == ((42.666667, -81.25), None)
    assert "cannot be and was not taken" in looked_at(text).why


def test_sixty_minutes_are_no_part_of_a_degree() -> None:
    entry = looked_at(SUMMARY.replace("42-40.00", "42-60.00"))
    assert entry.rejects[0].reason == "no position in degrees and minutes"
