"""Files of a known format that a spreadsheet, a transfer or a loss of power changed: what they say is what they said before."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.formats import resaved
from mesonet.formats.loggers import toa5
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests import effort

GSOD = (
    '"STATION","DATE","LATITUDE","LONGITUDE","ELEVATION","NAME","TEMP","TEMP_ATTRIBUTES","DEWP","DEWP_ATTRIBUTES","SLP",'
    '"SLP_ATTRIBUTES","STP","STP_ATTRIBUTES","VISIB","VISIB_ATTRIBUTES","WDSP","WDSP_ATTRIBUTES","MXSPD","GUST","MAX",'
    '"MAX_ATTRIBUTES","MIN","MIN_ATTRIBUTES","PRCP","PRCP_ATTRIBUTES","SNDP","FRSHTT"\n'
    + "".join(
        f'"01001099999","2024-01-{day}","70.93","-8.67","9.0","RIDGE, NO","{10 + day}.6","24","15.3","24","1010.{day}","24",'
        '"9.7","24","6.1","6","12.8","24","19.4","31.1","28.4","*","19.6","*","0.02","G","999.9","001000"\n'
        for day in range(11, 18)
    )
)
TOA5 = (
    '"TOA5","Ridge","CR1000X","1234","CR1000X.Std.05.01","CPU:ridge.CR1X","44622","TenMin"\n'
    '"TIMESTAMP","RECORD","AirTC_Avg","RH","Rain_mm_Tot"\n"TS","RN","Deg C","%","mm"\n"","","Avg","Smp","Tot"\n'
    + "".join(f'"2024-05-21 0{hour}:00:00",{hour},1{hour}.5,8{hour}.25,0.2\n' for hour in range(1, 9))
)
ECCC = (
    '"Station Name","RIDGE"\n"Province","ONTARIO"\n"Latitude","43.67"\n"Longitude","-79.40"\n"Elevation","112.50"\n'
    '"Climate Identifier","6158355"\n"WMO Identifier","71508"\n"TC Identifier","XTO"\n\n'
    '"Date/Time","Year","Month","Day","Time","Temp (°C)","Temp Flag","Rel Hum (%)","Rel Hum Flag"\n'
    + "".join(f'"2024-02-21 0{hour}:00","2024","02","21","0{hour}:00","-1.{hour}","","7{hour}",""\n' for hour in range(9))
)
BY_YEAR = "".join(f"ITE00100554,1771010{day},TMAX,6{day},,,E,\n" for day in range(1, 9))
FILES = {"gsod": GSOD, "toa5": TOA5, "eccc": ECCC, "ghcn-daily-by-year": BY_YEAR}


def rewritten(text: str, delimiter: str, change: Callable[[str], str] = str, *, fill: bool = False) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    width = max(map(len, rows)) if fill else 0
    out = io.StringIO()
    lines = ([*map(change, row), *[""] * (width - len(row))] for row in rows)
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return out.getvalue()


def german(field: str) -> str:
    field = re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", field)
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d)((?: \d\d:\d\d)?)(?::\d\d)?$", r"\3.\2.\1\4", field)


def dated(form: str) -> Callable[[str], str]:
    """Days, and times to the minute, as a country's spreadsheet writes them."""

    def written(field: str) -> str:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::00)?)?", field):
            return field
        date, _, clock = form.partition(" ")
        return datetime.fromisoformat(field).strftime(form if ":" in field or clock == "00:00:00" else date)

    return written


CHANGES: dict[str, Callable[[str], bytes]] = {
    "semicolons": lambda text: rewritten(text, ";").encode(),
    "tabs": lambda text: rewritten(text, "\t").encode(),
    "semicolons, decimal commas and days before months": lambda text: rewritten(text, ";", german).encode(),
    "short lines filled up": lambda text: rewritten(text, ",", fill=True).encode(),
    "a line that tells the delimiter": lambda text: f"sep=;\r\n{rewritten(text, ';')}".encode(),
    "blank lines above": lambda text: f"\n\n{text}".encode(),
    "blanks behind delimiters": lambda text: rewritten(text, ",").replace(",", ", ").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 with semicolons": lambda text: rewritten(text, ";").encode("utf-16"),
    "months before days, and halves of days": lambda text: rewritten(text, ",", dated("%m/%d/%Y %I:%M %p")).encode(),
    "days before months": lambda text: rewritten(text, ";", dated("%d/%m/%Y %H:%M")).encode(),
    "years of two figures": lambda text: rewritten(text, ",", dated("%m/%d/%y %H:%M")).encode(),
    "years before months": lambda text: rewritten(text, ",", dated("%Y/%m/%d %H:%M")).encode(),
    "months by name": lambda text: rewritten(text, ",", dated("%d-%b-%y %H:%M")).encode(),
    "a clock behind each day": lambda text: rewritten(text, ",", dated("%Y-%m-%d 00:00:00") if text is GSOD else str).encode(),
    "bars": lambda text: rewritten(text, "|").encode(),
    "a CR too many": lambda text: text.replace("\n", "\r\r\n").encode(),
    "a blank line behind each": lambda text: text.replace("\n", "\n\n").encode(),
    "zeros at the end": lambda text: text.encode() + bytes(4096),
}


