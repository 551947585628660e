"""Weather in packets of APRS."""

import io
from typing import Any

import pytest

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso, parse
from mesonet.domain.observation import Batch
from mesonet.domain.station import Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests import effort

CWOP = "CW0003>APRS,TCPXX*,qAX,CWOP-3:@061200z5130.00N/00010.00W_270/004g010t077r001p010P000h50b09900wRSW"
STAMP = "2024-03-06 12:00:31 UTC: "
FILES = [  # what tests of all formats take a file from
    "".join(
        f"{STAMP}{each}\n" for each in (CWOP, CWOP.replace("@061200z", "="), CWOP.replace("061200z", "115959h")) * 3
    ).encode(),
    "".join(f"# {1709726400 + at}  Wed Mar  6 12:00:0{at} 2024\n{CWOP}\n".replace("@061200z", "!") for at in range(9)).encode(),
    "".join(
        f"{STAMP}N0CALL>APRS{each}\n"
        for each in (
            ":_03061155c220s004g005t077h50l012P010",
            ",WIDE1-1:=/5L!!<*e7_7P[g005t-07b.....",
            ",WIDE1-1:>status",
            ":;HILLTOP  *061155z5130.00N/00010.00W_.../...g...t050h..L123s004",
        )
    ).encode(),
]
RECEIVED = parse("2024-03-08T00:00:00Z")


def looked_at(text: str, received: int | None = RECEIVED) -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key="in/packets.log", received=received))


def pieces(text: str) -> list[Any]:
    return list(observations(io.BytesIO(text.encode()), Context(key="in/packets.log", received=RECEIVED)))


def values(text: str) -> dict[str, float | None]:
    batches = [piece for piece in pieces(text) if isinstance(piece, Batch)]
    return {name.id: column.values[0] for batch in batches for name, column in batch.columns.items()}


def first(text: str, received: int | None = RECEIVED) -> str:
    entry = looked_at(text, received)
    return iso(entry.first) if entry.first is not None else ""


NOW = "Mar 06 2024 12:00\n272/010g016t050r001p010P020h61b09900\n"


def test_wxnow_is_the_weather_below_its_date_of_the_station_that_the_file_is_called_after() -> None:
    entry = looked_at(NOW)
    assert (entry.recognition.format, entry.status, entry.stations) == ("aprs", Status.OK, {"aprs_packets": 1})
    assert (first(NOW), entry.claims["zone"], entry.claims["station"]) == (
        "2024-03-06T12:00:00Z",
        Claim.INFERRED,
        Claim.INFERRED,
    )
    assert values(NOW) == {
        "wind_speed": pytest.approx(4.4704),
        "wind_from_direction": 272,
        "wind_speed_of_gust:10:maximum:PT5M": pytest.approx(7.15264),
        "air_temperature": 10,
        "precipitation_amount:0:sum:PT1H": pytest.approx(0.254),
        "precipitation_amount:0:sum:PT24H": pytest.approx(2.54),
        "relative_humidity": 61,
    }


def test_weather_below_no_date_is_rejected() -> None:
    entry = looked_at(NOW + "Mar 32 2024 12:00\n" + NOW.split("\n")[1])
    assert (entry.rows, entry.rejected, entry.rejects[0].value) == (2, 1, "2024-03-32 12:00")


def test_a_packet_of_cwop_tells_station_place_time_and_weather() -> None:
    entry = looked_at(STAMP + CWOP)
    assert (entry.recognition.format, entry.status, entry.stations) == ("aprs", Status.OK, {"CW0003": 1})
    assert (first(STAMP + CWOP), entry.claims["zone"], entry.claims["station"]) == (
        "2024-03-06T12:00:00Z",
        Claim.READ,
        Claim.READ,
    )
    (place,) = (each for each in pieces(STAMP + CWOP) if isinstance(each, Station))
    assert place.position == (51.5, -0.166667)
    assert values(STAMP + CWOP) == {
        "wind_speed": 1.78816,
        "wind_from_direction": 270,
        "wind_speed_of_gust:10:maximum:PT5M": 4.4704,
        "air_temperature": 25,
        "precipitation_amount:0:sum:PT1H": 0.254,
        "precipitation_amount:0:sum:PT24H": 2.54,
        "relative_humidity": 50,
        "altimeter_setting": 990,
    }
    assert "rain since midnight" in entry.why


