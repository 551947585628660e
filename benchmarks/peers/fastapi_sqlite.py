"""One machine by the tutorial: FastAPI with pydantic models, and an indexed table of SQLite."""

import os
import sqlite3

from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

app = FastAPI()
database = sqlite3.connect(os.environ["READINGS_FILE"], check_same_thread=False)
COLUMNS = "t AS time, at AS air_temperature, rh AS relative_humidity, ws AS wind_speed"


class Reading(BaseModel):
    time: str
    air_temperature: float
    relative_humidity: float
    wind_speed: float


class Readings(BaseModel):
    station: str
    observations: list[Reading]


def found(sql: str, *given: str) -> list[Reading]:
    cursor = database.execute(f"SELECT {COLUMNS} FROM readings WHERE {sql}", given)
    names = [column[0] for column in cursor.description]
    return [Reading(**dict(zip(names, row, strict=True))) for row in cursor]


@app.get("/stations/{station_id}/observations")  # type: ignore[untyped-decorator]  # not in the environment of mypy
def observations(station_id: str, datetime: str) -> Readings:
    start, _, end = datetime.partition("/")
    rows = found("s = ? AND t BETWEEN ? AND ? ORDER BY t", station_id, start, f"{end}T23:59:59Z")
    return Readings(station=station_id, observations=rows)


@app.get("/stations/{station_id}/observations/latest")  # type: ignore[untyped-decorator]
def latest(station_id: str) -> Reading:
    return found("s = ? ORDER BY t DESC LIMIT 1", station_id)[0]


class Near(BaseModel):
    id: str
    latitude: float
    longitude: float


@app.get("/stations")  # type: ignore[untyped-decorator]
def nearest(lat: float, lon: float, limit: int) -> list[Near]:
    rows = database.execute(
        "SELECT id, y, x FROM stations ORDER BY (x - ?) * (x - ?) + (y - ?) * (y - ?) LIMIT ?", (lon, lon, lat, lat, limit)
    )
    return [Near(id=name, latitude=y, longitude=x) for name, y, x in rows]


handle = Mangum(app, lifespan="off")