def values(data: bytes) -> set[tuple[str, int, str, float]]:
    return {
        (piece.station_id, at, parameter.id, value)
        for piece in observations(io.BytesIO(data), Context(key="f.csv"))
        if isinstance(piece, Batch)
        for parameter, column in piece.columns.items()
        for at, value in zip(piece.times, column.values, strict=True)
        if value is not None
    }


def surveyed(data: bytes) -> Survey:
    return survey(io.BytesIO(data), Context(key="f.csv"))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_saved_again_says_what_it_said(name: str, change: str) -> None:
    if name == "eccc" and change == "blanks behind delimiters":
        text = ECCC.replace(",", ", ")
        data = text.encode()
    else:
        data = CHANGES[change](FILES[name])
    found = surveyed(data)
    assert (found.recognition.format, found.status) == (name, Status.OK)
    assert values(data) == values(FILES[name].encode()) != set()


NUMBERED: dict[str, Callable[[int], str | None]] = {
    "pandas": lambda at: "" if not at else str(at - 1),
    "R's write.csv": lambda at: "" if not at else str(at),
    "R's write.table": lambda at: str(at) if at else None,
}


@pytest.mark.parametrize("program", NUMBERED)
def test_numbers_that_programs_write_before_rows_are_none_of_the_table(program: str) -> None:
    rows = list(csv.reader(io.StringIO(GSOD)))
    numbers = (NUMBERED[program](at) for at in range(len(rows)))
    out = io.StringIO()
    csv.writer(out).writerows([*([] if number is None else [number]), *row] for number, row in zip(numbers, rows, strict=True))
    found = surveyed(out.getvalue().encode())
    assert (found.recognition.format, found.status, found.rows) == ("gsod", Status.OK, 7)
    assert values(out.getvalue().encode()) == values(GSOD.encode())


def test_rows_between_blank_lines_are_those_of_the_file() -> None:
    spread = TOA5.replace("12.5", "spam").replace("\n", "\n\n")
    found = surveyed(spread.encode())
    assert [(reject.row, reject.value) for reject in found.rejects] == [(11, "spam")]
    head = TOA5[: TOA5.index('"2024-05-21 01')]
    rows = [
        f'"2024-05-{day:02} {hour:02}:00:00",{hour},1{hour}.5,8{hour}.25,0.2\n' for day in range(1, 29) for hour in range(24)
    ]
    joined = "\n\n".join((head + "".join(rows)).split("\n")) + "".join(rows).replace("-05-", "-06-").replace("123.5", "spam")
    assert [reject.row for reject in surveyed(joined.encode()).rejects][:2] == [2 * 676 + 24, 2 * 676 + 48]


@pytest.mark.parametrize(("first", "numbered"), [(0, 0), (1, 0), (7, None)])
def test_numbers_of_rows_begin_with_the_first_row(first: int, numbered: int | None) -> None:
    """Others may be of days, or of stations."""
    rows = "".join(f"{first + at},{at}.5,{at}.25\n" for at in range(4))
    assert resaved.dialect_of(f"t,u\n{rows}").numbered == numbered


@pytest.mark.parametrize(("rows", "spread"), [(1, False), (2, False), (3, True)])
def test_few_blank_lines_may_stand_anywhere(rows: int, spread: bool) -> None:
    assert resaved.dialect_of("t,u\n\n" + "1.5,2.5\n\n" * rows).spread is spread


@pytest.mark.parametrize("name", ["gsod", "eccc"])
@pytest.mark.parametrize("change", ["# {}", "#{}"])
def test_a_sign_of_comment_may_stand_before_the_first_line(name: str, change: str) -> None:
    assert values(change.format(FILES[name]).encode()) == values(FILES[name].encode())


@pytest.mark.parametrize("name", ["gsod", "eccc", "toa5"])
def test_lines_may_end_in_a_delimiter_too_many(name: str) -> None:
    assert values(FILES[name].replace("\n", ",\n").encode()) == values(FILES[name].encode())


