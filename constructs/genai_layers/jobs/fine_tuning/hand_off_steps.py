"""
The steps of promotion, rollback and restoration; those in brackets are there where a deployment is part of it.

    promotion:   Read the current -> Already? -> [Deploy] -> Keep it as previous -> Make it current -> Tell
                                                     +--- taken back: Reject -> Tell -> Fail
    rollback:    [Under way?] -> Read both -> Any? -> Reject -> Make it current -> Forget the previous -> [Deploy]
    restoration: Read the current -> Any? -> [Deploy]
                                                 +--- taken back: Reject -> Forget the current -> Tell -> Fail
"""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from genai_layers.jobs.fine_tuning.api_states import ASIDE, RETRY, call
from genai_layers.jobs.fine_tuning.deployment_steps import DeploymentSteps

NONE = "none"
"""Value of a parameter that names no model yet; SSM takes no empty one."""

SOURCE = "genai-layers.fine-tuning"
PROMOTED, ROLLED_BACK = "Model Promoted", "Model Rolled Back"
"""Source and types of the events on the default bus."""

_CURRENT, _PREVIOUS = "$.current.value", "$.previous.value"


def promotion_steps(
    scope: Construct, current: str, previous: str, deployment: DeploymentSteps | None = None
) -> sfn.IChainable:
    """
    Return the definition that makes the approved model the current one.

    Args:
        scope: The construct that the steps belong to.
        current: Name of the parameter of the current model.
        previous: Name of the parameter of the one before.
        deployment: What puts it where it serves. Default: somebody else.
    """
    package = "$.detail.ModelPackageArn"
    told = {"model_package.$": package, "previous.$": _CURRENT}
    # An event can come twice; the second time would make the model its own predecessor.
    change: sfn.IChainable = (
        _put(scope, "Keep it as previous", previous, _CURRENT)
        .next(_put(scope, "Make it current", current, package))
        .next(_tell(scope, "Tell", PROMOTED, told))
        .next(sfn.Succeed(scope, "Promoted"))
    )
    if deployment is not None:
        refused = _refused(scope, package, _CURRENT)
        change = deployment.named(scope, "Name it", package).next(deployment.steps(scope, then=change, refused=refused))
    already = sfn.Condition.string_equals_json_path(package, _CURRENT)
    decide = sfn.Choice(scope, "Already?").when(already, sfn.Succeed(scope, "Nothing to do")).otherwise(change)
    return _get(scope, "Read the current", current, _CURRENT).next(decide)


def rollback_steps(
    scope: Construct, current: str, previous: str, deployment: DeploymentSteps | None = None
) -> sfn.IChainable:
    """
    Return the definition that takes the current model back.

    Args:
        scope: The construct that the steps belong to.
        current: Name of the parameter of the current model.
        previous: Name of the parameter of the one before.
        deployment: What puts the one before where it serves. Default: somebody else.
    """
    told = {"model_package.$": _PREVIOUS, "rejected.$": _CURRENT}
    tell = _tell(scope, "Tell", ROLLED_BACK, told)
    tell.next(sfn.Succeed(scope, "Rolled back"))
    # Forgotten, so that a second alarm does not bring the bad one back.
    forget = _put(scope, "Forget the previous", previous, None)
    change = _reject(scope, "Reject", _CURRENT).next(_put(scope, "Make it current", current, _PREVIOUS)).next(forget)
    nothing = sfn.Fail(
        scope, "Nothing before", error="NothingToRollBackTo", cause="no model served before the current one"
    )
    none_before = sfn.Condition.string_equals(_PREVIOUS, NONE)
    read = _get(scope, "Read the previous", previous, _PREVIOUS)
    read_current = _get(scope, "Read the current", current, _CURRENT)
    if deployment is None:
        forget.next(tell)
        decide = sfn.Choice(scope, "Any?").when(none_before, nothing).otherwise(read_current.next(change))
        return read.next(decide)
    # What is wanted is written down first: the endpoint's own event compares with it while the change goes on.
    unwatched = sfn.Fail(
        scope, "Not taken back", error="DeploymentFailed", cause="the model before does not serve; look at the endpoint"
    )
    back = deployment.steps(scope, then=tell, refused=unwatched, is_return=True)
    first = deployment.starting(scope, "Name the template's")
    first.next(back)
    named = deployment.named(scope, "Name the previous", _PREVIOUS)
    named.next(back)
    forget.next(sfn.Choice(scope, "Which one?").when(none_before, first).otherwise(named))
    none_now = sfn.Condition.string_equals(_CURRENT, NONE)
    decide = sfn.Choice(scope, "Any?").when(none_now, nothing).otherwise(change)
    read.next(read_current).next(decide)
    # An alarm in the middle of a change is about the model that is not current yet; the change itself goes back.
    ready = sfn.Condition.string_equals("$.now.status", "InService")
    by_itself = sfn.Succeed(scope, "The change goes back by itself")
    return deployment.look(scope, "Is a change under way?", "$.now").next(
        sfn.Choice(scope, "Under way?").when(ready, read).otherwise(by_itself)
    )


