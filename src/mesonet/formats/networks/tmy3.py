"""Typical meteorological years of NREL, version 3: a line of the place, a row of names with units, the hours of a year.

Source: Wilcox and Marion, "Users Manual for TMY3 Data Sets", NREL/TP-581-43156 (2008). Times are local standard time; radiation
is of the hour before. Missing is -9900. A typical year is months out of different years, each row with its own.
"""

from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Known, Layout, by_name, offset, rows
from mesonet.formats.elements import Place, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Fields, Table, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "tmy3"
BEGINS = regex(rb"(?m)^[^\n]{5,160}\n\"?Date \(MM/DD/YYYY\)")
GO_ON = True
RECORDS = LineRecords(header=regex(rb"Date \(MM/DD/YYYY\)"), again=BEGINS)

_ELEMENTS: dict[str, Known] = {
    "GHI (W/m^2)": ("surface_downwelling_shortwave_flux_in_air", "W/m2", "mean", "PT1H"),
    "DNI (W/m^2)": ("surface_direct_along_beam_shortwave_flux_in_air", "W/m2", "mean", "PT1H"),
    "DHI (W/m^2)": ("surface_diffuse_downwelling_shortwave_flux_in_air", "W/m2", "mean", "PT1H"),
    "TotCld (tenths)": ("cloud_area_fraction", "10 %", "point", "PT0S"),
    "Dry-bulb (C)": ("air_temperature", "Cel", "point", "PT0S"),
    "Dew-point (C)": ("dew_point_temperature", "Cel", "point", "PT0S"),
    "RHum (%)": ("relative_humidity", "%", "point", "PT0S"),
    "Pressure (mbar)": ("air_pressure", "hPa", "point", "PT0S"),
    "Wdir (degrees)": ("wind_from_direction", "deg", "point", "PT0S"),
    "Wspd (m/s)": ("wind_speed", "m/s", "point", "PT0S"),
    "Hvis (m)": ("visibility_in_air", "m", "point", "PT0S"),
}
_DATE, _TIME = "Date (MM/DD/YYYY)", "Time (HH:MM)"


def _names(text: str) -> tuple[list[str], list[str]]:
    """The fields of the first two lines; `(W/m^2))` is a slip of one publisher's."""
    lines: list[Fields] = [*leading(text, ",", 2), [], []]
    first, second, *_ = lines
    return [each.strip() for each in first], [each.strip().replace("))", ")") for each in second]


def sniff(head: bytes) -> Guess | None:
    place, names = _names(decode(head[:16384]))
    known = [name for name in names if name in _ELEMENTS]
    if names[:2] != [_DATE, _TIME] or len(known) < 4 or len(place) < 6:
        return None
    return Guess(0.97, f"TMY3, a typical meteorological year: {place[1][:40]}, {', '.join(known[:3])}, …")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 16384)
    place, names = _names(decode(peeked.head))
    if names[:2] != [_DATE, _TIME]:
        raise UnreadableFile(f"the second line does not begin with {_DATE} and {_TIME}", row=2)
    if len(place) < 6 or not place[0]:
        raise UnreadableFile("the first line does not tell the station's number, zone and position", row=1)
    try:
        zone = offset(float(place[3]))
    except ValueError:
        raise UnreadableFile(f"the zone {place[3][:20]!r} of the first line is no number of hours", row=1) from None
    identifier = place[0] if place[0] != "0" else f"tmy3_{place[4]}_{place[5]}"
    height = place[6] if len(place) > 6 else ""
    yield from station(Place(identifier, place[4], place[5], height, place[1]), 1)
    elements = by_name(names, _ELEMENTS, "-9900", "-9900.0", "")
    layout = Layout(
        names=names,
        station=identifier,
        at=(0, 1),
        time=_times,
        zone=zone,
        elements=elements,
        quiet=frozenset(at for at, name in enumerate(names) if "source" in name or "uncert" in name),
        remarks=(
            f"times are local standard time, UTC{zone} by the first line",
            "a typical year: months of different years, each row with its own, so this is no series",
        ),
    )
    yield from rows(Table(peeked, ","), layout, context, skip=2, least=30)


def _times(columns: Columns) -> list[str]:
    told = []
    for date, time in zip(columns[0], columns[1], strict=True):
        month, _, rest = date.strip().partition("/")
        day, _, year = rest.partition("/")
        told.append(f"{year}-{month:0>2}-{day:0>2}T{time.strip():0>5}")
    return told
