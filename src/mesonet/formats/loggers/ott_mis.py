"""OTT's MIS: values of one sensor of a station below a line that names both, as loggers and Hydras 3 exchange them.

A head is `<STATION>…</STATION><SENSOR>…</SENSOR><DATEFORMAT>YYYYMMDD</DATEFORMAT>`, perhaps with more tags behind; below it
each row is date, clock and value (`20160428;190000;0.98`). What a sensor measures, its unit and the clock's zone are set at the
station and stand nowhere in the file, so it is a long table (`station`, `sensor`, `time`, `value`) that a mapping explains.
"""

from collections.abc import Iterator
from itertools import chain

from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.retold import Retold, renumbered, written
from mesonet.formats.tables import mapped_csv
from mesonet.formats.text import Text, decode
from mesonet.record import replace
from mesonet.regex import regex

NAME = "ott-mis"
TAKES_MAPPING = True

_HEAD = regex(
    r"\s*<STATION>([^<>]{0,60})</STATION>\s*<SENSOR>([^<>]{0,60})</SENSOR>(?:\s*<DATEFORMAT>([A-Z]{6,10})</DATEFORMAT>)?"
)
_ROW = regex(r"(\d{8});(\d\d):?(\d\d):?(\d\d)?")
_ORDERS = {"YYYYMMDD": (0, 4, 6), "DDMMYYYY": (4, 2, 0), "MMDDYYYY": (4, 0, 2)}  # where year, month and day begin
_COLUMNS = ["station", "sensor", "time", "value"]
_TOLD = 8
_MOST = 1000  # sensors that are told apart


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:4096]).lstrip("\ufeff\r\n\t ")
    found = _HEAD.match(text)
    if found is None:
        return None
    return Guess(0.95, f"values of sensors in OTT's MIS, first {found[2].strip()[:20]} of station {found[1].strip()[:40]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are lines; heads are none."""
    rows = _Rows(stream)
    mapping = context.mapping and replace(context.mapping, delimiter=",")  # that of the file parts nothing here
    yield from renumbered(mapped_csv.read(rows, replace(context.unhurried, mapping=mapping)))
    if context.mapping is None:
        names = ", ".join(list(rows.sensors)[:_TOLD]) + (", …" if len(rows.sensors) > _TOLD else "")
        yield Remark(
            f"what the sensors ({names}) measure, and in which zone, stands nowhere in it: a mapping says it of the columns "
            '"station", "time", "sensor" and "value" (long tables)'
        )
    if rows.other:
        yield Remark(f"{rows.other} lines of other tags were passed over")


class _Rows(Retold):
    """The values as a table between commas, each in the line in which it stands."""

    def __init__(self, stream: Stream) -> None:
        text = Text(stream)
        super().__init__(chain([written([_COLUMNS])], map(self._lines, text)), text)
        self._station = self._sensor = ""
        self._order: tuple[int, int, int] | None = None
        self.sensors: dict[str, None] = {}
        self.other = 0

    def _lines(self, block: str) -> bytes:
        return written(list(map(self._fields, block.removesuffix("\n").split("\n"))))

    def _fields(self, line: str) -> list[str]:
        if not (plain := line.strip()):
            return []
        if plain.startswith("<"):
            if found := _HEAD.match(plain):
                self._station, self._sensor = found[1].strip(), found[2].strip()
                self._order = _ORDERS.get(found[3] or "YYYYMMDD")
                if len(self.sensors) < _MOST:
                    self.sensors[self._sensor] = None
            else:
                self.other += 1
            return []
        moment, _, value = plain.rpartition(";")
        found = _ROW.fullmatch(moment)
        if found is None or self._order is None:
            return [self._station, self._sensor, plain, ""]  # no time, whatever the beginning of it would be
        date, (year, month, day) = found[1], self._order
        time = (
            f"{date[year : year + 4]}-{date[month : month + 2]}-{date[day : day + 2]}T{found[2]}:{found[3]}:{found[4] or '00'}"
        )
        return [self._station, self._sensor, time, value]
