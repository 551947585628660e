from datetime import UTC, datetime

import pytest

from mesonet.domain.instant import from_datetime, iso
from mesonet.domain.mapping import TimeColumns
from mesonet.errors import InvalidMapping
from mesonet.formats import times
from mesonet.formats.tables import proposed_times
from mesonet.formats.times import clock


def read(texts: list[str], form: str = "iso", zone: str = "UTC", station: str = "A") -> list[str]:
    hands = clock(TimeColumns(columns=("t",), format=form, zone=zone))
    hands.learn(set(texts))
    assert not hands.faults
    return [iso(at) for at in hands.resolve(texts, station)[0]]


def fault(text: str, form: str = "iso", zone: str = "UTC") -> str:
    hands = clock(TimeColumns(columns=("t",), format=form, zone=zone))
    hands.learn({text})
    return hands.faults[text]


@pytest.mark.parametrize(
    ("text", "form", "zone", "expected"),
    [
        ("30-Mär-2024 06:00", "%d-%b-%Y %H:%M", "UTC", "2024-03-30T06:00:00Z"),
        ("3 août 2024 06:00", "%d %b %Y %H:%M", "UTC", "2024-08-03T06:00:00Z"),
        ("3 juil. 2024 06:00", "%d %b %Y %H:%M", "UTC", "2024-07-03T06:00:00Z"),
        ("3 dic 2024 06:00", "%d %b %Y %H:%M", "UTC", "2024-12-03T06:00:00Z"),
        ("2024-07-03 06:00 CEST", "%Y-%m-%d %H:%M %Z", "UTC", "2024-07-03T04:00:00Z"),
        ("2024-07-03 06:00 AEDT", "%Y-%m-%d %H:%M %Z", "UTC", "2024-07-02T19:00:00Z"),
        ("Mär 03 2024", "%b %d %Y", "UTC", "2024-03-03T00:00:00Z"),
        ("2013-01-01T06:00:00Z", "iso", "UTC", "2013-01-01T06:00:00Z"),
        ("2013-01-01 06:00", "iso", "-05:00", "2013-01-01T11:00:00Z"),
        ("2013-01-01T06:00:00+02:00", "iso", "America/New_York", "2013-01-01T04:00:00Z"),
        ("2013-01-01 06:00:00 UTC", "iso", "America/New_York", "2013-01-01T06:00:00Z"),
        ("20130101T0600Z", "iso", "UTC", "2013-01-01T06:00:00Z"),
        ("2013-01-01t06:00:00z", "iso", "+02:00", "2013-01-01T06:00:00Z"),
        ("2013-01-01t06:00:00.5+01:00", "iso", "UTC", "2013-01-01T05:00:00.500Z"),
        ("2013-01-01 06:00 utc", "iso", "+02:00", "2013-01-01T06:00:00Z"),
        ("2013-01-01t24:00z", "iso", "UTC", "2013-01-02T00:00:00Z"),
        ("2024-165t06:30z", "iso", "UTC", "2024-06-13T06:30:00Z"),
        ("2013-01-01 06:00z", "%Y-%m-%d %H:%M%z", "+02:00", "2013-01-01T06:00:00Z"),
        ("2013-01-01", "iso", "UTC", "2013-01-01T00:00:00Z"),
        ("2024-165T06:30Z", "iso", "UTC", "2024-06-13T06:30:00Z"),
        ("2024-366", "iso", "UTC", "2024-12-31T00:00:00Z"),
        ("3.7.2024 06:00 MESZ", "%d.%m.%Y %H:%M %Z", "UTC", "2024-07-03T04:00:00Z"),
        ("2013-01-01T24:00", "iso", "UTC", "2013-01-02T00:00:00Z"),
        (" 2013-01-01T06:00:00.25Z ", "iso", "UTC", "2013-01-01T06:00:00.250Z"),
        ("45292.0069444", "excel", "UTC", "2024-01-01T00:10:00Z"),
        ("45292", "excel", "-05:00", "2024-01-01T05:00:00Z"),
        ("61", "excel", "UTC", "1900-03-01T00:00:00Z"),
        ("738976.5", "matlab", "UTC", "2023-03-31T12:00:00Z"),
        ("2451545.0", "julian_date", "UTC", "2000-01-01T12:00:00Z"),  # J2000
        ("51544.5", "modified_julian_date", "UTC", "2000-01-01T12:00:00Z"),
        ("2024 60.75", "%Y %j", "UTC", "2024-02-29T18:00:00Z"),
        ("2023 365.99999", "%Y %j", "UTC", "2023-12-31T23:59:59Z"),
        ("2024.5", "decimal_year", "UTC", "2024-07-02T00:00:00Z"),
        ("2023.0", "decimal_year", "UTC", "2023-01-01T00:00:00Z"),
        ("2023.00001903", "decimal_year", "UTC", "2023-01-01T00:10:00Z"),
        ("1596247200", "epoch", "UTC", "2020-08-01T02:00:00Z"),
        ("1596250800000", "epoch_ms", "UTC", "2020-08-01T03:00:00Z"),
        ("01.02.2012 7:05", "%d.%m.%Y %H:%M", "UTC", "2012-02-01T07:05:00Z"),
        ("2/1/2012 12:30 AM", "%m/%d/%Y %I:%M %p", "UTC", "2012-02-01T00:30:00Z"),
        ("201202010705", "%Y%m%d%H%M", "UTC", "2012-02-01T07:05:00Z"),
        ("2018 291 2359", "%Y %j %H%M", "UTC", "2018-10-18T23:59:00Z"),
        ("2018 60 2400", "%Y %j %H%M", "UTC", "2018-03-02T00:00:00Z"),
        ("2018-03-01 09:00 EDT", "%Y-%m-%d %H:%M %Z", "UTC", "2018-03-01T13:00:00Z"),
        ("2018-03-01 09:00 PST", "%Y-%m-%d %H:%M %Z", "UTC", "2018-03-01T17:00:00Z"),
        ("1/3/2018 9:00:05 p. m.", "%d/%m/%Y %I:%M:%S %p", "UTC", "2018-03-01T21:00:05Z"),
        ("2018 60 900", "%Y %j %H%M", "UTC", "2018-03-01T09:00:00Z"),
        ("2018 60 0", "%Y %j %H%M", "UTC", "2018-03-01T00:00:00Z"),
        ("2018 60 45", "%Y %j %H%M", "UTC", "2018-03-01T00:45:00Z"),
        ("1 Feb 2012 07:05", "%d %b %Y %H:%M", "UTC", "2012-02-01T07:05:00Z"),
        ("01.02.2012 24:00", "%d.%m.%Y %H:%M", "UTC", "2012-02-02T00:00:00Z"),
        ("2012-02-01 07:05 +0530", "%Y-%m-%d %H:%M %z", "UTC", "2012-02-01T01:35:00Z"),
        ("2012-07-01 07:05", "%Y-%m-%d %H:%M", "Europe/Berlin", "2012-07-01T05:05:00Z"),
        ("99-07-01 07:05", "%y-%m-%d %H:%M", "UTC", "1999-07-01T07:05:00Z"),
    ],
)
def test_a_time_is_understood_as_written(text: str, form: str, zone: str, expected: str) -> None:
    assert read([text], form, zone) == [expected]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "iso"),
        ("yesterday", "iso"),
        ("2013-02-30", "iso"),
        ("1596247200", "iso"),
        ("1e999999", "epoch"),
        ("nan", "epoch"),
        ("99999999999999", "epoch"),
        ("31.04.2012 07:00", "%d.%m.%Y %H:%M"),
        ("2012-02-01", "%d.%m.%Y"),
        ("2012-W05-3", "%Y-%m-%d"),
        ("2012-02-01 25:00", "%Y-%m-%d %H:%M"),
        ("2013 366", "%Y %j"),
        ("2013 366.5", "%Y %j"),
        ("2013 0.5", "%Y %j"),
        ("2013 60.5 12", "%Y %j %H"),
        ("60443", "julian_date"),
        ("2018-03-01 13", "%Y-%m-%d %H%M"),
        ("60", "excel"),
        ("2958466", "excel"),
        ("nan", "excel"),
        ("45292.5", "matlab"),
        ("1599", "decimal_year"),
        ("-2023.5", "decimal_year"),
        ("2018 60 5", "%Y %j %H%M"),
    ],
)
def test_a_text_that_is_no_time_says_so(text: str, form: str) -> None:
    assert fault(text, form)


