"""What cannot be watched is refused before a deploy, and what changes keeps its name."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from sagemaker_estate import Estate, Rendered

from genai_layers.catalog import monitor_images
from genai_layers.catalog.errors import RegionError
from genai_layers.platform.sagemaker import DataCapture
from genai_layers.platform.sagemaker.monitor import Drift, EndpointMonitor, GroundTruth, MonitorError, Problem
from tools.catalog import monitor_images as tool

pytestmark = pytest.mark.synth

SCHEDULE = "AWS::SageMaker::MonitoringSchedule"


def _try(estate: Estate, drift: Drift, *, captured: bool = True, **props: Any) -> Rendered:
    capture = DataCapture(bucket=estate.captures, sampling_percent=10) if captured else None
    endpoint = estate.dedicated(capture=capture)
    EndpointMonitor(
        estate.stack,
        "Drift",
        endpoint=endpoint,
        drift=drift,
        bucket=estate.captures,
        key=estate.key,
        vpc=estate.vpc,
        subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        topic=sns.Topic(estate.stack, "Topic"),
        **props,
    )
    return Rendered(template=estate.template(), estate=estate)


def test_everything_that_is_wrong_is_said_at_once(estate: Estate) -> None:
    """Of the endpoint, of what is watched for, and of the machine."""
    truth = GroundTruth(bucket=estate.captures, prefix="/labels", delay=Duration.minutes(90))
    drift = Drift.of_quality(Problem.BINARY, truth, threshold=2)

    with pytest.raises(MonitorError) as told:
        _try(estate, drift, captured=False, prefix="x/", instance_type="ml.g5.xlarge", max_runtime=Duration.hours(3))

    for words in ("neither answer nor probability", "threshold 2", "'/labels'", "1.5 hours", "capture=DataCapture"):
        assert words in str(told.value)
    for words in ("prefix is 'x/'", "ml.m5.xlarge", "10800 seconds"):
        assert words in str(told.value)


def test_an_explanation_needs_a_reason_for_its_network(estate: Estate) -> None:
    """It lands in the ledger."""
    with pytest.raises(MonitorError, match="network_access_reason is 'why not'"):
        _try(estate, Drift.of_explanation(config_key="a.json", network_access_reason="why not"))


def test_a_region_without_the_image_is_refused_with_those_that_have_it() -> None:
    """The registry differs by region, and some have none that is known."""
    with pytest.raises(RegionError, match=r"us-gov-west-1.*eu-central-1"):
        _try(Estate(region="us-gov-west-1"), Drift.of_data())


def test_another_baseline_moves_the_schedule_and_not_its_name() -> None:
    """A new definition is another one; the schedule is the same."""
    seen = []
    for prefix in ("one", "two"):
        made = _try(Estate(), Drift.of_data(), prefix=prefix)
        ((name, schedule),) = made.all(SCHEDULE).items()
        definition = made.one("AWS::SageMaker::DataQualityJobDefinition")
        seen.append((name, schedule["Properties"]["MonitoringScheduleName"], definition))

    assert seen[0][:2] == seen[1][:2]
    assert seen[0][2] != seen[1][2]


def test_the_table_is_what_the_tool_makes_of_the_files() -> None:
    """The newest version of each, and no tag where AWS gives none."""
    config = {"versions": {"1": {"registries": {"b": "2", "a": "1"}, "repository": "r"}}}

    assert tool.row(config) == {"repository": "r", "tag": None, "accounts": {"a": "1", "b": "2"}}
    assert tool.row({"processing": {"versions": {"1.0": {"registries": {}, "repository": "c"}}}})["tag"] == "1.0"
    assert monitor_images.get("clarify").account("eu-west-1").isdigit()
