import csv
import io
import struct
import tracemalloc
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.instant import parse as parse_instant
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import parse, usual
from mesonet.domain.station import Station
from mesonet.formats.loggers import tob1
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests import effort
from tests.damage import damaged
from tests.real_files import SAMPLES

ENVIRONMENT = '"TOB1","Ridge","CR3000","1234","CR3000.Std.31","CPU:ridge.CR3","44622","Fast"'
START = 1_083_369_600  # seconds from 1990-01-01 to 2024-05-01
TYPES = ("ULONG", "ULONG", "ULONG", "IEEE4", "FP2", "ASCII(6)", "IEEE8")
NAMES = ("SECONDS", "NANOSECONDS", "RECORD", "AirTC_Avg", "RH", "Note", "BP_mbar")
UNITS = ("SECONDS", "NANOSECONDS", "RN", "Deg C", "%", "", "mbar")
PROCESSES = ("", "", "", "Avg", "Smp", "Smp", "Smp")
MAPPING = Mapping(
    prefix="",
    station="ridge",
    time=TimeColumns(columns=("TIMESTAMP",), zone="+02:00"),
    columns=(MappedColumn(column="RH", parameter=usual("relative_humidity"), unit="%"),),
)


def head(names: tuple[str, ...] = NAMES, types: tuple[str, ...] = TYPES) -> bytes:
    lines = [",".join(f'"{field}"' for field in line) for line in (names, UNITS, PROCESSES, types)]
    return "\r\n".join([ENVIRONMENT, *lines, ""]).encode()


def record(number: int, *, order: str = "<", air: float = 12.5, humidity: int = 0x232F) -> bytes:
    """0x232F is 81.5 in Campbell's two bytes: two bits of places (1), then 815."""
    fixed = struct.pack("<IIIf", START + number // 10, number % 10 * 100_000_000, number, air)
    return fixed + struct.pack(">H", humidity) + b'a,"b\x00x' + struct.pack(order + "d", 1001.25)


def surveyed(data: bytes, mapping: Mapping | None = None) -> Survey:
    return survey(io.BytesIO(data), Context(mapping=mapping))


def loaded(data: bytes, mapping: Mapping | None = None) -> list[Batch | Station]:
    return list(observations(io.BytesIO(data), Context(mapping=mapping)))


def test_records_are_read_like_the_table_of_text() -> None:
    data = head() + b"".join(map(record, range(25)))
    entry = surveyed(data)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == ("tob1", Status.OK, 25, {"Ridge": 25})
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("2024-05-01T00:00:00Z", "2024-05-01T00:00:02.400Z")
    (batch,) = loaded(data)
    assert isinstance(batch, Batch)
    air = batch.columns[parse("air_temperature:2:mean:PT0.1S")]
    assert (air.values[0], air.received[0], air.unit_received) == (12.5, "12.5", "Deg C")
    assert batch.columns[usual("relative_humidity")].received[:2] == ["81.5", "81.5"]
    assert batch.columns[usual("air_pressure")].values[0] == 1001.25
    assert batch.rows[:2] == [5, 6]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        (0x0000, "0"),
        (0x8000, "0"),
        (0x0001, "1"),
        (0x2001, "0.1"),
        (0x6001, "0.001"),
        (0xE001, "-0.001"),
        (0x1F3F, "7999"),
        (0x9F3F, "-7999"),
        (0x432F, "8.15"),
        (0x9FFE, "NAN"),
        (0x1FFF, "INF"),
        (0x9FFF, "-INF"),
    ],
)
def test_two_byte_numbers_have_a_sign_places_and_digits(word: int, text: str) -> None:
    assert tob1.fp2(struct.pack(">H", word)) == text


@pytest.mark.parametrize(
    ("word", "text"),
    [
        (0x00000000, "0"),
        (0x80000000, "0"),
        (0x41800000, "1"),
        (0x44A80000, "10.5"),
        (0xBDCCCCCD, "-0.1"),
        (0x4AFD0000, "1012"),
        (0x7FFFFFFF, "9.223371e+18"),
    ],
)
def test_four_byte_numbers_have_a_sign_a_power_of_two_and_a_fraction(word: int, text: str) -> None:
    assert tob1.fp4(struct.pack(">I", word)) == text


def test_columns_of_four_byte_numbers_are_read() -> None:
    types = tuple("FP4" if kind == "IEEE4" else kind for kind in TYPES)
    four = b"".join(map(record, range(3))).replace(struct.pack("<f", 12.5), struct.pack(">I", 0x44C80000))
    data = head(types=types) + four
    (batch,) = loaded(data)
    assert isinstance(batch, Batch)
    assert batch.columns[parse("air_temperature:2:mean:PT0.1S")].values == [12.5] * 3


def test_a_record_that_is_cut_is_said_and_the_others_taken() -> None:
    entry = surveyed(head() + record(0) + record(1)[:-5])
    assert (entry.status, entry.rows, entry.stations) == (Status.PARTIAL, 1, {"Ridge": 1})
    assert entry.rejects[0].reason == "the file ends in the middle of a record: 27 of its 32 bytes are there"