@pytest.mark.parametrize(
    ("line", "instant"),
    [
        (CWOP, "2024-03-06T12:00:00Z"),
        (CWOP.replace("061200z", "292345z"), "2024-02-29T23:45:00Z"),
        (CWOP.replace("061200z", "312345z"), "2024-01-31T23:45:00Z"),
        (f"{STAMP}{CWOP}".replace("061200z", "115959h"), "2024-03-06T11:59:59Z"),
        (f"2024-03-06 00:10:00 UTC: {CWOP}".replace("061200z", "235959h"), "2024-03-05T23:59:59Z"),
        (f"2024-03-01 00:01:00 UTC: {CWOP}".replace("061200z", "292359z"), "2024-02-29T23:59:00Z"),
        (f"2024-03-06 14:00:31 EET: {CWOP}".replace("@061200z", "="), "2024-03-06T12:00:31Z"),
        (f"{STAMP}{CWOP}".replace("061200z", "061300/"), "2024-03-06T12:00:31Z"),
        (f"# 1709726400  Wed Mar  6 12:00:00 2024\n{CWOP}".replace("@061200z", "!"), "2024-03-06T12:00:00Z"),
        (f"{STAMP}N0CALL>APRS:_03061155c220s004g005t077", "2024-03-06T11:55:00Z"),
    ],
)
def test_a_packet_s_own_time_is_completed_by_the_stamp_before_it_or_by_the_arrival(line: str, instant: str) -> None:
    assert first(line) == instant


def test_a_month_that_only_the_arrival_tells_is_inferred() -> None:
    assert looked_at(CWOP).claims["date"] is Claim.INFERRED


@pytest.mark.parametrize(
    ("line", "received", "reason"),
    [
        (CWOP, None, "neither the packet nor a stamp"),
        (CWOP.replace("@061200z", "="), RECEIVED, "neither the packet nor a stamp"),
        (CWOP.replace("061200z", "061200/"), RECEIVED, "local clock"),
        (f"{STAMP}{CWOP}".replace("061200z", "332561z"), RECEIVED, "not a day and time that exist"),
        (f"2024-03-06 14:00:31 XQT: {CWOP}", RECEIVED, "which zone is XQT?"),
    ],
)
def test_a_packet_whose_time_nobody_knows_is_a_reject(line: str, received: int | None, reason: str) -> None:
    (fault,) = looked_at(line, received).rejects
    assert (fault.row, fault.column, reason in fault.reason) == (1, "time", True)


def test_pressure_of_others_than_cwop_may_be_any_and_is_left() -> None:
    text = f"{STAMP}SP9WX>APRS,TCPIP*:!5056.25N/01952.50E_220/004g005t077b09900L123"
    assert "altimeter_setting" not in values(text)
    assert values(text)["surface_downwelling_shortwave_flux_in_air"] == 123
    assert "may be any" in looked_at(text).why
    assert values(text.replace("SP9WX", "EW1234"))["altimeter_setting"] == 990


@pytest.mark.parametrize(
    ("behind", "parameter", "value"),
    [
        ("_270/004g010t-07h50", "air_temperature", -21.66667),
        ("_270/004g010t077h00", "relative_humidity", 100),
        ("_270/004g010t077l012", "surface_downwelling_shortwave_flux_in_air", 1012),
        ("_.../...g...t050h..b.....", "wind_speed", None),
        ("_000/000g000t050", "wind_from_direction", None),
        ("_270/004g010t077s004", "thickness_of_snowfall_amount:0:sum:PT24H", 101.6),
    ],
)
def test_what_a_letter_means(behind: str, parameter: str, value: float | None) -> None:
    assert values(f"{STAMP}CW0003>APRS:=5130.00N/00010.00W{behind}XYZ")[parameter] == value


def test_a_place_may_be_packed_and_a_weather_station_an_object() -> None:
    packed = f"{STAMP}N0CALL-9>APRS,WIDE1-1:=/5L!!<*e7_7P[g005t077"
    text = f"{packed}\n{STAMP}N0CALL>APRS:;HILLTOP  *061155z5130.00N/00010.00W_270/004g010t077"
    entry = looked_at(text)
    assert entry.stations == {"N0CALL-9": 1, "HILLTOP": 1}
    (place, _) = (each for each in pieces(text) if isinstance(each, Station))
    assert place.position == (49.5, -72.750004)
    assert values(packed)["wind_from_direction"] == 88
    assert values(packed)["wind_speed"] == pytest.approx(36.2 * 1852 / 3600, rel=1e-5)


def test_other_packets_are_passed_over_and_what_is_none_is_told() -> None:
    text = f"{STAMP}{CWOP}\n{STAMP}N0CALL-9>APRS,WIDE1-1:>status\nnoise\n{STAMP}{CWOP}"
    entry = looked_at(text)
    assert (entry.rows, [(each.row, each.value) for each in entry.rejects]) == (3, [(3, "noise")])
    assert looked_at(f"{STAMP}N0CALL-9>APRS,WIDE1-1:>status\n" * 3).recognition.format != "aprs"


def test_packets_cost_less_than_a_second_a_megabyte() -> None:
    data = f"{STAMP}{CWOP}\n" * (500_000 // len(STAMP + CWOP))
    effort.within(0.5, lambda: looked_at(data))