@pytest.mark.parametrize("word", ["NA", "nan", "NULL", "#N/A"])
def test_what_programs_write_for_no_value_is_none(word: str) -> None:
    found = surveyed(GSOD.replace('"21.6"', word).encode())
    assert (found.status, found.rejected) == (Status.OK, 0)
    assert values(GSOD.encode()) - values(GSOD.replace('"21.6"', word).encode()) == {
        ("01001099999", 1704931200000, "air_temperature:2:mean:P1D", -5.777778)
    }


def test_a_station_keeps_the_zeros_that_a_spreadsheet_leaves_out() -> None:
    assert values(GSOD.replace('"01001099999"', "1001099999").encode()) == values(GSOD.encode())
    assert {station for station, *_ in values(GSOD.replace('"01001099999"', "40435").encode())} == {"40435"}  # of another kind


def test_a_number_of_wmo_keeps_its_zeros_too() -> None:
    text = "year;month;IIiii;G1;Po;G1;P;G1;sn;T\n2003;03;01001;1;10047;2;10059;3;1;027\n"
    assert values(text.replace("01001", "1001").encode()) == values(text.encode()) != set()


def test_hours_between_which_some_are_missing_tell_the_order_of_their_days() -> None:
    days = [f"{month}/{day}/2024" for month, day in ((3, 1), (3, 2), (3, 3))]
    rows = [f"AMW,{day} {hour}:{minute}0,{hour},4\n" for day in days for hour in (0, 1, 9, 22) for minute in "036"[:2]]
    found = surveyed(("station,valid,tmpf,sknt\n" + "".join(rows)).encode())
    assert (found.status, iso(found.first or 0), iso(found.last or 0)) == (
        Status.OK,
        "2024-03-01T00:00:00Z",
        "2024-03-03T22:30:00Z",
    )


def test_a_comma_between_the_parts_of_a_field_is_no_decimal_comma() -> None:
    """Groups of the ISD, whose pressures look like decimal commas to a spreadsheet's reader."""
    head = '"STATION","DATE","WND","TMP","SLP"\n'
    rows = [
        f'72244,"2024-01-0{day} 0{hour}:00","230,1,N,0041,1","+0{day}2{hour},1","101{hour}2,1"\n'
        for day in range(1, 4)
        for hour in range(9)
    ]
    plain = (head + "".join(rows)).replace(" 0", "T0").replace(":00", ":00:00")
    assert len(values(plain.encode())) == 27 * 4
    assert values((head + "".join(rows)).replace("-0", "/0").encode()) == values(plain.encode())
    wide = plain.replace('"DATE"', '"SOURCE","REPORT_TYPE","CALL_SIGN","QUALITY_CONTROL","DATE"')
    wide = wide.replace('"2024', '"4","FM-15","KABC","V020","2024')
    assert values(wide.replace('","', '";"').replace('4,"', '4;"').encode()) == values(plain.encode())


def test_a_date_above_reports_is_no_reason_to_read_them_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resaved, "understood", None)
    found = surveyed(b"2024/03/05 00:15\nKABC 050015Z 25003KT 10SM CLR 14/M06 A3030\n\n" * 9)
    assert (found.recognition.format, found.status) == ("metar", Status.OK)


def test_what_was_changed_is_told_and_rows_are_those_of_the_file() -> None:
    data = ("sep=;\n" + rewritten(TOA5, ";", german).replace("12,5", "spam")).encode("cp1252")
    found = surveyed(data)
    assert found.status is Status.PARTIAL
    assert found.why.count("saved again, with a line above, fields between semicolons, decimal commas") == 1
    assert [(reject.row, reject.column, reject.value) for reject in found.rejects] == [(7, "AirTC_Avg", "spam")]
    assert found.encoding == "utf-8"
    assert {row for piece in observations(io.BytesIO(data)) if isinstance(piece, Batch) for row in piece.rows} == {
        *range(6, 14)
    }


def test_days_that_may_be_months_are_left_to_the_operator() -> None:
    lines = [line.replace(f"2024-01-{day}", f"{day - 10}/1/2024") for day, line in enumerate(GSOD.split("\n"), 10)]
    assert values("\n".join(lines).encode()) == set()
    found = surveyed("\n".join(lines).encode())
    assert (found.status, found.rejected) == (Status.REJECTED, 7)


def test_days_are_told_apart_by_how_they_run_on() -> None:
    hours = [f'"{day}/2/2024 {hour}:00"' for day in range(1, 4) for hour in range(24)]
    head = ECCC[: ECCC.index('"2024-02')]
    rows = [f'{hour},"2024","02","{hour[1]}","00:00","-1.{at % 10}","","70",""\n' for at, hour in enumerate(hours)]
    found = surveyed((head + "".join(rows)).encode())
    assert (found.recognition.format, found.status, found.rows) == ("eccc", Status.OK, 72)
    assert (iso(found.first or 0), iso(found.last or 0)) == ("2024-02-01T05:00:00Z", "2024-02-04T04:00:00Z")


