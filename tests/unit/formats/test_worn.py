"""What files go through on their way says nothing of what is in them: line ends, a mark at the beginning, blank lines, a wide
encoding, being packed. So of a file of every format of text."""

import csv
import gzip
import io
import json
from collections.abc import Callable

import pytest

from mesonet.domain.file import Status
from mesonet.domain.observation import Batch
from mesonet.formats.reading import Context
from mesonet.formats.resaved import dialect_of
from mesonet.formats.survey import observations, survey
from tests import effort
from tests.unit.formats import test_documented
from tests.unit.formats.networks import test_dballe, test_ismn, test_networks, test_published_tables, test_wrcc
from tests.unit.formats.noaa import test_asos_one_minute, test_ghcn_monthly
from tests.unit.formats.services import test_coveragejson, test_geojson_observations, test_nws, test_service_xml, test_services

FILES = {
    "ghcn-monthly": test_ghcn_monthly.YEARS,
    "ghcn-monthly, precipitation": test_ghcn_monthly.PRECIPITATION,
    "wrcc": test_wrcc.LISTED,
    "dballe": test_dballe.VALUES,
    "asos-one-minute": test_asos_one_minute.PAGES[0].decode(),
}
EVERY: dict[str, tuple[str, str]] = {name: (text, "network/hut.txt") for name, text in FILES.items()} | {
    f"{kind}: {name}": (text.replace("\r", ""), key(name))
    for kind, cases, key in (
        ("documented", test_documented.CASES, test_documented.key_of),
        ("network", test_networks.CASES, lambda _: "in/garden.csv"),
        ("published", test_published_tables.TABLES, "network/{}.csv".format),
        ("xml", test_service_xml.ANSWERS, "network/{}.xml".format),
        ("json", test_services.ANSWERS, "network/{}.json".format),
    )
    for name, (given, *_) in cases.items()
    for text in [given if isinstance(given, str) else json.dumps(given) if not isinstance(given, bytes) else ""]
    if text
}


def _in_members(text: str) -> bytes:
    data = text.encode()
    return b"".join(gzip.compress(data[at : at + 100], mtime=0) for at in range(0, len(data), 100))


WEAR: dict[str, Callable[[str], bytes]] = {
    "no end": lambda text: text.rstrip("\n").encode(),
    "CR LF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR LF, no end": lambda text: text.rstrip("\n").replace("\n", "\r\n").encode(),
    "CR CR LF": lambda text: text.replace("\n", "\r\r\n").encode(),
    "a mark": lambda text: text.encode("utf-8-sig"),
    "blank lines above": lambda text: f"\n\n{text}".encode(),
    "a mark and blank lines above": lambda text: f"\ufeff\n\n{text}".encode(),
    "blank lines below": lambda text: f"{text}\n\n".encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "gzip of many members": _in_members,
}


def values(data: bytes, key: str = "network/hut.txt") -> list[tuple[object, ...]]:
    return sorted(
        (piece.station_id, at, parameter.id, value, flag)
        for piece in observations(io.BytesIO(data), Context(key=key))
        if isinstance(piece, Batch)
        for parameter, column in piece.columns.items()
        for at, value, flag in zip(piece.times, column.values, column.flags, strict=True)
        if value is not None
    )


@pytest.mark.parametrize("name", EVERY)
def test_what_a_file_went_through_changes_nothing(name: str) -> None:
    text, key = EVERY[name]
    meant = values(text.encode(), key)
    assert {wear for wear, change in WEAR.items() if values(change(text), key) != meant} == set()


