"""
One JSON line for each thing that happened, and metrics in the embedded metric format.

A line holds only fields that are listed here, each a number, a flag or a short identifier.
What a user wrote, what a model answered and what a document says never fit in one; nor does the text
of an exception, since services repeat in it what they were sent.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Mapping
from enum import Enum
from pathlib import PurePath

FIELDS = frozenset(
    {
        "arguments_sha256",
        "bytes_scanned",
        "citations",
        "code",
        "conversation_id",
        "duration_ms",
        "error_type",
        "fallbacks",
        "frames",
        "history",
        "input_tokens",
        "interventions",
        "is_approved",
        "items",
        "model",
        "model_ms",
        "outcome",
        "output_tokens",
        "passages",
        "replayed",
        "request_id",
        "retrieval_ms",
        "route",
        "rows",
        "sanitized",
        "service_code",
        "status",
        "stop",
        "tenant",
        "tool",
        "usd",
        "user",
    }
)
"""Fields that a log line may hold."""

LONGEST_VALUE = 128
"""Characters of the longest identifier; text is longer, sooner or later."""

Value = str | int | float | bool | None | tuple[str, ...]


class Unit(Enum):
    """The units of CloudWatch that we use, as the embedded metric format spells them."""

    COUNT = "Count"
    MILLISECONDS = "Milliseconds"
    NONE = "None"


class UnknownFieldError(ValueError):
    """A log line was given a field that is not listed, or a value that could hold a user's text."""


def event(name: str, level: str = "INFO", /, **fields: Value) -> None:
    """
    Write one line.

    Args:
        name: What happened, two or three words with underscores: `question_answered`.
        level: `INFO`, `WARNING` or `ERROR`.
        **fields: Listed in `FIELDS`.

    Raises:
        UnknownFieldError: A field is not listed, or its value is longer than an identifier.
    """
    faults = [f"field {key!r} is not listed in FIELDS" for key in fields if key not in FIELDS]
    faults += [
        f"field {key!r} has {len(part)} characters, at most {LONGEST_VALUE} are logged"
        for key, value in fields.items()
        for part in ((value,) if isinstance(value, str) else value if isinstance(value, tuple) else ())
        if len(part) > LONGEST_VALUE
    ]
    if faults:
        raise UnknownFieldError("; ".join(faults))
    _write({"level": level, "event": name, **fields})


def failure(name: str, error: BaseException, **fields: Value) -> None:
    """
    Write one line about *error*: its type and where it was raised, never its text.

    Args:
        name: What was being done: `request_failed`.
        error: What was raised.
        **fields: Listed in `FIELDS`.
    """
    frames = tuple(
        f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"[:LONGEST_VALUE]
        for frame in traceback.extract_tb(error.__traceback__)
    )
    event(name, "ERROR", error_type=type(error).__name__, frames=frames, **fields)


def metrics(namespace: str, dimensions: Mapping[str, str], values: Mapping[str, tuple[Unit, int | float]]) -> None:
    """
    Write metrics for CloudWatch to pick up from the log, without a call to it.

    Args:
        namespace: Namespace of the metrics.
        dimensions: Names to values; every metric gets all of them.
        values: Metric names to unit and value.
    """
    _write(
        {
            "_aws": {
                "Timestamp": time.time_ns() // 1_000_000,
                "CloudWatchMetrics": [
                    {
                        "Namespace": namespace,
                        "Dimensions": [list(dimensions)],
                        "Metrics": [{"Name": name, "Unit": unit.value} for name, (unit, _) in values.items()],
                    }
                ],
            },
            **dimensions,
            **{name: value for name, (_, value) in values.items()},
        }
    )


def _write(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
    sys.stdout.flush()
