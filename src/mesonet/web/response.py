"""What a route answers, and what HTTP makes of it: validators, 304, compression, the size that the gateway carries."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from mesonet.domain.fragment import compressor
from mesonet.errors import AnswerTooLarge, NotTheSame
from mesonet.record import dataclass
from mesonet.web.media import JSON, Link, quality
from mesonet.web.stitching import Stitched, gzipped, has_packed, in_base64, mark_of, size_of, text_of

FRESH = "public, max-age=60"  # a station reports every minute at best
CHECKED = "no-cache"  # may be kept, and is asked about each time: the ETag makes that cheap
MOST_BYTES = 5_900_000  # Lambda hands on 6 MB, in which the body is escaped or base64
_WORTH_COMPRESSING = 1_000  # bytes: less fits into a packet as it is
_MOST_LINKS = 4_000  # bytes: API Gateway carries 10 KB of header fields, and a shape in a query may have most of them
_SETTLED = 120_000  # ms: until a file that came in the same second is surely loaded, and the minute of its date is over
_MINUTE = 60  # seconds
_CONDITIONS = frozenset({"if-match", "if-modified-since", "if-none-match", "if-unmodified-since"})
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_WHOLE = (str, bytes)  # asked for a type that is written `str | bytes`, Python makes that first
_LEVEL = 1  # of 9: of a month's values a quarter is left; level 5 leaves a ninth less and takes four times as long


@dataclass(frozen=True, kw_only=True)
class Response:
    """`modified` is the instant at which what the answer says last changed, where that is known. `links` go into the Link
    header; the body may have them as well. Of a body in parts some may be compressed already.

    What HTTP needs to know of the body is found once: whoever remembers an answer has that with it."""

    status: int = 200
    body: str | bytes | Stitched = ""
    media_type: str = JSON
    headers: Mapping[str, str] = _NO_HEADERS
    links: Sequence[Link] = ()
    cache: str = FRESH
    modified: int | None = None

    @cached_property
    def said(self) -> tuple[str | bytes | Stitched, int, tuple[str, str], Mapping[str, str], tuple[int, str] | None]:
        """The body, in one piece unless some of it is compressed; of how many bytes; its ETags; the headers that it has whoever
        asks; and the second that is its date if it changed long ago, and as HTTP writes it."""
        body = self.body
        if not isinstance(body, _WHOLE) and not has_packed(body):
            body = text_of(body)
        if isinstance(body, _WHOLE):
            data = _whole(body)
            size, tags = len(data), _tags(sha256(data).hexdigest())
        else:
            size, tags = size_of(body), _tags(mark_of(body))
        headers = {"Cache-Control": self.cache, **self.headers}
        if self.links and (links := _link_header(self.links)):
            headers["Link"] = links
        if size or self.status == 200:
            headers["Content-Type"] = self.media_type  # also with 304: API Gateway would say that it is JSON
        if self.modified is None:
            return body, size, tags, headers, None
        date = -(-self.modified // 1000)  # what changed before it in the same second had that as its date
        date += (_second(tags[0]) - date) % _MINUTE
        return body, size, tags, headers, (date, _date(date))

    @cached_property
    def gzipped(self) -> str:
        """In base64."""
        body = self.said[0]
        if not isinstance(body, _WHOLE):
            return gzipped(body)
        data = _whole(body)
        deflate = compressor(len(data), _LEVEL, gzip=True)
        return in_base64(deflate.compress(data) + deflate.flush())


def see_other(address: str) -> Response:
    """303: what was asked for is to be had there."""
    return Response(status=303, headers={"Location": address}, cache="no-store")


class Sightings:
    """Gives answers that do not know when they last changed a date all the same: the minute up to the second at which this
    process first gave the same answer to the same question. So for answers that changed just now, since they may change again
    in the same second, and a date alone would not tell them apart (RFC 9110, 8.8.2.2).
    """

    def __init__(self, most: int = 1_000) -> None:
        self._most = most
        self._seen: dict[str, tuple[str, int]] = {}

    def since(self, question: str, mark: str) -> int:
        """In seconds. `mark` is the answer's ETag: as long as it stays the same, so does the date, and each other one has a
        later date. Where that is not there yet, it is now."""
        now = int(time.time())
        known = self._seen.pop(question, None)
        if known is None or known[0] != mark:
            date = now - (now - _second(mark)) % _MINUTE
            known = (mark, date if known is None else max(date, known[1] + 1))
        self._seen[question] = known  # at the end: the first is what was longest not asked
        if len(self._seen) > self._most:
            del self._seen[next(iter(self._seen))]
        return min(known[1], now)


def _second(mark: str) -> int:
    """Of a minute, in an answer's date. A file that arrived earlier may be loaded later, or be withdrawn, and another process
    knows another answer of the same second: then, but for one time in sixty, the dates are not the same."""
    return int(mark[1:9], 16) % _MINUTE


def finished(
    response: Response,
    asked: Mapping[str, str],
    *,
    head: bool,
    headers: Mapping[str, str],
    since: Callable[[str], int] | None = None,
    read: bool = True,
) -> dict[str, Any]:
    """The answer as API Gateway takes it (payload 1.0). `asked` are the request's headers, by names in lower case. `since`
    tells, by its ETag, the date of an answer that does not know its own, or has changed just now (`Sightings`): by such a
    one a copy is good, but nothing is another. `read` is false where something was done: what is said of it is not what is
    there, and has no validators.

    Raises AnswerTooLarge, NotTheSame.
    """
    body, size, tags, known, dated = response.said
    given = {**headers, **known}
    compressed = size >= _WORTH_COMPRESSING and _takes_gzip(asked.get("accept", ""), asked.get("accept-encoding", ""))
    if response.status == 200 and read:
        given["ETag"] = tag = tags[compressed]
        modified = response.modified
        if since is not None and (modified is None or modified > time.time() * 1000 - _SETTLED):
            date = since(tags[0])
            dated = date, _date(date)
        if dated is not None:
            given["Last-Modified"] = dated[1]
        if not _CONDITIONS.isdisjoint(asked):
            second = dated and dated[0]
            if _is_another(asked, tag, modified, second):
                raise NotTheSame("what is here now is not what `If-Match` or `If-Unmodified-Since` says")
            if _has_it(asked, tag, second):
                return {"statusCode": 304, "headers": given, "body": "", "isBase64Encoded": False}
    if compressed:
        given["Content-Encoding"] = "gzip"
    if head:
        return {"statusCode": response.status, "headers": given, "body": "", "isBase64Encoded": False}
    encoded = compressed or isinstance(body, bytes)
    if compressed:
        text = response.gzipped
    elif isinstance(body, bytes):
        text = in_base64(body)
    else:
        text = body if isinstance(body, str) else text_of(body)
    if len(text) * 2 > MOST_BYTES and _carried(text, encoded=encoded) > MOST_BYTES:
        raise AnswerTooLarge(f"the answer has {size:,} bytes, more than can be sent: ask for less at a time")
    return {"statusCode": response.status, "headers": given, "body": text, "isBase64Encoded": encoded}


def permitted(asked: Mapping[str, str], *, document: str | None = None, there: bool = True) -> None:
    """Whatever writes asks this when nothing else is against it, before its body is read and anything is done (RFC 9110,
    13.2.1). `document` is what is read there, where it is known, and `there` whether something is.

    Raises NotTheSame where the client wants it done only to what is not here, or may not be (13.1.1 and 13.1.2). What is done
    has no date.
    """
    here = set() if document is None else set(_tags(sha256(document.encode()).hexdigest()))
    match, none = (_listed(asked[name]) if name in asked else None for name in ("if-match", "if-none-match"))
    if match is not None and match != ["*"] and here.isdisjoint(match):
        raise NotTheSame("what is here is not known to have an ETag that `If-Match` names: nothing was done")
    if none is not None and there and (none == ["*"] or not here or not here.isdisjoint(map(_strong, none))):
        raise NotTheSame("what is here is, or may be, what `If-None-Match` names: nothing was done")


def _tags(mark: str) -> tuple[str, str]:
    """Of a digest. Each encoding has its own (RFC 9110, 8.8.3.3): as it is, and compressed."""
    return f'"{mark[:27]}"', f'"{mark[:27]}-gzip"'


def _whole(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


@lru_cache(100)
def _date(seconds: int) -> str:
    """As HTTP writes it (RFC 9110, 5.6.7); what has arrived has no year of less than four digits."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(seconds))