@pytest.mark.parametrize("name", FILES)
def test_cut_anywhere_it_says_no_value_that_is_not_in_it_but_for_the_last(name: str) -> None:
    data = FILES[name].encode()
    whole = set(values(data))
    for end in range(len(data) // 2, len(data), max(1, len(data) // 97)):
        assert len(set(values(data[:end])) - whole) <= 1
        survey(io.BytesIO(data[:end]))


ALONE = {name: text for name, (text, _) in EVERY.items() if name.startswith("json: ") and text.startswith("{")} | {
    name: json.dumps(document)
    for name, document in {
        "nws": test_nws.collection(test_nws.observation(), test_nws.observation("KABC")),
        "coverage": test_coveragejson.SERIES,
        "coverages": test_coveragejson.COLLECTION,
        "edr": test_geojson_observations.OBSERVED,
        "ambient": {"data": [{"dateutc": 1718000000000, "tempf": 50.0, "baromrelin": 29.9}]},
    }.items()
}


@pytest.mark.parametrize("name", ALONE)
def test_a_list_of_whole_answers_says_what_each_of_them_says(name: str) -> None:
    answer = ALONE[name].strip()
    meant = values(answer.encode(), "network/hut.json")
    assert meant
    assert {*values(f"[{answer}]".encode(), "network/hut.json")} == {*meant}
    assert {*values(f"[\n{answer},\n{answer}\n]".encode(), "network/hut.json")} == {*meant}


ORDERED = [  # whose header names the columns, so that they may stand anywhere
    *("dballe", "documented: eccc daily", "documented: eccc monthly", "documented: dwd", "documented: dwd hourly"),
    *("documented: dwd until 2017", "documented: chmi", "documented: ecowitt", "documented: ghcnh", "network: tmy3"),
    *("network: pvgis tmy", "network: meteoswiss daily", "network: meteofrance", "network: meteofrance hourly"),
    *("network: meteofrance synop", "network: meteofrance trace", "network: iem", "network: bom"),
    *("published: cosmos-uk days", "published: hungaromet", "published: geosphere"),
]


@pytest.mark.parametrize("name", ORDERED)
def test_columns_are_read_by_their_names_wherever_they_stand(name: str) -> None:
    text, key = EVERY[name]
    rows = list(csv.reader(io.StringIO(text), delimiter=dialect_of(text).delimiter))
    width = max(map(len, rows))
    for turn in (1, 2, width // 2):
        out = io.StringIO()
        turned = ([*row[turn:], *row[:turn]] if len(row) == width else row for row in rows)
        csv.writer(out, delimiter=dialect_of(text).delimiter).writerows(turned)
        assert values(out.getvalue().encode(), key) == values(text.encode(), key) != []


JOINED = {  # whose first lines say of which station the rows below are: what says so there, and of another
    "documented: surfrad": ("Alamosa", "Boulder"),
    "documented: srml": ("94255", "94253"),
    "documented: metoffice": ("Oxford", "Durham"),
    "documented: smhi": ("107420", "107430"),
    "documented: eccc": ("6158355", "6158359"),
    "documented: inmet bdmep": ("A001", "A002"),
    "documented: inmet": ("A701", "A702"),
    "network: epw": ("725650", "725655"),
    "network: tmy3": ("703165", "703160"),
    "network: nsrdb": ("401182", "401183"),
    "network: bsrn": ("06610", "06611"),
    "network: meteireann": ("MACE HEAD", "VALENTIA"),
    "published: ecad source": ("162", "163"),
    "published: midas": ("00708", "00709"),
    "published: bom days": ("066037", "066038"),
    "published: hko days": ("the Hong Kong Observatory", "Sha Tin"),
    "published: cosmos-uk": ("MOORH", "MOORL"),
    "published: bmkg": ("96749", "96745"),
    "published: zentra": ("z6-00930", "z6-00931"),
}


@pytest.mark.parametrize("name", JOINED)
def test_rows_of_joined_files_are_of_the_station_above_them(name: str) -> None:
    text, key = EVERY[name]
    first, other = text.removesuffix("\n") + "\n", text.removesuffix("\n").replace(*JOINED[name]) + "\n"
    apart = [values(each.encode(), key) for each in (first, other)]
    assert len({station for found in apart for station, *_ in found}) == 2
    joined = f"{first}{other}{first}".encode()
    assert values(joined, key) == sorted([*apart[0], *apart[1], *apart[0]])
    found = survey(io.BytesIO(joined), Context(key=key))
    alone = survey(io.BytesIO(first.encode()), Context(key=key))
    assert (found.status, found.rows) == (alone.status, 3 * alone.rows)


def test_rows_of_joined_months_are_of_the_month_above_them() -> None:
    """Rows of BSRN tell but the day."""
    june, key = EVERY["network: bsrn"]
    july = june.replace(" 6 2016", " 7 2016", 1)
    assert values(f"{june}{july}".encode(), key) == sorted(values(june.encode(), key) + values(july.encode(), key))
    assert values(june.encode(), key)[0][1] != values(july.encode(), key)[0][1]


PLACES = "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n{},13.5,38.0,0,GMT,GMT\n\n"
OTHERS = {  # and whose first lines say of which day, place or month: what says so, and of another
    "mdf": (*EVERY["documented: mdf"], "2019 05 08", "2019 05 09"),
    "power": (*EVERY["published: power days"], " 40.0 ", " 41.0 "),
    "open-meteo": (
        f"{PLACES.format(52.5)}time,temperature_2m (°C)\n2024-01-01T00:00,1.5\n2024-01-01T01:00,1.7\n",
        "in/place.csv", "52.5", "48.5",
    ),
    "jma": (test_documented.JMA, "in/jma.csv", "東京", "大阪"),
    "ismn": (test_ismn.SHORT, test_ismn.KEY.format("sm"), "Field#1", "Field#2"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_rows_of_joined_files_are_of_the_day_and_the_place_above_them(name: str) -> None:
    text, key, own, other = OTHERS[name]
    first = text.removesuffix("\n") + "\n"
    apart = [values(each.encode(), key) for each in (first, first.replace(own, other))]
    assert apart[0] != apart[1]
    assert values((first + first.replace(own, other)).encode(), key) == sorted([*apart[0], *apart[1]])


def test_the_second_place_of_a_station_begins_no_other_file() -> None:
    text, key = EVERY["documented: metoffice"]
    moved = text.replace("Missing", "& 653000E 293800N, 18m amsl from Sept 2007\nLat 52.483 Lon 1.727\nMissing", 1)
    assert moved != text
    assert len(values(moved.encode(), key)) == len(values(text.encode(), key))


def test_many_tiny_files_in_one_are_read_only_as_far_as_they_are_few() -> None:
    text, key = EVERY["documented: srml"]
    data = (text.removesuffix("\n") + "\n").encode() * 3000
    found = effort.within(0.6, lambda: survey(io.BytesIO(data), Context(key=key)))
    assert (found.status, found.rejects[-1].reason) == (
        Status.PARTIAL,
        "more than 401 files of less than 2048 bytes, with other first lines each, were joined to one: store them apart",
    )


DAYS = [  # whose rows go on below the same first lines
    *("documented: surfrad", "documented: metoffice", "documented: smhi", "documented: inmet", "documented: inmet bdmep"),
    *("network: epw", "network: tmy3", "network: nsrdb", "network: meteireann"),
]


@pytest.mark.parametrize("name", DAYS)
def test_many_days_of_one_station_are_read_to_their_end_though_each_has_its_first_lines(name: str) -> None:
    text, key = EVERY[name]
    *head, first, second = text.removesuffix("\n").split("\n")
    days = ["\n".join([*head, *rows, ""]) for rows in ((first, second), (second, first))]
    alone = survey(io.BytesIO(text.encode()), Context(key=key))
    found = effort.within(2.0, lambda: survey(io.BytesIO("".join(days * 300).encode()), Context(key=key)))
    assert (found.status, found.rows, found.rejected) == (alone.status, 600 * alone.rows, 600 * alone.rejected)
    assert "times more: they were passed over" in found.why
    assert values("".join(days * 20).encode(), key) == sorted(40 * values(text.encode(), key))
    other = text.removesuffix("\n").replace(*JOINED[name]) + "\n"
    between = "".join([*days * 2, other, *days * 2, other, *days]).encode()
    assert values(between, key) == sorted(10 * values(text.encode(), key) + 2 * values(other.encode(), key))


def test_rows_below_first_lines_that_were_passed_over_have_their_numbers() -> None:
    text, key = EVERY["network: meteireann"]
    *head, first, second = text.removesuffix("\n").split("\n")
    days = [
        "\n".join([*head, *rows, ""]) for rows in ((first, second), (second, first), (second, first.replace(",", ",spam", 4)))
    ]
    found = survey(io.BytesIO("".join([*days[:2] * 5, days[2]]).encode()), Context(key=key))
    assert {reject.row for reject in found.rejects} == {11 * (len(head) + 2)}
