"""What a mapping may say of a long table that has none: which columns tell name, value and unit, and what its names mean."""

from collections import Counter
from collections.abc import Sequence

from mesonet.domain.mapping import MISSING_TOKENS, ProposedColumn
from mesonet.domain.parameter import POINT, usual
from mesonet.domain.units import UnknownUnit, converter
from mesonet.formats.publisher_names import FROST_UNITS, frost_element
from mesonet.formats.tables.proposed_columns import Column, Told, column_of, plainly
from mesonet.formats.tables.proposed_quantities import proposed, quantity, unit_by_humidity, whole_rain
from mesonet.formats.tables.proposed_times import TIME_NAMES, paced
from mesonet.record import dataclass, replace
from mesonet.regex import regex

MOST_NAMES = 200  # different ones; a column with more is none of names
NEW = 60  # rows that are looked at of a name which comes late
_ALIKE = 0.5  # of the rows: where nearly each has another word, these are no names
_NAMED = regex(
    r"^(?:(?:observed |weather |data ?stream |measured )?(?:parameter|variable|var|element|quantity|measurement|property|sensor"
    r"|phenomenon|data ?type|field|characteristic|data ?stream|metric|measurand|observable|entity|attribute|kind|indicator"
    r"|observation type|messgrosse|parametre|parametro|variabele|grootheid|elemento)(?: (?:name|code|id|type|short ?name))?"
    r"|name|type|descripcion ?(?:del )?(?:sensor|parametro)|(?:nom[be]*re?|nome|id|cod\w*) ?(?:del )?parametro)$"
)
_VALUED = regex(
    r"^(?:(?:data|result|measurement|measured|observed|observation|obs|sample|parameter|raw|result measure|sensor)? ?"
    r"(?:value|val|result|reading|measurement)s?|state|mean|wert|messwert|valeur|valor"
    r"|valor ?(?:observado|medido)|waarde|y)$"
)
_OF_UNITS = regex(
    r"^(?:.*[ .])?(?:units?|uom|einheit|unite|unidad|unidade|unidad ?(?:de )?medida|eenheid|measure unit code)"
    r"(?: of measure(?:ment)?)?(?: (?:code|name|symbol))?$"
)
_OF_ALL = regex(r"^(?:weather|meteo|outdoor sensor) (?=\w)")  # what stands before every name and tells none apart
_OF_QUALITY = regex(r"^(?:.* )?(?:quality|qc|qa|flags?|qualifier|status|quality control)(?: (?:code|flag|level|identifier))?$")
NO_VALUES = ("unavailable", "unknown")  # states of Home Assistant's sensors
_MANY = 1.5
_UNCERTAIN = 0.85  # a name that is less sure is none


@dataclass(frozen=True, slots=True)
class Shape:
    """Places of the columns that tell of a long table's rows what they hold."""

    name: int
    value: int
    unit: int | None
    quality: tuple[int, ...]

    @property
    def places(self) -> set[int]:
        return {self.name, self.value, *self.quality, *([] if self.unit is None else [self.unit])}


def named_by(header: Sequence[str]) -> int | None:
    """Which column may hold the names of a long table, by the header alone."""
    plain = [plainly(name) for name in header]
    if not any(map(_VALUED.match, plain)):
        return None
    return next((at for at, name in enumerate(plain) if _NAMED.match(name)), None)


