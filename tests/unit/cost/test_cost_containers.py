"""What machines under tasks of Amazon ECS cost while they idle."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from genai_layers.cost import idle_floor
from genai_layers.cost.fleets import fleets

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"


@pytest.fixture
def task_template(fleet_template: dict[str, Any]) -> dict[str, Any]:
    """The fleet, with no machine of its own accord, and a service that keeps three tasks on it."""
    template = copy.deepcopy(fleet_template)
    resources = template["Resources"]
    resources["Group"]["Properties"]["MinSize"] = "0"
    resources["Template"]["Properties"]["LaunchTemplateData"].pop("UserData")
    resources |= {
        "Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {}},
        "Capacity": {
            "Type": "AWS::ECS::CapacityProvider",
            "Properties": {"AutoScalingGroupProvider": {"AutoScalingGroupArn": {"Ref": "Group"}}},
        },
        "Task": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "ContainerDefinitions": [
                    {"Command": ["--served-model-name", "llama-3.1-8b", "--max-model-len", "4096"]}
                ]
            },
        },
        "Service": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "DesiredCount": 3,
                "TaskDefinition": {"Ref": "Task"},
                "CapacityProviderStrategy": [{"CapacityProvider": {"Ref": "Capacity"}}],
                "PlacementConstraints": [{"Type": "distinctInstance"}],
            },
        },
    }
    return template


def machines(template: dict[str, Any]) -> list[str]:
    """What the report says of the group's machines."""
    report = idle_floor({"Stack": template}, "us-east-1")
    return [line.what for line in report.lines if line.logical_id == "Group" and "xlarge" in line.what]


def test_a_group_costs_the_tasks_that_ecs_keeps_on_it(task_template: dict[str, Any]) -> None:
    """The group says zero, and the service has three all the same."""
    assert [what.split(",")[0] for what in machines(task_template)] == ["3 x g6.xlarge"]


def test_a_service_that_scales_costs_its_lower_bound(task_template: dict[str, Any]) -> None:
    """Without a number of its own it has what the scaling leaves it."""
    resources = task_template["Resources"]
    resources["Service"]["Properties"].pop("DesiredCount")
    resource_id = {"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/", {"Fn::GetAtt": ["Service", "Name"]}]]}
    resources["Scaling"] = {"Type": TARGET, "Properties": {"MinCapacity": 2, "ResourceId": resource_id}}

    assert [what.split(",")[0] for what in machines(task_template)] == ["2 x g6.xlarge"]


def test_a_service_without_tasks_costs_nothing(task_template: dict[str, Any]) -> None:
    """Nor do tasks that may share machines say how many there are."""
    shared = copy.deepcopy(task_template)
    shared["Resources"]["Service"]["Properties"].pop("PlacementConstraints")
    task_template["Resources"]["Service"]["Properties"]["DesiredCount"] = 0

    assert machines(task_template) == machines(shared) == []


def test_container_insights_are_said_to_have_no_price(task_template: dict[str, Any]) -> None:
    """They cost by the metric, which no template knows."""
    settings = [{"Name": "containerInsights", "Value": "enabled"}]
    task_template["Resources"]["Cluster"]["Properties"]["ClusterSettings"] = settings

    report = idle_floor({"Stack": task_template}, "us-east-1")

    assert [item.logical_id for item in report.unpriced] == ["Cluster"]


def test_the_model_of_tasks_is_found(task_template: dict[str, Any]) -> None:
    """So that the price of its tokens is in the report."""
    (found,) = fleets({"Stack": task_template})

    assert (found.logical_id, found.model, found.max_model_len) == ("Group", "llama-3.1-8b", 4096)
    assert found.instance_type == "g6.xlarge"


def test_the_price_of_a_machine_is_counted_once_for_each_task(task_template: dict[str, Any]) -> None:
    """Three machines are three times one."""
    one = copy.deepcopy(task_template)
    one["Resources"]["Service"]["Properties"]["DesiredCount"] = 1
    totals = [
        sum((line.usd_per_month for line in idle_floor({"S": each}, "us-east-1").lines if line.logical_id == "Group"),
            Decimal(0))
        for each in (one, task_template)
    ]  # fmt: skip

    assert totals[1] == 3 * totals[0]