@pytest.mark.parametrize("zone", ["UTC", "-05:00", "+14:00"])
@pytest.mark.parametrize("form", ["parts", "%Y%m%d%H%M", "%Y%m%d%H", "iso", "%Y-%m-%d %H:%M"])
def test_a_time_whose_date_and_time_of_day_are_known_is_what_it_is_alone(form: str, zone: str) -> None:
    columns = ("year", "month", "day", "hour", "minute")[: 5 if form == "parts" else 1]
    dates = [
        f"{day} {clock}".split() for day in _DATES for clock in ("00 00", "06 30", "23 59", "24 00", "25 00", "6 5", "12 61")
    ]
    if form == "parts":
        keys: list[str | tuple[str, ...]] = [tuple(parts) for parts in dates]
    else:
        signs = {"iso": "{}-{}-{}T{}:{}", "%Y-%m-%d %H:%M": "{}-{}-{} {}:{}", "%Y%m%d%H": "{}{}{}{}"}
        keys = [signs.get(form, "{}{}{}{}{}").format(*parts) for parts in dates]
    together = clock(TimeColumns(columns=columns, format=form, zone=zone))
    for key in keys:
        alone = clock(TimeColumns(columns=columns, format=form, zone=zone))
        together.learn({key})
        alone.learn({key})
        assert (together.instants.get(key), together.faults) == (alone.instants.get(key), alone.faults)


