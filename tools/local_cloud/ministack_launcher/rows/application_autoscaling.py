"""What Application Auto Scaling scales, when, and by what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.read import answered, given, joined, part
from tools.local_cloud.ministack_launcher.row import Call, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tools.local_cloud.ministack_launcher.row import Resource

_MOST_ACTIONS = 4


def _target(resource: Resource) -> Mapping[str, Any]:
    """The three names by which the API knows a target, which CloudFormation joins into one id."""
    return {
        "ResourceId": part(0)(resource),
        "ScalableDimension": part(1)(resource),
        "ServiceNamespace": part(2)(resource),
    }


def _target_of(resource: Resource) -> Mapping[str, Any]:
    resource_id, dimension, namespace = str(resource.properties["ScalingTargetId"]).split("|")
    return {"ResourceId": resource_id, "ScalableDimension": dimension, "ServiceNamespace": namespace}


def _policy(resource: Resource) -> Mapping[str, Any]:
    kept = {name: value for name, value in resource.properties.items() if name != "ScalingTargetId"}
    return {**kept, **_target_of(resource)}


def _has_action(number: int) -> Callable[[Resource], bool]:
    return lambda resource: len(resource.properties.get("ScheduledActions") or []) > number


def _action(number: int) -> Callable[[Resource], Mapping[str, Any]]:
    return lambda resource: {**resource.properties["ScheduledActions"][number], **_target(resource)}


def _its_name(number: int) -> Callable[[Resource], Mapping[str, Any]]:
    return lambda resource: {
        "ScheduledActionName": resource.properties["ScheduledActions"][number]["ScheduledActionName"],
        **_target(resource),
    }


ROWS = (
    Row(
        type="AWS::ApplicationAutoScaling::ScalableTarget",
        service="application-autoscaling",
        create=Call("RegisterScalableTarget"),
        consumed=frozenset({"ScheduledActions"}),
        physical_id=joined(given("ResourceId"), given("ScalableDimension"), given("ServiceNamespace")),
        attributes={"Id": joined(given("ResourceId"), given("ScalableDimension"), given("ServiceNamespace"))},
        settle=tuple(
            Call("PutScheduledAction", _action(number), _has_action(number)) for number in range(_MOST_ACTIONS)
        ),
        update=Call("RegisterScalableTarget"),
        replaces=frozenset({"ResourceId", "ScalableDimension", "ServiceNamespace"}),
        delete=(
            *(Call("DeleteScheduledAction", _its_name(number), _has_action(number)) for number in range(_MOST_ACTIONS)),
            Call("DeregisterScalableTarget", _target),
        ),
    ),
    Row(
        type="AWS::ApplicationAutoScaling::ScalingPolicy",
        service="application-autoscaling",
        create=Call("PutScalingPolicy", _policy),
        physical_id=answered("PolicyARN"),
        attributes={"Arn": answered("PolicyARN")},
        update=Call("PutScalingPolicy", _policy),
        replaces=frozenset({"PolicyName", "ScalingTargetId"}),
        delete=(
            Call(
                "DeleteScalingPolicy",
                lambda r: {"PolicyName": r.properties["PolicyName"], **_target_of(r)},
            ),
        ),
    ),
)
