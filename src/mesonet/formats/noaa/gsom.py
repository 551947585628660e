"""Global Summary of the Month (NCEI) by station: a month in each row, elements with `…_ATTRIBUTES`.

Source: NOAA NCEI, "GSOM and GSOY Dataset Documentation" (2017). The archive's files are metric: degrees Celsius, millimetres,
metres a second. Means of days' extremes are TMAX and TMIN, the month's own are EMXT and EMNT. Degree days and counts of days
have no parameter. A month stands at its first day.
"""

from collections.abc import Iterator

from mesonet.formats.documented import Layout, each, meant, position, rows
from mesonet.formats.elements import MONTH, header_of
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import Table, first_line, leading
from mesonet.formats.text import decode

NAME = "gsom"

_REQUIRED = ("STATION", "DATE")
_ELEMENTS = {
    "TAVG": ("air_temperature", "Cel", "mean"),
    "TMAX": ("air_temperature", "Cel", "maximum_within_days_mean_over_days"),
    "TMIN": ("air_temperature", "Cel", "minimum_within_days_mean_over_days"),
    "EMXT": ("air_temperature", "Cel", "maximum"),
    "EMNT": ("air_temperature", "Cel", "minimum"),
    "PRCP": ("precipitation_amount", "mm", "sum"),
    "SNOW": ("thickness_of_snowfall_amount", "mm", "sum"),
    "EMSD": ("surface_snow_thickness", "mm", "maximum"),
    "AWND": ("wind_speed", "m/s", "mean"),
    "WSF5": ("wind_speed_of_gust", "m/s", "maximum"),
    "WDF5": ("wind_gust_from_direction", "deg", "maximum"),
    "WSF2": ("wind_speed", "m/s", "maximum"),
    "EVAP": ("water_evaporation_amount", "mm", "sum"),
    "TSUN": ("duration_of_sunshine", "min", "sum"),
}


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:16384])
    header, *body = leading(first_line(text) + text.lstrip().partition("\n")[2], ",", 3) or [[]]
    names = [name.strip() for name in header]
    if not set(_REQUIRED) <= set(names) or not body:
        return None
    known = [name for name in _ELEMENTS if name in names and f"{name}_ATTRIBUTES" in names]
    when = dict(zip(names, body[0], strict=False)).get("DATE", "")
    if not known or len(when) != 7 or when[4:5] != "-":
        return None
    return Guess(0.97, f"Global Summary of the Month: {', '.join(known[:6])}, each with its attributes")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ",")
    names, skip = header_of(table, _REQUIRED)
    elements = {at: meant(name, (*_ELEMENTS[name], MONTH), "-9999") for at, name in enumerate(names) if name in _ELEMENTS}
    column = {name: at for at, name in enumerate(names)}
    layout = Layout(
        names=names,
        station_at=column["STATION"],
        at=(column["DATE"],),
        time=each(lambda text: f"{text.strip()}-01", column["DATE"]),
        elements=elements,
        position=position(column, "LATITUDE", "LONGITUDE", "ELEVATION", "NAME"),
        quiet=frozenset(at for at, name in enumerate(names) if name.endswith("_ATTRIBUTES")),
        remarks=("units are metric, as in the archive's own files",),
    )
    yield from rows(table, layout, context, skip=skip)
