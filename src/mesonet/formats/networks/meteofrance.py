"""Météo-France's tables between semicolons: the climate data of its stations, and the SYNOP reports it publishes as a table.

Source: Météo-France, "Données climatologiques de base" (quotidiennes, horaires, 6 minutes, mensuelles: the lists of columns
on data.gouv.fr) and "Données SYNOP essentielles OMM" (the list of its columns). Times are UTC. A day of precipitation lasts
from 06:00 to 06:00 UTC of the next day and stands at its date. Quality 2 is doubtful; 0, 1 and 9 say how far a value was
checked. In SYNOP's table temperatures are in kelvin, pressures in pascals, `mq` is missing and -0.1 mm is a trace; since 2025
it is called after `geo_id_wmo` and `validity_time`, as the reports of its API (DPObs) are after `geo_id_insee`. The API of the
climate data (DPClim) writes `POSTE;DATE;…` and decimal commas.
"""

from collections.abc import Iterator, Sequence

from mesonet.domain.observation import SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Flags, Known, Layout, by_name, each, position, rows
from mesonet.formats.elements import Element, element, header_of
from mesonet.formats.lines import Peeked
from mesonet.formats.publisher_names import METEO_FRANCE, METEO_FRANCE_HOURS
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Table, first_line
from mesonet.formats.text import decode
from mesonet.record import dataclass
from mesonet.regex import regex

NAME = "meteofrance"
RECORDS = LineRecords(header=regex(rb"NUM_POSTE|POSTE;DATE;|numer_sta|geo_id_(?:wmo|insee);"))