def test_the_day_stands_first_before_points() -> None:
    """The hours of one day run on as evenly if it is the third of June as if it is the sixth of March."""
    rows = [f"AMW;03.06.2024 {hour:02d}:00;{hour},5;4,0\n" for hour in range(6)]
    found = surveyed(("station;valid;tmpf;sknt\n" + "".join(rows)).encode())
    assert (found.recognition.format, found.status, iso(found.first or 0)) == ("iem", Status.OK, "2024-06-03T00:00:00Z")


def test_months_between_days_are_no_pace() -> None:
    head, *rows = GSOD.splitlines(keepends=True)
    days = ("1/2/2024", "1/3/2024", "1/4/2024", "6/5/2024")  # in January, and in June; or the first of three months, and in May
    lines = [row.replace(f"2024-01-{at}", day) for at, (row, day) in enumerate(zip(rows, days, strict=False), 11)]
    found = surveyed((head + "".join(lines)).encode())
    assert (found.status, found.rejected) == (Status.REJECTED, 4)


def test_hours_below_many_midnights_are_kept() -> None:
    days = [f"{day:02d}.{month:02d}.{year}" for year in range(2001, 2004) for month in range(1, 13) for day in range(1, 29)]
    rows = [f"AMW;{day} {'06' if at > 1000 else '00'}:00;{at % 60},5;4,0\n" for at, day in enumerate(days)]
    found = surveyed(("station;valid;tmpf;sknt\n" + "".join(rows)).encode())
    assert (found.recognition.format, found.status, found.rows) == ("iem", Status.OK, 1008)
    assert (iso(found.first or 0), iso(found.last or 0)) == ("2001-01-01T00:00:00Z", "2003-12-28T06:00:00Z")


def test_a_midnight_may_be_an_hour_of_each_day() -> None:
    head = (
        "latitude;longitude;elevation;utc_offset_seconds;timezone;timezone_abbreviation\n"
        "52,5;13,4;38,0;7200;Europe/Berlin;GMT+2\n\n"
    )
    rows = [f"{day}.06.2024 00:00;{day},5\n" for day in range(11, 20)]
    found = surveyed((head + "time;temperature_2m (°C)\n" + "".join(rows)).encode())
    assert (found.recognition.format, found.status, found.rows) == ("open-meteo", Status.OK, 9)
    assert iso(found.first or 0) == "2024-06-10T22:00:00Z"


def test_thousands_are_no_decimals() -> None:
    table = "ID;DATE;ELEMENT;DATA_VALUE;M_FLAG;Q_FLAG;S_FLAG;OBS_TIME\n" + "ITE00100554;17710101;PRCP;1,234;;;E;\n" * 3
    assert values(table.encode()) == set()


def test_leading_zeros_have_decimals_too() -> None:
    def changed(field: str) -> str:
        return "009,7" if field == "9.7" else german(field)

    assert values(rewritten(GSOD, ";", changed).encode()) == values(GSOD.encode())


def test_numbers_above_a_table_say_nothing_of_its_decimals() -> None:
    assert values(
        rewritten(ECCC, ";", lambda field: field if field in ("43.67", "-79.40", "112.50") else german(field)).encode()
    )


def test_the_encoding_is_that_of_the_file() -> None:
    data = rewritten(ECCC, ";").encode("cp1252")
    assert (surveyed(data).recognition.format, surveyed(data).encoding) == ("eccc", "cp1252")
    assert surveyed(ECCC.encode("utf-16")).encoding == "utf-16"


def test_a_spreadsheets_unicode_text_may_have_decimal_commas() -> None:
    data = rewritten(TOA5, "\t", german).encode("utf-16")
    assert (surveyed(data).status, surveyed(data).encoding) == (Status.OK, "utf-16")
    assert values(data) == values(TOA5.encode()) != set()


def test_a_table_of_nobody_stays_one() -> None:
    data = b"day;temp;rain\n01.05.2024;12,5;0,2\n02.05.2024;13,5;0,0\n03.05.2024;11,5;1,2\n"
    assert surveyed(data).recognition.format == "csv"


def test_a_row_that_a_loss_of_power_broke_off_takes_no_other_with_it() -> None:
    lines = TOA5.splitlines(keepends=True)
    data = "".join([*lines[:6], lines[6][:31], "\x00" * 300, *lines[6:]]).encode()
    found = surveyed(data)
    assert values(data) == values(TOA5.encode())
    assert [(reject.row, reject.value) for reject in found.rejects] == [(7, "2024-05-21 03:00:00,3,13.5,83")]
    assert found.encoding == "utf-8, with zeros where a loss of power left them"


