"""What somebody posts who wants to be told, for marshmallow."""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from mesonet.domain.file import FileChange
from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.domain.subscription import Channel, Filter
from mesonet.errors import BadBody

_MOST_VALUES = 50
_LONGEST = 256


class _Strict(Schema):
    class Meta:
        unknown = RAISE


def _texts(*, allowed: list[str] | None = None) -> Any:
    each = validate.OneOf(allowed, error="must be one of {choices}") if allowed else validate.Length(min=1, max=_LONGEST)
    return fields.List(fields.String(validate=each), validate=validate.Length(min=1, max=_MOST_VALUES))


class FilterSchema(_Strict):
    bbox = fields.List(fields.Float(allow_nan=False), validate=validate.Length(equal=4))
    stations = _texts()
    standard_names = _texts(allowed=sorted(STANDARD_NAMES))
    formats = _texts()
    countries = fields.List(
        fields.String(validate=validate.Regexp(r"^[A-Z]{3}\Z", error="must be an ISO 3166-1 alpha-3 code such as CHE")),
        validate=validate.Length(min=1, max=_MOST_VALUES),
    )
    kinds = _texts(allowed=[kind.value for kind in FileChange])

    @validates_schema
    def on_earth(self, data: dict[str, Any], **_: Any) -> None:
        if "bbox" in data:
            west, south, east, north = data["bbox"]
            if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
                raise ValidationError("must be west, south, east, north in degrees (WGS 84)", "bbox")


class SubscriptionSchema(_Strict):
    channel = fields.Enum(Channel, by_value=True, required=True)
    endpoint = fields.String(required=True, validate=validate.Length(min=1, max=2000))
    filter = fields.Nested(FilterSchema)


def load(document: Any) -> tuple[Channel, str, Filter]:
    """Raises BadBody, which names each fault and where it is."""
    try:
        given = SubscriptionSchema().load(document)
    except ValidationError as exc:
        faults = "; ".join(f"{path}: {fault}" for path, fault in _faults(exc.messages))
        raise BadBody(f"this is no subscription: {faults}") from exc
    wanted = {name: tuple(values) for name, values in given.get("filter", {}).items()}
    return given["channel"], given["endpoint"], Filter(**wanted)


def _faults(messages: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(messages, dict):
        return [fault for name, each in messages.items() for fault in _faults(each, f"{path}/{name}" if path else str(name))]
    return [(path or "/", str(each).rstrip(".")) for each in (messages if isinstance(messages, list) else [messages])]
