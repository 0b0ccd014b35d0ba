"""What machines that are prepared beforehand cost while nobody uses them."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from genai_layers.cost import Report, idle_floor

MAPPED = [
    {"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "gp3", "VolumeSize": 140, "Throughput": 500}},
    {"DeviceName": "/dev/sdf", "Ebs": {"VolumeType": "gp3", "VolumeSize": 60, "SnapshotId": "snap-0123456789abcdef0"}},
]


@pytest.fixture
def template() -> dict[str, Any]:
    """A group at zero with two warm machines, each with a data volume from a snapshot."""
    return {
        "Resources": {
            "Template": {
                "Type": "AWS::EC2::LaunchTemplate",
                "Properties": {
                    "LaunchTemplateData": {"InstanceType": "g6.xlarge", "BlockDeviceMappings": deepcopy(MAPPED)}
                },
            },
            "Group": {
                "Type": "AWS::AutoScaling::AutoScalingGroup",
                "Properties": {"MinSize": "0", "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}}},
            },
            "Pool": {
                "Type": "AWS::AutoScaling::WarmPool",
                "Properties": {"AutoScalingGroupName": {"Ref": "Group"}, "MinSize": 2, "PoolState": "Stopped"},
            },
        }
    }


def report(template: dict[str, Any]) -> Report:
    """Return the floor of *template*."""
    return idle_floor({"Stack": template}, "us-east-1")


def test_a_stopped_machine_costs_its_volumes_and_the_snapshot_is_paid_once(template: dict[str, Any]) -> None:
    """No hour of the machine itself, and one snapshot however many volumes are made of it."""
    found = report(template)

    volumes = 2 * (Decimal(140) * Decimal("0.08") + Decimal(375) * Decimal("0.04") + Decimal(60) * Decimal("0.08"))
    assert found.unpriced == ()
    assert found.usd_per_month == volumes + Decimal(60) * Decimal("0.05")
    assert not [line for line in found.lines if line.price.line.startswith("ec2:")]


def test_machines_that_run_and_machines_that_wait_share_one_snapshot(template: dict[str, Any]) -> None:
    """It is stored once, whoever reads it."""
    template["Resources"]["Group"]["Properties"]["MinSize"] = "1"

    assert [line.price.line for line in report(template).lines].count("ebs:snapshot") == 1


def test_a_promised_rate_is_told_apart_since_it_has_no_price_here(template: dict[str, Any]) -> None:
    """It is paid at each launch, so the floor is not zero and not known."""
    data = template["Resources"]["Template"]["Properties"]["LaunchTemplateData"]
    data["BlockDeviceMappings"][1]["Ebs"] |= {"VolumeInitializationRate": 300}

    (unknown,) = report(template).unpriced

    assert "initialization of 60 GB at 300 MiB a second" in str(unknown)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"PoolState": "Running"}, "its machines run"), ({"MinSize": {"Ref": "Size"}}, "its size or its launch template")],
)
def test_what_the_template_does_not_say_is_not_guessed(
    template: dict[str, Any], changed: dict[str, Any], reason: str
) -> None:
    """A pool of running machines costs as much as the group's, and one of unknown size anything."""
    template["Resources"]["Pool"]["Properties"] |= changed

    (unknown,) = report(template).unpriced

    assert reason in str(unknown)
