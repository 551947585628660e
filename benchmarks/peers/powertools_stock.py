"""Powertools as its tutorial and `sam init` set it up, with boto3's resource and a marshmallow schema."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from marshmallow import Schema, fields

app = APIGatewayRestResolver()
tracer = Tracer(service="weather")
logger = Logger(service="weather")
metrics = Metrics(namespace="Weather", service="weather")
table = boto3.resource("dynamodb").Table(os.environ["LATEST_TABLE"])


class ValueSchema(Schema):
    time = fields.Integer(required=True)
    value = fields.Float(required=True)
    unit = fields.String(required=True)
    flag = fields.Integer()


class LatestSchema(Schema):
    station_id = fields.String(required=True)
    parameters = fields.Dict(keys=fields.String(), values=fields.Nested(ValueSchema))


schema = LatestSchema()


@app.get("/stations/<station_id>/observations/latest")
@tracer.capture_method
def latest(station_id: str) -> dict[str, Any]:
    metrics.add_metric(name="LatestAsked", unit=MetricUnit.Count, value=1)
    logger.info("latest asked")
    found: dict[str, Any] = schema.dump(table.get_item(Key={"station_id": station_id})["Item"])
    return found


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
