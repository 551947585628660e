import io
import re

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso, parse
from mesonet.formats.reading import Context
from mesonet.formats.reports.bulletins import LONGEST_REPORT, Calendar, Dated, Heading, Raw, Reports
from mesonet.formats.survey import survey

BEGINS = re.compile(r"[A-Z]{4} \d{6}Z")


def raw(data: bytes) -> list[Raw]:
    return [piece for piece in Reports(io.BytesIO(data), BEGINS) if isinstance(piece, Raw)]


def texts(data: bytes) -> list[str]:
    return [piece.text for piece in raw(data)]


def test_a_report_ends_with_an_equals_sign_however_many_lines_it_has() -> None:
    found = raw(b"ABCD 010000Z one\n   two=\nABCD 010100Z three==\n")
    assert [(piece.row, piece.text) for piece in found] == [(1, "ABCD 010000Z one two"), (3, "ABCD 010100Z three")]


def test_several_reports_may_stand_on_one_line() -> None:
    assert texts(b"ABCD 010000Z one= ABCD 010000Z two=") == ["ABCD 010000Z one", "ABCD 010000Z two"]


def test_a_line_that_begins_a_report_ends_the_one_before() -> None:
    assert texts(b"ABCD 010000Z one\nABCD 010100Z two\nmore\n") == ["ABCD 010000Z one", "ABCD 010100Z two more"]


def test_lines_that_end_in_cr_cr_lf_are_one_line_each() -> None:
    data = b"\x01\r\r\n123 \r\r\nSAUS70 KWBC 010000 RRA\r\r\nABCD 010000Z one\r\r\n  two=\r\r\n\x03"
    found = list(Reports(io.BytesIO(data), BEGINS))
    assert found == [Heading("SA"), Raw(4, "ABCD 010000Z one two")]


def test_the_number_of_the_next_bulletin_is_no_part_of_a_report_that_was_not_ended() -> None:
    assert texts(b"ABCD 010000Z one\n\n554\nSAMO31 ZMUB 060000\nABCD 010000Z two\n") == ["ABCD 010000Z one", "ABCD 010000Z two"]


def test_dates_of_a_cycle_file_and_of_ogimet_stand_before_their_reports() -> None:
    data = b"2024/03/05 23:45\nABCD 052345Z a\n\nABCD,2024,03,05,23,50,ABCD 052350Z b=\n202403052355 ABCD 052355Z c=\n"
    found = list(Reports(io.BytesIO(data), BEGINS))
    assert [iso(piece.moment)[8:16] if isinstance(piece, Dated) else getattr(piece, "text", "") for piece in found] == [
        *("05T23:45", "ABCD 052345Z a", "05T23:50", "ABCD 052350Z b", "05T23:55", "ABCD 052355Z c"),
    ]


def test_what_never_ends_is_no_report_and_is_not_kept() -> None:
    (piece,) = raw(b"ABCD 010000Z\n" + b"x y z\n" * 100_000)
    assert piece.fault
    assert len(piece.text) <= LONGEST_REPORT


def calendar(received: str | None = None, key: str = "") -> Calendar:
    return Calendar(Context(key=key, received=parse(received) if received else None))


@pytest.mark.parametrize(
    ("day", "hour", "received", "expected"),
    [
        (6, 0, "2024-03-06T00:10Z", "2024-03-06T00:00:00Z"),
        (6, 1, "2024-03-06T00:10Z", "2024-03-06T01:00:00Z"),  # made a little before its hour
        (6, 12, "2024-03-06T00:10Z", "2024-02-06T12:00:00Z"),  # the newest that is not after the arrival
        (31, 23, "2024-01-01T00:10Z", "2023-12-31T23:00:00Z"),
        (29, 12, "2024-03-05T00:00Z", "2024-02-29T12:00:00Z"),
        (31, 12, "2023-03-05T00:00Z", "2023-01-31T12:00:00Z"),
        (31, 24, "2024-01-01T00:00Z", "2024-01-01T00:00:00Z"),
    ],
)
def test_a_day_of_the_month_is_the_newest_one_before_the_file_arrived(
    day: int, hour: int, received: str, expected: str
) -> None:
    known = calendar(received)
    assert iso(known.instant(day, hour)) == expected
    assert known.used == "when it arrived"


