"""Columns that a hand moved: those of a known format in another order, and a time that was parted into a date and a clock.

Many formats are known by the names that their header begins with. Where these stand elsewhere in it, they are put where the
format has them; the others keep their order. A spreadsheet that makes columns of text parts `2024-05-21 10:00` at its blank,
and what a format then takes for its time is the date alone.
"""

from collections.abc import Iterator, Sequence

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
_CLOCK_NAMES = regex(
    r"(?i)(?:(?:valid|local|utc|gmt|lst)[ _])?"
    r"(?:time|hour|clock|uhr|uhrzeit|zeit|heure|hora|ora|tijd|tid|klokkeslett|čas|godzina|hh:?mm(?::?ss)?)"
    r"(?:[ _](?:of day|utc|gmt|lst|local))?(?: ?\((?:utc|gmt|lst|local)\))?"
)
_CLOCKS = regex(
    r"(?i)|(?:column|unnamed|field|spalte|colonne|columna|coluna|kolom)?[:. ]*\d*(?:\.\d+)?|\w+[ _.:]?[2-9]|\w+\.1"
    rf"|(?:obs[ _]?)?{_CLOCK_NAMES.pattern.removeprefix('(?i)')}"
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
    """Dates stand in column `at` of `width`, their clocks in column `clock`."""

    at: int
    clock: int
    width: int

    def together(self, row: Row) -> Row:
        """A row with both in one field; of names the clock's is left out."""
        if len(row) <= max(self.at, self.clock):
            return row
        fields, clock = list(row), row[self.clock].strip()
        if (date := _DATE.fullmatch(row[self.at].strip())) and (not clock or _CLOCK.fullmatch(clock)):
            fields[self.at] = f"{date[1]} {'0' * (clock[1:2] == ':')}{clock}".rstrip()
        elif clock and not (len(row) == self.width and _CLOCKS.fullmatch(clock)):
            return row
        del fields[self.clock]
        return fields


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
        may_be = at + 1 < width and (at + 1 >= len(names) or _CLOCKS.fullmatch(names[at + 1].strip()))
        if may_be and _clocked(whole, at, at + 1):
            return Parted(at, at + 1, width)
    for at in dated:
        for clock in named:
            if (pairs := _clocked(whole, at, clock)) and len(set(pairs)) > len({date for date, _ in pairs}):
                return Parted(at, clock, width)
    return None


def _are_dates(fields: Sequence[str]) -> bool:
    return bool(fields) and all(map(_DATE.fullmatch, fields))


def _clocked(rows: Sequence[Row], at: int, clock: int) -> list[tuple[str, str]]:
    """The dates of one column with the clocks of another; none where those are no clocks."""
    pairs = [(row[at], row[clock]) for row in rows if len(row) > max(at, clock) and row[at]]
    clocks = [time for _, time in pairs if time]
    return pairs if clocks and all(map(_CLOCK.fullmatch, clocks)) else []
