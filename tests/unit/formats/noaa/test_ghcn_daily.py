import io

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import parse
from mesonet.domain.station import Authority, Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations, survey

HIGH = parse("air_temperature:2:maximum:P1D")
LOW = parse("air_temperature:2:minimum:P1D")
RAIN = parse("precipitation_amount:0:sum:P1D")
GUST = parse("wind_speed_of_gust:10:maximum:P1D")

YEAR = """ITE00100550,18230101,TMAX,-21,,,E,
ITE00100550,18230101,TMIN,-66,,I,E,
EZE00100082,18230101,TMAX,-79,,,E,
ITE00100550,18230102,TMIN,-9999,,,E,
ITE00100550,18230102,PRCP,3,,,E,0700
"""


def loaded(text: str) -> list[Batch | Station]:
    return list(observations(io.BytesIO(text.encode())))


def batches(text: str) -> list[Batch]:
    return [piece for piece in loaded(text) if isinstance(piece, Batch)]


def test_lines_with_all_their_flags_are_known() -> None:
    flagged = YEAR.replace(",,,E,", ",T,X,E,").replace(",,I,E,", ",T,I,E,")
    for text in (flagged, flagged.replace(",", ";")):
        assert survey(io.BytesIO(text.encode())).recognition.format == "ghcn-daily-by-year"


def test_long_rows_become_columns_of_each_station() -> None:
    milan, prague = batches(YEAR)
    assert (milan.station_id, prague.station_id) == ("ITE00100550", "EZE00100082")
    assert [iso(at) for at in milan.times] == ["1823-01-01T00:00:00Z", "1823-01-02T00:00:00Z"]
    assert milan.rows == [1, 4]
    assert milan.columns[HIGH].values == [-2.1, None]
    assert milan.columns[RAIN].values == [None, 0.3]
    assert (milan.columns[RAIN].unit, milan.columns[RAIN].unit_received) == ("mm", "0.1 mm")
    assert milan.columns[RAIN].received == ["", "3"]


def test_a_value_that_noaa_doubts_is_kept_and_flagged() -> None:
    low = batches(YEAR)[0].columns[LOW]
    assert (low.values, low.received, low.flags) == ([-6.6, None], ["-66", "-9999"], [4, 9])


def test_the_catalogue_counts_the_file_s_rows() -> None:
    entry = survey(io.BytesIO(YEAR.encode()))
    assert (entry.status, entry.recognition.format, entry.rows) == (Status.OK, "ghcn-daily-by-year", 5)
    assert entry.stations == {"ITE00100550": 4, "EZE00100082": 1}
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("1823-01-01T00:00:00Z", "1823-01-02T00:00:00Z")
    facts = {column.name: column for column in entry.columns}
    assert (facts["TMAX"].parameter, facts["TMAX"].minimum_received, facts["TMAX"].mean_received) == (HIGH.id, -79.0, -50.0)
    assert facts["TMIN"].missing == 1


def test_an_element_that_is_not_taken_is_said_once_with_its_rows() -> None:
    more = "".join(f"ITE00100550,182302{day:02d},WT01,1,,,E,\n" for day in range(1, 21))
    entry = survey(io.BytesIO((YEAR + more + "ITE00100550,18230301,ZZZZ,1,,,E,\n").encode()))
    assert entry.status is Status.PARTIAL
    assert [(reject.value, reject.row, reject.reason) for reject in entry.rejects] == [
        ("WT01", 6, "weather types are not taken (20 rows)"),
        ("ZZZZ", 26, "no element of GHCN-Daily that is known (1 row)"),
    ]


def test_dates_and_values_that_cannot_be_are_rejected_by_row() -> None:
    entry = survey(io.BytesIO((YEAR + "ITE00100550,18230230,TMAX,1,,,E,\nITE00100550,18230301,TMAX,1x,,,E,\n").encode()))
    assert sorted((reject.row, reject.column, reject.value) for reject in entry.rejects) == [
        (6, "DATE", "18230230"),
        (7, "VALUE", "1x"),
    ]


