"""What clusters of Kubernetes and their nodes cost while they idle."""

from __future__ import annotations

import json
from typing import Any

import pytest

from genai_layers.cost import idle_floor
from genai_layers.cost.fleets import fleets


def _joined(value: object) -> dict[str, Any]:
    # As the CDK writes it: one value in the middle is known to the deploy only.
    text = json.dumps(value)
    return {"Fn::Join": ["", [text[:1], *text[1:].partition('"known-later"')[:1], '"', {"Ref": "Later"}, '"',
                              text[1:].partition('"known-later"')[2]]]}  # fmt: skip


def _pool(name: str, *types: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": "NodeClass",
            "metadata": {"name": name},
            "spec": {"role": "known-later", "ephemeralStorage": {"size": "140Gi", "iops": 3000, "throughput": 500}},
        },
        {
            "kind": "NodePool",
            "metadata": {"name": name},
            "spec": {
                "template": {
                    "spec": {
                        "nodeClassRef": {"name": name},
                        "requirements": [{"key": "node.kubernetes.io/instance-type", "values": list(types)}],
                    }
                }
            },
        },
    ]


@pytest.fixture
def cluster_template() -> dict[str, Any]:
    """A cluster with what scales it on a small node, and a fleet of two pods with accelerators."""
    arguments = ["--served-model-name", "llama-3.1-8b", "--max-model-len", "4096"]
    model = {"replicaCount": 2, "repository": "known-later", "vllmConfig": {"extraArgs": arguments}}
    engine = {"servingEngineSpec": {"modelSpec": [{**model, "tolerations": [{"value": "fleet"}]}]}}
    return {
        "Resources": {
            "Cluster": {
                "Type": "AWS::EKS::Cluster",
                "Properties": {"ComputeConfig": {"Enabled": True}, "UpgradePolicy": {"SupportType": "STANDARD"}},
            },
            "Small": {
                "Type": "Custom::AWSCDK-EKS-KubernetesResource",
                "Properties": {"Manifest": _joined(_pool("system", "t3.medium"))},
            },
            "Large": {
                "Type": "Custom::AWSCDK-EKS-KubernetesResource",
                "Properties": {"Manifest": _joined(_pool("fleet", "g6.xlarge", "g5.xlarge"))},
            },
            "Keda": {
                "Type": "Custom::AWSCDK-EKS-HelmChart",
                "Properties": {"Values": json.dumps({"nodeSelector": {"genai-layers/pool": "system"}})},
            },
            "Engines": {"Type": "Custom::AWSCDK-EKS-HelmChart", "Properties": {"Values": _joined(engine)}},
        }
    }


def lines(template: dict[str, Any], logical_id: str) -> list[str]:
    """What the report says of one resource."""
    report = idle_floor({"Stack": template}, "us-east-1")
    return [line.what for line in report.lines if line.logical_id == logical_id]


def test_a_cluster_costs_its_control_plane_and_what_auto_mode_takes_is_said(cluster_template: dict[str, Any]) -> None:
    """The share of each node has no price in the catalog, and is not passed over."""
    report = idle_floor({"Stack": cluster_template}, "us-east-1")

    assert [line.usd_per_month for line in report.lines if line.logical_id == "Cluster"] == [73]
    assert [item.what for item in report.unpriced if item.logical_id == "Cluster"] == [
        "Auto Mode, a share of the price of each node"
    ]


def test_a_cluster_that_slides_into_extended_support_is_told_what_that_costs(cluster_template: dict[str, Any]) -> None:
    """It happens without a change of the template."""
    del cluster_template["Resources"]["Cluster"]["Properties"]["UpgradePolicy"]

    report = idle_floor({"Stack": cluster_template}, "us-east-1")

    (line,) = [line for line in report.lines if line.logical_id == "Cluster"]
    assert "six times as much" in line.note


def test_pods_with_accelerators_cost_a_node_each(cluster_template: dict[str, Any]) -> None:
    """Nodes stand in a manifest, which no template prices by itself."""
    first, *volume = lines(cluster_template, "Engines")

    assert first == "2 x g6.xlarge, the first of 2 types"
    assert volume == ["2 x 140 GB gp3", "2 x Throughput above 125"]


def test_what_scales_them_costs_one_small_node(cluster_template: dict[str, Any]) -> None:
    """It is there whether anybody asks or not; a type that the catalog has no price for is said to have none."""
    report = idle_floor({"Stack": cluster_template}, "us-east-1")

    assert lines(cluster_template, "Keda")[0] == "1 x 140 GB gp3"
    assert [item.what for item in report.unpriced if item.logical_id == "Keda"] == ["1 x t3.medium"]


def test_a_fleet_without_pods_costs_nothing(cluster_template: dict[str, Any]) -> None:
    """And the report says what would come."""
    properties = cluster_template["Resources"]["Engines"]["Properties"]
    parts = properties["Values"]["Fn::Join"][1]
    properties["Values"]["Fn::Join"][1] = [
        part.replace('"replicaCount": 2', '"replicaCount": 0') if isinstance(part, str) else part for part in parts
    ]

    report = idle_floor({"Stack": cluster_template}, "us-east-1")

    assert lines(cluster_template, "Engines") == []
    assert [item.what for item in report.usage] == ["no node until asked, then g6.xlarge"]


def test_the_model_of_pods_is_found(cluster_template: dict[str, Any]) -> None:
    """So that the price of its tokens is in the report."""
    (found,) = fleets({"Stack": cluster_template})

    assert (found.logical_id, found.model, found.max_model_len) == ("Engines", "llama-3.1-8b", 4096)
    assert found.instance_type == "g6.xlarge"


def test_what_cannot_be_read_costs_nothing_and_breaks_nothing(cluster_template: dict[str, Any]) -> None:
    """Any app may hand anything to a cluster."""
    for name, given in (("Keda", {"Ref": "Later"}), ("Engines", "{not json")):
        cluster_template["Resources"][name]["Properties"]["Values"] = given
    cluster_template["Resources"]["Large"]["Properties"]["Manifest"] = json.dumps({"kind": "Pod"})

    assert lines(cluster_template, "Keda") == lines(cluster_template, "Engines") == []
