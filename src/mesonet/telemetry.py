"""Logs and metrics of all functions: JSON lines, and CloudWatch metrics embedded in them (EMF)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

STAGE = os.environ.get("STAGE", "local")
RELEASE = os.environ.get("RELEASE_ID", "unreleased")

logger = Logger(service="mesonet", level=os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO"))
logger.append_keys(stage=STAGE, release=RELEASE)
metrics = Metrics(namespace="Mesonet", service="mesonet")


def count(name: str, value: float = 1) -> None:
    """Adds to a metric of this invocation, `name` in the past tense."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


@contextmanager
def correlated(correlation_id: str) -> Iterator[None]:
    """All lines logged within carry the identifier; an error that leaves is logged with it, and goes on."""
    logger.append_keys(correlation_id=correlation_id)
    try:
        yield
    except Exception:
        logger.exception("request failed unexpectedly")
        raise
    finally:
        logger.remove_keys(["correlation_id"])
