"""Days of IMGW-PIB (Poland) without a header: climatological stations (`k_d`) and those of precipitation (`o_d`).

Source: IMGW-PIB, danepubliczne.imgw.pl, `k_d_format.txt` and `o_d_format.txt`: code and name of the station, year, month, day,
then values with a status behind each, 8 where nothing was measured and 9 where the phenomenon did not occur; a 0 beside
either is no measurement.
"""

from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Known, Layout, Mended, joined, meant, rows
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Chunk, Fields, Table, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "imgw"
RECORDS = LineRecords()

_ABOUT = ("code", "name", "year", "month", "day")
_CLIMATE: dict[str, Known | None] = {
    "TMAX": ("air_temperature", "Cel", "maximum", "P1D"),
    "WTMAX": None,
    "TMIN": ("air_temperature", "Cel", "minimum", "P1D"),
    "WTMIN": None,
    "STD": ("air_temperature", "Cel", "mean", "P1D"),
    "WSTD": None,
    "TMNG": ("air_temperature", "Cel", "minimum", "P1D"),
    "WTMNG": None,
    "SMDB": ("precipitation_amount", "mm", "sum", "P1D"),
    "WSMDB": None,
    "ROOP": None,
    "PKSN": ("surface_snow_thickness", "cm", "point", "PT0S"),
    "WPKSN": None,
}
_RAIN: dict[str, Known | None] = {
    "SMDB": ("precipitation_amount", "mm", "sum", "P1D"),
    "WSMDB": None,
    "ROOP": None,
    "PKSN": ("surface_snow_thickness", "cm", "point", "PT0S"),
    "WPKSN": None,
    "HSS": ("thickness_of_snowfall_amount", "cm", "sum", "P1D"),
    "WHSS": None,
    "GATS": None,
    "WGATS": None,
    "RPSN": None,
    "WRPSN": None,
}
_KINDS = {len(_ABOUT) + len(kind): kind for kind in (_CLIMATE, _RAIN)}
_CODE, _DATE = regex(r"\d{9}"), regex(r"(?:19|20)\d\d (?:0?[1-9]|1[0-2]) (?:0?[1-9]|[12]\d|3[01])")
_STATUS = regex(r"[ 89]?")
_LEVELS = {"TMNG": 0.05}
_NOT_MEASURED, _NONE = "8", "9"
_FALLS = ("SMDB", "PKSN", "HSS")  # which may not have occurred


def _kind(head: bytes) -> dict[str, Known | None] | None:
    lines = [line for line in leading(decode(head[:8192]), ",", 50) if line]
    kind = _KINDS.get(len(lines[0])) if lines else None
    whole = lines[:-1] if len(lines) > 1 else lines
    return kind if kind and all(_is_day(line, kind) for line in whole) else None


def _is_day(fields: Fields, kind: dict[str, Known | None]) -> bool:
    statuses = (text for text, name in zip(fields[len(_ABOUT) :], kind, strict=False) if name.startswith("W"))
    return (
        len(fields) == len(_ABOUT) + len(kind)
        and _CODE.fullmatch(fields[0]) is not None
        and _DATE.fullmatch(" ".join(fields[2:5])) is not None
        and all(map(_STATUS.fullmatch, statuses))
    )


def sniff(head: bytes) -> Guess | None:
    kind = _kind(head)
    of = "climatological stations" if kind is _CLIMATE else "stations of precipitation"
    return Guess(0.95, f"days of IMGW-PIB's {of}, without a header") if kind else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    kind = _kind(peeked.head)
    if kind is None:
        raise UnreadableFile("the first rows are no days of IMGW-PIB", row=1)
    names = (*_ABOUT, *kind)
    elements = {at: meant(name, known, level=_LEVELS.get(name)) for at, name in enumerate(names) if (known := kind.get(name))}
    layout = Layout(
        names=names,
        station_at=0,
        called=lambda text: f"imgw_{text.strip()}",
        at=(2, 3, 4),
        time=joined("{}-{:0>2}-{:0>2}", 2, 3, 4),
        elements=elements,
        position=None,
        quiet=frozenset(at for at in range(1, len(names)) if at not in elements),
    )

    def told(chunk: Chunk, width: int) -> Chunk:
        """Without what was not measured, and with 0 for what did not occur."""
        for at, known in elements.items():
            none = "0" if known.name in _FALLS else ""
            statuses = map(str.strip, chunk.columns[at + 1])
            chunk.columns[at] = [
                "" if status == _NOT_MEASURED else none if status == _NONE else text
                for text, status in zip(chunk.columns[at], statuses, strict=True)
            ]
        return chunk

    yield from rows(Mended(Table(peeked, ","), told), layout, context)
