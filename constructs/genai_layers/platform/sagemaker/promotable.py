"""What a promotion has to know of an endpoint or a component to put another model in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

_AT_ONCE = {
    "blueGreenUpdatePolicy": {"trafficRoutingConfiguration": {"type": "ALL_AT_ONCE", "waitIntervalInSeconds": 0}}
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotable:
    """
    A place where a model serves, as `genai_layers.jobs` takes it; `DedicatedEndpoint` and `ModelComponent` give theirs.

    The template owns machines, network, role, key and alarms; whoever promotes owns which model serves.

    Attributes:
        endpoint_name: Endpoint that is changed, or that the component belongs to.
        component_name: Component that is changed; None for the endpoint itself.
        changed_arn: ARN of what is changed.
        starting: What the template serves: its endpoint configuration, or the model of its component.
        starting_arn: Its ARN, where it is a configuration; None for a component.
        config_members: What the configuration says besides its variants, as the API calls it.
        update: How a change reaches the callers, watched by the alarms, and what else an update must say.
        go_back: The same for a way back, which alarms that are still on must not stop.
        key: Key of the volumes.
        execution_role: Role of the models.
        vpc_config: Network of the models.
        is_isolated: Containers have no network.
        rollback_alarms: Alarms that take a change back.
        faults: Why nobody but the template can change its model.
    """

    endpoint_name: str
    component_name: str | None
    changed_arn: str
    starting: str
    starting_arn: str | None
    config_members: Sequence[str]
    update: Mapping[str, object]
    go_back: Mapping[str, object]
    key: kms.IKey
    execution_role: iam.IRole
    vpc_config: Mapping[str, object]
    is_isolated: bool
    rollback_alarms: Sequence[cloudwatch.IAlarm]
    faults: Sequence[str] = ()


def one_model_faults(models: int) -> list[str]:
    """
    Return why a place with *models* models cannot be changed.

    Args:
        models: How many models its instance types need.
    """
    if models == 1:
        return []
    return [
        f"its instance types need {models} different models, and a model package has one container: choose instance "
        "types on which the model is the same"
    ]


def endpoint_update(deployment: Mapping[str, object]) -> dict[str, object]:
    """
    Return what an update of an endpoint says besides names; the count of machines is what scaling made it.

    Args:
        deployment: Its deployment configuration.
    """
    return {"retainAllVariantProperties": True, "deploymentConfig": deployment}


def endpoint_return() -> dict[str, object]:
    """Return the same for the way back: at once, and watched by nobody, since the alarms are on already."""
    return {"retainAllVariantProperties": True, "deploymentConfig": _AT_ONCE}
