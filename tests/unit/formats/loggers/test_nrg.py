"""Statistics of NRG Systems' loggers, in both forms. The sites are invented."""

import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.station import Station
from mesonet.formats.loggers import nrg
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests.unit.formats.noaa.files import batches


def _channel(number: int, **told: str) -> str:
    return f"Channel:\t{number}\n" + "".join(f"{name.replace('_', ' ')}:\t{value}\n" for name, value in told.items()) + "\n"


def _rows(*rows: str) -> str:
    return "Data\n" + "".join(row.replace("|", "\t") + "\n" for row in rows)


SYMPHONIE = (
    "NRG Export Service\nSoftware Version:\t1.0.0.1\n\nExport Parameters\nSite Number:\t000777\nData Type:\tMeasurements\n\n"
    "Site Properties\nSite Description:\tBald Hill\nLatitude:\t44.5000000\nLongitude:\t-73.2000000\nElevation:\t123\n"
    "Time Zone:\tUTC-5:00\nSite Units:\tSI\n\nSensor History\n"
    + _channel(1, Type="Anemometer", Description="NRG S1", Height="80.00", Units="m/s")
    + _channel(2, Type="Anemometer", Description="NRG S1 spare", Height="", Units="m/s")
    + _channel(13, Type="Analog", Description="NRG T60 Temp", Height="2.50", Units="C")
    + _channel(14, Type="Analog", Description="Module temp", Height="1.00", Units="C")
    + _channel(15, Type="Vane", Description="NRG 200M Vane", Height="78.00", Units="Deg")
    + _channel(16, Type="Totalizer", Description="Rain", Height="0.00", Units="mm")
    + _rows(
        "Timestamp|Ch1_Anem_80.00m_S_Avg_m/s|Ch1_Anem_80.00m_S_SD_m/s|Ch1_Anem_80.00m_S_Gust_m/s|Ch2_Anem___Avg_m/s"
        "|Ch13_Analog_2.50m_N_Avg_C|Ch13_Analog_2.50m_N_Max_C|Ch14_Analog_1.00m_N_Avg_C|Ch15_Vane_78.00m_N_Avg_Deg"
        "|Ch15_Vane_78.00m_N_GustDir_Deg|Ch16_Total_0.00m_N_Sum_mm",
        "2024-01-01 00:00:00|7.25|0.5|9.5|1.0|-3.5|-3.25|12|271|280|0.25",
        "2024-01-01 00:10:00|nan|0.5|9.5|1.0|-3.5|-3.25|12|271|280|0",
    )
)
LOGGER = (
    "\ufeffNRG Systems Data Logger\nFile Created On (UTC):\t2024-01-01T05:00:01Z\nSerial Number:\t945800999\n"
    "Created FW Version:\t001.01.012\n\nSite Properties\n"
    "Site:\tBald Hill\nLatitude:\t44.5\nLongitude:\t-73.2\nElevation:\t123\n"
    "Time Zone:\t-5\n\nStatistical Interval (min):\t10\n\nFile Content:\tStatistics\nSensor History\n"
    + _channel(4, Description="NRG BP65", Measurement_Type="absolute_air_pressure", Units="hPa", Height="59.00")
    + _channel(7, Description="NRG RH5X", Measurement_Type="relative_humidity", Units="%", Height="0.00")
    + _channel(9, Description="NRG R1_POA", Measurement_Type="irradiance", Units="W/m^2", Height="2.00")
    + _channel(320, Description="Daily Sum Rain", Measurement_Type="daily_sum", Units="mm", Calculation="DailySum")
    + _channel(406, Description="Gauge", Measurement_Type="precipitation", Units="mm", Height="0.00")
    + _rows(
        "Timestamp|Ch4_Avg_hPa|Ch4_SD_hPa|Ch4_NotUsed|Ch7_Avg_%|Ch9_Avg_W/m^2|Ch320_Sum_mm|Ch406_Avg_mm|Ch406_Total_mm",
        "2024-01-01T05:00:00Z|985.65|0.1|0.0|54.9|70.7|3.25|0.02|0.25",
    )
)


