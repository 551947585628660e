"""WIS2 notification messages: they tell of data that lie elsewhere, and are checked as their schema demands.

Source: WMO, WIS2 Notification Message Encoding (https://wmo-im.github.io/wis2-notification-message), clause 7, and its JSON
schema 1.1.0. A message that keeps to it is understood (status `ok`, no observations; its station, where it names one); each
fault of one that does not is a reject with its path, and the message is not taken. BUFR that it embeds (`content`, which
wis2box fills with reports of up to 4,096 bytes) is read, if it is what the message's digest says; links are not followed.
"""

import hashlib
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.json_document import Number, documents, glance, objects, shown, text_of
from mesonet.formats.json_readings import Readings, located, wigos
from mesonet.formats.reading import Context, Guess, Piece, Remark, Rows, Stream
from mesonet.formats.services.nws_observations import position
from mesonet.formats.table import SHOWN
from mesonet.regex import regex

NAME = "wis2-notification"

CORE = "http://wis.wmo.int/spec/wnm/1/conf/core"
OLD_VERSION = "v04"  # what came before `conformsTo`
LARGEST_CONTENT = 4096  # bytes that may be embedded (requirement /req/core/content)
LARGEST_EMBEDDED = 8 * LARGEST_CONTENT  # of gzip, unpacked; reports of stations become a half to a quarter
MOST_EMBEDDED = 64 << 20  # of all messages of a file
MOST_FAULTS = 100  # of a message that are told
MOST_TOLD = 5  # messages told of in words
MOST_REJECTED = 5_000  # rejects of a file's messages, beyond which they are counted

