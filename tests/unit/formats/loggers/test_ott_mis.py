"""OTT's MIS: sensors below a line each, which a mapping explains. The samples are written like those of loggers."""

import io
import json

import pytest

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables.mapping_file import parse

MIS = """<STATION>000000H001</STATION><SENSOR>0010</SENSOR><DATEFORMAT>YYYYMMDD</DATEFORMAT>
20160428;190000;0.98
20160428;191000;0.97
<STATION>000000H001</STATION><SENSOR>0240</SENSOR><DATEFORMAT>YYYYMMDD</DATEFORMAT><FIRMWARE>V8.81</FIRMWARE>
20160428;190000;13.5

20160428;19:10:00;14
"""
MAPPING = {
    "mesonet_mapping": 1,
    "station": {"column": "station"},
    "time": {"column": "time", "zone": "-05:00"},
    "delimiter": ";",
    "long": {"name": "sensor", "value": "value"},
    "columns": {"0240": {"standard_name": "air_temperature", "unit": "Cel"}},
}
KNOWN = parse(json.dumps(MAPPING), prefix="")


def looked_at(text: str, *, mapped: bool = True) -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key="net/h001.mis", mapping=KNOWN if mapped else None))


def test_without_a_mapping_it_is_a_table_that_says_what_it_lacks() -> None:
    entry = looked_at(MIS, mapped=False)
    assert (entry.recognition.format, entry.status, entry.rows) == ("ott-mis", Status.UNMAPPED, 4)
    assert [column.name for column in entry.columns] == ["station", "sensor", "time", "value"]
    assert "what the sensors (0010, 0240) measure, and in which zone, stands nowhere in it" in entry.why


@pytest.mark.parametrize(
    "text", [MIS, MIS.replace("\n", "\r\n"), MIS.replace("20160428;", "28042016;").replace("YYYYMMDD", "DDMMYYYY")]
)
def test_a_mapping_says_what_the_sensors_are(text: str) -> None:
    entry = looked_at(text)
    assert (entry.status, entry.stations, entry.claims["zone"]) == (Status.OK, {"000000H001": 2}, Claim.CONFIGURED)
    assert "rows of names that the mapping does not have were left: 0010 (2)" in entry.why
    pieces = observations(io.BytesIO(text.encode()), Context(mapping=KNOWN))
    (batch,) = (piece for piece in pieces if isinstance(piece, Batch))
    assert ([iso(at) for at in batch.times], batch.rows) == (["2016-04-29T00:00:00Z", "2016-04-29T00:10:00Z"], [5, 7])
    assert [column.values for column in batch.columns.values()] == [[13.5, 14.0]]


def test_what_cannot_be_read_is_a_reject_in_its_line() -> None:
    wrong = MIS + "20160428;192000;warm\n20160431;192000;1\n2016;1;1\nnothing\n20160428;193000;15;9\n<LOG>x</LOG>\n20160428;19"
    entry = looked_at(wrong)
    assert sorted((each.row, each.column, each.value) for each in entry.rejects) == [
        (8, "value", "warm"),
        (9, "time", "2016-04-31T19:20:00"),
        (10, "time", "2016;1;1"),
        (11, "time", "nothing"),
        (12, "time", "20160428;193000;15;9"),
        (14, "time", "20160428;19"),
    ]
    assert "1 lines of other tags were passed over" in entry.why
    other = looked_at(MIS.replace("YYYYMMDD", "YYDDMMYY"))
    assert (other.status, len(other.rejects), other.rejects[0].value) == (Status.REJECTED, 2, "20160428;190000;13.5")


def test_other_tags_are_no_mis() -> None:
    assert looked_at(MIS.replace("STATION>", "station>")).recognition.format is None
    assert looked_at("<html><STATION>1</STATION><SENSOR>2</SENSOR></html>").recognition.format is None
