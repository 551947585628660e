"""Times as files write them, to instants: each distinct text is understood once.

In a zone with summer time a wall clock shows one hour twice and another not at all. The repeated hour is told apart by the
order of a station's rows: a text that comes a second time is the second one. An hour that never was is refused.
"""

from bisect import bisect
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from mesonet.domain.instant import DAY, EARLIEST, LATEST, SECOND, from_datetime
from mesonet.domain.mapping import TimeColumns
from mesonet.errors import InvalidMapping
from mesonet.formats.table import Typed
from mesonet.record import dataclass, field
from mesonet.regex import regex

type Key = str | tuple[str, ...]

KEPT = 100_000  # texts remembered: a file of one station at 5 minutes has as many in a year
_QUARTER = 15 * 60 * SECOND  # summer time begins and ends on a quarter of an hour everywhere since 1972
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall clock
_MILLISECOND = timedelta(milliseconds=1)
_NONE = timedelta(0)
_NUMBER = regex(r"(?a)\d{1,7}(?:\.\d{0,15})?")
# days as programs count them: what 1 January 1970 is, the first and the last that may be meant (Excel has a 29 February 1900)
SERIALS: dict[str, tuple[float, float, float]] = {"excel": (25_569, 61, 80_000), "matlab": (719_529, 700_000, 780_000)}
SERIALS |= {"julian_date": (2_440_587.5, 2_378_497, 2_524_594), "modified_julian_date": (40_587, -21_503, 124_594)}  # from 1800
_ORDINAL = regex(r"(?a)([1-9]\d{3})-(00[1-9]|0[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])((?:[Tt ].+)?)")  # the day of the year
_DAY_OR_MONTH = regex(r"(?a)(\d\d?)[/-](\d\d?)[/-](\d{4})(?!\d)")
_OFFSET = regex(r"(?a)(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# hours from UTC of zones by their short names
NAMED: dict[str | None, float] = {
    "EDT": -4,
    "EST": -5,
    "CDT": -5,
    "CST": -6,
    "MDT": -6,
    "MST": -7,
    "PDT": -7,
    "PST": -8,
}  # RFC 5322, 4.3
NAMED |= {"MEZ": 1, "MESZ": 2}
NAMED |= {
    "WET": 0,
    "WEST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "SAST": 2,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
}
NAMED |= {"JST": 9, "KST": 9, "AWST": 8, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13}
_MONTHS = {name: at for at, name in enumerate(MONTHS, 1)}
# what other languages write, without accents; where letters say two months, only more of them say one. Names that are another
# month in another language (listopad, lip) say none
_MONTHS |= {
    name: at
    for at, names in enumerate(
        (
            "ene gen ian jaa sty led sij sau oca tam янв яну јан січ ιαν",
            "fev fav vee lut uno velj vas sub hel фев феб лют φεβ",
            "mrz mrt bre ozu kov maa мар бер μαρ",
            "avr abr kwi dub tra bal nis huh апр кві απρ",
            "mai mag mei maj kve svi geg tou май маи мая мај тра μαι",
            "giu juin iun juun cerv cvn meit cze lipanj lipnja bir haz kes июн юни јун чер ιουν",
            "juil lug iul juul cvc cervenc cervene lipiec lipca srpanj srpnja lie tem hei июл юли јул липень липня ιουλ",
            "aou ago avg sie srpen srpna kol rugp agu elo авг серп αυγ",
            "set sze wrz zar ruj rugs eyl syy сен сеп вер σεπ",
            "okt out ott paz rij spa eki lok окт жов οκτ",
            "noi stu lap kas marr лис ноя ное нов νοε",
            "dez dic des det gru pro ara jou дек дец гру δεκ",
        ),
        1,
    )
    for name in names.split()
}
_LETTERS = range(max(map(len, _MONTHS)), 2, -1)
_PARTS = ("year", "month", "day", "hour", "minute", "second")

# strptime's directives that a station's file uses, in regular expressions
_DIRECTIVES = {
    "Y": r"(?P<Y>[0-9]{4})(?:\.0(?=\s))?",  # 2012.0 beside the day of it, as programs write that know no whole numbers
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>[0-9]{1,2})",
    "d": r"(?P<d>[0-9]{1,2})",
    "j": r"(?P<j>[0-9]{1,3})",
    "H": r"(?P<H>[0-9]{1,2})",
    "I": r"(?P<I>[0-9]{1,2})",
    "M": r"(?P<M>[0-9]{1,2})",
    "S": r"(?P<S>[0-9]{1,2})",
    "f": r"(?P<f>[0-9]{1,6})",
    "p": r"(?P<p>[AaPp])(?:\.?\s?[Mm]\.?)?",  # WeatherLink writes a and p, Spanish software p. m.
    "b": r"(?P<b>[A-Za-z\u00c0-\u024f\u0370-\u052f]{3,12})\.?",
    "a": r"[A-Za-z\u00c0-\u024f\u0370-\u052f]+\.?",
    "A": r"[A-Za-z\u00c0-\u024f\u0370-\u052f]+",
    "z": r"(?P<z>[Zz]|[+-][0-9]{2}:?[0-9]{2})",
    "Z": r"(?P<Z>UTC|GMT|Z|[ECMP][SD]T|[CWE]ES?T|MES?Z|MSK|SAST|AK[SD]T|HST|[JK]ST|AWST|ACST|AE[SD]T|NZ[SD]T)",
    "%": "%",
}
# the C code behind fromisoformat is ten times faster than any of this, so patterns that are ISO already go there
_ISO_PATTERNS = {
    "%Y-%m-%d": 10,
    "%Y-%m-%d %H:%M": 16,
    "%Y-%m-%dT%H:%M": 16,
    "%Y-%m-%d %H:%M:%S": 19,
    "%Y-%m-%dT%H:%M:%S": 19,
}
_PIECES = regex(r"%.?|\s+|[^%\s]+")  # of a pattern
# a clock of digits alone: what only hours with minutes, or minutes alone, can be, and what may be either
_HOURS_AND_MINUTES = regex(r"(?a)\s(?:\d{3,4}|2[5-9]|[3-5]\d)\s*$")
_HOUR_OR_MINUTES = regex(r"(?a)\s0?(?:[1-9]|1\d|2[0-4])$")
_SHAPE = str.maketrans("123456789", "000000000")
_SHAPES = bytes.maketrans(b"123456789", b"000000000")
_SORTABLE = frozenset(f"0000-00-00{t}00:00{second}{z}" for t in "T " for second in ("", ":00") for z in ("", "Z"))
_DATE = 10  # characters of one
_DIGITS = 8  # and of one without signs between
_TENS = (14, 17)  # where those of minutes and seconds are
_LONGEST_CLOCK = 18  # `T12:00:00.00+01:00`: times of day with more figures hardly come again
_FEW_A_DAY = 8  # times a day of which it takes as long to find the last of the day as to understand each


