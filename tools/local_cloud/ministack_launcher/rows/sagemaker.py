"""SageMaker hosting and its scaling, which moto has and MiniStack lacks."""

from __future__ import annotations

from tools.local_cloud.ministack_launcher.read import answered, given, identity, part, send
from tools.local_cloud.ministack_launcher.row import Call, Name, Resource, Row

_NAME_CHARACTERS = 63


def _target_id(resource: Resource) -> str:
    names = ("ResourceId", "ScalableDimension", "ServiceNamespace")
    return "|".join(str(resource.properties[name]) for name in names)


def _of_target(resource: Resource) -> dict[str, str]:
    target = str(resource.properties["ScalingTargetId"]).split("|")
    return dict(zip(("ResourceId", "ScalableDimension", "ServiceNamespace"), target, strict=True))


def _policy(resource: Resource) -> dict[str, object]:
    kept = {name: value for name, value in resource.properties.items() if name != "ScalingTargetId"}
    return {**kept, **_of_target(resource)}


_SAME_TARGET = frozenset({"ResourceId", "ScalableDimension", "ServiceNamespace"})

ROWS = (
    # All of a model and of a configuration is create-only.
    Row(
        type="AWS::SageMaker::Model",
        service="sagemaker",
        name=Name("ModelName", _NAME_CHARACTERS),
        create=Call("CreateModel"),
        physical_id=answered("ModelArn"),
        attributes={"ModelName": given("ModelName"), "Id": identity},
        update=None,
        delete=(Call("DeleteModel", send(ModelName=lambda r: r.physical_id.rpartition("/")[2])),),
    ),
    Row(
        type="AWS::SageMaker::EndpointConfig",
        service="sagemaker",
        name=Name("EndpointConfigName", _NAME_CHARACTERS),
        create=Call("CreateEndpointConfig"),
        physical_id=answered("EndpointConfigArn"),
        attributes={"EndpointConfigName": given("EndpointConfigName"), "Id": identity},
        update=None,
        delete=(Call("DeleteEndpointConfig", send(EndpointConfigName=lambda r: r.physical_id.rpartition("/")[2])),),
    ),
    # moto 5.2.5 has no UpdateEndpoint; its CreateEndpoint of a name that is there moves the endpoint over, at once.
    Row(
        type="AWS::SageMaker::Endpoint",
        service="sagemaker",
        name=Name("EndpointName", _NAME_CHARACTERS),
        create=Call("CreateEndpoint"),
        physical_id=answered("EndpointArn"),
        attributes={"EndpointName": given("EndpointName"), "Id": identity},
        update=Call("CreateEndpoint"),
        replaces=frozenset({"EndpointName"}),
        delete=(Call("DeleteEndpoint", send(EndpointName=given("EndpointName"))),),
    ),
    Row(
        type="AWS::ApplicationAutoScaling::ScalableTarget",
        service="application-autoscaling",
        create=Call("RegisterScalableTarget"),
        physical_id=_target_id,
        attributes={"Id": identity},
        update=Call("RegisterScalableTarget"),
        replaces=_SAME_TARGET,
        consumed=frozenset({"ScheduledActions"}),
        delete=(
            Call(
                "DeregisterScalableTarget",
                send(ResourceId=part(0), ScalableDimension=part(1), ServiceNamespace=part(2)),
            ),
        ),
    ),
    Row(
        type="AWS::ApplicationAutoScaling::ScalingPolicy",
        service="application-autoscaling",
        create=Call("PutScalingPolicy", _policy),
        physical_id=answered("PolicyARN"),
        attributes={"Arn": identity},
        update=Call("PutScalingPolicy", _policy),
        replaces=frozenset({"PolicyName", "ScalingTargetId"}),
        delete=(Call("DeleteScalingPolicy", lambda r: {"PolicyName": r.properties["PolicyName"], **_of_target(r)}),),
    ),
)
