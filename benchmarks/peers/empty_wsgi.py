"""Nothing at all, behind the server of plain functions: what that server costs."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

import fastwsgi


def app(asked: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", "2")])
    return [b"{}"]


if __name__ == "__main__":
    fastwsgi.run(app, "127.0.0.1", int(sys.argv[1]))
