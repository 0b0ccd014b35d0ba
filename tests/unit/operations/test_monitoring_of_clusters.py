"""Alarms on a cluster of Kubernetes and on the fleet that stands on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from genai_layers import testing
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.inference.eks import KubernetesFleet, ModelCluster
from genai_layers.inference.eks.cluster_metrics import MeteredCluster
from genai_layers.operations import IMeteredCluster, IMeteredFleet, Monitoring
from genai_layers.operations.cluster_watches import CLUSTER

pytestmark = pytest.mark.synth

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")


class _Known:
    # All that the metrics of a cluster ask of it.
    cluster_name = "models-1a2b3c4d"


class _Cluster(MeteredCluster):
    cluster: Any = _Known()


@pytest.fixture(scope="module")
def alarms() -> dict[str, Any]:
    """Return the alarms of a cluster, by the name of their metric."""
    stack = testing.stack()
    key = EncryptionKey(stack, "Key", description="alarms", uses=[KeyUse.LOGS, *Monitoring.REQUIRED_KEY_USES])
    Monitoring(stack, "Monitoring", key=key.key).monitor_cluster(_Cluster())
    found = testing.resources(testing.template(stack), "AWS::CloudWatch::Alarm").values()
    return {alarm["Properties"]["MetricName"]: alarm["Properties"] for alarm in found}


@pytest.mark.parametrize(("kind", "offers"), [(ModelCluster, IMeteredCluster), (KubernetesFleet, IMeteredFleet)])
def test_cluster_and_fleet_offer_what_is_watched(kind: type, offers: Any) -> None:
    """A metric that is renamed there is missed here."""
    assert issubclass(kind, offers)


def test_alarms_ask_for_metrics_that_eks_writes(alarms: dict[str, Any]) -> None:
    """Under its own names, which the CDK knows as well."""
    assert set(alarms) == {"apiserver_request_total_5XX", "scheduler_pending_pods_UNSCHEDULABLE"}
    for alarm in alarms.values():
        assert alarm["Namespace"] == "AWS/EKS"
        assert alarm["Dimensions"] == [{"Name": "ClusterName", "Value": "models-1a2b3c4d"}]
        assert alarm["Statistic"] == "Sum"


def test_every_alarm_of_a_cluster_is_on_the_page() -> None:
    """With its threshold, its periods and what it means."""
    for row in CLUSTER.alarms:
        line = (
            f"| `monitor_cluster` | `{row.id}` | {row.threshold:.10g} in {row.periods} × "  # noqa: RUF001
            f"{row.minutes} min | {row.means} |"
        )
        assert line in PAGE, row.id
