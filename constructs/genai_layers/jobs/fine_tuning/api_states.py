"""States that call an AWS API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

# A path, since the CDK (2.275) drops the null by which a result is discarded from a state that is written as JSON.
ASIDE = "$.answer"


def call(
    scope: Construct,
    id: str,
    action: str,
    parameters: Mapping[str, Any],
    *,
    selected: Mapping[str, str] | None = None,
    result_path: str = ASIDE,
    retries: Sequence[Mapping[str, Any]] | None = None,
) -> sfn.CustomState:
    """
    Return a state that makes one call.

    Args:
        scope: The construct that it belongs to.
        id: Its name.
        action: Service and call, as in `ssm:getParameter`.
        parameters: Arguments.
        selected: What of the answer is kept. Default: all of it.
        result_path: Where. Default: aside.
        retries: What is tried again. Default: every failure, four times within some seconds.
    """
    resource = f"arn:{Stack.of(scope).partition}:states:::aws-sdk:{action}"
    state: dict[str, Any] = {"Type": "Task", "Resource": resource, "Parameters": parameters, "ResultPath": result_path}
    if selected is not None:
        state["ResultSelector"] = selected
    return sfn.CustomState(scope, id, state_json={**state, "Retry": RETRY if retries is None else list(retries)})


RETRY = [
    {
        "ErrorEquals": ["States.TaskFailed"],
        "IntervalSeconds": 2,
        "MaxAttempts": 4,
        "BackoffRate": 1.5,
        "JitterStrategy": "FULL",
    }
]
"""Retries of calls that change nothing twice."""