def restoration_steps(scope: Construct, current: str, deployment: DeploymentSteps) -> sfn.IChainable:
    """
    Return the definition that puts the current model back where a change of the template put its own.

    Args:
        scope: The construct that the steps belong to.
        current: Name of the parameter of the current model.
        deployment: What puts it there.
    """
    forget = _put(scope, "Forget the current", current, None)
    reject = _refused(scope, _CURRENT, None, before=forget)
    named = deployment.named(scope, "Name it", _CURRENT)
    named.next(deployment.steps(scope, then=sfn.Succeed(scope, "It serves"), refused=reject))
    none_now = sfn.Condition.string_equals(_CURRENT, NONE)
    decide = sfn.Choice(scope, "Any?").when(none_now, sfn.Succeed(scope, "Nothing to do")).otherwise(named)
    return _get(scope, "Read the current", current, _CURRENT).next(decide)


def _refused(scope: Construct, package: str, serving: str | None, before: sfn.CustomState | None = None) -> sfn.Chain:
    serves = {"model_package": NONE} if serving is None else {"model_package.$": serving}
    tell = _tell(scope, "Tell of the refusal", ROLLED_BACK, {**serves, "rejected.$": package})
    refused = _reject(scope, "Reject it", package).next(tell if before is None else before)
    if before is not None:
        before.next(tell)
    tell.next(
        sfn.Fail(scope, "Taken back", error="DeploymentRolledBack", cause="an alarm went off while the model came in")
    )
    return refused


def _reject(scope: Construct, id: str, package: str) -> sfn.CustomState:
    arguments = {
        "ModelPackageArn.$": package,
        "ModelApprovalStatus": "Rejected",
        "ApprovalDescription": "taken back by an alarm",
    }
    return call(scope, id, "sagemaker:updateModelPackage", arguments)


def _get(scope: Construct, id: str, name: str, path: str) -> sfn.CustomState:
    selected = {"value.$": "$.Parameter.Value"}
    return call(
        scope, id, "ssm:getParameter", {"Name": name}, selected=selected, result_path=path.removesuffix(".value")
    )


def _put(scope: Construct, id: str, name: str, path: str | None) -> sfn.CustomState:
    value = {"Value": NONE} if path is None else {"Value.$": path}
    return call(scope, id, "ssm:putParameter", {"Name": name, "Overwrite": True, **value})


def _tell(scope: Construct, id: str, kind: str, detail: Mapping[str, str]) -> sfn.CustomState:
    entry = {"Source": SOURCE, "DetailType": kind, "Detail": detail}
    state = {
        "Type": "Task",
        "Resource": f"arn:{Stack.of(scope).partition}:states:::events:putEvents",
        "Parameters": {"Entries": [entry]},
        "ResultPath": ASIDE,
        "Retry": RETRY,
    }
    return sfn.CustomState(scope, id, state_json=state)
