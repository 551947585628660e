"""pygeoapi with its Flask application, over an indexed table of SQLite.

Its own provider of SQLite knows neither `datetime` nor `sortby`; this plugin does, which is the way that pygeoapi offers for
it. It has neither another process nor geometry functions to wait for, as PostGIS would.
"""

import io
import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pygeoapi.provider.base import BaseProvider
from pygeoapi_config import configuration  # beside it where it runs

NAMES = {"at": "air_temperature", "rh": "relative_humidity", "ws": "wind_speed"}
CONFIG = configuration({"name": "pygeoapi_items.Readings", "data": os.environ["READINGS_FILE"]})


class Readings(BaseProvider):  # type: ignore[misc]  # not in the environment of mypy
    """A feature for each station and time."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__(definition)
        self._database = sqlite3.connect(self.data, check_same_thread=False)
        self.get_fields()

    def get_fields(self) -> dict[str, Any]:
        self._fields = {"station": {"type": "string"}, "time": {"type": "string"}} | {
            name: {"type": "number"} for name in NAMES.values()
        }
        return self._fields

    def query(
        self,
        offset: int = 0,
        limit: int = 10,
        datetime_: str | None = None,
        properties: list[tuple[str, str]] = [],  # noqa: B006 (pygeoapi's own signature)
        sortby: list[dict[str, str]] = [],  # noqa: B006
        **more: Any,
    ) -> dict[str, Any]:
        wanted = dict(properties)
        start, _, end = (datetime_ or "0000/9999").partition("/")
        order = "DESC" if sortby and sortby[0]["order"] == "-" else "ASC"
        rows = self._database.execute(
            f"SELECT t, at, rh, ws, x, y FROM readings WHERE s = ? AND t BETWEEN ? AND ? ORDER BY t {order} LIMIT ? OFFSET ?",
            (wanted["station"], start, f"{end}T23:59:59Z", limit, offset),
        )
        features = [
            {
                "type": "Feature",
                "id": f"{wanted['station']}-{time}",
                "geometry": {"type": "Point", "coordinates": [x, y]},
                "properties": {
                    "station": wanted["station"],
                    "time": time,
                    "air_temperature": at,
                    "relative_humidity": rh,
                    "wind_speed": ws,
                },
            }
            for time, at, rh, ws, x, y in rows
        ]
        return {"type": "FeatureCollection", "features": features, "numberReturned": len(features)}


def application() -> Any:
    folder = Path(os.environ["HOME"])
    documents: dict[str, dict[str, Any]] = {"config": CONFIG, "openapi": {"openapi": "3.0.2", "info": {}, "paths": {}}}
    for name, content in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
        os.environ[f"PYGEOAPI_{name.upper()}"] = str(folder / f"{name}.json")
    from pygeoapi.flask_app import APP

    return APP


APP = application()


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A request of WSGI, as a server makes it of HTTP."""
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in event["headers"].items()}
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": event["path"],
        "QUERY_STRING": urlencode(event["queryStringParameters"] or {}),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **headers,
    }
    said: dict[str, Any] = {}

    def start(status: str, _: Any, *__: Any) -> None:
        said["statusCode"] = int(status.partition(" ")[0])

    body = b"".join(APP(environ, start))
    if said["statusCode"] != 200:
        raise RuntimeError(body[:2000].decode(errors="replace"))
    return {**said, "body": body}
