"""Prometheus' text format, whose lines are records of a long table."""

import io
import json

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import Mapping
from mesonet.domain.observation import Batch
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables.mapping_file import parse
from tests import effort

TEXT = """# HELP weather_temperature_celsius Of the air, outdoors.
# TYPE weather_temperature_celsius gauge
weather_temperature_celsius{station="hill",place="a, \\"b\\""} 12.4 1709287200000
weather_temperature_celsius{station="hill",place="a, \\"b\\""} 1.26e1 1709287500000

# TYPE weather_humidity_percent gauge
weather_humidity_percent{station="hill",place="a, \\"b\\"",} NaN 1709287200000
"""


def surveyed(text: str, mapping: Mapping | None = None) -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key="in/metrics.prom", mapping=mapping))


def test_a_mapping_is_proposed_and_explains_metrics_by_their_names() -> None:
    found = surveyed(TEXT)
    assert (found.recognition.format, found.status, found.rows) == ("prometheus", Status.UNMAPPED, 3)
    assert [each.name for each in found.columns][:5] == ["metric", "time", "value", "station", "place"]
    assert found.proposal is not None
    rules = json.loads(found.proposal.mapping or "{}")
    assert (rules["long"], rules["station"]) == ({"name": "metric", "value": "value"}, {"column": "station"})
    context = Context(key="in/metrics.prom", mapping=parse(json.dumps(rules), prefix=""))
    batches = [
        piece for piece in observations(io.BytesIO(TEXT.removesuffix("\n").encode()), context) if isinstance(piece, Batch)
    ]
    (temperature,) = [column for batch in batches for name, column in batch.columns.items() if name.id == "air_temperature"]
    assert [value for value in temperature.values if value is not None] == [12.4, 12.6]
    assert {iso(time) for batch in batches for time in batch.times} == {"2024-03-01T10:00:00Z", "2024-03-01T10:05:00Z"}


@pytest.mark.parametrize("stamp", ["1709287200", "1709287200.0", "1709287200000"])
def test_times_are_milliseconds_or_seconds_as_openmetrics_has_them(stamp: str) -> None:
    found = surveyed(f"# TYPE t gauge\nt 1 {stamp}\nt 2 {stamp} # {{}} 1\n# EOF\n")
    assert (found.rows, found.rejects) == (2, ())


def test_a_label_does_not_take_the_place_of_a_sample_s_own_members() -> None:
    found = surveyed(f'{TEXT}t{{time="x",value="y"}} 1 1709287200000\n')
    assert {"label_time", "label_value"} <= {each.name for each in found.columns}


@pytest.mark.parametrize(
    ("line", "reason"), [("t 1", "the sample has no time"), ("noise", "no sample"), ("t{a=1709287200000", "no sample")]
)
def test_a_line_that_is_none_or_has_no_time_is_told_by_its_row(line: str, reason: str) -> None:
    (fault,) = surveyed(TEXT + line).rejects
    assert (fault.row, reason in fault.reason) == (8, True)


def test_a_value_beyond_a_binary64_is_told_by_its_row() -> None:
    text = TEXT.replace("12.4", "1e999")
    rules = surveyed(TEXT).proposal
    assert rules is not None
    found = surveyed(text, parse(rules.mapping or "", prefix=""))
    assert [(each.row, each.value) for each in found.rejects] == [(3, "1e999")]


def test_what_an_exporter_answers_has_no_times_and_says_so() -> None:
    found = surveyed("# TYPE t gauge\nt 1\nu 2\n")
    assert (found.recognition.format, found.status) == ("prometheus", Status.REJECTED)
    assert "the sample has no time" in found.rejects[0].reason


@pytest.mark.parametrize("line", ['weather_temperature_celsius{station="a"} 12.4 1709287200000\n', 't{a="\n'])
def test_samples_cost_less_than_a_second_a_megabyte(line: str) -> None:
    data = TEXT + line * (500_000 // len(line))
    effort.within(len(data) / 1e6, lambda: surveyed(data))
