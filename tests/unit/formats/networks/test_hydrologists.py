"""Time series as hydrologists exchange them: Delft-FEWS' Published Interface and Enhydris. Each sample is generated."""

import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Column
from mesonet.domain.parameter import parse
from mesonet.domain.station import Station
from mesonet.formats.networks import hts, pi_xml
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests.unit.formats.json_files import batches, surveyed
from tests.unit.formats.noaa.files import batches as read


def _series(
    parameter: str, kind: str, unit: str, *events: str, step: str = 'unit="second" multiplier="3600"', more: str = ""
) -> str:
    return (
        f"<series><header><type>{kind}</type><locationId>Hill</locationId>"
        f"<parameterId>{parameter}</parameterId><timeStep {step}/>"
        f'<startDate date="2024-01-01" time="01:00:00"/>{more}<missVal>-999.0</missVal><stationName>Hill top</stationName>'
        f"<lat>52.1</lat><lon>5.2</lon><z>12.5</z><units>{unit}</units></header>{''.join(events)}</series>"
    )


def _event(hour: int, value: str, flag: int = 0) -> str:
    return f'<event date="2024-01-01" time="{hour:02d}:00:00" value="{value}" flag="{flag}"/>'


def _document(*series: str, zone: str = "1.0") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<TimeSeries xmlns="http://www.wldelft.nl/fews/PI" version="1.2">\n'
        f"<timeZone>{zone}</timeZone>\n{''.join(series)}</TimeSeries>\n"
    )


RAIN = _series("P.obs", "accumulative", "mm", _event(1, "0.2"), _event(2, "-999.0", 9), _event(3, "1.4", 3), _event(4, "99", 6))
PI_XML = _document(RAIN, _series("Air temperature", "instantaneous", "oC", _event(1, "5.5"))).encode()
HTS = (
    b"Unit=mm\r\nTitle=Rain gauge\r\nTimezone=+0200\r\nTime_step=10min\r\nVariable=Precipitation\r\n"
    b"Location=21.06 39.09 4326\r\nAltitude=219.2\r\n\r\n"
    b"2024-01-01 00:10,0.2,\r\n2024-01-01 00:20,,RANGE\r\n2024-01-01 00:30,1.4,SUSPECT\r\n"
)
RAIN_OF_AN_HOUR, RAIN_OF_MINUTES = "precipitation_amount:0:sum:PT1H", "precipitation_amount:0:sum:PT10M"


def looked_at(data: bytes | str, key: str = "in/gauge.hts") -> Survey:
    return survey(io.BytesIO(data.encode() if isinstance(data, str) else data), Context(key=key))


def column_of(data: bytes, parameter: str) -> Column:
    return next(each.columns[parse(parameter)] for each in read(data) if parse(parameter) in each.columns)


def test_events_of_pi_xml_end_what_they_are_of_in_the_zone_of_the_document() -> None:
    entry = looked_at(PI_XML)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (pi_xml.NAME, Status.OK, 5, {"Hill": 5})
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("2024-01-01T00:00:00Z", "2024-01-01T03:00:00Z")
    rain = column_of(PI_XML, RAIN_OF_AN_HOUR)
    assert (rain.values, rain.flags) == ([0.2, None, 1.4, 99.0], [2, 9, 3, 4])
    assert column_of(PI_XML, "air_temperature").values == [5.5]
    (place,) = [each for each in observations(io.BytesIO(PI_XML)) if isinstance(each, Station)]
    assert (place.name, place.latitude, place.longitude, place.elevation_m) == ("Hill top", 52.1, 5.2, 12.5)


@pytest.mark.parametrize(
    ("series", "why"),
    [
        (_series("P.obs", "instantaneous", "mm", _event(1, "1")), "it is no amount, since its type is instantaneous"),
        (
            _series("P.obs", "accumulative", "mm", _event(1, "1"), step='unit="nonequidistant"'),
            "nothing tells over how long its sum",
        ),
        (_series("P.obs", "accumulative", "m3/s", _event(1, "1")), "m3/s"),
        (_series("P.obs", "sampled", "mm", _event(1, "1")), "its type is 'sampled'"),
        (_series("P.obs", "accumulative", "mm", _event(1, "1"), more="<ensembleId>EPS</ensembleId>"), "it is a forecast"),
        (_series("H.obs", "instantaneous", "m", _event(1, "1")), "no parameter for them: H.obs"),
        (_series("T.obs", "instantaneous", "oC", _event(1, "1")), "no parameter for them: T.obs"),
    ],
)
def test_a_series_of_pi_xml_that_may_be_of_something_else_is_named_and_left(series: str, why: str) -> None:
    entry = looked_at(_document(series))
    assert (entry.status, entry.rows) == (Status.REJECTED, 1)
    assert why in entry.why
    assert looked_at(_document(series, RAIN)).status is Status.PARTIAL


@pytest.mark.parametrize(
    ("step", "parameter"),
    [
        ('unit="day"', "precipitation_amount:0:sum:PT24H"),
        ('unit="hour" multiplier="1" divider="4"', "precipitation_amount:0:sum:PT15M"),
    ],
)
def test_steps_of_pi_xml_are_what_sums_are_taken_over(step: str, parameter: str) -> None:
    assert column_of(
        _document(_series("P.obs", "accumulative", "mm", _event(9, "1"), step=step)).encode(), parameter
    ).values == [1.0]


