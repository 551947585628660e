"""BUFR: what messages say, against eccodes, which wrote them; and what becomes of damage."""

# ruff: noqa: E501 - names of eccodes are long
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from random import Random
from types import SimpleNamespace
from typing import Any

import eccodes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import hostile
from mesonet.domain.file import Status
from mesonet.domain.instant import iso, parse
from mesonet.domain.observation import Batch, Reject
from mesonet.domain.parameter import parse as parameter
from mesonet.domain.station import Station
from mesonet.errors import UnreadableFile
from mesonet.formats.binary import bufr, bufr_message
from mesonet.formats.reading import Context
from mesonet.formats.reports import bulletins
from mesonet.formats.survey import Survey, observations, survey
from tests import effort
from tests.real_files import SAMPLES
from tests.unit.formats.noaa.files import real

LAND = [301004, 301011, 301012, 301021, 7030, 12101, 4024, 13011, 8021, 4025, 11001, 11002]
VALUES = {
    "blockNumber": [6, 6, 10],
    "stationNumber": [260, 280, 4],
    "year": 2024,
    "month": 2,
    "day": 29,
    "hour": 6,
    "minute": 0,
    "latitude": [52.1, 53.12, 48.0],
    "longitude": [5.18, 6.58, 11.0],
    "heightOfStationGroundAboveMeanSeaLevel": 3.5,
    "airTemperature": [280.15, 279.15, 250.0],
    "#1#timePeriod": -6,
    "totalPrecipitationOrTotalWaterEquivalent": [0.4, -0.1, 0.0],
    "#1#timeSignificance": 2,
    "#2#timePeriod": -10,
    "windDirection": [230, 0, 360],
    "windSpeed": [4.2, 0.0, 1.0],
}


def encoded(
    template: Sequence[int],
    values: Mapping[str, Any],
    *,
    subsets: int = 1,
    compressed: bool = False,
    references: Sequence[int] | None = None,
    **section: int,
) -> bytes:
    """A message that eccodes makes."""
    handle = eccodes.codes_bufr_new_from_samples("BUFR4")
    try:
        replications = section.pop("replications", None)
        for name, value in {"masterTablesVersionNumber": 30, "dataCategory": 0, "numberOfSubsets": subsets, **section}.items():
            eccodes.codes_set(handle, name, value)
        eccodes.codes_set(handle, "compressedData", int(compressed))
        if references is not None:
            eccodes.codes_set_array(handle, "inputOverriddenReferenceValues", references)
        if replications is not None:
            eccodes.codes_set_array(handle, "inputDelayedDescriptorReplicationFactor", [replications] * subsets)
        eccodes.codes_set_array(handle, "unexpandedDescriptors", list(template))
        for name, value in values.items():
            if isinstance(value, list):
                for number, each in enumerate(value, 1):
                    if compressed:
                        eccodes.codes_set_array(handle, name, value)
                        break
                    eccodes.codes_set(handle, f"/subsetNumber={number}/{name}" if subsets > 1 else name, each)
            else:
                eccodes.codes_set(handle, name, value)
        eccodes.codes_set(handle, "pack", 1)
        return bytes(eccodes.codes_get_message(handle))
    finally:
        eccodes.codes_release(handle)


def numbers(data: bytes) -> list[float]:
    """What eccodes reads of a message; a text is a length and a place there."""
    handle = eccodes.codes_new_from_message(data)
    try:
        eccodes.codes_set(handle, "unpack", 1)
        return list(eccodes.codes_get_array(handle, "numericValues"))
    finally:
        eccodes.codes_release(handle)


def one(number: int = 0, **changes: Any) -> bytes:
    """A message of one station."""
    values = {name: value[number] if isinstance(value, list) else value for name, value in VALUES.items()}
    return encoded(LAND, {**values, **changes})


def surveyed(data: bytes) -> Survey:
    return survey(io.BytesIO(data), Context(key="a.bin"))


def batches(data: bytes) -> list[Batch]:
    return [piece for piece in observations(io.BytesIO(data), Context(key="a.bin")) if isinstance(piece, Batch)]


def test_a_report_says_its_values_over_their_periods_and_where_it_is_from() -> None:
    data = one()
    entry = surveyed(data)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (
        "bufr",
        Status.OK,
        1,
        {"0-20000-0-06260": 1},
    )
    (batch,) = batches(data)
    assert batch.times == [parse("2024-02-29T06:00:00Z")]
    assert {known.id: column.values for known, column in batch.columns.items()} == {
        "air_temperature": [7.0],
        "precipitation_amount:0:sum:PT6H": [0.4],
        "wind_from_direction": [230.0],
        "wind_speed": [4.2],
    }
    assert batch.columns[parameter("air_temperature")].received == ["280.15"]
    (station,) = (piece for piece in observations(io.BytesIO(data)) if isinstance(piece, Station))
    assert (station.position, station.elevation_m) == ((52.1, 5.18), 3.5)


def test_the_pressure_changes_in_three_hours_and_in_a_day() -> None:
    values = {name: value[0] if isinstance(value, list) else value for name, value in VALUES.items()}
    changes = {"3HourPressureChange": -120, "24HourPressureChange": 340}
    (batch,) = batches(encoded([*LAND, 10061, 10062], {**values, **changes}))
    told = {known.duration: column.values for known, column in batch.columns.items() if "tendency" in known.standard_name}
    assert told == {"PT3H": [-1.2], "PT24H": [3.4]}


def test_messages_stand_one_after_the_other_in_envelopes() -> None:
    heading = b"\x01\r\r\n123\r\r\nISMN01 EHDB 290600 CCA\r\r\n"
    entry = surveyed(heading + one(0) + b"\r\r\n\x03" + heading + one(1) + b"\r\r\n\x03")
    assert (entry.status, entry.rows, set(entry.stations)) == (Status.OK, 2, {"0-20000-0-06260", "0-20000-0-06280"})
    assert "ISMN01 EHDB 290600 CCA" in entry.why
    assert "corrections" in entry.why


def test_compressed_subsets_say_the_same() -> None:
    values = {name: value if isinstance(value, list) else [value] * 3 for name, value in VALUES.items()}
    data = encoded(LAND, values, subsets=3, compressed=True)
    message = bufr_message.message(data)
    assert (message.compressed, message.subsets) == (True, 3)
    single = [batch for number in range(3) for batch in batches(one(number))]
    assert [(b.station_id, b.times, {k: c.values for k, c in b.columns.items()}) for b in batches(data)] == [
        (b.station_id, b.times, {k: c.values for k, c in b.columns.items()}) for b in single
    ]


def test_calm_has_no_direction_and_a_trace_is_nothing() -> None:
    (batch,) = batches(one(1))
    assert parameter("wind_from_direction") not in batch.columns
    assert batch.columns[parameter("precipitation_amount:0:sum:PT6H")].values == [0.0]
    assert batch.columns[parameter("precipitation_amount:0:sum:PT6H")].received == ["-0.1"]


def test_a_period_that_ended_before_the_report_stands_at_its_end() -> None:
    template = [301001, 301011, 301012, 12101, 7032, 4024, 4024, 12111]
    values = {
        "blockNumber": 15, "stationNumber": 15, "year": 2024, "month": 2, "day": 29, "hour": 6, "minute": 0, "airTemperature": 270.15,
        "heightOfSensorAboveLocalGroundOrDeckOfMarinePlatform": 2, "#1#timePeriod": -18, "#2#timePeriod": -6,
        "maximumTemperatureAtHeightAndOverPeriodSpecified": 283.15,
    }  # fmt: skip
    data = encoded(template, values)
    assert surveyed(data).stations == {"0-20000-0-15015": 1}
    told = {
        (iso(time), known.id): value
        for batch in batches(data)
        for known, column in batch.columns.items()
        for time, value in zip(batch.times, column.values, strict=True)
        if value is not None
    }
    assert told == {
        ("2024-02-29T06:00:00Z", "air_temperature"): -3.0,
        ("2024-02-29T00:00:00Z", "air_temperature:2:maximum:PT12H"): 10.0,
    }


