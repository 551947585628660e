"""The shape of a mapping file, for marshmallow. Imported only when a mapping is read."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from mesonet.domain.observation import Quality
from mesonet.domain.parameter import METHODS, is_duration
from mesonet.formats.columns import AMOUNTS
from mesonet.formats.table import DELIMITERS

KEY = "mesonet_mapping"
VERSION = 1
LONGEST = 200  # characters of any name in it
MOST_COLUMNS = 2000
MOST_FAULTS = 200  # that are told at one time: who mends as many starts again

type Faults = list[tuple[str, str]]


def _text(**more: Any) -> fields.String:
    return fields.String(validate=validate.Length(min=1, max=LONGEST), **more)


def _one_of(values: tuple[str, ...]) -> validate.OneOf:
    return validate.OneOf(values, error="must be one of {choices}")


def _duration(text: str) -> None:
    if not is_duration(text):
        raise ValidationError(f"{text[:40]!r} is not an ISO 8601 duration such as PT10M or P1D")


class _Strict(Schema):
    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        names = sorted(field.data_key or name for name, field in self.fields.items())
        self.error_messages = {**self.error_messages, "unknown": f"is not known here; allowed are {', '.join(names)}"}


def _four_letters(text: str) -> None:
    if len({*text.upper()}) != len(text) or len(text) != 4 or not text.isalpha():
        raise ValidationError("must be the letters of north, east, south and west, such as NOSW in German")


class StationSchema(_Strict):
    id = _text()
    column = _text()
    columns = fields.List(_text(), validate=validate.Length(min=2, max=4))
    joined = fields.String(validate=validate.Length(max=10))

    @validates_schema
    def one(self, data: dict[str, Any], **_: Any) -> None:
        if len(data.keys() - {"joined"}) != 1:
            raise ValidationError(
                'give either "column", which holds the station\'s identifier, or "columns", several that make it up, or "id"'
            )
        if "joined" in data and "columns" not in data:
            raise ValidationError('is the text between several "columns"', "joined")
        if len({*data.get("columns", ())}) != len(data.get("columns", ())):
            raise ValidationError("has a column twice: each says another part of what the station is called", "columns")


class TimeSchema(_Strict):
    column = _text()
    columns = fields.List(_text(), validate=validate.Length(min=1, max=6))
    format = _text()
    zone = _text()

    @validates_schema
    def one(self, data: dict[str, Any], **_: Any) -> None:
        if ("column" in data) == ("columns" in data):
            raise ValidationError('give either "column" or "columns"')


class ColumnSchema(_Strict):
    standard_name = _text(required=True)
    unit = fields.String(required=True, validate=validate.Length(max=LONGEST))
    level = fields.Float(validate=validate.Range(min=-1000, max=100_000))
    method = fields.String(validate=_one_of(METHODS))
    duration = fields.String(validate=_duration)
    missing = fields.List(fields.String(validate=validate.Length(max=LONGEST)), validate=validate.Length(max=20))
    trace = fields.List(fields.String(validate=validate.Length(min=1, max=LONGEST)), validate=validate.Length(max=20))
    compass = fields.String(validate=_four_letters)

    @validates_schema
    def of_its_quantity(self, data: dict[str, Any], **_: Any) -> None:
        if "trace" in data and data["standard_name"] not in AMOUNTS:
            raise ValidationError("is an amount too little to be told: this is none", "trace")
        if "compass" in data and not data["standard_name"].endswith("_direction"):
            raise ValidationError("are the letters in which directions are written: this is none", "compass")


class NamedSchema(ColumnSchema):
    """Of a long table whose rows tell the unit."""

    unit = fields.String(validate=validate.Length(max=LONGEST))


class LongSchema(_Strict):
    name = _text()
    names = fields.List(_text(), validate=validate.Length(min=1, max=4))
    value = _text(required=True)
    unit = _text()
    quality = _text()
    flags = fields.Dict(
        keys=fields.String(validate=validate.Length(max=LONGEST)),
        values=fields.Integer(strict=True, validate=validate.OneOf(tuple(Quality), error="must be one of {choices}")),
        validate=validate.Length(max=1000),
    )

    @validates_schema
    def one(self, data: dict[str, Any], **_: Any) -> None:
        if ("name" in data) == ("names" in data):
            raise ValidationError('give either "name", the column that says what was observed, or "names", several')
        if ("quality" in data) != ("flags" in data):
            raise ValidationError('give "quality", a column, and "flags", what its texts mean, or neither')


class MappingSchema(_Strict):
    mesonet_mapping = fields.Integer(required=True, strict=True, validate=validate.Equal(VERSION))
    description = fields.String()
    files = _text()
    station = fields.Nested(StationSchema, required=True)
    time = fields.Nested(TimeSchema, required=True)
    missing = fields.List(fields.String(validate=validate.Length(max=LONGEST)), validate=validate.Length(max=100))
    delimiter = fields.String(validate=_one_of(DELIMITERS))
    decimal = fields.String(validate=_one_of((".", ",")))
    thousands = fields.String(validate=_one_of((".", ",", "'", "’", " ")))
    columns = fields.Dict(
        keys=_text(), values=fields.Nested(ColumnSchema), required=True, validate=validate.Length(min=1, max=MOST_COLUMNS)
    )
    long = fields.Nested(LongSchema)
    short_rows = fields.Boolean(truthy={True}, falsy={False})
    interval = fields.String(validate=_duration)
    climatology = fields.Dict(
        keys=_text(),
        values=fields.List(
            fields.List(fields.Float(), validate=validate.Length(equal=2, error="two numbers: the lower and the upper bound")),
            validate=validate.Length(equal=12, error="twelve pairs of bounds, January first"),
        ),
    )

    @validates_schema
    def decimal_apart(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("delimiter") == "," == data.get("decimal"):
            raise ValidationError("cannot be the comma too, when the delimiter is one", "decimal")
        if data.get("thousands") == data.get("decimal", "."):
            raise ValidationError("cannot be the decimal sign too", "thousands")


class LongMappingSchema(MappingSchema):
    """Of a long table whose rows tell the unit."""

    columns = fields.Dict(
        keys=_text(), values=fields.Nested(NamedSchema), required=True, validate=validate.Length(min=1, max=MOST_COLUMNS)
    )


def faults_of(given: dict[str, Any]) -> Faults:
    """Every fault of shape, as (path, what is wrong there)."""
    long = given.get("long")
    schema = LongMappingSchema() if isinstance(long, dict) and "unit" in long else MappingSchema()
    columns = given.get("columns")
    if not isinstance(columns, dict) or len(columns) <= MOST_FAULTS:
        return list(_flat(schema.validate(given), ""))
    many = [("columns", f"are {len(columns)}; at most {MOST_COLUMNS} are taken")] if len(columns) > MOST_COLUMNS else []
    first = schema.validate(given | {"columns": dict(islice(columns.items(), MOST_FAULTS))})
    if first or many:
        behind = (f"columns[{MOST_FAULTS}:]", "were not looked at: mend the faults before them first")
        return [*many, *islice(_flat(first, ""), MOST_FAULTS), behind]
    return told(_flat(schema.validate(given), ""))


def told(faults: Iterable[tuple[str, str]]) -> Faults:
    """As many as are told at one time."""
    found = list(islice(faults, MOST_FAULTS + 1))
    if len(found) > MOST_FAULTS:
        found[MOST_FAULTS:] = [("columns", f"have more faults than these {MOST_FAULTS}: mend these first")]
    return found


def _flat(messages: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            if name == "_schema":
                yield from _flat(inner, path)
            elif name in ("key", "value") and path.startswith(("columns", "climatology", "long.flags")):
                yield from _flat(inner, path)  # marshmallow's own level between a Dict and its members
            else:
                yield from _flat(inner, f"{path}.{name}" if path else str(name))
    else:
        for message in messages:
            text = str(message).removesuffix(".")
            yield path or KEY, text[:1].lower() + text[1:]
