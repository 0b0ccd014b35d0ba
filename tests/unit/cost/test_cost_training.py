"""What stands beside trainings costs, while none runs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from genai_layers.cost import Report, idle_floor
from genai_layers.cost.items import HOURS_PER_MONTH


def report(kind: str, **properties: Any) -> Report:
    """Price one resource."""
    return idle_floor({"S": {"Resources": {"It": {"Type": kind, "Properties": properties}}}}, "us-east-1")


@pytest.mark.parametrize("size", [{}, {"TrackingServerSize": "Small"}])
def test_a_tracking_server_is_paid_by_the_hour(size: dict[str, str]) -> None:
    """Small is what CloudFormation makes of none."""
    found = report("AWS::SageMaker::MlflowTrackingServer", **size)

    assert found.usd_per_month == Decimal("0.60") * HOURS_PER_MONTH


def test_a_larger_tracking_server_is_told_as_unpriced() -> None:
    """Nothing is guessed from the small one."""
    found = report("AWS::SageMaker::MlflowTrackingServer", TrackingServerSize="Large")

    assert found.usd_per_month == 0
    assert "MLflow tracking server, Large" in str(found)


def test_an_mlflow_application_costs_nothing_idle() -> None:
    """Its artifacts are objects of a bucket."""
    assert report("AWS::SageMaker::MlflowApp").usd_per_month == 0


def test_a_cluster_is_paid_for_all_day() -> None:
    """Every machine of every group and its volume, with work or without."""
    group = {"InstanceGroupName": "workers", "InstanceType": "ml.g5.xlarge", "InstanceCount": 2}
    volume = {"InstanceStorageConfigs": [{"EbsVolumeConfig": {"VolumeSizeInGB": 100}}]}

    bare = report("AWS::SageMaker::Cluster", InstanceGroups=[group])
    stored = report("AWS::SageMaker::Cluster", InstanceGroups=[{**group, **volume}])

    assert bare.usd_per_month > 2 * HOURS_PER_MONTH
    assert stored.usd_per_month - bare.usd_per_month == 200 * Decimal("0.08")


def test_machines_of_a_training_plan_are_told_as_paid_elsewhere() -> None:
    """The plan was paid when it was bought, and no price of it stands in a template."""
    group = {"InstanceGroupName": "w", "InstanceType": "ml.p5.48xlarge", "InstanceCount": 4, "TrainingPlanArn": "arn"}
    found = report("AWS::SageMaker::Cluster", InstanceGroups=[group])

    assert found.usd_per_month == 0
    assert "training plan" in str(found)
