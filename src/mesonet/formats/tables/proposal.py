"""A mapping for a table that has none, proposed from its header, its units and its values.

Nothing of it is used until the operator says so by putting it beside the data. What cannot be told apart is asked, not guessed:
a column is in the proposal only where its quantity, its unit and its method are each beyond reasonable doubt.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import MISSING_TOKENS, Proposal, ProposedColumn
from mesonet.domain.parameter import INSTANT, POINT, STANDARD_NAMES
from mesonet.domain.station import addressable
from mesonet.formats.tables.mapped_table import unnamed
from mesonet.formats.tables.proposed_columns import (
    LONGEST,
    OFTEN,
    PERHAPS,
    SHOWN,
    Column,
    Told,
    column_of,
    has_decimal_comma,
    in_letters,
    is_data,
    is_sentinel,
    number_in,
    processed,
    ranged,
    units_row,
    with_units_beside,
)
from mesonet.formats.tables.proposed_long import NO_VALUES, Shape, columns_of, entries, several, shape_of
from mesonet.formats.tables.proposed_quantities import (
    LEFT_ALONE,
    TENTHS,
    Meant,
    absent,
    documented,
    has_decimals,
    may_be,
    of_one_unit,
    proposed,
    quantity,
    unit_by_humidity,
    whole_rain,
    with_directions,
)
from mesonet.formats.tables.proposed_times import TIME_NAMES, is_clock, time_of, zoned
from mesonet.formats.times import month_of
from mesonet.record import dataclass, replace
from mesonet.regex import regex

SURE = 0.8  # from this confidence on a column is in the mapping
LOOKED_AT = 300  # columns; a table with more is none of a station's
_FEW_TWICE = 1.1
_OF_TIMES = regex(r"\d{1,2}(?::00| ?h)?|(?:19|20)\d\d-\d\d-\d\d")  # hours, days of a month, dates
_TURNED = 10  # columns that are times, where a table has them in place of rows
_BESIDE = 4  # columns beside those: the day, the sum, the mean
_NUMBERS_STATIONS = regex(r"\b(no|nr|num|number|id|code|lat|latitude|lon|lng|long|longitude|station|site)\b")
_HEIGHTS = 20  # instruments of a station, at most
_MANY = 1.5  # times as many rows as times: a repeated hour or two is no second station
_OF_FLUXES = regex(r"(?:_\d+){3}$")  # where at the tower: across, above, and which of several (AmeriFlux)
_FLUXES: dict[str, Meant] = {
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
_KNMI: dict[str, Meant] = {
    **dict.fromkeys(("T", "TG", "TN", "TX"), ("air_temperature", "0.1 Cel")),
    "TD": ("dew_point_temperature", "0.1 Cel"),
    **dict.fromkeys(("FH", "FF", "FG"), ("wind_speed", "0.1 m/s")),
    **dict.fromkeys(("FX", "FXX"), ("wind_speed_of_gust", "0.1 m/s")),
    "RH": ("precipitation_amount", "0.1 mm", "-1"),
    "SQ": ("duration_of_sunshine", "0.1 h", "-1"),
    **dict.fromkeys(("P", "PG"), ("air_pressure_at_mean_sea_level", "0.1 hPa")),
    **dict.fromkeys(("U", "UG"), ("relative_humidity", "%")),
}
# Whole headers whose publisher documents them: what must be there, and what its names mean
_PUBLISHED: tuple[tuple[str, frozenset[str], dict[str, Meant]], ...] = (
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
    (
        "PROMICE and GC-Net (https://github.com/GEUS-Glaciology-and-Climate/pypromice, variables.csv), whose clock is UTC",
        frozenset(("p_u", "t_u", "rh_u", "wspd_u", "wdir_u")),
        {
            **dict.fromkeys(("t_u", "t_l"), ("air_temperature", "Cel")),
            **dict.fromkeys(("p_u", "p_l"), ("air_pressure", "hPa")),
            **dict.fromkeys(("rh_u", "rh_l"), ("relative_humidity", "%")),
            **dict.fromkeys(("wspd_u", "wspd_l"), ("wind_speed", "m/s")),
            **dict.fromkeys(("wdir_u", "wdir_l"), ("wind_from_direction", "deg")),
            "dsr": ("surface_downwelling_shortwave_flux_in_air", "W/m2"),
            "usr": ("surface_upwelling_shortwave_flux_in_air", "W/m2"),
            "dlr": ("surface_downwelling_longwave_flux_in_air", "W/m2"),
            "ulr": ("surface_upwelling_longwave_flux_in_air", "W/m2"),
        },
    ),
    (
        "SILO (https://www.longpaddock.qld.gov.au/silo), whose days end at 9 in the morning",
        frozenset(("daily_rain", "max_temp", "min_temp")),
        {
            "daily_rain": ("precipitation_amount", "mm"),
            **dict.fromkeys(("max_temp", "min_temp"), ("air_temperature", "Cel")),
        },
    ),
    (
        "DSSAT (https://dssat.net, weather files)",
        frozenset(("DATE", "SRAD", "TMAX", "TMIN", "RAIN")),
        {
            "SRAD": ("surface_downwelling_shortwave_flux_in_air", "MJ/m2/d"),
            **dict.fromkeys(("TMAX", "TMIN"), ("air_temperature", "Cel")),
            "RAIN": ("precipitation_amount", "mm"),
            "DEWP": ("dew_point_temperature", "Cel"),
            "RHUM": ("relative_humidity", "%"),
        },
    ),
    (
        "CoCoRaHS (https://www.cocorahs.org), whose clock is local",
        frozenset(("StationNumber", "TotalPrecipAmt", "ObservationDate")),
        {
            "TotalPrecipAmt": ("precipitation_amount", "in"),
            "NewSnowDepth": ("thickness_of_snowfall_amount", "in"),
            "TotalSnowDepth": ("surface_snow_thickness", "in"),
        },
    ),
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
    *(
        ("KNMI (https://daggegevens.knmi.nl), as other programs keep it", frozenset(("STN", name)), _KNMI)
        for name in ("YYYYMMDD", "YYYYMMDD_H", "YYYYMMDD_HH")
    ),
)
# as LoRaWAN's servers (The Things Stack, ChirpStack) say whose message it is; gateways and parts have names, too
_OF_DEVICES = regex(r"(?:.*\.)?(?:end )?device ?(?:ids|info)\.(dev(?:ice)? ?(?:id|name|eui))")
_AROUND = regex(r"^(?:(?:properties|meta|metadata|header|info|data|result|response)\.)+")  # of objects that hold others
_STATION_NAMES = (
    regex(
        r"^(wigos|wigos station identifier|wsi|wmo|wmo id|icao|station id|stationid|stn ?id|site id|stations id|station code"
        r"|climate id(?:entifier)?"
        r"|station (number|no|nr)|location ?id|source ?id|site ?code|monitoring location identifier|aqsid|stationnumber"
        r"|kod stacji|codice stazione|id omm station|sensor[_ ]?(?:id|index)|ids? ?stazione|id ?sensore"
        r"|(?:id|cod\w*|clave|cve|num\w*) ?(?:d[ae] )?(?:la )?(?:estaci?on|estacao|stazione)|codigo nacional"
        r"|(?:estacion|estacao|stazione) ?(?:id|cod\w*|num\w*)"
        r"|istasyon no|رقم المحطة|no stasiun"
        r"|区?站号|区站号|지점|индекс вмо)$"
    ),
    regex(
        r"^(station|stn|sta|site|id|sid|stid|origin|stationsnummer|stnr|estacao|estacion|codigo|codigo estacao|usaf|usafid"
        r"|stationsnaam|stanice)$"
    ),
    regex(r"^wban(?: ?(?:id|no|number))?$"),  # below USAF's numbers, since many of those have none of these
    regex(
        r"^((observation |(automatic )?weather )?station( name)?|name"
        r"|city( name)?|ciudad|cidade|ville|stadt|citta|stationsname|nombre|nome|location( name)?|ort"
        r"|thing name|instance|地点|観測所|nazwa stacji|stacja|stazione|havaintoasema|站名|станция|станція|станица"
        r"|istasyon|المحطة|محطة|stasiun|postaja|allomas|asema"
        r"|device( ?(id|name|eui))?|dev ?(id|name|eui)|logger( ?(id|name|sn))?|node( ?id)?)$"
    ),
)
_DATED = r"(?<!\d)(?:19|20)\d\d(?:[-_.T]?\d\d){0,5}(?!\d)"
_STATION_ABOVE = regex(
    r"(?im)^[#%;\s\"]*(?:site|station|estaci[oó]n|esta[cç][aã]o|stazione)(?:[ _]?(?:id|code|identifier))?"
    r"\"?\s*[:=,;\t]\s*\"?([^\s\",;]{1,40})\"?[\s,;]*$"
    r"|\bWMO_ID=(\d{4,6})\b|^\W*plot title ?: ?([^\s\",;][^\n\",;]{0,39})\"?[\s,;]*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a mapping is proposed from: `texts` of the first rows of each column, `facts` of all rows, the fields of the `last`
    row; `key` is the file's.

    A logger tells the `station`, its units in the facts, and by which process a column came about (`Avg`, `Max`). `above` are
    the lines above the header, which may tell the station and the zone."""

    header: Sequence[str]
    texts: Sequence[Sequence[str]]
    facts: Sequence[ColumnFacts]
    last: Sequence[str]
    key: str
    delimiter: str = ","
    station: str = ""
    processes: Sequence[str] = ()
    above: str = ""


