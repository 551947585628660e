"""Lines that sensors send and a logger stamps: NMEA 0183 and Vaisala's transmitters."""

import io
from functools import reduce
from operator import xor

import pytest

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import Mapping, TimeColumns
from mesonet.domain.observation import Batch
from mesonet.domain.station import Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests import effort

WIND = "0R1,Dn=236D,Dm=283D,Dx=031D,Sn=0.0M,Sm=1.0M,Sx=2.2M"
AIR = "0R2,Ta=23.6C,Ua=14.2P,Pa=1026.6H"
RAIN = "0R3,Rc=0.10M,Rd=10s,Ri=1.2M,Hc=0.0M,Hd=0s,Hi=0.0M"
WXT = "".join(f"2024-03-06T12:00:{second:02}Z {each}\n" for second, each in enumerate((WIND, AIR, RAIN)))
LONDON = Mapping(prefix="", station="harbour", time=TimeColumns(columns=("t",), zone="Europe/London"), columns=())


def sentence(text: str) -> str:
    return f"${text}*{reduce(xor, text.encode()):02X}"


GPS = sentence("GPRMC,120000.00,A,4807.038,N,01131.000,E,000.1,084.4,060324,003.1,W")
MDA = sentence("WIMDA,29.9870,I,1.0155,B,12.3,C,,,60.1,,4.8,C,270.0,T,265.0,M,6.6,N,3.4,M")
MWV = sentence("WIMWV,240.0,R,3.5,M,A")
ZDA = sentence("GPZDA,120000.00,06,03,2024,00,00")
XDR = sentence("WIXDR,C,20.3,C,TA1,H,90,P,RH1,C,15.3,C,DP1,P,101310,P,PA1")
FILES = [  # what tests of all formats take a file from
    "".join(f"{each}\r\n" for each in (GPS, MDA, MWV, XDR, ZDA, MWV, XDR, sentence("HCHDG,101.1,,,7.1,W"), MWV)).encode(),
    "".join(f"[2024/03/06 12:0{at}:00 +02:00] {each}\n" for at, each in enumerate((MDA, XDR, MWV, MDA, XDR))).encode(),
    "".join(f"{1709726400 + at}.25\t{MWV}\t{MDA}\n" for at in range(20)).encode(),
    "".join(f"03.10.2018;00:00:{at:02};UTC;2.2b;01;1;2;{WIND}\n" for at in range(20)).encode(),
    "".join(f"1709726{at}000 {each}\n" for at in range(400, 420) for each in (AIR, RAIN.replace("0R", "1r") + "I[B")).encode(),
    "".join(f"20181003,00:0{at},0R0,Dm=000#,Sm=36.0K,Ta=74.3F,Pa=1.0058B\r\n" for at in range(10)).encode(),
]


def looked_at(text: str, mapping: Mapping | None = None) -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key="in/mast-20240306.txt", mapping=mapping))


def values(text: str, mapping: Mapping | None = None) -> dict[str, list[float | None]]:
    found: dict[str, list[float | None]] = {}
    for piece in observations(io.BytesIO(text.encode()), Context(key="in/mast-20240306.txt", mapping=mapping)):
        if isinstance(piece, Batch):
            for parameter, column in piece.columns.items():
                found.setdefault(parameter.id, []).extend(column.values)
    return found


def first(text: str, mapping: Mapping | None = None) -> str:
    entry = looked_at(text, mapping)
    return iso(entry.first) if entry.first is not None else ""


def test_a_transmitter_of_vaisala_says_names_values_and_letters_for_units() -> None:
    entry = looked_at(WXT.removesuffix("\n"))
    assert (entry.recognition.format, entry.status, entry.rows) == ("vaisala-wxt", Status.OK, 3)
    assert entry.stations == {"wxt_mast": 3}
    assert (entry.claims["station"], entry.claims["zone"]) == (Claim.INFERRED, Claim.READ)
    assert values(WXT) == {
        "wind_from_direction": [283],
        "wind_speed": [1],
        "wind_speed_of_gust": [2.2],
        "air_temperature": [23.6],
        "relative_humidity": [14.2],
        "air_pressure": [1026.6],
        "rainfall_rate": [1.2],
    }
    assert "Rc" in entry.why