def test_eight_byte_numbers_that_are_turned_round_are_seen_and_said() -> None:
    data = head() + b"".join(record(number, order=">") for number in range(3))
    (batch,) = loaded(data)
    assert isinstance(batch, Batch)
    assert batch.columns[usual("air_pressure")].values == [1001.25] * 3
    assert "BP_mbar (IEEE8) has its most significant byte first" in surveyed(data).why
    assert "IEEE8" not in surveyed(head() + record(0)).why


def test_no_number_is_missing_and_infinity_is_rejected() -> None:
    entry = surveyed(head() + record(0, humidity=0x9FFE) + record(1, air=float("inf")) + record(2, air=float("nan")))
    facts = {each.name: each for each in entry.columns}
    assert (facts["RH"].missing, facts["AirTC_Avg"].missing) == (1, 1)
    assert [(each.row, each.column, each.value) for each in entry.rejects] == [(6, "AirTC_Avg", "INF")]


def test_the_operator_s_mapping_applies_to_binary_records_too() -> None:
    entry = surveyed(head() + record(0), MAPPING)
    assert (entry.recognition.format, entry.status, entry.stations) == ("tob1", Status.OK, {"ridge": 1})
    assert iso(entry.first or 0) == "2024-04-30T22:00:00Z"
    other = Mapping(prefix="", station_column="nowhere", time=MAPPING.time, columns=MAPPING.columns)
    assert surveyed(head() + record(0), other).stations == {"Ridge": 1}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (head(types=(*TYPES[:-1], "FP9")), "the type of data 'FP9' is not known"),
        (head(types=TYPES[:-1]), "the header has 7 names and 6 types of data"),
        (head(types=("LONG", *TYPES[1:])), "the records have no time"),
        (head(names=("A", *NAMES[1:])), "the records have no time"),
        (head(types=(*TYPES[:-1], "ASCII(0)")), "the type of data 'ASCII(0)' is not known"),
        (head()[:80], "the file ends within the five lines of its header"),
        (head(), "there are no records below the header"),
    ],
)
def test_a_header_that_tells_no_records_is_rejected_with_the_reason(data: bytes, reason: str) -> None:
    entry = surveyed(data)
    assert (entry.recognition.format, entry.status) == ("tob1", Status.REJECTED)
    assert entry.rejects[0].reason.startswith(reason)


@pytest.mark.parametrize("times", [1, 3])
def test_a_column_remembers_few_texts_whatever_its_numbers_are(times: int) -> None:
    """Of a file of 30 MB sixty columns kept 500 MB."""
    column = tob1._Field("x", "IEEE4", 1000)
    for block in range(20):
        values = [block * 500 + at / 4 for at in range(500)] * times
        assert column.texts(values) == [f"{value:.7g}" for value in values]
        assert len(column._known) <= (1500 if times > 1 else 0)


def test_a_table_nobody_knows_stays_one_where_a_clock_is_wrong() -> None:
    names, types = (*NAMES[:2], "x"), ("ULONG", "ULONG", "USHORT")
    data = head(names, types) + struct.pack("<IIH", 1_000_000_000, 0, 5) + struct.pack("<IIH", 4_000_000_000, 0, 6)
    received = Context(key="a.dat", received=parse_instant("2024-03-06T12:10:00Z"))
    found = survey(io.BytesIO(data), received, again=lambda: io.BytesIO(data))
    assert (found.status, found.rows) == (Status.UNMAPPED, 2)
    assert [reject.row for reject in found.rejects] == [6]
    assert loaded(data) == []


def test_nanoseconds_beyond_a_second_are_no_time() -> None:
    late = struct.pack("<II", START, 1_000_000_000)
    entry = surveyed(head() + record(0) + late + record(1)[8:] + record(2), MAPPING)
    assert (entry.rows, entry.stations) == (3, {"ridge": 2})
    assert [(each.row, each.value) for each in entry.rejects] == [(6, f"{START} s 1000000000 ns")]


def test_of_records_whose_nanoseconds_are_none_the_first_are_told_and_all_are_counted() -> None:
    late = struct.pack("<II", START, 1_000_000_000)
    found = surveyed(head(NAMES[:2], TYPES[:2]) + record(0)[:8] + late * 20_000 + record(10)[:8])
    assert (found.rows, found.rejected, len(found.rejects)) == (20_002, 20_000, 50)
    assert [(each.row, each.count) for each in found.rejects[:2]] == [(6, 1), (7, 1)]
    assert found.last == parse_instant("2024-05-01T00:00:01Z")


def test_records_of_eight_bytes_cost_less_than_a_second_a_megabyte() -> None:
    """With nanoseconds that are none, and with some that never come again."""
    chance = Random(1)
    top, numbers = head(NAMES[:2], TYPES[:2]), [chance.randrange(10**9) for _ in range(50_000)]
    effort.within(0.5, lambda: surveyed(top + chance.randbytes(400_000)))
    effort.within(
        0.8, lambda: surveyed(top + b"".join(struct.pack("<II", START + at, each) for at, each in enumerate(numbers)))
    )