_DATES = ("2024 02 28", "2024 02 29", "2023 02 29", "2024 13 01", "0001 01 01", "9999 12 31", "1969 12 31", " 2024 3 1")


def test_two_digits_are_minutes_only_beside_a_clock_of_hours_and_minutes() -> None:
    assert [text[11:16] for text in read(["2018 60 5", "2018 60 1330"], "%Y %j %H%M")] == ["00:05", "13:30"]
    assert [text[11:16] for text in read(["2018 60 10", "2018 60 50"], "%Y %j %H%M")] == ["00:10", "00:50"]
    assert "%H for hours" in fault("2018 60 13", "%Y %j %H%M")


def test_a_repeated_hour_is_told_apart_by_the_order_of_the_rows() -> None:
    texts = [
        "2013-11-03 00:30",
        "2013-11-03 01:00",
        "2013-11-03 01:30",
        "2013-11-03 01:00",
        "2013-11-03 01:30",
        "2013-11-03 02:00",
    ]
    assert [text[11:16] for text in read(texts, zone="America/New_York")] == [
        "04:30",
        "05:00",
        "05:30",
        "06:00",
        "06:30",
        "07:00",
    ]


def test_a_repeated_hour_is_told_apart_where_the_newest_row_comes_first() -> None:
    texts = ["2013-11-03 02:00", "2013-11-03 01:00", "2013-11-03 01:00", "2013-11-03 00:00"]
    assert [text[11:16] for text in read(texts, zone="America/New_York")] == ["07:00", "06:00", "05:00", "04:00"]


def test_each_station_has_its_own_repeated_hour() -> None:
    hands = clock(TimeColumns(columns=("t",), zone="America/New_York"))
    texts = ["2013-11-03 01:00"] * 4
    hands.learn(set(texts))
    times, told_apart = hands.resolve(texts, ["JFK", "LGA", "JFK", "LGA"])
    assert [iso(at)[11:13] for at in times] == ["05", "05", "06", "06"]
    assert told_apart == 4


def test_a_repeated_hour_is_told_apart_across_chunks() -> None:
    hands = clock(TimeColumns(columns=("y", "m", "d", "h"), format="parts", zone="America/New_York"))
    first, second = ("2013", "11", "3", "1"), ("2013", "11", "03", "01")
    hands.learn({first})
    hands.learn({second})
    assert iso(hands.resolve([first], "JFK")[0][0]) == "2013-11-03T05:00:00Z"
    assert iso(hands.resolve([second], "JFK")[0][0]) == "2013-11-03T06:00:00Z"


def test_an_hour_that_never_was_is_refused_with_the_reason() -> None:
    assert fault("2013-03-10 02:30", zone="America/New_York") == (
        "2013-03-10 02:30 does not exist in America/New_York, where clocks were put forward then"
    )