def test_an_extreme_of_pi_xml_is_one_of_its_step() -> None:
    data = _document(_series("Air temperature max", "instantaneous", "oC", _event(9, "7.5"), step='unit="day"'))
    assert column_of(data.encode(), "air_temperature:2:maximum:PT24H").values == [7.5]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<timeZone>1.0<", "<timeZone>CET<", "timeZone is no number of hours ahead of GMT: 'CET'"),
        ('date="2024-01-01" time="02', 'date="01-01-2024" time="02', "not a time such as"),
        (">Hill<", "><", "there is no locationId"),
        ("</series></TimeSeries>", "</ser", "the XML ends in its middle"),
    ],
)
def test_what_pi_xml_lacks_is_a_reject(old: str, new: str, reason: str) -> None:
    assert any(reason in each.reason for each in looked_at(PI_XML.decode().replace(old, new)).rejects)


def test_series_of_pi_xml_whose_values_stand_in_a_file_beside_it_say_so() -> None:
    (reject,) = looked_at(_document(_series("P.obs", "accumulative", "mm"))).rejects
    assert "binary file (.bin)" in reject.reason


def test_pi_json_is_read_as_pi_xml() -> None:
    head = {
        "type": "accumulative",
        "locationId": "Hill",
        "parameterId": "P.obs",
        "missVal": "-999.0",
        "units": "mm",
        "lat": "52.1",
    }
    head |= {"lon": "5.2", "stationName": "Hill top"}
    step = {"unit": "second", "multiplier": "3600"}
    events = [
        {"date": "2024-01-01", "time": f"0{hour}:00:00", "value": value, "flag": "3"}
        for hour, value in ((1, "1.5"), (2, "-999"))
    ]
    document = {"version": "1.25", "timeZone": "1.0", "timeSeries": [{"header": {**head, "timeStep": step}, "events": events}]}
    entry = surveyed(document)
    assert (entry.recognition.format, entry.status, iso(entry.first or 0)) == (
        "service-json",
        Status.OK,
        "2024-01-01T00:00:00Z",
    )
    assert [(each.values, each.flags) for batch in batches(document) for each in batch.columns.values()] == [
        ([1.5, None], [3, 9])
    ]


def test_rows_of_hts_end_their_step_in_the_zone_of_the_head() -> None:
    entry = looked_at(HTS)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (hts.NAME, Status.OK, 3, {"hts_gauge": 3})
    assert iso(entry.first or 0) == "2023-12-31T22:10:00Z"
    rain = column_of(HTS, RAIN_OF_MINUTES)
    assert (rain.values, rain.flags) == ([0.2, None, 1.4], [2, 9, 3])
    (place,) = [each for each in observations(io.BytesIO(HTS)) if isinstance(each, Station)]
    assert (place.name, place.latitude, place.longitude, place.elevation_m) == ("Rain gauge", 39.09, 21.06, 219.2)


@pytest.mark.parametrize(("of", "position"), [(b"4326", (39.09, 21.06)), (b"2100", None)])
def test_places_of_hts_are_taken_in_degrees_alone(of: bytes, position: tuple[float, float] | None) -> None:
    data = HTS.replace(b"4326", of)
    places = [each for each in observations(io.BytesIO(data)) if isinstance(each, Station)]
    assert [(each.latitude, each.longitude) for each in places] == ([position] if position else [])


@pytest.mark.parametrize(
    ("head", "parameter"),
    [
        ("Version=2\nUnit=mm\nTime_step=10,0\nTimezone=EET (UTC+0200)\nVariable=Rainfall", "precipitation_amount:0:sum:PT10M"),
        ("unit = °C\nTime_step=H\nInterval_type=average\nVariable=Air temperature", "air_temperature:2:mean:PT1H"),
        ("Unit=°C\nTime_step=1440,0\nInterval_type=maximum\nVariable=Air temperature", "air_temperature:2:maximum:PT24H"),
        ("Unit=m/s\nTimezone=+0000\nVariable=Wind speed", "wind_speed"),
    ],
)
def test_heads_of_hts_say_what_their_values_are(head: str, parameter: str) -> None:
    (batch,) = read(f"{head}\n\n2024-01-01 00:00,1.5,\n")
    assert [each.id for each in batch.columns] == [parameter]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Variable=Precipitation", "Variable=Water level", "the name leaves doubt"),
        ("Time_step=10min\r\n", "", "nothing tells over how long its sum is"),
        ("Unit=mm", "Unit=m3/s", "m3/s"),
    ],
)
def test_a_series_of_hts_that_may_be_of_something_else_is_rejected_with_why(old: str, new: str, reason: str) -> None:
    entry = looked_at(HTS.decode().replace(old, new))
    assert entry.status is Status.REJECTED
    assert reason in entry.rejects[0].reason


@pytest.mark.parametrize("between", [b"", b"\r\n"])
def test_a_joined_series_of_hts_is_none_of_the_first(between: bytes) -> None:
    """The second's temperatures were rain of the first."""
    second = HTS.replace(b"Variable=Precipitation", b"Variable=Air temperature").replace(b"Unit=mm", b"Unit=Cel")
    entry = looked_at(HTS + between + second)
    assert (entry.status, entry.stations) == (Status.PARTIAL, {"hts_gauge": 3})
    (fault,) = entry.rejects
    assert (fault.row, "another file with first lines of its own begins here" in fault.reason) == (12 + bool(between), True)


@pytest.mark.parametrize(("zone", "first"), [("EET", "2023-12-31T22:10:00Z"), ("UTC", "2024-01-01T00:10:00Z")])
def test_a_zone_of_hts_may_be_called_by_its_short_name(zone: str, first: str) -> None:
    data = HTS.replace(b"+0200", zone.encode())
    assert iso(read(data)[0].times[0]) == first
    assert "time zone" not in looked_at(data).why


def test_a_zone_of_hts_that_nobody_knows_is_told_with_what_was_taken() -> None:
    why = looked_at(HTS.replace(b"+0200", b"Nowhere")).why
    assert "no time zone that is known ('Nowhere'): times were taken as UTC" in why
