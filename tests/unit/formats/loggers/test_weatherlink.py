"""Months of WeatherLink for Windows."""

import io
import struct

import pytest

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import Mapping, TimeColumns
from mesonet.domain.observation import Batch
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests import effort


def weather(minute: int, **changed: int) -> bytes:
    """A record at a minute of its day; `changed` are numbers of it as the file has them."""
    given = {
        **{"interval": 10, "outside": 500, "high": 518, "low": 482, "barometer": 29921, "humidity": 655},
        **{"rain": 0x2003, "rate": 6, "wind": 100, "gust": 200, "direction": 4, "gusts": 15, "sun": 480, "uv": 23},
        **changed,
    }
    names = ("outside", "high", "low", "inside", "barometer", "humidity", "indoors")
    first = struct.pack("<BBBBh7h", 1, given["interval"], 0, 0, minute, *(given.get(name, 700) for name in names))
    second = struct.pack("<Hhhh", *(given[name] for name in ("rain", "rate", "wind", "gust")))
    third = struct.pack("<BBhhhB", given["direction"], given["gusts"], 234, given["sun"], 900, given["uv"])
    return (first + second + third).ljust(88, b"\xff")


def month(days: dict[int, list[bytes]]) -> bytes:
    """A file with the records of these days, each behind two summaries."""
    index, records = [(0, 0)] * 32, list[bytes]()
    for day, told in days.items():
        index[day] = (len(told) + 2, len(records))
        records += [b"\x02".ljust(88, b"\0"), b"\x03".ljust(88, b"\0"), *told]
    header = b"WDAT5.3".ljust(16, b"\0") + struct.pack("<i", len(records))
    return header + b"".join(struct.pack("<hi", *each) for each in index) + b"".join(records)


JANUARY = month({1: [weather(at) for at in range(10, 1441, 10)], 2: [weather(10)]})


def looked_at(data: bytes, key: str = "garden/2024-01.wlk", mapping: Mapping | None = None) -> Survey:
    return survey(io.BytesIO(data), Context(key=key, mapping=mapping))


def batches(data: bytes, key: str = "garden/2024-01.wlk") -> list[Batch]:
    return [each for each in observations(io.BytesIO(data), Context(key=key)) if isinstance(each, Batch)]


def test_a_month_is_read_by_its_days_and_minutes() -> None:
    entry = looked_at(JANUARY)
    assert (entry.recognition.format, entry.status, entry.rows, entry.rejects) == ("weatherlink", Status.OK, 145, ())
    assert (entry.stations, entry.claims["station"], entry.claims["zone"]) == (
        {"weatherlink_garden": 145},
        Claim.INFERRED,
        Claim.INFERRED,
    )
    assert entry.first is not None
    assert entry.last is not None
    assert (iso(entry.first), iso(entry.last)) == ("2024-01-01T00:10:00Z", "2024-01-02T00:10:00Z")
    (batch,) = batches(JANUARY)
    assert iso(batch.times[143]) == "2024-01-02T00:00:00Z"
    assert {each.id: column.values[0] for each, column in batch.columns.items()} == {
        "air_temperature:2:mean:PT10M": pytest.approx(10),
        "air_temperature:2:maximum:PT10M": pytest.approx(11),
        "air_temperature:2:minimum:PT10M": pytest.approx(9),
        "air_pressure_at_mean_sea_level": pytest.approx(1013.24, abs=0.01),
        "relative_humidity": pytest.approx(65.5),
        "wind_speed:10:mean:PT10M": pytest.approx(4.4704),
        "wind_speed_of_gust:10:maximum:PT10M": pytest.approx(8.9408),
        "wind_from_direction:10:mode:PT10M": 90,
        "wind_gust_from_direction:10:maximum:PT10M": 337.5,
        "surface_downwelling_shortwave_flux_in_air:2:mean:PT10M": 480,
        "ultraviolet_index:2:mean:PT10M": 2.3,
        "precipitation_amount:0:sum:PT10M": pytest.approx(0.6),
        "rainfall_rate:0:maximum:PT10M": pytest.approx(1.2),
    }


