"""Fleets that may have no machine, made, woken, changed and deleted in the local cloud."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from genai_layers import testing
from genai_layers.inference import AcceleratorFleet, HostImage, Hours, ScaleToZero
from genai_layers.inference.ecs import ContainerFleet
from tools.local_cloud.inventory import everything

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients
    from tools.local_cloud.stack import HandmadeStack

pytestmark = [pytest.mark.emulator, pytest.mark.synth]

HOURS = Hours(opens="07:30", closes="19:00", time_zone="Europe/Berlin")
IMAGE = HostImage.pinned({testing.REGION: "ami-0123456789abcdef0"}, cuda="13.0")


def resources(kind: type[AcceleratorFleet | ContainerFleet], **changed: Any) -> dict[str, Any]:
    """The resources of a template with one fleet in a network of its own."""
    stack = testing.stack()
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        max_azs=2,
        restrict_default_security_group=False,
        subnet_configuration=[ec2.SubnetConfiguration(name="private", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
    )
    kind(
        stack,
        "Fleet",
        **{
            "vpc": vpc,
            "subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            "key": kms.Key(stack, "Key", removal_policy=cdk.RemovalPolicy.DESTROY),
            "model": "llama-3.1-8b",
            "weights": s3.Bucket(stack, "Weights", removal_policy=cdk.RemovalPolicy.DESTROY),
            "weights_prefix": "llama-3.1-8b",
            "access_logs": s3.Bucket(stack, "AccessLogs", removal_policy=cdk.RemovalPolicy.DESTROY),
            "log_retention": logs.RetentionDays.ONE_YEAR,
            "machine_image": IMAGE,
            "plaintext_reason": "a network of the local cloud that nobody else is in",
            "scale_to_zero": ScaleToZero.outside(HOURS, idle=cdk.Duration.minutes(45)),
            "removal_policy": cdk.RemovalPolicy.DESTROY,
            **changed,
        },
    )
    found: dict[str, Any] = testing.template(stack)["Resources"]
    return found


def of_type(stack: HandmadeStack, made: dict[str, Any], type: str, part: str = "") -> str:
    """The physical id of the one resource of *type* with *part* in its logical id."""
    (name,) = [name for name, body in made.items() if body["Type"] == type and part in name]
    return stack.physical_ids()[name]


def test_tasks_are_made_woken_changed_and_deleted(stack: HandmadeStack, clients: Clients) -> None:
    """An update brings a new task definition and keeps the tasks that a request has woken."""
    before = everything(clients)
    made = resources(ContainerFleet)
    stack.deploy(made)
    cluster, service = of_type(stack, made, "AWS::ECS::Cluster"), of_type(stack, made, "AWS::ECS::Service")
    ecs, scaling = clients("ecs"), clients("application-autoscaling")
    name = service.rpartition("/")[2]
    first = ecs.describe_services(cluster=cluster, services=[name])["services"][0]

    ecs.update_service(cluster=cluster, service=name, desiredCount=2)
    changed = resources(ContainerFleet, max_model_len=4096, max_machines=3)
    stack.deploy(changed)
    second = ecs.describe_services(cluster=cluster, services=[name])["services"][0]

    assert second["taskDefinition"] != first["taskDefinition"]
    assert second["desiredCount"] == 2
    assert second["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (0, 3)
    actions = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    assert {(action["Schedule"], action["Timezone"]) for action in actions} == {
        ("cron(30 7 ? * MON,TUE,WED,THU,FRI *)", "Europe/Berlin"),
        ("cron(0 19 ? * MON,TUE,WED,THU,FRI *)", "Europe/Berlin"),
    }
    policies = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    assert {policy["PolicyName"] for policy in policies} == {"ToZero", "Wake", "WaitingRequests", "CacheUse"}
    wake = next(policy["PolicyARN"] for policy in policies if policy["PolicyName"] == "Wake")
    alarm = clients("cloudwatch").describe_alarms(
        AlarmNames=[of_type(stack, changed, "AWS::CloudWatch::Alarm", "AskedInVain")]
    )["MetricAlarms"][0]
    assert alarm["AlarmActions"] == [wake]
    provider = of_type(stack, changed, "AWS::ECS::CapacityProvider")
    assert ecs.describe_clusters(clusters=[cluster])["clusters"][0]["capacityProviders"] == [provider]

    stack.delete()
    assert sorted(everything(clients) - before) == []
    assert scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []


def test_machines_are_made_changed_and_deleted(stack: HandmadeStack, clients: Clients) -> None:
    """Schedule, orders and alarms belong together, and nothing is left of them; the number is the template tests'."""
    before = everything(clients)
    made = resources(AcceleratorFleet)
    stack.deploy(made)
    group = of_type(stack, made, "AWS::AutoScaling::AutoScalingGroup")
    autoscaling = clients("autoscaling")

    changed = resources(AcceleratorFleet, max_model_len=4096, max_machines=3)
    stack.deploy(changed)

    (stands,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
    assert (stands["MinSize"], stands["MaxSize"]) == (1, 3)
    actions = autoscaling.describe_scheduled_actions(AutoScalingGroupName=group)["ScheduledUpdateGroupActions"]
    assert {(action["Recurrence"], action["MinSize"], action["TimeZone"]) for action in actions} == {
        ("30 7 * * MON,TUE,WED,THU,FRI", 1, "Europe/Berlin"),
        ("0 19 * * MON,TUE,WED,THU,FRI", 0, "Europe/Berlin"),
    }
    policies = autoscaling.describe_policies(AutoScalingGroupName=group)["ScalingPolicies"]
    orders = {
        policy["AdjustmentType"]: policy["ScalingAdjustment"] for policy in policies if "ScalingAdjustment" in policy
    }
    assert orders == {"ExactCapacity": 0, "ChangeInCapacity": 1}
    idle = clients("cloudwatch@moto").describe_alarms(
        AlarmNames=[of_type(stack, changed, "AWS::CloudWatch::Alarm", "NobodyAsks")]
    )["MetricAlarms"][0]
    assert [policy["ScalingAdjustment"] for policy in policies if policy["PolicyARN"] in idle["AlarmActions"]] == [0]
    assert "FILL(SUM(" in json.dumps(idle["Metrics"])

    stack.delete()
    assert sorted(everything(clients) - before) == []