@pytest.mark.parametrize("kind", ["IEEE4", "FP2", "FP4", "ASCII(1)", "BOOL8"])
def test_what_is_no_record_costs_little(kind: str) -> None:
    data = head(NAMES[:4], (*TYPES[:3], kind)) + Random(1).randbytes(200_000)
    assert effort.within(0.2, lambda: surveyed(data)).rows > 10_000
    effort.within(0.2, lambda: loaded(data, MAPPING))


def test_ten_thousand_columns_of_bits_cost_less_than_a_second_a_megabyte() -> None:
    names, kinds = (f"c{at}" for at in range(9_998)), ("BOOL8",) * 9_998
    data = head(("SECONDS", "NANOSECONDS", *names), ("ULONG", "ULONG", *kinds)) + Random(1).randbytes(1_000_000)
    assert effort.within(len(data) / 1e6, lambda: surveyed(data)).rows > 50


def test_three_thousand_columns_of_letters_cost_less_than_a_second_a_megabyte() -> None:
    top = head((*NAMES[:2], *(f"c{at}" for at in range(3000))), (*TYPES[:2], *["ASCII(1)"] * 3000))
    data = top + Random(1).randbytes(200_000)
    assert effort.within(1.3 * len(data) / 1e6, lambda: surveyed(data)).rows > 50


def test_long_texts_are_not_kept_beyond_their_file() -> None:
    data = head((*NAMES[:2], "Note"), (*TYPES[:2], "ASCII(1000)")) + Random(1).randbytes(2_000_000)
    surveyed(data[:100_000])  # what is imported stays
    tracemalloc.start()
    try:
        surveyed(data)
        assert tracemalloc.get_traced_memory()[0] < len(data) / 2
    finally:
        tracemalloc.stop()


def test_files_from_cards_are_named_with_what_to_do() -> None:
    assert "convert it with CardConvert" in surveyed(b'"TOB3","Ridge","CR1000"\r\n').why


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_file_a_survey_ends_in_a_status(data: st.DataObject) -> None:
    whole = data.draw(damaged(head() + b"".join(map(record, range(4)))))
    for mapping in (None, MAPPING):
        assert survey(io.BytesIO(whole), Context(mapping=mapping)).status in Status
        assert all(isinstance(piece, Batch | Station) for piece in loaded(whole, mapping))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_follows_the_header_a_survey_ends_in_a_status(rest: bytes) -> None:
    for start in (b'"TOB1",', head(), head(types=(*TYPES[:-1], "SecNano")), head(types=(*TYPES[:3], *["BOOL8"] * 4))):
        assert survey(io.BytesIO(start + rest)).status in Status


# --- the pair of real files, where the folder is there --------------------------------------------------------------------

PAIRS = [pair for pair in [("tob1_cr1000x_full12.dat", "tob1_cr1000x_full12_as_toa5.dat")] if (SAMPLES / pair[0]).is_file()]
TURNED = ("temp_Avg(3)", "temp(3)")  # IEEE8, of which CardConvert makes 4e-312 where the logger meant NAN


@pytest.mark.parametrize(("binary", "text"), PAIRS)
def test_every_value_is_that_of_campbell_s_own_conversion(binary: str, text: str) -> None:
    mapping = Mapping(
        prefix="",
        station="x",
        time=TimeColumns(columns=("TIMESTAMP",)),
        columns=tuple(
            MappedColumn(column=name, parameter=parse(f"air_temperature:{at}:point:PT0S"), unit="Cel")
            for at, name in enumerate(_names(SAMPLES / text))
            if at > 1 and name not in (*TURNED, "temp_TMx(1)")
        ),
    )
    both = []
    for name in (binary, text):
        with (SAMPLES / name).open("rb") as stream:
            batches = [piece for piece in observations(stream, Context(mapping=mapping)) if isinstance(piece, Batch)]
        (batch,) = batches
        both.append((batch.times, batch.rows, batch.columns))
    assert both[0] == both[1]
    assert len(both[0][0]) == 200


@pytest.mark.parametrize(("binary", "text"), PAIRS)
def test_the_real_file_has_the_facts_of_its_conversion(binary: str, text: str) -> None:
    surveys = []
    for name in (binary, text):
        with (SAMPLES / name).open("rb") as stream:
            surveys.append(survey(stream))
    ours, theirs = surveys
    assert (ours.recognition.format, ours.status, ours.rows, ours.rejected) == ("tob1", Status.UNMAPPED, 200, 0)
    assert (ours.first, ours.last, ours.stations) == (theirs.first, theirs.last, theirs.stations)
    for mine, other in zip(ours.columns, theirs.columns, strict=True):
        assert mine == other or mine.name in TURNED
    turned = next(facts for facts in ours.columns if facts.name == "temp(3)")
    assert turned.minimum_received == pytest.approx(-0.846384, abs=1e-6)
    assert turned.maximum_received == pytest.approx(1.386207, abs=1e-6)


def _names(path: Path) -> list[str]:
    with path.open(newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        return next(rows)
