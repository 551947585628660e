"""A document as a page to look at: for people who follow a link with a browser.

Which language it is in stands in `Content-Language`: the test suite of OGC API - EDR looks for `<html>` with nothing in it.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from mesonet.web.media import HTML, Link
from mesonet.web.response import Response

_ADDRESS = re.compile(r"&quot;(https?://[^&\s]+(?:&amp;[^&\s]+)*)&quot;")
_STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}pre{overflow:auto}"

# Stations' names are whatever somebody sent: should one ever not be escaped, nothing in it is run or fetched
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def answer(title: str, document: Any, links: Sequence[Link] = ()) -> Response:
    """The document's JSON, its addresses as links."""
    headers = {"Content-Language": "en", "Content-Security-Policy": _POLICY}
    return Response(body=page(title, document), media_type=HTML, headers=headers, links=links)


def page(title: str, document: Any) -> str:
    import json

    text = escape(json.dumps(document, ensure_ascii=False, indent=2))
    linked = _ADDRESS.sub(r'&quot;<a href="\1">\1</a>&quot;', text)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1><pre>{linked}</pre></body></html>"
    )