@dataclass(slots=True)
class Clock:
    """Reads the time of rows. `instants`, `faults` and `folds` speak of the texts that `learn` has seen.

    A fold has two instants, the earlier first. Where it is `steady` no clock is ever put forward, and a text is a date with a
    time of day.
    """

    name: str
    _parse: Callable[[str], datetime]
    _parts: bool
    _zone: tzinfo
    _zone_name: str
    steady: bool
    _apart: int = 0  # the characters, or parts, of a date, where times of day can be understood without it; 0 where they cannot
    _bare: bool = False  # a clock of digits alone ends the text: 30 of a logger is half past midnight, where 100 is one o'clock
    instants: dict[Key, int] = field(default_factory=dict)
    faults: dict[Key, str] = field(default_factory=dict)
    folds: dict[Key, tuple[int, int]] = field(default_factory=dict)
    _dates: dict[Key, int] = field(default_factory=dict)
    _clocks: dict[Key, int] = field(default_factory=dict)
    _offsets: dict[int, tuple[int, int]] = field(default_factory=dict)
    _seen: dict[tuple[str, tuple[int, int]], int] = field(default_factory=dict)  # what a fold was taken for at first
    _backwards: dict[str, bool] = field(default_factory=dict)  # how the rows of a station run

    @property
    def repeats(self) -> bool:
        """Whether it may show an hour twice."""
        return not isinstance(self._zone, timezone)

    def keys(self, columns: Sequence[Sequence[str]]) -> Sequence[Key]:
        """What tells the time of each row."""
        if len(columns) == 1:
            return columns[0]
        if self._parts:
            return list(zip(*columns, strict=True))
        return list(map(" ".join, zip(*columns, strict=True)))

    def learn(self, keys: set[Key]) -> None:
        """Understands texts not seen before."""
        if len(self.instants) > KEPT:
            self.instants.clear()
        if len(self.folds) > KEPT:
            self.folds.clear()
        self.faults.clear()
        if self._bare and any(map(_HOURS_AND_MINUTES.search, keys)):  # type: ignore[arg-type]
            self._bare = False
        instants, dates, clocks = self.instants, self._dates, self._clocks
        for key in keys.difference(
            instants, *([self.folds] if self.folds else ())
        ):  # dicts are looked into, views gone through
            if at := self._apart:
                try:
                    instants[key] = dates[key[:at]] + clocks[key[at:]]
                except KeyError:
                    pass
                else:
                    continue
            try:
                self._understand(key)
            except (ValueError, OverflowError) as exc:
                self.faults[key] = str(exc)

    def span(self, texts: Sequence[Key]) -> tuple[int, int] | None:
        """The first and the last instant of a column, without an instant for each of its texts.

        None where that takes a look at each: other forms than the one that sorts as the instants do, or a text that is no time.
        """
        if not self.steady:
            return None
        if type(texts) is Typed:
            return self._ends(texts) if self._parse is _from_iso else None
        told: Sequence[str] = texts  # type: ignore[assignment]
        if not _are_alike(told):
            return None
        ordered = sorted(told)  # as most are: it is the quickest look
        span = self._between(ordered[0], ordered[-1])
        if span is None:
            return None
        by_day = (span[1] - span[0]) // DAY < len(told) // _FEW_A_DAY
        try:
            deque(map(datetime.fromisoformat, _last_of_days(ordered) if by_day else told), maxlen=0)  # only to be understood
        except ValueError:
            return None
        return span

    def told(self, texts: Sequence[Key]) -> list[int] | None:
        """The instant of each row of a column that counts them; None of texts, and where that takes a look at each."""
        if type(texts) is not Typed or not texts.per_second or (span := self.span(texts)) is None:
            return None
        unit = texts.per_second // 1000
        found = [at // unit for at in texts.values] if unit > 1 else list(texts.values)
        ahead = texts.ends()[0] // unit - span[0]
        return [at - ahead for at in found] if ahead else found

    def _ends(self, column: Typed) -> tuple[int, int] | None:
        """The same of instants that are no texts."""
        try:
            first, last = column.ends()
        except TypeError:  # a row has none
            return None
        return self._between(column.text(first), column.text(last))

    def _between(self, first: str, last: str) -> tuple[int, int] | None:
        try:
            return self._instant(self._parse_text(first), first), self._instant(self._parse_text(last), last)
        except (ValueError, OverflowError):  # midnight at the end of the last day that there is
            return None

    def _instant(self, moment: datetime, key: Key) -> int:
        """Of a moment that tells its zone, or where the zone is steady. Raises ValueError."""
        return _on_calendar(from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=self._zone)), key)

    def _split(self, key: Key, instant: int) -> None:
        """Remembers the two halves of a key: its date, and its time of day after that."""
        if isinstance(key, str) and (len(key) - self._apart > _LONGEST_CLOCK or not _begins_with_date(key, self._apart)):
            return
        if not EARLIEST + 2 * DAY <= instant <= LATEST - 2 * DAY:
            return  # an hour more, and it would be beyond the calendar
        if len(self._dates) > KEPT or len(self._clocks) > KEPT:
            self._dates.clear()
            self._clocks.clear()
        day = key[: self._apart]
        self._dates[day] = midnight = from_datetime(_from_parts(day) if isinstance(day, tuple) else datetime.fromisoformat(day))
        self._clocks[key[self._apart :]] = instant - midnight

    def _understand(self, key: Key) -> None:
        moment = _from_parts(key) if isinstance(key, tuple) else self._parse_text(key)
        if moment.tzinfo is not None or not self.repeats:
            instant = self.instants[key] = self._instant(moment, key)
            if self._apart:
                self._split(key, instant)
            return
        wall = (moment - _EPOCH) // _MILLISECOND
        early, late = self._offset(wall)
        if early == late:
            self.instants[key] = _on_calendar(wall - early, key)
        elif early < late:
            raise ValueError(f"{moment:%Y-%m-%d %H:%M} does not exist in {self._zone_name}, where clocks were put forward then")
        else:
            self.folds[key] = (wall - early, wall - late)

    def _parse_text(self, text: str) -> datetime:
        stripped = text.strip()
        if not stripped:
            raise ValueError("the row has no time")
        if self._bare and _HOUR_OR_MINUTES.search(stripped):
            raise ValueError(
                f"{_shown(stripped)} ends in an hour, or in minutes after midnight, and no time near it has both (as 1330): "
                "write four digits, or %H for hours"
            )
        return self._parse(stripped)

    def _offset(self, wall: int) -> tuple[int, int]:
        """Milliseconds ahead of UTC when a wall clock shows this, the first and the second time."""
        quarter = wall // _QUARTER
        known = self._offsets.get(quarter)
        if known is None:
            start, end = self._exact(quarter * _QUARTER), self._exact((quarter + 1) * _QUARTER - 1)
            if start != end:
                return self._exact(wall)
            known = self._offsets[quarter] = start
            if len(self._offsets) > KEPT:
                self._offsets.clear()
        return known

    def _exact(self, wall: int) -> tuple[int, int]:
        moment = (_EPOCH + timedelta(milliseconds=wall)).replace(tzinfo=self._zone)
        first, second = moment.utcoffset() or _NONE, moment.replace(fold=1).utcoffset() or _NONE
        return first // _MILLISECOND, second // _MILLISECOND

    def resolve(
        self, keys: Sequence[Key], stations: Sequence[str] | str, before: tuple[Sequence[Key], Sequence[str]] = ((), ())
    ) -> tuple[list[int], int]:
        """The instant of each row, all of them known and without fault; and for how many a repeated hour was told apart.

        Where a station's rows run backwards in time, the first of two is the later one. `before` are keys and stations of rows
        that came before and show it too.
        """
        if self.folds.keys().isdisjoint(keys):
            return list(map(self.instants.__getitem__, keys)), 0
        each = [stations] * len(keys) if isinstance(stations, str) else stations
        if len(self._seen) > KEPT:
            self._seen.clear()
            self._backwards.clear()
        ways = self._ways([*zip(*before, strict=True), *zip(keys, each, strict=True)])
        found = [self.instants.get(key, 0) for key in keys]
        open_rows = [at for at, key in enumerate(keys) if key in self.folds]
        for at in open_rows:
            station, both = each[at], self.folds[keys[at]]
            if (first := self._seen.get((station, both))) is not None:
                found[at] = sum(both) - first  # the other one
                continue
            if way := ways[station]:
                self._backwards[station] = way < 0
            found[at] = self._seen[station, both] = both[self._backwards.get(station, ways[""] < 0)]
        return found, len(open_rows)

    def _ways(self, rows: Sequence[tuple[Key, str]]) -> Counter[str]:
        """How many more steps of each station's clock go forwards than backwards; of "", of all rows as they stand.

        A step to a time of the repeated hour that was there before tells nothing: the clock may have been put back.
        """
        ways: Counter[str] = Counter()
        last: dict[str, int] = {}
        met = set(self._seen)
        for key, station in rows:
            both, known = self.folds.get(key), self.instants.get(key)
            if both is None and known is None:
                continue
            shown = both[0] if both else known or 0
            again = both is not None and (station, both) in met
            for series in (station, ""):
                step = 0 if again else shown - last.get(series, shown)
                ways[series] += (step > 0) - (step < 0)
                last[series] = shown
            if both:
                met.add((station, both))
        return ways


