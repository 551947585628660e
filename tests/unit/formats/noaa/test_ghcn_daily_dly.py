from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from tests.unit.formats.noaa.files import batches, column, facts, surveyed


def line(element: str, month: str, days: dict[int, str], station: str = "XX000000001") -> str:
    """`days` are value and flags as they stand (eight characters)."""
    return station + month + element + "".join(days.get(day, "-9999   ") for day in range(1, 32)) + "\n"


MONTHS = (
    line("TMAX", "202402", {1: "  105  C", 2: "   98 IC", 29: "  -10  C"})
    + line("TMIN", "202402", {1: "  -22  C"})
    + line("PRCP", "202402", {1: "    0T C", 3: "   12  C"})
    + line("TMAX", "202403", {31: "  200  C"})
)


def months_csv() -> str:
    header = "id,year,month,element," + ",".join(f"VALUE{n},MFLAG{n},QFLAG{n},SFLAG{n}" for n in range(1, 32))
    quoted = ",".join(f'"{name}"' for name in header.split(","))
    days = [("105", " ", " ", "C"), ("98", " ", "I", "C"), *[("NA", " ", " ", " ")] * 29]
    row = '"XX000000001",2024,2,"TMAX",' + ",".join(",".join((value, *(f'"{f}"' for f in flags))) for value, *flags in days)
    return f"{quoted}\n{row}\n"


def test_a_month_s_line_becomes_days_with_a_column_for_each_element() -> None:
    february, march = batches(MONTHS)
    assert [iso(at)[:10] for at in february.times] == ["2024-02-01", "2024-02-02", "2024-02-03", "2024-02-29"]
    assert ([iso(at)[:10] for at in march.times], february.rows, march.rows) == (["2024-03-31"], [1, 1, 1, 1], [4])
    high = column(february, "air_temperature:2:maximum:P1D")
    assert (high.values, high.unit_received) == ([10.5, 9.8, None, -1.0], "0.1 Cel")
    assert high.received == ["  105", "   98", "-9999", "  -10"]
    assert column(february, "precipitation_amount:0:sum:P1D").values == [0.0, None, 1.2, None]


def test_a_value_with_a_quality_flag_is_kept_and_failed() -> None:
    assert column(batches(MONTHS)[0], "air_temperature:2:maximum:P1D").flags == [2, 4, 9, 2]


def test_the_catalogue_counts_lines_and_knows_the_first_and_the_last_day_that_has_a_value() -> None:
    entry = surveyed(MONTHS)
    assert (entry.status, entry.recognition.format, entry.rows) == (Status.OK, "ghcn-daily-dly", 4)
    assert (entry.stations, iso(entry.first or 0)[:10], iso(entry.last or 0)[:10]) == (
        {"XX000000001": 4},
        "2024-02-01",
        "2024-03-31",
    )
    assert (facts(entry)["TMAX"].values, facts(entry)["TMAX"].missing, facts(entry)["TMAX"].minimum_received) == (4, 1, -10.0)


def test_lines_without_a_value_are_taken_and_give_no_day() -> None:
    entry = surveyed(line("TMAX", "202401", {}))
    assert (entry.status, entry.first) == (Status.OK, None)
    assert batches(line("TMAX", "202401", {})) == []


def test_the_same_month_as_csv_says_the_same() -> None:
    (batch,) = batches(months_csv())
    high = column(batch, "air_temperature:2:maximum:P1D")
    assert (high.values, high.flags) == ([10.5, 9.8], [2, 4])
    assert surveyed(months_csv()).recognition.format == "ghcn-daily-dly"


def test_a_month_whose_lines_lie_in_two_blocks_is_given_once() -> None:
    many = "".join(line("TMAX", f"{year}{month:02d}", {1: "  100  C"}) for year in range(1800, 2000) for month in range(1, 13))
    entry = surveyed(many + MONTHS)
    assert entry.stations == {"XX000000001": 2404}
    found = batches(many + MONTHS)
    times = [time for batch in found for time in batch.times]
    assert len(found) > 1
    assert len(times) == len(set(times)) == 2405


def test_of_two_gusts_the_defined_one_is_taken_and_the_other_where_there_is_none() -> None:
    text = line("WSFG", "202401", {1: "  200  C", 2: "  210  C"}) + line("WSF5", "202401", {1: "  180  C"})
    (batch,) = batches(text)
    assert column(batch, "wind_speed_of_gust:10:maximum:P1D").values == [18.0, 21.0]
    reasons = [reject.reason for reject in surveyed(text).rejects]
    assert reasons == ["WSF5 of the same station and day was taken instead (1 line)"]


def test_what_cannot_be_is_rejected_with_its_row_and_column() -> None:
    text = (
        MONTHS
        + line("TMAX", "202413", {1: "    1  C"})
        + line("TMIN", "202403", {1: "    1  C"})[:200]
        + "\n"
        + line("TMAX", "202403", {1: "    6  C"})
        + line("WT01", "202402", {1: "    1  C"})
        + line("TMIN", "202404", {31: "   77  C", 1: "    5  C", 2: "   x5  C"})
    )
    entry = surveyed(text)
    assert {(reject.row, reject.column, reject.value and reject.value[:6]) for reject in entry.rejects} == {
        (5, "MONTH", "202413"),
        (6, None, "XX0000"),
        (7, "ELEMENT", "TMAX"),  # row 4 told it
        (8, "ELEMENT", "WT01"),
        (9, "VALUE31", "77"),
        (9, "TMIN", "   x5"),
    }
    assert (entry.status, entry.stations) == (Status.PARTIAL, {"XX000000001": 5})
