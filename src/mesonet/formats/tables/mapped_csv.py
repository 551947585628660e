"""Delimited text of any dialect; with a mapping, observations."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from mesonet.domain.file import COLUMNS_LISTED, ColumnFacts
from mesonet.domain.mapping import MISSING_TOKENS, Mapping
from mesonet.domain.observation import Reject
from mesonet.domain.units import UnknownUnit
from mesonet.domain.units import parse as parse_unit
from mesonet.errors import UnreadableFile
from mesonet.formats.columns import Loose
from mesonet.formats.reading import Columns, Context, Guess, Piece, Remark, Rows, Stream
from mesonet.formats.table import MOST_COLUMNS, Chunk, Fields, Table, begins_section, delimiter_of, filled, leading, once
from mesonet.formats.tables.mapped_table import COMMENT, Mapped, Plan, is_comment, planned, unnamed
from mesonet.formats.text import decode, is_binary
from mesonet.record import dataclass, replace
from mesonet.regex import regex

NAME = "csv"

LOOK = 100  # rows in which a header is looked for: loggers write up to some forty lines before it
LOGGER_MISSING = "NAN"  # what a Campbell logger writes where there is no number
SAMPLED = 1000  # rows that a mapping is proposed from
_WORD = regex(r"[^\W\d_]{3,}|^[^\W\d_]+$|^[^\W\d]\w*$")  # in a name, not in 2024-01-01T00:00Z, 1e-5 or 12.5C
_BARE_COMMENT = regex(r"\s*(?:#+|//+|%+|;+|\*+)\s*")  # of units below such a name
_LINES_OF_NAMES = 4  # in one language, units, and in another
_DAY = regex(r"\s*\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)")
_DATE = regex(r"\s*(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d)(?!\d)")
_COUNTS = regex(r"(?i)(?:no|nr|num(?:ber|mer|ero)?|id|index|row|rec(?:ord)?|obs|day|tag|jour|d[ií]a|month|hour|doy)\W*")
_OF_PROCESSES = "type"
_PROCESSES = frozenset(("smp", "avg", "max", "min", "tot", "std", "med", "wvc", "cov", "eto", "etsz", "hst", "mom", "totrun"))
_OF_UNITS = regex(r"(?i)\W*(?:units?|einheit(?:en)?|unit[eé]s?|unidad(?:es)?)\W*")
_FIELDS_ARE = regex(r"\s*#+\s*fields\s*[=:]\s*")  # in a comment: the names of the columns
_UNITS_ARE = regex(r"\s*#+\s*units\s*[=:]\s*")
_RULED = regex(r":?-{2,}:?")
_DECIMALS = regex(r"-?\d+\.\d+")
_STATISTIC = regex(
    r"avg|aver|average|mean|mittel\w*|moyenne|media|promedio|max(?:imum)?|min(?:imum)?|sum|summe|somme|suma|total|last|std|median|time"
)
_SHORT = (
    "have not as many fields as the header: where short ones only end early, a mapping can say so with `short_rows`",
    "end before the last column: what they lack is missing in them, as the mapping says",
)
_FIRST_ALONE = "serial number"  # what Lascar's EasyLog writes behind the first row, and nowhere else
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "^": "carets", "~": "tildes"}


def sniff(head: bytes) -> Guess | None:
    """Any text whose lines have equally many fields."""
    text = decode(head)
    start = text.lstrip()[:1]
    if not start or (start in "{[<" and not begins_section(text)) or is_binary(head):
        return None
    delimiter, share = delimiter_of(text)
    if share < 0.5:
        return None
    rows = leading(text, delimiter, LOOK)
    if (width := least_width(rows)) > MOST_COLUMNS:
        return Guess(round(0.6 * share, 2), f"a table of more than {width} columns separated by {_NAMES[delimiter]}")
    at = header_row(rows)
    header = names_in(rows, at)
    if len(header) < 2 or (len([row for row in rows if row]) < 2 and len(header) < 3):
        return None
    names = ", ".join(name.strip() for name in header[:6]) + (", …" if len(header) > 6 else "")
    count = f"{len(header)} columns" if "\n" in text.rstrip("\n") else f"more than {len(header)} columns"
    return Guess(round(0.6 * share, 2), f"a table of {count} separated by {_NAMES[delimiter]}: {names[:200]}")


def least_width(rows: Sequence[Fields]) -> int:
    """Of the rows that have several fields."""
    return min((len(row) for row in rows if len(row) > 1), default=0)


def header_row(rows: Sequence[Fields]) -> int:
    """Where the header stands when no mapping tells: the first of the rows that are as wide as most."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0
    width = max(widths, key=lambda w: (widths[w], w))
    if (declared := _declared(rows, width)) is not None:
        return declared
    if rows[0] and rows[0][-1].strip().lower() == _FIRST_ALONE and _are_names(rows[0]):
        return 0
    found = [at for at, row in enumerate(rows) if len(row) == width]
    commented = is_comment(rows[found[0]][0])

    def is_commented(row: Fields) -> bool:
        return is_comment(row[0]) or (commented and _BARE_COMMENT.fullmatch(row[0]) is not None)

    first = next((at for at in found if not is_commented(rows[at])), found[0])
    holds_values = is_data(*rows[first : first + 2]) or any(map(_is_number, rows[first]))
    if first != found[0] and holds_values:  # a comment above is of the names, or of their units
        units = first - 1 in found and first - 2 in found and _are_units(rows[first - 1], rows[first : first + 10])
        first = next((at for at in (first - 1 - units,) if at in found), first)
    at, *others = [at for at in found if at >= first]  # comments that are as wide by chance stand above
    if width > 2:
        full = (other for other in (at, *others) if sum(map(bool, map(str.strip, rows[other]))) > 1)
        at = next(full, at)  # one field alone is a title, of a spreadsheet that fills its rows with delimiters
    if (named := _named_above(rows, at)) is not None:
        return named
    if (named := _named_below(rows, found, at)) is not None:
        return named
    # a block that tells of the station may stand above: names below a blank line begin the table that is meant, unless another
    # is above
    below = next((o for o in reversed(others) if _begins(rows, o) and _are_names(rows[o])), None)
    if below is not None and not any(row and _DATE.match(row[0]) for row in rows[at + 1 : at + 2]):
        at = below
    if _is_stacked(rows, at + 1) or _is_grouped(rows, at + 1):
        return at + 1
    # so may lines that a spreadsheet filled with delimiters: names fill theirs
    filled = sum(map(bool, map(str.strip, rows[at])))
    return next((o for o in others if at < o and filled < width and _is_full_of_names(rows, o)), at)