def test_values_at_steps_within_a_period_are_not_the_reports_own() -> None:
    """As Offenbach's automatic stations send them: the rain of ten minutes, then that of each minute."""
    template = [301001, 301011, 301012, 7032, 13009, 4025, 13011, 4015, 4025, 4065, 101002, 13011, 4025, 11041]
    values = {
        "blockNumber": 10, "stationNumber": 4, "year": 2024, "month": 2, "day": 29, "hour": 6, "minute": 0,
        "heightOfSensorAboveLocalGroundOrDeckOfMarinePlatform": 2, "relativeHumidity": 71.6,
        "#1#timePeriod": -10, "#1#totalPrecipitationOrTotalWaterEquivalent": 0.3, "#2#timePeriod": -1,
        "#1#timeIncrement": -10, "#2#timeIncrement": 1, "#2#totalPrecipitationOrTotalWaterEquivalent": 0.2, "#3#totalPrecipitationOrTotalWaterEquivalent": 0.1,
        "#3#timePeriod": -60, "maximumWindGustSpeed": 7.5,
    }  # fmt: skip
    (batch,) = batches(encoded(template, values))
    assert {known.id: column.values for known, column in batch.columns.items()} == {
        "relative_humidity": [71.6],
        "precipitation_amount:0:sum:PT10M": [0.3],
        "wind_speed_of_gust:2:maximum:PT1H": [7.5],
    }


def test_nothing_is_summed_over_less_than_a_second() -> None:
    """A damaged operator of scale made periods of 1e-120 minutes, and of radiation a unit that nobody knows."""
    template = [301001, 301011, 301012, 12101, 202228, 4025, 202000, 14028, 13011]
    values = {
        "blockNumber": 10, "stationNumber": 4, "year": 2024, "month": 2, "day": 29, "hour": 6, "minute": 0, "airTemperature": 280.15,
        "timePeriod": -1e-99, "globalSolarRadiationIntegratedOverPeriodSpecified": 700000, "totalPrecipitationOrTotalWaterEquivalent": 0.4,
    }  # fmt: skip
    (batch,) = batches(encoded(template, values))
    assert {known.id: column.values for known, column in batch.columns.items()} == {"air_temperature": [7.0]}


def test_delayed_replication_is_read_as_often_as_it_says() -> None:
    template = [301001, 301011, 301012, 102000, 31001, 7061, 12130]
    values = {
        "blockNumber": 15, "stationNumber": 15, "year": 2024, "month": 2, "day": 29, "hour": 6, "minute": 0,
        "#1#depthBelowLandSurface": 0.05, "#1#soilTemperature": 275.15, "#2#depthBelowLandSurface": 0.2, "#2#soilTemperature": 276.15,
    }  # fmt: skip
    (batch,) = batches(encoded(template, values, replications=2))
    assert {known.id: column.values for known, column in batch.columns.items()} == {
        "soil_temperature:-0.05:point:PT0S": [2.0],
        "soil_temperature:-0.2:point:PT0S": [3.0],
    }


def test_what_quality_control_says_of_the_values_is_passed_over() -> None:
    expanded = 14  # values of the land template before the quality: the last two of them are judged
    quality = [222000, 236000, 101000 + expanded, 31031, 1031, 1032, 101002, 33007]
    values = {name: value[0] if isinstance(value, list) else value for name, value in VALUES.items()}
    handle = eccodes.codes_bufr_new_from_samples("BUFR4")
    try:
        eccodes.codes_set(handle, "masterTablesVersionNumber", 30)
        eccodes.codes_set(handle, "dataCategory", 0)
        eccodes.codes_set_array(handle, "inputDataPresentIndicator", [1] * (expanded - 2) + [0, 0])
        eccodes.codes_set_array(handle, "unexpandedDescriptors", [*LAND, *quality])
        for name, value in values.items():
            eccodes.codes_set(handle, name, value)
        eccodes.codes_set(handle, "#1#windDirection->percentConfidence", 70)
        eccodes.codes_set(handle, "pack", 1)
        data = bytes(eccodes.codes_get_message(handle))
    finally:
        eccodes.codes_release(handle)
    assert (surveyed(data).status, surveyed(data).rejects) == (Status.OK, ())
    (plain,), (judged,) = batches(one()), batches(data)
    assert judged.times == plain.times
    assert {known.id: column.values for known, column in judged.columns.items()} == {
        known.id: column.values for known, column in plain.columns.items()
    }


def test_a_ship_takes_its_position_along() -> None:
    template = [1011, 301011, 301012, 301021, 12101]
    values = {
        "shipOrMobileLandStationIdentifier": "DBLK", "year": 2024, "month": 2, "day": 29, "hour": 6, "minute": 0,
        "latitude": 60.5, "longitude": -20.25, "airTemperature": 275.15,
    }  # fmt: skip
    data = encoded(template, values, dataCategory=1)
    (batch,) = batches(data)
    assert batch.station_id == "DBLK"
    assert {known.standard_name: column.values for known, column in batch.columns.items()} == {
        "air_temperature": [2.0], "latitude": [60.5], "longitude": [-20.25],
    }  # fmt: skip


def test_a_wigos_identifier_goes_before_the_number() -> None:
    template = [301150, 301001, 301011, 301012, 12101]
    values = {
        "wigosIdentifierSeries": 0, "wigosIssuerOfIdentifier": 454, "wigosIssueNumber": 2, "wigosLocalIdentifierCharacter": "AWSLOBI",
        "blockNumber": 67, "stationNumber": 1, "year": 2024, "month": 2, "day": 29, "hour": 6, "minute": 0, "airTemperature": 300.15,
    }  # fmt: skip
    assert surveyed(encoded(template, values)).stations == {"0-454-2-AWSLOBI": 1}


def test_a_report_of_nothing_but_the_station_is_nil() -> None:
    entry = surveyed(encoded([301001, 301011, 301012, 12101], {"blockNumber": 64, "stationNumber": 400}) + one())
    assert (entry.status, entry.rows, entry.rejected) == (Status.OK, 2, 0)
    assert "1 NIL reports" in entry.why


def test_a_message_without_its_end_is_read_and_told_of() -> None:
    entry = surveyed(one(0)[:-4] + b"xxxx" + one(1))
    assert (entry.status, entry.rows, len(entry.stations)) == (Status.PARTIAL, 2, 2)
    assert "7777" in entry.rejects[0].reason


def test_a_message_that_is_cut_loses_only_itself() -> None:
    cut = surveyed(one(0) + one(1)[:60])
    assert (cut.status, cut.rows) == (Status.PARTIAL, 1)
    assert "the file ends within a message" in cut.rejects[0].reason
    within = surveyed(one(0)[:70] + one(1))
    assert (within.status, list(within.stations)) == (Status.PARTIAL, ["0-20000-0-06280"])


