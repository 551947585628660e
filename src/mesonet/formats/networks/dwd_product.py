"""Products of the German weather service's Climate Data Center: `produkt_…txt`, as they lie in its zip files.

Source: DWD, "Datensatzbeschreibung" of the datasets of observations_germany/climate (opendata.dwd.de/climate_environment/CDC).
A row begins with the station's number and the date (daily, monthly), hour or ten minutes, in UTC, and ends with `eor`; -999 is
missing (-99.9 in moisture's products), a direction of 990 is none. Hours of radiation end at a minute of their own, behind a
colon. Quality levels (`QN_…`) say which checks were run, not what they found. A day stands at its date, ten minutes and hours
at their end.
"""

from collections.abc import Iterator, Mapping, Sequence

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, each, rows
from mesonet.formats.elements import MONTH, Element, element
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Table
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "dwd-product"
RECORDS = LineRecords(header=regex(rb"MESS_DATUM"))

_GONE = ("-999", "-999.0", "-9999", "-99.9")
_IN_UTC = "2000"  # from which year minutes are; before it they are in CET all the year, but for the hours of radiation
_VARIABLE = "990"  # a direction that is none, as hours of 1975 to 1994 have it
_GLOBAL, _DIFFUSE, _LONGWAVE = (
    f"surface_{what}_flux_in_air" for what in ("downwelling_shortwave", "diffuse_downwelling_shortwave", "downwelling_longwave")
)
_DAILY = {
    "FX": ("wind_speed_of_gust", "m/s", "maximum", None),
    "FM": ("wind_speed", "m/s", "mean", None),
    "RSK": ("precipitation_amount", "mm", "sum", None),
    "RS": ("precipitation_amount", "mm", "sum", None),
    "SDK": ("duration_of_sunshine", "h", "sum", None),
    "SHK_TAG": ("surface_snow_thickness", "cm", "point", None),
    "SH_TAG": ("surface_snow_thickness", "cm", "point", None),
    "NM": ("cloud_area_fraction", "[okta]", "mean", None),
    "VPM": ("water_vapor_partial_pressure_in_air", "hPa", "mean", None),
    "PM": ("air_pressure", "hPa", "mean", None),
    "TMK": ("air_temperature", "Cel", "mean", None),
    "UPM": ("relative_humidity", "%", "mean", None),
    "TXK": ("air_temperature", "Cel", "maximum", None),
    "TNK": ("air_temperature", "Cel", "minimum", None),
    "TGK": ("air_temperature", "Cel", "minimum", 0.05),
    "ATMO_STRAHL": (_LONGWAVE, "J/cm2/d", "mean", None),
    "FD_STRAHL": (_DIFFUSE, "J/cm2/d", "mean", None),
    "FG_STRAHL": (_GLOBAL, "J/cm2/d", "mean", None),
    "SD_STRAHL": ("duration_of_sunshine", "h", "sum", None),
}
_HOURLY = {
    "TT_TU": ("air_temperature", "Cel", "point", None),
    "RF_TU": ("relative_humidity", "%", "point", None),
    "TT": ("air_temperature", "Cel", "point", None),
    "TD": ("dew_point_temperature", "Cel", "point", None),
    "R1": ("precipitation_amount", "mm", "sum", None),
    "SD_SO": ("duration_of_sunshine", "min", "sum", None),
    "F": ("wind_speed", "m/s", "mean", None),
    "D": ("wind_from_direction", "deg", "mean", None),
    "P": ("air_pressure_at_mean_sea_level", "hPa", "point", None),
    "P0": ("air_pressure", "hPa", "point", None),
    "V_N": ("cloud_area_fraction", "[okta]", "point", None),
    "V_VV": ("visibility_in_air", "m", "point", None),
    "VP_STD": ("water_vapor_partial_pressure_in_air", "hPa", "point", None),
    "TF_STD": ("wet_bulb_temperature", "Cel", "point", None),
    "P_STD": ("air_pressure", "hPa", "point", None),
    "TT_STD": ("air_temperature", "Cel", "point", None),
    "RF_STD": ("relative_humidity", "%", "point", None),
    "TD_STD": ("dew_point_temperature", "Cel", "point", None),
    "FF": ("wind_speed", "m/s", "mean", None),
    "DD": ("wind_from_direction", "deg", "mean", None),
    "ATMO_LBERG": (_LONGWAVE, "J/cm2/h", "mean", None),
    "FD_LBERG": (_DIFFUSE, "J/cm2/h", "mean", None),
    "FG_LBERG": (_GLOBAL, "J/cm2/h", "mean", None),
    "SD_LBERG": ("duration_of_sunshine", "min", "sum", None),
    "FX_911": ("wind_speed_of_gust", "m/s", "maximum", None),
    **{f"V_TE{cm:03d}": ("soil_temperature", "Cel", "point", -cm / 100) for cm in (2, 5, 10, 20, 50, 100)},
}
_TEN_MINUTES = {
    "PP_10": ("air_pressure", "hPa", "point", None),
    "TT_10": ("air_temperature", "Cel", "point", None),
    "TM5_10": ("air_temperature", "Cel", "point", 0.05),
    "RF_10": ("relative_humidity", "%", "point", None),
    "TD_10": ("dew_point_temperature", "Cel", "point", None),
    "FF_10": ("wind_speed", "m/s", "mean", None),
    "DD_10": ("wind_from_direction", "deg", "mean", None),
    "FX_10": ("wind_speed_of_gust", "m/s", "maximum", None),
    "DX_10": ("wind_gust_from_direction", "deg", "maximum", None),
    "RWS_10": ("precipitation_amount", "mm", "sum", None),
    "RS_05": ("precipitation_amount", "mm", "sum", None),
    "TX_10": ("air_temperature", "Cel", "maximum", None),
    "TN_10": ("air_temperature", "Cel", "minimum", None),
    "DS_10": (_DIFFUSE, "6 J/cm2/h", "mean", None),
    "GS_10": (_GLOBAL, "6 J/cm2/h", "mean", None),
    "LS_10": (_LONGWAVE, "6 J/cm2/h", "mean", None),
    "SD_10": ("duration_of_sunshine", "h", "sum", None),
}
_MONTHLY = {
    "MO_N": ("cloud_area_fraction", "[okta]", "mean", None),
    "MO_TT": ("air_temperature", "Cel", "mean", None),
    "MO_TX": ("air_temperature", "Cel", "maximum_within_days_mean_over_days", None),
    "MO_TN": ("air_temperature", "Cel", "minimum_within_days_mean_over_days", None),
    "MX_TX": ("air_temperature", "Cel", "maximum", None),
    "MX_TN": ("air_temperature", "Cel", "minimum", None),
    "MX_FX": ("wind_speed_of_gust", "m/s", "maximum", None),
    "MO_SD_S": ("duration_of_sunshine", "h", "sum", None),
    "MO_RR": ("precipitation_amount", "mm", "sum", None),
}
# names of the products until 2017, which were those of the elements in full
_DAILY_IN_FULL = {
    "WINDSPITZE_MAXIMUM": "FX",
    "WINDGESCHWINDIGKEIT": "FM",
    "NIEDERSCHLAGSHOEHE": "RSK",
    "SONNENSCHEINDAUER": "SDK",
    "SCHNEEHOEHE": "SHK_TAG",
    "BEDECKUNGSGRAD": "NM",
    "DAMPFDRUCK": "VPM",
    "LUFTDRUCK_STATIONSHOEHE": "PM",
    "LUFTTEMPERATUR": "TMK",
    "REL_FEUCHTE": "UPM",
    "LUFTTEMPERATUR_MAXIMUM": "TXK",
    "LUFTTEMPERATUR_MINIMUM": "TNK",
    "LUFTTEMP_AM_ERDB_MINIMUM": "TGK",
}
_HOURLY_IN_FULL = {
    "LUFTTEMPERATUR": "TT_TU",
    "REL_FEUCHTE": "RF_TU",
    "WINDGESCHWINDIGKEIT": "F",
    "WINDRICHTUNG": "D",
    "LUFTDRUCK_STATIONSHOEHE": "P0",
    "NIEDERSCHLAGSHOEHE": "R1",
    "STUNDENSUMME_SONNENSCHEIN": "SD_SO",
}
_DAILY |= {name: _DAILY[short] for name, short in _DAILY_IN_FULL.items()}
_HOURLY |= {name: _HOURLY[short] for name, short in _HOURLY_IN_FULL.items()}
_KINDS = {8: ("P1D", _DAILY), 10: ("PT1H", _HOURLY), 12: ("PT10M", _TEN_MINUTES)}