@pytest.mark.parametrize(
    ("stamp", "instant"),
    [
        ("2018-10-03T00:00:01.190590,", "2018-10-03T00:00:01Z"),
        ("[2018/10/03 00:00:01 +02:00] ", "2018-10-02T22:00:01Z"),
        ("1538524801\t", "2018-10-03T00:00:01Z"),
        ("1538524801.25 ", "2018-10-03T00:00:01Z"),
        ("1538524801250;", "2018-10-03T00:00:01Z"),
        ("20181003,00:01,", "2018-10-03T00:01:00Z"),
        ("20181003T000001Z ", "2018-10-03T00:00:01Z"),
        ("03.10.2018;00:00:01;UTC;2.2b;01;1;2;", "2018-10-03T00:00:01Z"),
        ("03.10.2018 0:00:01 ", "2018-10-03T00:00:01Z"),
        ("30/10/2018 00:00:01,", "2018-10-30T00:00:01Z"),
        ("10/30/2018 00:00:01,", "2018-10-30T00:00:01Z"),
    ],
)
def test_the_time_is_the_stamp_that_a_logger_wrote_before(stamp: str, instant: str) -> None:
    assert first(stamp + AIR) == instant


def test_without_a_zone_a_stamp_is_of_utc_or_of_the_mapping_s_zone() -> None:
    line = f"2024-07-01 12:00:00 {AIR}"
    assert looked_at(line).claims["zone"] is Claim.INFERRED
    assert looked_at(line, LONDON).stations == {"harbour": 1}
    assert (first(line), first(line, LONDON)) == ("2024-07-01T12:00:00Z", "2024-07-01T11:00:00Z")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (AIR, "no date and time stand before it"),
        (f"03/06/2024 12:00:00 {AIR}", "which comes first, day or month?"),
        (f"2024-02-30 12:00:00 {AIR}", "not an ISO 8601 time"),
    ],
)
def test_a_line_whose_time_nobody_knows_is_a_reject_that_says_so(line: str, reason: str) -> None:
    entry = looked_at(line)
    assert (entry.status, len(entry.rejects)) == (Status.REJECTED, 1)
    assert (entry.rejects[0].row, entry.rejects[0].column) == (1, "time")
    assert reason in entry.rejects[0].reason


def test_what_a_transmitter_does_not_have_is_missing_and_what_is_damaged_is_told() -> None:
    text = WXT + "2024-03-06T12:00:03Z 0R0,Dm=000#,Sm=0.0#,Ta=2x.6C,Pa=3Q\nnoise\n"
    entry = looked_at(text)
    assert [(each.row, each.column, each.value) for each in entry.rejects] == [
        (4, "Pa", "Q"), (5, None, "noise"), (4, "Ta", "2x.6"),
    ]  # fmt: skip
    assert (values(text)["wind_speed"], values(text)["air_temperature"]) == ([1, None], [23.6, None])


def test_the_three_characters_of_a_check_sum_are_no_part_of_the_value() -> None:
    assert values("2024-03-06T12:00:03Z 0r1,Dm=057D,Sm=0.4M,Sx=0.5MI[B")["wind_speed_of_gust"] == [0.5]


@pytest.mark.parametrize(
    ("told", "parameter", "value"),
    [("Ta=74.3F", "air_temperature", 23.5), ("Sm=36.0K", "wind_speed", 10), ("Pa=1.0058B", "air_pressure", 1005.8)],
)
def test_the_letter_behind_a_value_is_its_unit(told: str, parameter: str, value: float) -> None:
    assert values(f"2024-03-06T12:00:03Z 0R0,{told}")[parameter] == [value]


@pytest.mark.parametrize("north", ["nan", "9999.0", "inf"])
def test_a_receiver_whose_position_cannot_be_tells_neither_place_nor_time(north: str) -> None:
    text = f"{sentence(GPS[1:-3].replace('4807.038', north))}\n{MWV}\n2024-03-06T13:00:00Z {MWV}\n"
    assert [each.row for each in looked_at(text).rejects] == [2]
    assert not [each for each in observations(io.BytesIO(text.encode()), Context(key="mast.txt")) if isinstance(each, Station)]


def test_two_transmitters_on_one_line_are_two_stations() -> None:
    assert looked_at(WXT + WXT.replace("0R", "1R")).stations == {"wxt_mast": 3, "wxt_mast_1": 3}