def _begins(rows: Sequence[Fields], at: int) -> bool:
    """Whether a blank line stands above a row, or above the title that stands there (CliFlo)."""
    return not rows[at - 1] or (at > 1 and len(rows[at - 1]) == 1 and not rows[at - 2])


def _named_above(rows: Sequence[Fields], at: int) -> int | None:
    """The row of names above the first row of values: written as a comment, or without the delimiter in which rows end."""
    if at and _above_labels(rows, at - 1) and _are_names(rows[at - 1]):
        return at - 1
    if not is_data(*[row for row in rows[at : at + 5] if len(row) == len(rows[at])][:2]):
        return None
    ended = all(not row[-1].strip() for row in rows[at : at + LOOK] if len(row) == len(rows[at]))
    for above in range(at - 1, max(-1, at - 4), -1):
        names = _uncommented(rows[above])
        wide = len(names) == len(rows[at]) and names != list(rows[above])
        if (wide or (ended and len(names) == len(rows[at]) - 1 > 1)) and _are_names(names):
            return above
    return None


def _above_labels(rows: Sequence[Fields], at: int) -> str:
    """What the first column of the rows below holds, above which stands no name (R's `write.table`): their numbers or times."""
    wide = [row for row in rows[at + 1 : at + LOOK] if len(row) == len(rows[at]) + 1]
    if not rows[at] or len(wide) < 2 or not any(row[-1].strip() for row in wide):  # rows that end in a delimiter
        return ""
    if _are_of_their_own_columns(rows[at], wide):  # what has no name stands at the end
        return ""
    below = [row[0].strip() for row in wide]
    return "row" if below == [str(number) for number in range(1, len(below) + 1)] else "time" * all(map(_DATE.match, below))


def _are_of_their_own_columns(names: Fields, below: Sequence[Fields]) -> bool:
    """Whether a name of a time stands above dates, or the first one above numbers of days or rows that it may be of."""
    dated = [all(_DATE.match(row[at]) for row in below) for at in range(len(names) + 1)]
    if names_a_time([name for name, dates in zip(names, dated, strict=False) if dates]):
        return True
    return _COUNTS.fullmatch(names[0].strip()) is not None or (names_a_time(names[:1]) and not dated[1])


def _too_few_names(rows: Sequence[Fields], at: int) -> int:
    """How many names the row above the first row of values has, where they are not as many as columns; 0 of any other."""
    names = rows[at - 1] if at else ()
    return len(names) if len(names) > 2 and len(names) != len(rows[at]) and _are_names(names) else 0


def _named_below(rows: Sequence[Fields], found: Sequence[int], at: int) -> int | None:
    """The row of names that is meant where row `at` is only another line of words above it: it names a time, and numbers stand
    below it. Row `at` names no time, and its names come again, as those of ports and sensors do; or else a day stands soon
    below it (DWD), since other words may be those of an event."""
    names = [name for name in map(str.strip, rows[at]) if name]
    different = len({*names}) == len(names)
    below = [
        o
        for o in found
        if at < o < (at + _LINES_OF_NAMES if different else len(rows))
        and o + 1 in found
        and _are_names(rows[o])
        and any(map(_is_number, rows[o + 1][1:]))
        and (not different or any(map(_DAY.match, rows[o + 1])))
    ]
    if not below or names_a_time(names):  # seldom asked, since what knows the names takes long to import
        return None
    return next((o for o in below if names_a_time(rows[o])), None)


def names_a_time(names: Fields) -> bool:
    from mesonet.formats.tables.proposed_columns import plainly  # only for a row of names that come again
    from mesonet.formats.tables.proposed_times import TIME_NAMES

    return any(TIME_NAMES.search(name) for name in map(plainly, dict.fromkeys(names)))


