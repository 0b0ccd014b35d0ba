"""Nodes that fall ill are told, counted and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from cluster_estate import Cluster

from genai_layers import testing
from genai_layers.jobs.training_cluster import TrainingCluster
from genai_layers.operations import IMeteredTrainingCluster
from genai_layers.operations.training_watches import TRAINING_CLUSTER
from tests.event_patterns import event_matches

pytestmark = pytest.mark.synth

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    """Template of a cluster."""
    return testing.template(Cluster().stack)


@pytest.mark.parametrize(
    ("kind", "detail", "matches"),
    [
        ("Node Health Event", {"HealthSummary": {"HealthStatus": "Unhealthy"}}, ["IllNodes"]),
        ("Node Health Event", {"HealthSummary": {"HealthStatus": "Healthy"}}, []),
        ("State Change", {"ClusterStatus": "Failed"}, ["FailedChanges"]),
        ("State Change", {"ClusterStatus": "RollingBack"}, ["FailedChanges"]),
        ("State Change", {"ClusterStatus": "InService"}, []),
    ],
)
def test_somebody_hears_of_a_node_that_falls_ill_and_of_a_change_that_fails(
    template: dict[str, Any], kind: str, detail: dict[str, Any], matches: list[str]
) -> None:
    """Events of this cluster as the service sends them, told to the topic; one for the better is told to nobody."""
    rules = testing.resources(template, "AWS::Events::Rule")
    arn = f"arn:aws:sagemaker:us-east-1:{testing.ACCOUNT}:cluster/abcdefghijkl"
    event = {
        "source": "aws.sagemaker",
        "detail-type": f"SageMaker HyperPod Cluster {kind}",
        "resources": [arn],
        "detail": detail,
    }
    patterns = {name: _with_arn(rule["Properties"]["EventPattern"], arn) for name, rule in rules.items()}
    told = [name for name, pattern in patterns.items() if event_matches(pattern, event)]

    assert [name.removeprefix("Cluster")[: len(each)] for name, each in zip(told, matches, strict=True)] == matches
    assert all("Monitoring" in str(rules[name]["Properties"]["Targets"][0]["Arn"]) for name in told)
    assert not any(event_matches(pattern, {**event, "resources": ["another"]}) for pattern in patterns.values())


def test_somebody_else_can_act_on_every_change_of_a_node_s_health() -> None:
    """For better or worse, and of this cluster only."""
    cluster = Cluster()
    cluster.made.on_node_health("Changed", targets.SnsTopic(sns.Topic(cluster.stack, "Topic")))
    rules = testing.resources(testing.template(cluster.stack), "AWS::Events::Rule")
    (rule,) = [each for name, each in rules.items() if name.startswith("ClusterChanged")]

    assert rule["Properties"]["EventPattern"]["detail-type"] == ["SageMaker HyperPod Cluster Node Health Event"]
    assert rule["Properties"]["EventPattern"]["resources"][0]["Fn::GetAtt"][1] == "ClusterArn"
    assert "detail" not in rule["Properties"]["EventPattern"]


def test_nodes_have_alarms_and_a_row_of_the_dashboard() -> None:
    """On what the rules of the cluster count."""
    cluster = Cluster()
    cluster.monitoring.monitor_training_cluster(cluster.made)
    template = testing.template(cluster.stack)
    rules = testing.resources(template, "AWS::Events::Rule")
    alarms = [each["Properties"] for each in testing.resources(template, "AWS::CloudWatch::Alarm").values()]
    (board,) = testing.resources(template, "AWS::CloudWatch::Dashboard").values()

    counted = {each["Dimensions"][0]["Value"]["Ref"] for each in alarms}
    assert {(each["Namespace"], each["MetricName"]) for each in alarms} == {("AWS/Events", "MatchedEvents")}
    assert counted == {name for name in rules if "IllNodes" in name or "FailedChanges" in name}
    assert "## HyperPod" in str(board["Properties"]["DashboardBody"])


def test_every_alarm_of_the_nodes_is_on_the_page() -> None:
    """With its threshold, its periods and what it means."""
    assert issubclass(TrainingCluster, IMeteredTrainingCluster)
    for row in TRAINING_CLUSTER.alarms:
        line = (
            f"| `monitor_training_cluster` | `{row.id}` | {row.threshold:.10g} in {row.periods} × "  # noqa: RUF001
            f"{row.minutes} min | {row.means} |"
        )
        assert line in PAGE, row.id


def _with_arn(pattern: dict[str, Any], arn: str) -> dict[str, Any]:
    return {**pattern, "resources": [arn]} if pattern["resources"][0]["Fn::GetAtt"][1] == "ClusterArn" else pattern