@pytest.mark.parametrize(
    "table", ["time,temp\n2024-05-01 01:00,1\n2024-05-01 02:00,2\n", "2024-05-01 01:00 1 1\n2024-05-01 02:00 2 4\n" * 3]
)
def test_a_table_with_zeros_at_its_end_is_one(table: str) -> None:
    assert surveyed(table.encode() + bytes(512)).recognition.format == surveyed(table.encode()).recognition.format is not None


def test_numbers_of_a_fixed_size_are_no_table() -> None:
    data = b"".join(b"%d,%d\x00\x00\x00\n" % (at, at) for at in range(60))
    assert surveyed(data).why == "binary data that no format recognises"


def test_a_decimal_comma_parts_no_columns() -> None:
    found = surveyed("\n".join(["time;temp (°C)", *(f"2024-01-0{day};-0,{day}" for day in range(1, 9))]).encode())
    assert [column.name for column in found.columns] == ["time", "temp (°C)"]


def test_ends_of_lines_may_be_mixed() -> None:
    found = surveyed(b"\r\n" + b"day,rain,temp\r" + b"".join(b"2024-05-0%d,0.2,12\r" % day for day in range(1, 9)))
    assert (found.rows, found.rejected) == (8, 0)


def test_a_line_without_an_end_is_not_read_byte_by_byte() -> None:
    class Counted(io.BytesIO):
        reads = 0

        def read(self, count: int | None = -1, /) -> bytes:
            self.reads += 1
            return super().read(count)

    stream = Counted(TOA5.encode() + b"x;" * 250_000)
    assert list(toa5.read(stream, Context()))
    assert stream.reads < 500


def parted(text: str, above: str, form: str = "%Y-%m-%d,%H:%M") -> bytes:
    """As a spreadsheet makes two columns of the times, below `above` in the first rows."""
    date, _, clock = form.partition(",")
    rows = list(csv.reader(io.StringIO(text)))
    names = next(at for at, row in enumerate(rows) if not {"TIMESTAMP", "DATE", "Date/Time"}.isdisjoint(row))
    at = 1 if rows[names][0] == "STATION" else 0
    for number, row in enumerate(rows[names:], names):
        if re.match(r"\d{4}-\d\d-\d\d", row[at]):
            moment = datetime.fromisoformat(row[at])
            row[at : at + 1] = moment.strftime(date), moment.strftime(clock)
        else:
            row.insert(at + 1, above if number == names else "")
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


HOURLY = (
    "STATION,DATE,SOURCE,LATITUDE,LONGITUDE,ELEVATION,NAME,REPORT_TYPE,CALL_SIGN,QUALITY_CONTROL,WND,VIS,TMP,DEW,SLP\n"
    + "".join(
        f'40435099999,2024-01-21T{hour:02}:00:00,4,24.5,39.7,635,OASIS,FM-15,99999,V020,"330,1,N,00{hour:02},1","009999,1,9,9",'
        f'"+01{hour:02},1","-0080,1","1016{hour % 10},1"\n'
        for hour in range(12, 20)
    )
)
TIMED = {"toa5": TOA5, "eccc": ECCC, "global-hourly": HOURLY}


@pytest.mark.parametrize("form", ["%Y-%m-%d,%H:%M", "%d.%m.%Y,%H:%M:%S", "%m/%d/%Y,%I:%M %p", "%Y%m%d,%H:%M"])
@pytest.mark.parametrize("above", ["", "Time", "Uhrzeit", "Column1"])
@pytest.mark.parametrize("name", TIMED)
def test_a_date_and_its_clock_in_two_columns_are_one_time(name: str, above: str, form: str) -> None:
    """A format that took the date alone said that all was observed at midnight, and that nothing was wrong."""
    data = parted(TIMED[name], above, form)
    found = surveyed(data)
    assert (found.recognition.format, found.status) == (name, Status.OK)
    assert values(data) == values(TIMED[name].encode()) != set()
    assert "dates and clocks in two columns" in found.why


def test_a_clock_of_another_kind_behind_a_date_is_none_of_its_time() -> None:
    days = "".join(f"AMW,2024-03-{day:02},1{day % 10}:05,{day},4\n" for day in range(1, 9))
    assert values(f"station,valid,sunrise,tmpf,sknt\n{days}".encode()) == values(
        f"station,valid,note,tmpf,sknt\n{days}".encode()
    )


_CLOCKED = [(f"2024-05-{21 + hour // 24}", f"{hour % 24}:05", f"{60 + hour}.0") for hour in range(30)]