def clock(time: TimeColumns) -> Clock:
    """What reads times so written. Raises InvalidMapping where the format or the zone means nothing."""
    zone = zone_of(time.zone)
    parts = time.format == "parts"
    parse = reader("iso" if parts else time.format)
    # 16 characters and more have a time of day
    steady = isinstance(zone, timezone) and (time.format == "iso" or _ISO_PATTERNS.get(time.format, 0) >= 16)
    bare = time.format.endswith("%H%M") and time.format[:-4][-1:].isspace()
    apart = _DATE if steady else 0
    if isinstance(zone, timezone) and not steady:
        apart = 3 if parts and len(time.columns) > 3 else _DIGITS if time.format.startswith("%Y%m%d%H") else 0
    return Clock(" ".join(time.columns), parse, parts, zone, time.zone, steady, apart, bare)


def _begins_with_date(text: str, length: int) -> bool:
    """Whether the first characters of a text, as many as `length`, are a date, with a time of day behind it."""
    if length == _DIGITS:
        return text[:length].isdecimal()
    return len(text) >= 16 and text[4] == text[7] == "-" and text[10] in "Tt "


def _are_alike(told: Sequence[str]) -> bool:
    """Whether all are of one form that sorts as instants do: digits and what stands between them are where the first has
    them, and of their clocks the minutes and seconds are some. Dates and hours may still be none."""
    shape = told[0].translate(_SHAPE)
    if shape not in _SORTABLE:
        return False
    joined = "\n".join(told) + "\n"
    if not joined.isascii():
        return False
    lines = joined.encode()
    if lines.translate(_SHAPES) != f"{shape}\n".encode() * len(told):
        return False
    return not any(lines[at :: len(shape) + 1].translate(None, b"012345") for at in _TENS if at < len(shape))


