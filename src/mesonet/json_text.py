"""JSON without a space around or in it. `json` makes an encoder for each document, and looks for spaces around each one that it
reads, which takes longer than a small document does.
"""

import json
from collections.abc import Callable
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]  # typeshed knows the second alone
from typing import Any


def parsed(text: str) -> Any:
    """The document that a text is, with no space around it. Raises ValueError."""
    try:
        document, end = _scanned(text, 0)
    except StopIteration as stopped:  # as `json` says it, two calls of Python further down
        raise json.JSONDecodeError("Expecting value", text, stopped.value) from None
    if end < len(text):
        raise ValueError(f"a JSON document is followed by {text[end : end + 20]!r}")
    return document


_decoder: Any = json.JSONDecoder()
_scanned = _decoder.scan_once


quoted: Callable[[str], str] = encode_basestring


def writer(default: Callable[[Any], Any] | None = None) -> Callable[[Any], str]:
    """`default` gives what JSON has of a value of another type."""
    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=default)
    if c_make_encoder is None:  # a Python without the module in C
        return encoder.encode
    made = c_make_encoder(None, encoder.default, encode_basestring, None, ":", ",", False, False, True)
    return lambda document: "".join(made(document, 0))