@pytest.mark.parametrize(
    ("names", "row"),
    [
        ("station,time,valid,tmpf,sknt", "AMW,{1},{0},{2},4"),
        ("station,valid,tmpf,sknt,time", "AMW,{0},{2},4,{1}"),
        ("time,tmpf,sknt,station,valid", "{1},{2},4,AMW,{0}"),
        ("station,valid,time,tmpf,sknt", "AMW,{0} 00:00:00,{1},{2},4"),
        *(
            (f"station,valid,{name},tmpf,sknt", "AMW,{0},{1},{2},4")
            for name in ("Local time", "obs_time", "hh:mm", "valid_time")
        ),
    ],
)
def test_a_clock_may_stand_anywhere_have_one_digit_and_names_of_many_kinds(names: str, row: str) -> None:
    """Of columns in another order the date alone was taken, and of hours of one digit nothing."""
    data = f"{names}\n" + "".join(f"{row.format(*each)}\n" for each in _CLOCKED)
    plain = "".join(f"AMW,{date} {clock:0>5},{value},4\n" for date, clock, value in _CLOCKED)
    assert values(data.encode()) == values(f"station,valid,tmpf,sknt\n{plain}".encode()) != set()


@pytest.mark.parametrize("day", ["%Y-%m-%d", "%Y%m%d", "%d.%m.%Y"])
@pytest.mark.parametrize("ending", [False, True])
@pytest.mark.parametrize(
    ("name", "form"),
    [
        *(("hour", "{0:02}"), ("HR", "{0}"), ("Stunde", "{0}.0"), ("", "{0:02}"), ("Unnamed: 2", "{0}")),
        *(("Time", "{0}{1:02}"), ("hour_ending", "{0:02}{1:02}"), ("hhmmss", "{0:02}{1:02}00")),
    ],
)
def test_a_clock_in_a_column_of_its_own_may_be_of_figures_alone(name: str, form: str, ending: bool, day: str) -> None:
    """All was observed at midnight, and nothing was wrong. The hour in which a day ends is 24 or the next day's 0."""
    hours = [datetime(2024, 5, 30, tzinfo=UTC) + timedelta(hours=at + ending) for at in range(72)]
    plain = "".join(f"AMW,{each:%Y-%m-%d %H:%M},{60 + at}.0,4\n" for at, each in enumerate(hours))
    parts = [(each - timedelta(hours=ending), each.hour + 24 * (ending and not each.hour), each.minute) for each in hours]
    rows = "".join(f"AMW,{date:{day}},{form.format(*clock)},{60 + at}.0,4\n" for at, (date, *clock) in enumerate(parts))
    data = f"station,valid,{name},tmpf,sknt\n{rows}".encode()
    assert values(data) == values(f"station,valid,tmpf,sknt\n{plain}".encode()) != set()
    assert "dates and clocks in two columns" in surveyed(data).why


@pytest.mark.parametrize(("name", "figures"), [("sun_hours", 5), ("hours", 5), ("Column1", 5), ("hour", 77)])
def test_figures_that_are_no_clock_are_none_of_a_date_s_time(name: str, figures: int) -> None:
    rows = [(day, place, (figures * day + 7 * place) % 13 + figures) for day in range(1, 9) for place in (1, 2, 3)]
    days = "".join(f"S{place},2024-03-{day:02},{hours},{day},4\n" for day, place, hours in rows)
    found = values(f"station,valid,{name},tmpf,sknt\n{days}".encode())
    assert found == values(f"station,valid,note,tmpf,sknt\n{days}".encode())


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        *((name, lambda day, place: 30 + (7 * day + 5 * place) % 29) for name in ("hr", "hour", "time")),
        ("hr", lambda day, place: 2 * day + place),
        *((name, lambda day, place: 5 + 2 * place + (day + place) % 2) for name in ("", "hours", "Column1", "tmpf_2")),
    ],
)
def test_humidities_numbers_of_rows_and_what_stations_have_in_the_order_of_their_names_are_no_clocks(
    name: str, figures: Callable[[int, int], int]
) -> None:
    """30 to 59 was said to be minutes behind midnight; of two stations the second had the more of sunshine each day."""
    rows = "".join(
        f"{who},2024-03-{day:02},{figures(day, place)},{day},4\n"
        for day in range(1, 29)
        for place, who in enumerate(("AMW", "DSM"))
    )
    found = values(f"station,valid,{name},tmpf,sknt\n{rows}".encode())
    assert found == values(f"station,valid,note,tmpf,sknt\n{rows}".encode()) != set()