def test_a_time_that_does_not_exist_is_a_reject() -> None:
    entry = surveyed(one(0, month=2, day=30) + one(1))
    assert (entry.status, entry.rejects[0].column) == (Status.PARTIAL, "year month day hour minute")


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ([301001, 63200], "the element 0 63 200 of the template is in no table of WMO"),
        ([301001, 363200], "the sequence 3 63 200 of the template is in no table of WMO"),
        ([301001, 224000, 1001], "the operator 2 24 000 of the template is not read"),
        ([301001, 102002, 301001, 63200, 1001], "in no table"),
        ([301001, 102000, 31001, 301001, 63200, 1001], "in no table"),
    ],
)
def test_what_no_table_knows_is_named_and_what_stands_before_it_is_understood(template: list[int], reason: str) -> None:
    plan, end, _ = bufr_message.program(tuple(template), 40)
    assert [step.descriptor for step in plan if isinstance(step, bufr_message.Element)] == [1001, 1002]
    assert (len(plan), reason in (end or "")) == (2, True)


def test_a_replication_without_a_factor_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="has no factor"):
        bufr_message.program((101000, 12101), 40)


def local(*, subsets: int, compressed: bool = False, alike: bool = True, known: bool = False) -> bytes:
    """A message whose last element, of eight bits, is one of a centre's own tables, unless `known`. `alike`: of one day."""
    template, values = [*LAND, 1003, 5021], VALUES if alike else {**VALUES, "day": [29, 28, 27]}
    if compressed:
        made = encoded(template, values, subsets=subsets, compressed=True)
    else:
        alone = [
            encoded(template, {name: each[at] if isinstance(each, list) else each for name, each in values.items()})
            for at in range(subsets)
        ]
        width = sum(
            step.width for step in bufr_message.program(tuple(template), 30)[0] if isinstance(step, bufr_message.Element)
        )
        bits = "".join(
            f"{int.from_bytes(each):0{8 * len(each)}b}"[:width] for each in (bufr_message.message(m).bits for m in alone)
        )
        data = int(bits + "0" * (-len(bits) % 8), 2).to_bytes((len(bits) + 7) // 8)
        made = alone[0]
        begin = made.rindex(bufr_message.message(made).bits) - 4
        made = made[:begin] + (len(data) + 4).to_bytes(3) + b"\0" + data + b"7777"
        at = made.index(bytes.fromhex("c104"))  # where the template begins, behind the number of subsets and the flags
        made = made[:4] + len(made).to_bytes(3) + made[7 : at - 3] + subsets.to_bytes(2) + made[at - 1 :]
    return made if known else made.replace(bytes.fromhex("01030515"), bytes.fromhex("010305ff"), 1)  # 0 05 021 to 0 05 255


@pytest.mark.parametrize(
    ("subsets", "compressed", "alike", "read"),
    [(1, False, True, 1), (3, True, True, 3), (3, False, True, 3), (3, False, False, 1)],
)
def test_a_message_is_read_up_to_an_element_of_a_centres_own(subsets: int, compressed: bool, alike: bool, read: int) -> None:
    entry = surveyed(local(subsets=subsets, compressed=compressed, alike=alike) + one(1))
    assert (entry.status, entry.rows, sum(entry.stations.values())) == (Status.PARTIAL, subsets + 1, read + 1)
    (reject,) = entry.rejects
    assert "0 05 255 of the template is in no table of WMO: " in reject.reason
    assert ("of the first subset alone" in reject.reason) == (read < subsets)


def test_subsets_of_which_a_part_is_not_known_say_what_they_say_without_it() -> None:
    known, unknown = batches(local(subsets=3, known=True)), batches(local(subsets=3))
    assert [(batch.station_id, batch.times, batch.columns) for batch in unknown] == [
        (batch.station_id, batch.times, batch.columns) for batch in known
    ]
    assert len(unknown) == 3


def test_to_tell_subsets_apart_few_values_are_read_where_it_cannot_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    read, original = [0], bufr_message._subset

    def counted(bits: Any, plan: Any, *more: Any) -> Any:
        found = original(bits, plan, *more)
        read[0] += len(found.columns)
        return found

    monkeypatch.setattr(bufr_message, "_subset", counted)
    template = (301001, 301011, 101000, 31002, 12101, 63200)
    day = int(f"{6:07b}{260:010b}{2024:012b}{2:04b}{9:06b}{5:016b}{0:012b}" * 8, 2).to_bytes(67)  # the same day again and again
    for bits in (b"\0" * 65_000, day * 970):
        message = bufr_message.Message(
            edition=4, centre=0, category=0, version=30, subsets=5000, compressed=False, template=template, bits=bits
        )
        with pytest.raises(UnreadableFile, match="alone"):
            list(bufr_message.subsets(message))
    assert read[0] < 2 * bufr_message._MOST_LOOKED_AT


def test_what_offenbach_has_of_its_own_is_known_from_its_tables() -> None:
    """0 04 214 (hour, five bits) and 0 20 222, which has seven bits in version 1 and is a text of sixteen later."""
    template = (301001, 4214, 20222, 302211)
    for version, width in ((1, 7), (8, 16)):
        plan, end, _ = bufr_message.program(template, 18, 78, version)
        assert end is None
        assert [step.width for step in plan if isinstance(step, bufr_message.Element) and step.descriptor in (4214, 20222)] == [
            5,
            width,
        ]
    assert "4 214" in str(bufr_message.program(template, 18, 85, 8)[1])


@pytest.mark.parametrize(("centre", "version"), [(78, 8), (98, 1)])
def test_what_centres_have_of_their_own_is_what_eccodes_has(centre: int, version: int) -> None:
    """Each element of their tables in one message, whose bits are noise."""
    template = list(bufr_message._local_tables()[centre].elements)
    made = encoded(template, {}, bufrHeaderCentre=centre, localTablesVersionNumber=version)
    bits = bufr_message.message(made).bits
    data = made.replace(bits, Random(centre).randbytes(len(bits)))
    ours = [
        value for block in bufr_message.subsets(bufr_message.message(data)) for subset in block.each() for _, value in subset
    ]
    theirs = numbers(data)
    assert len(ours) == len(theirs) > 300
    assert [value for value in ours if isinstance(value, int | float)] == pytest.approx(
        [other for value, other in zip(ours, theirs, strict=True) if isinstance(value, int | float)], abs=1e-9
    )


def test_the_width_of_a_local_element_is_the_one_that_the_message_tells() -> None:
    """2 06 008 before ECMWF's 0 21 192, which has thirteen bits in its tables."""
    (element,) = bufr_message.program((206008, 21192), 13, 98, 1)[0]
    assert isinstance(element, bufr_message.Element)
    assert (element.width, element.scale) == (8, 0)


def test_an_element_may_have_its_reference_value_in_the_data() -> None:
    template = [301001, 301011, 301012, 203012, 10004, 203255, 10004, 12101, 203000, 10051]
    values: dict[str, float] = {"blockNumber": 6, "stationNumber": 260, "year": 2024, "month": 2, "day": 29, "hour": 6}
    values |= {
        "minute": 0,
        "nonCoordinatePressure": 101_320.0,
        "airTemperature": 280.15,
        "pressureReducedToMeanSeaLevel": 101_500.0,
    }
    data = encoded(template, values, references=[-100])
    (batch,) = (piece for piece in observations(io.BytesIO(data), Context()) if isinstance(piece, Batch))
    assert {parameter.standard_name: column.values for parameter, column in batch.columns.items()} == {
        "air_pressure": [1013.2],
        "air_temperature": [7.0],
        "air_pressure_at_mean_sea_level": [1015.0],
    }
    (reject,) = surveyed(encoded(template, values, references=[-100], compressed=True)).rejects
    assert "reference values" in reject.reason


def test_a_station_without_an_identifier_is_called_by_its_name_or_its_location_indicator() -> None:
    where = {name: each for name, each in VALUES.items() if name in ("year", "month", "day", "hour", "minute")}
    named = encoded([1019, 301011, 301012, 12101], {**where, "longStationName": "ANSO3", "airTemperature": 280.15})
    aerodrome = encoded([1063, 301011, 301012, 12101], {**where, "icaoLocationIndicator": "MYGF", "airTemperature": 280.15})
    entry = surveyed(named + aerodrome)
    assert list(entry.stations) == ["ANSO3", "MYGF"]
    assert "called by their name: in 1 subsets" in entry.why


def test_replications_cannot_grow_without_bounds() -> None:
    bits = b"\xff" * 400
    message = bufr_message.Message(
        edition=4, centre=0, category=0, version=40, subsets=65535, compressed=False,
        template=(105000, 31002, 103000, 31002, 101000, 31002, 12101), bits=bits,
    )  # fmt: skip
    with pytest.raises(UnreadableFile):
        list(bufr_message.subsets(message))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 250), st.integers(0, 255))
