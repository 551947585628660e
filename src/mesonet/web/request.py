"""A request, as API Gateway hands it on (REST API, payload 1.0)."""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from mesonet.errors import BadBody, BodyTooLarge, UnsupportedMediaType
from mesonet.record import dataclass, of_members
from mesonet.regex import regex
from mesonet.web import media
from mesonet.web.media import JSON, Link

MOST_BODY_BYTES = 1_000_000  # of a body that is read at once; whoever needs more says so
MOST_DEPTH = 20  # of JSON: no document here needs ten
_GZIP = ("gzip", "x-gzip")  # RFC 9110, 8.4.1.3
_OF_PATHS = "/%:@!$&'()*+,;="  # stand in a path as they are (RFC 3986, 3.3)
_BARE_PERCENT = regex(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`path` is below the stage, percent-encoded; `headers` by names in lower case.

    A query parameter that is repeated has its values in one text with commas between: a list may be written either way.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    correlation_id: str
    base_url: str  # where clients find the API, without a slash at the end

    def chosen(self, offers: Mapping[str, str]) -> str:
        """The short name of the representation that the client wants. Raises InvalidParameter, NotAcceptable."""
        return media.chosen(self.query.get("f"), self.headers.get("accept"), offers)

    def link(self, rel: str, path: str, asked: Mapping[str, str] | None = None, **more: str) -> Link:
        """`path` is relative to the API's address and encoded; `more` are members such as `type` and `title`."""
        return link(self.base_url, rel, path, asked, **more)

    def here(self, rel: str, asked: Mapping[str, str] | None = None, **more: str) -> Link:
        """A link to this path, with another query."""
        return self.link(rel, self.path.strip("/"), asked, **more)

    def content(self, *types: str, most_bytes: int = MOST_BODY_BYTES) -> tuple[str, bytes]:
        """The body, unpacked, and which of the types it has. Raises UnsupportedMediaType, BodyTooLarge, BadBody."""
        said = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if said not in types:
            raise UnsupportedMediaType(
                f"the body is said to be {said or 'nothing'}; it may be {', '.join(types)}", allowed=list(types)
            )
        return said, self.unpacked(most_bytes=most_bytes)

    def unpacked(self, *, most_bytes: int = MOST_BODY_BYTES) -> bytes:
        """The body, whatever it is said to be. Raises UnsupportedMediaType, BodyTooLarge, BadBody."""
        if len(self.body) > most_bytes:
            raise BodyTooLarge(f"the body has {len(self.body):,} bytes; {most_bytes:,} are taken at once")
        coding = self.headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity", *_GZIP):
            raise UnsupportedMediaType(
                f"the body is said to be packed as {coding}; it may be gzip", allowed=["gzip"], header="Accept-Encoding"
            )
        return unpacked(self.body, most_bytes) if coding in _GZIP else self.body

    def json(self, *types: str) -> Any:
        """The JSON document in the body. Raises UnsupportedMediaType, BodyTooLarge, BadBody."""
        _, body = self.content(*(types or (JSON,)))
        return parse_json(body)


def link(base_url: str, rel: str, path: str, asked: Mapping[str, str] | None = None, **more: str) -> Link:
    """As `Request.link`, of an API at an address."""
    found = f"?{_encoded(tuple(asked.items()))}" if asked else ""
    address = f"{base_url}/{path}" if path else base_url
    return {"rel": rel, "href": address + found, **more}


@lru_cache(100)
def _encoded(asked: Sequence[tuple[str, str]]) -> str:
    return urlencode(asked, safe=",:/*", quote_via=quote)


def unpacked(body: bytes, most_bytes: int) -> bytes:
    """What the members of a gzip stream (RFC 1952, 2.2) hold; nothing is unpacked beyond the limit. Raises BadBody,
    BodyTooLarge."""
    import zlib  # hardly anybody packs what is sent

    whole = b""
    while body:
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            whole += member.decompress(body, most_bytes + 1 - len(whole))
        except zlib.error as exc:
            raise BadBody(f"the body is said to be gzip and cannot be unpacked: {exc}") from exc
        if len(whole) > most_bytes:
            raise BodyTooLarge(
                f"the body has more than {most_bytes:,} bytes when it is unpacked, which is what is taken at once"
            )
        if not member.eof:
            raise BadBody("the body is said to be gzip and ends before its end")
        body = member.unused_data
    return whole


def parse_json(body: bytes) -> Any:
    """One JSON document (RFC 8259), strictly: UTF-8, each name once in an object, no NaN, of reasonable depth.

    Raises BadBody.
    """
    try:
        text = body.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_members, parse_constant=_no_number)
    except RecursionError as exc:
        raise BadBody(f"the document is nested deeper than {MOST_DEPTH} levels") from exc
    except UnicodeDecodeError as exc:
        raise BadBody(f"the body is not UTF-8: byte {exc.start + 1} is not") from exc
    except json.JSONDecodeError as exc:
        raise BadBody(f"the body is not JSON: {exc.msg} in line {exc.lineno}, column {exc.colno}") from exc
    except ValueError as exc:
        raise BadBody("the body holds a whole number of thousands of digits") from exc
    if _deeper(document, MOST_DEPTH):
        raise BadBody(f"the document is nested deeper than {MOST_DEPTH} levels")
    if "\\u" in text:
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError as exc:  # RFC 7493, 2.1
            raise BadBody("the body holds half of a letter: \\ud800 to \\udfff stand in pairs") from exc
    return document


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise BadBody(f"the name {twice!r} stands twice in one object")
    return members


def _no_number(text: str) -> Any:
    raise BadBody(f"{text} is no number of JSON; what is missing is null")


def _deeper(value: Any, levels: int) -> bool:
    inner: Collection[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_deeper(each, levels - 1) for each in inner if isinstance(each, dict | list))


def from_event(event: Mapping[str, Any], *, public_url: str = "") -> Request:
    """`public_url` is where clients find the API, if not where they ask, without a slash at the end."""
    if several := event.get("multiValueHeaders"):
        headers = {name.lower(): ", ".join(values) for name, values in several.items()}
    else:
        headers = {name.lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    if several := event.get("multiValueQueryStringParameters"):
        query = {name: ",".join(values) for name, values in several.items()}
    else:
        query = {name: value or "" for name, value in (event.get("queryStringParameters") or {}).items()}
    body = event.get("body") or ""
    context = event.get("requestContext") or {}
    given = {
        "method": event["httpMethod"],
        "path": _encoded_path(event["path"]),
        "query": query,
        "headers": headers,
        "body": b64decode(body) if event.get("isBase64Encoded") else body.encode(),
        "correlation_id": str(context.get("requestId") or ""),
        "base_url": public_url or _address(event["path"], str(context.get("path") or event["path"]), headers),
    }
    return of_members(Request, given)


@lru_cache(200)  # each may be as long as the gateway lets it be
def _encoded_path(path: str) -> str:
    """As clients have to write it: some gateways hand it on decoded, and links to it are made of it."""
    return quote(_BARE_PERCENT.sub("%25", path) if "%" in path else path, safe=_OF_PATHS)


def _address(path: str, whole: str, headers: Mapping[str, str]) -> str:
    """Scheme, host and the path in front of ours (the stage), as the client sees them."""
    scheme = headers.get("x-forwarded-proto", "http")  # API Gateway always says it
    prefix = whole[: -len(path)] if whole.endswith(path) else ""
    return f"{scheme}://{headers.get('host', 'localhost')}{prefix.rstrip('/')}"