def looked_at(text: str) -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key="in/000777.txt"))


def values(text: str) -> dict[str, list[float | None]]:
    (batch,) = batches(text)
    return {parameter.id: column.values for parameter, column in batch.columns.items()}


def test_channels_of_symphonie_are_taken_by_type_name_unit_and_height_and_end_their_interval() -> None:
    entry = looked_at(SYMPHONIE)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (nrg.NAME, Status.OK, 2, {"nrg_000777": 2})
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("2024-01-01T05:10:00Z", "2024-01-01T05:20:00Z")
    assert "channels whose height is not told were left: NRG S1 spare" in entry.why
    assert values(SYMPHONIE) == {
        "wind_speed:80:mean:PT10M": [7.25, None],
        "wind_speed_of_gust:80:maximum:PT10M": [9.5, 9.5],
        "air_temperature:2.5:mean:PT10M": [-3.5, -3.5],
        "air_temperature:2.5:maximum:PT10M": [-3.25, -3.25],
        "wind_from_direction:78:mean:PT10M": [271, 271],
        "wind_gust_from_direction:78:maximum:PT10M": [280, 280],
        "precipitation_amount:0:sum:PT10M": [0.25, 0],
    }
    (place,) = [each for each in observations(io.BytesIO(SYMPHONIE.encode())) if isinstance(each, Station)]
    assert (place.name, place.latitude, place.longitude, place.elevation_m) == ("Bald Hill", 44.5, -73.2, 123)


def test_an_elevation_of_symphonie_is_taken_in_metres_alone() -> None:
    text = SYMPHONIE.replace("Site Units:\tSI", "Site Units:\tImperial")
    (place,) = [each for each in observations(io.BytesIO(text.encode())) if isinstance(each, Station)]
    assert (place.latitude, place.elevation_m) == (44.5, None)


def test_files_of_the_later_loggers_say_what_they_measure() -> None:
    entry = looked_at(LOGGER)
    assert (entry.recognition.format, entry.status, entry.stations) == (nrg.NAME, Status.OK, {"nrg_Bald_Hill": 1})
    assert iso(entry.first or 0) == "2024-01-01T05:10:00Z"
    assert values(LOGGER) == {"air_pressure:59:mean:PT10M": [985.65], "precipitation_amount:0:sum:PT10M": [0.25]}


def test_rows_of_the_first_firmware_stand_at_the_end_of_their_interval() -> None:
    entry = looked_at(LOGGER.replace("Created FW Version:\t001.01.012", "FW Version:\t1.02.10"))
    assert iso(entry.first or 0) == "2024-01-01T05:00:00Z"


def test_without_heights_anywhere_the_usual_ones_are_meant_but_for_winds() -> None:
    text = LOGGER.replace("Height:\t0.00\n", "").replace("Height:\t59.00\n", "")
    assert values(text).keys() >= {"relative_humidity:2:mean:PT10M", "air_pressure:0:mean:PT10M"}
    assert "relative_humidity:2:mean:PT10M" not in values(LOGGER)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("UTC-5:00", "EST", "the time zone is not told as UTC-5:00: 'EST'"),
        ("2024-01-01 00:10:00", "2024-01-01 00:10:30", "no whole number of minutes apart"),
        ("2024-01-01 00:10:00", "yesterday", "tell over how long statistics are"),
        ("000777\n", "\n", ""),
    ],
)
def test_what_a_file_does_not_say_is_said(old: str, new: str, reason: str) -> None:
    entry = looked_at(SYMPHONIE.replace(old, new, 1))
    if not reason:
        assert entry.stations == {"nrg_Bald_Hill": 2}
        return
    assert entry.status is Status.REJECTED
    assert reason in entry.rejects[0].reason


@pytest.mark.parametrize(("old", "new"), [(SYMPHONIE, "000777"), (LOGGER, "Bald Hill")])
def test_of_joined_files_each_is_of_its_own_site(old: str, new: str) -> None:
    """All rows were the first site's."""
    found = looked_at(old + old.replace(new, "Other"))
    assert (len(found.stations), found.rejected) == (2, 0)
