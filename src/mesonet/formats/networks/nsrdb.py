"""The National Solar Radiation Database (NREL): a row of names and one of what they are for the place, then the series.

Source: NREL, "NSRDB data in SAM CSV" (developer.nrel.gov, PSM 3 and PSM 4). Values are modelled from satellites and reanalysis
for a point, not observed at a station: the place is called `nsrdb_` and its number. The file tells its zone and its units.
"""

from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, joined, offset, rows
from mesonet.formats.elements import Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Fields, Table, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "nsrdb"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?Source,Location ID,")
GO_ON = True
RECORDS = LineRecords(header=regex(rb"(?m)^Year,Month,Day,Hour,Minute"), again=BEGINS)

_TIMES = ["Year", "Month", "Day", "Hour", "Minute"]
_ELEMENTS = {
    "GHI": ("surface_downwelling_shortwave_flux_in_air", "W/m2"),
    "DNI": ("surface_direct_along_beam_shortwave_flux_in_air", "W/m2"),
    "DHI": ("surface_diffuse_downwelling_shortwave_flux_in_air", "W/m2"),
    "Temperature": ("air_temperature", "c"),
    "Dew Point": ("dew_point_temperature", "c"),
    "Relative Humidity": ("relative_humidity", "%"),
    "Pressure": ("air_pressure", "mbar"),
    "Wind Direction": ("wind_from_direction", "Degrees"),
    "Wind Speed": ("wind_speed", "m/s"),
}


def _head(text: str) -> tuple[dict[str, str], list[str]]:
    """What the first two lines tell, and the names of the third."""
    lines: list[Fields] = [*leading(text, ",", 3), [], [], []]
    names, values, header, *_ = lines
    told = {name.strip(): value.strip() for name, value in zip(names, values, strict=False)}
    return told, [name.strip() for name in header]


def sniff(head: bytes) -> Guess | None:
    told, names = _head(decode(head[:16384]))
    if "Location ID" not in told or "Time Zone" not in told or names[:5] != _TIMES:
        return None
    return Guess(0.97, f"{told.get('Source', '')[:20]} of NREL, modelled: location {told['Location ID'][:20]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 16384)
    told, names = _head(decode(peeked.head))
    while names and not names[-1]:
        names.pop()
    number = told.get("Location ID", "")
    if not number or names[:5] != _TIMES:
        raise UnreadableFile("the first three lines do not tell the location and name the columns", row=1)
    try:
        zone = offset(float(told.get("Time Zone", "")))
    except ValueError:
        raise UnreadableFile("the first lines tell no Time Zone in hours", row=2, column="Time Zone") from None
    identifier = f"nsrdb_{number}"
    yield from station(Place(identifier, told.get("Latitude", ""), told.get("Longitude", ""), told.get("Elevation", "")), 2)
    elements = {
        at: element(name, known[0], told.get(f"{name} Units") or known[1])
        for at, name in enumerate(names)
        if (known := _ELEMENTS.get(name))
    }
    layout = Layout(
        names=names,
        station=identifier,
        at=(0, 1, 2, 3, 4),
        time=joined("{}-{:0>2}-{:0>2}T{:0>2}:{:0>2}", 0, 1, 2, 3, 4),
        zone=zone,
        elements=elements,
        remarks=(
            f"values are modelled for a point, not observed; times are UTC{zone}, as the first lines say",
            "files of a typical year (TMY) have months of different years",
        ),
    )
    yield from rows(Table(peeked, ","), layout, context, skip=3, least=6)
