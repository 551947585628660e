"""Uploads: a file that an operator is about to put into the archive."""

from typing import Any

from mesonet.errors import BadBody
from mesonet.record import dataclass

MOST_BYTES = 5_000_000_000  # a little under what S3 takes in one request, 5 GiB
MOST_KEY_BYTES = 1024  # S3 User Guide, "Naming Amazon S3 objects"
_FILENAME = "${filename}"  # S3 would put the name of the client's own file there


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """`key` is the object's name in the archive, `size` its bytes."""

    key: str
    size: int


def upload(document: Any) -> Upload:
    """What a request body announces: `{"key": "parks/2026/oak.csv", "size": 48213}`. Raises BadBody."""
    if not isinstance(document, dict):
        raise BadBody("the body is an object with `key` and `size`")
    unknown = sorted(set(document) - {"key", "size"})
    if unknown:
        raise BadBody(f"there is no member {unknown[0]!r} here; there are `key` and `size`")
    key, size = document.get("key"), document.get("size")
    if not isinstance(key, str) or not key:
        raise BadBody("`key` is the name that the file gets in the archive, such as parks/2026/oak.csv")
    if len(key.encode(errors="surrogatepass")) > MOST_KEY_BYTES:
        raise BadBody(f"`key` has more than {MOST_KEY_BYTES:,} bytes")
    if not key.isprintable() or _FILENAME in key:  # a lone surrogate is not printable either
        raise BadBody(f"`key` has a character that cannot be written, or {_FILENAME}: name the file itself")
    if any(part in ("", ".", "..") for part in key.split("/")):
        raise BadBody("`key` has an empty part, `.` or `..`: many programs could not find the file again")
    if isinstance(size, float) and size.is_integer():
        size = int(size)  # to JSON Schema 1.0 is a whole number
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= MOST_BYTES:
        raise BadBody(f"`size` is the file's number of bytes, from 0 to {MOST_BYTES:,}")
    return Upload(key=key, size=size)