def test_a_date_in_the_file_goes_before_its_name_and_its_name_before_the_arrival() -> None:
    known = calendar("2026-01-20T00:00Z", "raw/A_SMRO01YRBK211200_C_EDZW_20220321120500_12524785.txt")
    assert iso(known.instant(21, 12)) == "2022-03-21T12:00:00Z"
    assert known.used == "its name"
    known.date(Dated(parse("2019-07-01T00:05Z")))
    assert iso(known.instant(30, 23, 50)) == "2019-06-30T23:50:00Z"
    assert iso(known.instant(1, 0)) == "2019-07-01T00:00:00Z"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("synop_congo_202203.txt", "2022-03-21T12:00:00Z"),
        ("synop_20220321T12.txt", "2022-03-21T12:00:00Z"),
        ("metar-2022-03-22.txt", "2022-03-21T12:00:00Z"),
        ("decoder-v2019.12.txt", "2025-12-21T12:00:00Z"),  # a version is no month
        ("decoder_version-2019.12_202203.txt", "2022-03-21T12:00:00Z"),
        ("nov2019.12.txt", "2019-12-21T12:00:00Z"),
        ("metar_rev-2019.12.txt", "2025-12-21T12:00:00Z"),
        ("denver_2022-03.txt", "2022-03-21T12:00:00Z"),
        ("server-2022-03-21.txt", "2022-03-21T12:00:00Z"),
        ("metar_2022-03-19.txt", "2022-02-21T12:00:00Z"),  # the newest that is not after it
        ("metar_2022-02-25_2022-03-25.txt", "2022-03-21T12:00:00Z"),
        ("0-20000-0-15015_15020_202213.txt", "2026-01-19T12:00:00Z"),  # no date among them
        ("metar_20990101.txt", "2026-01-19T12:00:00Z"),  # which is not yet
    ],
)
def test_a_day_or_a_month_in_the_name_of_a_file_dates_its_reports(name: str, expected: str) -> None:
    known = calendar("2026-01-20T00:00Z", f"raw/{name}")
    assert iso(known.instant(int(expected[8:10]), 12)) == expected


def test_no_report_of_a_file_of_today_is_of_a_day_to_come() -> None:
    known = calendar("2026-01-20T12:00Z", "metar_20260120.txt")
    assert iso(known.instant(21, 6)) == "2025-12-21T06:00:00Z"