def test_what_no_sensor_told_is_missing() -> None:
    gone = {"outside": -32768, "high": -32768, "low": 32767, "humidity": -32768, "direction": 255, "uv": 255, "barometer": 0}
    (batch,) = batches(month({1: [weather(10, **gone)]}))
    told = {each.standard_name for each, column in batch.columns.items() if column.values[0] is not None}
    assert told == {
        *("wind_speed", "wind_speed_of_gust", "wind_gust_from_direction", "precipitation_amount", "rainfall_rate"),
        "surface_downwelling_shortwave_flux_in_air",
    }


@pytest.mark.parametrize(("collector", "rain"), [(0x0000, 5.08), (0x1000, 0.508), (0x2000, 0.4), (0x3000, 2), (0x6000, 0.2)])
def test_rain_is_in_tips_of_the_collector(collector: int, rain: float) -> None:
    (batch,) = batches(month({1: [weather(10, rain=collector | 2)]}))
    (tips,) = [column.values[0] for each, column in batch.columns.items() if each.standard_name == "precipitation_amount"]
    assert tips == pytest.approx(rain)


def test_another_interval_makes_values_of_another_period() -> None:
    first, second = batches(month({1: [weather(10), weather(15, interval=5)]}))
    periods = {each.duration for each in second.columns if each.method == "mean"}
    assert ({each.duration for each in first.columns if each.method == "mean"}, periods) == ({"PT10M"}, {"PT5M"})


@pytest.mark.parametrize("key", ["", "in/garden.wlk", "in/2024-13.wlk"])
def test_without_a_month_in_its_name_a_file_is_rejected_and_told_how_to_be_called(key: str) -> None:
    entry = looked_at(JANUARY, key)
    assert (entry.status, "2024-01.wlk" in entry.rejects[0].reason) == (Status.REJECTED, True)


def test_a_station_may_stand_beside_the_month_in_the_files_name() -> None:
    assert list(looked_at(JANUARY, "in/hill-2024-01.wlk").stations) == ["weatherlink_hill"]


def test_records_without_a_time_are_rejected_and_their_neighbours_taken() -> None:
    data = month({30: [weather(10)], 3: [weather(10), weather(1441), weather(-1)]}) + weather(20) + b"\x01cut"
    entry = looked_at(data, "garden/2024-02.wlk")  # which has no 30th
    assert (entry.rows, entry.rejected, entry.stations) == (5, 5, {"weatherlink_garden": 1})


def test_a_record_without_an_interval_has_no_means() -> None:
    entry = looked_at(month({1: [weather(10), weather(20, interval=0)]}))
    assert (entry.rows, [each.reason for each in entry.rejects]) == (2, ["the record's interval has no minutes"])


def test_a_mapping_tells_the_zone() -> None:
    athens = Mapping(
        source="m", prefix="", station="garden", time=TimeColumns(columns=("time",), zone="Europe/Athens"), columns=()
    )
    entry = looked_at(JANUARY, mapping=athens)
    assert entry.first is not None
    assert iso(entry.first) == "2023-12-31T22:10:00Z"


def test_days_that_claim_more_records_than_there_are_cost_nothing() -> None:
    claims = b"".join(struct.pack("<hi", 32_767, -(2**31) + day * 32_767) for day in range(32))
    data = JANUARY[:20] + claims + JANUARY[212:]
    entry = effort.within(0.2, lambda: looked_at(data))
    assert (entry.status, entry.rejected) == (Status.REJECTED, 145)


@pytest.mark.parametrize("cut", [3, 6, 50, 211, 212, 213, 300, 400])
def test_what_is_cut_off_crashes_nothing(cut: int) -> None:
    assert looked_at(JANUARY[:cut]).status in (Status.REJECTED, Status.UNKNOWN)