def propose(sample: Sample) -> Proposal:
    if why := _nameless(sample.header):
        return Proposal(questions=(why,))
    questions = list(_of_header(sample.header))
    decimal = "," if has_decimal_comma(sample.texts, quoted=sample.delimiter == ",") else "."
    seen = _seen(sample, decimal)
    nameable = [each for each in seen if len(each.name) <= LONGEST]  # in a mapping
    told = time_of(nameable, sample.last)
    if isinstance(told, str):
        return Proposal(questions=(*questions, told))
    told = zoned(told, sample.above, seen)
    questions += _further_headers(sample, told)
    if beside := _second(seen, told):
        has = f"column {beside.at + 1}, once more {beside.name}, has other times"
        questions.append(f"{has}: what stands from there on was left; store it as a file of its own")
        seen = seen[: beside.at]
        nameable = [each for each in nameable if each.at < beside.at]
    long = shape_of([each for each in nameable if each.at not in told.columns])
    series = columns_of(long, seen, decimal) if long else []
    found = list(_apart(entries(series, told)))
    shape = long if any(map(_is_sure, found)) else None
    if long and not shape:
        questions.append(_unknown(seen[long.name], seen[long.value], found))
        series = []
    others = [each for each in nameable if long is None or each.at not in long.places]  # names of quantities are no stations'
    many = several(series[0][1], told) if series else long is None and _several(seen, told, sample.facts)
    place = _placed(sample, others, seen, told, many=many, beside=(shape.name,) if shape else ())
    if place is None:
        asked = "times come more than once, so there are several stations in it: which column names the station?"
        return Proposal(questions=(*questions, asked))
    if place.named is None and (further := _further_stations(seen, place)):
        asked = f"a row below says that the next are of {further}: store what is of each station as a file of its own"
        return Proposal(questions=(*questions, asked))
    if long is None and place.named is not None and (asked := _told_apart(others, seen, told, place.named, sample.facts)):
        questions.append(asked)
        if told.daily:  # all rows of a day would stand at its midnight
            return Proposal(
                questions=(*questions, "no time of day is understood: does a column tell it, and how is it written?")
            )
    questions += [*told.questions, *filter(None, (place.question,))]
    if shape is None:
        told = replace(told, by_humidity=unit_by_humidity(seen, decimal), whole_rain=whole_rain(seen))
        found = _found(seen, told, place.at, sample.header)
    questions += [f"{each.column}: {each.reason}" for each in found if 0 < each.confidence < SURE]
    if shape:
        questions += _of_rows(shape, seen, found)
    shown = tuple(each for each in found if each.confidence > 0)
    if shape is None:
        questions += _unread(seen, {each.column for each in found if not each.confidence})
    if not shown and long is None:
        questions.append("no column has the name of anything that a station measures, in a language and a unit that is known")
        questions += _of_stations(seen, {*told.columns, place.at})
    if not any(map(_is_sure, found)):
        return Proposal(columns=shown, questions=tuple(questions))
    named = [column for column, _ in series] or seen
    text, asked_of_gaps = _mapping(sample.key, _Table(seen, named, decimal, told, place, shape), shown)
    left = [] if shape else _left(seen, {*told.columns, place.at}, {each.column for each in shown})
    return Proposal(mapping=text, columns=shown, questions=(*questions, *asked_of_gaps, *left))


