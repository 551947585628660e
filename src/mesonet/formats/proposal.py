"""A mapping for a table that has none, proposed from its header, its units and its values.

Nothing of it is used until the operator says so by putting it beside the data. What cannot be told apart is asked, not guessed:
a column is in the proposal only where its quantity, its unit and its method are each beyond reasonable doubt.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from math import isfinite
from typing import Any

from mesonet.domain import limits
from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import DAY, duration
from mesonet.domain.limits import hours_of
from mesonet.domain.mapping import MISSING_TOKENS, Proposal, ProposedColumn, TimeColumns
from mesonet.domain.parameter import INSTANT, POINT, STANDARD_NAMES, Parameter
from mesonet.domain.station import addressable
from mesonet.domain.units import UnknownUnit, allowed_for, converter, dimension_of
from mesonet.domain.units import parse as parse_unit
from mesonet.errors import InvalidMapping
from mesonet.formats import degrees
from mesonet.formats.times import SERIALS, clock, zone_of
from mesonet.record import dataclass, replace
from mesonet.regex import regex

LOWEST_AT_SEA = 940.0  # hPa: what never reaches it is no pressure at mean sea level
_STRONG = 0.9  # from this confidence on a name says it, whatever its unit
SURE = 0.8  # from this confidence on a column is in the mapping
LOOKED_AT = 300  # columns; a table with more is none of a station's
_NUMERIC = 0.9  # share of numbers in a column of them; the rest is words for missing, traces, units
_SHOWN = 60
LONGEST = 200  # characters of a name in a mapping
_EVEN, _LEAPS = 3.0, 20.0  # usual steps that a step of a series may have, and that one has which is read wrongly
_MANY = 1.5  # times as many rows as times: a repeated hour or two is no second station
_FIRST = 5  # texts that tell most forms from a time at once
_TIMES = 300  # that are read in each form they may have

# What a column is called: the first that fits holds, so the special stand before the general. Text is compared without accents,
# in small letters, words parted by single blanks: English, German, French, Spanish, Portuguese, Dutch; Japanese as it is.
_LEFT_ALONE = regex(
    r"\b(qc|flag|flags|quality|sq|q|std|st ?dev|sd|sigma|variance|battery|bat|batt|volt|voltage|vdc|panel|ptemp|logger|board"
    r"|cr\d+x?"
    r"|in (?:temp|hum)\w*|indoor|inside|innen|interieur|interior|binnen"
    r"|internal|case|enclosure|housing|cpu|device|inv\d*|inverter|mod|module|cell|refcell"
    r"|record|recnum|recnbr|rn|rssi|signal|unnamed|trend|tendency|change|normal|forecast"
    r"|count|anomaly|depar|departure|offset|latitude|longitude|lat|lon|lng|elevation|altitude|height|weather|wetter|code)\b"
    r"|室内"
)
_QUANTITIES: tuple[tuple[str, float, str], ...] = (
    (
        "",
        0.0,
        r"\b(direct|diffuse|diffus\w*|net|netto|par|reflected|accumulat(ed|ion)|since|period)\b|precipitable|clear ?sky",
    ),
    ("dew_point_temperature", 0.95, r"dew ?p|taupunkt|point de rosee|\brosee\b|rocio|orvalho|dauwpunt|露点|露點|точк\w* росы"),
    ("dew_point_temperature", 0.85, r"\b(dwpf|dwpc|dewp|tdew|td|dp)\b"),
    ("wet_bulb_temperature", 0.95, r"wet ?bulb|feuchttemperatur|bulbo (um|hum)|thermometre mouille|natte ?bol|湿球"),
    ("sea_surface_temperature", 0.95, r"\bsst\b|sea surf|water ?temp|wassertemp|temperatura del agua|temperatura da agua|水温"),
    ("soil_temperature", 0.95, r"(soil|boden|sol|suelo|solo|bodem)\w* ?temp|temp\w* (du sol|del suelo|do solo)|地中温度|地温"),
    (
        "volume_fraction_of_condensed_water_in_soil",
        0.9,
        r"soil ?(moist|water)|bodenfeuchte|\bvwc\b|humedad del suelo|umidade do solo",
    ),
    ("", 0.0, r"wind ?(run|samp\w*|tx)\b|\w time$"),
    ("", 0.0, r"humidex|feels|apparent|gefuhlt|ressenti|sensacion|sensacao|wind ?chill|heat ?index|体感"),
    ("surface_temperature", 0.9, r"surface temp|road temp|ground temp|oberflachentemp"),
    ("wind_gust_from_direction", 0.95, r"gust\w* ?(dir|azimuth)"),
    ("wind_speed_of_gust", 0.95, r"gust|\bboen?\b|windboe|spitzenboe|rafale|rafaga|racha|rajada|windstoot|最大瞬間"),
    ("wind_speed_of_gust", 0.85, r"\b(wgst|wpgt|wndgst|peak wind)\b"),
    (
        "wind_from_direction",
        0.95,
        r"wind\w* ?(dir|from|azimuth|bearing|deg(?:ree)?s?\b)|windricht|direc\w* (du|del|do|de) v|風向|风向"
        r"|направлени\w* ветра",
    ),
    ("wind_from_direction", 0.85, r"\b(wdir|wd|wd\d+m|drct|dd|wnddir)\b|wdir"),
    (
        "wind_speed",
        0.95,
        r"wind ?(sp|vel)|windgeschw|vitesse (du|de) v|velocida\w* (del|do|de) v|windsnelh|風速|风速|скорост\w* ветра",
    ),
    ("wind_speed", 0.85, r"\b(wspd|sknt|wspeed|ws|ws\d+m|ff|wind|viento|vento|vent)\b|wspd"),
    ("surface_snow_thickness", 0.95, r"snow ?(depth|height)|schneehohe|epaisseur de neige|hauteur de neige|sneeuwhoogte|積雪"),
    ("thickness_of_snowfall_amount", 0.95, r"snow ?fall|neuschnee|降雪"),
    ("lwe_precipitation_rate", 0.9, r"(rain|precip\w*) ?(rate|intens)|regenrate|intens\w* de (pluie|lluvia|chuva)"),
    ("precipitation_amount", 0.95, r"precip|niederschl|\brain|\bregen|pluie|lluvia|chuva|neerslag|降水|雨量|осадк"),
    ("precipitation_amount", 0.85, r"\b(prcp|prec|ppt|rr|p01[im]|p01)\b"),
    ("duration_of_sunshine", 0.95, r"sunshine|sonnenschein|insolation|insolacao|insolacion|zonneschijn|日照"),
    ("ultraviolet_index", 0.95, r"\buvi\b|\buv ?index\b|ultra ?violet (radiation )?index"),
    ("", 0.0, r"\buv\b|longwave|infrared|infrarot"),
    (
        "surface_downwelling_shortwave_flux_in_air",
        0.95,
        r"solar ?(rad|irr)|globalstrahl|global (horiz|rad|irr)|rayonnement global",
    ),
    (
        "surface_downwelling_shortwave_flux_in_air",
        0.9,
        r"radia\w* (solar|global)|globale straling|日射|\bghi\b|\bsrad\b|global psp",
    ),
    ("visibility_in_air", 0.95, r"visib|sichtweite|\bsicht\b|zicht\b|視程"),
    ("visibility_in_air", 0.85, r"\b(vsby|vis)\b"),
    ("cloud_area_fraction", 0.9, r"cloud ?cover|bewolkung|nebulosi|nubosi|bewolking|雲量"),
    ("altimeter_setting", 0.95, r"altimeter|\balti\b|\bqnh\b"),
    (
        "air_pressure_at_mean_sea_level",
        0.95,
        r"\bmslp?\b|\bslp\b|sea ?level|nivel (del|do) mar|niveau de la mer|meeres|zeeniveau|海面",
    ),
    ("", 0.0, r"vapou?r ?pressure|dampfdruck|vpd"),
    ("air_pressure_at_mean_sea_level", 0.85, r"\brel(ative)? (press|baro|luftdruck)|relativer luftdruck"),
    ("air_pressure", 0.9, r"\babs(olute)? (press|baro|luftdruck)|absoluter luftdruck"),
    (
        "air_pressure",
        0.95,
        r"station ?press|press\w* (at )?station|nivel da estacao|nivel de la estacion|luftdruck auf station|現地",
    ),
    ("pressure", 0.9, r"press|presion|druck|baro|\bpres\b|luchtdruk|気圧|气压|氣壓|давлени|\bbp\b|^bar$"),
    ("relative_humidity", 0.95, r"humid|humed|feucht|umidade|vochtig|湿度|溼度|濕度|влажност"),
    ("relative_humidity", 0.85, r"\b(relh|rh|rhum|hr|ur|hum)\b"),
    (
        "air_temperature",
        0.95,
        r"air ?temp|lufttemp|dry ?bulb|bulbo seco|temp\w* (de l )?air|temp\w* d[eo] aire?|luchttemp|気温|气温|氣溫"
        r"|температур\w* воздуха",
    ),
    ("air_temperature", 0.9, r"\btemp(erature|eratur|eratura|eratuur|erat)?\b|temperatur"),
    ("air_temperature", 0.85, r"\b(tmpf|tmpc|t2m|tavg|tmean|tmin|tmax|tx|tn|ta|tair|airtc|airtf|temp[fc])\b"),
)
_MATCHING = tuple((name, confidence, regex(pattern)) for name, confidence, pattern in _QUANTITIES)
_METHODS = (
    ("maximum", regex(r"\b(max|maximum|maxima|maximal\w*|hochst\w*|hi(?= \w)|high|highest|tmax|tx)\b|最高|最大(?!瞬間)")),
    ("minimum", regex(r"\b(min|minimum|minima|minimal\w*|tiefst\w*|low|lowest|tmin|tn)\b|最低|最小")),
    (
        "mean",
        regex(r"\b(avg|mean(?! sea)|average|mittel|mittlere|moyenne|media|promedio|gemiddeld\w*|tavg|tmean|arith)\b|平均"),
    ),
    ("sum", regex(r"\b(sum|total|tot|summe|somme|suma|soma|totaal)\b|合計")),
)
_PROCESSES = {"avg": "avg", "max": "max", "min": "min", "tot": "total", "totrun": "since"}
_SUMS = ("precipitation_amount", "thickness_of_snowfall_amount", "duration_of_sunshine")
_AS_THEY_ARE = ("surface_snow_thickness",)  # measured once, whatever the interval
_DAILY = regex(r"\b(daily|day|today|since|24 ?h|tages\w*|quotidien\w*|diari[ao]|hourly total|event|month\w*|year\w*|week\w*)\b")
_COUNTED = regex(r"^total (rain|precip)|(rain\w*|precip\w*) total$")
_LEVEL = regex(r"(?:^|[\s@_(]|\bw[sd])(\d+(?:\.\d+)?)\s?(cm|m|ft)\b")
_METRES = {"cm": 0.01, "m": 1.0, "ft": 0.3048}
_KINDS = regex(r"^(parameter|variable|element|quantity|measurement|property|observed property|sensor|phenomenon|datatype)\b")
_VALUES = regex(r"^(value|result|reading|measurement value)$")
_OF_FLUXES = regex(r"(?:_\d+){3}$")  # where at the tower: across, above, and which of several (AmeriFlux)
_OF_UNITS = regex(r"(.+) units?(?: code)?")
_SENSOR = regex(
    r"\s*\([^()]*(?:S/N|LGR|SEN)\b[^()]*\)|\s*\(S-[^()]*\)|\s+#\d{5,}$"
)  # Onset's HOBO says which logger and sensor
_UNIT_BEHIND = regex(r"(.+?)(?:\s*(?:,|\s-)\s+(\S{1,20})|_([A-Za-z]{1,2}/\w{1,3}))")  # `Temp, °C`, `Temp - °C`, `WS50m_m/s`
_UNIT_IN_BRACKETS = regex(r"[(\[{（]([^()\[\]{}（）]*)[)\]}）]( (?:avg|aver|average|mean|max|min|sum|total|last))?\s*$")
_SUFFIXES = {
    "temperature": {"f": "degF", "degf": "degF", "c": "Cel", "degc": "Cel", "k": "K", "celsius": "Cel", "fahrenheit": "degF"},
    "pressure": {"hpa": "hPa", "mb": "mbar", "mbar": "mbar", "kpa": "kPa", "pa": "Pa", "inhg": "inHg", "mmhg": "mmHg"},
    "speed": {"ms": "m/s", "mps": "m/s", "mph": "mph", "kt": "kt", "kts": "kt", "knots": "kt", "kmh": "km/h", "kph": "km/h"},
    "depth": {"mm": "mm", "in": "in", "cm": "cm", "inch": "in", "inches": "in"},
    "fraction": {"pct": "%", "percent": "%"},
    "irradiance": {"wm2": "W/m2", "w": "W/m2"},
    "length": {"km": "km", "mi": "mi", "miles": "mi", "ft": "ft"},
    "angle": {"deg": "deg"},
}
# The whole name says it: these are IEM's, whose units are fixed (https://mesonet.agron.iastate.edu, ASOS download)
_FIXED = {"tmpf": "degF", "dwpf": "degF", "tmpc": "Cel", "dwpc": "Cel", "sknt": "kt", "drct": "deg", "p01i": "in", "p01m": "mm"}
_FIXED |= {"alti": "inHg", "vsby": "mi", "relh": "%"}
# Whole headers whose publisher documents them: what must be there, and what its names mean
_PUBLISHED: tuple[tuple[str, frozenset[str], dict[str, tuple[str, str]]], ...] = (
    (
        "Meteostat (https://dev.meteostat.net/formats.html)",
        frozenset(("prcp", "wdir", "wspd", "wpgt", "pres", "tsun")),
        {
            **dict.fromkeys(("temp", "tavg", "tmin", "tmax"), ("air_temperature", "Cel")),
            "dwpt": ("dew_point_temperature", "Cel"),
            "rhum": ("relative_humidity", "%"),
            "prcp": ("precipitation_amount", "mm"),
            "snow": ("surface_snow_thickness", "mm"),
            "wdir": ("wind_from_direction", "deg"),
            "wspd": ("wind_speed", "km/h"),
            "wpgt": ("wind_speed_of_gust", "km/h"),
            "pres": ("air_pressure_at_mean_sea_level", "hPa"),
            "tsun": ("duration_of_sunshine", "min"),
        },
    ),
)
_FLUXES = {
    "TA": ("air_temperature", "Cel"),
    "RH": ("relative_humidity", "%"),
    "PA": ("air_pressure", "kPa"),
    "WS": ("wind_speed", "m/s"),
    "WD": ("wind_from_direction", "deg"),
    "SW_IN": ("surface_downwelling_shortwave_flux_in_air", "W/m2"),
    "SW_OUT": ("surface_upwelling_shortwave_flux_in_air", "W/m2"),
    "LW_IN": ("surface_downwelling_longwave_flux_in_air", "W/m2"),
    "LW_OUT": ("surface_upwelling_longwave_flux_in_air", "W/m2"),
    "P": ("precipitation_amount", "mm"),
}
_PUBLISHED += (
    (
        "FLUXNET and AmeriFlux (https://ameriflux.lbl.gov/data/aboutdata/data-variables/), whose clock is local standard time",
        frozenset(("TIMESTAMP_END",)),
        _FLUXES | {f"{name}_F": known for name, known in _FLUXES.items()},  # filled
    ),
    (
        "NREL's NSRDB (https://developer.nrel.gov/docs/solar/nsrdb)",
        frozenset(("GHI", "DNI", "Temperature", "Year", "Minute")),
        {
            "GHI": ("surface_downwelling_shortwave_flux_in_air", "W/m2"),
            "DNI": ("surface_direct_along_beam_shortwave_flux_in_air", "W/m2"),
            "DHI": ("surface_diffuse_downwelling_shortwave_flux_in_air", "W/m2"),
            "Temperature": ("air_temperature", "Cel"),
            "Dew Point": ("dew_point_temperature", "Cel"),
            "Relative Humidity": ("relative_humidity", "%"),
            "Pressure": ("air_pressure", "hPa"),
            "Wind Speed": ("wind_speed", "m/s"),
            "Wind Direction": ("wind_from_direction", "deg"),
        },
    ),
)
_PUBLISHED += (
    (
        'rp5.ru\'s archive of weather (https://rp5.ru, "Symbols"), whose clock is local',
        frozenset(("Po", "Pa", "Ff", "WW", "Td")),
        {
            "T": ("air_temperature", "Cel"),
            "Td": ("dew_point_temperature", "Cel"),
            "Po": ("air_pressure", "mmHg"),
            "P": ("air_pressure_at_mean_sea_level", "mmHg"),
            "U": ("relative_humidity", "%"),
            "Ff": ("wind_speed", "m/s"),
        },
    ),
)
_MEANS_OF_DAYS = ("wspd", "pres", "wdir")  # Meteostat's days have means of these
_SENTINELS = frozenset(
    (-99999.0, -9999.9, -9999.0, -7999.0, -6999.0, -999.9, -999.0, -99.9, -99.0, 999.0, 999.9, 9999.0, 9999.9, 99999.0)
)

_TIME_NAMES = regex(
    r"\b(time|date|datetime|timestamp|valid|datum|zeit|zeitpunkt|uhrzeit|heure|fecha|hora|data|tijd|utc|gmt|observed|dateutc"
    r"|time hour|tidspunkt|ts|dt|tmstamp|epoch|unix|дата|время)\b|time|date|日時|年月日|時刻|时间|日期|時間"
)
_FORMS = (
    *("iso", "epoch", "epoch_ms", *SERIALS, "decimal_year", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"),
    *(f"%d.%m.{year}{time}" for year in ("%Y", "%y") for time in (" %H:%M:%S", " %H:%M", "")),
    *(f"{day}{sep}{year}{time}" for sep, days in (("/", ("%d/%m", "%m/%d")), ("-", ("%d-%m", "%m-%d"))) for day in days
      for year in ("%Y", "%y") for time in (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "")),
    *("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d%H", "%Y%m%d %H:%M", "%Y%m%d %H%M"),
    *(f"%m.%d.%y {time}" for time in ("%H:%M:%S", "%I:%M:%S %p")),
    *(f"%m/%d/{year} %H:%M:%S.%f" for year in ("%Y", "%y")),
    *(f"%b %d %Y{time}" for time in (" %H:%M:%S", " %H:%M", "")),
    *(f"%b %d, %Y{time}" for time in (" %I:%M:%S %p", " %I:%M %p", "")),
    *(f"%d %b %Y{time}" for time in (" %H:%M:%S", " %H:%M", "")),
    *("%Y-%m-%d", "%Y-%m-%d %H:%M:%S.%f %z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S %z %Z", "%Y-%m-%d %H:%M:%S %Z"),
    *(f"%d-%b-{year}{time}" for year in ("%Y", "%y") for time in (" %H:%M:%S", " %H:%M", "")),
)  # fmt: skip
# numbers that count time: from 1980 (a year and the day of it, 24001, is no day of a spreadsheet), 1970 and 1600 on
_SERIAL = {"excel": (29_221.0, 73_051.0), "matlab": (719_529.0, 767_000.0), "decimal_year": (1600.0, 2100.0)}
_SERIAL_AS = {
    "excel": "days of a spreadsheet, 1 being 1 January 1900",
    "matlab": "days of MATLAB (datenum)",
    "decimal_year": "years with a fraction of the year",
}
_OF_DAYS = regex(r"\b(date|datum|fecha|data|day|tag|jour|dia)\b")
_YEAR_NAMES = regex(r"year|\b(jahr|annee|ano|date|datum|time)\b|datenum")
_CLOCK = regex(r"\s*\d{1,2}:\d\d")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%H%M", "%H")
_PARTS = (
    regex(r"^(?:m )?(year|yyyy|yy|yr|jahr|annee|ano|jaar|年)$"),
    regex(r"^(?:m )?(month|mm|mon|mo|m|monat|mois|mes|maand|月)$"),
    regex(r"^(?:m )?(day|day of month|dd|dy|d|tag|jour|dia|dag|日)$"),
    regex(r"^(?:m )?(hour|hour of day|hh|hr|stunde|heure|hora|uur|時)$"),
    regex(r"^(?:m )?(minutes?|min|mi|mm|mn|minuto|minuut|分)$"),
)
_DAYS_OF_YEAR = regex(r"^(doy|jday|julian|julian day|jul day|day of year|yday|jd|julday)$")
_CLOCK_NAMES = regex(r"^(hour|hr|hhmm|hrmn|hour minute|time|hour min)\b")
_ZONES = {"utc": "UTC", "gmt": "UTC", "cet": "+01:00", "cest": "+02:00", "jst": "+09:00", "aest": "+10:00", "nzst": "+12:00"}
_ZONES |= {"est": "-05:00", "cst": "-06:00", "mst": "-07:00", "pst": "-08:00", "akst": "-09:00", "hst": "-10:00"}
_ZONES |= {"edt": "-04:00", "cdt": "-05:00", "mdt": "-06:00", "pdt": "-07:00", "akdt": "-08:00"}
_STATION_NAMES = (
    regex(
        r"^(wigos|wigos station identifier|wsi|wmo|wmo id|icao|station id|stationid|stn id|site id|stations id|station code"
        r"|station (number|no|nr))$"
    ),
    regex(
        r"^(station|stn|site|id|sid|stid|origin|stationsnummer|stnr|estacao|estacion|codigo|codigo estacao|usaf|stationsnaam)$"
    ),
    regex(r"^((observation |(automatic )?weather )?station( name)?|name|stationsname|nombre|nome|location|ort|地点|観測所)$"),
)
_DIGIT = regex(r"^\s*(?:[A-Z][a-z]{2,8} )?\d")  # a time begins with one, or with a month
_IN_UTC = regex(r"\b(utc|gmt|zulu)\b")
_BEGINNING = regex(r"\b(start|begin|beginning|from|von|debut|inicio)\b")
_STATED = regex(r"(?:GMT|UTC) ?([+-]\d{2}:\d{2})\b")
_PLACE = regex(r"\(([A-Z]\w+(?:/\w+){1,2})\)")  # `Date (America/New_York)`
_ZONE_ABOVE = regex(
    r"(?i)\b(?:local time|time ?zone|utc offset|gmt offset|zeitzone|fuseau horaire|zona horaria)[^+\-\d\n]{0,20}"
    r"([+-])(\d{1,2})(?::(\d{2}))?(?![\d:])"
)
_STATION_ABOVE = regex(
    r"(?im)^[#%;\s\"]*(?:site|station)(?: ?(?:id|code|identifier))?\"?\s*[:=,;\t]\s*\"?([^\s\",;]{1,40})\"?[\s,;]*$"
    r"|\bWMO_ID=(\d{4,6})\b|^\W*plot title: ?([^\s\",;]{1,40})\"?[\s,;]*$"
)
_OF_ZONES = regex(r"^(time ?zone|tz|zone|utc ?offset|gmt ?offset)$")
_OFFSET = regex(r"(Z|[+-]\d{2}:?\d{2}| UTC| GMT)$")


@dataclass(frozen=True, slots=True)
class _Column:
    """`texts` are sampled; `numbers` those of them that are numbers and stand for no missing value."""

    at: int
    name: str
    plain: str
    unit: str | None
    texts: Sequence[str]
    numbers: Sequence[float]
    numeric: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """What tells the time. `interval` in milliseconds, None where it varies; `span` between the first and the last row.

    `by_humidity` is the unit of temperatures in which humidity, temperature and dew point agree."""

    given: dict[str, Any]
    columns: frozenset[int]
    interval: int | None
    span: int
    questions: tuple[str, ...]
    by_humidity: str | None = None


def propose(
    header: Sequence[str],
    columns: Sequence[Sequence[str]],
    facts: Sequence[ColumnFacts],
    last: Sequence[str],
    delimiter: str,
    key: str,
    *,
    station: str = "",
    processes: Sequence[str] = (),
    above: str = "",
) -> Proposal:
    """`columns` are texts of the first rows, `facts` are of all rows, `last` are the last row's fields; `key` is the file's.

    A logger tells the `station`, its units in the facts, and by which process a column came about (`Avg`, `Max`). `above` are
    the lines above the header, which may tell the station and the zone."""
    questions: list[str] = []
    if len(header) > LOOKED_AT:
        return Proposal(questions=(f"{len(header)} columns are more than a station has: is each a station, or a time?",))
    if _is_data(header):
        return Proposal(
            questions=("the first row holds values and no names: a mapping may call the columns `column 1`, `column 2`, …",)
        )
    if doubled := [name for name, count in Counter(header).items() if count > 1 and name]:
        questions.append(f"the header has {doubled[0]!r} more than once: a mapping means the first; is that so?")
    decimal = "," if _decimal_comma(columns, quoted=delimiter == ",") else "."
    units, rows = _units_row(columns, decimal)
    seen = [
        _column(at, name, units.get(at), texts[rows:], decimal)
        for at, (name, texts) in enumerate(zip(header, columns, strict=True))
    ]
    seen = [_ranged(each, whole) for each, whole in zip(seen, facts, strict=True)]
    seen = list(_beside(seen))
    if processes:
        seen = [_processed(each, whole, process) for each, whole, process in zip(seen, facts, processes, strict=True)]
    published, meanings = next(((who, known) for who, must, known in _PUBLISHED if must <= set(header)), ("", {}))
    told = _time(seen, last)
    if isinstance(told, str):
        return Proposal(questions=(*questions, told))
    told = _zoned(told, above, seen)
    given, place, question = _station(seen, told.columns, key, above)
    if place is None and not station and _several(seen, told, facts):
        at = _partition(seen, told.columns)
        if at is None:
            asked = "times come more than once, so there are several stations in it: which column names the station?"
            return Proposal(questions=(*questions, asked))
        given, place = {"column": seen[at].name}, at
        question = f"times come more than once, so there are several stations in it: is {seen[at].name} the station?"
    if station and place is None:
        given, question = {"id": station}, None
    questions += [*told.questions, *([question] if question else [])]
    told = replace(told, by_humidity=_by_humidity(seen))
    found = [
        _documented(each, told, *meanings[name], published)
        if (name := _OF_FLUXES.sub("", each.name)) in meanings
        else _proposed(each, told)
        for each in seen
        if each.at not in told.columns and each.at != place
    ]
    found = list(_apart(found))
    taken = [each for each in found if each.parameter and each.confidence >= SURE]
    questions += [f"{each.column}: {each.reason}" for each in found if 0 < each.confidence < SURE]
    shown = tuple(each for each in found if each.confidence > 0)
    if not taken and (long := _long(seen)):
        questions.append(long)
    if not taken:
        questions = questions or ["no column has the name of anything that a station measures"]
        return Proposal(columns=shown, questions=tuple(questions))
    names = {each.column for each in taken}
    mapping: dict[str, Any] = {
        "mesonet_mapping": 1,
        "description": "Proposed from the header and the values of the file. Check it before you use it.",
        **({"files": pattern} if (pattern := _alike(key)) else {}),
        "station": given,
        "time": told.given,
        **({"decimal": decimal} if decimal != "." else {}),
        **(
            {"missing": [*MISSING_TOKENS, *more]}
            if (more := sorted({token for each in seen if each.name in names for token in _sentinels(each)}))
            else {}
        ),
        "columns": {each.column: _entry(each) for each in taken},
    }
    return Proposal(
        mapping=json.dumps(mapping, indent=2, ensure_ascii=False),
        columns=shown,
        questions=tuple(questions),
    )


def _alike(key: str) -> str | None:
    """The pattern of files that are called like this one but for their digits: a table beside it may be of another kind."""
    name = key.rpartition("/")[2]
    return None if not name or any(sign in name for sign in "*?[") or len(name) > LONGEST else re.sub(r"\d+", "*", name)


# Columns --------------------------------------------------------------------------------------------------------------


def _column(at: int, name: str, unit: str | None, texts: Sequence[str], decimal: str) -> _Column:
    """The unit of the units row, or of the name's own end."""
    numbers = [number for text in texts if (number := _number(text, decimal)) is not None]
    given = [text for text in texts if text.strip() not in MISSING_TOKENS and text.strip() not in ("T", "M")]
    about = _SENSOR.sub("", name[:LONGEST])  # what is longer is in no mapping
    plain = _plain(about)
    bracketed = _UNIT_IN_BRACKETS.search(about)
    if unit is None and bracketed and bracketed[1].strip():
        unit = bracketed[1].strip().replace("*", "°")
        plain = _plain(about[: bracketed.start()] + (bracketed[2] or "")) or plain
    elif unit is None and (behind := _UNIT_BEHIND.fullmatch(about.strip())):
        try:
            parse_unit(behind[2] or behind[3])
        except UnknownUnit:
            pass
        else:
            unit, plain = behind[2] or behind[3], _plain(behind[1])
    return _Column(
        at, name, plain, unit, texts, numbers, bool(given) and len(numbers) >= _NUMERIC * len(given) and bool(numbers)
    )