@pytest.mark.parametrize("hours", [(0, 12), (9, 15), (7, 14, 21), (6, 14, 22)])
def test_clocks_without_a_name_may_be_two_a_day(hours: Sequence[int]) -> None:
    at = [(day, hour) for day in range(1, 20) for hour in hours]
    rows = "".join(f"AMW,2024-03-{day:02},{hour},{day},4\n" for day, hour in at)
    plain = "".join(f"AMW,2024-03-{day:02} {hour:02}:00,{day},4\n" for day, hour in at)
    assert values(f"station,valid,,tmpf,sknt\n{rows}".encode()) == values(f"station,valid,tmpf,sknt\n{plain}".encode()) != set()


def test_a_clock_that_is_none_makes_no_midnight_of_its_date() -> None:
    rows = [f"AMW,2024-03-01,{hour if hour != 7 else 77},{hour},4\n" for hour in range(24)]
    found = surveyed(f"station,valid,hour,tmpf,sknt\n{''.join(rows)}".encode())
    assert (found.status, found.rejects[0].value if found.rejects else None) == (Status.PARTIAL, "2024-03-01 77:00")


def test_a_clock_that_is_the_same_for_each_day_and_stands_elsewhere_is_none_of_its_time() -> None:
    days = "".join(f"AMW,2024-03-{day:02},{day},4,07:05\n" for day in range(1, 9))
    assert values(f"station,valid,tmpf,sknt,time\n{days}".encode()) == values(f"station,valid,tmpf,sknt,note\n{days}".encode())


_DWD = [
    ("%Y%m%d%H", "QN_9;TT_TU;RF_TU", "", "%Y-%m-%d %H:%M:%S"),
    ("%Y%m%d%H", "QN_9;TT_TU;RF_TU", ";Uhrzeit", "%d.%m.%Y;%H:%M"),
    ("%Y%m%d%H%M", "QN;TT_10;RF_10", "", "%d.%m.%Y %H:%M"),
    ("%Y%m%d%H%M", "QN;TT_10;RF_10", ";", "%Y-%m-%d;%H:%M"),
    ("%Y%m%d", "QN_4;LUFTTEMPERATUR;RSK", "", "%Y-%m-%d"),
    ("%Y%m%d", "QN_4;LUFTTEMPERATUR;RSK", "", "%d.%m.%Y"),
]


@pytest.mark.parametrize(("form", "names", "above", "again"), _DWD)
@pytest.mark.parametrize("year", [1998, 2024])
def test_of_products_of_the_dwd_that_were_saved_again_names_tell_whether_they_are_of_hours_or_minutes(
    form: str, names: str, above: str, again: str, year: int
) -> None:
    """By the length of an ISO time days were hours, hours and minutes were days, and minutes before 2000 are not in UTC."""
    step = timedelta(days=1) if form == "%Y%m%d" else timedelta(minutes=10 if "%M" in form else 60)
    times = [datetime(year, 5, 21, tzinfo=UTC) + at * step for at in range(30)]

    def product(above: str, form: str) -> bytes:
        rows = "".join(f"3;{time:{form}};1;9.5;80;eor\n" for time in times)
        return f"STATIONS_ID;MESS_DATUM{above};{names};eor\n{rows}".encode()

    assert values(product(above, again)) == values(product("", form)) != set()


@pytest.mark.parametrize("count", [1, 2, 8])
def test_columns_may_be_left_out(count: int) -> None:
    rows = list(csv.reader(io.StringIO(GSOD)))
    left = [[*row[:-count]] for row in rows]
    out = io.StringIO()
    csv.writer(out).writerows(left)
    found = surveyed(out.getvalue().encode())
    assert (found.recognition.format, found.status) == ("gsod", Status.OK)
    assert set() != values(out.getvalue().encode()) <= values(GSOD.encode())


def test_a_table_that_nobody_knows_is_not_tried_in_all_ways_to_its_end() -> None:
    data = b"# station a\n# b\nwhen;x;y\n" + b"31.12.2024;1,5;2\n" * 940
    assert effort.within(0.11, lambda: surveyed(data)).rows == 939 + 1


def _minutes(first: datetime, form: str, count: int = 1_600) -> str:
    head = '"TOA5","Ridge","CR1000","1","x","CPU:p","1","T"\n"TIMESTAMP","RECORD","AirTC_Avg"\n"TS","RN","Deg C"\n"","","Avg"\n'
    return head + "".join(f"{first + timedelta(minutes=at):{form}},{at},{at % 9}.5\n" for at in range(count))


