"""Operators: who may write, for which stations, and what."""

from collections.abc import Iterable
from enum import StrEnum
from re import DOTALL, escape, fullmatch

from mesonet.errors import Forbidden, Unauthorized
from mesonet.record import dataclass

KEY_PREFIX = "mk_"  # tells people, and programs that look for leaked secrets, what it is


class Scope(StrEnum):
    """What a key is for."""

    OBSERVATIONS = "observations:write"
    FILES = "files:write"
    SUBSCRIPTIONS = "subscriptions:write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """`stations` are patterns of identifiers, `*` standing for any characters: `NYC-*`, `*`. `id` may be shown, and tells
    nothing of the key."""

    id: str
    name: str
    stations: tuple[str, ...]
    scopes: frozenset[Scope]

    def covers(self, station_id: str) -> bool:
        return any(fullmatch(_expression(pattern), station_id, DOTALL) for pattern in self.stations)

    def require(self, scope: Scope, stations: Iterable[str] = ()) -> None:
        """Raises Forbidden where the key is not for this, or not for one of the stations."""
        if scope not in self.scopes:
            raise Forbidden(
                f"the key of {self.name!r} is not for {scope}; it is for {', '.join(sorted(self.scopes)) or 'nothing'}"
            )
        for station_id in stations:
            if not self.covers(station_id):
                raise Forbidden(
                    f"the key of {self.name!r} is not for station {station_id!r}; it is for {', '.join(self.stations)}"
                )


def _expression(pattern: str) -> str:
    return ".*".join(map(escape, pattern.split("*")))


def key_of(authorization: str | None) -> str:
    """The key in an `Authorization: Bearer mk_…` header (RFC 6750, 2.1). Raises Unauthorized where there is none."""
    scheme, _, key = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthorized(f"writing needs an operator's key, in the header `Authorization: Bearer {KEY_PREFIX}…`")
    return key.strip()
