"""
The steps of promotion and rollback.

    promotion: Read the current -> Already? -> Keep it as previous -> Make it current -> Tell
    rollback:  Read the previous -> Any? -> Read the current -> Reject -> Make it current -> Forget the previous -> Tell
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

NONE = "none"
"""Value of a parameter that names no model yet; SSM takes no empty one."""

SOURCE = "genai-layers.fine-tuning"
PROMOTED, ROLLED_BACK = "Model Promoted", "Model Rolled Back"
"""Source and types of the events on the default bus."""

# A path, since the CDK (2.275) drops the null by which a result is discarded from a state that is written as JSON.
_ASIDE = "$.answer"
_CURRENT, _PREVIOUS = "$.current.value", "$.previous.value"


def promotion_steps(scope: Construct, current: str, previous: str) -> sfn.IChainable:
    """
    Return the definition that makes the approved model the current one.

    Args:
        scope: The construct that the steps belong to.
        current: Name of the parameter of the current model.
        previous: Name of the parameter of the one before.
    """
    package = "$.detail.ModelPackageArn"
    told = {"model_package.$": package, "previous.$": _CURRENT}
    # An event can come twice; the second time would make the model its own predecessor.
    change = (
        _put(scope, "Keep it as previous", previous, _CURRENT)
        .next(_put(scope, "Make it current", current, package))
        .next(_tell(scope, PROMOTED, told))
        .next(sfn.Succeed(scope, "Promoted"))
    )
    already = sfn.Condition.string_equals_json_path(package, _CURRENT)
    decide = sfn.Choice(scope, "Already?").when(already, sfn.Succeed(scope, "Nothing to do")).otherwise(change)
    return _get(scope, "Read the current", current, _CURRENT).next(decide)


def rollback_steps(scope: Construct, current: str, previous: str) -> sfn.IChainable:
    """
    Return the definition that takes the current model back.

    Args:
        scope: The construct that the steps belong to.
        current: Name of the parameter of the current model.
        previous: Name of the parameter of the one before.
    """
    reject = _task(
        scope,
        "Reject",
        "sagemaker:updateModelPackage",
        {
            "ModelPackageArn.$": _CURRENT,
            "ModelApprovalStatus": "Rejected",
            "ApprovalDescription": "taken back by an alarm",
        },
    )
    told = {"model_package.$": _PREVIOUS, "rejected.$": _CURRENT}
    # Forgotten, so that a second alarm does not bring the bad one back.
    change = (
        _get(scope, "Read the current", current, _CURRENT)
        .next(reject)
        .next(_put(scope, "Make it current", current, _PREVIOUS))
        .next(_put(scope, "Forget the previous", previous, None))
        .next(_tell(scope, ROLLED_BACK, told))
        .next(sfn.Succeed(scope, "Rolled back"))
    )
    nothing = sfn.Fail(
        scope, "Nothing before", error="NothingToRollBackTo", cause="no model served before the current one"
    )
    decide = sfn.Choice(scope, "Any?").when(sfn.Condition.string_equals(_PREVIOUS, NONE), nothing).otherwise(change)
    return _get(scope, "Read the previous", previous, _PREVIOUS).next(decide)


def _get(scope: Construct, id: str, name: str, path: str) -> sfn.CustomState:
    state = _state(scope, "ssm:getParameter", {"Name": name})
    return sfn.CustomState(
        scope,
        id,
        state_json={
            **state,
            "ResultSelector": {"value.$": "$.Parameter.Value"},
            "ResultPath": path.removesuffix(".value"),
        },
    )


def _put(scope: Construct, id: str, name: str, path: str | None) -> sfn.CustomState:
    value = {"Value": NONE} if path is None else {"Value.$": path}
    return _task(scope, id, "ssm:putParameter", {"Name": name, "Overwrite": True, **value})


def _tell(scope: Construct, kind: str, detail: Mapping[str, str]) -> sfn.CustomState:
    entry = {"Source": SOURCE, "DetailType": kind, "Detail": detail}
    resource = f"arn:{Stack.of(scope).partition}:states:::events:putEvents"
    return sfn.CustomState(
        scope,
        "Tell",
        state_json={
            "Type": "Task",
            "Resource": resource,
            "Parameters": {"Entries": [entry]},
            "ResultPath": _ASIDE,
            "Retry": _RETRY,
        },
    )


def _task(scope: Construct, id: str, call: str, parameters: Mapping[str, Any]) -> sfn.CustomState:
    return sfn.CustomState(scope, id, state_json={**_state(scope, call, parameters), "ResultPath": _ASIDE})


def _state(scope: Construct, call: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:{Stack.of(scope).partition}:states:::aws-sdk:{call}",
        "Parameters": parameters,
        "Retry": _RETRY,
    }


_RETRY = [
    {
        "ErrorEquals": ["States.TaskFailed"],
        "IntervalSeconds": 2,
        "MaxAttempts": 4,
        "BackoffRate": 1.5,
        "JitterStrategy": "FULL",
    }
]
