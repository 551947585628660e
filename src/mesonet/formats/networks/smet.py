"""SMET, in which MeteoIO and networks of snow and avalanche services keep weather: a head of `key = value`, then rows.

Source: WSL/SLF, MeteoIO, "SMET Specifications" 1.1 and 1.2: `fields` names the columns, whose units are metres, kilograms,
seconds, kelvin and fractions of 1 once `units_multiplier` and `units_offset` are applied; `nodata` is missing, `tz` how many
hours the times are ahead of UTC where they do not say. Sums and extremes are of the time between rows.
"""

from collections.abc import Iterator, Sequence

from mesonet.domain.parameter import INSTANT
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, each, first_of, offset, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.json_readings import identified, of_file
from mesonet.formats.lines import Lines, Peeked
from mesonet.formats.networks.publication import step_of
from mesonet.formats.reading import HEAD_BYTES, Context, Guess, Piece, Stream
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "smet"
BEGINS = regex(rb"(?m)^SMET 1")

_SIGNATURE = regex(r"\s*SMET\s+1\.\d\s+ASCII\s*\n")
_PAIR = regex(r"\s*(\w+)\s*=\s*([^#;]*)")
# field: standard name, unit, method; a method other than `point` is over the time between rows
_FIELDS: dict[str, tuple[str, str, str]] = {
    "P": ("air_pressure", "Pa", "point"),
    "TA": ("air_temperature", "K", "point"),
    "TD": ("dew_point_temperature", "K", "point"),
    "RH": ("relative_humidity", "1", "point"),
    "TSS": ("surface_temperature", "K", "point"),
    "VW": ("wind_speed", "m/s", "point"),
    "VW_MAX": ("wind_speed_of_gust", "m/s", "maximum"),
    "DW": ("wind_from_direction", "deg", "point"),
    "ISWR": ("surface_downwelling_shortwave_flux_in_air", "W/m2", "point"),
    "RSWR": ("surface_upwelling_shortwave_flux_in_air", "W/m2", "point"),
    "ILWR": ("surface_downwelling_longwave_flux_in_air", "W/m2", "point"),
    "OLWR": ("surface_upwelling_longwave_flux_in_air", "W/m2", "point"),
    "PINT": ("lwe_precipitation_rate", "mm/h", "point"),
    "PSUM": ("precipitation_amount", "mm", "sum"),
    "HS": ("surface_snow_thickness", "m", "point"),
}
# what a multiplier and an offset make of another unit
_WRITTEN = {("K", 1.0, 273.15): "Cel", ("1", 0.01, 0.0): "%", ("m", 0.01, 0.0): "cm", ("Pa", 100.0, 0.0): "hPa"}


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:8192])
    if not _SIGNATURE.match(text):
        return None
    told = _told(text.split("\n"))[0]
    return Guess(0.99, f"SMET: station {told.get('station_id', '?')[:60]}, {told.get('fields', '')[:120]}")


def _told(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """The keys of the head, and the line of `[DATA]`."""
    told: dict[str, str] = {}
    for at, line in enumerate(lines):
        if line.strip().upper() == "[DATA]":
            return told, at + 1
        if found := _PAIR.match(line):
            told[found[1].lower()] = found[2].strip()
    return told, 0


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, HEAD_BYTES)
    lines = decode(peeked.head).split("\n")
    told, skip = _told(lines)
    names = told.get("fields", "").split()
    if not skip or "timestamp" not in names:
        raise UnreadableFile("the head has no [DATA], or no timestamp among its fields", row=1)
    remarks, inferred = [], []
    identifier = identified(told.get("station_id", "")) or ""
    if not identifier:
        identifier = of_file(context.key, "smet")
        remarks.append(f"no station_id names the station: it is called {identifier} after the file")
        inferred.append("station")
    zone = "UTC"
    if "tz" in told:
        try:
            zone = offset(float(told["tz"]))
        except ValueError:
            raise UnreadableFile(f"tz is {told['tz'][:40]!r}, and no number of hours", row=1) from None
    else:
        remarks.append("the head tells no zone (tz); times without one were taken as UTC")
        inferred.append("zone")
    at = names.index("timestamp")
    first = [fields[at] for line in lines[skip : skip + 20] if len(fields := line.split()) == len(names)]
    units = _units(names, told)
    unknown = [name for name, unit in zip(names, units, strict=True) if unit == ""]
    remarks += [f"{name} was not taken: its multiplier and offset make no unit that is known" for name in unknown]
    elements, doubled = first_of(_elements(names, units, told.get("nodata", "-999"), step_of(first)))
    if told.get("latitude") and told.get("longitude"):
        name = told.get("station_name", "")
        yield from station(Place(identifier, told["latitude"], told["longitude"], told.get("altitude", ""), name), 1)
    layout = Layout(
        names=names,
        station=identifier,
        at=(at,),
        time=each(str.strip, at),
        zone=zone,
        elements=elements,
        remarks=(*remarks, *doubled),
        inferred=tuple(inferred),
    )
    yield from rows(Lines(peeked, parted=True), layout, context, skip=skip)


def _units(names: Sequence[str], told: dict[str, str]) -> list[str | None]:
    """In which unit each field is written, by its place, as two may have one name; an empty text where that cannot be told,
    None of what is no weather."""
    scales = _numbers(told.get("units_multiplier", ""), len(names), 1.0)
    offsets = _numbers(told.get("units_offset", ""), len(names), 0.0)
    return [
        None
        if name not in _FIELDS
        else _FIELDS[name][1]
        if (scale, zero) == (1.0, 0.0)
        else _WRITTEN.get((_FIELDS[name][1], scale, zero), "")
        for name, scale, zero in zip(names, scales, offsets, strict=True)
    ]


def _elements(names: Sequence[str], units: Sequence[str | None], nodata: str, step: str) -> Iterator[tuple[int, Element]]:
    """The columns that are weather; sums and extremes where the rows tell over which time they are."""
    for at, (name, unit) in enumerate(zip(names, units, strict=True)):
        if unit:
            standard_name, _, method = _FIELDS[name]
            if lasting := INSTANT if method == "point" else step:
                yield at, element(name, standard_name, unit, nodata, method=method, duration=lasting)


def _numbers(text: str, count: int, usual: float) -> list[float]:
    """One for each column. Raises UnreadableFile."""
    if not text:
        return [usual] * count
    try:
        numbers = list(map(float, text.split()))
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise UnreadableFile("units_multiplier and units_offset have a number for each field", row=1)
    return numbers
