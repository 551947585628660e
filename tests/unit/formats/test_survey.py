import gzip
import hashlib
import io
import itertools
import zlib

import pytest

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import parse
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.parameter import usual
from mesonet.formats.reading import HEAD_BYTES, Context
from mesonet.formats.registry import recognise
from mesonet.formats.survey import Survey, survey
from mesonet.formats.unpacked import Limits, Stored, Unpacked
from tests.effort import within
from tests.unit.formats import test_documented
from tests.unit.formats.networks import test_networks
from tests.unit.formats.tables import test_proposal

TABLE = b"id,time,temp\n" + b"".join(b"A,2013-01-01T%02d:%02d:00Z,%d\n" % (n // 60 % 24, n % 60, n % 40) for n in range(1000))
MAPPING = Mapping(
    prefix="",
    station_column="id",
    time=TimeColumns(columns=("time",)),
    columns=(MappedColumn(column="temp", parameter=usual("air_temperature"), unit="Cel"),),
)


def surveyed(data: bytes, limits: Limits | None = None) -> Survey:
    return survey(io.BytesIO(data), Context(mapping=MAPPING), limits=limits)


class Dripping(io.BytesIO):
    """A stream that gives a few bytes at a time, as a socket may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size, 777) if size is not None and size >= 0 else 777)


def test_size_and_sum_are_those_of_the_stored_bytes() -> None:
    for data in (TABLE, gzip.compress(TABLE), b"PK\x03\x04" + bytes(300_000), b""):
        entry = surveyed(data)
        assert (entry.size, entry.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_no_bytes_are_empty() -> None:
    assert surveyed(b"").status is Status.EMPTY
    assert surveyed(gzip.compress(b"")).status is Status.EMPTY


def test_gzip_is_read_as_what_is_in_it() -> None:
    entry = surveyed(gzip.compress(TABLE))
    assert (entry.status, entry.recognition.compression, entry.rows) == (Status.OK, "gzip", 1000)


def test_members_of_a_gzip_are_read_one_after_the_other() -> None:
    parts = [TABLE[at : at + 5000] for at in range(0, len(TABLE), 5000)]
    packed = b"".join(map(gzip.compress, parts)) + bytes(512)
    assert surveyed(packed).rows == 1000
    assert survey(Dripping(packed), Context(mapping=MAPPING)).rows == 1000


@pytest.mark.parametrize("packed", [False, True])
def test_what_was_read_to_recognise_a_file_is_given_back_however_it_is_asked_for(packed: bool) -> None:
    data = bytes(at * at % 251 for at in range(1000)) * 700
    unpacked = Unpacked(Stored(io.BytesIO(gzip.compress(data) if packed else data)), Limits())
    assert unpacked.head == data[:HEAD_BYTES]
    asked = itertools.cycle((1, 7, HEAD_BYTES, 300_000, 3))
    given = []
    while piece := unpacked.read(count := next(asked)):
        assert len(piece) <= count
        given.append(piece)
    assert b"".join(given) == data
    assert (unpacked.cut, unpacked.fault) == (False, None)


def test_a_gzip_that_ends_early_gives_what_is_whole_and_says_where() -> None:
    packed = gzip.compress(TABLE)
    entry = surveyed(packed[: len(packed) * 2 // 3])
    assert entry.status is Status.PARTIAL
    assert 300 < entry.rows < 900
    assert entry.stations == {"A": entry.rows}
    assert [reject.reason.split(",")[0] for reject in entry.rejects] == [
        "the file ends in the middle of this row",
        "the gzip data end before their time",
    ]


def test_a_damaged_gzip_gives_what_is_whole() -> None:
    packed = bytearray(zlib.compress(TABLE, wbits=31))
    packed[-6] ^= 0xFF  # its checksum
    entry = surveyed(bytes(packed))
    assert entry.status is Status.PARTIAL
    assert "damaged" in entry.rejects[-1].reason


def test_what_follows_a_gzip_is_left_out_and_said() -> None:
    entry = surveyed(gzip.compress(TABLE) + b"not gzip")
    assert (entry.status, entry.rows, entry.rejected) == (Status.PARTIAL, 1000, 1)
    assert "left out" in entry.rejects[0].reason


def test_a_bomb_is_refused_soon() -> None:
    packed = gzip.compress(TABLE + b"A,2013-01-01T00:00:00Z,1\n" * 500_000)
    assert surveyed(packed).rows == 501_000
    entry = within(0.1, lambda: surveyed(packed, Limits(ratio=20, ratio_from=100_000)))  # read whole, it takes twice that
    assert (entry.status, entry.rows) == (Status.PARTIAL, 0)
    assert "more than 20 times its size" in entry.rejects[-1].reason
    assert "more than 2000000 bytes" in surveyed(packed, Limits(largest=2_000_000)).rejects[-1].reason


def test_a_bomb_of_columns_is_refused() -> None:
    entry = survey(io.BytesIO(b"a," * 30_000 + b"a\n" + b"1," * 30_000 + b"1\n"))
    assert "30001 columns; more than 10000 are not read" in entry.rejects[0].reason


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04" + bytes(22) + b"\x08\x00\x00\x00mimetype", "a document that is a zip archive inside"),
        (b"7z\xbc\xaf" + bytes(100), "7-Zip archive: put its members as files"),
        (
            b"netcdf station {\ndimensions:\n\ttime = 2;\n\tstation = 1;\n}\n",
            "NetCDF as text (CDL): put the NetCDF file itself, which ncgen makes of it",
        ),
        (b"// made by hand\n// twice\nnetcdf station {\ndimensions:\n\ttime = 2;\n}\n", "NetCDF as text (CDL)"),
        (b"[station]\nname = Newark\n[logger]\ninterval = 5\n", "text, but no table that is known"),
        (b"[ 1, 2, 3]", "JSON that no format recognises"),
        (b"time,air_temperature\n", "one line of text: a table has a header, and at least one row below it"),
        (b"Dear all\rthe station is down\r", "its lines do not have equally many fields"),
        (b"<!DOCTYPE HTML>\n<html><title>404, not found, sorry</title>", "an HTML page, as a failed download leaves it"),
        (
            b"#USM00072520 2010 01 01 00 2300  114 ncdc6301 ncdc-nws  405322 -0802145\n21 -9999  98520   360  -33B\n",
            "soundings of the upper air (IGRA), which are not read",
        ),
        (b'*GLOBAL*,Conventions,"CF-1.6, NCCSV-1.2"\ntime,*DATA_TYPE*,String\n\n*END_METADATA*\n', "NCCSV of ERDDAP"),
        (b"HPD30580100HPCPHI20130100010020100000000g 2500000000  \n", "hours of precipitation of NCDC (DSI-3240)"),
        (
            b"85 1001\nDoe, Jane\nNO01L, NILU\nDoe, Jane\nEMEP\n1 1\n2010 01 01 2018 11 19\n0.04\ndays\n",
            "a file of NASA Ames' or ICARTT's form",
        ),
        (
            b"* made\n#CONTENT\nClass,Category,Level,Form\nWOUDC,TotalOzone,1.0,1\n\n#DAILY\nDate,O3\n2014-04-01,263\n",
            "a file of the WOUDC",
        ),
        (
            b"SNPARM = PRES;TMPC;TMWC;DWPC\nSTNPRM = SHOW;LIFT\n\nSTID = KPIT STNM = 725200 TIME = 240601/0000\n",
            "profiles of a model or soundings (BUFKIT, GEMPAK)",
        ),
        (
            b"000\nASUS63 KWBC 011800\nXTEUS \n\nHIGH: 101 AT SOME VALLEY CA\n",
            "highest and lowest temperatures of a country (XTEUS)",
        ),
        (
            b'<?xml version="1.0"?><site id="clmi4"><sigstages><low/></sigstages></site>',
            "stages and flows of rivers (HML of the NWS)",
        ),
        (
            b'{"meta":{"uid":1,"ll":[-72.4,42.4],"sids":["1 2"]},\n"data":[["2009-01-01","27"]]}',
            "an answer of ACIS (rcc-acis.org)",
        ),
        (b'{"data":[{"meta":{"uid":1,"state":"CT"},"data":[["27","T"]]}]}', "an answer of ACIS (rcc-acis.org)"),
        (
            b"#Coding: utf-8\n# Column separator: ';'\n# Title: CAMS McClear v3.5\n# Observation period;TOA\n1/2;3;4\n",
            "a sky without clouds (CAMS McClear)",
        ),
        (b"<HTML><PRE>\nBEGIN DATA\nDATE TIME, ABEI OB\n", "around a table of AgriMet or Hydromet"),
        (b'{"type": "Feature", "a": [1, 2]}', "JSON that no format recognises; its members are type, a"),
        (
            b'{"error": true, "reason": "No such variable"}',
            "an answer that tells of an error, and holds no observations: No such",
        ),
        (b'{"cod": 401, "message": "Invalid key"}', "holds no observations: Invalid key"),
        (b'{"error": {"code": 429, "message": "Slow down"}}', "holds no observations: Slow down"),
        (b'{"code": "40010", "msg": "illegal api key"}', "holds no observations: illegal api key"),
        (b'{"status": "NOT_FOUND", "detail": "no such station"}', "holds no observations: no such station"),
        (b'{"code": 0, "msg": "success", "data": []}', "JSON that no format recognises; its members are code, msg, data"),
        (
            b'{"status": "ok", "message": "2 found", "a": 1}',
            "JSON that no format recognises; its members are status, message, a",
        ),
        (b'{"error": null, "title": "Newark"}', "JSON that no format recognises; its members are error, title"),
        (b'{"status": "ok", "a": [1, 2]}', "JSON that no format recognises; its members are status, a"),
        (b'{"type": "FeatureCollection", "features": []}', "GeoJSON without a single feature"),
        (
            b'{"@context": ["https://api.weather.gov/ontology#"], "properties": {"validTimes": "2024-01-01T00:00:00Z/P7D", '
            b'"periods": [{"startTime": "2024-01-01T00:00:00Z", "temperature": 5, "number": 1}]}}',
            "an answer of api.weather.gov: forecasts, which are no observations",
        ),
        (
            b'{"@context": ["https://api.weather.gov/ontology#"], "features": [{"properties": {"areaDesc": "Essex"}}]}',
            "an answer of api.weather.gov: alerts",
        ),
        (b'{"id": "https://api.weather.gov/points/30,-85", "properties": {"gridId": "TAE"}}', "a point of its grid"),
        (b'{"common_list": [{"id": "0x02", "val": "23.5", "unit": "C"}]}', "live data of an Ecowitt gateway"),
        (bytes(range(256)) * 8, "binary data that no format recognises"),
        (b"\n\r\n  \n", "nothing but blank lines"),
        (b"Dear all,\nthe station is down.\nRegards\nBob\n", "text, but no table that is known"),
        (b"GRIB\x00\x00\x00\x07" + bytes(8), "binary data that no format recognises"),
        (gzip.compress(gzip.compress(TABLE)), "gzip in gzip: unpack it once"),
        (b"\x1f\x8b\x08\x00broken", "the gzip data "),
    ],
)
def test_what_is_not_read_is_named(data: bytes, why: str) -> None:
    entry = survey(io.BytesIO(data))
    assert entry.status is Status.UNKNOWN
    assert why in entry.why


def test_the_name_of_a_file_does_not_matter() -> None:
    assert recognise(TABLE).format == "csv"
    assert recognise(gzip.compress(TABLE)).compression == "gzip"


def test_the_operator_s_mapping_goes_before_every_other_format() -> None:
    data = b"station,lat,lon,stamp,temp\nA,1,2,2013-01-01T00:00Z,3\n"
    assert survey(io.BytesIO(data)).recognition.format == "station-list"
    rules = Mapping(prefix="", station_column="station", time=TimeColumns(columns=("stamp",)), columns=MAPPING.columns)
    entry = survey(io.BytesIO(data), Context(mapping=rules))
    assert (entry.recognition.format, entry.status) == ("csv", Status.OK)
    assert "station-list" in entry.recognition.others


def test_only_so_many_rejects_and_stations_are_listed() -> None:
    rows = b"".join(b"S%d,2013-01-01T00:00Z,%s\n" % (n, b"x" if n % 2 else b"1") for n in range(3000))
    entry = surveyed(b"id,time,temp\n" + rows)
    assert (len(entry.rejects), entry.rejected) == (50, 1500)
    assert entry.reasons == {"not a number": 1500}
    assert (len(entry.stations), entry.station_count) == (1000, 3000)


READ, INFERRED = Claim.READ, Claim.INFERRED


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (test_networks.METEOSWISS, {"encoding": INFERRED, "station": READ, "zone": READ}),
        (test_networks.IEM_ASOS, {"encoding": INFERRED, "station": READ, "zone": READ}),
        (test_networks.IEM_ASOS.partition("Chicago\n")[2], {"encoding": INFERRED, "station": READ, "zone": INFERRED}),
        (test_networks.WEEWX, {"encoding": INFERRED, "station": INFERRED, "zone": READ}),
        (test_documented.ECCC, {"encoding": READ, "station": READ, "zone": INFERRED}),
        (test_documented.ECOWITT, {"encoding": INFERRED, "station": INFERRED, "zone": INFERRED}),
        (
            "METAR EGLL 010050Z 24010KT 9999 09/05 Q1002=\n",
            {"encoding": INFERRED, "station": READ, "zone": READ, "date": INFERRED},
        ),
        (test_proposal.TOA5.replace("Luftdings", "AirTC"), {"encoding": INFERRED, "station": READ, "zone": INFERRED}),
    ],
)
def test_what_is_said_of_a_file_is_claimed_as_read_or_inferred(text: str, claims: dict[str, Claim]) -> None:
    found = survey(io.BytesIO(text.encode()), Context(key="in/garden.csv", received=parse("2026-11-25T07:00:00Z")))
    assert found.claims == claims


def test_what_a_mapping_says_is_claimed_as_configured() -> None:
    assert surveyed(TABLE).claims == {"encoding": INFERRED, "station": Claim.CONFIGURED, "zone": Claim.CONFIGURED}


def test_a_mark_at_the_beginning_tells_the_encoding() -> None:
    assert surveyed(b"\xef\xbb\xbf" + TABLE).claims["encoding"] is READ
    assert surveyed(TABLE.decode().encode("utf-16")).claims["encoding"] is READ
    assert surveyed(TABLE.decode().encode("utf-16-le")).claims["encoding"] is INFERRED


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"\x04\x22\x4d\x18", "LZ4"),
        (b"\x1f\x9d\x90", "compress (.Z)"),
        (b"\xff\x06\x00\x00sNaPpY", "Snappy"),
        (b"\x5d\x00\x00\x80", "LZMA"),
        (b"BZh9", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"\x28\xb5\x2f\xfd", "Zstandard"),
        (b"x\x9c\x00", "zlib"),
        (b"Rar!\x1a\x07\x01", "RAR"),
        (b"ARROW1\x00\x00", "Arrow"),
        (b"ORC\x08", "ORC"),
        (b"Obj\x01", "Avro"),
        (b"\x0e\x03\x13\x01", "HDF4"),
        (b"FEA1\x00", "Feather"),
        (b"\xff\xff\xff\xff\xd8\x00\x00\x00", "stream of Arrow"),
        (b"\x93NUMPY\x01\x00", "NumPy"),
        (b"MATLAB 7.3 MAT-file, Platform: GLNXA64", "MATLAB"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08DUCK", "DuckDB"),
    ],
)
def test_what_is_packed_otherwise_is_named_with_what_to_do(head: bytes, why: str) -> None:
    entry = surveyed(head + bytes(range(256)) * 4)
    assert (entry.status, why in entry.why) == (Status.UNKNOWN, True), entry.why


@pytest.mark.parametrize("name", ["ORC", "ARROW1", "FEA1", "Obj", "x"])
def test_a_table_that_begins_like_another_file_is_a_table(name: str) -> None:
    assert surveyed(f"{name},time\n".encode() + b"1,2024-01-01T00:00Z\n" * 3).recognition.format == "csv"


@pytest.mark.parametrize("begin", ["export const latest = ", "module.exports = ", "var data: Reading[] = "])
def test_a_program_around_its_data_is_told_from_a_table(begin: str) -> None:
    text = f"{begin}[\n  {{timestamp: '2024-06-01T00:00:00Z', temp: 13.1}},\n]\n"
    assert survey(io.BytesIO(text.encode())).why.startswith("a program (JavaScript) around its data: store what stands behind")