@lru_cache(100)
def _takes_gzip(accept: str, encoding: str) -> bool:
    """API Gateway turns base64 back into bytes by the first type in the request's `Accept`: without one the answer goes out as
    text. Who likes it better as it is gets it so."""
    said = encoding.lower().replace("x-gzip", "gzip")  # which is the same (RFC 9110, 8.4.1.3)
    return accept[:1].strip(" ,;") != "" and (wish := quality(said, "gzip")) > 0 and wish >= quality(said, "identity")


def _is_another(asked: Mapping[str, str], tag: str, modified: int | None, date: int | None) -> bool:
    """Whether the client asks for something of what is not here (RFC 9110, 13.1.1 and 13.1.4). Tags are compared strongly. The
    date that an answer was given, by whatever process, may lie up to a minute before its change."""
    if "if-match" in asked:
        return asked["if-match"].strip() != "*" and tag not in _listed(asked["if-match"])
    if modified is None or "if-unmodified-since" not in asked:
        return False
    since = _seconds(asked["if-unmodified-since"])
    return since is not None and since != date and modified // 1000 >= since + _MINUTE


def _has_it(asked: Mapping[str, str], tag: str, date: int | None) -> bool:
    """Whether the client's copy is good (RFC 9110, 13.2.2: the ETag, where one is given, decides alone).

    Tags are compared weakly (8.8.3.2), and one of another encoding is another: a cache that keeps the compressed answer for
    those who take it has nothing for those who do not.
    A date has to be the very date: when what came last is withdrawn, the answer gets an older one and is another all the same.
    It has to be over, too: in the same second the answer may have been another.
    """
    if "if-none-match" in asked:
        tags = list(map(_strong, _listed(asked["if-none-match"])))
        return tags == ["*"] or tag in tags
    if date is None or "if-modified-since" not in asked:
        return False
    return _seconds(asked["if-modified-since"]) == date < int(time.time())


def _listed(tags: str) -> list[str]:
    return [each.strip() for each in tags.split(",")]


def _strong(tag: str) -> str:
    return tag.removeprefix("W/")


def _seconds(date: str) -> float | None:
    """None where it is no date, which is then passed over."""
    from email.utils import parsedate_to_datetime  # hardly anybody asks by date who has an ETag

    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):  # the second of years of many digits
        return None


def _carried(text: str, *, encoded: bool) -> int:
    """Bytes of the body within Lambda's answer, which is JSON: quotes and backslashes are escaped."""
    if encoded:
        return len(text)
    return len(text.encode()) + text.count('"') + text.count("\\") + text.count("\n") + text.count("\r")


def _link_header(links: Sequence[Link]) -> str:
    """As many as the gateway carries, the shortest first; the body has them all."""
    written = [_link(link) for link in links]
    while sum(map(len, written)) > _MOST_LINKS:
        written.remove(max(written, key=len))
    return ", ".join(written)


def _link(link: Link) -> str:
    more = "".join(f'; {name}="{link[name]}"' for name in ("type", "title") if name in link and link[name].isascii())
    return f'<{link["href"]}>; rel="{link["rel"]}"{more}'