def test_of_two_gusts_of_a_day_the_defined_one_is_taken_and_the_other_said() -> None:
    text = (
        "A" * 11 + ",20130101,WSFG,200,,,E,\n" + "A" * 11 + ",20130101,WSF5,180,,,E,\n" + "A" * 11 + ",20130102,WSFG,210,,,E,\n"
    )
    (batch,) = batches(text)
    assert batch.columns[GUST].values == [18.0, 21.0]
    entry = survey(io.BytesIO(text.encode()))
    assert [reject.reason for reject in entry.rejects] == ["WSF5 of the same station and day was taken instead (1 row)"]


def test_the_header_of_noaa_s_open_data_is_no_row() -> None:
    header = "ID,DATE,ELEMENT,DATA_VALUE,M_FLAG,Q_FLAG,S_FLAG,OBS_TIME\n"
    entry = survey(io.BytesIO((header + YEAR).encode()))
    assert (entry.recognition.format, entry.status, entry.rows, entry.rejects) == ("ghcn-daily-by-year", Status.OK, 5, ())
    milan, _ = batches(header + YEAR)
    assert (milan.rows, milan.columns[HIGH].values) == ([2, 5], [-2.1, None])


def test_the_variant_with_a_header_locates_its_stations_even_where_names_have_slipped() -> None:
    text = (
        "ID,YEAR/MONTH/DAY,ELEMENT,DATA VALUE,M-FLAG,Q-FLAG,S-FLAG,OBS-TIME,LATITUDE,LONGITUDE,ELEVATION,STATE,NAME,"
        "GSN FLAG,HCN/CRN FLAT,WMO ID,geometry\n"
        "ITE00100554,17630101,TMAX,-36,,,E,,45.4717,9.1892,150.0,MILAN,,,,,POINT (9.1892 45.4717)\n"
        "ITE00100554,17630101,TMIN,-50,,,E,,45.4717,9.1892,150.0,MILAN,,,,,POINT (9.1892 45.4717)\n"
    )
    station, batch = loaded(text)
    assert station == Station(
        id="ITE00100554", name="MILAN", latitude=45.4717, longitude=9.1892, elevation_m=150.0, authority=Authority.DATA_FILE
    )
    assert isinstance(batch, Batch)
    assert batch.columns[HIGH].values == [-3.6]
    assert batch.rows == [2]
    entry = survey(io.BytesIO(text.encode()), Context(key="a.csv"))
    assert (entry.status, entry.rows, entry.bbox) == (Status.OK, 2, (9.1892, 45.4717, 9.1892, 45.4717))


def test_a_header_that_comes_again_is_no_row() -> None:
    header = "ID,DATE,ELEMENT,DATA_VALUE,M_FLAG,Q_FLAG,S_FLAG,OBS_TIME\n"
    once, twice = (survey(io.BytesIO((text * count).encode())) for text, count in ((header + YEAR, 1), (header + YEAR, 2)))
    assert (twice.status, twice.rows, twice.rejects) == (Status.OK, 2 * once.rows, ())
    assert once.rows == len(YEAR.splitlines())


def test_columns_with_names_may_stand_in_another_order_and_flags_may_be_left_out() -> None:
    rows = [("ID", "DATE", "ELEMENT", "DATA_VALUE", "M_FLAG", "Q_FLAG", "S_FLAG", "OBS_TIME")]
    rows += [("USW00094728", f"2024010{day}", "TMAX", f"{day}0", "", "I" if day == 2 else "", "W", "2400") for day in (1, 2, 3)]
    turned = "".join(",".join(row[::-1]) + "\n" for row in rows)
    flags = [flag for batch in batches(turned) for each in batch.columns.values() for flag in each.flags]
    assert flags == [2, 4, 2]
    short = "".join(",".join(row[:4]) + "\n" for row in rows)
    assert [flag for batch in batches(short) for each in batch.columns.values() for flag in each.flags] == [2, 2, 2]