@pytest.mark.parametrize(("day", "hour", "why"), [(32, 0, "day 32"), (0, 0, "day 00"), (1, 25, "25:00"), (3, 1, "which month")])
def test_a_time_that_cannot_be_is_refused_with_the_reason(day: int, hour: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        calendar().instant(day, hour)


def test_the_first_and_the_last_year_are_no_trouble() -> None:
    with pytest.raises(ValueError, match="no month"):
        calendar("0001-01-01T00:00Z").instant(20, 0)
    assert iso(calendar(key="A_SMXX01ABCD311200_C_ABCD_99991231235959.txt").instant(31, 12)) == "9999-12-31T12:00:00Z"
    known = calendar()
    known.date(Dated(parse("9999-12-31T23:59Z")))
    assert iso(known.instant(1, 12)) == "9999-12-01T12:00:00Z"


MIXED = (
    "\x01\r\r\n001\r\r\nSAUK31 EGGY 010050\r\r\nMETAR EGLL 010050Z 24010KT 9999 SCT030 09/05 Q1002=\r\r\n\x03"
    "\x01\r\r\n002\r\r\nSMUK01 EGRR 010000\r\r\nAAXX 01001\r\r\n03772 41560 72410 10092 20051 57012=\r\r\n03808 NIL=\r\r\n\x03"
    "\x01\r\r\n003\r\r\nFTUK31 EGGY 010500\r\r\nTAF EGLL 010459Z 0106/0212 24010KT=\r\r\n\x03"
    "\x01\r\r\n004\r\r\nSAUK32 EGGY 010050\r\r\nMETAR EGKK 010050Z 24012KT 9999 08/05=\r\r\n\x03"
)


@pytest.mark.parametrize("first", ["METAR", "SYNOP"])
def test_bulletins_of_both_kinds_in_one_file_are_read_and_a_forecast_is_named(first: str) -> None:
    text = MIXED if first == "METAR" else MIXED[MIXED.index("\x01\r\r\n002") :] + MIXED[: MIXED.index("\x01\r\r\n002")]
    found = survey(io.BytesIO(text.encode()), Context(received=parse("2026-11-01T06:00:00Z")))
    assert found.stations == {"EGLL": 1, "EGKK": 1, "0-20000-0-03772": 1}
    assert [each.reason for each in found.rejects] == ["a forecast (TAF), which is no observation"]
    assert (found.status, found.rows) == (Status.PARTIAL, 5)


def test_forecasts_alone_are_called_so() -> None:
    found = survey(
        io.BytesIO(b"FTUK31 EGGY 010500\nTAF EGLL 010459Z 0106/0212 24010KT 9999 SCT030\n BECMG 0109/0112 25018KT=\n")
    )
    assert (found.status, found.why) == (Status.UNKNOWN, "forecasts for aerodromes (TAF), which are no observations")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("FTUS41 KOKX 251341 AAA\nTAFJFK\nTAF AMD\nKJFK 251341Z 2514/2618 05006KT P6SM\n", "forecasts for aerodromes (TAF)"),
        ("000\nFTUK42 EGRR 011100\nTAF\nEGDG 011206 04012KT 9999 FEW015=\n", "forecasts for aerodromes (TAF)"),
        ("UBUS1 KWBC 251700\nDSM UA /OV DSM/TM 1656/FL080/TP C172/TB LGT\n", "reports of aircraft"),
        ("WSUS32 KKCI 251655\nCONVECTIVE SIGMET...NONE\n", "warnings for aviation"),
        ("USUS97 KOAX 081200\nTTAA 5812/ 72558 99966 09056 22505=\n", "soundings of the upper air"),
        ("TTAA 5812/ 72558 99966 09056 22505=\n", "soundings of the upper air"),
        ("PPBB 58120 72558 90012 18005 19010 21515=\n", "winds of the upper air"),
        ("ZZYY 41001 08124 1155/ 734502 072350 6111/ 11118 0195 0202=\n", "reports of buoys"),
        ("21121\n15001 05515 32931 10103 21090\n39765 42250 57020 60071=\n", "but without the AAXX"),
        ("SACN96 CWAO 241400 RRB\nWXL SA 1400 AUTO8 M M M M/19/06/1806/M=\n", "observations at the surface, in a code"),
        ("CDUS43 KDMX 251030\nDSMKDSM\n", "climate summaries"),
    ],
)
def test_a_bulletin_that_is_not_read_is_called_by_its_heading(text: str, why: str) -> None:
    found = survey(io.BytesIO(text.encode()))
    assert (found.status, why in found.why) == (Status.UNKNOWN, True), found.why


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"conformsTo": "csv2bufr-template-v2.json", "data": [{"eccodes_key": "#1#year"}]}', "a template of csv2bufr"),
        ("ARROW1\x00", "an Arrow file"),
    ],
)
def test_what_is_known_and_not_read_is_named_with_what_to_do(text: str, told: str) -> None:
    found = survey(io.BytesIO(text.encode()), Context(key="a"))
    assert found.status == Status.UNKNOWN
    assert told in found.why


@pytest.mark.parametrize(
    ("text", "name", "rows"),
    [
        ("SMDL01 EDZW 061200 AAXX 06121 10384 11582 32405 10031 20011 40155= 10385 11582 32405 10041 20011 40155=", "synop", 2),
        ("SADL31 EDZW 061150 METAR EDDB 061150Z 24012KT 9999 08/03 Q1021=", "metar", 1),
        ("SADL31 EDZW 061150 CCA EDDB 061150Z 24012KT 9999 08/03 Q1021=\nEDDH 061150Z 24012KT 9999 08/03 Q1021=", "metar", 2),
    ],
)
def test_a_heading_in_the_line_of_a_report_is_none_of_its_groups(text: str, name: str, rows: int) -> None:
    entry = survey(io.BytesIO(f"{text}\n".encode()), Context(received=parse("2024-03-06T12:10:00Z")))
    assert (entry.recognition.format, entry.status, entry.rows, entry.station_count) == (name, Status.OK, rows, rows)


