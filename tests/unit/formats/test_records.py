"""A format that says how its records are told apart can be left behind any of them, and comes to the same."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from unittest.mock import patch

import pytest

from mesonet.domain.file import Mark
from mesonet.domain.instant import parse
from mesonet.domain.observation import Batch, Reject
from mesonet.formats import json_document, text
from mesonet.formats.binary import bufr
from mesonet.formats.reading import RESERVE_MS, Context
from mesonet.formats.records import LineRecords
from mesonet.formats.registry import open_file
from tests import effort
from tests.unit.formats.binary.test_bufr import one
from tests.unit.formats.json_files import lines
from tests.unit.formats.networks import test_dballe, test_wrcc
from tests.unit.formats.networks.test_networks import EPW, METEIREANN, NSRDB, PVGIS_TMY, TMY3
from tests.unit.formats.noaa import test_ghcn_monthly
from tests.unit.formats.noaa.test_crn import DAILY as CRN
from tests.unit.formats.noaa.test_ghcn_daily_dly import line
from tests.unit.formats.noaa.test_global_hourly import HEADER as HOURLY_HEADER
from tests.unit.formats.noaa.test_global_hourly import hour
from tests.unit.formats.noaa.test_gsod import HEADER as GSOD_HEADER
from tests.unit.formats.noaa.test_gsod import OLD, day
from tests.unit.formats.noaa.test_isd import report
from tests.unit.formats.services.test_nws import observation

KEY = "isd/2015/011080-99999-2015.gz"
MOMENTS = [f"{1 + each // 24:02d}{each % 24:02d}" for each in range(60)]

CYCLE = "".join(
    f"2024/03/{at[:2]} {at[2:]}:00\nEDZ{'WHK'[n % 3]} {at}00Z 24005KT 9999 1{n % 9}/08 Q1013\n\n"
    for n, at in enumerate(MOMENTS)
)
BULLETINS = "".join(
    f"\x01\r\r\n{n:03d}\r\r\nSPDL31 EDZW {at}00\r\r\nSPECI EDZW {at}00Z 24005KT 9999 10/08 Q1013=\r\r\n"
    f"EDDH {at}00Z 24005KT\r\r\n     9999 1{n % 9}/08 QXX=\r\r\n\x03"
    for n, at in enumerate(MOMENTS)
)
SECTION = "".join(f"1{n:04d} 3//// /0305 100{n % 90:02d}=\n" for n in range(1, 90))
SYNOP = f"SMDL01 EDZW 061200\nAAXX 06121\n{SECTION}SIDL01 EDZW 061500\nAAXX 06154\n{SECTION}"
LOGGER_HEADER = (
    '"TOA5","Hut","CR1000","1","x","y","2","Hourly"\n"TIMESTAMP","RECORD","AirTC_Avg","Odd"\n'
    '"TS","RN","Deg C",""\n"","","Avg","Smp"\n'
)
LOGGER = LOGGER_HEADER + "".join(
    f'"2024-03-{at[:2]} {at[2:]}:00:00",{n},{n / 10 if n % 7 else "NAN"},{"x" if n == 30 else 1}\n'
    for n, at in enumerate(MOMENTS)
)
ISD = "".join(report(f"201601{at}00" if at != "0105" else "201613010000", air=f"+{n:04d}1") for n, at in enumerate(MOMENTS))
LITE = "".join(f"2015 01 {at[:2]} {at[2:]} {n:5d}    61 10032   229   134 -9999     9    50\n" for n, at in enumerate(MOMENTS))
HOURLY = "".join(hour(f"2017-02-{at[:2]}T{at[2:]}:20:00", tmp=f"+{n:04d},1" if n % 20 else "x") for n, at in enumerate(MOMENTS))
OLD_HEADER, OLD_DAY, *_ = OLD.splitlines(keepends=True)
MONTHS = "".join(
    line(element, f"{2000 + n // 12}{1 + n % 12:02d}", {1: f"{n:5d}  C", 3: f"{n + 1:5d}IIC"})
    for n in range(30)
    for element in ("TMAX", "TMIN", "PRCP")
)
OBSERVATIONS = lines(
    *(observation(at=f"2024-02-{at[:2]}T{at[2:]}:53:00+00:00" if n != 9 else "never") for n, at in enumerate(MOMENTS))
)

# lines above the rows, and a row
NETWORKS = {
    "meteofrance": ("NUM_POSTE;NOM_USUEL;AAAAMMJJHH;T;QT\n", "01014002;ARBENT;202401{day:02d}{hour:02d};{n}.5;1\n"),
    "meteoswiss": ("station_abbr;reference_timestamp;tre200s0\n", "ABO;{day:02d}.01.2024 {hour:02d}:00;{n}.5\n"),
    "iem": ("#DEBUG: x\nstation,valid,tmpf,sknt\n", "AMW,2024-01-{day:02d} {hour:02d}:53,{n}.5,M\n"),
    "weewx": ("dateTime,usUnits,interval,outTemp,rain,windSpeed\n", "17040{n:02d}000,17,5,{n}.5,0,1\n"),
    "bom": (
        "Product code,Bureau of Meteorology station number,Year,Month,Day,Minimum temperature (Degree C)\n",
        "IDCJAC0011,066062,19{n:02d},1,1,{n}.5\n",
    ),
    "synoptic": (
        "# STATION: KSLC\nStation_ID,Date_Time,air_temp_set_1\n,,Celsius\n", "KSLC,2024-01-{day:02d}T{hour:02d}:54:00Z,{n}.5\n"
    ),
    "tmy3": (
        TMY3[: TMY3.index("01/31/1997")],
        "01/{day:02d}/1997,{end:02d}:00" + ",0" * 12 + ",9,{n}.5,E,9" + ",3,A,7" * 5 + "\n",
    ),
    "pvgis": (PVGIS_TMY[: PVGIS_TMY.index("2018")], "201801{day:0>2}:{hour:0>2}00,{n}.5,90,0,0,0,280,1,200,99870\n"),
    "nsrdb": (NSRDB[: NSRDB.index("2017,")], "2017,1,{day},{hour},30,0,{n}.5,779,1\n"),
    "epw": (EPW[: EPW.index("1996,1,1,1,")], "1996,1,{day},{end},60,C9,{n}.5" + ",9" * 18 + "\n"),
    "asos-one-minute": (
        "",
        "14933KDSM DSM202403{day:02d}{hour:02d}00{hour:02d}00   0.139 N" + " " * 29 + "140   {n:>3}   150  {n:>3} 31 60+\n",
    ),
    "smn": (
        "FECHA     HORA  TEMP   HUM   PNM    DD    FF     NOMBRE\n           [HOA] [ºC]   [%]  [hPa]  [gr]  [km/hr]\n",
        "{day:02d}012024{hour:6d}{n:4d}.5{n:5d}  1013.2   70   11     BASE ESPERANZA\n",
    ),
    "dballe": (test_dballe.HEADER, "11.34,44.49,agrmet,2024-06-{day:02d} {hour:02d}:00:00,1,,,,254,0,0,B12101,2{n:02}.1\n"),
    "wrcc": (test_wrcc.HEAD, "2406{day:02d}{hour:02d}00\t0\t1\t270\t{n}.5" + "\t1" * 6 + "\n"),
    "vaisala-wxt": ("", "2024-03-{day:02d} {hour:02d}:00:00 0R2,Ta={n}.5C,Ua={n}.1P\n"),
    "aprs": ("", "2024-03-{day:02d} {hour:02d}:00:00 UTC: CW0003>APRS,TCPXX*:=5130.00N/00010.00W_270/0{n:02}g010t0{n:02}\n"),
    "nmea": ("", "2024-03-{day:02d} {hour:02d}:00:00 $WIMTA,{n}.5,C\nnoise\n"),
    "meteireann": (
        METEIREANN[: METEIREANN.index("01-jan")],
        "{day:02d}-jan-1990 {hour:02d}:00,0,1,0,{n}.5,0,7,1011,0,10,2,210\n",
    ),
}  # fmt: skip

FILES: dict[str, bytes] = {
    "isd": ISD.encode(),
    "isd-lite": LITE.replace("2015 01 02 03", "2015 13 02 03").encode(),
    "global-hourly": (HOURLY_HEADER + HOURLY).encode(),
    "gsod": (GSOD_HEADER + "".join(day(f"2024-{n // 28 + 1:02d}-{n % 28 + 1:02d}") for n in range(60))).encode(),
    "gsod, lines ended in three ways": GSOD_HEADER.encode()
    + b"".join(
        day(f"2024-{n // 28 + 1:02d}-{n % 28 + 1:02d}").encode().rstrip() + (b"\r", b"\r\n", b"\n")[n % 3] for n in range(60)
    ),
    "crn-daily": CRN.encode() * 30,
    "gsod of before": (
        OLD_HEADER + "".join(OLD_DAY.replace("0101", f"{1 + n // 28:02d}{1 + n % 28:02d}") for n in range(60))
    ).encode(),
    "ghcn-daily-dly": MONTHS.encode(),
    "ghcn-monthly": (test_ghcn_monthly.YEARS * 100).encode(),
    "metar": CYCLE.encode(),
    "metar in bulletins": BULLETINS.encode(),
    "synop": SYNOP.encode(),
    "nws-observations": OBSERVATIONS,
    "toa5": LOGGER.encode(),
    **{
        name: (
            head + "".join(row.format(n=n, day=n // 24 + 1, hour=n % 24, end=n % 24 + 1) for n in [*range(60)] * 25)
        ).encode()
        for name, (head, row) in NETWORKS.items()
    },
    "toa5 of two tables": (LOGGER + LOGGER.replace("Hut", "Cabin") + LOGGER.replace("Hut", "Shed") * 2).encode(),
    "toa5 that ends in a row": LOGGER.encode()[:-20],
    "metar in UTF-16": CYCLE.encode("utf-16"),
    "toa5 saved again": ("\n\n" + LOGGER.replace(",", ";")).encode("utf-16"),
    "bufr": b"".join(b"\r\r\nISMD01 EDZW 061200\r\r\n" + one(n % 2) + b"\r\r\n\x03" for n in range(40)),
    "bufr whose lengths lie": b"".join(
        b"\r\r\nISMD01 EDZW 061200\r\r\nBUFR" + (len(one()) + lie).to_bytes(3) + one(n % 2)[7:] + b"\r\r\n\x03"
        for n, lie in enumerate([0, 60, -3, 0, 0, 500, 20 - len(one()), 0, 0, 30, 400, 0, 0] * 6)
    ),
}
FILES |= {
    f"{name}, joined": FILES[name] + FILES[name].replace(own, other) + FILES[name]
    for name, own, other in (
        ("epw", b"725650", b"725655"),
        ("tmy3", b"703165", b"703160"),
        ("nsrdb", b"401182", b"401183"),
        ("meteireann", b"MACE HEAD", b"VALENTIA"),
        ("wrcc", b"Lower Ridge", b"Upper Ridge"),
    )
}


def read(data: bytes, start: Mark | None = None, *, hurried: bool = False) -> tuple[list[object], Mark | None]:
    context = Context(key=KEY, received=parse("2026-03-06T12:10:00Z"), start=start)
    if hurried:
        context = replace(context, remaining_ms=lambda: RESERVE_MS - 1)
    pieces = list(open_file(io.BytesIO(data), context).pieces())
    mark = next((piece for piece in pieces if isinstance(piece, Mark)), None)
    return list(said(pieces)), mark


def said(pieces: Sequence[object]) -> Iterator[object]:
    """Every value and every reject with its row, however they are laid out."""
    found: list[object] = []
    for piece in pieces:
        if isinstance(piece, Batch):
            for parameter, column in piece.columns.items():
                rows = zip(piece.rows, piece.times, column.values, column.flags, strict=True)
                found += [(row, piece.station_id, at, parameter.id, value, flag) for row, at, value, flag in rows if flag != 9]
        elif isinstance(piece, Reject) and piece.row is not None:
            found.append((piece.row, piece.column or "", piece.value or "", piece.reason))
    yield from sorted(found, key=repr)


@pytest.mark.parametrize("name", FILES)
def test_read_in_parts_it_is_what_it_is_at_once(name: str) -> None:
    data = FILES[name]
    with (
        patch.object(text, "BLOCK_BYTES", 700),
        patch.object(json_document, "BLOCK_BYTES", 2500),
        patch.object(bufr, "_READ", 700),
    ):
        at_once, _ = read(data)
        assert at_once
        in_parts: list[object] = []
        start, calls = None, 0
        while calls == 0 or start:
            some, mark = read(data, start, hurried=True)
            assert mark is None or start is None or mark.at > start.at
            in_parts += some
            start, calls = mark, calls + 1
    assert calls > 2
    assert sorted(in_parts, key=repr) == at_once


def test_what_says_that_it_is_shorter_than_a_message_is_passed_over() -> None:
    assert bufr.RECORDS.whole(b"BUFR" + bytes(4)) == len(b"BUFR")
    assert bufr.RECORDS.whole(b"BUFR\x00\x00\x14\x04" + one()) == 8 + len(one())


def test_a_mark_is_behind_a_whole_line_and_tells_its_row() -> None:
    data = FILES["isd"]
    with patch.object(text, "BLOCK_BYTES", 700):
        _, mark = read(data, hurried=True)
    assert mark
    assert data[: mark.at].endswith(b"\n")
    assert mark.row == data[: mark.at].count(b"\n")


def test_a_file_whose_records_cannot_be_told_apart_is_read_as_far_as_it_goes() -> None:
    with patch.object(text, "BLOCK_BYTES", 700):
        _, mark = read(b"\x00" + CYCLE.encode(), hurried=True)
    assert mark is None


def test_a_quote_that_is_not_closed_holds_up_what_is_behind_it_and_costs_one_look() -> None:
    quoted = LineRecords(quoted=True)
    assert quoted.whole(b'a,"b"\nc,"d\ne\n') == len(b'a,"b"\n')
    assert quoted.whole(b'"a\nb\n') == 0
    assert quoted.whole(b'"a\nb"\nc') == len(b'"a\nb"\n')
    lines = b'"a\n' + b"b\n" * 200_000
    assert effort.within(0.5, lambda: quoted.whole(lines)) == 0