def test_no_damage_crashes_it(junk: bytes, at: int, byte: int) -> None:
    data = bytearray(one(0) + one(1))
    data[at % len(data)] = byte
    for damaged in (bytes(data), bytes(data[:at]) + junk + bytes(data[at:]), b"BUFR" + junk):
        for values in (True, False):
            list(bufr.read(io.BytesIO(damaged), Context(values=values)))


TEMPLATES = (
    [307079], [307080], [307082], [307086], [307090], [307092], [307101], [307078], [308009], [308012], [308015], [315008], [315009],
    [301022, 12101, 201130, 12101, 201000, 202129, 13011, 202000, 207001, 10004, 207000, 208006, 1015, 208000],
)  # fmt: skip


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_a_template_is_read_as_eccodes_reads_it(template: list[int], compressed: bool) -> None:
    """Templates of land, sea and buoys, and the operators that change what follows them."""
    handle = eccodes.codes_bufr_new_from_samples("BUFR4")
    for name, value in (("masterTablesVersionNumber", 31), ("numberOfSubsets", 3), ("compressedData", int(compressed))):
        eccodes.codes_set(handle, name, value)
    for name in ("inputDelayedDescriptorReplicationFactor", "inputShortDelayedDescriptorReplicationFactor"):
        eccodes.codes_set_array(handle, name, [2 if "Short" not in name else 1] * (12 if compressed else 40))
    eccodes.codes_set_array(handle, "unexpandedDescriptors", template)
    for name, number in (
        ("airTemperature", 281.2),
        ("windSpeed", 3.3),
        ("nonCoordinatePressure", 99000.0),
        ("blockNumber", 11),
    ):
        with suppress(eccodes.KeyValueNotFoundError, eccodes.WrongArraySizeError):
            eccodes.codes_set(handle, name, number)
    eccodes.codes_set(handle, "pack", 1)
    data = bytes(eccodes.codes_get_message(handle))
    eccodes.codes_release(handle)
    theirs = numbers(data)
    ours = [each for block in bufr_message.subsets(bufr_message.message(data)) for subset in block.each() for each in subset]
    assert len(ours) == len(theirs)
    for (descriptor, mine), other in zip(ours, theirs, strict=True):
        if isinstance(mine, int | float):
            assert mine == pytest.approx(other, abs=1e-9)
        elif mine is None and other >= 0 and descriptor != bufr_message.ASSOCIATED:  # which eccodes never calls missing
            assert other % 1000 < 100  # a text is a length and a place there


# --- real messages, where the folder is there
# ----------------------------------------------------------------------------------

REAL = real(
    "bufr_algeria_ISIN21.bufr4", "bufr_italy_ISMD02.bin", "bufr_italy_ISMD02_CCA.bin", "bufr_knmi_0100.bufr", "bufr_malawi_namitambo.bufr",
    "bufr_ref_15015_from_synop.bin", "bufr_ship_ISSA05.bin", "esoh_synop_2718.bufr",
)  # fmt: skip


def _raw(data: bytes) -> Iterator[bytes]:
    at = data.find(b"BUFR")
    while at >= 0:
        length = int.from_bytes(data[at + 4 : at + 7])
        yield data[at : at + length]
        at = data.find(b"BUFR", at + length)


def test_every_number_of_real_messages_is_what_eccodes_reads() -> None:
    for name in REAL:
        for data in _raw((SAMPLES / name).read_bytes()):
            ours = [
                value
                for block in bufr_message.subsets(bufr_message.message(data))
                for subset in block.each()
                for _, value in subset
            ]
            theirs = numbers(data)
            assert len(ours) == len(theirs)
            for mine, other in zip(ours, theirs, strict=True):
                if isinstance(mine, int | float):
                    assert mine == pytest.approx(other, abs=1e-9), name
                elif mine is None and other >= 0:
                    assert other % 1000 == 20, name  # a text is a length there


def test_a_report_says_as_bufr_what_it_says_as_synop() -> None:
    names = real("bufr_ref_15015_from_synop.bin", "synop_romania_20220321T12.txt")
    if len(names) < 2:
        return
    context = Context(key="A_SMRO01YRBK211200_C_EDZW_20220321120500_12524785.txt")
    told: list[dict[str, float | None]] = []
    for name in names:
        with (SAMPLES / name).open("rb") as stream:
            (batch,) = (
                piece
                for piece in observations(stream, context)
                if isinstance(piece, Batch) and piece.station_id == "0-20000-0-15015"
            )
        told.append({known.id: column.values[-1] for known, column in batch.columns.items()})
    as_bufr, as_synop = told
    assert as_synop.items() <= as_bufr.items()


# --- what is no report of stations -------------------------------------------------------------------------------------------


def with_tables(types: Mapping[int, str]) -> bytes:
    """A message as NCEP writes its tables in front of a file: types, and no elements and sequences."""
    entries = b"".join(f"{number:03d}{text:<64}".encode() for number, text in types.items())
    return bare(11, [103000, 31001, 1, 2, 3, 101000, 31001, 300004], bytes([len(types)]) + entries + bytes(2))


