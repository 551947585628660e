"""Rain of Brazil's gauges, a month in each row."""

import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch, Quality
from mesonet.domain.parameter import parse as parameter
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey

RAIN = parameter("precipitation_amount:0:sum:P1D")
DAYS = range(1, 32)
ABOVE = "Código da estação: 02249999\r\n\r\n//---\r\nNível de Consistência: 1 = Bruto, 2 = Consistido\r\n\r\n"
HEADER = ";".join(
    (
        *("EstacaoCodigo", "NivelConsistencia", "Data", "TipoMedicaoChuvas", "Maxima", "Total"),
        *(f"Chuva{day:02}" for day in DAYS),
        *(f"Chuva{day:02}Status" for day in DAYS),
        "",
    )
)


def month(
    date: str, values: dict[int, str], level: int = 1, states: dict[int, int] | None = None, code: str = "2249999"
) -> str:
    told = [values.get(day, "") for day in DAYS]
    statuses = [str((states or {}).get(day, 1 if day in values else 0)) for day in DAYS]
    return ";".join((code, str(level), date, "1", "35,2", "210,4", *told, *statuses, ""))


def file(*rows: str) -> bytes:
    return (ABOVE + "\r\n".join((HEADER, *rows)) + "\r\n").encode("latin-1")


FILES = [file(*(month(f"01/{at:02}/2012", {day: f"{day % 7},{at % 10}" for day in range(1, 29)}) for at in range(12, 0, -1)))]


def looked_at(data: bytes) -> Survey:
    return survey(io.BytesIO(data), Context(key="in/chuvas_C_02249999.csv"))


def days(data: bytes) -> list[tuple[str, float | None, int]]:
    batches = [each for each in observations(io.BytesIO(data), Context()) if isinstance(each, Batch)]
    found = [
        (iso(at)[:10], value, flag)
        for batch in batches
        for at, value, flag in zip(batch.times, batch.columns[RAIN].values, batch.columns[RAIN].flags, strict=True)
    ]
    return sorted(found)


def test_a_year_of_a_gauge_is_read_by_its_months() -> None:
    entry = looked_at(FILES[0])
    assert (entry.recognition.format, entry.status, entry.rows, entry.rejects) == ("hidroweb", Status.OK, 12, ())
    assert (entry.stations, entry.first is not None and iso(entry.first)) == ({"02249999": 12}, "2012-01-01T00:00:00Z")
    assert days(FILES[0])[:2] == [
        ("2012-01-01", 1.1, Quality.NOT_EVALUATED),
        ("2012-01-02", 2.1, Quality.NOT_EVALUATED),
    ]


def test_days_of_which_nothing_is_told_are_left_out_and_what_is_no_reading_is_suspect() -> None:
    data = file(month("01/02/2012", {1: "0", 2: "5,5", 3: "7", 4: "9"}, states={2: 2, 3: 3, 4: 4}))
    assert days(data) == [
        ("2012-02-01", 0, Quality.NOT_EVALUATED),
        ("2012-02-02", 5.5, Quality.SUSPECT),
        ("2012-02-03", 7, Quality.SUSPECT),
        ("2012-02-04", 9, Quality.SUSPECT),
    ]


@pytest.mark.parametrize("checked_first", [True, False])
def test_a_month_that_was_checked_is_right_wherever_it_stands(checked_first: bool) -> None:
    raw, checked = month("01/02/2012", {1: "5"}), month("01/02/2012", {1: "6"}, level=2)
    data = file(checked, raw) if checked_first else file(raw, checked)
    assert days(data)[-1] == ("2012-02-01", 6, Quality.PASS)
    assert looked_at(data).rejected == checked_first
    assert len(days(data)) == (1 if checked_first else 2)  # of one time in a file the later row is right


def test_what_is_no_month_or_no_day_of_it_is_rejected_and_the_rest_is_taken() -> None:
    data = file(month("15/02/2012", {1: "5"}), month("01/13/2012", {1: "5"}), month("01/02/2012", {1: "5", 30: "1"}))
    entry = looked_at(data)
    assert [(each.row, each.column) for each in entry.rejects] == [(7, "Data"), (8, "Data"), (9, "Chuva30")]
    assert days(data) == [("2012-02-01", 5, Quality.NOT_EVALUATED)]


@pytest.mark.parametrize("date", ["2012-02-01 00:00:00", "02/2012", "01/02/2012"])
def test_months_may_be_written_as_the_interface_does(date: str) -> None:
    assert [day for day, *_ in days(file(month(date, {2: "1,5"})))] == ["2012-02-02"]


def test_levels_of_rivers_are_no_rain() -> None:
    entry = looked_at(FILES[0].replace(b"Chuva", b"Cota"))
    assert (entry.recognition.format, entry.status) == ("csv", Status.UNMAPPED)
