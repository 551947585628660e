"""ISMN: one sensor of soil moisture, or of what is measured beside it, a file."""

import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.station import Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey

KEY = "in/NET_NET_Field#1_{}_0.000000_0.100000_Probe-X_20240101_20240131.stm"
HEAD = "NET NET Field#1 44.08829 -27.96591 158.0 0.0000 0.1000 'Probe X'\n"
SHORT = HEAD + (
    "2024/01/01 00:00 0.126 G M\n2024/01/01 01:00 0.127 D02,D03 M\n2024/01/01 02:00 0.9 C03 M\n"
    "2024/01/01 03:00 -9999.0 G\n2024/01/01 04:00 0.125 U more words\n"
)
LONG = "".join(
    f"2024/01/01 00:00 2024/01/01 0{at}:03 NET NET Field#1 44.08829 -27.96591 158.00 0.00 0.10 0.12{at} G M\n"
    for at in range(3)
)


def looked_at(text: str, variable: str = "sm") -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key=KEY.format(variable)))


def read(text: str, variable: str = "sm") -> tuple[list[Station], list[Batch]]:
    pieces = list(observations(io.BytesIO(text.encode()), Context(key=KEY.format(variable))))
    return [p for p in pieces if isinstance(p, Station)], [p for p in pieces if isinstance(p, Batch)]


@pytest.mark.parametrize("text", [SHORT, SHORT.replace("\n", "\n\r\n"), SHORT.replace("\n", "\r\n")])
def test_a_sensor_is_read_with_its_depth_and_the_worst_of_its_flags(text: str) -> None:
    entry = looked_at(text)
    assert (entry.recognition.format, entry.status, entry.rows, dict(entry.stations)) == (
        "ismn",
        Status.OK,
        5,
        {"NET_Field-1": 5},
    )
    ((station,), (batch,)) = read(text)
    assert station.position == (44.08829, -27.96591)
    assert [iso(at) for at in batch.times][::4] == ["2024-01-01T00:00:00Z", "2024-01-01T04:00:00Z"]
    ((parameter, column),) = batch.columns.items()
    assert parameter.id == "volume_fraction_of_condensed_water_in_soil:-0.05:point:PT0S"
    assert (column.unit, column.values, column.flags) == ("%", [12.6, 12.7, 90.0, None, 12.5], [2, 3, 4, 9, 2])


def test_each_line_may_say_where_the_sensor_is_and_its_own_time_counts() -> None:
    ((_,), (batch,)) = read(LONG, "ta")
    assert [iso(at) for at in batch.times] == [f"2024-01-01T0{at}:03:00Z" for at in range(3)]
    assert [(parameter.id, column.values) for parameter, column in batch.columns.items()] == [
        ("air_temperature:-0.05:point:PT0S", [0.12, 0.121, 0.122])
    ]


@pytest.mark.parametrize(
    ("variable", "said"), [("p", "'p' is none that is taken"), ("xx9", "the file's name does not tell it")]
)
def test_a_variable_that_is_not_known_is_said_and_nothing_is_taken(variable: str, said: str) -> None:
    entry = looked_at(SHORT, variable)
    assert (entry.status, entry.rows, dict(entry.stations)) == (Status.REJECTED, 5, {})
    assert said in entry.rejects[0].reason
    assert read(SHORT, variable)[1] == []


@pytest.mark.parametrize("text", [HEAD, HEAD + "2024/01/01 00:00 0.126\n", "a b c 1.0 2.0 3 4.0 5.0 x\n" * 3])
def test_what_only_begins_so_is_none(text: str) -> None:
    assert looked_at(text).recognition.format != "ismn"