def bare(category: int, template: Sequence[int], bits: bytes, subsets: int = 1) -> bytes:
    """A message of edition 3 of NCEP's, of descriptors that are in no table."""
    codes = b"".join(((n // 100_000) << 14 | (n // 1000 % 100) << 8 | n % 1000).to_bytes(2) for n in template)
    first = bytes((0, 0, 18, 0, 3, 7, 0, 0, category, 0, 13, 0, 19, 8, 3, 12, 0, 0))
    third = (7 + len(codes)).to_bytes(3) + b"\x00" + subsets.to_bytes(2) + b"\x80" + codes
    body = first + third + (4 + len(bits)).to_bytes(3) + b"\x00" + bits + b"7777"
    return b"BUFR" + (8 + len(body)).to_bytes(3) + b"\x03" + body


NCEP = [63000, 360243, 102000, 31001, 206001, 63255]


def test_types_of_a_file_with_tables_of_its_own_are_named_and_left() -> None:
    tables = with_tables({0: "ADPSFC   TABLE A ENTRY - SURFACE LAND REPORTS", 243: "GFSCLS1  MODEL MESSAGES"})
    entry = surveyed(tables + bare(0, NCEP, bytes(40), 14) + bare(243, NCEP, bytes(40), 2))
    assert (entry.status, entry.rows, len(entry.rejects)) == (Status.REJECTED, 16, 1)
    assert "14 subsets of ADPSFC TABLE A ENTRY - SURFACE LAND REPORTS" in entry.rejects[0].reason
    assert "PREPBUFR" in entry.rejects[0].reason
    assert "2 subsets of GFSCLS1 MODEL MESSAGES" in entry.rejects[0].reason


def test_reports_behind_tables_of_a_file_are_read() -> None:
    entry = surveyed(with_tables({243: "GFSCLS1"}) + one() + bare(243, NCEP, bytes(40), 2))
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 3, {"0-20000-0-06260": 1})
    assert "not taken: 2 subsets of GFSCLS1" in entry.why


def test_a_file_of_nothing_but_soundings_is_rejected_with_that_reason() -> None:
    entry = surveyed(encoded(LAND, {}, dataCategory=2) + encoded(LAND, {}, dataCategory=3))
    assert (entry.status, entry.rows) == (Status.REJECTED, 2)
    assert [reject.reason for reject in entry.rejects] == [
        "nothing in it is read: 1 subsets of category 2 of table A (soundings), no reports of stations, "
        "1 subsets of category 3 of table A (soundings by satellite), no reports of stations"
    ]


@settings(max_examples=50, deadline=None)
@given(bits=st.binary(max_size=200))
def test_no_damage_to_tables_of_a_file_crashes_it(bits: bytes) -> None:
    surveyed(bare(11, [103000, 31001, 1], bits) + bare(0, NCEP, bits))


# --- days and months ---------------------------------------------------------------------------------------------------------

WIGOS = {
    "wigosIdentifierSeries": 0, "wigosIssuerOfIdentifier": 20000, "wigosIssueNumber": 0,
    "wigosLocalIdentifierCharacter": "06260", "latitude": 52.1, "longitude": 5.18, "heightOfStationGroundAboveMeanSeaLevel": 3.5,
}  # fmt: skip


def told(data: bytes) -> tuple[list[str], dict[str, tuple[float | None, int]]]:
    (batch,) = batches(data)
    values = {known.id: (column.values[0], column.flags[0]) for known, column in batch.columns.items()}
    return [iso(time) for time in batch.times], values


def test_a_day_stands_at_its_date_with_the_quality_of_its_sender() -> None:
    values: dict[str, Any] = {"year": 2024, "month": 2, "day": 28, "methodUsedToCalculateTheAverageDailyTemperature": 0}
    for at in range(1, 7):
        values |= {f"#{at}#timePeriod": 0, f"#{at}#hour": 6, f"#{at}#minute": 0, f"#{at}#second": 0}
    values |= {
        "totalAccumulatedPrecipitation": -0.1, "totalAccumulatedPrecipitation->associatedField": 1,
        "depthOfFreshSnow": 0.02, "depthOfFreshSnow->associatedField": 4,
        "totalSnowDepth": 0.1, "totalSnowDepth->associatedField": 6,
        "heightOfSensorAboveLocalGroundOrDeckOfMarinePlatform": 1.5,
    }  # fmt: skip
    for at, (statistic, kelvin) in enumerate(((2, 283.15), (3, 273.15), (4, 278.15)), 1):
        values |= {f"#{at}#firstOrderStatistics": statistic, f"#{at}#airTemperature": kelvin}
        values[f"#{at}#airTemperature->associatedField"] = 0
    judged = [name for name in values if name.endswith("->associatedField")]
    values |= dict.fromkeys((f"{name}->associatedFieldSignificance" for name in judged), 5)
    times, found = told(encoded([307075], {**WIGOS, **values}, masterTablesVersionNumber=40))
    assert times == ["2024-02-28T00:00:00Z"]
    assert found == {
        "precipitation_amount:0:sum:P1D": (0, 3),
        "thickness_of_snowfall_amount:0:sum:P1D": (20, 4),
        "air_temperature:1.5:maximum:P1D": (10, 2),
        "air_temperature:1.5:minimum:P1D": (0, 2),
        "air_temperature:1.5:mid_range:P1D": (5, 2),
    }


def test_a_month_stands_at_its_first_day_and_its_normals_are_none_of_its_values() -> None:
    values = {
        "blockNumber": 6, "stationNumber": 260, "#1#year": 2024, "#1#month": 2, "#1#day": 1, "#1#hour": 0, "minute": 0,
        "#2#timePeriod": 29, "#1#firstOrderStatistics": 4, "#1#nonCoordinatePressure": 101_000,
        "#1#heightOfSensorAboveLocalGroundOrDeckOfMarinePlatform": 2, "#1#airTemperature": 278.15,
        "#1#maximumTemperatureAtHeightSpecifiedPast24Hours": 283.15, "#1#vapourPressure": 800, "#1#totalSunshine": 100,
        "#1#totalAccumulatedPrecipitation": 60.5, "#2#totalAccumulatedPrecipitation": 70,
        "#2#nonCoordinatePressure": 102_000, "#2#pressureReducedToMeanSeaLevel": 102_500,  # of 1991 to 2020
    }  # fmt: skip
    values |= {"#2#year": 1991, "#3#year": 2020}
    times, found = told(encoded([307073], values, masterTablesVersionNumber=40))
    assert times == ["2024-02-01T00:00:00Z"]
    assert found == {
        "air_pressure:0:mean:P1M": (1010, 2),
        "air_temperature:2:mean:P1M": (5, 2),
        "air_temperature:2:maximum_within_days_mean_over_days:P1M": (10, 2),
        "water_vapor_partial_pressure_in_air:2:mean:P1M": (8, 2),
        "duration_of_sunshine:0:sum:P1M": (6000, 2),
        "precipitation_amount:0:sum:P1M": (60.5, 2),
    }


def claiming(subsets: int, template: Sequence[int], bits: bytes, *, compressed: bool) -> bytes:
    """A message of category 0 that claims so many subsets."""
    made = bytearray(bare(0, template, bits, subsets))
    made[8 + 18 + 6] = 0xC0 if compressed else 0x80
    return bytes(made)


@pytest.mark.parametrize(
    ("template", "compressed", "reason"),
    [
        ([363255, 301004], True, "the sequence 3 63 255 of the template is in no table of WMO: nothing stands before that"),
        ([201000], False, "the template has no elements: nothing stands before that"),
        ([1001, 1002], True, "the message claims 60000 subsets, too many for 50 bytes of data"),
        ([31031], False, "a subset has 1 bits: no report of a station is that short"),
        ([101000, 31002, 12101], False, "more than 2 values for each byte of the file, which no reports have"),
    ],
)
def test_a_message_that_claims_what_its_bytes_cannot_hold_is_refused(
    template: list[int], compressed: bool, reason: str
) -> None:
    damaged = claiming(60_000, template, b"\xff" * 50, compressed=compressed)
    found = effort.within(0.5, lambda: surveyed(one() + damaged * 100 + one(1)))
    assert (found.status, sum(found.stations.values())) == (Status.PARTIAL, 2)
    assert found.rejected <= 200
    assert reason in found.reasons or reason in {reject.reason for reject in found.rejects}


WHO_AND_WHEN = (301001, 301011, 301012)


def packed(*values: tuple[int, int], differences: Mapping[int, Sequence[int]] | None = None) -> bytes:
    """Numbers in so many bits each; with `differences` as a compressed message has them: those of an element by its place, of
    all others none."""
    text = ""
    for at, (number, width) in enumerate(values):
        text += f"{number:0{width}b}"
        if differences is not None:
            each = max(differences[at]).bit_length() + 1 if at in differences else 0
            text += f"{each:06b}" + "".join(f"{more:0{each}b}" for more in differences.get(at, ()))
    return int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8))


def when(*values: tuple[int, int], **more: Any) -> bytes:
    return packed((6, 7), (260, 10), (2024, 12), (2, 4), (28, 6), (6, 5), (0, 6), *values, **more)