def _nameless(header: Sequence[str]) -> str:
    """Why nothing can be proposed of such a header; "" where something can."""
    if len(header) > LOOKED_AT:
        return f"{len(header)} columns are more than a station has: is each a station, or a time?"
    names = map(str.strip, header[1:])
    times = [name for name in names if _OF_TIMES.fullmatch(name) or (name.isalpha() and month_of(name))]
    if len(times) >= _TURNED and len(times) >= len(header) - _BESIDE and any(map(str.isalpha, header[0])):
        return f"its columns are times ({_few(times)}): a mapping takes tables of which each row has one time, so turn it"
    if is_data(header):
        return "no row above the values has as many names: a mapping may call the columns `column 1`, `column 2`, …"
    return ""


def _further_headers(sample: Sample, told: Told) -> Iterator[str]:
    """What to say of a row that names columns anew, and others, as that of another table below."""
    at = min(told.columns)
    for row, text in enumerate(sample.texts[at]):
        if text.strip() == sample.header[at].strip():
            names = [texts[row].strip() for texts in sample.texts]
            if any(name not in called for name, called in zip(names, sample.header, strict=True)):  # headers may be of two rows
                yield f"a row below names other columns ({_few(names)}): store what stands from there on as a file of its own"
                return


def _second(seen: Sequence[Column], told: Told) -> Column | None:
    """The column in which a second table begins, beside the first: the first of the time is there once more, with other times.
    Only a clock that comes again tells when an extreme was."""
    first = next(each for each in seen if each.at == min(told.columns))
    others = (each for each in seen if each.at > max(told.columns) and each.name == first.name)
    return next((each for each in others if [*each.texts] != [*first.texts]), None)