def shape_of(columns: Sequence[Column]) -> Shape | None:
    """How a table is long: a column of few words, some of them quantities, beside one of numbers that is none itself."""
    values = [each for each in columns if _VALUED.match(each.plain) and (each.numeric or each.numbers)]
    if not values:
        numeric = [each for each in columns if each.numeric and not TIME_NAMES.search(each.plain)]
        values = numeric if len(numeric) == 1 and not quantity(numeric[0].plain)[0] else []
    words = [each for each in columns if not each.numeric and each not in values and _are_names(each)]
    if not values or not words:
        return None
    understood = {each.at: sum(map(_is_known, {text.strip() for text in each.texts})) for each in words}
    best = max(words, key=lambda each: (bool(understood[each.at]), bool(_NAMED.match(each.plain)), understood[each.at]))
    if not understood[best.at] and not _NAMED.match(best.plain):
        return None
    value = next((each for each in values if each.plain not in ("result", "measurement")), values[0])
    others = [each for each in columns if not each.numeric and each.at not in (best.at, value.at)]
    unit = next((each.at for each in others if _OF_UNITS.match(each.plain)), None)
    quality = tuple(each.at for each in columns if each.at not in (best.at, value.at, unit) and _OF_QUALITY.match(each.plain))
    return Shape(best.at, value.at, unit, quality)


def _are_names(column: Column) -> bool:
    texts = {text.strip() for text in column.texts if text.strip()}
    few = len(texts) <= MOST_NAMES and (len(texts) < _ALIKE * len(column.texts) or _NAMED.match(column.plain))
    return bool(texts and few) and not _OF_UNITS.match(column.plain) and not TIME_NAMES.search(column.plain)


def _is_known(name: str) -> bool:
    return frost_element(name) is not None or quantity(_OF_ALL.sub("", plainly(name)))[1] >= _UNCERTAIN


def columns_of(shape: Shape, columns: Sequence[Column], decimal: str) -> list[tuple[Column, list[Column]]]:
    """What each name would be as a column of its own, beside all columns of its rows; the commonest first."""
    names = [text.strip() for text in columns[shape.name].texts]
    found = []
    for name, _ in Counter(filter(None, names)).most_common(MOST_NAMES):
        rows = [at for at, other in enumerate(names) if other == name]
        of_name = [replace(each, texts=[each.texts[at] for at in rows if at < len(each.texts)]) for each in columns]
        texts = [text for text in of_name[shape.value].texts if text.strip().lower() not in NO_VALUES]
        told = {text.strip() for text in of_name[shape.unit].texts} - {*MISSING_TOKENS} if shape.unit is not None else set()
        unit = told.pop().rpartition(":")[2] if len(told) == 1 else None
        column = column_of(shape.value, name, unit, texts, decimal)
        found.append((replace(column, plain=_OF_ALL.sub("", column.plain)), of_name))
    return found


def several(of_name: Sequence[Column], told: Told) -> bool:
    """Whether the rows of a name are far more than one station has between the first time and the last."""
    pace = paced(told, of_name)
    rows = max(len(each.texts) for each in of_name)
    return bool(pace.interval) and rows > _MANY * (abs(pace.span) // (pace.interval or 1) + 1)


def entries(found: Sequence[tuple[Column, Sequence[Column]]], told: Told) -> list[ProposedColumn]:
    """What each name may be, or what has to be asked of it."""
    named = [column for column, _ in found]
    told = replace(told, by_humidity=unit_by_humidity(named), whole_rain=whole_rain(named))
    return [_meant(column, paced(told, of_name)) for column, of_name in found]


def _meant(column: Column, told: Told) -> ProposedColumn:
    """What a name means: a CF standard name, perhaps with method and duration as Frost writes them, before words in it."""
    if (element := frost_element(column.name)) is None:
        return proposed(column, told)
    name, method, duration = element
    plain = replace(column, plain=name.replace("_", " "), unit=FROST_UNITS.get(column.unit or "", column.unit))
    if method == POINT and quantity(plain.plain)[0] == name:
        return proposed(plain, told)
    try:
        converter(plain.unit or "", name)
    except UnknownUnit:
        return ProposedColumn(column=column.name, confidence=0.5, reason=f"{name}: in which unit?")
    parameter = usual(name, method, duration)
    reason = f"is {name.replace('_', ' ')}, {method} over {duration}; in {plain.unit}"
    return ProposedColumn(column=column.name, confidence=0.95, reason=reason, parameter=parameter.id, unit=plain.unit)