def nested(depth: int, inner: tuple[int, ...] = (12101,)) -> tuple[int, ...]:
    """Ten times what is replicated as often as the data say, of which each is ten times such a replication, and so on."""
    if not depth:
        return inner
    body = nested(depth - 1, inner)
    return 100_010 + 1000 * (len(body) + 2), 100_000 + 1000 * len(body), 31001, *body


@pytest.mark.parametrize("compressed", [False, True])
def test_replications_that_nest_are_understood_once_each(*, compressed: bool) -> None:
    data = claiming(1, (*WHO_AND_WHEN, *nested(20)), when() + bytes(40), compressed=compressed)
    assert effort.within(0.5, lambda: surveyed(data)).size == len(data)


def test_a_body_that_is_replicated_at_thousands_of_places_is_prepared_once() -> None:
    places = (106209, 104090, 103000, 31001, 12101, 12103, 13003)
    data = claiming(3, (*WHO_AND_WHEN, *places, 235008), when() + bytes(900), compressed=False)
    found = effort.within(0.2, lambda: surveyed(data))
    assert [reject.reason for reject in found.rejects] == ["the data end before the template"]


def test_fields_that_go_with_an_element_have_a_width_that_a_number_may_have() -> None:
    entry = surveyed(one() + bare(0, (*WHO_AND_WHEN, *[204255] * 2, 31021, 12101), when() + bytes(90)))
    assert [reject.reason for reject in entry.rejects] == ["the fields that go with the element 0 12 101 have 510 bits"]
    assert list(entry.stations.values()) == [1]


QUANTITIES = {12101: 16, 12103: 16, 13003: 7, 11001: 9, 11002: 12, 10004: 14, 13019: 14}
FIFTY = [(50, width) for width in QUANTITIES.values()]
MUCH = {
    "compressed": claiming(300, (*WHO_AND_WHEN, *[12101] * 100), when(*[(28000, 16)] * 100, differences={1: range(300)}), compressed=True) * 40,
    "repeated": bare(0, (*WHO_AND_WHEN, 101000, 31012, 12101), when((6000, 16), (28000, 16)) + bytes(40)) * 400,
    "repeated without a body": bare(0, (*WHO_AND_WHEN, 100000, 31002), when((8000, 16)) + bytes(40)) * 400,
    "repeated without a body, each in a replication": bare(0, (*WHO_AND_WHEN, 102000, 31002, 100000, 31001), when((3000, 16), *[(255, 8)] * 3000)) * 60,
    "templates": b"".join(bare(0, (*WHO_AND_WHEN, *[307080] * 40, 12101, 1000 + each), when()) for each in range(200)),
    "heights": bare(
        0,
        (*WHO_AND_WHEN, 102000, 31002, 7032, 12101),
        when((8000, 16), *((each, 16) for at in range(8000) for each in (at, 28000))),
    ),
    "observations": claiming(300, (*WHO_AND_WHEN, *(13019 + each for each in range(5)), 12001, 12003, 10004), when(*[(1, 14)] * 5, (1, 12), (1, 12), (1, 14), differences={1: range(300)}), compressed=True) * 100,
    "stations": claiming(300, (*WHO_AND_WHEN, *QUANTITIES), when(*FIFTY, differences={1: range(300)}), compressed=True) * 150,
    "heights of each": claiming(300, (*WHO_AND_WHEN, 7032, *QUANTITIES), when((0, 16), *FIFTY, differences={7: range(300)}), compressed=True) * 150,
    "times that are none": claiming(300, (*WHO_AND_WHEN, *QUANTITIES), when(*FIFTY, differences={5: [9] + [31] * 299}), compressed=True) * 150,
    "numbers of one bit": bare(0, (*WHO_AND_WHEN, 101000, 31001, 31031), when((255, 8), *[(1, 1)] * 255)) * 500,
    "heights, repeated": bare(0, (*WHO_AND_WHEN, 102000, 31012, 7032, 12101), when((3000, 16), (5, 16), (28000, 16)) + bytes(40)) * 500,
    "tiny subsets": bare(0, (1003,) * 3, b"\x11" * 5000, 60_000) * 20,
}  # fmt: skip


@pytest.mark.parametrize("what", MUCH)
def test_what_a_few_bytes_can_say_a_thousand_times_is_bounded_and_the_rest_is_read(what: str) -> None:
    data = one() + MUCH[what] + one(1)
    found = effort.within(max(0.2, 4 * len(data) / 1e6), lambda: surveyed(data))
    assert {"0-20000-0-06260", "0-20000-0-06280"} <= found.stations.keys()
    effort.within(max(0.2, 4 * len(data) / 1e6), lambda: batches(one() + MUCH[what]))


@pytest.mark.parametrize("elements", [1, 20])
def test_values_of_subsets_that_each_are_of_another_station_cost_less_than_a_second_a_megabyte(elements: int) -> None:
    known = {10004: 14, 10051: 14, 10061: 10, 12101: 16, 12103: 16, 13003: 7, 11001: 9, 11002: 12, 13019: 14, 13020: 14}
    known |= {13021: 14, 13022: 14, 13023: 14, 20010: 7, 12102: 16, 13009: 12, 12004: 12, 12006: 12, 13013: 16, 12030: 12}
    template = [12101] if elements == 1 else list(known)
    little = {7 + at: [subset * at % 2 for subset in range(300)] for at in range(len(template))} if elements > 1 else {}
    told = when(*((50, known[each]) for each in template), differences={1: range(300), **little})
    message = claiming(300, (*WHO_AND_WHEN, *template), told, compressed=True)
    data = message * (300_000 // len(message))
    effort.within(3 * len(data) / 1e6, lambda: batches(data))  # thrice as much, since other work goes on beside it


def test_values_of_days_cost_less_than_a_second_a_megabyte() -> None:
    template = [8094, 8023, *[12101, 10004, 12101] * 10]
    told = when((1, 8), (2, 6), *[(28000, 16), (9000, 14), (28000, 16)] * 10, differences={1: range(300)})
    message = claiming(300, (*WHO_AND_WHEN, *template), told, compressed=True)
    data = message * (300_000 // len(message))
    assert len(batches(message)) == 300
    effort.within(1.3 * len(data) / 1e6, lambda: batches(data))


def test_subsets_that_say_nothing_are_told_one_by_one_and_then_counted() -> None:
    nothing = [(6, 7), (260, 10), (2024, 12), (2, 4), (28, 6), (6, 5), (0, 6), ((1 << 160) - 1, 160), (65_535, 16)]
    silent = bare(0, [*WHO_AND_WHEN, 1015, 12101], as_bytes(figures(*nothing) * 3000), 3000)
    told = list[Reject]()
    found = survey(io.BytesIO(one() + silent * 4), Context(key="a.bin"), rejects=SimpleNamespace(add=told.append))
    assert (found.rejected, found.rows, found.station_count) == (12_000, 12_001, 1)
    assert {reject.reason for reject in told} == {"the subset says nothing that is taken"}
    assert [reject.row for reject in told[:3]] == [2, 3, 4]
    assert 5000 <= len(told) < 6000


def test_days_that_are_judged_one_by_one_cost_less_than_a_second_a_megabyte() -> None:
    data = hostile.judged(200_000)
    effort.within(1.5 * len(data) / 1e6, lambda: surveyed(data))
    effort.within(1.5 * len(data) / 1e6, lambda: batches(data))


def figures(*values: tuple[int, int]) -> str:
    return "".join(f"{value:0{width}b}" for value, width in values)


def as_bytes(bits: str) -> bytes:
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))