def _of_header(header: Sequence[str]) -> Iterator[str]:
    if list(header) == unnamed(len(header)):
        yield f"no row names the columns: a mapping may call them `{header[0]}`, `column 2`, …"
    if doubled := [name for name, count in Counter(header).items() if count > 1 and name]:
        yield f"the header has {doubled[0]!r} more than once: a mapping means the first; is that so?"


def _unread(seen: Sequence[Column], left: set[str]) -> Iterator[str]:
    """What to ask of columns of a quantity in its unit whose figures are no numbers, as those with thousands."""
    for column in seen:
        text = next((text.strip() for text in column.texts if any(map(str.isdecimal, text))), "")
        if text and column.name in left and column.unit and not column.numbers and quantity(column.plain)[0]:
            asked = "has it `thousands`, or another `decimal`?" if text.isascii() else "write numbers in the figures 0 to 9"
            yield f"{column.name}: {text[:SHOWN]!r} is no number; {asked}"


def _left(seen: Sequence[Column], others: Collection[int | None], taken: Collection[str]) -> Iterator[str]:
    """Which columns of numbers nothing is proposed for that may be quantities."""
    left = [each for each in seen if each.numbers and each.at not in others and each.name not in taken]
    if names := [each.name for each in left if not LEFT_ALONE.search(each.plain)]:
        yield f"nothing is proposed for {_few(names)}: what is wanted of that, write into the mapping"


def _of_stations(seen: Sequence[Column], others: Collection[int | None]) -> Iterator[str]:
    """What to say of a table of which columns may be stations."""
    numeric = [each.name for each in seen if each.numeric and not each.unit and each.at not in others]
    if len(numeric) > 1:
        yield f"if {_few(numeric)} are stations: turn the table, so that each row has one time and one station"


def _is_sure(each: ProposedColumn) -> bool:
    return bool(each.parameter) and each.confidence >= SURE