def test_sentences_of_nmea_are_of_the_time_that_a_receiver_tells_among_them() -> None:
    text = "\r\n".join((GPS, MDA, MWV))
    entry = looked_at(text)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == ("nmea", Status.OK, 2, {"nmea_mast": 2})
    assert first(text) == "2024-03-06T12:00:00Z"
    (place,) = (each for each in observations(io.BytesIO(text.encode()), Context(key="mast.txt")) if isinstance(each, Station))
    assert place.position == (48.1173, 11.516667)
    assert values(text) == {
        "air_pressure": [1015.5],
        "air_temperature": [12.3],
        "relative_humidity": [60.1],
        "dew_point_temperature": [4.8],
        "wind_from_direction": [270, 240],
        "wind_speed": [3.4, 3.5],
    }


@pytest.mark.parametrize("clock", [ZDA, "", GPS.replace(",A,", ",V,")])
def test_a_stamp_goes_before_the_receiver_and_without_both_there_is_no_time(clock: str) -> None:
    text = f"{clock}\n{MWV}\n2024-03-06T13:00:00Z {MWV}\n"
    entry = looked_at(text)
    if clock.startswith("$GPZDA"):
        assert (first(text), entry.status) == ("2024-03-06T12:00:00Z", Status.OK)
    else:
        fault = next(each for each in entry.rejects if each.row == 2)
        assert (fault.column, fault.reason.startswith("no stamp")) == ("time", True)
        assert first(text) == "2024-03-06T13:00:00Z"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("C,20.3,C,TA1,H,90,P,RH1,C,15.3,C,DP1,P,101310,P,PA1", (20.3, 90, 1013.1)),
        ("A,236,D,0,S,1.0,M,1,C,23.6,C,0,C,25.1,C,1,H,14.2,P,0,P,1026.6,H,0", (23.6, 14.2, 1026.6)),
        ("C,+023.1,C,TEMP,P,0.9989,B,PRESS,H,040,P,RH", (23.1, 40, 998.9)),
        ("C,-3.0,C,ENV_OUTSIDE_T,P,101.5,X,Barometer", (-3, None, None)),
        ("C,036.5,C,", (None, None, None)),
        ("C,13.2,C,WCHR,C,13.2,C,HINX,P,1.0101,B,STNP", (None, None, 1010.1)),
    ],
)
def test_a_transducer_is_the_weather_s_where_its_name_says_so(told: str, expected: tuple[float | None, ...]) -> None:
    found = values(f"2024-03-06T13:00:00Z {sentence(f'WIXDR,{told}')}\n")
    assert tuple(found.get(name, [None])[0] for name in ("air_temperature", "relative_humidity", "air_pressure")) == expected


def test_the_wind_of_a_vessel_under_way_is_left() -> None:
    text = "\n".join((GPS, sentence("HCHDG,101.1,,,7.1,W"), MWV, MDA))
    assert values(text)["wind_speed"] == [3.4]
    assert "vessel under way" in looked_at(text).why


def test_the_wind_of_a_receiver_that_moves_is_left_from_there_on() -> None:
    moves = [sentence(f"GPRMC,1301{at:02d},A,6012.345,N,02457.890,E,{at}.4,084.4,060324,,") for at in (0, 12)]
    text = "\n".join((moves[0], MWV, moves[1], MWV, MDA))
    assert values(text)["wind_speed"] == [3.5, 3.4]
    assert "vessel under way" in looked_at(text).why


@pytest.mark.parametrize("bad", [MWV.replace("240", "241"), "garbage", "$WIMWV,24"])
def test_a_sentence_that_is_damaged_is_told_by_its_row(bad: str) -> None:
    text = f"{GPS}\n{MWV}\n{bad}\n{MWV}\n"
    assert [each.row for each in looked_at(text).rejects] == ([] if bad == "$WIMWV,24" else [3])
    assert values(text)["wind_speed"] == [3.5, 3.5]


@pytest.mark.parametrize("text", [WXT, f"{GPS}\n{MDA}\n{MWV}\n", f"1709726400 {MDA}\n"])
def test_sentences_cost_less_than_a_second_a_megabyte(text: str) -> None:
    data = text * (500_000 // len(text))
    effort.within(0.5, lambda: looked_at(data))


def test_other_sentences_of_nmea_are_no_weather() -> None:
    assert looked_at(f"{GPS}\n" * 5).recognition.format != "nmea"
