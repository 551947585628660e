"""One-minute observations of ASOS: the two pages of NCEI, and the Iowa Environmental Mesonet's table of them."""

import io
from typing import Any

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.station import Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests import effort


def page_1(local: str = "202403060600", utc: str = "1200", wind: str = "", runway: str = "") -> str:
    """A line whose winds end in columns 71, 77, 83 and 88."""
    return f"14933KDSM DSM{local}{utc}   0.139 N{' ' * 29}{wind or '140    10   150   14'}   {runway}".ljust(112) + "\n"


def page_2(local: str = "202403060600", utc: str = "1200", rain: str = " 0.01 ", air: str = "", degrees: str = "") -> str:
    pressure = air or " 28.900  28.901  28.902 "
    return f"14933KDSM DSM{local}{utc}  NP  0000    {rain}{' ' * 12}39991  {pressure}{degrees or ' 36    22':<16}\n"


PAGES = [  # what tests of all formats take a file from
    "".join(page_1(utc=f"12{minute:02}") for minute in range(20)).encode(),
    "".join(page_2(utc=f"12{minute:02}") for minute in range(20)).encode(),
    "".join(page_1(utc=f"12{at:02}", wind=wind) for at in range(9) for wind in ("", "  M     M     M    0"))
    .replace(" 140    10   150   14 ", "[140    10   150   14]").encode(),
    "".join(
        page_2("202402292359", f"05{minute}", rain, air, degrees)
        for minute in range(50, 60)
        for rain, air, degrees in (("  M   ", "   M     28.901    M    ", " -2    -7"), ("[0.01]", "", "[ 36]  22"))
    ).encode(),
]  # fmt: skip
IEM = (
    "station,station_name,lat,lon,valid(UTC),tmpf,dwpf,sknt,drct,gust_drct,gust_sknt,vis1_coeff,vis1_nd,precip,ptype,pres1\n"
    "DSM,DES MOINES,41.5,-93.6,2024-03-06 12:00,50,32,10,140,150,20,0.123,N,0.01,R,28.9\n"
    "DSM,DES MOINES,41.5,-93.6,2024-03-06 12:01,M,32,10,140,150,20,M,M,0.0,NP,28.9\n"
)


def looked_at(text: str) -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key="in/a.dat"))


def pieces(text: str) -> list[Any]:
    return list(observations(io.BytesIO(text.encode()), Context(key="in/a.dat")))


def taken(text: str) -> dict[str, tuple[list[float | None], list[int]]]:
    found: dict[str, tuple[list[float | None], list[int]]] = {}
    for batch in (piece for piece in pieces(text) if isinstance(piece, Batch)):
        for name, column in batch.columns.items():
            values, flags = found.setdefault(name.id, ([], []))
            values.extend(column.values)
            flags.extend(column.flags)
    return found


def test_page_1_has_the_wind_of_two_minutes_and_the_peak_of_five_seconds() -> None:
    text = page_1() + page_1(utc="1201", wind="  M     M     M    0", runway="31 60+").removesuffix("\n")
    entry = looked_at(text)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (
        "asos-one-minute", Status.OK, 2, {"KDSM": 2},
    )  # fmt: skip
    assert {name: values for name, (values, _) in taken(text).items()} == {
        "wind_from_direction": [140, None],
        "wind_speed": [5.144444, None],
        "wind_gust_from_direction": [150, None],
        "wind_speed_of_gust:10:maximum:PT1M": [7.202222, 0],
    }


def test_page_2_has_precipitation_three_barometers_of_which_one_fills_another_and_temperatures() -> None:
    text = page_2() + page_2(utc="1201", rain="  M   ", air="   M     28.901    M    ", degrees=" -2    -7")
    assert looked_at(text).status is Status.OK
    assert {name: values for name, (values, _) in taken(text).items()} == {
        "precipitation_amount:0:sum:PT1M": [0.254, None],
        "air_pressure": [978.6664, 978.7003],
        "air_temperature": [2.222222, -18.88889],
        "dew_point_temperature": [-5.555556, -21.66667],
    }


def test_what_stands_in_brackets_is_suspect() -> None:
    text = page_2() + page_2(utc="1201", rain="[0.01]", degrees="[ 36]  22")
    found = taken(text)
    assert found["precipitation_amount:0:sum:PT1M"] == ([0.254, 0.254], [2, 3])
    assert (found["air_temperature"], found["dew_point_temperature"]) == (([2.222222] * 2, [2, 3]), ([-5.555556] * 2, [2, 2]))
    text = page_1() + page_1(utc="1201").replace(" 140    10   150   14 ", "[140    10   150   14]")
    assert [flags for _, flags in taken(text).values()] == [[2, 3]] * 4


@pytest.mark.parametrize(
    ("local", "utc", "instant"),
    [
        ("202403061830", "0030", "2024-03-07T00:30:00Z"),
        ("202402292359", "0559", "2024-03-01T05:59:00Z"),
        ("202403070200", "1600", "2024-03-06T16:00:00Z"),
        ("202412311400", "0000", "2025-01-01T00:00:00Z"),
    ],
)
def test_the_date_is_the_local_clock_s_and_the_time_that_of_utc(local: str, utc: str, instant: str) -> None:
    entry = looked_at(page_1(local, utc))
    assert entry.first is not None
    assert iso(entry.first) == instant


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (page_2(), "no observation of page 1"),
        ("noise\n", "no observation of page 1"),
        (page_1("202413060600"), "is not an ISO 8601 time"),
        (page_1(wind="140    1R   150   14"), "not a number"),
        (page_1()[:45], "the file ends in the middle of this row"),
    ],
)
def test_a_line_that_is_damaged_or_of_the_other_page_is_told_by_its_row(line: str, reason: str) -> None:
    (fault,) = looked_at(page_1() * 6 + line).rejects
    assert (fault.row, reason in fault.reason) == (7, True)


def test_minutes_cost_less_than_a_second_a_megabyte() -> None:
    text = page_2() * 4500
    assert effort.within(0.5, lambda: looked_at(text)).rows == 4500


def test_the_table_of_the_iowa_environmental_mesonet_names_station_and_place_before_the_time() -> None:
    entry = looked_at(IEM)
    assert (entry.recognition.format, entry.status, entry.stations) == ("iem", Status.OK, {"DSM": 2})
    (place,) = (piece for piece in pieces(IEM) if isinstance(piece, Station))
    assert (place.name, place.position) == ("DES MOINES", (41.5, -93.6))
    assert {name: values for name, (values, _) in taken(IEM).items()} == {
        "air_temperature": [10, None],
        "dew_point_temperature": [0, 0],
        "wind_speed": [5.144444, 5.144444],
        "wind_from_direction": [140, 140],
        "wind_gust_from_direction": [150, 150],
        "wind_speed_of_gust:10:maximum:PT1M": [10.28889, 10.28889],
        "precipitation_amount:0:sum:PT1M": [0.254, 0],
        "air_pressure": [978.6664, 978.6664],
    }
