"""A month by the tutorial: an item for each observation, Powertools, boto3's resource, a marshmallow schema."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.conditions import Key
from marshmallow import Schema, fields

app = APIGatewayRestResolver()
tracer = Tracer(service="weather")
logger = Logger(service="weather")
metrics = Metrics(namespace="Weather", service="weather")
table = boto3.resource("dynamodb").Table(os.environ["READINGS_TABLE"])


class ReadingSchema(Schema):
    time = fields.String(attribute="t", required=True)
    air_temperature = fields.Float(attribute="at")
    relative_humidity = fields.Float(attribute="rh")
    wind_speed = fields.Float(attribute="ws")


schema = ReadingSchema(many=True)


@app.get("/stations/<station_id>/observations")
@tracer.capture_method
def observations(station_id: str) -> dict[str, Any]:
    metrics.add_metric(name="ObservationsAsked", unit=MetricUnit.Count, value=1)
    logger.info("observations asked")
    start, _, end = app.current_event.query_string_parameters["datetime"].partition("/")
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
    return {"station": station_id, "observations": schema.dump(found)}


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
