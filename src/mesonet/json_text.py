"""JSON without a space, by an encoder that is made once: `json` makes one for each document, which takes longer than a small
document does."""

import json
from collections.abc import Callable
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]  # typeshed knows the second alone
from typing import Any


def writer(default: Callable[[Any], Any] | None = None) -> Callable[[Any], str]:
    """`default` gives what JSON has of a value of another type."""
    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=default)
    if c_make_encoder is None:  # a Python without the module in C
        return encoder.encode
    made = c_make_encoder(None, encoder.default, encode_basestring, None, ":", ",", False, False, True)
    return lambda document: "".join(made(document, 0))
