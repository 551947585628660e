"""Logs and metrics of all functions: JSON lines, and CloudWatch metrics embedded in them (EMF).

The lines are those of Powertools for AWS Lambda, by the same calls. Powertools' own logger and metrics take longer to import
than everything else that answers a small request.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import logging

STAGE = os.environ.get("STAGE", "local")
RELEASE = os.environ.get("RELEASE_ID", "unreleased")
_LEVEL = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO")
_SERVICE = "mesonet"
_NAMESPACE = "Mesonet"
_USUAL = 2_000  # objects, after which Python looks for garbage unless told otherwise
_VALUES_AT_ONCE = 100  # of a metric in one document (CloudWatch embedded metric format, "Specification")


class LambdaContext(Protocol):
    """What Lambda tells a function of the invocation."""

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int: ...


type Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


class Logger:
    """Writes one JSON object a line. Members beside the message are given by name; `keys` stand in every line."""

    def __init__(self, **keys: object) -> None:
        self.keys: dict[str, object] = keys
        self._invocation: LambdaContext | None = None
        self._cold = True
        self._lines: logging.Logger | None = None

    def info(self, message: str, **fields: object) -> None:
        self._write(20, message, fields)

    def warning(self, message: str, **fields: object) -> None:
        self._write(30, message, fields)

    def error(self, message: str, **fields: object) -> None:
        self._write(40, message, fields)

    def exception(self, message: str, **fields: object) -> None:
        """With the exception that is being handled."""
        self._write(40, message, fields, exc_info=True)

    def inject_lambda_context(self, handle: Handler) -> Handler:
        """Decorates a handler: its lines say in which invocation of which function they were written."""

        @wraps(handle)
        def told(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            self._cold, self._invocation = self._invocation is None, context
            if self._cold:
                _started()
            return handle(event, context)

        return told

    def _write(self, level: int, message: str, fields: Mapping[str, object], *, exc_info: bool = False) -> None:
        if self._lines is None:
            self._lines = _lines()
        # A member may be called as a member of the record is
        told = {**self.keys, **self._invoked(), **fields}
        self._lines.log(level, message, exc_info=exc_info, stacklevel=3, extra={"fields": told})

    def _invoked(self) -> dict[str, object]:
        """Which invocation a line is of, told when there is one: most requests write none."""
        context = self._invocation
        if context is None:
            return {}
        return {
            "cold_start": self._cold,
            "function_name": context.function_name,
            "function_memory_size": context.memory_limit_in_mb,
            "function_arn": context.invoked_function_arn,
            "function_request_id": context.aws_request_id,
        }


def _started() -> None:
    """Has Python look for garbage as usual, which it does not while a function starts (`mesonet.functions`). What the start has
    made stays, and is not looked through."""
    gc.freeze()
    gc.set_threshold(_USUAL)


def _lines() -> "logging.Logger":
    """The standard library's logger, of which a request that logs nothing need not wait."""
    import logging

    class Line(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            line: dict[str, object] = {
                "level": record.levelname,
                "location": f"{record.funcName}:{record.lineno}",
                "message": record.getMessage(),
                "timestamp": _timestamp(record.created),
                "service": _SERVICE,
                **getattr(record, "fields", {}),
            }
            trace = os.environ.get("_X_AMZN_TRACE_ID", "")
            if trace:
                line["xray_trace_id"] = trace.partition("Root=")[2].partition(";")[0]
            if record.exc_info and record.exc_info[0]:
                line |= {"exception": self.formatException(record.exc_info), "exception_name": record.exc_info[0].__name__}
            return _dumps(line)

    class Output(logging.StreamHandler[Any]):
        """Standard output as it is when a line is written."""

        def emit(self, record: logging.LogRecord) -> None:
            self.stream = sys.stdout
            super().emit(record)

    lines = logging.getLogger(_SERVICE)
    if not lines.handlers:
        lines.setLevel(_LEVEL)
        output = Output(sys.stdout)
        output.setFormatter(Line())
        lines.addHandler(output)
    # Lambda's runtime has a handler at the root, which would write each line a second time
    lines.propagate = "AWS_LAMBDA_RUNTIME_API" not in os.environ
    return lines


class Metrics:
    """Gathers values, and writes them as one document when the handler that it decorates ends."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, list[float]]] = {}

    def add_metric(self, *, name: str, unit: str, value: float) -> None:
        values = self._values.setdefault(name, (unit, []))[1]
        values.append(float(value))
        if len(values) == _VALUES_AT_ONCE:
            self.flush()

    def log_metrics(self, handle: Handler) -> Handler:
        @wraps(handle)
        def measured(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            try:
                return handle(event, context)
            finally:
                self.flush()

        return measured

    def flush(self) -> None:
        if not self._values:
            return
        gathered, self._values = self._values, {}
        definition = {
            "Namespace": _NAMESPACE,
            "Dimensions": [["service"]],
            "Metrics": [{"Name": name, "Unit": unit} for name, (unit, _) in gathered.items()],
        }
        document = {
            "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [definition]},
            "service": _SERVICE,
            **{name: values for name, (_, values) in gathered.items()},
        }
        sys.stdout.write(_dumps(document) + "\n")


logger = Logger(stage=STAGE, release=RELEASE)
metrics = Metrics()


def count(name: str, value: float = 1) -> None:
    """Adds to a metric of this invocation, `name` in the past tense."""
    metrics.add_metric(name=name, unit="Count", value=value)


def _timestamp(seconds: float) -> str:
    """RFC 3339, which Lambda wants of a JSON line whose level it is to look at."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{int(seconds * 1000) % 1000:03d}Z"


def _dumps(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)