# RFC 3339, section 5.6
_TIME = regex(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_UUID = regex(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_METHODS = ("sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512")
_ENCODINGS = ("utf-8", "base64", "gzip")
_SHALL = ("id", "type", "geometry", "properties", "links")


def sniff(head: bytes) -> Guess | None:
    """The conformance class, or the members that only these messages have together."""
    seen = glance(head)
    if seen is None or seen["type"] != "Feature" or "properties" not in seen:
        return None
    if "/spec/wnm/" in seen["conformsTo[]"]:
        return Guess(0.98, "a WIS2 notification message: it conforms to wnm")
    if (
        "properties.data_id" in seen
        and ("properties.pubtime" in seen or "properties.integrity.method" in seen)
        and "links" in seen
        and "properties.content.unit" not in seen
    ):
        return Guess(0.93, "a WIS2 notification message: data_id, pubtime or integrity, and links")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are messages; in NDJSON, lines. Of what they embed, rejects have the rows of all of it."""
    messages = _Messages(Readings(values=context.values))
    rows = 0
    for document in documents(stream):
        if isinstance(document, Reject):
            rows += document.count
            yield document
            continue
        line, value = document
        if not isinstance(value, dict):
            rows += 1
            yield Reject(reason="not an object", row=line, value=shown(value))
        for message in objects(value):
            rows += 1
            yield from messages.take(message, line)
    if messages.embedded:
        from mesonet.formats.binary import bufr  # few messages embed any

        yield from (piece for piece in bufr.read(BytesIO(messages.embedded), context) if not isinstance(piece, Rows))
    if messages.lost:
        yield Reject(reason="more messages that are not as their schema demands", row=rows, count=messages.lost)
    if not rows:
        yield Reject(reason="there is no message in it")
    yield Rows(count=rows, understood=messages.understood)


class _Messages:
    """What messages tell of, and the BUFR that they embed."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
        self._rejected = 0
        self.embedded = bytearray()
        self.understood = 0
        self.lost = 0  # beyond those that are told

    def take(self, message: dict[str, Any], line: int) -> Iterator[Piece]:
        faults = list(islice(_faults(message), MOST_FAULTS + 1 if self._rejected < MOST_REJECTED else 1))
        if faults and self._rejected >= MOST_REJECTED:
            self.lost += 1
            return
        self._rejected += len(faults)
        for path, reason, said in faults[:MOST_FAULTS]:
            yield Reject(reason=reason, row=line, column=path[:SHOWN], value=said)
        if len(faults) > MOST_FAULTS:
            yield Reject(reason=f"the message has more faults than these {MOST_FAULTS}", row=line)
        if faults:
            return
        self.understood += 1
        properties = message["properties"]
        try:
            data = _embedded(properties)
            self.embedded += data
            if len(self.embedded) > MOST_EMBEDDED:
                raise UnreadableFile(f"more than {MOST_EMBEDDED >> 20} MiB are embedded in the messages of one file")
        except UnreadableFile as exc:
            yield Reject(reason=exc.detail, row=line, column="properties.content")
            return
        if station := wigos(text_of(properties, "wigos_station_identifier")):
            yield from self._readings.tell(located(station, *position(message)))
        if self.understood <= MOST_TOLD:
            yield Remark(_told(message, properties, read=bool(data)))


def _embedded(properties: dict[str, Any]) -> bytes:
    """The BUFR in a message, nothing where there is none. Raises UnreadableFile where it is not what the message says."""
    encoding, value = text_of(properties, "content", "encoding"), text_of(properties, "content", "value")
    try:
        data = value.encode() if encoding == "utf-8" else b64decode(value, validate=True)
        if encoding == "gzip":
            unpacked = zlib.decompressobj(wbits=31)
            data = unpacked.decompress(data, LARGEST_EMBEDDED)
            if unpacked.unconsumed_tail:
                raise UnreadableFile(f"what is embedded has more than {LARGEST_EMBEDDED} bytes unpacked")
    except (ValueError, zlib.error):
        raise UnreadableFile(f"what is embedded is no {encoding}") from None
    if b"BUFR" not in data[:64]:  # behind a bulletin's heading
        return b""
    method, digest = text_of(properties, "integrity", "method"), text_of(properties, "integrity", "value")
    if digest and hashlib.new(method.replace("sha3-", "sha3_"), data).digest() != _decoded(digest):
        raise UnreadableFile(f"what is embedded has another {method} than the message says")
    return data


def _decoded(digest: str) -> bytes:
    """A digest in base64, or in hexadecimal figures as some write it."""
    try:
        return bytes.fromhex(digest) if len(digest) % 32 == 0 and re.fullmatch(r"[0-9a-fA-F]+", digest) else b64decode(digest)
    except ValueError:
        return b""


def _told(message: dict[str, Any], properties: dict[str, Any], *, read: bool) -> str:
    link = next((text_of(link, "href") for link in message["links"] if text_of(link, "rel") in ("canonical", "update")), "")
    what = text_of(properties, "data_id")[:200]
    where = f", to be had at {link[:200]}" if link else ""
    if text_of(properties, "operation") == "delete" or any(text_of(link, "rel") == "deletion" for link in message["links"]):
        return f"it tells, at {text_of(properties, 'pubtime')}, that {what} was deleted; observations of it stay"
    which = "of which the message has a copy, read here" if read else "observations are in that file, not in this"
    return f"it tells of {what}, published {text_of(properties, 'pubtime')}{where}; {which}"


def _faults(message: dict[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """What the schema does not allow: path, reason, value."""
    for name in _SHALL:
        if name not in message:
            yield name, "the member is required", None
    if "conformsTo" in message:
        stated = message["conformsTo"]
        if not isinstance(stated, list) or CORE not in stated:
            yield "conformsTo", f"{CORE} is not among what it conforms to", shown(stated)
    elif message.get("version") != OLD_VERSION:
        yield "conformsTo", "the member is required", None
    if "id" in message and not _is_uuid(message["id"]):
        yield "id", "not a UUID", shown(message["id"])
    if message.get("type") != "Feature":
        yield "type", "a message is a Feature", shown(message.get("type"))
    yield from _geometry_faults(message.get("geometry"))
    properties = message.get("properties")
    if isinstance(properties, dict):
        yield from _property_faults(properties)
    elif "properties" in message:
        yield "properties", "not an object", shown(properties)
    links = message.get("links")
    if "links" in message and (not isinstance(links, list) or not links):
        yield "links", "at least one link is required", shown(links)
    for at, link in enumerate(links if isinstance(links, list) else ()):
        for name in ("href", "rel"):
            if not _is_text(link.get(name) if isinstance(link, dict) else None):
                yield f"links[{at}].{name}", "the member is required", None
        if isinstance(link, dict) and "length" in link and not _is_integer(link["length"]):
            yield f"links[{at}].length", "not an integer", shown(link["length"])


def _geometry_faults(geometry: object) -> Iterator[tuple[str, str, str | None]]:
    if geometry is None:
        return
    kind = text_of(geometry, "type")
    if kind not in ("Point", "Polygon"):
        yield "geometry.type", "neither null, a Point nor a Polygon", kind[:SHOWN] or shown(geometry)
        return
    given = geometry["coordinates"] if isinstance(geometry, dict) and "coordinates" in geometry else None
    positions = [given] if kind == "Point" else given
    if kind == "Polygon" and isinstance(given, list):
        if not all(isinstance(ring, list) and len(ring) >= 4 for ring in given):
            yield "geometry.coordinates", "a ring of a Polygon has four positions or more", None
            return
        positions = [each for ring in given for each in ring]
    good = isinstance(positions, list) and all(
        isinstance(each, list) and len(each) >= 2 and all(isinstance(number, Number) for number in each) for each in positions
    )
    if not good:
        yield "geometry.coordinates", "not positions of numbers", shown(given)


def _property_faults(given: dict[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    for name in ("pubtime", "data_id"):
        if name not in given:
            yield f"properties.{name}", "the member is required", None
    whole, parts = "datetime" in given, "start_datetime" in given and "end_datetime" in given
    if whole == parts:
        reason = "datetime stands beside start_datetime and end_datetime" if whole else (
            "neither datetime nor start_datetime and end_datetime"
        )  # fmt: skip
        yield "properties.datetime", f"{reason}: one of the two is required", None
    for name in ("pubtime", "datetime", "start_datetime", "end_datetime"):
        said = given.get(name)
        if name in given and not (said is None and name == "datetime") and not _is_time(said):
            yield f"properties.{name}", "not an RFC 3339 time", shown(said)
    for name in ("data_id", "metadata_id", "producer", "global-cache"):
        if name in given and not _is_text(given[name]):
            yield f"properties.{name}", "not a text", shown(given[name])
    if "cache" in given and not isinstance(given["cache"], bool):
        yield "properties.cache", "neither true nor false", shown(given["cache"])
    if "integrity" in given:
        if text_of(given, "integrity", "method") not in _METHODS:
            yield "properties.integrity.method", f"none of {', '.join(_METHODS)}", text_of(given, "integrity", "method")[:SHOWN]
        if not text_of(given, "integrity", "value"):
            yield "properties.integrity.value", "the member is required", None
    if "content" in given:
        yield from _content_faults(given["content"])


def _content_faults(content: object) -> Iterator[tuple[str, str, str | None]]:
    said = content if isinstance(content, dict) else {}
    if said.get("encoding") not in _ENCODINGS:
        yield "properties.content.encoding", f"none of {', '.join(_ENCODINGS)}", shown(said.get("encoding"))
    if "size" not in said:
        yield "properties.content.size", "the member is required", None
    elif not _is_integer(said["size"]) or float(said["size"]) > LARGEST_CONTENT:
        yield "properties.content.size", f"not an integer of at most {LARGEST_CONTENT}", shown(said["size"])
    value = said.get("value")
    if not _is_text(value):
        yield "properties.content.value", "the member is required", None
    elif isinstance(value, str) and len(value) > LARGEST_CONTENT:
        yield "properties.content.value", f"more than {LARGEST_CONTENT} characters", None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, Number)


def _is_integer(value: object) -> bool:
    return isinstance(value, Number) and re.fullmatch(r"-?\d{1,18}(\.0+)?", value, re.ASCII) is not None


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _is_time(value: object) -> bool:
    match = _TIME.fullmatch(value) if isinstance(value, str) and len(value) < 64 else None
    if not match:
        return False
    month, day, hour, minute, second = (int(part) for part in match.groups()[1:6])
    return 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second <= 60
