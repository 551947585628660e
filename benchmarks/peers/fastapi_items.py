"""A month by the tutorial: an item for each observation, FastAPI with pydantic models, boto3's resource, Mangum."""

import os
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

app = FastAPI()
table = boto3.resource("dynamodb").Table(os.environ["READINGS_TABLE"])


class Reading(BaseModel):
    time: str
    air_temperature: float
    relative_humidity: float
    wind_speed: float


class Readings(BaseModel):
    station: str
    observations: list[Reading]


@app.get("/stations/{station_id}/observations")  # type: ignore[untyped-decorator]  # not in the environment of mypy
def observations(station_id: str, datetime: str) -> Readings:
    start, _, end = datetime.partition("/")
    asked: dict[str, Any] = {
        "KeyConditionExpression": Key("s").eq(station_id) & Key("t").between(start, f"{end}T23:59:59Z"),
    }
    found: list[Any] = []
    while True:
        page = table.query(**asked)
        found += page["Items"]
        if "LastEvaluatedKey" not in page:
            break
        asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    return Readings(
        station=station_id,
        observations=[
            Reading(
                time=each["t"],
                air_temperature=float(each["at"]),
                relative_humidity=float(each["rh"]),
                wind_speed=float(each["ws"]),
            )
            for each in found
        ],
    )


handle = Mangum(app, lifespan="off")