def _last_of_days(ordered: Sequence[str]) -> Iterator[str]:
    """The last text of each date: where it is a time, so are those of the date before it, whose hours are not greater."""
    at = 0
    while at < len(ordered):
        at = bisect(ordered, ordered[at][:_DATE] + "~", at)
        yield ordered[at - 1]


def iso_duration(milliseconds: int) -> str:
    """ISO 8601, in the largest unit of time that divides it; hours at most, since P1D means a calendar date's value here."""
    for unit, length in (("H", 3_600_000), ("M", 60_000)):
        if milliseconds and milliseconds % length == 0:
            return f"PT{milliseconds // length}{unit}"
    return f"PT{milliseconds / SECOND:.15g}S"


def zone_of(name: str) -> tzinfo:
    """An offset such as `-05:00`, or an IANA zone. Raises InvalidMapping."""
    if name in ("UTC", "Z", "GMT", "Etc/UTC"):
        return UTC
    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups()
        ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if ahead < timedelta(hours=24):
            return timezone(-ahead if sign == "-" else ahead)
    from zoneinfo import ZoneInfo  # slow to import, and most files are in UTC

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as exc:  # ZoneInfoNotFoundError is a KeyError
        raise InvalidMapping(
            f"{name[:60]!r} is no time zone; allowed are UTC, an offset such as -05:00, and names such as America/New_York"
        ) from exc


