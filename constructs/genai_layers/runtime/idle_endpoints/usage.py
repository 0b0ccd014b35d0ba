"""Whether somebody used a thing, asked of CloudWatch and CloudTrail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

NAMESPACE = "AWS/SageMaker"
_QUERIES_AT_ONCE = 500
_DAY_SECONDS = 86_400
_OPENED = "CreatePresignedNotebookInstanceUrl"
"""Event of every way to open a notebook, from the console or with a URL."""


class UsageUnknownError(RuntimeError):
    """CloudWatch did not say how often something was used, so nothing may be called idle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """
    A metric that is above 0 where something is in use.

    Attributes:
        metric: Its name.
        dimensions: Names and values of its dimensions.
    """

    metric: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """
    The time that is looked at.

    Attributes:
        start: Its begin.
        end: Its end.
    """

    start: datetime
    end: datetime


def moved(cloudwatch: Any, meters: Iterable[Meter], window: Window) -> frozenset[Meter]:
    """
    Return the meters that were above 0 at any time.

    Args:
        cloudwatch: Client of CloudWatch.
        meters: What is asked for.
        window: Since when.

    Raises:
        UsageUnknownError: An answer is not whole.
    """
    asked = list(dict.fromkeys(meters))
    found: set[Meter] = set()
    for begin in range(0, len(asked), _QUERIES_AT_ONCE):
        found |= _moved(cloudwatch, asked[begin : begin + _QUERIES_AT_ONCE], window)
    return frozenset(found)


def opened(cloudtrail: Any, window: Window) -> frozenset[str]:
    """
    Return the names of the notebooks that somebody opened.

    Args:
        cloudtrail: Client of CloudTrail; it looks back 90 days, whether or not there is a trail.
        window: Since when.
    """
    pages = cloudtrail.get_paginator("lookup_events").paginate(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": _OPENED}],
        StartTime=window.start,
        EndTime=window.end,
    )
    return frozenset(
        str(parameters["notebookInstanceName"])
        for page in pages
        for event in page["Events"]
        if "notebookInstanceName" in (parameters := json.loads(event["CloudTrailEvent"]).get("requestParameters") or {})
    )


def _moved(cloudwatch: Any, meters: Sequence[Meter], window: Window) -> set[Meter]:
    pages = cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[_query(index, meter) for index, meter in enumerate(meters)],
        StartTime=window.start,
        EndTime=window.end,
    )
    totals = [0.0] * len(meters)
    states = ["never answered"] * len(meters)
    for page in pages:
        for result in page["MetricDataResults"]:
            index = int(result["Id"][1:])
            totals[index] += sum(result["Values"])
            # A result goes on over pages until it is complete.
            states[index] = result["StatusCode"]
    faults = [f"{meters[index].metric}: {state}" for index, state in enumerate(states) if state != "Complete"]
    if faults:
        raise UsageUnknownError(f"{len(faults)} of {len(meters)} metrics are not whole, the first is {faults[0]}")
    return {meter for meter, total in zip(meters, totals, strict=True) if total > 0}


def _query(index: int, meter: Meter) -> dict[str, Any]:
    return {
        "Id": f"m{index}",
        "MetricStat": {
            "Metric": {
                "Namespace": NAMESPACE,
                "MetricName": meter.metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in meter.dimensions],
            },
            "Period": _DAY_SECONDS,
            "Stat": "Sum",
        },
    }