def test_every_quarter_of_an_hour_of_a_year_agrees_with_zoneinfo() -> None:
    from zoneinfo import ZoneInfo

    for zone in ("Australia/Lord_Howe", "Asia/Kathmandu", "Europe/Dublin", "Pacific/Apia"):
        texts = [
            iso(from_datetime(datetime(2011, 1, 1, tzinfo=UTC)) + step * 900_000).replace("Z", "")
            for step in range(0, 366 * 96, 7)
        ]
        hands = clock(TimeColumns(columns=("t",), zone=zone))
        hands.learn(set(texts))
        for text in texts:
            wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
            if text in hands.instants:
                assert hands.instants[text] == from_datetime(wall)
            elif text in hands.folds:
                assert hands.folds[text] == (from_datetime(wall), from_datetime(wall.replace(fold=1)))
            else:
                assert wall.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall.replace(tzinfo=None)


@pytest.mark.parametrize("form", ["ISO", "%H:%M", "%Y", "%Y-%m-%d %Q", "%Y-%m-%d %Y", "", "%"])
def test_a_format_that_gives_no_day_is_refused(form: str) -> None:
    with pytest.raises(InvalidMapping):
        clock(TimeColumns(columns=("t",), format=form))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "+99:00", "EST5EDT5EDT", "/etc/localtime"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(InvalidMapping, match="is no time zone"):
        clock(TimeColumns(columns=("t",), zone=zone))


@pytest.mark.parametrize("text", ["2023-366", "2024-000", "2024-367T00:00", "2024-165T25:00"])
def test_a_day_that_its_year_does_not_have_is_no_time(text: str) -> None:
    assert "not an ISO 8601 time" in fault(text)


YEARS = {  # the months of a year; those that say another one in another language are left out
    "Polish": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października - grudnia",
    "Polish, short": "sty lut mar kwi maj cze - sie wrz paź - gru",
    "Czech": "ledna února března dubna května června července srpna září října - prosince",
    "Czech, short": "led úno bře dub kvě čvn čvc - zář říj - pro",
    "Slovak": "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "Slovene": "januar februar marec april maj junij julij avgust september oktober november december",
    "Croatian": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga prosinca",
    "Hungarian": "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
    "Romanian": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "Turkish": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "Swedish": "januari februari mars april maj juni juli augusti september oktober november december",
    "Norwegian": "januar februar mars april mai juni juli august september oktober november desember",
    "Finnish": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
    "Estonian": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "Latvian": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    "Lithuanian": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "Greek": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπ Οκτ Νοε Δεκ",
    "Russian": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "Ukrainian": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "Bulgarian": "януари февруари март април май юни юли август септември октомври ноември декември",
    "Serbian": "јан феб мар апр мај јун јул авг сеп окт нов дец",
    "Catalan": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "Portuguese": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "French": "janv. févr. mars avril mai juin juil. août sept. oct. nov. déc.",
    "German": "Jänner Feber März April Mai Juni Juli August September Oktober November Dezember",
    "Irish": "- - - - - Meitheamh",
    "Dutch": "januari februari maart april mei juni juli augustus september oktober november december",
}


@pytest.mark.parametrize("language", YEARS)
def test_months_are_understood_in_the_languages_of_europe(language: str) -> None:
    for month, name in enumerate(YEARS[language].split(), 1):
        if name != "-":
            assert read([f"3 {name} 2024"], "%d %b %Y") == [f"2024-{month:02}-03T00:00:00Z"], name


@pytest.mark.parametrize("name", ["listopada", "lip", "Smarch"])
def test_a_month_that_is_another_one_in_another_language_is_none(name: str) -> None:
    assert fault(f"3 {name} 2024", "%d %b %Y")


def test_a_day_that_may_be_a_month_says_what_to_do() -> None:
    assert fault("02/10/2024 00:00") == (
        "'02/10/2024 00:00' may begin with its day or with its month, and the first rows do not tell which: "
        "write days as 2024-12-31, or say `time.format` in a mapping"
    )
    assert "ISO 8601" in fault("13/10/2024 00:00")


@pytest.mark.parametrize("form", [form for form in proposed_times._FORMS if "%" in form])
def test_a_time_may_be_of_its_form_at_a_glance_and_of_few_others(form: str) -> None:
    text = datetime(2024, 11, 9, 13, 5, 7, 123456, tzinfo=UTC).strftime(form)
    assert times.may_be_of(form, [text, text])
    others = [each for each in proposed_times._FORMS if "%" in each and times._looks(each, text)]
    assert len(others) < 40  # of 200: an expression is compiled for each