def reader(form: str) -> Callable[[str], datetime]:
    """What reads one time; it raises ValueError. Raises InvalidMapping where the format means nothing."""
    if form == "iso":
        return _from_iso
    if form in ("epoch", "epoch_ms"):
        return _from_epoch(SECOND if form == "epoch" else 1)
    if form == "decimal_year":
        return _from_decimal_year
    if form in SERIALS:
        return _from_serial(form)
    if "%" not in form:
        raise InvalidMapping(
            f"{form[:60]!r} is no time format; allowed are iso, epoch, epoch_ms, parts, decimal_year, {', '.join(SERIALS)} and "
            "strptime patterns"
        )
    return _from_pattern(form)


def _from_iso(text: str) -> datetime:
    if text[4:5] != "-" and text[8:9] not in ("", "T", "t", " "):
        raise ValueError(_not_iso(text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if text.endswith((" UTC", " GMT", " Z")):
        return _from_iso(text.rpartition(" ")[0] + "Z")
    if text[11:13] == "24" and not text[13:].strip(":0Z"):  # midnight at the end of the day, ISO 8601:2004
        return datetime.fromisoformat(text[:11] + "00" + text[13:]) + timedelta(days=1)
    if text[10:11] == "t" or text.endswith(("z", " utc", " gmt")):  # small letters say the same, RFC 3339, 5.6
        return _from_iso(text.upper())
    if ordinal := _ORDINAL.fullmatch(text):
        day = date(int(ordinal[1]), 1, 1) + timedelta(days=int(ordinal[2]) - 1)
        if day.year == int(ordinal[1]):
            return _from_iso(f"{day.isoformat()}{ordinal[3]}")
    raise ValueError(_not_iso(text))


def _not_iso(text: str) -> str:
    """Why a text is no time, and what to do where it is one that may be two."""
    if (found := _DAY_OR_MONTH.match(text)) and max(int(found[1]), int(found[2])) <= 12:
        return (
            f"{_shown(text)} may begin with its day or with its month, and the first rows do not tell which: "
            "write days as 2024-12-31, or say `time.format` in a mapping"
        )
    return f"{_shown(text)} is not an ISO 8601 time"


def _on_calendar(instant: int, key: Key) -> int:
    """Raises ValueError for a local time of the first or last day that there is, which may be a UTC time that there is not."""
    if not EARLIEST <= instant <= LATEST:
        raise ValueError(f"{_shown(key if isinstance(key, str) else ' '.join(key))} is, in UTC, beyond the calendar")
    return instant


def _from_epoch(unit: int) -> Callable[[str], datetime]:
    what = "seconds" if unit == SECOND else "milliseconds"

    def parse(text: str) -> datetime:
        try:
            instant = round(float(text) * unit)
        except (ValueError, OverflowError):
            raise ValueError(f"{_shown(text)} is not a number of {what} since 1970") from None
        if not EARLIEST + DAY <= instant <= LATEST - DAY:
            raise ValueError(f"{_shown(text)} {what} since 1970 is beyond the calendar")
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=instant)

    return parse


def _from_serial(form: str) -> Callable[[str], datetime]:
    """Days of a spreadsheet or of MATLAB, to the nearest second."""
    epoch, first, last = SERIALS[form]

    def parse(text: str) -> datetime:
        days = _plain_number(text)
        if days is None or not first <= days < last:
            raise ValueError(f"{_shown(text)} is not a number of days as {form} counts them")
        return _EPOCH + timedelta(seconds=round((days - epoch) * 86_400))

    return parse


def _from_decimal_year(text: str) -> datetime:
    """2024.5 is the middle of 2024, to the nearest minute: more than its figures can tell there mostly is not."""
    number = _plain_number(text)
    if number is None or not 1600 <= number < 2300:
        raise ValueError(f"{_shown(text)} is not a year with its part as a fraction")
    year = int(number)
    begin, end = datetime(year, 1, 1), datetime(year + 1, 1, 1)  # noqa: DTZ001 - a wall clock
    return begin + timedelta(minutes=round((number - year) * ((end - begin) // timedelta(minutes=1))))


def _plain_number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


@lru_cache(256)  # a proposal tries them all on each column
def _from_pattern(form: str) -> Callable[[str], datetime]:
    width, match = _ISO_PATTERNS.get(form), _matched(form)

    def parse(text: str) -> datetime:
        if len(text) == width and text[5] != "W":  # not a week date, which would be as long
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                pass
        found = match(text)
        if not found:
            raise ValueError(f"{_shown(text)} is not a time of the form {form}")
        return _assembled(found.groupdict(), text)

    return parse


@lru_cache(256)
def _matched(form: str) -> Callable[[str], Any]:
    return regex(f"(?a){_expression(form)}").fullmatch


def may_be_of(form: str, texts: Iterable[str]) -> bool:
    """Whether of texts, without the blanks around them, at most one is no time of a strptime pattern at a glance."""
    width = _ISO_PATTERNS.get(form)
    others = (text for text in texts if len(text) != width and not (_looks(form, text) and _matched(form)(text)))
    return next(others, None) is None or next(others, None) is None


def _looks(form: str, text: str) -> bool:
    """Whether a text has what the form has beside digits, which is found out faster than an expression is compiled."""
    signs, counts, lettered = _outside(form)
    told_counts, has_letters = _beside_digits(text)
    return signs.issubset(text) and counts in (None, told_counts) and lettered in (None, has_letters)


@lru_cache(256)
def _outside(form: str) -> tuple[frozenset[str], tuple[int, ...] | None, bool | None]:
    """What a pattern has beside directives, how many of some signs, and whether there are letters; None where either may be."""
    first, *others = _spelled(form).split("%")
    beside, directives = "".join((first, *(piece[1:] for piece in others))), {piece[:1] for piece in others}
    counts, has_letters = _beside_digits(beside)
    lettered = has_letters or not directives.isdisjoint("aAbpZ")
    return (frozenset(beside) - {" "}, *((None, None) if "z" in directives else (counts, lettered)))


@lru_cache(256)
def _beside_digits(text: str) -> tuple[tuple[int, ...], bool]:
    return tuple(map(text.count, "-/:,")), text.upper() != text.lower()


def _spelled(form: str) -> str:
    for short, long in (("%T", "%H:%M:%S"), ("%F", "%Y-%m-%d"), ("%R", "%H:%M"), ("%D", "%m/%d/%y"), ("%-", "%"), ("%B", "%b")):
        form = form.replace(short, long)
    return form


def _expression(form: str) -> str:
    """The regular expression of a strptime pattern. Raises InvalidMapping."""
    from re import escape  # few mappings have one

    pieces: list[str] = []
    seen: list[str] = []
    found = _PIECES.findall(_spelled(form))
    number = found[-2:] == ["%H", "%M"] and found[-3:-2] != [] and found[-3].isspace()  # as the clock of `_bare`
    for at, piece in enumerate(found):
        if not piece.startswith("%"):
            pieces.append(r"\s+" if piece.isspace() else escape(piece))
            continue
        directive = piece[1:]
        if directive not in _DIRECTIVES or (directive in seen and directive != "%"):
            raise InvalidMapping(f"the time format {form[:60]!r} has {piece}, which is not known or stands twice")
        seen.append(directive)
        expression = _DIRECTIVES[directive]
        if directive == "j" and at == len(found) - 1 and not {"H", "I"}.intersection(seen):
            expression = expression.replace("{1,3}", r"{1,3}(?:\.[0-9]{1,12})?")  # the day of the year with its part: 135.25
        if number and at >= len(found) - 2:
            expression = expression.replace("{1,2}", "{0,2}?") if directive == "H" else expression
        elif any(other.startswith("%") for other in (*found[max(0, at - 1) : at], *found[at + 1 : at + 2])):
            # directives that follow each other without a sign between them have all their digits
            expression = expression.replace("{1,2}", "{2}").replace("{1,3}", "{3}")
        pieces.append(expression)
    dated = "j" in seen or ("d" in seen and {"m", "b"}.intersection(seen))
    monthly = {"m", "b"}.intersection(seen) and not {"H", "I", "M", "S"}.intersection(seen)  # of its first day
    if not {"Y", "y"}.intersection(seen) or not (dated or monthly):
        raise InvalidMapping(f"the time format {form[:60]!r} does not give a year and a day")
    return "".join(pieces)


def _assembled(found: dict[str, str | None], text: str) -> datetime:
    def number(name: str, absent: int = 0) -> int:
        return int(found.get(name) or absent)

    year = number("Y") if "Y" in found else _century(number("y"))
    hour = number("H")
    if "I" in found:
        hour = number("I") % 12 + (12 if (found.get("p") or "a").lower() == "p" else 0)
    month = month_of(found["b"] or "") if "b" in found else number("m", 1)
    if not month:
        raise ValueError(f"{_shown(text)} has no month that is known")
    micro = int((found.get("f") or "0").ljust(6, "0"))
    moment = _moment((year, month, number("d", 1)), (hour, number("M"), number("S"), micro), text)
    if "j" in found:
        days = float(found["j"] or 0)
        if not 1 <= days < 367:
            raise ValueError(f"{_shown(text)} is not a time that exists")
        moment += timedelta(seconds=round((days - 1) * 86_400))
        if moment.year != year and hour < 24:
            raise ValueError(f"{_shown(text)} is not a time that exists")
    offset = (found.get("z") or found.get("Z") or "").upper()
    if offset in NAMED:
        return moment.replace(tzinfo=timezone(timedelta(hours=NAMED[offset])))
    return moment.replace(tzinfo=zone_of(offset)) if offset else moment


@lru_cache(1000)
def month_of(name: str) -> int:
    """Of a name or its beginning, in the languages of Europe; 0 of none."""
    import unicodedata  # few files write months as words

    plain = "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(c))
    return next((at for letters in _LETTERS if (at := _MONTHS.get(plain[:letters]))), 0)


def _century(year: int) -> int:
    return year + (1900 if year >= 69 else 2000)  # POSIX strptime


def _moment(date: tuple[int, int, int], clock: tuple[int, int, int, int], text: str) -> datetime:
    """`clock` is hour, minute, second and microsecond."""
    try:
        if clock == (24, 0, 0, 0):  # many loggers count the hours of a day from 1 to 24
            return datetime(*date) + timedelta(days=1)  # noqa: DTZ001 - a wall clock
        return datetime(*date, *clock)  # noqa: DTZ001 - a wall clock
    except ValueError:
        raise ValueError(f"{_shown(text)} is not a time that exists") from None


def _from_parts(parts: tuple[str, ...]) -> datetime:
    """Year, month, day, hour, minute, second; what is not given is 0."""
    numbers = []
    for name, part in zip(_PARTS, parts, strict=False):
        plain = part.strip()
        plain = plain.removesuffix(".0")
        if not (plain.isascii() and plain.isdecimal()) or len(plain) > 4:
            raise ValueError(f"the {name} {_shown(part)} is not a whole number" if plain else f"the row has no {name}")
        numbers.append(int(plain))
    year, month, day, hour, minute, second = numbers + [0] * (6 - len(numbers))
    return _moment((year, month, day), (hour, minute, second, 0), " ".join(part.strip() for part in parts))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