@dataclass(frozen=True, slots=True)
class _Place:
    """The mapping's `station`, what is asked of it, and the column that it is in: one that is `named` as stations are, or any
    column that parts rows of one time."""

    given: dict[str, Any]
    question: str | None
    named: int | None = None
    parting: int | None = None

    @property
    def at(self) -> int | None:
        return self.parting if self.named is None else self.named


@dataclass(frozen=True, slots=True)
class _Table:
    """What a table was understood as; `named` is what its mapping may name: columns, or quantities of a long table's rows."""

    columns: Sequence[Column]
    named: Sequence[Column]
    decimal: str
    told: Told
    place: _Place
    long: Shape | None


def _mapping(key: str, table: _Table, shown: Sequence[ProposedColumn]) -> tuple[str, list[str]]:
    """The text of the mapping, and what is asked of texts that stand for no value."""
    taken = {each.column: each for each in shown if _is_sure(each)}
    unsettled = {each.column for each in shown}.difference(taken)
    absences = _missing(taken, unsettled, table.named, table.decimal)
    missing = (absences.common | _absent(table.long, table.columns)).difference(MISSING_TOKENS)
    mapping: dict[str, Any] = {
        "mesonet_mapping": 1,
        "description": "Proposed from the header and the values of the file. Check it before you use it.",
        **({"files": pattern} if (pattern := _alike(key, of_one="id" in table.place.given)) else {}),
        "station": table.place.given,
        "time": table.told.given,
        **({"decimal": table.decimal} if table.decimal != "." else {}),
        **({"long": _long(table.long, table.columns)} if table.long else {}),
        **({"missing": [*MISSING_TOKENS, *sorted(missing)]} if missing else {}),
        "columns": {name: _entry(each, absences.own.get(name, ())) for name, each in taken.items()},
    }
    return json.dumps(mapping, indent=2, ensure_ascii=False), absences.questions


def _seen(sample: Sample, decimal: str) -> list[Column]:
    """The columns with their units, wherever these stand, and what is told of all rows."""
    units, rows = units_row(sample.texts, decimal)
    named = enumerate(zip(sample.header, sample.texts, strict=True))
    seen = [column_of(at, name, units.get(at), texts[rows:], decimal) for at, (name, texts) in named]
    seen = list(with_units_beside([ranged(each, whole) for each, whole in zip(seen, sample.facts, strict=True)]))
    if sample.processes:
        told = zip(seen, sample.facts, sample.processes, strict=True)
        seen = [processed(each, whole, process) for each, whole, process in told]
    return seen


def _found(seen: Sequence[Column], told: Told, place: int | None, header: Sequence[str]) -> list[ProposedColumn]:
    """What columns are, by their publisher's word where the header is a publisher's, else by name, unit and values."""
    published, meanings = next(((who, known) for who, must, known in _PUBLISHED if must <= set(header)), ("", {}))
    clocks = {seen[at].name for at in told.columns}  # which a mapping cannot mean twice
    others = list(of_one_unit([*with_directions([each for each in seen if each.name not in clocks and each.at != place])]))
    known = [meanings.get(_OF_FLUXES.sub("", each.name)) for each in others]
    pairs = list(zip(others, known, strict=True))
    converted = any(meant and meant[1].startswith(TENTHS) and has_decimals(each) for each, meant in pairs)
    found = [
        documented(each, told, meant, published, converted=converted) if meant else proposed(each, told)
        for each, meant in pairs
    ]
    return list(_apart(list(_in_numbers(others, found))))


@dataclass(frozen=True, slots=True)
class _Absences:
    """Texts that stand for no value: in all columns, and those of single columns, which may be a value of another."""

    common: set[str]
    own: dict[str, list[str]]
    questions: list[str]


