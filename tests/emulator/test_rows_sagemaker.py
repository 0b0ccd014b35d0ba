"""An endpoint of ours is made, moved over, taken back, replaced and removed by CloudFormation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hosting_stack import hosting, name_of

from tools.local_cloud.inventory import everything
from tools.local_cloud.stack import StackFailedError

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = pytest.mark.emulator

# moto knows no accelerated machine that is younger than 2020.
FIRST, SECOND = "ml.c5.xlarge", "ml.c5.2xlarge"


@pytest.fixture(scope="module")
def small() -> dict[str, Any]:
    """The first version of the stack."""
    return hosting(machine=FIRST)


def _machine(clients: Clients, config: str) -> str:
    described = clients("sagemaker").describe_endpoint_config(EndpointConfigName=config)
    machine: str = described["ProductionVariants"][0]["InstanceType"]
    return machine


def _configs(clients: Clients) -> set[str]:
    listed = clients("sagemaker").list_endpoint_configs()["EndpointConfigs"]
    return {each["EndpointConfigName"] for each in listed}


def test_an_endpoint_moves_over_to_a_new_configuration_and_the_old_one_goes(
    stack: HandmadeStack, clients: Clients, small: dict[str, Any]
) -> None:
    """The name stays, the machine changes, and nothing of the old version is left."""
    first = stack.deploy(small, name_of(small))

    second_version = hosting(machine=SECOND, weights="bge-tuned")
    second = stack.deploy(second_version, name_of(second_version))

    described = clients("sagemaker").describe_endpoint(EndpointName=first["Endpoint"])
    assert first["Endpoint"] == second["Endpoint"]
    assert described["EndpointConfigName"] == second["Config"] != first["Config"]
    assert _machine(clients, second["Config"]) == SECOND
    assert first["Config"] not in _configs(clients)
    target = f"endpoint/{second['Endpoint']}/variant/model"
    (scaled,) = clients("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[target]
    )["ScalableTargets"]
    assert (scaled["MinCapacity"], scaled["MaxCapacity"]) == (2, 4)


def test_a_change_that_fails_later_leaves_the_endpoint_where_it_was(
    stack: HandmadeStack, clients: Clients, small: dict[str, Any]
) -> None:
    """CloudFormation takes the new configuration back, and the endpoint answers from the old machine."""
    first = stack.deploy(small, name_of(small))
    changed = hosting(machine=SECOND)
    (endpoint,) = [name for name, each in changed.items() if each["Type"] == "AWS::SageMaker::Endpoint"]
    # Nobody has a budget without a limit; it comes after the endpoint has moved.
    changed["Broken"] = {
        "Type": "AWS::Budgets::Budget",
        "DependsOn": [endpoint],
        "Properties": {"Budget": {"BudgetType": "NONE", "TimeUnit": "NEVER"}},
    }

    configs = _configs(clients)
    with pytest.raises(StackFailedError, match="Broken"):
        stack.deploy(changed, name_of(changed))

    described = clients("sagemaker").describe_endpoint(EndpointName=first["Endpoint"])
    assert described["EndpointStatus"] == "InService"
    assert _machine(clients, described["EndpointConfigName"]) == FIRST
    assert _configs(clients) == configs


def test_another_id_makes_another_endpoint_and_removes_the_first(
    stack: HandmadeStack, clients: Clients, small: dict[str, Any]
) -> None:
    """A replacement has a name of its own, so both stand for a while."""
    first = stack.deploy(small, name_of(small))

    other = hosting(machine=FIRST, id="Answers")
    second = stack.deploy(other, name_of(other))

    names = {each["EndpointName"] for each in clients("sagemaker").list_endpoints()["Endpoints"]}
    assert second["Endpoint"] in names
    assert first["Endpoint"] not in names


def test_nothing_of_a_deleted_endpoint_is_left(stack: HandmadeStack, clients: Clients, small: dict[str, Any]) -> None:
    """Endpoint, configuration, models, roles, logs and alarms go with the stack."""
    before = everything(clients)
    stack.deploy(small, name_of(small))
    kinds = {thing.kind for thing in everything(clients) - before}

    stack.delete()

    assert {"SageMaker endpoint", "SageMaker configuration", "SageMaker model", "scalable target"} <= kinds
    assert {thing for thing in everything(clients) - before if "key" not in thing.kind.lower()} == set()