def _uncommented(row: Fields) -> list[str]:
    """Names without the sign of a comment before the first, and without the delimiter behind the last."""
    if not row or not is_comment(row[0]):
        return list(row)
    names = [(_FIELDS_ARE if _declares(row[0]) else COMMENT).sub("", row[0]), *row[1:]]
    return names if names[-1].strip() else names[:-1]


def _is_full_of_names(rows: Sequence[Fields], at: int) -> bool:
    """Whether each field of a row is a name of its own, and soon below it stand numbers."""
    return _are_names(rows[at]) and any(map(_is_number, chain(*rows[at + 1 : at + 4])))


def _are_names(row: Fields) -> bool:
    """Whether each field is a name of its own, and none of them a value."""
    names = [field.strip() for field in row]
    return len({*names}) == len(names) and all(name and not name[0].isdecimal() and not _is_number(name) for name in names)


def _is_stacked(rows: Sequence[Fields], at: int) -> bool:
    """Whether the names in row `at` go on those above: `Temp` above `Out`, where above `Date` stands nothing (WeatherLink)."""
    if not 0 < at < len(rows) or len(rows[at]) != len(rows[at - 1]) or len(rows[at]) < 3:
        return False
    above, below = rows[at - 1], rows[at]
    return (
        not above[0].strip()
        and all(map(str.strip, below))
        and not any(map(_is_number, (*above, *below)))
        and len(set(below)) < len(below)
        and any(map(_WORD.search, filter(None, above)))
    )


def _is_grouped(rows: Sequence[Fields], at: int) -> bool:
    """Whether the words in row `at` part the names above, which stand above the first of their columns alone, or above each of
    them again: `Air temperature` above `average`, `max` and `min` (Pessl's iMetos), or above `10 cm` and `20 cm`."""
    if not 0 < at < len(rows) or len(rows[at]) != len(rows[at - 1]) or len(rows[at]) < 3:
        return False
    above, below = ([field.strip() for field in row] for row in rows[at - 1 : at + 1])
    parted = [name.lower() for name in below if name]
    if not above[0] or below[0] or not parted or not all(name or part for name, part in zip(above, below, strict=True)):
        return False
    if all(_STATISTIC.fullmatch(name) for name in parted):
        return "" in above or len({*above}) < len(above)
    return not any(map(_is_number, below)) and _are_parts(above, below) and names_a_time([name for name in above if name])