MANY_KINDS = [
    *WHO_AND_WHEN, 1015, *(102000, 31001, 7032, 12101), *(203010, 12101, 203255, 12101, 203000), *(101000, 31011, 13003),
    *(204008, 31021, 12103, 204000), *(105000, 31000, 102000, 31001, 31031, 20003, 11001), 13019,
]  # fmt: skip


def of_many_kinds(at: int, random: Random) -> str:
    """A subset whose counts, reference values and missing ones change from one to another, seldom or all the time."""
    alike, gone = random.random() < 0.9, at % 7 == 0
    heights, times, inner, whether = (2, 3, 1, 1) if alike else (random.randrange(4) for _ in range(4))
    within = figures(*[(2, 8), (1, 1), (at, 9), (0, 1), (511, 9), (90, 9)] * min(whether, 1)) if inner else ""
    return (
        figures((6, 7), (at, 10), (2024, 12), (2, 4), (28, 6), (at % 24, 5), (at % 60, 6))
        + figures((int.from_bytes((b"\xff" * 20, b"DE BILT".ljust(20))[not gone]), 160), (heights, 8))
        + figures(*[each for height in range(heights) for each in ((height * 100, 16), (65535 if gone else 28000 + at, 16))])
        + figures(((5, 515)[not alike], 10), (28000 + at, 16), (times, 8), *[(at % 100, 7)] * min(times, 1))
        + figures((5, 6), (at % 9, 8), (27500, 16), (len(within) > 0, 1))
        + within
        + figures((at % 5 or 16383, 14))
    )


def test_subsets_that_have_the_same_elements_say_at_once_what_each_says_alone() -> None:
    random = Random(1)
    said = [of_many_kinds(at, random) for at in range(100)]
    whole = [*bufr_message.subsets(bufr_message.message(bare(0, MANY_KINDS, as_bytes("".join(said)), len(said))))]
    assert (sum(block.count for block in whole), max(block.count for block in whole) > 10) == (100, True)
    alone = [
        each for bits in said for each in bufr_message.subsets(bufr_message.message(bare(0, MANY_KINDS, as_bytes(bits), 1)))
    ]
    assert [subset for block in whole for subset in block.each()] == [subset for block in alone for subset in block.each()]