_POINT = ("point", "PT0S")
_DOWN = "surface_downwelling_shortwave_flux_in_air"
_DAILY: dict[str, Known] = {
    "RR": ("precipitation_amount", "mm", "sum", "P1D"),
    "TN": ("air_temperature", "Cel", "minimum", "P1D"),
    "TX": ("air_temperature", "Cel", "maximum", "P1D"),
    "TM": ("air_temperature", "Cel", "mean", "P1D"),
    "FFM": ("wind_speed", "m/s", "mean", "P1D"),
    "FXY": ("wind_speed", "m/s", "maximum", "P1D"),
    "FXI": ("wind_speed_of_gust", "m/s", "maximum", "P1D"),
    "DXI": ("wind_gust_from_direction", "deg", "maximum", "P1D"),
    "UM": ("relative_humidity", "%", "mean", "P1D"),
    "UN": ("relative_humidity", "%", "minimum", "P1D"),
    "UX": ("relative_humidity", "%", "maximum", "P1D"),
    "PMERM": ("air_pressure_at_mean_sea_level", "hPa", "mean", "P1D"),
    "GLOT": (_DOWN, "J/cm2/d", "mean", "P1D"),
    "INST": ("duration_of_sunshine", "min", "sum", "P1D"),
}
_HOURLY: dict[str, Known] = {
    "RR1": ("precipitation_amount", "mm", "sum", "PT1H"),
    "T": ("air_temperature", "Cel", *_POINT),
    "TN": ("air_temperature", "Cel", "minimum", "PT1H"),
    "TX": ("air_temperature", "Cel", "maximum", "PT1H"),
    "TD": ("dew_point_temperature", "Cel", *_POINT),
    "U": ("relative_humidity", "%", *_POINT),
    "FF": ("wind_speed", "m/s", *_POINT),
    "DD": ("wind_from_direction", "deg", *_POINT),
    "FXY": ("wind_speed", "m/s", "maximum", "PT1H"),
    "FXI": ("wind_speed_of_gust", "m/s", "maximum", "PT1H"),
    "PSTAT": ("air_pressure", "hPa", *_POINT),
    "PMER": ("air_pressure_at_mean_sea_level", "hPa", *_POINT),
    "VV": ("visibility_in_air", "m", *_POINT),
    "GLO": (_DOWN, "J/cm2/h", "mean", "PT1H"),
    "INS": ("duration_of_sunshine", "min", "sum", "PT1H"),
}
_SIX_MINUTES: dict[str, Known] = {"RR": ("precipitation_amount", "mm", "sum", "PT6M")}
_MONTHLY: dict[str, Known] = {
    "RR": ("precipitation_amount", "mm", "sum", "P1M"),
    "TM": ("air_temperature", "Cel", "mean", "P1M"),
    "TX": ("air_temperature", "Cel", "maximum_within_days_mean_over_days", "P1M"),
    "TN": ("air_temperature", "Cel", "minimum_within_days_mean_over_days", "P1M"),
}
_BY_TIME = {"AAAAMMJJ": _DAILY, "AAAAMMJJHH": _HOURLY, "AAAAMMJJHHMN": _SIX_MINUTES, "AAAAMM": _MONTHLY}
_SYNOP: dict[str, Known] = {
    "pmer": ("air_pressure_at_mean_sea_level", "Pa", *_POINT),
    "pres": ("air_pressure", "Pa", *_POINT),
    "dd": ("wind_from_direction", "deg", *_POINT),
    "ff": ("wind_speed", "m/s", *_POINT),
    "raf10": ("wind_speed_of_gust", "m/s", *_POINT),
    "t": ("air_temperature", "K", *_POINT),
    "td": ("dew_point_temperature", "K", *_POINT),
    "u": ("relative_humidity", "%", *_POINT),
    "vv": ("visibility_in_air", "m", *_POINT),
    "n": ("cloud_area_fraction", "%", *_POINT),
    "ht_neige": ("surface_snow_thickness", "m", *_POINT),
    "tn12": ("air_temperature", "K", "minimum", "PT12H"),
    "tx12": ("air_temperature", "K", "maximum", "PT12H"),
    "tn24": ("air_temperature", "K", "minimum", "PT24H"),
    "tx24": ("air_temperature", "K", "maximum", "PT24H"),
    **{f"rr{hours}": ("precipitation_amount", "mm", "sum", f"PT{hours}H") for hours in (1, 3, 6, 12, 24)},
}
_BY_DIGITS = {len(name): known for name, known in _BY_TIME.items()}
_STATIONS = {"geo_id_wmo": _SYNOP, "geo_id_insee": METEO_FRANCE}
_WIDTHS = (4, 2, 2, 2, 2, 2)
_TRACE = regex(r"-0\.0?10*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """A kind of table: which columns tell the station and the time, and what the others are called."""

    station: str
    time: str
    known: dict[str, Known]
    hours: bool = False  # of the climate data

    @property
    def synop(self) -> bool:
        return self.known is _SYNOP


def _header(text: str) -> list[str]:
    return [name.strip().strip('"') for name in first_line(text).strip().split(";")]


def _form(names: list[str], first: Sequence[str]) -> _Form | None:
    """The kind of table, by its names and, where they do not tell, by the first row's time."""
    if names[0] == "NUM_POSTE" and (time := next((name for name in names if name in _BY_TIME), None)):
        return _Form(station=names[0], time=time, known=_BY_TIME[time], hours=time == "AAAAMMJJHH")
    if names[:2] == ["POSTE", "DATE"] and len(first) > 1 and (known := _BY_DIGITS.get(len(first[1].strip()))):
        return _Form(station=names[0], time=names[1], known=known, hours=known is _HOURLY)
    if names[:2] == ["numer_sta", "date"]:
        return _Form(station=names[0], time=names[1], known=_SYNOP)
    station = next((name for name in _STATIONS if name in names), None)
    if station is None or "validity_time" not in names:
        return None
    known = _STATIONS[station]
    if "rr_per" in names:
        known = {name: told for name, told in known.items() if name not in METEO_FRANCE_HOURS}
    return _Form(station=station, time="validity_time", known=known)


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:8192])
    names, below = _header(text), text.lstrip().partition("\n")[2]
    form = _form(names, first_line(below).split(";"))
    known = [name for name in names if form and name in form.known]
    if form is None or not known:
        return None
    return Guess(0.97, f"Météo-France: {'SYNOP' if form.synop else form.time}, {', '.join(known[:6])}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ";", header_tells=True)
    names, skip = header_of(table, ())
    column = {name: at for at, name in enumerate(names)}
    form = _form(names, next(filter(None, table.first[skip:]), ())) if names else None
    if form is None:
        raise UnreadableFile("the header names no station and time of Météo-France's tables", row=skip)
    at = column[form.time]
    elements: dict[int, Element] = by_name(names, form.known, "mq")
    if form.hours and "N" in column:  # 9 is a sky that cannot be seen
        elements[column["N"]] = element("N", "cloud_area_fraction", "[okta]", "9")
    if form.synop and "n" in column:  # so is 101 %
        elements[column["n"]] = element("n", "cloud_area_fraction", "%", "mq", "101")
    flags = {
        here: Flags(at=column[f"Q{names[here]}"], meaning={"2": SUSPECT})
        for here in elements
        if names[0] in ("NUM_POSTE", "POSTE") and f"Q{names[here]}" in column
    }
    layout = Layout(
        names=names,
        station_at=column.get("geo_id_wigos", column[form.station]),
        called=_number if form.synop else lambda text: text.strip().zfill(8) if text.strip().isdecimal() else text.strip(),
        at=(at,),
        time=each(_time, at),
        elements=elements,
        flags=flags,
        clean=_trace if form.synop else _point if names[0] == "POSTE" else None,
        position=position(column, "LAT", "LON", "ALTI", "NOM_USUEL") or position(column, "lat", "lon", "", "name"),
        quiet=frozenset(here for here, name in enumerate(names) if name[:1] == "Q" and name[1:] in column),
    )
    yield from rows(table, layout, context, skip=skip, least=6)


def _trace(text: str) -> str:
    """-0.1 mm of rain and -0.01 m of snow are traces; no other column of SYNOP's table can have them, in kelvin."""
    return "0" if _TRACE.fullmatch(text.strip()) else text


def _point(text: str) -> str:
    return text.replace(",", ".", 1)


def _number(text: str) -> str:
    plain = text.strip()
    return f"0-20000-0-{plain:0>5}" if plain.isdecimal() and len(plain) <= 5 else plain


def _time(text: str) -> str:
    """Digits from the year on, as many as there are."""
    plain = text.strip().removesuffix(".0")
    if not plain.isdecimal() or len(plain) not in (6, 8, 10, 12, 14):
        return plain
    parts, begin = list[str](), 0
    for width in _WIDTHS:
        if begin < len(plain):
            parts.append(plain[begin : begin + width])
        begin += width
    date = "-".join((*parts[:3], "01")[:3])
    return f"{date}T{':'.join(parts[3:])}{':00' if len(parts) == 4 else ''}" if len(parts) > 3 else date
