"""What odd files cost: no more than a second a megabyte, whatever stands in them, and little memory."""

import io
import json
import tracemalloc
from collections.abc import Mapping

import pytest

from mesonet.domain import instant
from mesonet.domain.file import Status
from mesonet.formats import unread
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, survey
from mesonet.formats.text import encoding_of
from mesonet.stores.rejects import RejectsFile
from tests import effort

RECEIVED = instant.parse("2024-03-06T12:10:00Z")
RECORD = '{"stn": "260", "t": "2020-08-01T01:00:00Z", "temp_c": 20.3}\n'
WIDE = f"year;month;IIiii;{';'.join(['G1;sn;T;Tx;P'] * 1990)}\n2024;01;10384;{';'.join(['1;0;12;33;0047'] * 1990)}\n"
EQUAL = f"{','.join(['temp'] * 10_000)}\n{','.join(['1'] * 10_000)}\n"
LINE = "weather,station=a temp=20.3,hum=40 1709726400000000000\n"
MESSAGE = f'{{"type": "Feature", "properties": {{"data_id": 1, "pubtime": 2}}, "links": [{"0, " * 100_000}0]}}'
COVERAGE = (
    '{"type": "Coverage", "domain": {"type": "Domain", "domainType": "PointSeries", "axes": {"x": {"values": [7]}, '
    f'"y": {{"values": [50]}}, "t": {{"values": [{"0, " * 100_000}0]}}}}}}, "parameters": {{}}, "ranges": {{}}}}'
)
NO_GROUPS = " ".join(f"{a}{b}X9" for a in "ABCD" for b in "KMPQ")
METAR = "METAR EDDF 061150Z 24010KT 9999 FEW030 12/05 Q1013 NOSIG=\n"
PARAMETER = {"observedProperty": {"id": "air_temperature"}, "unit": {"symbol": "Cel"}}


def _coverage(axes: Mapping[str, object], ranges: Mapping[str, object], **more: object) -> str:
    kind = "MultiPointSeries" if "composite" in axes else "PointSeries"
    times = {"t": {"values": ["2024-03-06T12:00:00Z"]}}
    return json.dumps({"type": "Coverage", "domain": {"domainType": kind, "axes": {**axes, **times}}, "ranges": ranges, **more})


PLACE = {"x": {"values": [7]}, "y": {"values": [50]}}
ARRAY = {"type": "NdArray", "values": [1]}
LEVELS = {f"r{each}": {**PARAMETER, "metocean:level": each} for each in range(4000)}
POINTS = {"composite": {"coordinates": ["x", "y"], "values": [[each / 100, 50] for each in range(3000)]}}
FEW_LEVELS = dict(list(LEVELS.items())[:300])
FEATURE = {"type": "Feature", "id": "a", "properties": {"datetime": "2024-03-06T12:00:00Z", **dict.fromkeys(FEW_LEVELS, 1)}}
SENML = {"bn": "a:", "bt": 1709726400, "n": "temperature", "u": "Cel", "v": 1}
NOTIFICATION = {"type": "Feature", "properties": {"data_id": "a", "pubtime": "2024-03-06T12:00:00Z"}, "links": []}
OPEN_METEO = {
    **{"latitude": 52.5, "longitude": 13.4, "generationtime_ms": 1, "utc_offset_seconds": 0},
    "hourly_units": {"time": "iso8601", "temperature_2m": "°C"},
    "hourly": {"time": [0] * 100_000, "temperature_2m": [1] * 100_000},
}
LISTED = "USW00094728  40.7789  -73.9692   42.7 NY NEW YORK CNTRL PARK            "
JUNK = {
    "a range whose shape is a long number": _coverage(PLACE, {"t": {**ARRAY, "shape": [999_999_999] * 60_000}}),
    "a range for each of thousands of levels": _coverage(PLACE, dict.fromkeys(LEVELS, ARRAY), parameters=LEVELS),
    "a collection whose parameter has a thousand labels": json.dumps(
        {
            "type": "CoverageCollection",
            "domainType": "PointSeries",
            "coverages": [json.loads(_coverage(PLACE, {"t": ARRAY}))] * 1000,
            "parameters": {"t": {"observedProperty": {"label": dict.fromkeys(map(str, range(5000)), "x y")}}},
            "referencing": [{}] * 20_000,
        }
    ),
    "a coverage of points with members of its own": _coverage(
        POINTS, {"t": {**ARRAY, "values": [1] * 3000}}, parameters={"t": PARAMETER}, **{f"m{each}": 1 for each in range(20_000)}
    ),
    "points at no time": _coverage(POINTS, {f"r{each}": ARRAY for each in range(5000)}).replace('"2024-03-06T12:00:00Z"', ""),
    "features of hundreds of quantities": json.dumps(
        {"type": "FeatureCollection", "parameters": FEW_LEVELS, "features": [FEATURE] * 100}
    ),
    "SenML of which half is left": json.dumps(
        [{**SENML, "t": each, "n": name} for each in range(3000) for name in ("temp", f"x{each}")]
    ),
    "notifications that are none": json.dumps([NOTIFICATION, *[{}] * 60_000]),
    "one report without an end": f"<response><METAR><raw_text>EDDF 061150Z {'0 ' * 100_000}</raw_text></METAR></response>",
    "a message of links that are none": MESSAGE,
    "a coverage of times that are none": COVERAGE,
    "reports whose groups are none": METAR
    + "".join(f"METAR EDDF 061150Z {NO_GROUPS.replace('9', str(at))}=\n" for at in range(2_000)),
    "reports of one group that is none": METAR + "METAR EDDF 061150Z AB=\n" * 12_000,
    "lines that are none of line protocol": LINE * 20 + "x\n" * 150_000,
    "a header of ten thousand equal names": WIDE,
    "answers of Open-Meteo at times that are none": json.dumps(OPEN_METEO, separators=(",", ":")),
    "as many columns as are read, of one name": EQUAL,
    "documents that go on in the next line": RECORD * 20 + '{"stn": "260", "t":\n' * 15_000,
    "lines that are no documents": RECORD * 20 + "{x\n" * 100_000,
    "a long text beside pairs of a time and a value": json.dumps(
        [{"target": "x" * 50_000, "datapoints": [[1.5, 1_717_200_000 + at] for at in range(9000)]}]
    ),
    "lines of a station list with thousands of blanks": (LISTED + "HCN 72506\n" + LISTED + " " * 2000 + "x\n") * 200,
    "reports that end behind their time": METAR + "KAAA 061150Z=\n" * 15_000,
    "reports of ships": "BBXX\nABC 06121 99123 10123 41458 22212=\n" * 6_000,
    "documents with other members each": "".join(f'{{"time":"2024-01-01T00:00Z","k{at}":1}}\n' for at in range(10_000)),
    "pairs and a hundred members beside them": json.dumps(
        [{**dict.fromkeys((f"m{at}" for at in range(100)), 1), "datapoints": [[1.5, 1_717_200_000]] * 1000}] * 15
    ),
    "lines of line protocol with a value each": "a b=1 1709726400000000000\n" * 10_000,
    "lines of line protocol with another field each": "".join(f"a f{at}=1 1709726400000000000\n" for at in range(20_000)),
    "coverages of a value": json.dumps(
        {
            "type": "CoverageCollection",
            "parameters": {"t": PARAMETER},
            "coverages": [json.loads(_coverage(PLACE, {"t": ARRAY}))] * 1000,
        }
    ),
    "documents without a value": RECORD * 20 + "{}\n" * 100_000,
}