def test_subsets_whose_elements_alternate_are_read_by_what_they_have() -> None:
    """As reports with one layer of clouds, two or none do; which comes later stays so, where both are of one time."""
    template = (*WHO_AND_WHEN, 101000, 31001, 12101)
    said = [
        figures((6, 7), (260, 10), (2024, 12), (2, 4), (28, 6), (at // 2, 5), (0, 6), (at % 2 + 1, 8))
        + figures(*[(28000 + at, 16), (29000, 16)][: at % 2 + 1])
        for at in range(40)
    ]
    data = bare(0, template, as_bytes("".join(said)), len(said))
    (mixed,) = bufr_message.subsets(bufr_message.message(data))
    assert isinstance(mixed, bufr_message.Mixed)
    assert [block.count for block in mixed.blocks] == [20, 20]
    alone = [each for bits in said for each in bufr_message.subsets(bufr_message.message(bare(0, template, as_bytes(bits))))]
    assert [*mixed.each()] == [subset for block in alone for subset in block.each()]
    (batch,) = batches(data)
    (column,) = batch.columns.values()
    assert (batch.rows, column.received) == (list(range(1, 41)), [f"{(28000 + at) / 100}" for at in range(40)])


@pytest.mark.parametrize("behind", [2, 9])
def test_behind_subsets_that_alternate_is_read_what_stands_there(behind: int) -> None:
    template = (*WHO_AND_WHEN, 101000, 31001, 12101)
    layers = [at % 2 + 1 for at in range(300)] + [3] * behind
    said = [
        figures((6, 7), (at, 10), (2024, 12), (2, 4), (28, 6), (6, 5), (0, 6), (many, 8), *[(28000 + at, 16)] * many)
        for at, many in enumerate(layers)
    ]
    whole = [*bufr_message.subsets(bufr_message.message(bare(0, template, as_bytes("".join(said)), len(said))))]
    assert any(isinstance(block, bufr_message.Mixed) for block in whole[:-1])
    alone = [each for bits in said for each in bufr_message.subsets(bufr_message.message(bare(0, template, as_bytes(bits))))]
    assert [subset for block in whole for subset in block.each()] == [subset for block in alone for subset in block.each()]


def test_what_is_replicated_many_times_says_what_eccodes_reads() -> None:
    depths = {f"#{at}#depthBelowLandSurface": at / 100 for at in range(1, 41)}
    warmth = {f"#{at}#soilTemperature": 280 + at / 100 for at in range(1, 41) if at % 9}
    who = {name: value[0] if isinstance(value, list) else value for name, value in [*VALUES.items()][:7]}
    data = encoded([301001, 301011, 301012, 102000, 31001, 7061, 12130], {**who, **depths, **warmth}, replications=40)
    (block,) = bufr_message.subsets(bufr_message.message(data))
    (said,) = block.each()
    assert [number for _, number in said] == [
        None if abs(number) == 1e100 else pytest.approx(number) for number in numbers(data)
    ]
    assert [number for element, number in said if element == 12130].count(None) == 4


def test_replications_of_nothing_are_as_few_as_reports_can_have() -> None:
    nothing = bare(0, [*WHO_AND_WHEN, 102_000, 31002, 100_000, 31001], when((3000, 16), *[(255, 8)] * 3000))
    found = effort.within(1.5 * len(nothing) * 30 / 1e6, lambda: surveyed(nothing * 30))
    assert {reject.reason for reject in found.rejects} == {
        "more than 2 values for each byte of the file, which no reports have"
    }


def test_of_subsets_that_end_before_their_template_those_before_are_read() -> None:
    random = Random(1)
    bits = "".join(of_many_kinds(at, random) for at in range(40))
    entry = surveyed(bare(0, MANY_KINDS, as_bytes(bits), 50))
    assert (sum(entry.stations.values()), [reject.reason for reject in entry.rejects]) == (
        40,
        ["the data end before the template"],
    )


SHORT = {
    "a value": (0, [12101], [(28_000, 16)]),
    "a position": (1, [5001, 6001, 22043], [(9_000_000, 25), (18_000_000, 26), (28_000, 15)]),
    "a replication": (0, [101_000, 31001, 12101], [(1, 8), (28_000, 16)]),
}


@pytest.mark.parametrize("count", [15, 3000])
@pytest.mark.parametrize("what", SHORT)
def test_short_subsets_are_all_taken_and_cost_less_than_a_second_a_megabyte(what: str, count: int) -> None:
    category, elements, values = SHORT[what]
    who = [((6, 7), (at % 1000, 10), (2024, 12), (2, 4), (28, 6), (6, 5), (0, 6)) for at in range(count)]
    message = bare(category, [*WHO_AND_WHEN, *elements], as_bytes("".join(figures(*each, *values) for each in who)), count)
    data = message * (200_000 // len(message))
    found = effort.within(1.5 * len(data) / 1e6, lambda: surveyed(data))
    assert sum(found.stations.values()) == count * (200_000 // len(message))
    effort.within(1.5 * len(data) / 1e6, lambda: batches(data))


def test_of_what_days_say_twice_the_first_that_is_there_stands_with_its_own_judgement() -> None:
    who = [(6, 7, ()), (260, 10, (0, 1, 2, 4)), (2024, 12, ()), (2, 4, ()), (28, 6, ()), (6, 5, ()), (0, 6, ())]
    first = [(0, 8, ()), (2, 6, ()), (1, 8, (0, 1, 2, 0)), (28_000, 16, (0, 1, 0, 1))]  # one bit that is set is missing
    then = [(0, 8, ()), (2, 6, ()), (1, 8, ()), (29_000, 16, ())]
    bits = ""
    for value, width, differing in [*who, (1, 8, ()), (5, 6, ()), *first, *then]:
        each = max(differing, default=0).bit_length()
        bits += figures((value, width), (each, 6), *((more, each) for more in differing))
    template = [*WHO_AND_WHEN, 8094, 204_008, 31021, *[8023, 12101] * 2]
    found = [
        (column.values, column.flags)
        for batch in batches(claiming(4, template, as_bytes(bits), compressed=True))
        for column in batch.columns.values()
    ]
    assert found == [([6.85], [3]), ([16.85], [3]), ([6.85], [4]), ([16.85], [3])]


def test_of_a_station_that_is_at_two_places_the_last_stands() -> None:
    there = [0, 1000, 0]
    told = when((9_000_000, 25), (18_000_000, 26), (28000, 16), differences={7: there})
    message = claiming(3, (*WHO_AND_WHEN, 301021, 12101), told, compressed=True)
    for data in (message, message * 2):
        (station,) = [each for each in observations(io.BytesIO(data), Context(key="a.bin")) if isinstance(each, Station)]
        assert station.latitude == 0.0


def test_the_first_of_values_that_say_the_same_stands_until_something_else_is_set() -> None:
    told = when((27315, 16), (28315, 16), (2048 - 10 + 1024, 12), (29315, 16), (30315, 16))
    (batch,) = batches(bare(0, (*WHO_AND_WHEN, 12101, 12101, 4025, 12101, 12101), told))
    assert [column.values for column in batch.columns.values()] == [[0.0]]


def test_values_that_compressed_subsets_say_are_all_taken_as_long_as_they_are_not_far_too_many() -> None:
    told = when(*[(28000, 16)] * 5, differences={1: range(300), 7: range(300)})
    message = claiming(300, (*WHO_AND_WHEN, *[12101] * 5), told, compressed=True)
    found = surveyed(message * 100)
    assert (found.status, found.rows, sum(found.stations.values())) == (Status.OK, 30_000, 30_000)


def test_minutes_of_a_fortnight_are_all_read_however_little_they_differ() -> None:
    minutes = {5: [minute // 60 for minute in range(1080)], 6: [minute % 60 for minute in range(1080)]}
    elements = {12101: 16, 12103: 16, 13003: 7, 11002: 12, 11001: 9, 10004: 14, 10051: 14}
    little = {7 + at: [minute * each % 4 for minute in range(1080)] for at, each in enumerate(elements)}
    told = when(*((50, width) for width in elements.values()), differences=minutes | little)
    found = surveyed(claiming(1080, (*WHO_AND_WHEN, *elements), told, compressed=True) * 14)
    assert (found.status, found.rows, sum(found.stations.values())) == (Status.OK, 15_120, 15_120)


def test_subsets_of_a_compressed_message_say_what_they_say_alone() -> None:
    """Stations, heights and periods that differ or not, values that some lack, and calms."""
    numbers = range(21)
    missing: float = eccodes.CODES_MISSING_DOUBLE
    values: dict[str, list[Any]] = {name: [value] * 21 for name, value in VALUES.items() if not isinstance(value, list)}
    values |= {
        "blockNumber": [6] * 21,
        "stationNumber": [260 + at // 4 for at in numbers],
        "minute": [at % 7 for at in numbers],
        "latitude": [50 + at // 4 / 10 for at in numbers],
        "longitude": [5.18] * 21,
        "heightOfSensorAboveLocalGroundOrDeckOfMarinePlatform": [1.5 + at // 3 % 2 for at in numbers],
        "airTemperature": [missing if at % 5 == 0 else 270 + at * 0.37 for at in numbers],
        "#1#timePeriod": [-6 if at < 9 else -12 for at in numbers],
        "totalPrecipitationOrTotalWaterEquivalent": [at / 10 for at in numbers],
        "windDirection": [at % 4 * 90 for at in numbers],
        "windSpeed": [float(at % 4) for at in numbers],
    }
    template = [*LAND[:5], 7032, *LAND[5:]]
    together = encoded(template, values, subsets=21, compressed=True)
    alone = [encoded(template, {name: value[at] for name, value in values.items()}) for at in numbers]
    assert batches(together) == batches(b"".join(alone))
    assert sum(len(batch.times) for batch in batches(together)) == 21


def test_a_few_reports_at_heights_of_their_own_make_no_wide_table(monkeypatch: pytest.MonkeyPatch) -> None:
    heights = [bare(0, (*WHO_AND_WHEN, 7032, 12101), when((at, 16), (28000, 16))) for at in range(400)]
    whole = [(batch.rows, list(batch.columns)) for batch in batches(b"".join(heights))]
    monkeypatch.setattr(bulletins, "MOST_CELLS", 1000)
    found = batches(b"".join(heights))
    assert max(len(batch.rows) * len(batch.columns) for batch in found) <= 1000
    assert [row for batch in found for row in batch.rows] == [row for rows, _ in whole for row in rows]
    assert {known for batch in found for known in batch.columns} == {known for _, columns in whole for known in columns}


def test_compressed_names_may_be_of_sixty_three_letters() -> None:
    """As many as can be told of each: no number is as wide."""
    values = {name: VALUES[name] for name in ("year", "month", "day", "hour", "minute", "airTemperature")}
    names = ["A" * 63, "B" * 63, "C" * 63]
    template = [208063, 1015, 208000, 301011, 301012, 12101]
    data = encoded(template, values | {"stationOrSiteName": names}, subsets=3, compressed=True)
    assert list(surveyed(data).stations) == names


def test_compressed_subsets_that_are_all_the_same_are_taken_once() -> None:
    alone = surveyed(one())
    values = {name: value[0] if isinstance(value, list) else value for name, value in VALUES.items()}
    made = encoded(LAND, values, subsets=50, compressed=True)
    found = effort.within(0.2, lambda: surveyed(made * 100))
    assert (found.status, found.rows, sum(found.stations.values())) == (Status.OK, 5000, 100)
    assert (found.stations.keys(), found.first) == (alone.stations.keys(), alone.first)
    assert "not taken: 4900 subsets that say what the one before them says" in found.why


@pytest.mark.parametrize("damage", [b"BUFR" * 100_000, b"BUFR\x00\x00\x00\x04" * 5_000, b"BUFR\x0f\x00\x00\x04" * 50_000])
def test_signs_of_messages_that_are_none_cost_one_look_each(damage: bytes) -> None:
    found = effort.within(0.5, lambda: surveyed(one() + damage))
    assert (found.status, found.stations) == (Status.PARTIAL, surveyed(one()).stations)


def test_what_looks_like_messages_within_a_torn_one_is_told_of_once() -> None:
    found = surveyed(one() + b"BUFR\x7f\xff\xff\x04" * 20 + one(1))
    assert [reject.reason.partition(" of ")[0] for reject in found.rejects] == ["the file ends within a message"]
    assert found.rows == 2


def test_small_messages_by_the_thousand_are_found_whatever_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(b"\r\r\nISMD01 EDZW 061200 CCA\r\r\n" + one(number % 2) for number in range(100))
    once = surveyed(data)
    assert "100 messages" in once.why
    for size in (7, 100, 1000):
        monkeypatch.setattr(bufr, "_READ", size)
        assert surveyed(data) == once
