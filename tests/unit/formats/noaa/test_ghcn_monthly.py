import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.formats.survey import survey
from tests import effort
from tests.unit.formats.noaa.files import batches, column, facts, stations, surveyed


def year(element: str, when: int, months: dict[int, str], station: str = "XXM00000001") -> str:
    """`months` are value and flags as they stand (eight characters)."""
    return f"{station}{when:04d}{element}" + "".join(months.get(month, "-9999   ") for month in range(1, 13)) + "\n"


YEARS = (
    year("TAVG", 1990, {month: f"{100 * month - 250:5d}  k" for month in range(1, 13)})
    + year("TAVG", 1991, {1: " -142 Dk", 2: "  183E  ", 3: "  419 A ", 12: "  -92  k"})
    + year("TAVG", 1991, {6: " 1546a W"}, "60311120000")
)


def month(when: str, value: int, flags: str = " , ,C", station: str = "XXM00000001") -> str:
    return f"{station},{'SOMEWHERE':<40},  47.2600,   11.3500,  584.00,{when},{value:6d},{flags},     1\n"


PRECIPITATION = month("199001", 512) + month("199002", -1) + month("199003", 9000, "A,O,C") + month("199004", -9999)
INVENTORY = (
    "XXM00000001  47.2600   11.3500  584.0 SOME_WHERE                    \n"
    "XXE00000002 -12.1000   -5.1800    1.9 EL_NIDO                       \n"
)
INVENTORY_3 = "60311120000  47.2600   11.3500  584.0 DE BILT                         584U   118MVxxno-9x-9WARM CROPS       C\n"
INVENTORY_OF_PRECIPITATION = f"XXM00011120  47.2600   11.3500  584.0    {'SOMEWHERE':<38} 11120 1877 2024\n"


def test_twelve_values_of_a_year_are_months_in_hundredths_of_a_degree() -> None:
    first, second = batches(YEARS)
    assert ([iso(at)[:10] for at in first.times[:2]], first.rows[:2]) == (["1990-01-01", "1990-02-01"], [1, 1])
    mean = column(first, "air_temperature:2:mean:P1M")
    assert (mean.values[:2], mean.received[:2], mean.unit_received) == ([-1.5, -0.5], [" -150", "  -50"], "0.01 Cel")
    assert (second.station_id, second.rows, [iso(at)[:7] for at in second.times]) == ("60311120000", [3], ["1991-06"])


def test_flags_of_quality_fail_a_value_and_those_of_adjusted_data_make_it_suspect() -> None:
    first, second = batches(YEARS)
    assert column(first, "air_temperature:2:mean:P1M").flags[-4:] == [4, 3, 3, 2]
    assert column(second, "air_temperature:2:mean:P1M").flags == [2]


def test_the_catalogue_counts_lines_and_leaves_out_months_of_which_nothing_is_told() -> None:
    entry = surveyed(YEARS)
    assert (entry.status, entry.recognition.format, entry.rows) == (Status.OK, "ghcn-monthly", 3)
    assert entry.stations == {"XXM00000001": 2, "60311120000": 1}
    assert (facts(entry)["TAVG"].values, iso(entry.first or 0)[:10], iso(entry.last or 0)[:10]) == (
        17,
        "1990-01-01",
        "1991-12-01",
    )


def test_means_of_extremes_say_what_they_are() -> None:
    high, low = batches(year("TMAX", 1990, {1: "  210   "}) + year("TMIN", 1990, {1: "   10   "}))
    assert column(high, "air_temperature:2:maximum_within_days_mean_over_days:P1M").values == [2.1]
    assert column(low, "air_temperature:2:minimum_within_days_mean_over_days:P1M").values == [0.1]


def test_precipitation_is_a_month_a_line_and_a_trace_is_nothing() -> None:
    (batch,) = batches(PRECIPITATION)
    amount = column(batch, "precipitation_amount:0:sum:P1M")
    assert (amount.values, amount.flags) == ([51.2, 0.0, 900.0, None], [2, 2, 4, 9])
    assert amount.received[:2] == ["   512", "    -1"]
    (place,) = stations(PRECIPITATION)
    assert (place.id, place.name, place.latitude, place.elevation_m) == ("XXM00000001", "SOMEWHERE", 47.26, 584.0)


def test_lines_that_are_none_and_years_that_were_not_are_told() -> None:
    entry = surveyed(YEARS + year("TAVG", 0, {1: "  100   "}) + year("PRCP", 1990, {1: "  100   "}) + YEARS[:60])
    assert [(each.row, each.reason) for each in entry.rejects] == [
        (4, "not a line of GHCN-Monthly"),
        (5, "not a line of GHCN-Monthly"),
        (6, "the line ends before the value of its twelfth month"),
    ]
    assert sum(entry.stations.values()) == 3


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        (INVENTORY, ["SOME_WHERE", "EL_NIDO"]),
        (INVENTORY_3, ["DE BILT"]),
        (INVENTORY_OF_PRECIPITATION, ["SOMEWHERE"]),
        ("\ufeff" + INVENTORY, ["SOME_WHERE", "EL_NIDO"]),
    ],
)
def test_inventories_are_lists_of_stations(listed: str, names: list[str]) -> None:
    assert surveyed(listed).recognition.format == "ghcn-stations"
    found = stations(listed)
    assert ([each.name for each in found], found[0].latitude, found[0].elevation_m) == (names, 47.26, 584.0)


def test_the_inventory_of_precipitation_tells_wmo_numbers() -> None:
    other = INVENTORY_OF_PRECIPITATION.replace("11120 ", "99999 ")
    assert [each.wigos_id for each in stations(INVENTORY_OF_PRECIPITATION + other)] == ["0-20000-0-11120", None]


@pytest.mark.parametrize("text", [YEARS * 3000, PRECIPITATION * 2500])
def test_it_takes_less_than_a_second_a_megabyte(text: str) -> None:
    data = text.encode()
    assert effort.within(len(data) / 1e6, lambda: survey(io.BytesIO(data))).rows