def sniff(head: bytes) -> Guess | None:
    names = [name.strip() for name in decode(head[:4096]).lstrip().split("\n")[0].split(";")]
    if names[0] != "STATIONS_ID" or len(names) < 4 or not names[1].startswith("MESS_DATUM"):
        return None
    known = [name for name in names if name in _DAILY or name in _HOURLY or name in _TEN_MINUTES or name in _MONTHLY]
    if not known:
        return None  # nothing would be taken; whoever knows the names can map them
    return Guess(0.96, f"a product of the German weather service (CDC): {', '.join(names[2:8])}, …")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    table = Table(peeked, ";")
    at = next((at for at, row in enumerate(table.first) if row), 0)
    names = [name.strip() for name in table.first[at]] if table.first else []
    while names and not names[-1]:
        names.pop()
    if len(names) < 3 or names[0] != "STATIONS_ID" or not names[1].startswith("MESS_DATUM"):
        raise UnreadableFile("the header does not begin with STATIONS_ID;MESS_DATUM", row=at + 1)
    first = next((row for row in table.first[at + 1 :] if len(row) >= len(names)), None)
    kind = _kind(first[1].strip() if first else "", names)
    duration, known = (MONTH, _MONTHLY) if names[1] != "MESS_DATUM" else kind
    elements: dict[int, Element] = {}
    for column, name in enumerate(names):
        if found := known.get(name):
            standard_name, unit, method, level = found
            period = duration if method != "point" or duration == "P1D" else "PT0S"
            period = "PT5M" if name == "RS_05" else period
            gone = (*_GONE, _VARIABLE) if unit == "deg" else _GONE
            elements[column] = element(name, standard_name, unit, *gone, method=method, duration=period, level=level)
    layout = Layout(
        names=names,
        station_at=0,
        called=lambda text: text.strip().zfill(5) if text.strip().isdecimal() else text.strip(),
        at=(1,),
        time=each(_minute if duration == "PT10M" else _time, 1),
        elements=elements,
        clean=str.strip,
        quiet=frozenset(column for column, name in enumerate(names) if name == "eor"),
    )
    yield from rows(table, layout, context, skip=at + 1)


def _kind(text: str, names: Sequence[str]) -> tuple[str, Mapping[str, tuple[str, str, str, float | None]]]:
    """What a file's times are of; of those in ISO 8601, which are of files that were saved again, the names tell it."""
    if "-" not in text:
        return _KINDS.get(len(text.partition(":")[0]), _KINDS[8])
    return max((_KINDS[10], _KINDS[12]), key=lambda kind: len(kind[1].keys() & set(names))) if ":" in text else _KINDS[8]


def _minute(text: str) -> str:
    time = _time(text)
    return f"{time}+01:00" if time == text.strip() < _IN_UTC else time


def _time(text: str) -> str:
    plain = text.strip().replace(":", "", 1)
    if not plain.isdecimal() or len(plain) not in (8, 10, 12):
        return text.strip()
    clock = f"T{plain[8:10]}:{plain[10:12] or '00'}" if len(plain) > 8 else ""
    if len(plain) == 12 and plain < _IN_UTC and ":" not in text:
        clock += "+01:00"
    return f"{plain[:4]}-{plain[4:6]}-{plain[6:8]}{clock}"
