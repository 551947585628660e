"""What the four products of the U.S. Climate Reference Network share: fields between blanks, missing values, flags.

Source: NOAA NCEI, the `readme.txt` of the products daily01 (CRND0103), hourly02 (CRNH0203), subhourly01 (CRNS0101) and
monthly01 (CRNM0102). Missing are -9999 (-99999 of radiation) and, of soil moisture and wind, -99; a flag of 3 marks erroneous
data (fail), any other but 0 doubtful data (suspect). A value stands at the end of its period, in UTC; a day is that of the
station's standard time and stands at its date, 00:00Z, a month at its first day.
"""

from collections.abc import Iterator, Sequence

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.formats.columns import Loose
from mesonet.formats.elements import Element, Elements, Field, Places, Timing, element, latest, pieces, timed
from mesonet.formats.lines import Lines, likely, sampled
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import Chunk
from mesonet.formats.text import decode
from mesonet.formats.times import clock
from mesonet.record import dataclass

_GONE = ("-9999", "-99999", "-99")
_DEPTHS_CM = (5, 10, 20, 50, 100)
_FLAGS = {"0": NOT_EVALUATED, "3": FAIL}
_DATES = {"UTC_DATE": 8, "LST_DATE": 8, "LST_YRMO": 6}  # how many figures they have
_DIGITS = 5  # of a WBAN number
_NOT_KNOWN = ("-9999", "-9999.0", "-99.000")


def value(name: str, standard_name: str, unit: str, method: str, duration: str, level: float | None = None) -> Element:
    """An element of CRN."""
    missing = _GONE if unit in ("m3/m3", "m/s") else _GONE[:2]
    return element(name, standard_name, unit, *missing, method=method, duration=duration, level=level)


def soil(duration: str, names: str, depths: Sequence[int] = _DEPTHS_CM, temperature: str = "TEMP") -> list[Element]:
    """Moisture, then temperature, at each depth; `names` such as `SOIL_{}_{}_DAILY`."""
    moisture = "volume_fraction_of_condensed_water_in_soil"
    return [
        *(value(names.format("MOISTURE", cm), moisture, "m3/m3", "mean", duration, -cm / 100) for cm in depths),
        *(value(names.format(temperature, cm), "soil_temperature", "Cel", "mean", duration, -cm / 100) for cm in depths),
    ]


@dataclass(frozen=True, slots=True)
class Product:
    """The fields of a line: an element, or the name of what is not taken. The one after an element whose name ends in `FLAG`
    is its flag. `surface` is where the surface temperature's type stands (R, C or U), by which a line is recognised."""

    name: str
    times: tuple[str, ...]
    format: str
    fields: tuple[Element | str, ...]
    surface: int

    def sniff(self, head: bytes) -> Guess | None:
        """Station, date, position and as many fields as the product has."""
        why = f"{self.name} data of the U.S. Climate Reference Network: {len(self.fields)} fields"
        return likely(sampled(decode(head[:16384]), 50), self._fits, 0.96, why)

    def _fits(self, line: str) -> bool:
        fields = line.split()
        if len(fields) != len(self.fields) or not line.isascii():
            return False
        dates = {str(known): text for text, known in zip(fields, self.fields, strict=True) if str(known) in _DATES}
        return (
            fields[0].isdecimal()
            and _DIGITS - 1 <= len(fields[0]) <= _DIGITS
            and all(len(text) == _DATES[known] and text.isdecimal() for known, text in dates.items())
            and fields[self.surface] in ("R", "C", "U")
            and "." in fields[self.fields.index("LATITUDE")]
        )

    def read(self, stream: Stream, context: Context) -> Iterator[Piece]:
        names = [known if isinstance(known, str) else known.name for known in self.fields]  # NOAA keeps them in a file beside
        yield from pieces(Lines(stream, parted=True), len(self.fields), _Reader(self, context), header=names)


class _Reader:
    def __init__(self, product: Product, context: Context) -> None:
        self._fields = product.fields
        self._elements = Elements(context)
        self._places = Places()
        self._at = {known: at for at, known in enumerate(product.fields) if isinstance(known, str)}
        self._loose = {
            at: Loose(_NOT_KNOWN)
            for at, known in enumerate(product.fields)
            if isinstance(known, str) and known not in ("WBANNO", *product.times)
        }
        self._rows = 0
        self._times = product.times
        self._timing = Timing(
            clock=clock(TimeColumns(columns=product.times, format=product.format)),
            times=tuple(self._at[name] for name in product.times),
            name=" ".join(product.times),
            station=0,
            station_name="WBANNO",
            latest=latest(context),
        )

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        columns = chunk.columns
        if (month := self._at.get("LST_YRMO")) is not None:
            columns[month] = [f"{text}01" for text in columns[month]]  # its first day
        if min(map(len, columns[0]), default=_DIGITS) < _DIGITS:  # 03733 after a spreadsheet, or a program
            columns[0] = [text.zfill(_DIGITS) for text in columns[0]]
        chunk, times = yield from timed(chunk, self._timing)
        if not chunk.rows:
            return
        self._rows += len(chunk.rows)
        columns = chunk.columns
        yield from self._places.stations(chunk.rows, columns[0], columns[self._at["LATITUDE"]], columns[self._at["LONGITUDE"]])
        for at, loose in self._loose.items():
            loose.weigh(columns[at])
        yield from self._elements.take(columns[0], times, chunk.rows, list(self._given(columns)))

    def _given(self, columns: Sequence[Sequence[str]]) -> Iterator[Field]:
        for at, known in enumerate(self._fields):
            if isinstance(known, str):
                continue
            beside = self._fields[at + 1] if at + 1 < len(self._fields) else None
            flags = None
            if isinstance(beside, str) and beside.endswith("FLAG"):
                flags = [_FLAGS.get(text, SUSPECT) for text in columns[at + 1]]
            yield Field(known, columns[at], flags)

    def last(self) -> Iterator[Piece]:
        yield from self._elements.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        found = self._elements.facts()
        for at, known in enumerate(self._fields):
            if not isinstance(known, str):
                if known.name in found:
                    yield found[known.name]
            elif at in self._loose:
                yield self._loose[at].facts(known, "text" if known.endswith(("FLAG", "TYPE", "_DATE", "_TIME")) else None)
            else:
                yield ColumnFacts(name=known, kind="station" if known == "WBANNO" else "time", values=self._rows)
