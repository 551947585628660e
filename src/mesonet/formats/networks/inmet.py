"""Hourly files of INMET (Brazil): eight or nine lines that tell of the station, then a table with decimal commas.

Source: INMET, "Dados históricos anuais" (portal.inmet.gov.br/dadoshistoricos) and its bank BDMEP (bdmep.inmet.gov.br). Times
are UTC; a value of the hour before stands at its end. Names of columns are compared by their letters alone, since some years
have lost the accented ones.
"""

import re
import unicodedata
from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, joined, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import Table
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "inmet"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?(?:REGI[^\n:]{1,6}O ?:|Nome: )")
GO_ON = True

_HOUR = "PT1H"
# letters that the name begins with: standard name, unit, method
_ELEMENTS = (
    ("PRECIPITACAOTOTAL", "precipitation_amount", "mm", "sum"),
    ("PRESSAOATMOSFERICAAONIVEL", "air_pressure", "hPa", "point"),
    ("PRESSAOATMOSFERICAMAX", "air_pressure", "hPa", "maximum"),
    ("PRESSAOATMOSFERICAMIN", "air_pressure", "hPa", "minimum"),
    ("RADIACAOGLOBAL", "surface_downwelling_shortwave_flux_in_air", "kJ/m2/h", "mean"),
    ("TEMPERATURADOAR", "air_temperature", "Cel", "point"),
    ("TEMPERATURADOPONTODEORVALHO", "dew_point_temperature", "Cel", "point"),
    ("TEMPERATURAMAXIMANAHORA", "air_temperature", "Cel", "maximum"),
    ("TEMPERATURAMINIMANAHORA", "air_temperature", "Cel", "minimum"),
    ("TEMPERATURAORVALHOMAX", "dew_point_temperature", "Cel", "maximum"),
    ("TEMPERATURAORVALHOMIN", "dew_point_temperature", "Cel", "minimum"),
    ("UMIDADERELMAX", "relative_humidity", "%", "maximum"),
    ("UMIDADERELMIN", "relative_humidity", "%", "minimum"),
    ("UMIDADERELATIVADOAR", "relative_humidity", "%", "point"),
    ("VENTODIRECAO", "wind_from_direction", "deg", "point"),
    ("VENTORAJADA", "wind_speed_of_gust", "m/s", "maximum"),
    ("VENTOVELOCIDADE", "wind_speed", "m/s", "point"),
)
_LOOK = 12
_TIME = regex(r"(\d{2}):?(\d{2})(?:\s*UTC)?", re.ASCII)


def sniff(head: bytes) -> Guess | None:
    lines = decode(head[:8192]).split("\n")[:_LOOK]
    told = _told(lines)
    header = next((line for line in lines if _is_header(line)), None)
    if header is None or _code(told) == "" or "LATITUDE" not in told:
        return None
    return Guess(0.97, f"INMET, Brazil: station {_code(told)[:20]}, {header.count(';')} columns, hourly")


def _is_header(line: str) -> bool:
    names = line.upper().split(";")
    return len(names) > 2 and names[0].startswith("DATA") and names[1].startswith("HORA")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    lines = decode(peeked.head).split("\n")[:_LOOK]
    told = _told(lines)
    at = next((at for at, line in enumerate(lines) if _is_header(line)), None)
    identifier = _code(told)
    if at is None or not identifier:
        raise UnreadableFile("the lines above the table do not name the station", row=1)
    latitude, longitude, height = (told.get(name, "").replace(",", ".") for name in ("LATITUDE", "LONGITUDE", "ALTITUDE"))
    name = next((value for key, value in told.items() if key.startswith("ESTAC") or key == "NOME"), "")
    yield from station(Place(identifier, latitude, longitude, height, name), 5)
    names = [each.strip() for each in lines[at].split(";")]
    while names and not names[-1]:
        names.pop()
    elements: dict[int, Element] = {}
    for column, each in enumerate(names[2:], 2):
        letters = _letters(each)
        for begin, standard_name, unit, method in _ELEMENTS:
            if letters.startswith(begin):
                duration = "PT0S" if method == "point" else _HOUR
                elements[column] = element(
                    each, standard_name, unit, "-9999", "-9999.0", "null", method=method, duration=duration
                )
                break
    layout = Layout(
        names=names,
        station=identifier,
        at=(0, 1),
        time=_times,
        elements=elements,
        clean=lambda text: text.replace(",", ".", 1),
    )
    yield from rows(Table(peeked, ";"), layout, context, skip=at + 1, least=3)


def _times(columns: object) -> list[str]:
    made = joined("{} {}", 0, 1)(columns)  # type: ignore[arg-type]
    known = {text: _time(text) for text in set(made)}
    return [known[text] for text in made]


def _time(text: str) -> str:
    day, _, clock = text.partition(" ")
    found = _TIME.fullmatch(clock.strip())
    return f"{day.replace('/', '-')}T{found[1]}:{found[2]}" if found else text


def _told(lines: list[str]) -> dict[str, str]:
    """What the lines above the table say, by the letters of its name."""
    told: dict[str, str] = {}
    for line in lines:
        name, sign, value = line.partition(":")
        if sign and (value.startswith((";", " ")) or not value):
            told[_letters(name)] = value.strip(" ;")
    return told


def _code(told: dict[str, str]) -> str:
    """The station's identifier, in the archive's files of a year and in those of BDMEP."""
    return told.get("CODIGOWMO") or told.get("CODIGOESTACAO", "")


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.upper())
    return "".join(character for character in plain if "A" <= character <= "Z")
