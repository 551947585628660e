"""Columns that a hand moved: those of a known format in another order, and a time that was parted into a date and a clock.

Many formats are known by the names that their header begins with. Where these stand elsewhere in it, they are put where the
format has them; the others keep their order. A spreadsheet that makes columns of text parts `2024-05-21 10:00` at its blank
and `2024052110` behind its day, and what a format then takes for its time is the date alone.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from mesonet.record import dataclass
from mesonet.regex import regex

type Row = Sequence[str]

# what headers begin with, in small letters; a name that ends in * goes on
_ORDERS: tuple[tuple[str, ...], ...] = (
    ("stations_id", "mess_datum"),
    ("stations_id", "mess_datum_beginn", "mess_datum_ende"),
    ("station_abbr", "reference_timestamp"),
    ("station/location", "date"),
    ("stn", "time"),
    ("num_poste",),
    ("numer_sta", "date"),
    ("station", "valid*"),
    ("product code", "bureau of meteorology station number"),
    ("station_id", "station_name", "year"),
    ("station_id", "date_time"),
    ("date (mm/dd/yyyy)", "time (hh:mm)"),
    ("time(utc)", "t2m"),
    ("stationnumber", "time"),
    ("time", "station", "tl*"),
    ("date_time", "site_id"),
    ("data*", "hora*", "precipita*"),
    ("timestamp", "record"),
    ("station", "element", "timefunc*", "dt", "val*", "flag", "quality"),
    (
        *("longitude", "latitude", "report", "date", "level1", "l1", "level2", "l2", "time range", "p1", "p2", "varcode"),
        "value",
    ),
    ("zeit", "temperatur*"),
    ("time", "outdoor temperature*"),
)
_LEAST, _MOST = 3, 1000  # columns of a table whose order can be another one
# a database writes a date with the clock's beginning behind it
_DATE = regex(r"(\d{1,4}([/.-])(?:\d\d?|[^\W\d]{3,5}\.?)\2\d{1,4}|\d{8})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")
_CLOCK = regex(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d\d:?\d\d)?")
# what stands above a clock that was cut off: a clock's name, or behind its date nothing, or what a hand writes there
_END = regex(r"24:00(?::00(?:\.0+)?)?")  # of a day
_FIGURES = regex(r"(\d{1,6})(?:\.0+)?")  # of a clock without signs: 9, 09, 930, 0930, 93000; 9.0 of programs
_MOST_OF = 0.9  # clocks: one that is damaged is no reason to take all for midnight
_CLOCK_NAMES = regex(
    r"(?i)(?:(?:valid|local|utc|gmt|lst)[ _])?"
    r"(?:time|hour|hr|he|hh(?:24)?|clock|uhr|uhrzeit|zeit|stunde|heure|hora|ora|tijd|uur|tid|klokkeslett|čas|godzina|hodina"
    r"|(?:hh|hr):?m[mn](?::?ss)?)"
    r"(?:[ _]?ending|[ _](?:of day|utc|gmt|lst|local))?(?: ?\((?:utc|gmt|lst|local)\))?"
)
_CLOCKS = regex(
    r"(?i)|(?:column|unnamed|field|spalte|colonne|columna|coluna|kolom)?[:. ]*\d*(?:\.\d+)?|\w+[ _.:]?[2-9]|\w+\.1"
    rf"|hours|hrs|(?:obs[ _]?)?{_CLOCK_NAMES.pattern.removeprefix('(?i)')}"
)


@dataclass(frozen=True, slots=True)
class Order:
    """Where each column of the format stands below the header `names`."""

    names: tuple[str, ...]
    places: tuple[int, ...]

    def of(self, row: Row) -> Row:
        """A row in the format's order; of another length it stays as it is."""
        return [row[at] for at in self.places] if len(row) == len(self.places) else row


@dataclass(frozen=True, slots=True)
class Parted:
    """Dates stand in column `at` of `width`, their clocks in column `clock`: with signs, or of as many `figures`."""

    at: int
    clock: int
    width: int
    figures: int = 0

    def together(self, row: Row) -> Row:
        """A row with both in one field; of names the clock's is left out. What is no clock is none behind its date either."""
        if len(row) <= max(self.at, self.clock):
            return row
        fields, clock = list(row), row[self.clock].strip()
        if day := _DATE.fullmatch(row[self.at].strip()):
            fields[self.at] = _time(day[1], _signed(clock, self.figures))
        elif clock and not (len(row) == self.width and _CLOCKS.fullmatch(clock)):
            return row
        del fields[self.clock]
        return fields