def _missing(taken: dict[str, ProposedColumn], unsettled: set[str], columns: Sequence[Column], decimal: str) -> _Absences:
    """What can be a value of its own column too is taken for none where it comes often, and asked about in any case. Columns
    that are `unsettled` may be taken by whoever answers what is asked."""
    absences: dict[str, set[str]] = {}
    found = _Absences(set(), {}, [])
    for column in (each for each in columns if each.name in taken):
        for text, times in absent(column, taken[column.name], decimal):
            if 0 < times < OFTEN:
                found.questions.append(
                    f"{column.name}: {text} is far from all others: does it stand for no value, as `missing`?"
                )
                continue
            absences.setdefault(column.name, set()).add(text)
            if times:
                asked = f"{text} comes {times} times, far from all others, and was taken for no value: is that so?"
                found.questions.append(f"{column.name}: {asked}")
    for text in sorted(set[str]().union(*absences.values())):
        without = [each for each in columns if text in absences.get(each.name, ())]
        others = [each for each in columns if each.name in taken and text not in absences.get(each.name, ())]
        among = any(_is_among(number_in(text, decimal), each) for each in columns if each.name in unsettled)
        if among or _is_of_another(text, without, [(each, taken[each.name]) for each in others], decimal):
            for each in without:
                found.own.setdefault(each.name, []).append(text)
        else:
            found.common.add(text)
    return found


def _is_of_another(text: str, without: Sequence[Column], others: Sequence[tuple[Column, ProposedColumn]], decimal: str) -> bool:
    """Whether a text that stands for no value in some columns may be a value of others. A code that comes there only in the
    rows in which those lack their values is that of the whole row."""
    number = number_in(text, decimal)
    if number is None:
        return False
    rows = {row for each in without for row, there in enumerate(each.texts) if there.strip() == text}
    met = [row for each, _ in others for row, there in enumerate(each.texts) if number_in(there, decimal) == number]
    if met and number in PERHAPS:
        return not rows.issuperset(met)
    return bool(met) or any(may_be(number, known) for _, known in others)


def _is_among(number: float | None, column: Column) -> bool:
    plain = [each for each in column.numbers if not is_sentinel(each)]
    return number is not None and bool(plain) and min(plain) <= number <= max(plain)


def _alike(key: str, *, of_one: bool) -> str | None:
    """The pattern of files that are called like this one but for their digits: a table beside it may be of another kind. Where
    the mapping names `of_one` station, but for their date: other digits may be another station's."""
    name = key.rpartition("/")[2]
    digits = _DATED if of_one else r"\d+"
    return None if not name or any(sign in name for sign in "*?[") or len(name) > LONGEST else re.sub(digits, "*", name)


# Station --------------------------------------------------------------------------------------------------------------


def _placed(
    sample: Sample, columns: Sequence[Column], seen: Sequence[Column], told: Told, *, many: bool, beside: tuple[int, ...] = ()
) -> _Place | None:
    """The station that rows are of; None where they are of `many` and no column tells of which. `beside` is the column that
    tells what a row is of, in a long table."""
    place = _station(columns, told.columns, sample.key, sample.above)
    if place.named is not None:
        return place
    if sample.station:
        return _Place({"id": sample.station}, None)
    if not many:
        return place
    parting = _partition(columns, seen, (*sorted(told.columns), *beside), told)
    if not parting:
        return None
    names = [seen[at].name for at in parting]
    asked = f"times come more than once, so there are several stations in it: is {' and '.join(names)} the station?"
    return _Place({"column": names[0]} if len(names) == 1 else {"columns": names}, asked, parting=parting[0])


def _station(columns: Sequence[Column], times: frozenset[int], key: str, above: str) -> _Place:
    """By a column that is called as stations' are, by what stands above the header, or by the file's name."""
    for pattern in _STATION_NAMES:
        told = pattern is not _STATION_NAMES[-1]
        for column in columns:
            if column.at in times or not pattern.match(_whose(column.plain)):
                continue
            texts = [text.strip() for text in column.texts if text.strip()]
            if 2 * len(texts) > len(column.texts) and all(map(addressable, texts)) and "." not in texts[0]:
                asked = None if told else f"{column.name}: is this the station's identifier, or only its name?"
                return _Place({"column": column.name}, asked, named=column.at)
    stated = {"_".join((match[1] or match[2] or match[3]).split()) for match in _STATION_ABOVE.finditer(above)}
    if len(stated) == 1 and addressable(name := stated.pop()):
        return _Place({"id": name}, f"no column names the station: {name!r} was read above the header; is it the identifier?")
    name = key.rpartition("/")[2].partition(".")[0]
    dated = re.sub(r"[\W_]*(?:19|20)\d\d(?:\D.*|\d\d.*)?$", "", name)
    parted = len(dated) > 1 or not name[len(dated) : len(dated) + 1].isalnum()  # the letter of A2024 says nothing alone
    name = (dated if dated and parted else name) or "station"
    name = name if addressable(name) else "station"
    return _Place({"id": name}, f"no column names the station: {name!r} was taken from the file's name; which one is it?")


