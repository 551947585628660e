"""Remote automatic weather stations (RAWS) as the Western Regional Climate Center lists them: names over three lines, tabs.

Source: WRCC, RAWS USA Climate Archive (raws.dri.edu), "Data lister", whose lines that begin with a colon hold units and names.
Times are local standard time, which the state above them tells where it lies in one zone, or GMT. Wind is measured at 20 feet
(NWCG, PMS 426-3); precipitation counts up and is left.
"""

from collections.abc import Iterator, Sequence

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Known, Layout, each, first_of, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Table, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "wrcc"
BEGINS = regex(rb"(?m)^[^\n:]{1,80}\n:[^\n]*LST")
RECORDS = LineRecords(header=regex(rb":(?:YY)?YYMMDDhhmm"), again=BEGINS)

_POINT = ("point", "PT0S")
_ELEMENTS: dict[str, Known] = {
    "Av Air Temp": ("air_temperature", "", *_POINT),
    "Rel Humidty": ("relative_humidity", "", *_POINT),
    "Wind Speed": ("wind_speed", "", *_POINT),
    "Wind Direc": ("wind_from_direction", "", *_POINT),
    "Mx Gust Speed": ("wind_speed_of_gust", "", "maximum", "PT1H"),
    "Dir MxGust": ("wind_gust_from_direction", "", "maximum", "PT1H"),
    "Solar Rad.": ("surface_downwelling_shortwave_flux_in_air", "", "mean", "PT1H"),
}
_UNITS = {"Deg": "deg", "ly.": "11.6222222 W/m2"}  # langleys of an hour
_LEVELS = dict.fromkeys(("wind_speed", "wind_from_direction", "wind_speed_of_gust", "wind_gust_from_direction"), 6.1)
_STATES = {
    "-08:00": "Washington Oregon California Nevada",
    "-07:00": "Arizona Utah Montana Wyoming Colorado New~Mexico",
    "-06:00": "Minnesota Wisconsin Iowa Missouri Arkansas Louisiana Mississippi Alabama Illinois Oklahoma",
    "-05:00": "Maine New~Hampshire Vermont Massachusetts Rhode~Island Connecticut New~York New~Jersey Pennsylvania Delaware "
    "Maryland Virginia West~Virginia Ohio North~Carolina South~Carolina Georgia",
    "-09:00": "Alaska",
    "-10:00": "Hawaii",
}
_ZONES = {state.replace("~", " "): zone for zone, states in _STATES.items() for state in states.split()}
_ZONE = (
    "times are local standard time, UTC{zone} in {state} but for what of it keeps its neighbour's time (Malheur County in "
    "Oregon): there a mapping with time.zone says so"
)
_FORM = regex(r":(YY)?YYMMDDhhmm")


def sniff(head: bytes) -> Guess | None:
    found = _head(decode(head[:8192]))
    return Guess(0.97, f"stations of WRCC (RAWS): {found[0]}, {', '.join(found[1][1:5])}") if found else None


def _head(text: str) -> tuple[str, list[str], list[str]] | None:
    """What stands above the rows: the station, the names and the units."""
    title, *lines = leading(text, "\t", 4) or [()]
    told = [[field.strip().removeprefix(":").strip() for field in line] for line in lines]
    if len(lines) < 3 or not all("".join(line).lstrip().startswith(":") for line in lines) or len(set(map(len, told))) > 1:
        return None
    names = [" ".join(filter(None, parts)) for parts in zip(*told[1:], strict=True)]
    if not _FORM.fullmatch(lines[2][0].strip()) or not set(names) & set(_ELEMENTS):
        return None
    return " ".join("".join(title).split()), names, told[0]


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    head = _head(decode(peeked.head))
    if head is None:
        raise UnreadableFile("the four lines above the rows do not name a station and its columns", row=1)
    name, names, units = head
    state = next((state for state in _ZONES if name.endswith(f" {state}")), "")
    mapping = context.mapping
    zone = mapping.time.zone if mapping else "UTC" if units[0] in ("GMT", "UTC") else _ZONES.get(state)
    if zone is None:
        raise UnreadableFile(f"the local standard time of {name or 'the station'} is not known: give a mapping with time.zone")
    identifier = (mapping.station if mapping else None) or f"wrcc_{'_'.join(name.split())}"
    yield from station(Place(identifier, "", "", "", name), 1)
    elements, doubled = first_of((at, made) for at, made in enumerate(_made(names, units)) if made)
    remarks = (*doubled, "precipitation counts up and was not taken")
    layout = Layout(
        names=["Date/Time", *names[1:]],
        station=identifier,
        at=(0,),
        time=each(_moment, 0),
        zone=zone,
        elements=elements,
        inferred=("zone",) if state and not mapping else (),
        remarks=(*remarks, _ZONE.format(zone=zone, state=state)) if state and not mapping else remarks,
    )
    yield from rows(Table(peeked, "\t"), layout, context, skip=4)


def _made(names: Sequence[str], units: Sequence[str]) -> Iterator[Element | None]:
    for name, unit in zip(names, units, strict=True):
        standard_name, _, method, period = _ELEMENTS.get(name, ("", "", "", ""))
        level = _LEVELS.get(standard_name)
        unit = _UNITS.get(unit, unit)
        yield (
            element(name, standard_name, unit, "-9999", method=method, duration=period, level=level) if standard_name else None
        )


def _moment(text: str) -> str:
    digits = text.strip().removeprefix(":")
    digits = f"20{digits}" if len(digits) == 10 and digits < "70" else f"19{digits}" if len(digits) == 10 else digits
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:]}"