def _ranged(column: _Column, whole: ColumnFacts) -> _Column:
    """With the least and greatest number of the whole file, unless these stand for missing values."""
    if not column.numeric or whole.minimum is None or whole.maximum is None:
        return column
    return replace(column, numbers=[*column.numbers, whole.minimum, whole.maximum])


def _beside(columns: Sequence[_Column]) -> Iterator[_Column]:
    """Columns with the unit that stands in a column of its own: `temperature_unit` says it of `temperature_value`."""
    told = {}
    for column in columns:
        texts = {text.strip() for text in column.texts if text.strip()}
        if len(texts) == 1 and (match := _OF_UNITS.fullmatch(column.plain)):
            told[match[1]] = texts.pop().rpartition(":")[2]
    for column in columns:
        unit = told.get(column.plain.removesuffix(" value"))
        yield replace(column, unit=unit) if unit and column.unit is None and column.numeric else column


def _processed(column: _Column, whole: ColumnFacts, process: str) -> _Column:
    """With what a logger's lines of units and processes say of it; a sample (`Smp`) is an instant."""
    word = _PROCESSES.get(process.strip().lower(), "")
    plain = column.plain if not word or word in column.plain.split() else f"{column.plain} {word}"
    return replace(column, plain=plain, unit=whole.unit_received or column.unit)


