"""FastAPI behind Mangum, as Mangum's README shows it, with boto3's client."""

import os

import boto3
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

app = FastAPI()
client = boto3.client("dynamodb")


class Value(BaseModel):
    time: int
    value: float
    unit: str
    flag: int


class Latest(BaseModel):
    station_id: str
    parameters: dict[str, Value]


@app.get("/stations/{station_id}/observations/latest")  # type: ignore[untyped-decorator]  # not in the environment of mypy
def latest(station_id: str) -> Latest:
    item = client.get_item(TableName=os.environ["LATEST_TABLE"], Key={"station_id": {"S": station_id}})["Item"]
    values = {name: each["M"] for name, each in item["parameters"]["M"].items()}
    return Latest(
        station_id=item["station_id"]["S"],
        parameters={
            name: Value(
                time=int(each["time"]["N"]),
                value=float(each["value"]["N"]),
                unit=each["unit"]["S"],
                flag=int(each["flag"]["N"]),
            )
            for name, each in values.items()
        },
    )


handle = Mangum(app, lifespan="off")