def test_the_name_of_a_product_below_the_heading_and_comments_are_no_reports() -> None:
    """The US National Weather Service calls its products so; OGIMET writes comments."""
    data = b"# a query of METAR\nSAUS43 KICT 010000\nMTRICT\nABCD 010000Z one=\n#\nABCD 010100Z two=\nMTRICT=\n"
    assert texts(data) == ["ABCD 010000Z one", "ABCD 010100Z two", "MTRICT"]


OGIMET = """##########################################################
# Query made at 11/26/2026 11:30:00 UTC
# Time interval: from 11/25/2026 00:00 to 11/26/2026 23:59  UTC
##########################################################

# LEMD, Madrid-Barajas (Spain)
# WMO index: 08221. WIGOS ID: 0-20000-0-08221
# Latitude 40-28N. Longitude 003-33W. Altitude 609 m.
###################################
"""


@pytest.mark.parametrize(
    ("reports", "format_", "station"),
    [
        ("202511251200 METAR LEMD 251200Z VRB02KT CAVOK 14/03 Q1028 NOSIG=\n# No short TAF reports from LEMD", "metar", "LEMD"),
        ("202511251200 AAXX 25121 08221 11/70 00000 10142 20028 39476 40281\n   58003==", "synop", "0-20000-0-08221"),
    ],
)
def test_ogimet_tells_of_its_query_in_comments(reports: str, format_: str, station: str) -> None:
    entry = survey(io.BytesIO(f"{OGIMET}{reports}\n".encode()), Context(received=parse("2026-11-26T12:00:00Z")))
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (format_, Status.OK, 1, {station: 1})
    assert iso(entry.first or 0) == "2025-11-25T12:00:00Z"


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("names", ["station,year,month,day,hour,minute,report", "OMM,Año,Mes,Día,Hora,Minuto,Parte del mes"])
def test_ogimet_s_columns_may_have_names_and_quotes_where_a_program_kept_them(quote: str, names: str) -> None:
    report = f"{quote}AAXX 05001 03772 11682 83110 10085 20062 30192 40223 52004{quote}"
    text = f"{names}\n03772,2024,03,05,00,00,{report}\n03772,2024,03,05,06,00,{report}\n"
    entry = survey(io.BytesIO(text.encode()), Context())
    assert (entry.recognition.format, entry.rows, entry.rejected) == ("synop", 2, 0)
    alone = survey(
        io.BytesIO(f"{names}\nLEMD,2024,03,05,00,00,METAR LEMD 050000Z 03005KT CAVOK 20/10 Q1015=\n".encode()), Context()
    )
    assert (alone.recognition.format, alone.rows, alone.rejected) == ("metar", 1, 0)


COLLECTED = (
    "SMXX01 ABCD 061200\nAAXX 06121\n10001 02997 82705 10103 21045 39921 40012=\n10002 02997 82705 10203 21045 39921 40012=\n"
    "10003 02997 82705 10103 21045 39921 40012=\nUSXX01 ABCD 061200\nTTAA 56121 10001 99010 11256 18005 00123=\n"
    "SSXX01 ABCD 061200\nZZYY 41001 06124 1155/ 734502 072350=\nSAXX01 ABCD 061220\nMETAR UUDD 061220Z 22007KT 16/08 Q1016=\n"
    "FTXX01 ABCD 061100\nTAF ABCD 061100Z 0612/0718 24010KT=\nCSXX01 ABCD 010000\nCLIMAT 02024\n10001 111 10053 20102=\n"
)


def test_reports_of_other_code_forms_between_those_that_are_read_are_called_by_their_names() -> None:
    found = survey(io.BytesIO(COLLECTED.encode()), Context(received=parse("2024-03-06T13:00:00Z")))
    stations = {"0-20000-0-10001": 1, "0-20000-0-10002": 1, "0-20000-0-10003": 1, "UUDD": 1}
    assert (found.recognition.format, found.stations) == ("synop", stations)
    assert [(reject.row, reject.reason.partition(",")[0]) for reject in found.rejects] == [
        (7, "a sounding of the upper air (TEMP)"),
        (9, "a buoy's report as text"),
        (13, "a forecast (TAF)"),
        (15, "a month's report (CLIMAT)"),
    ]