def surveyed(text: str) -> Survey:
    with RejectsFile() as kept:
        return survey(io.BytesIO(text.encode()), Context(key="in/some.txt", received=RECEIVED), rejects=kept)


@pytest.mark.parametrize("what", JUNK)
def test_it_costs_less_than_a_second_a_megabyte(what: str) -> None:
    text = JUNK[what]
    effort.within(max(0.4, len(text) / 1e6), lambda: surveyed(text))


def test_why_nobody_reads_lines_that_are_mostly_blank_is_found_out_at_once() -> None:
    assert effort.within(0.05, lambda: unread.why(b"a" + b"\n" * 60_000 + b"b")).startswith("text, but no table")


def test_of_lines_that_are_no_documents_the_first_are_told_and_the_others_counted() -> None:
    text = RECORD * 20 + "{x\n" * 40_000 + RECORD
    tracemalloc.start()
    try:
        found = surveyed(text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000  # bytes; each had a reject that was kept to the end
    assert (found.status, found.rows, found.rejected) == (Status.UNMAPPED, 40_021, 40_000)
    assert (found.rejects[0].reason, found.rejects[0].row) == ("the JSON ends in its middle, at line 1, column 3", 21)
    assert found.reasons["no JSON"] == 35_000


def test_all_lines_that_are_none_of_line_protocol_are_counted() -> None:
    found = surveyed(LINE * 20 + "x\n" * 12_000)
    assert (found.recognition.format, found.rows, found.rejected) == ("line-protocol", 12_020, 12_000)
    assert found.reasons == {"no line of line protocol": 12_000}


def test_of_the_faults_of_a_message_the_first_are_told() -> None:
    found = surveyed(MESSAGE)
    assert found.recognition.format == "wis2-notification"
    assert found.reasons["the message has more faults than these …"] == 1
    assert found.rejected == 101


def test_all_times_of_a_coverage_that_are_none_are_counted() -> None:
    found = surveyed(COVERAGE)
    assert found.recognition.format == "coveragejson"
    assert found.reasons["not a time such as …"] == 100_001


def test_all_times_of_an_answer_that_are_none_are_counted() -> None:
    found = surveyed(JUNK["answers of Open-Meteo at times that are none"])
    assert (found.recognition.format, found.rejected, found.rejects[0].row) == ("open-meteo", 100_000, 1)
    assert found.reasons == {"not a time such as …": 100_000}


def test_of_the_groups_of_a_report_that_are_none_all_are_counted() -> None:
    found = surveyed(METAR * 10 + "METAR EDDF 061150Z 24010KT A B C D E F G=\n")
    assert [(each.value, each.count) for each in found.rejects] == [("A", 1), ("B", 1), ("C", 1), ("D", 1), ("E F G", 3)]
    assert (found.rejected, found.rows) == (7, 11)


def test_a_dozen_encodings_are_tried_once_a_file() -> None:
    head = ("Zeit;Temperatur (°C);Böe (m/s)\n" + "2024-03-06 12:00;12,5;3,4\n" * 2000).encode("latin-1")
    assert effort.within(0.03, lambda: {encoding_of(head) for _ in range(20)}) == {"cp1252"}
