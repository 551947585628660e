"""Cursors: an opaque, signed place in the answer to one query."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from mesonet.errors import InvalidParameter
from mesonet.web.media import Link
from mesonet.web.request import Request

_MAC_BYTES = 16
_FREE = ("cursor", "limit", "f")  # may change from page to page


class Cursors:
    """A cursor belongs to the path and the query that it was given with, whoever made it knew the key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def make(self, request: Request, position: Sequence[Any]) -> str:
        """`position` is made of texts and whole numbers."""
        place = json.dumps(list(position), separators=(",", ":")).encode()
        return urlsafe_b64encode(self._mac(request, place) + place).decode().rstrip("=")

    def next_page(self, request: Request, after: Sequence[Any], **more: str) -> Link:
        """The same question, to go on behind a position; `more` are members of the link."""
        return request.here("next", {**request.query, "cursor": self.make(request, after)}, **more)

    def read(self, request: Request, *kinds: type) -> tuple[Any, ...] | None:
        """Where the request's cursor says to go on, None without one, or where it is empty. Raises InvalidParameter."""
        text = request.query.get("cursor")
        if not text:
            return None
        try:
            given = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            mac, place = given[:_MAC_BYTES], given[_MAC_BYTES:]
            if hmac.compare_digest(mac, self._mac(request, place)):
                found = list[Any](json.loads(place))
                if tuple(map(type, found)) == kinds:
                    return tuple(found)
        except ValueError:
            pass
        raise InvalidParameter(
            "cursor",
            "the cursor is not one of this query's",
            value=text,
            allowed="the cursor of an answer's `next` link, with the other parameters unchanged",
        )

    def _mac(self, request: Request, place: bytes) -> bytes:
        rest = sorted((name, value) for name, value in request.query.items() if name not in _FREE)
        message = json.dumps([request.path.strip("/"), rest]).encode() + b"\0" + place
        return hmac.digest(self._key, message, "sha256")[:_MAC_BYTES]
