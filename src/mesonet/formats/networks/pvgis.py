"""PVGIS (European Commission, Joint Research Centre): the place, a table of hours in UTC, and what its columns are below it.

Source: PVGIS 5.2 user manual, "Hourly radiation data" and "Typical meteorological year", CSV. Values are modelled from
satellites and reanalysis for a point: the place is called `pvgis_` and its latitude and longitude, or after the file where it
is not told. What falls on an inclined plane, and what a plant would yield, is no weather and is not taken.
"""

from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, each, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.json_readings import of_file
from mesonet.formats.lines import Peeked
from mesonet.formats.publisher_names import PVGIS
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Table
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "pvgis"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?Latitude \(decimal degrees\)")
RECORDS = LineRecords(header=regex(rb"(?m)^time(?:\(UTC\))?,"), again=BEGINS)

_LOOK = 16384
_PLACE = regex(r"(?m)^(Latitude|Longitude|Elevation)\b[^:\n]*:[ \t]*([-+\d.]+)")
_HEADER = regex(r"(?m)^time(?:\(UTC\))?,.*$")
_MOMENT = regex(r"(\d{4})(\d\d)(\d\d):(\d\d)(\d\d)")
_ELEMENTS = {name: element(name, *meaning) for name, meaning in PVGIS.items()}


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:_LOOK])
    header = _HEADER.search(text)
    if not header or not {"T2m", "WS10m"} <= set(header[0].strip().split(",")):
        return None
    return Guess(0.95, f"hours of PVGIS, modelled: {header[0].strip()[:60]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, _LOOK)
    text = decode(peeked.head)
    header = _HEADER.search(text)
    if not header:
        raise UnreadableFile("no line names the columns, as in time(UTC),T2m,RH", row=1)
    skip = text.count("\n", 0, header.start()) + 1
    names = header[0].strip().split(",")
    told: dict[str, str] = dict(_PLACE.findall(text[: header.start()]))
    is_told = "Latitude" in told and "Longitude" in told
    identifier = f"pvgis_{told['Latitude']}_{told['Longitude']}" if is_told else of_file(context.key, "pvgis")
    if is_told:
        yield from station(Place(identifier, told["Latitude"], told["Longitude"], told.get("Elevation", "")), 1)
    elements: dict[int, Element] = {at: _ELEMENTS[name] for at, name in enumerate(names) if name in _ELEMENTS}
    layout = Layout(
        names=names,
        station=identifier,
        at=(0,),
        time=each(_time, 0),
        elements=elements,
        inferred=() if is_told else ("station",),
        remarks=(
            "values are modelled for a point, not observed",
            *(["the months of a typical year (TMY) are of different years"] if names[0] == "time(UTC)" else ()),
        ),
    )
    yield from rows(Table(peeked, ","), layout, context, skip=skip, least=len(names), notes=True)


def _time(text: str) -> str:
    found = _MOMENT.fullmatch(text.strip())
    return "{}-{}-{}T{}:{}".format(*found.groups()) if found else text.strip()
