"""WeeWX's archive as a table: the columns of its database, with the system of units and the interval in each row.

Source: WeeWX, "Reference: units" and "archive types", as exported by `sqlite3 -header -csv weewx.sdb 'select * from
archive'`. A record tells of the `interval` minutes before its time: means, the sum of rain and the greatest gust. Times are
epoch seconds. The station stands nowhere, so it is called after the file.
"""

from collections.abc import Iterator

from mesonet.domain.instant import SECOND, iso
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Known, Layout, Mended, by_name, each, rows
from mesonet.formats.elements import Left, header_of
from mesonet.formats.json_readings import of_file
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Chunk, Table, delimiter_of, first_line
from mesonet.formats.text import decode
from mesonet.formats.weewx_elements import ELEMENTS, SYSTEMS
from mesonet.regex import regex

NAME = "weewx"
RECORDS = LineRecords(header=regex(rb"usUnits"))

_REQUIRED = ("dateTime", "usUnits", "interval")


def sniff(head: bytes) -> Guess | None:
    first = first_line(decode(head[:8192]))
    names = [name.strip().strip('"') for name in first.strip().split(delimiter_of(first)[0])]
    known = [name for name in names if name in ELEMENTS]
    if not set(_REQUIRED) <= set(names) or len(known) < 3:
        return None
    return Guess(0.97, f"archive of WeeWX: {', '.join(known[:6])}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), None, header_tells=True)
    names, skip = header_of(table, _REQUIRED)
    time, system, interval = (names.index(name) for name in _REQUIRED)
    first = next((row for row in table.first[skip:] if len(row) == len(names)), None)
    if first is None:
        raise UnreadableFile("there are no rows below the header", row=skip)
    units, minutes = SYSTEMS.get(first[system].strip()), first[interval].strip().removesuffix(".0")
    if units is None or not minutes.isdecimal() or not 1 <= int(minutes) <= 1440:
        raise UnreadableFile("usUnits is not 1, 16 or 17, or interval is no number of minutes", row=skip + 1)
    known: dict[str, Known] = {
        name: (standard_name, each_unit[units], method, f"PT{int(minutes)}M")
        for name, (standard_name, each_unit, method) in ELEMENTS.items()
    }
    station = of_file(context.key, "weewx")
    layout = Layout(
        names=names,
        station=station,
        at=(time,),
        time=each(_time, time),
        elements=by_name(names, known, "None", "NULL"),
        quiet=frozenset((system, interval)),
        inferred=("station",),
        remarks=(f"the station stands nowhere in the table: it is called {station} after the file",),
    )
    alike = _alike(table, {system: first[system], interval: first[interval]})
    yield from rows(alike, layout, context, skip=skip)


def _alike(table: Table, same: dict[int, str]) -> Mended:
    """The rows that have the units and the interval of the first."""
    left = Left()
    reason = f"usUnits and interval are not those of the first row ({', '.join(same.values())}): cut it up"

    def mend(chunk: Chunk, width: int) -> Chunk:
        keep = [True] * len(chunk.rows)
        for at, value in same.items():
            for index, text in enumerate(chunk.columns[at]):
                if text != value and keep[index]:
                    keep[index] = False
                    left.add(reason, "usUnits, interval", chunk.rows[index], text)
        return chunk if all(keep) else chunk.where(keep)

    return Mended(table, mend, left)


def _time(text: str) -> str:
    """ISO 8601 of epoch seconds; what are none stay, and are rejected as a time."""
    plain = text.strip().removesuffix(".0")
    return iso(int(plain) * SECOND) if plain.isascii() and plain.isdecimal() and len(plain) <= 11 else plain