def _are_parts(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether each column of a name that stands above several has a name of its own below it, none of them a unit."""
    groups: list[tuple[str, list[str]]] = []
    for name, part in zip(above, below, strict=True):
        if groups and name in ("", groups[-1][0]):
            groups[-1][1].append(part)
        else:
            groups.append((name, [part]))
    several = [parts for _, parts in groups if len(parts) > 1]
    return (
        bool(several)
        and len(groups) > 1
        and all(len({*parts}) == len(parts) and not any(map(_is_unit, parts)) and "" not in parts for parts in several)
    )


def _is_unit(text: str) -> bool:
    """Whether it can be nothing but a unit: `min` is also the least, and `10 cm` a depth."""
    name = text.strip("()[]")
    if _STATISTIC.fullmatch(name.lower()) or name[:1].isdecimal():
        return False
    try:
        parse_unit(name)
    except UnknownUnit:
        return False
    return True


def _declares(field: str) -> bool:
    """Whether a row that begins so gives names in a comment."""
    return is_comment(field) and _FIELDS_ARE.match(field) is not None


def _declared(rows: Sequence[Fields], width: int) -> int | None:
    """The row of names that says so in a comment: `# fields = timestamp,TA` (NEAD)."""
    return next((at for at, row in enumerate(rows) if len(row) == width and _declares(row[0])), None)


def names_in(rows: Sequence[Fields], at: int) -> list[str]:
    """The names in row `at`, with those above it that they go on; a column without one is called by its place."""
    names = _uncommented(rows[at]) if rows else []
    if _is_stacked(rows, at):
        names = [f"{above.strip()} {name.strip()}".strip() for above, name in zip(rows[at - 1], rows[at], strict=True)]
    elif _is_grouped(rows, at):
        group, names = "", []
        for above, part in zip(rows[at - 1], rows[at], strict=True):
            group = above.strip() or group
            names.append(f"{group} {part.strip()}".strip())
    if rows and (label := _above_labels(rows, at)):
        names = [label, *names]
    last = max((here for here, name in enumerate(names) if name.strip()), default=-1)
    return [
        place if here < last and not name.strip() else name
        for here, (name, place) in enumerate(zip(names, unnamed(len(names)), strict=True))
    ]


def _ended(header: list[str], below: Sequence[Fields]) -> list[str]:
    """Without what stands behind the delimiter that a header ends in, unless most rows are as wide and some hold a value there:
    then it is called by its place. (In a row, nothing behind the last delimiter is a value that is missing.)"""
    wide = [row for row in below if len(row) == len(header)]
    told = wide if 2 * len(wide) > sum(map(bool, below)) else []
    here = len(header)
    while here and not header[here - 1] and not any(row[here - 1].strip() for row in told):
        here -= 1
    return [name or place for name, place in zip(header[:here], unnamed(here), strict=True)]


def is_data(row: Fields, below: Fields = ()) -> bool:
    """Whether a row where names should be holds values: not one word in it, and some number; or, as `below`, a date."""
    given = [field.strip() for field in row if field.strip() not in MISSING_TOKENS]
    has_words = any(map(str.isalpha, given)) or any(map(_WORD.search, given))
    if len(given) > 1 and not has_words and any(map(_is_number, given)):
        return True
    return _is_alike(row, below) or any(
        (here.lstrip()[:1].isdecimal() and _DATE.match(here) and _DATE.match(there)) or _is_named_value(here, there)
        for here, there in zip(row, below, strict=False)
    )


def _is_alike(row: Fields, below: Fields) -> bool:
    """Whether half of a row and more are numbers, some of them with decimals, and those below it in the same places; heights
    and years, which may be names, go up, and above a date stands another."""
    numbers = [float(field) for field in row if _is_number(field)]
    return (
        len(row) == len(below)
        and len(numbers) > 2
        and 2 * len(numbers) >= sum(map(bool, map(str.strip, row)))
        and any(_DECIMALS.fullmatch(field.strip()) for field in row)
        and any(a >= b for a, b in pairwise(numbers))
        and all(_shape(a) == _shape(b) for a, b in zip(row, below, strict=True) if a.strip() and b.strip())
    )


def _shape(text: str) -> str:
    """A number, a text with figures as of a date, or words: `time` is no date, whatever stands below it."""
    return "number" if _is_number(text) else "figures" if any(map(str.isdigit, text)) else "words"


def _is_named_value(here: str, there: str) -> bool:
    """`Ta=21.3C` above `Ta=21.1C`, as Vaisala's transmitters write."""
    name, sign, value = here.partition("=")
    return bool(sign) and there.startswith(f"{name}=") and value.strip()[:1] in "-.0123456789" and value.strip() != ""


_NO_NUMBER = frozenset("abcdefghjklmopqrstuvwxyzABCDEFGHJKLMOPQRSTUVWXYZ")  # nan and inf are some


def _is_number(text: str) -> bool:
    if text[:1] in _NO_NUMBER:  # told faster than by the exception, of thousands of names
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


_ARRAYS = (
    "its rows look like arrays of a Campbell logger (CSI), which begin with the array's number, year, day and clock: "
    "store each array as a table of its own, or as TOA5, which names its columns"
)


def _are_arrays(rows: Sequence[Fields]) -> bool:
    """Whether rows are those of a logger's arrays, of one kind or more."""
    given = [[field.strip() for field in row] for row in rows if row]
    return len(given) > 1 and all(
        len(row) > 4
        and all(field.isascii() and field.isdecimal() for field in row[:4])
        and int(row[0][:9]) < 1024
        and 1980 <= int(row[1][:9]) <= 2100
        and 1 <= int(row[2][:9]) <= 366
        and int(row[3][:9]) <= 2400
        for row in given
    )


# Cumulus Wiki, "Monthly log files": days before months, in the units that the program was set to
_CUMULUS = (
    *("Date", "Time", "Outside temperature", "Outside humidity", "Dew point", "Wind speed average", "Wind gust"),
    *(
        "Wind direction average",
        "Rain rate",
        "Rain so far today",
        "Sea level pressure",
        "Rain counter since a year's beginning",
    ),
    *("Inside temperature", "Inside humidity", "Latest wind gust", "Wind chill", "Heat index", "UV index", "Solar radiation"),
    *("ET", "ET since a year's beginning", "Apparent temperature", "Solar maximum of theory", "Sunshine since midnight"),
    *("Latest wind direction", "Rain of RG-11 since midnight", "Rain since midnight", "Feels like", "Humidex"),
)
_LOGGED = regex(r"(?a)\d\d[-/.]\d\d[-/.]\d\d;\d\d:\d\d;-?\d+(?:[.,]\d)?;\d{1,3};(?:-?\d+(?:[.,]\d+)?;){3}\d{1,3};.*")


# of version 4 of Cumulus MX: date and time are one, and the time stands beside it as a number
_CUMULUS_4 = ("Date and time", "Unix timestamp", *_CUMULUS[2:])
_LOGGED_4 = regex(r"(?a)\d\d/\d\d/\d\d \d\d:\d\d;1\d{9};-?\d+(?:\.\d)?;\d{1,3};(?:-?\d+(?:\.\d+)?;){3}\d{1,3};.*")


# the same, "Dayfile.txt": a line for each day, most values with the clock at which they were reached
_CUMULUS_DAYS = (
    *("Date", "Highest wind gust", "Highest wind gust direction", "Highest wind gust time", "Minimum temperature"),
    *("Minimum temperature time", "Maximum temperature", "Maximum temperature time", "Minimum sea level pressure"),
    *("Minimum sea level pressure time", "Maximum sea level pressure", "Maximum sea level pressure time"),
    *("Maximum rain rate", "Maximum rain rate time", "Total rain", "Average temperature", "Wind run"),
    *("Maximum wind speed average", "Maximum wind speed average time", "Minimum humidity", "Minimum humidity time"),
    *("Maximum humidity", "Maximum humidity time", "ET", "Sunshine hours", "Maximum heat index", "Maximum heat index time"),
    *("Maximum apparent temperature", "Maximum apparent temperature time", "Minimum apparent temperature"),
    *("Minimum apparent temperature time", "Maximum hourly rain", "Maximum hourly rain time", "Minimum wind chill"),
    *("Minimum wind chill time", "Maximum dew point", "Maximum dew point time", "Minimum dew point", "Minimum dew point time"),
    *("Dominant wind direction", "Heating degree days", "Cooling degree days", "Maximum solar radiation"),
    *("Maximum solar radiation time", "Maximum UV index", "Maximum UV index time", "Maximum feels like"),
    *("Maximum feels like time", "Minimum feels like", "Minimum feels like time", "Maximum humidex", "Maximum humidex time"),
    *("Chill hours", "Maximum 24 h rain", "Maximum 24 h rain time"),
)
_OF_DAY = regex(
    r"(?a)\d\d[-/.]\d\d[-/.]\d\d;\d+(?:[.,]\d+)?;\d{1,3}(?:;\d\d:\d\d;-?\d+(?:[.,]\d+)?){4};\d\d:\d\d;-?\d+(?:[.,]\d+)?;\d\d:\d\d;"
    r"\d+(?:[.,]\d+)?(?:;.*)?",
)
# AirNow, "Hourly data fact sheet" (docs.airnowapi.org): a line for each value
_AIRNOW = ("Valid date (MM/DD/YY)", "Valid time (GMT)", "AQSID", "Site name", "Offset", "Parameter", "Units", "Value", "Agency")
_OF_AIRNOW = regex(r"(?a)\d\d/\d\d/\d\d;\d\d:\d\d;\w{9,12};[^;]*;-?\d\d?;[\w.-]+;[^;]+;-?\d+(?:\.\d+)?;[^;]*")
# Meteostat, "Bulk data", hourly: a line for each hour
_METEOSTAT = (
    *("date", "hour", "temp", "dwpt", "rhum", "prcp", "snow"),
    *("wdir", "wspd", "wpgt", "pres", "tsun", "coco"),
)
_OF_METEOSTAT = regex(r"(?a)(?:18|19|20)\d\d-\d\d-\d\d;(?:1?\d|2[0-3])(?:;-?[\d.]*){10};\d{0,2}")
# and daily, where the wind is from whole degrees and the pressure is that at sea level
_METEOSTAT_DAYS = ("date", "tavg", "tmin", "tmax", "prcp", "snow", "wdir", "wspd", "wpgt", "pres", "tsun")
_OF_METEOSTAT_DAYS = regex(
    r"(?a)(?:18|19|20)\d\d-\d\d-\d\d(?:;-?[\d.]*){3};[\d.]*;[\d.]*;(?:[0-3]?\d?\d(?:\.0)?)?;[\d.]*;[\d.]*"
    r";(?:(?:9|10)\d\d(?:\.\d)?)?;\d{0,4}(?:\.0)?"
)
_BY_PLACE = (
    ("Meteostat's daily bulk data", _METEOSTAT_DAYS, _OF_METEOSTAT_DAYS, 11),
    ("Meteostat's hourly bulk data", _METEOSTAT, _OF_METEOSTAT, 13),
    ("AirNow's hourly data", _AIRNOW, _OF_AIRNOW, 9),
    ("Cumulus' monthly logs", _CUMULUS, _LOGGED, 15),
    ("monthly logs of Cumulus MX 4", _CUMULUS_4, _LOGGED_4, 15),
    ("Cumulus' dayfile.txt", _CUMULUS_DAYS, _OF_DAY, 15),
)


def named_by_place(rows: Sequence[Fields], at: int) -> tuple[list[str], str]:
    """What the columns of a table without names are called, and whose manual calls them so."""
    given = [[field.strip() for field in row] for row in rows[at:] if row]
    width = len(rows[at])
    for whose, names, form, least in _BY_PLACE:
        if least <= width <= len(names) and all(len(row) == width and form.fullmatch(";".join(row)) for row in given):
            return list(names[:width]), whose
    return unnamed(width), ""


def _is_bare(rows: Sequence[Fields], at: int) -> bool:
    """Whether no row names the columns, so that the one where names should be holds values."""
    return is_data(*rows[at : at + 2]) or bool(named_by_place(rows, at)[1])


def fits(head: bytes, mapping: Mapping) -> bool:
    """Whether the first rows have the header that the mapping speaks of."""
    text = decode(head)
    rows = leading(text, mapping.delimiter or delimiter_of(text)[0], LOOK)
    return _mapped_header(rows, mapping) is not None or _mapped_places(rows, mapping)


def _mapped_header(rows: Sequence[Fields], mapping: Mapping) -> int | None:
    """The first row that names the time, the station, and what else the mapping cannot do without."""
    wanted = set(mapping.needed)
    for at in range(len(rows)):
        names = names_in(rows, at)
        known = {name.strip() for name in (*names, *rows[at])} | set(names)
        if wanted <= known:
            return at + 1 if _is_grouped(rows, at + 1) and not known.issuperset(mapping.named) else at
    return None


def _mapped_places(rows: Sequence[Fields], mapping: Mapping) -> bool:
    """Whether there are no names, and the mapping calls the columns by their places."""
    at = header_row(rows)
    return bool(rows) and _is_bare(rows, at) and set(mapping.needed) <= {*unnamed(len(rows[at])), *named_by_place(rows, at)[0]}


def lines_beneath(rows: Sequence[Fields], at: int) -> int:
    """How many lines of units and processes stand below the names in row `at`: a Campbell logger's (TOA5), or one of units."""
    if rows and rows[at] and _declares(rows[at][0]):
        return next((below for below, row in enumerate(rows[at + 1 :]) if not row or not is_comment(row[0])), 0)
    names, units, processes = (*rows[at : at + 3], [], [], [])[:3]
    if names and names[0].strip() == "TIMESTAMP" and units and units[0].strip() == "TS":
        return 2 if processes and not processes[0].strip() else 1
    if _are_processes(units) or _is_rule(units):
        return 1
    second = _are_processes(processes)
    return 1 + second if _are_units(units, rows[at + 2 + second : at + 12]) else 0


def _units_above(rows: Sequence[Fields], at: int) -> Fields:
    """A row of units that says so, above the names in row `at` (meteoblue, DWD); none where there is none."""
    return next((row for row in rows[:at] if len(row) == len(rows[at]) and any(map(_OF_UNITS.fullmatch, row[:2]))), ())


def _units_declared(rows: Sequence[Fields]) -> Fields:
    """The row of units that says so in a comment, as that of names does."""
    return next(([_UNITS_ARE.sub("", row[0]), *row[1:]] for row in rows if row and _UNITS_ARE.match(row[0])), ())


def _is_rule(row: Fields) -> bool:
    """Whether a row is the line below the names of a table in Markdown."""
    given = [field.strip() for field in row if field.strip()]
    return len(given) > 1 and all(field[0] in ":-" and _RULED.fullmatch(field) for field in given)


def _are_processes(row: Fields) -> bool:
    """Whether a row holds nothing but a logger's words for how its columns came about, one of which may say so (Delta-T)."""
    first, *others = [field.strip().lower() for field in row] or [""]
    given = {*others, "" if first == _OF_PROCESSES else first} - {""}
    return bool(given) and given <= _PROCESSES


def _are_units(row: Fields, below: Sequence[Fields]) -> bool:
    """Whether a row holds no number but, above numbers, units, of which some are known."""
    found = 0
    for at, text in enumerate(row):
        unit = text.strip().strip("()[]")
        if not unit or unit in MISSING_TOKENS:
            continue
        if _is_number(unit):
            return False
        given = [cells[at].strip() for cells in below if len(cells) == len(row) and cells[at].strip() not in MISSING_TOKENS]
        if given and all(_is_number(text.replace(",", ".")) for text in given):
            try:
                parse_unit(unit)
            except UnknownUnit:
                continue
            found += 1
    return found > 0


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Observations where there is a mapping; else only what can be said of a table."""
    mapping = context.mapping
    table = Table(stream, mapping.delimiter if mapping else None, look=LOOK, start=context.start)
    names = _named(table.first, mapping)
    if names.bare:
        yield from _called_by_place(names, table.first, mapping)
    if mapping and names.beneath:
        mapping = replace(mapping, missing=(*mapping.missing, LOGGER_MISSING))
    header = names.header
    plan = yield from planned(mapping, header, names.exact, names.at + 1)
    reader = mapped(header, plan, context) if plan else _Unmapped(table, names, context)
    again = _Again(header, plan.times if plan and not names.bare else [])
    ends = _Ends(table, header, mapping)
    count = 0
    for chunk in table.chunks(len(header), skip=names.skip):
        count += len(chunk.rows) + len(chunk.ragged)
        if chunk.ragged:
            chunk = ends.filled(chunk)
        yield from table.ragged(chunk, len(header))
        yield from again.taken(chunk, reader)
        del chunk  # the texts of the next take their place, which is in a processor's cache
        # who goes on from there knows the first header alone
        if not again.moved and reader.settled and (mark := table.left(context.enough)):
            yield mark
            break
    yield from table.torn()
    if not count and not context.start:
        yield Reject(reason="there are no rows below the header", row=names.at + 1)
    yield from ends.remarks()
    yield from again.remarks()
    yield from reader.remarks()
    yield Rows(count=count - again.passed - reader.passed)
    yield Columns(columns=tuple(reader.facts()), encoding=table.text.described, beyond=reader.beyond)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What columns are called. The names stand in row `at`, counted from 0, with so many lines of units and processes
    `beneath`; values begin behind `skip` rows. Where no row names the columns, the table is `bare`: they are called by their
    places, or as the `manual` of a program has them."""

    at: int
    header: list[str]
    exact: list[str]  # as they stand in the file, with blanks around them
    skip: int
    beneath: int = 0
    units: Fields = ()
    bare: bool = False
    manual: str = ""


def _named(rows: Sequence[Fields], mapping: Mapping | None) -> _Names:
    """Raises UnreadableFile where there are too many, before any column is weighed or any field is looked at."""
    if (width := least_width(rows)) > MOST_COLUMNS:
        raise UnreadableFile(f"{width} columns; more than {MOST_COLUMNS} are not read", row=1)
    told = _mapped_header(rows, mapping) if mapping else None
    at = header_row(rows) if told is None else told
    exact = names_in(rows, at)
    header = [name.strip() for name in exact]
    bare = told is None and (_is_bare([exact, *rows[at + 1 :]], 0) or _is_alike(*(*rows[at : at + 2], (), ())[:2]))
    if not bare:
        header = _ended(header, rows[at + 1 :])
    if len(header) > MOST_COLUMNS:
        raise UnreadableFile(f"{len(header)} columns; more than {MOST_COLUMNS} are not read", row=at + 1)
    if bare:
        called, manual = named_by_place(rows, at)
        called = called[: len(header)]
        return _Names(at=at, header=called, exact=called, skip=at, units=_units_above(rows, at), bare=True, manual=manual)
    beneath = lines_beneath(rows, at)
    if beneath and _declares(rows[at][0]):
        units = _units_declared(rows[at:])
    elif beneath and not (_are_processes(rows[at + 1]) or _is_rule(rows[at + 1])):
        units = rows[at + 1]
    else:
        units = _units_above(rows, at)
    return _Names(at=at, header=header, exact=exact, skip=at + 1 + beneath, beneath=beneath, units=units)


def _called_by_place(names: _Names, rows: Sequence[Fields], mapping: Mapping | None) -> Iterator[Remark]:
    whose = f", as the columns of {names.manual} are" if names.manual else ""
    few = _too_few_names(rows, names.at)
    fields = f"row {names.at} names {few} columns, and rows have {len(names.header)} fields"
    why = fields if few else "no row names the columns"
    yield Remark(f"{why}: they are called {', '.join(names.header[:2])}, … here and in a mapping{whose}")
    if mapping is None and _are_arrays(rows):
        yield Remark(_ARRAYS)


class _Ends:
    """Rows that end before the last column, which are whole where the mapping says so, or the last name does."""

    def __init__(self, table: Table, header: list[str], mapping: Mapping | None) -> None:
        self._table = table
        self._header = header
        self._mapping = mapping
        self._short = 0
        self._alone = 0  # rows that lack only what stands in the first row alone

    def filled(self, chunk: Chunk) -> Chunk:
        width, last = len(self._header), self._table.unended
        if self._header and self._header[-1].lower() == _FIRST_ALONE:
            before = len(chunk.ragged)
            chunk = filled(chunk, width, None, least=width - 1)
            self._alone += before - len(chunk.ragged)
        if self._mapping and any(len(fields) < width and row != last for row, fields in chunk.ragged):
            before = len(chunk.ragged)
            chunk = filled(chunk, width, last) if self._mapping.short_rows else chunk
            self._short += before - len(chunk.ragged) if self._mapping.short_rows else before
        return chunk

    def remarks(self) -> Iterator[Remark]:
        if self._alone:
            rows = f"the {self._alone} that end before it lack nothing else"
            yield Remark(f"{self._header[-1]} stands in the first row alone: {rows}")
        if self._mapping and self._short:
            yield Remark(f"{self._short} rows {_SHORT[self._mapping.short_rows]}")


class _Again:
    """Rows below a header that comes again, as in tables that were joined: their columns go by the names above them."""

    def __init__(self, header: list[str], times: list[int]) -> None:
        self._header = header if len({*header}) == len(header) else []
        self._times = times
        self._places: list[int] = []  # where the columns of the first header now are; none where there they are as in that
        self._other = 0  # the row of a header with other names
        self._count = self._same = 0
        self.passed = 0  # headers, which are no rows

    @property
    def moved(self) -> bool:
        """Whether the last header was not the first once more."""
        return bool(self._places or self._other)

    def taken(self, chunk: Chunk, reader: "Mapped | _Unmapped") -> Iterator[Piece]:
        """What a reader takes of the rows. Where all have a time none of them is a header."""
        span = reader.span(chunk) if chunk.rows and not self.moved else None
        for part in self.parts(chunk) if span is None else (chunk,):
            if isinstance(part, Reject):
                yield part
            elif part.rows:
                yield from reader.take(part, span)

    def parts(self, chunk: Chunk) -> Iterator[Chunk | Reject]:
        """The chunk below each header."""
        begin = 0
        for at in self._headers(chunk):
            yield from self._part(chunk, begin, at)
            begin = at + 1
            self._learn([column[at].strip() for column in chunk.columns], chunk.rows[at])
        yield from self._part(chunk, begin, len(chunk.rows))

    def _headers(self, chunk: Chunk) -> list[int]:
        if not self._times or not self._header or {*self._header}.isdisjoint(map(str.strip, chunk.columns[self._times[0]])):
            return []
        needed = {self._header[at] for at in self._times}
        found = []
        for at, row in enumerate(zip(*chunk.columns, strict=True)):
            names = [field.strip() for field in row]
            if needed <= {*names} and _are_names(names):
                found.append(at)
        return found

    def _learn(self, names: list[str], row: int) -> None:
        """Takes a header; it is no row of data."""
        self._places, self._other = [], 0
        self.passed += 1
        if names == self._header:
            self._same += 1
        elif {*names} == {*self._header}:
            self._places = [names.index(name) for name in self._header]
            self._count += 1
        else:
            self._other = row

    def _part(self, chunk: Chunk, begin: int, end: int) -> Iterator[Chunk | Reject]:
        if self._other:
            reason = (
                f"row {self._other} is a header with other names than the first: store what is below it as a file of its own"
            )
            yield from (Reject(reason=reason, row=row) for row in chunk.rows[begin:end])
        elif begin == 0 and end == len(chunk.rows) and not self._places:
            yield chunk
        elif begin < end:
            columns = [chunk.columns[at] for at in self._places] or chunk.columns
            yield Chunk(chunk.rows[begin:end], [column[begin:end] for column in columns], [])

    def remarks(self) -> Iterator[Remark]:
        if self._same:
            times = f"{self._same} times" if self._same > 1 else "once"
            yield Remark(f"the header comes again {times}, as where files were joined, and was passed over")
        if self._count:
            times = f"{self._count} times" if self._count > 1 else "once"
            yield Remark(
                f"the header comes again with its columns in another order {times}: values were taken by the names above"
            )


class _Unmapped:
    """A table of which nobody has said what its columns mean: facts, and what the columns may be."""

    settled = True

    def __init__(self, table: Table, names: _Names, context: Context) -> None:
        self._table = table
        self._above = "\n".join(table.delimiter.join(row) for row in table.first[: names.at])
        self._header = names.header
        self.beyond = max(0, len(names.header) - COLUMNS_LISTED)  # columns that a file's entry does not list
        self._names = [] if names.bare and not names.manual else names.header
        self._units = names.units
        self._context = context
        self._columns: list[Loose] = []
        self._facts: list[ColumnFacts] = []
        self._first: list[list[str]] = []
        self._last: list[str] = []
        self.passed = 0  # rows that are none
        self._named_by: list[int | None] | None = None  # where the names of a long table are, once that was looked for

    def span(self, chunk: Chunk) -> None:
        """Nobody has said where the times are."""

    def take(self, chunk: Chunk, span: tuple[int, int] | None = None) -> Iterator[Piece]:
        chunk, passed = once(chunk, self._header)
        self.passed += passed
        if not chunk.rows:
            return
        self._columns = self._columns or self._begun(chunk)
        for loose, texts in zip(self._columns, chunk.columns, strict=False):
            loose.weigh(texts)
        if not self._first:
            self._first = [list(column[:SAMPLED]) for column in chunk.columns]
        elif self._context.mapping is None and chunk.columns:
            self._meet(chunk)
        self._last = [column[-1] for column in chunk.columns]
        yield from ()

    def _begun(self, chunk: Chunk) -> list[Loose]:
        """Columns without facts, whose numbers have the decimal sign that they have in the first rows."""
        decimal = "."
        if any("," in text for column in chunk.columns for text in column[:50]):
            from mesonet.formats.tables.proposed_columns import has_decimal_comma  # as a mapping would be proposed

            quoted = self._table.delimiter == ","
            decimal = "," if has_decimal_comma([column[:SAMPLED] for column in chunk.columns], quoted=quoted) else "."
        return [Loose(MISSING_TOKENS, decimal=decimal) for _ in self._header[:COLUMNS_LISTED]]

    def _meet(self, chunk: Chunk) -> None:
        """Samples what of a long table comes later: rows in the order of their names have others at the beginning."""
        from mesonet.formats.tables.proposed_long import MOST_NAMES, NEW, named_by  # only of a table that waits for a mapping

        if self._named_by is None:
            self._named_by = [named_by(self._names)]
        (at,) = self._named_by
        most = SAMPLED + NEW * MOST_NAMES
        if at is None or len(self._first[at]) >= most:
            return
        rows: dict[str, list[int]] = {name: [] for name in self._first[at]}
        for row, text in enumerate(chunk.columns[at]):
            if text not in rows:
                rows[text] = [row]
            elif 0 < len(rows[text]) < NEW:
                rows[text].append(row)
        if len(rows) > MOST_NAMES:  # it has no names, which one row of each shows
            rows, self._named_by = {name: found[:1] for name, found in rows.items()}, [None]
        new = [row for found in rows.values() for row in found][: most + NEW - len(self._first[at])]
        for sampled, column in zip(self._first, chunk.columns, strict=True):
            sampled += [column[row] for row in new]

    def remarks(self) -> Iterator[Piece]:
        if self._context.mapping is None and self._first:
            from mesonet.formats.tables.proposal import Sample, propose  # only where a table waits for a mapping

            first: Sequence[Sequence[str]] = self._first
            if self._units:
                units = [*self._units, *[""] * len(first)][: len(first)]  # the row of units may be shorter
                first = [[unit, *texts] for unit, texts in zip(units, first, strict=True)]
            sample = Sample(
                header=self._names,
                texts=first,
                facts=self.facts(),
                last=self._last,
                delimiter=self._table.delimiter,
                key=self._context.key,
                above=self._above,
            )
            yield propose(sample)

    def facts(self) -> list[ColumnFacts]:
        if not self._facts:
            columns = self._columns or [Loose(MISSING_TOKENS) for _ in self._header[:COLUMNS_LISTED]]
            units = [unit.strip().strip("()[]") for unit in self._units[: len(columns)]]
            self._facts = [loose.facts(name) for name, loose in zip(self._header, columns, strict=False)]
            for at, (facts, unit) in enumerate(zip(self._facts, units, strict=False)):
                if unit and facts.kind == "number":
                    self._facts[at] = replace(facts, unit_received=unit)
        return self._facts


def mapped(header: list[str], plan: Plan, context: Context) -> Mapped:
    """What reads a table with a mapping."""
    if plan.mapping.long is None:
        return Mapped(header, plan, context)
    from mesonet.formats.tables.long_table import Long  # only for a table that is one

    return Long(header, plan, context)
