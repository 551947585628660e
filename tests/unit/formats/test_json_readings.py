"""What documents in JSON say, row by row."""

from itertools import cycle, islice

import pytest

from mesonet.domain.observation import Batch, Reject
from mesonet.domain.parameter import usual
from mesonet.formats.json_readings import Field, Readings, _instant, instant
from mesonet.formats.reading import Columns, Piece

TEMPERATURE = Field("t", usual("air_temperature"), "degF")
HUMIDITY = Field("h", usual("relative_humidity"), "%")
UNKNOWN = Field("w", usual("wind_speed"), "furlong")

DAYS = ("2024-02-28", "2024-02-29", "2023-02-29", "2024-13-01", "0001-01-01", "9999-12-31", "1969-12-31", "2024-1-01", "")
CLOCKS = (
    *("", "T", "T06:30Z", " 06:30", "t06:30:15.5z", "T24:00Z", "T06:61Z", "T06:30+14:00", "T06:30-0530", "T06:30 +01"),
    *("T6:30Z", "T06:30Zulu", "T00:00:00+00:00"),
)


def outcome(text: str, offset_s: int, *, together: bool) -> object:
    try:
        return instant(f" {text} ", offset_s=offset_s) if together else _instant(text, offset_s)
    except ValueError as exc:
        return str(exc)


@pytest.mark.parametrize("offset_s", [0, 3600, -43_200])
def test_a_time_whose_date_and_time_of_day_are_known_is_what_it_is_alone(offset_s: int) -> None:
    for text in (f"{day}{clock}" for day in DAYS for clock in CLOCKS):
        assert outcome(text, offset_s, together=True) == outcome(text.strip(), offset_s, together=False), text


def test_rows_of_the_very_same_fields_and_of_others_by_turns_all_count() -> None:
    readings = Readings(values=True)
    both, one = (TEMPERATURE, HUMIDITY), (TEMPERATURE, UNKNOWN)
    pieces: list[Piece] = []
    for row, fields in enumerate(islice(cycle((both, both, one, (), (*both,))), 50), 1):
        pieces += readings.row("A", row * 60_000, row, fields, ["50", "60"][: len(fields)], [2, 2][: len(fields)])
    pieces += readings.end()
    assert sum(len(piece.times) for piece in pieces if isinstance(piece, Batch)) == 40
    assert {piece.reason.partition(";")[0] for piece in pieces if isinstance(piece, Reject) and piece.row == 4} == {
        "10 rows hold no quantity that is taken"
    }
    (facts,) = (piece.columns for piece in pieces if isinstance(piece, Columns))
    assert {column.name: column.values for column in facts} == {"t": 40, "h": 30}