@pytest.mark.parametrize("form", ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"])
@pytest.mark.parametrize("day", [(1, 1), (2, 2), (12, 12)])
def test_where_the_first_days_are_the_same_with_day_or_month_first_the_next_one_tells_the_order(
    form: str, day: tuple[int, int]
) -> None:
    first = datetime(2024, *day, tzinfo=UTC)
    entry = survey(io.BytesIO(_minutes(first, form).encode()))
    assert (entry.recognition.format, entry.status, entry.rejected) == ("toa5", Status.OK, 0)
    assert iso(entry.last or 0) == f"{first + timedelta(minutes=1_599):%Y-%m-%dT%H:%M:00Z}"


def test_where_the_first_days_are_the_same_and_others_are_lacking_nobody_guesses() -> None:
    text = _minutes(datetime(2024, 1, 1, tzinfo=UTC), "%d/%m/%Y %H:%M", 400) + "05/01/2024 00:00,400,1.5\n"
    entry = survey(io.BytesIO(text.encode()))
    assert (entry.status, entry.rejected, entry.rows) == (Status.PARTIAL, 1, 401)
    assert "05/01/2024 00:00" in entry.rejects[0].reason


@pytest.mark.parametrize(
    "months",
    [
        "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        "ene feb mar abr may jun jul ago sep oct nov dic",
    ],
)
@pytest.mark.parametrize("sign", "-./")
def test_months_of_a_spreadsheet_are_named_in_its_language(months: str, sign: str) -> None:
    days = [datetime(2024, month, day, hour, tzinfo=UTC) for month in range(1, 13) for day in (1, 2, 3) for hour in (0, 9, 21)]
    names = months.split()
    rows = (f"AMW,{at.day:02}{sign}{names[at.month - 1]}{sign}{at:%y %H:%M},{at.hour},4\n" for at in days)
    found = surveyed(("station,valid,tmpf,sknt\n" + "".join(rows)).encode())
    assert (found.status, found.rows, found.rejected) == (Status.OK, len(days), 0)
    assert (found.first, found.last) == (1704067200000, 1733259600000)


def turned(text: str, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(zip(*csv.reader(io.StringIO(text)), strict=True))
    return out.getvalue().encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["gsod", "global-hourly"])
def test_a_table_that_lies_on_its_side_is_turned(name: str, delimiter: str) -> None:
    text = {"gsod": GSOD, "global-hourly": HOURLY}[name]
    data = turned(text, delimiter)
    found = surveyed(data)
    assert (found.recognition.format, found.status, found.rows) == (name, Status.OK, text.count("\n") - 1)
    assert values(data) == values(text.encode()) != set()
    assert "turned: each of its columns is a row" in found.why


def test_a_table_that_lies_on_its_side_may_be_longer_than_what_is_glanced_at() -> None:
    header, first, *_ = GSOD.splitlines(keepends=True)
    days = [f"20{year}-{month:02}-{day:02}" for year in (22, 23) for month in range(1, 13) for day in range(1, 29)]
    text = header + "".join(first.replace("2024-01-11", day) for day in days)
    data = turned(text)
    assert len(data) > 65536
    assert values(data) == values(text.encode())
    assert surveyed(data).rows == len(days)


@pytest.mark.parametrize("field", ['"' + "a " * 100_000, "a" * 200_000 + "\n"])
def test_a_field_of_a_table_on_its_side_that_does_not_end_is_told(field: str) -> None:
    """It was no fault of a file, but of the survey, which failed with each try."""
    header, first, *_ = GSOD.splitlines(keepends=True)
    days = [f"20{year}-{month:02}-{day:02}" for year in (22, 23) for month in range(1, 13) for day in range(1, 26)]
    text = header + "".join(first.replace("2024-01-11", day) for day in days)
    found = surveyed(turned(text) + b"NOTE," + field.encode())
    assert found.status is Status.REJECTED
    assert "cannot be turned: field larger than field limit" in found.rejects[0].reason


def test_a_table_on_its_side_with_one_long_line_is_not_filled_up() -> None:
    """Each line would become as long as the longest."""
    data = turned(GSOD) + b"NOTE" + b",1" * 5_000
    found = surveyed(data)
    assert (found.status, found.recognition.format, found.size) == (Status.REJECTED, "gsod", len(data))
    assert "of very different lengths: turn it, or fill them up" in found.rejects[0].reason


def test_a_table_on_its_side_names_each_of_its_rows_once() -> None:
    data = turned(GSOD)
    assert surveyed(data + b"NOTE" + b",1" * (GSOD.count("\n") - 1)).recognition.format == "gsod"
    assert surveyed(data + b"TEMP" + b",1" * (GSOD.count("\n") - 1)).recognition.format != "gsod"


def test_rows_of_stations_are_not_turned() -> None:
    text = "AMW,2024-03-01 00:00,5.5,6.5\nDSM,2024-03-01 00:00,4.5,6.0\nCID,2024-03-01 00:00,3.5,5.0\n"
    assert "turned" not in surveyed(text.encode()).why