def _plain(name: str) -> str:
    """Small letters without accents, words parted by single blanks, also those of `windDir` and `wind_dir`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    folded = unicodedata.normalize("NFKD", parted.replace("ß", "ss")).casefold()
    folded = unicodedata.normalize("NFC", "".join(c for c in folded if not unicodedata.combining(c) or c in "\u3099\u309a"))
    return " ".join(re.sub(r"[^\w@.]|_", " ", folded).split())


def _number(text: str, decimal: str) -> float | None:
    token = text.strip()
    if token in MISSING_TOKENS:
        return None
    try:
        number = float(token.replace(",", ".") if decimal == "," else token)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _decimal_comma(columns: Sequence[Sequence[str]], *, quoted: bool) -> bool:
    """Whether numbers have decimal commas; of `quoted` ones three figures behind it may be units below a thousand."""
    comma = regex(r"-?\d*,\d+")
    point = regex(r"-?\d+\.\d+")
    texts = [text.strip() for column in columns for text in column[:50]]
    if quoted and all(len(text.partition(",")[2]) == 3 for text in texts if comma.fullmatch(text)):
        return False
    return sum(map(bool, map(comma.fullmatch, texts))) > sum(map(bool, map(point.fullmatch, texts)))


def _is_data(header: Sequence[str]) -> bool:
    given = [name.strip() for name in header if name.strip()]
    numbers = sum(_number(name, ".") is not None for name in given)
    return numbers * 2 >= len(given)


def _units_row(columns: Sequence[Sequence[str]], decimal: str) -> tuple[dict[int, str], int]:
    """The units in the first row below the header, and 1 where it is a row of units."""
    found: dict[int, str] = {}
    for at, texts in enumerate(columns):
        first = texts[0].strip() if texts else ""
        rest = [_number(text, decimal) is not None for text in texts[1:20] if text.strip() not in MISSING_TOKENS]
        if not first or first in MISSING_TOKENS or _number(first, decimal) is not None or not rest or not all(rest):
            continue
        try:
            converter(first.strip("()[]"), "")
        except UnknownUnit:
            continue
        found[at] = first.strip("()[]")
    return found, 1 if found else 0


def _sentinels(column: _Column) -> Iterator[str]:
    """Texts of a column that stand for missing values, though nobody said so: far from all others, as 999.0 is not of hPa."""
    others = [number for number in column.numbers if number not in _SENTINELS]
    low, high = min(others, default=0.0), max(others, default=0.0)
    for text in {text.strip() for text in column.texts}.difference(MISSING_TOKENS):
        number = _number(text, ".")
        if number in _SENTINELS and column.numeric and not low - (high - low) <= number <= high + (high - low):
            yield text


# Time -----------------------------------------------------------------------------------------------------------------


def _time(columns: Sequence[_Column], last: Sequence[str]) -> _Told | str:
    """What tells the time, or a question."""
    found: list[tuple[float, _Told]] = []
    ambiguous: str | None = None
    for column in columns:
        texts = [text for text in column.texts if text.strip()]
        named = bool(_TIME_NAMES.search(column.plain) or (column.numeric and _YEAR_NAMES.search(column.plain)))
        if not texts or (column.numeric and not named) or not all(map(_DIGIT.search, texts[:_FIRST])):
            continue
        fitting = [form for form in _FORMS if _fits((column.name,), [column], form)]
        if any("%" in form for form in fitting):  # 202406011200 is no number of milliseconds
            fitting = [form for form in fitting if not form.startswith("epoch")]
        if not fitting:
            continue
        clocked = any(_CLOCK.match(text) for other in columns if other is not column for text in other.texts[:1])
        forms = steady({tuple(_instants((column.name,), [column], form)): form for form in reversed(fitting)}, clocked=clocked)
        if len(forms) > 1:
            ambiguous = (
                f"{column.name}: {texts[0]!r} is {' or '.join(sorted(forms.values()))}; which comes first, day or month?"
            )
            continue
        form = next(iter(forms.values()))
        told = _read((column.name,), [column], form, last)
        distinct = len(set(texts))
        offset = sum(bool(_OFFSET.search(text)) for text in texts[:50]) > 25 or (
            len(texts) < 50 and bool(_OFFSET.search(texts[0]))
        )
        early = bool(_BEGINNING.search(column.plain))  # values stand at the end of their interval
        utc = bool(_IN_UTC.search(column.plain))  # which needs no zone to be told
        rank = (2 if named else 0) + (2 if offset else 1.5 if utc else 0) - (0.5 if early else 0)
        found.append((rank + distinct / len(texts), told))
    parts = _parts(columns, last) or _days_of_year(columns, last)
    if parts:
        found.append((2.5, parts))
    if found:
        best = max(found, key=lambda each: each[0])[1]
        return _with_clock(best, columns, last)
    return ambiguous or "no column holds a time that is understood: which one tells it, and how is it written?"


def _fits(names: tuple[str, ...], columns: Sequence[_Column], form: str) -> bool:
    if form.startswith("epoch") and not _epoch(columns[0], 1 if form == "epoch" else 1000):
        return False
    if form in _SERIAL and not _is_serial(columns[0], form):
        return False
    if form == "iso" and columns[0].numeric and not all(len(text.strip()) in (8, 14) for text in columns[0].texts[:50]):
        return False
    try:
        hands = clock(TimeColumns(columns=names, format=form))
    except InvalidMapping:
        return False
    first = hands.keys([column.texts[:_FIRST] for column in columns])
    hands.learn({key for key in first if "".join(key).strip()})
    if len(hands.faults) > 1:
        return False
    keys = set(islice((key for key in hands.keys([column.texts for column in columns]) if "".join(key).strip()), _TIMES))
    hands.learn(keys)
    return bool(keys) and len(hands.faults) <= len(keys) * 0.02


def steady(forms: dict[tuple[int, ...], str], *, clocked: bool = False) -> dict[tuple[int, ...], str]:
    """The one way of reading the times by which they run on evenly, where by every other they leap; all where that cannot be
    told. The second of January is no day after the first where it is the first of February. `clocked` tables have the time of
    day in another column."""
    # days of which there are several rows each follow one another; so may months, but not where each row has its time of day
    daily = [times for times in forms if set(_steps(times)) == {DAY}]
    monthly = [times for times in forms if _steps(times) and all(27 * DAY < step < 32 * DAY for step in _steps(times))]
    if len(daily) == 1 and (clocked or not monthly) and len(daily[0]) > 2 * len(set(daily[0])):
        return {daily[0]: forms[daily[0]]}
    leaps: dict[tuple[int, ...], float] = {}
    for times in forms:
        steps = _steps(times)
        usual = Counter(steps).most_common(1)[0][0] if steps else 0
        leaps[times] = max(steps) / usual if usual else 0.0
    even = [times for times, leap in leaps.items() if 0 < leap <= _EVEN]
    others = [leap for leap in leaps.values() if leap > _EVEN]
    if len(even) == 1 and len(even) + len(others) == len(forms) and all(leap >= _LEAPS for leap in others):
        return {even[0]: forms[even[0]]}
    return forms


def _steps(times: Sequence[int]) -> list[int]:
    return [abs(b - a) for a, b in pairwise(times) if b != a]


def _epoch(column: _Column, unit: int) -> bool:
    """Between 1975 and 2065."""
    return bool(column.numbers) and all(150e6 * unit < number < 3e9 * unit for number in column.numbers)


def _is_serial(column: _Column, form: str) -> bool:
    """Whether numbers are days or years as programs count them, evidently: in order, of our time, and with parts of a day or of
    a year where whole numbers might count something else."""
    first, last = _SERIAL[form]
    numbers = [number for text in column.texts if (number := _number(text, ".")) is not None]
    whole = all(number == int(number) for number in numbers)
    in_order = numbers in (sorted(numbers), sorted(numbers, reverse=True))
    return (
        column.numeric
        and len(set(numbers)) > 1
        and all(first <= number < last for number in numbers)
        and in_order
        and not (whole and (form != "excel" or not _OF_DAYS.search(column.plain)))
        and bool(_YEAR_NAMES.search(column.plain) if form == "decimal_year" else _TIME_NAMES.search(column.plain))
    )


def _instants(names: tuple[str, ...], columns: Sequence[_Column], form: str) -> list[int]:
    hands = clock(TimeColumns(columns=names, format=form))
    keys = list(hands.keys([column.texts for column in columns]))
    hands.learn(set(keys))
    return [hands.instants[key] for key in keys if key in hands.instants]


def _read(names: tuple[str, ...], columns: Sequence[_Column], form: str, last: Sequence[str]) -> _Told:
    times = sorted(set(_instants(names, columns, form)))
    hands = clock(TimeColumns(columns=names, format=form))
    end = hands.keys([[last[column.at] if column.at < len(last) else ""] for column in columns])
    hands.learn(set(end))
    latest = next(iter(hands.instants.values()), times[-1])
    steps = Counter(b - a for a, b in pairwise(times))
    interval, often = steps.most_common(1)[0] if steps else (0, 0)
    given: dict[str, Any] = {"column": names[0]} if len(names) == 1 else {"columns": list(names)}
    given["format"] = form
    serial = [f"{names[0]}: its numbers were taken as {_SERIAL_AS[form]}: is that so?"] if form in _SERIAL else []
    zone, question = ("UTC", None) if form.startswith("epoch") or form.endswith(("%z", "%Z")) else _zone(columns)
    given["zone"] = zone
    regular = interval if often * 2 > sum(steps.values()) else None
    questions = (*serial, *([question] if question else []))
    return _Told(given, frozenset(column.at for column in columns), regular, latest - times[0], questions)


def _zone(columns: Sequence[_Column]) -> tuple[str, str | None]:
    texts = [text.strip() for text in columns[-1].texts[:50] if text.strip()]
    if texts and all(_OFFSET.search(text) for text in texts):
        return "UTC", None
    words = {word for column in columns for word in (*column.plain.split(), *_plain(column.unit or "").split())}
    stated = {match[1] for column in columns if (match := _STATED.search(column.name))}
    stated |= {match[1] for column in columns if (match := _PLACE.search(column.name)) and _is_zone(match[1])}
    if len(stated) == 1:
        return f"{stated.pop()}", None
    named = sorted(word for word in _ZONES if word in words)
    if len({_ZONES[word] for word in named}) == 1:
        zone = _ZONES[named[0]]
        asked = f"the times are {named[0].upper()}, which was taken as {zone} all the year: is that so?"
        return zone, asked if zone != "UTC" else None
    where = " and ".join(column.name for column in columns)
    return (
        "UTC",
        f"{where}: no zone is told, UTC was put in; say an offset (-05:00) or a place (America/New_York) where it is another",
    )


def _is_zone(name: str) -> bool:
    try:
        zone_of(name)
    except InvalidMapping:
        return False
    return True


def _zoned(told: _Told, above: str, columns: Sequence[_Column]) -> _Told:
    """With the offset that a column or the lines above the header tell, where the times tell none."""
    beside = {text.strip() for column in columns if _OF_ZONES.match(column.plain) for text in column.texts if text.strip()}
    if len(beside) == 1 and told.questions and told.given["zone"] == "UTC":
        zone = beside.pop()
        zone = _ZONES.get(zone.lower(), zone)
        if _is_zone(zone):
            others = tuple(question for question in told.questions if "no zone is told" not in question)
            return replace(told, given={**told.given, "zone": zone}, questions=others)
    stated = {f"{m[1]}{m[2]:0>2}:{m[3] or '00'}" for m in _ZONE_ABOVE.finditer(above)}
    if len(stated) != 1 or not told.questions:
        return told
    zone = stated.pop()
    if not _is_zone(zone):
        return told
    asked = f"the lines above the header say {zone}, which was taken all the year: is that so?"
    return replace(told, given={**told.given, "zone": zone}, questions=(asked,))


def _parts(columns: Sequence[_Column], last: Sequence[str]) -> _Told | None:
    """Columns that are called year, month, day and perhaps hour and minute."""
    picked: list[_Column] = []
    for pattern in _PARTS:
        named = [column for column in columns if pattern.match(column.plain) and column.numeric and column not in picked]
        if [column.name.strip() for column in named] == ["MM", "mm"]:
            named.pop()  # the month, and the minutes
        if len(named) > 1:
            named = [column for column in named if column.plain not in ("mm", "mn")] or named
        if len(named) != 1 or (not picked and min(named[0].numbers) < 1000):
            break
        picked.append(named[0])
    names = tuple(column.name for column in picked)
    return _read(names, picked, "parts", last) if len(picked) >= 3 and _fits(names, picked, "parts") else None


def _days_of_year(columns: Sequence[_Column], last: Sequence[str]) -> _Told | None:
    """A year, the day of it, and perhaps a clock as a number (900, 2400) or an hour: what loggers of arrays write."""
    years = [column for column in columns if _PARTS[0].match(column.plain) and column.numeric]
    days = [column for column in columns if _DAYS_OF_YEAR.match(column.plain) and column.numeric]
    if not days and not any(_PARTS[1].match(column.plain) for column in columns):  # a day beyond all months' is of the year
        days = [each for each in columns if _PARTS[2].match(each.plain) and each.numeric and max(each.numbers) > 31]
    if len(years) != 1 or len(days) != 1:
        return None
    date = [*years, *days]
    clocks = [column for column in columns if _CLOCK_NAMES.match(column.plain) and column not in date]
    minutes = [column for column in columns if _PARTS[4].match(column.plain) and column.numeric]
    for hours in clocks:
        highest = max(hours.numbers, default=0)
        if len(minutes) == 1 and highest <= 24 and hours is not minutes[0]:
            whole = [*date, hours, *minutes]
            if _fits(tuple(each.name for each in whole), whole, "%Y %j %H %M"):
                return _read(tuple(each.name for each in whole), whole, "%Y %j %H %M", last)
        alone = ("%Y %j %H",) if hours.plain in ("hour", "hr") else ()  # 20 of any other name may be minutes
        forms = ("%Y %j %H%M",) if highest > 24 else (*alone, "%Y %j %H:%M", "%Y %j %H:%M:%S")
        for form in forms:
            if _fits(tuple(each.name for each in (*date, hours)), [*date, hours], form):
                return _read(tuple(each.name for each in (*date, hours)), [*date, hours], form, last)
    names = tuple(each.name for each in date)
    return _read(names, date, "%Y %j", last) if not clocks and _fits(names, date, "%Y %j") else None


def _with_clock(told: _Told, columns: Sequence[_Column], last: Sequence[str]) -> _Told:
    """A date alone, together with the column that holds the time of day."""
    form = told.given["format"]
    if form == "parts" and len(told.columns) == 3:
        days = [next(column for column in columns if column.name == name) for name in told.given["columns"]]
        return _clocked(told, days, "%Y %m %d", columns, last)
    if form == "parts" or "%H" in form or "%I" in form or "%j" in form or form.startswith("epoch") or form in _SERIAL:
        return told
    (at,) = told.columns
    day = columns[at]
    if form == "iso":
        if any(len(text.strip()) > 10 for text in day.texts[:50]):
            return told
        form = "%Y-%m-%d" if "-" in day.texts[0] else "%Y%m%d"
    return _clocked(told, [day], form, columns, last)


def _clocked(told: _Told, days: Sequence[_Column], form: str, columns: Sequence[_Column], last: Sequence[str]) -> _Told:
    """The columns of a date, together with one that holds the time of day, if there is one."""
    for other in columns:
        named = _TIME_NAMES.search(other.plain) or _CLOCK_NAMES.match(other.plain) or _PARTS[3].match(other.plain)
        if other in days or not (named or any(word in _ZONES for word in other.plain.split())):
            continue
        if _quantity(other.plain)[0] or any(pattern.search(other.plain) for _, pattern in _METHODS):
            continue  # the time of an extreme
        for hours in _CLOCKS:
            names = (*(day.name for day in days), other.name)
            few = other.numeric and max(other.numbers, default=0) <= 24
            if (few and hours == "%H%M") or (hours == "%H" and not (few and any(number % 5 for number in other.numbers))):
                continue  # 13 is an hour, where it would be 00:13 as a number of four digits; 0, 10 and 20 may be either
            if _fits(names, [*days, other], f"{form} {hours}"):
                return _read(names, [*days, other], f"{form} {hours}", last)
    return told


# Station --------------------------------------------------------------------------------------------------------------


def _station(
    columns: Sequence[_Column], times: frozenset[int], key: str, above: str
) -> tuple[dict[str, str], int | None, str | None]:
    """The station, the place of the column that names it, and a question."""
    for rank, pattern in enumerate(_STATION_NAMES):
        for column in columns:
            texts = [text.strip() for text in column.texts if text.strip()]
            if column.at in times or not pattern.match(column.plain) or 2 * len(texts) <= len(column.texts):
                continue
            if all(map(addressable, texts)) and "." not in texts[0]:
                asked = f"{column.name}: is this the station's identifier, or only its name?" if rank == 2 else None
                return {"column": column.name}, column.at, asked
    stated = {match[1] or match[2] or match[3] for match in _STATION_ABOVE.finditer(above)}
    if len(stated) == 1 and addressable(name := stated.pop()):
        return {"id": name}, None, f"no column names the station: {name!r} was read above the header; is it the identifier?"
    name = key.rpartition("/")[2].partition(".")[0]
    name = re.sub(r"[\W_]*(?:19|20)\d\d(?:\D.*|\d\d.*)?$", "", name) or name or "station"
    name = name if addressable(name) else "station"
    return {"id": name}, None, f"no column names the station: {name!r} was taken from the file's name; which one is it?"


def _several(columns: Sequence[_Column], told: _Told, facts: Sequence[ColumnFacts]) -> bool:
    """Whether there are far more rows than a station has between the first time and the last."""
    if not told.interval:
        return False
    rows = max((each.values + each.missing for each in facts), default=0)
    return rows > _MANY * (abs(told.span) // told.interval + 1)


def _partition(columns: Sequence[_Column], times: frozenset[int]) -> int | None:
    """The first column of words that may name stations."""
    for column in columns:
        texts = {text.strip() for text in column.texts}
        named = column.at in times or bool(_TIME_NAMES.search(column.plain))
        if not named and not column.numeric and all(map(_is_identifier, texts)):
            return column.at
    return None


def _is_identifier(text: str) -> bool:
    return bool(text) and text not in MISSING_TOKENS and addressable(text)


# Quantities -----------------------------------------------------------------------------------------------------------


def _documented(column: _Column, told: _Told, name: str, unit: str, who: str) -> ProposedColumn:
    """A column of a header that its publisher explains."""
    if not column.numeric:
        return ProposedColumn(column=column.name, confidence=0.0, reason="")
    if told.interval == DAY and column.plain in _MEANS_OF_DAYS:
        parameter: Parameter | None = Parameter(
            standard_name=name, level=STANDARD_NAMES[name][1], method="mean", duration=duration(DAY)
        )
        asked = ""
    else:
        parameter, asked = _parameter(column, name, told)
    if parameter is None:
        return ProposedColumn(column=column.name, confidence=0.5, reason=asked, unit=unit)
    reason = f"the header is that of {who}, in {unit}"
    return ProposedColumn(column=column.name, confidence=0.9, reason=reason, parameter=parameter.id, unit=unit)


def _long(columns: Sequence[_Column]) -> str:
    """Why a table of which each row holds one value of a quantity that it names cannot be mapped."""
    kinds = [each for each in columns if _KINDS.match(each.plain) and not each.numeric]
    values = [each for each in columns if _VALUES.match(each.plain) and each.numeric]
    if len(kinds) != 1 or len(values) != 1:
        return ""
    some = ", ".join(list(dict.fromkeys(text.strip() for text in kinds[0].texts))[:4])
    return (
        f"each row holds one {values[0].name}, and {kinds[0].name} says of what ({some[:_SHOWN]}): a mapping speaks of "
        "columns, so give each quantity one of its own"
    )


def _by_humidity(columns: Sequence[_Column]) -> str | None:
    """The unit of temperature in which the columns of temperature, dew point and humidity say the same; None where there are
    not three such columns, or where they agree in neither."""
    found: dict[str, list[_Column]] = {}
    for column in columns:
        if column.numeric and column.unit is None and not _LEFT_ALONE.search(column.plain):
            found.setdefault(_quantity(column.plain)[0], []).append(column)
    names = ("air_temperature", "dew_point_temperature", "relative_humidity")
    if any(len(found.get(name, ())) != 1 for name in names):
        return None
    rows = zip(*(found[name][0].texts for name in names), strict=False)
    numbers = [
        (t, d, u)
        for row in islice(rows, _TIMES)
        for t, d, u in [[_number(text, ".") for text in row]]
        if t is not None and d is not None and u is not None
    ]
    return degrees.by_humidity(numbers, least=_FIRST)


def _proposed(column: _Column, told: _Told) -> ProposedColumn:
    nothing = ProposedColumn(column=column.name, confidence=0.0, reason="")
    if not column.numeric or len(column.name) > LONGEST or _LEFT_ALONE.search(column.plain):
        return nothing
    if (column.unit and column.unit.strip() == "") or not column.plain:
        return nothing
    name, confidence, reason = _quantity(column.plain, column.unit)
    if not name:
        return nothing
    column = replace(column, numbers=[number for number in column.numbers if number not in _SENTINELS] or column.numbers)
    if name == "precipitation_amount" and _is_rate(column.unit):
        name = "rainfall_rate" if "rain" in column.plain else "lwe_precipitation_rate"
    either = name == "pressure"
    name = "air_pressure" if either else name
    unit, sure, why = _unit(column, name, told)
    if not unit:
        return ProposedColumn(column=column.name, confidence=0.5, reason=why)
    parameter, asked = _parameter(column, name, told)
    if parameter is None:
        return ProposedColumn(column=column.name, confidence=0.5, reason=asked, unit=unit)
    known = limits.of(parameter).possible
    low, high = sorted(map(converter(unit, name), (min(column.numbers), max(column.numbers))))
    if known and not (known[0] <= low and high <= known[1]):
        asked = f"{min(column.numbers):g} to {max(column.numbers):g} {unit} cannot all be {name}: is it another unit?"
        return ProposedColumn(column=column.name, confidence=0.5, reason=asked, parameter=parameter.id, unit=unit)
    if either and high >= LOWEST_AT_SEA:
        asked = "is it the pressure at the station (air_pressure) or at mean sea level (air_pressure_at_mean_sea_level)?"
        return ProposedColumn(column=column.name, confidence=0.5, reason=asked, unit=unit)
    return ProposedColumn(
        column=column.name,
        confidence=min(confidence, sure),
        reason=f"{reason}; {why}" + ("; too low for mean sea level" if either else ""),
        parameter=parameter.id,
        unit=unit,
    )


def _is_rate(unit: str | None) -> bool:
    """Whether it is a depth per time."""
    try:
        return unit is not None and converter(unit, "rainfall_rate").unit == "mm/h"
    except UnknownUnit:
        return False


def quantity_of(name: str) -> tuple[str, float]:
    """The standard name that a name means, "" where none is known, and how sure it is; `pressure` where it may be either."""
    return _quantity(_plain(name))[:2]


def method_of(name: str) -> str:
    """The method that words of a name say, "" where they say none."""
    return next((method for method, pattern in _METHODS if pattern.search(_plain(name))), "")


def _quantity(plain: str, unit: str | None = None) -> tuple[str, float, str]:
    """What a name says; a weak word for what a known unit cannot be of says nothing."""
    for name, confidence, pattern in _MATCHING:
        if match := pattern.search(plain):
            if name and confidence < _STRONG and unit and _is_of_another(unit, name):
                continue
            return name, confidence, f"{match[0].strip()!r} is {name.replace('_', ' ')}"
    return "", 0.0, ""


def _is_of_another(unit: str, name: str) -> bool:
    try:
        parse_unit(unit)
    except UnknownUnit:
        return False
    try:
        converter(unit, name)
    except UnknownUnit:
        return True
    return False


def _unit(column: _Column, name: str, told: _Told) -> tuple[str | None, float, str]:
    """The unit, how sure it is, and why; or None and the question."""
    if column.unit:
        for spelling in (column.unit, column.unit.rpartition(",")[2].strip()):
            try:
                converter(spelling, name)
            except UnknownUnit:
                continue
            return spelling, 0.95, f"in {spelling}"
        return None, 0.0, f"is {column.unit[:_SHOWN]!r} its unit? It is none of {name}'s: {', '.join(allowed_for(name)[:8])}"
    if column.plain in _FIXED:
        return _FIXED[column.plain], 0.9, f"which is in {_FIXED[column.plain]}"
    dimension = dimension_of(name) or ""
    suffixes = _SUFFIXES.get(dimension, {}) | (_SUFFIXES["length"] if dimension == "length" else {})
    word = column.plain.split()[-1]
    if word in suffixes and len(column.plain.split()) > 1:
        return suffixes[word], 0.9, f"and ends in {word!r}"
    low, high = min(column.numbers), max(column.numbers)
    fits = _fitting(name, dimension, low, high, told)
    if dimension == "temperature" and told.by_humidity in fits:
        return told.by_humidity, 0.85, f"in {told.by_humidity}, in which temperature, dew point and humidity agree"
    if len(fits) == 1:
        return fits[0], 0.85, f"{low:g} to {high:g} can only be {fits[0]}"
    units = _USUAL.get(dimension) or fits or list(allowed_for(name)[:6])
    return None, 0.0, f"{name}, {low:g} to {high:g}: in which unit? {', '.join(units)} are possible"


_A_YEAR_NEARLY = 300 * DAY
_USUAL = {
    "speed": ["m/s", "kt", "mph", "km/h"],
    "depth": ["mm", "in"],
    "rate": ["mm/h", "in/h"],
    "length": ["m", "km", "mi"],
    "temperature": ["Cel", "degF", "K", "tenths of degC"],
}


def _fitting(name: str, dimension: str, low: float, high: float, told: _Told) -> list[str]:
    """Units in which the values can be what they are said to be; [] where that can never be told from values."""
    match dimension:
        case "temperature":
            found = [
                unit
                for unit, least, most in (("Cel", -60, 55), ("degF", -76, 131), ("K", 200, 330))
                if least <= low and high <= most
            ]
            # where no day in most of a year was above 10 degF, nobody lives, nor does a station for long
            if found == ["Cel", "degF"] and told.span >= _A_YEAR_NEARLY and 10 < high <= 50:
                return ["Cel"]
            return found
        case "fraction":
            return ["%"] if 1.5 < high <= 115 and low >= -3 else []
        case "angle":
            return ["deg"] if 36 < high <= 360 and low >= 0 else []
        case "pressure":
            spans = (("hPa", 830, 1100), ("kPa", 50, 110), ("Pa", 50_000, 110_000), ("inHg", 20, 32.5))
            return [unit for unit, least, most in spans if least <= high <= most and low >= least * 0.6]
        case "irradiance":
            return ["W/m2"] if high > 150 else []
    return ["1"] if name == "ultraviolet_index" and high <= 20 else []


def _parameter(column: _Column, name: str, told: _Told) -> tuple[Parameter | None, str]:
    """What exactly the column is; or None and a question."""
    usual = STANDARD_NAMES[name][1]
    level = _level(column, name, usual)
    method = next((method for method, pattern in _METHODS if pattern.search(column.plain)), None)
    daily = told.interval is not None and told.interval >= DAY
    if method and _DAILY.search(column.plain) and not daily:
        return None, f"is it the {method} since the row before, or since midnight or another moment?"
    if name in _AS_THEY_ARE:
        return Parameter(standard_name=name, level=level), ""
    if name in _SUMS:
        if name == "precipitation_amount" and column.plain in ("p01i", "p01m", "p01"):
            return Parameter(standard_name=name, level=level, method="sum", duration="PT1H"), ""
        if told.interval is None:
            return None, f"{name} over which time?"
        counted = _DAILY.search(column.plain) or _COUNTED.search(column.plain)
        if (counted and not daily) or _counts_up(column.numbers):
            return None, f"is it the {name} since the row before, or since midnight or another moment?"
        return Parameter(standard_name=name, level=level, method="sum", duration=duration(told.interval)), ""
    if name.endswith("from_direction") and method in ("maximum", "minimum"):
        return None, "" if _DAILY.search(column.plain) else f"the direction of the {method} of the wind speed, or of what?"
    if method in ("maximum", "minimum", "mean", "sum"):
        if told.interval is None or method == "sum":
            return None, f"a {method} over which time?"
        if method == "mean" and told.interval < DAY // 24:
            return Parameter(standard_name=name, level=level, method=method, duration=duration(told.interval)), ""
        return Parameter(standard_name=name, level=level, method=method, duration=duration(told.interval)), ""
    if daily:
        if name == "wind_speed_of_gust":
            return Parameter(standard_name=name, level=level, method="maximum", duration=duration(told.interval or DAY)), ""
        return None, f"one {name} a day: is it the mean of the day, or the value of an hour?"
    return Parameter(standard_name=name, level=level), ""


def _counts_up(numbers: Sequence[float]) -> bool:
    """A counter, which grows and is hardly ever set back."""
    steps = [b - a for a, b in pairwise(numbers) if b != a]
    return len(steps) >= 5 and sum(step < 0 for step in steps) <= len(steps) // 10


def _level(column: _Column, name: str, usual: float) -> float:
    match = _LEVEL.search(column.name.replace("_", " ").lower() if not column.unit else column.plain)
    if not match:
        return usual
    metres = round(float(match[1]) * _METRES[match[2]], 4)
    return -metres if name.startswith("soil") or "_in_soil" in name else metres


def _apart(found: Sequence[ProposedColumn]) -> Iterator[ProposedColumn]:
    """Two columns cannot be the same parameter."""
    counts = Counter(each.parameter for each in found if each.parameter and each.confidence >= SURE)
    for each in found:
        if each.parameter and each.confidence >= SURE and counts[each.parameter] > 1:
            others = ", ".join(other.column for other in found if other.parameter == each.parameter and other is not each)
            yield replace(
                each,
                confidence=0.5,
                reason=f"this and {others[:100]} would be the same {each.parameter}: which is to be taken?",
            )
        else:
            yield each


def _entry(each: ProposedColumn) -> dict[str, Any]:
    from mesonet.domain.parameter import parse

    parameter = parse(each.parameter or "")
    entry: dict[str, Any] = {"standard_name": parameter.standard_name, "unit": each.unit}
    if parameter.level != STANDARD_NAMES[parameter.standard_name][1]:
        entry["level"] = parameter.level
    if parameter.method != POINT:
        entry["method"] = parameter.method
    if parameter.duration != INSTANT and hours_of(parameter.duration) is not None:
        entry["duration"] = parameter.duration
    return entry
