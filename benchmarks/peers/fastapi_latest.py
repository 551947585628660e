"""FastAPI over SQLite with the answer that Mesonet gives: each parameter with its unit, time, quality and origin, and links.

A row of the table is the newest value of one parameter. The answer goes out as it is: neither compressed nor with an ETag.
"""

import os
import sqlite3

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

app = FastAPI()
database = sqlite3.connect(os.environ["READINGS_FILE"], check_same_thread=False)
database.row_factory = sqlite3.Row


class LatestValue(BaseModel):
    standard_name: str
    level: float
    method: str
    duration: str
    unit: str
    time: str
    value: float
    quality: int
    received: str
    unit_received: str
    file: str


class Link(BaseModel):
    rel: str
    href: str


class Latest(BaseModel):
    station: str
    parameters: dict[str, LatestValue]
    links: list[Link]


@app.get("/stations/{station_id}/observations/latest")  # type: ignore[untyped-decorator]  # not in the environment of mypy
def latest(station_id: str, request: Request) -> Latest:
    rows = database.execute("SELECT * FROM latest WHERE station = ? ORDER BY parameter", (station_id,)).fetchall()
    if not rows:
        raise HTTPException(404)
    address = f"{request.base_url}stations/{station_id}"
    links = [
        Link(rel="self", href=address),
        Link(rel="observations", href=f"{address}/observations"),
        Link(rel="latest", href=f"{address}/observations/latest"),
        Link(rel="files", href=f"{request.base_url}files?station={station_id}"),
    ]
    return Latest(station=station_id, parameters={row["parameter"]: LatestValue(**dict(row)) for row in rows}, links=links)