def _time(day: str, clock: str) -> str:
    """Both together, a day of figures alone as ISO 8601 has it; of 24:00 the next day's beginning, if years stand first."""
    ended = _END.fullmatch(clock) is not None
    if ended or day.isdecimal():
        sign = "-" if day.isdecimal() else day[4]
        try:
            day = f"{date.fromisoformat(day.replace(sign, '-')) + timedelta(days=ended):%Y{sign}%m{sign}%d}"
        except ValueError:
            return f"{day} {clock}".rstrip()
        clock = f"00{clock[2:]}" if ended else clock
    return f"{day} {clock}".rstrip()


def _signed(clock: str, figures: int) -> str:
    """930 as 09:30, if clocks have four `figures`."""
    if figures and (found := _FIGURES.fullmatch(clock)) and len(found[1]) <= figures:
        digits = f"{found[1].zfill(figures)}00"
        return ":".join(digits[at : at + 2] for at in range(0, max(figures, 4), 2))
    return "0" * (clock[1:2] == ":") + clock


def order_of(rows: Sequence[Row]) -> Order | None:
    """How the columns stand below the first of these rows that has all names of a format in another order."""
    for row in rows:
        names = tuple(map(str.strip, row))
        plain = [name.lower() for name in names]
        known = {*plain}
        for wanted in _ORDERS if _LEAST <= len(names) <= _MOST else ():
            if not all(name in known or name.endswith("*") for name in wanted):
                continue
            found = list(_places(plain, wanted))
            if len(found) == len(wanted) and found != list(range(len(wanted))):
                return Order(names, (*found, *(at for at in range(len(plain)) if at not in found)))
    return None


def _places(names: Row, wanted: Row) -> Iterator[int]:
    taken = set[int]()
    for each in wanted:
        begin = each.removesuffix("*")
        for at, name in enumerate(names):
            if at not in taken and (name == each or (begin != each and name.startswith(begin))):
                taken.add(at)
                yield at
                break


def parted(above: Sequence[Row], rows: Sequence[Row]) -> Parted | None:
    """The dates whose clocks stand in a column of their own: in the next one, which has no name or a clock's, or in any other
    that is called as a clock is, where one date has several."""
    width = max(map(len, rows), default=0)
    names = max((row for row in above if len(row) == width), key=lambda row: sum(map(bool, row)), default=())
    whole = [[field.strip() for field in row] for row in rows if len(row) * 2 > width]
    dated = [at for at in range(width) if _are_dates([row[at] for row in whole if len(row) > at and row[at]])]
    named = [at for at, name in enumerate(names) if _CLOCK_NAMES.fullmatch(name.strip())]
    for at in dated:
        if at + 1 < width and (at + 1 >= len(names) or _CLOCKS.fullmatch(names[at + 1].strip())):
            name = names[at + 1].strip().lower() if at + 1 < len(names) else ""
            pairs, figures = _clocked(whole, at, at + 1, name)
            if pairs and (not figures or at + 1 in named or _run_on(pairs)):
                return Parted(at, at + 1, width, figures)
    for at in dated:
        for clock in named:
            pairs, figures = _clocked(whole, at, clock, names[clock].strip().lower())
            if len({*pairs}) > len({day for day, _ in pairs}):
                return Parted(at, clock, width, figures)
    return None


def _are_dates(fields: Sequence[str]) -> bool:
    return bool(fields) and all(map(_DATE.fullmatch, fields))


def _clocked(rows: Sequence[Row], at: int, clock: int, name: str) -> tuple[list[tuple[str, str]], int]:
    """The dates of one column with the clocks of another, and how many figures those have that have no signs; no pairs where
    they are no clocks."""
    pairs = [(row[at], row[clock]) for row in rows if len(row) > max(at, clock) and row[at]]
    clocks = [time for _, time in pairs if time]
    if clocks and all(map(_CLOCK.fullmatch, clocks)):
        return pairs, 0
    minutes = name.startswith(("hhm", "hrm", "hh:")) and len({day for day, _ in pairs}) == 1  # of the day's first hour
    longest = max((len(found[1]) for found in map(_FIGURES.fullmatch, clocks) if found), default=0)
    for figures in (4, 6) if minutes else (2, 4, 6):
        if figures - longest > 1 and not minutes:  # 45 is no hour, nor the minutes of midnight
            break
        if sum(_CLOCK.fullmatch(_signed(clock, figures)) is not None for clock in clocks) > _MOST_OF * len(clocks):
            return pairs, figures
    return [], 0


def _run_on(pairs: Sequence[tuple[str, str]]) -> bool:
    from mesonet.formats.pace import run_on  # seldom needed

    return run_on([(day, float(clock)) for day, clock in pairs if _FIGURES.fullmatch(clock)])
