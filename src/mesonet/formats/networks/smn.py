"""Hours and days of the Servicio Meteorológico Nacional of Argentina: all stations in one table of fixed columns.

Source: SMN, "Descarga de datos abiertos" (smn.gob.ar/descarga-de-datos): observations of hours (`datohorario20240301.txt`,
FECHA HORA TEMP HUM PNM DD FF NOMBRE, units in the row below) and extreme temperatures of days (`regtemp`,
`registro_temperatura365d`: FECHA TMAX TMIN NOMBRE). Dates are days, months and years without a sign between them, hours those
of Argentina's official time (HOA), three behind UTC without summer time since the first of these files. What was not observed
is blank; PNM is reduced to mean sea level, a direction of 0 is calm and 990 a variable one, FF is in km/h. A station has no
number: it is called after its name.
"""

from collections.abc import Iterator, Sequence

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Known, Layout, by_name, rows
from mesonet.formats.lines import Fixed, Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.text import decode
from mesonet.record import replace
from mesonet.regex import regex

NAME = "smn"
RECORDS = LineRecords(header=regex(rb"(?m)^[^\S\n]*+FECHA\s+(?:HORA|TMAX)\s"))

_HOURS = ("FECHA", "HORA", "TEMP", "HUM", "PNM", "DD", "FF", "NOMBRE")
_DAYS = ("FECHA", "TMAX", "TMIN", "NOMBRE")
_HEADER = regex(rf"\s*(?:(?P<hours>{r'\s+'.join(_HOURS)})|{r'\s+'.join(_DAYS)})\s*")
_NO_ROW = regex(rf"{_HEADER.pattern}|[-\s]+|(?:\s*\[[^\]]*\])+\s*")
_ROWS = {
    _HOURS: regex(r"\s?(\d{8})(.{6})(.{6})(.{5})(.{8})(.{5})(.{5})\s*(\S.*)"),
    _DAYS: regex(r"\s?(\d{8})(.{6})(.{6})\s*(\S.*)"),
}
_ELEMENTS: dict[str, Known] = {
    "TEMP": ("air_temperature", "Cel", "point", "PT0S"),
    "HUM": ("relative_humidity", "%", "point", "PT0S"),
    "PNM": ("air_pressure_at_mean_sea_level", "hPa", "point", "PT0S"),
    "DD": ("wind_from_direction", "deg", "point", "PT0S"),
    "FF": ("wind_speed", "km/h", "point", "PT0S"),
    "TMAX": ("air_temperature", "Cel", "maximum", "P1D"),
    "TMIN": ("air_temperature", "Cel", "minimum", "P1D"),
}
_NO_DIRECTION = ("0", "990")


def sniff(head: bytes) -> Guess | None:
    names, _ = _names(head)
    if not names:
        return None
    what = "hours" if names == _HOURS else "extreme temperatures of days"
    return Guess(0.97, f"{what} of Argentina's weather service (SMN), {' '.join(names)} in fixed columns")


def _names(head: bytes) -> tuple[tuple[str, ...], int]:
    """The names in the first line that is not blank, and which one that is; none where they are others'."""
    lines = decode(head[:4096]).split("\n")
    at = next((at for at, line in enumerate(lines) if line.strip()), 0)
    found = _HEADER.fullmatch(lines[at])
    return (() if found is None else _HOURS if found["hours"] else _DAYS), at


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    names, at = _names(peeked.head)
    if not names:
        raise UnreadableFile(f"the first line does not name {' '.join(_HOURS)}, or {' '.join(_DAYS)}", row=at + 1)
    layout = Layout(
        names=names,
        at=(0, 1) if names == _HOURS else (0,),
        time=_hour if names == _HOURS else _day,
        zone="-03:00" if names == _HOURS else "UTC",
        elements={
            at: replace(each, missing=("", *_NO_DIRECTION)) if each.name == "DD" else each
            for at, each in by_name(names, _ELEMENTS, "").items()
        },
        station_at=len(names) - 1,
        called=_called,
        remarks=("hours are those of Argentina's official time, three behind UTC",) if names == _HOURS else (),
    )
    source = Fixed(peeked, _ROWS[names], besides=_NO_ROW)
    yield from rows(source, layout, context, skip=at + 1)


def _called(name: str) -> str:
    return "smn_" + "_".join(name.replace("/", " ").split())


def _hour(columns: Columns) -> Sequence[str]:
    return [f"{_date(day)}T{hour:0>2}:00" for day, hour in zip(columns[0], columns[1], strict=True)]


def _day(columns: Columns) -> Sequence[str]:
    return list(map(_date, columns[0]))


def _date(text: str) -> str:
    return f"{text[4:]}-{text[2:4]}-{text[:2]}"