def _further_stations(columns: Sequence[Column], place: _Place) -> str:
    """Another station than the first, which a line among the rows names, as it stands above the table of each; one below all
    rows names that of the file."""
    rows = [*zip(*(each.texts for each in columns[:2]), strict=False)]
    while rows and not any(map(str.isdecimal, rows[-1][0])):
        rows.pop()
    lines = "\n".join(",".join(row) for row in rows if not row[0][:1].isdecimal())
    named = (match[1] for match in _STATION_ABOVE.finditer(lines))
    return next((name for name in named if name and name != place.given.get("id")), "")


def _whose(plain: str) -> str:
    """A member's name as a column would have it, without what holds others (GeoJSON) or LoRaWAN's servers keep of devices."""
    device = _OF_DEVICES.fullmatch(plain)
    return device[1] if device else _AROUND.sub("", plain).replace(".", " ")


def _several(columns: Sequence[Column], told: Told, facts: Sequence[ColumnFacts], stations: int = 1) -> bool:
    """Whether there are far more rows than stations have between the first time and the last. Rows that are the same in all, as
    of a file that was joined to itself, are one."""
    if not told.interval or (stations == 1 and _are_told_twice(columns, told)):
        return False
    rows = max((each.values + each.missing for each in facts), default=0)
    return rows > _MANY * stations * (told.span // told.interval + 1)


def _are_told_twice(columns: Sequence[Column], told: Told) -> bool:
    """Whether times come again with the very rows that they had, and hardly ever with others."""
    rows = Counter(zip(*(each.texts for each in columns), strict=False))
    moments = {tuple(row[at] for at in sorted(told.columns)) for row in rows}
    return rows.total() > _MANY * len(rows) and len(rows) < _MANY * len(moments)


def _partition(columns: Sequence[Column], seen: Sequence[Column], keys: tuple[int, ...], told: Told) -> tuple[int, ...]:
    """The first column of words that may name stations; beside it one that parts them further, where `keys` of it come more
    than once still; or latitude and longitude."""
    words, numbers = [], []
    for column in columns:
        texts = {text.strip() for text in column.texts}
        named = column.at in told.columns or bool(TIME_NAMES.search(column.plain)) or is_clock(column.texts)
        named = named or bool(quantity(column.plain)[0])
        if not named and len(texts) > 1 and all(map(_is_identifier, texts)):
            if not column.numeric:
                words.append(column.at)
            elif _NUMBERS_STATIONS.search(column.plain):
                numbers.append(column.at)
    alone = [(at,) for at in words]
    pairs = [(first, at) for first in words[:1] for at in (*words[1:], *numbers)]
    for found in (*alone, *pairs, *([tuple(numbers)] if len(numbers) > 1 else [])):
        if _is_unique((*keys, *found), seen):
            return found
    return next(iter(alone), ())


def _told_apart(columns: Sequence[Column], seen: Sequence[Column], told: Told, place: int, facts: Sequence[ColumnFacts]) -> str:
    """What is to be asked where times of one station come more than once, as of instruments at several heights; "" where they
    do not. Rows that are the same in all are only told twice."""
    moments = (*sorted(told.columns), place)
    rows = set(zip(*(each.texts for each in seen), strict=False))
    known = facts[place].distinct  # of the whole file, where they are few
    several = bool(known) and _several(seen, told, facts, len({text.strip() for text in known}))
    if not several and len(rows) < _MANY * len({tuple(row[at] for at in moments) for row in rows}):
        return ""
    apart = next((each.name for each in columns if each.at not in moments and _tells_apart(each, seen, moments)), "")
    hint = f": does {apart} tell them apart, as a height or an instrument?" if apart else ": which column tells them apart?"
    return f"times of a station come more than once{hint} Of rows of one time the last would be taken"


def _tells_apart(column: Column, seen: Sequence[Column], moments: Sequence[int]) -> bool:
    """Whether a column of few texts parts rows of one time: no number with decimals does."""
    texts = {text.strip() for text in column.texts}
    known = all(map(_is_identifier, texts)) and not any("." in text for text in texts)
    return 1 < len(texts) <= _HEIGHTS and known and _is_unique((*moments, column.at), seen)


def _is_unique(places: Sequence[int], seen: Sequence[Column]) -> bool:
    """Whether the texts of some columns together come once only, but for a few rows."""
    rows = list(zip(*(seen[at].texts for at in places), strict=False))
    return len(rows) < _FEW_TWICE * len(set(rows))


def _is_identifier(text: str) -> bool:
    return bool(text) and text not in MISSING_TOKENS and addressable(text)


def _long(shape: Shape, columns: Sequence[Column]) -> dict[str, str]:
    """Which columns tell name, value and unit of a long table's rows."""
    unit = {} if shape.unit is None else {"unit": columns[shape.unit].name}
    return {"name": columns[shape.name].name, "value": columns[shape.value].name, **unit}


def _absent(shape: Shape | None, columns: Sequence[Column]) -> set[str]:
    """Words in place of a long table's values."""
    return {text for text in {*columns[shape.value].texts} if text.strip().lower() in NO_VALUES} if shape else set()


def _of_rows(shape: Shape, columns: Sequence[Column], found: Sequence[ProposedColumn]) -> Iterator[str]:
    """What is to be said of a long table before its mapping is used."""
    if left := [each.column for each in found if not each.confidence]:
        yield f"{columns[shape.name].name}: {_few(left)} {'is' if len(left) == 1 else 'are'} not understood, and left"
    for at in shape.quality:
        texts = sorted({text.strip() for text in columns[at].texts} - {*MISSING_TOKENS})
        if texts:
            yield (
                f"{columns[at].name}: does it tell the quality ({_few(texts)})? Then say what its texts mean, as "
                f'"quality" and "flags" of "long"'
            )


def _unknown(kinds: Column, values: Column, found: Sequence[ProposedColumn]) -> str:
    """Why a table of which each row holds one value of a quantity that it names has no proposal."""
    names = _few([each.column for each in found])
    return (
        f"each row holds one {values.name}, and {kinds.name} says of what: none of {names} can be taken for certain; a mapping "
        'says it with "long", and the names as "columns"'
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(name[:SHOWN] for name in names[:6]) + (", …" if len(names) > 6 else "")


def _in_numbers(columns: Sequence[Column], found: Sequence[ProposedColumn]) -> Iterator[ProposedColumn]:
    """Without the directions in letters that another column tells in degrees."""
    letters = list(map(in_letters, columns))
    told = {each.parameter for each, coarse in zip(found, letters, strict=True) if not coarse and each.confidence >= SURE}
    for each, coarse in zip(found, letters, strict=True):
        yield replace(each, confidence=0.0, parameter=None) if coarse and each.parameter in told else each


def _apart(found: Sequence[ProposedColumn]) -> Iterator[ProposedColumn]:
    """Two columns cannot be the same parameter."""
    counts = Counter(each.parameter for each in found if _is_sure(each))
    for each in found:
        if _is_sure(each) and counts[each.parameter] > 1:
            others = ", ".join(other.column for other in found if other.parameter == each.parameter and other is not each)
            yield replace(
                each,
                confidence=0.5,
                reason=f"this and {others[:100]} would be the same {each.parameter}: which is to be taken?",
            )
        else:
            yield each


def _entry(each: ProposedColumn, missing: Sequence[str]) -> dict[str, Any]:
    from mesonet.domain.parameter import parse

    parameter = parse(each.parameter or "")
    entry: dict[str, Any] = {"standard_name": parameter.standard_name, "unit": each.unit}
    if parameter.level != STANDARD_NAMES[parameter.standard_name][1]:
        entry["level"] = parameter.level
    if parameter.method != POINT:
        entry["method"] = parameter.method
    if parameter.duration != INSTANT:
        entry["duration"] = parameter.duration
    if missing:
        entry["missing"] = list(missing)
    if each.trace:
        entry["trace"] = [each.trace]
    if each.compass:
        entry["compass"] = each.compass
    return entry
