"""What the stores of knowledge bases cost while nobody asks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from genai_layers.cost import idle_floor
from genai_layers.cost.report import Report

HOURS = Decimal(730)
GROUP = "AWS::OpenSearchServerless::CollectionGroup"


def floor_of(type: str, **properties: Any) -> Report:
    """Return the report of a template with one resource."""
    return idle_floor({"S": {"Resources": {"R": {"Type": type, "Properties": properties}}}}, "us-east-1")


def bounds(indexing: float, search: float) -> dict[str, float]:
    """Return the lower bounds of a collection group."""
    return {"MinIndexingCapacityInOcu": indexing, "MinSearchCapacityInOcu": search}


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (floor_of(GROUP, Generation="NEXTGEN", CapacityLimits=bounds(1, 2)), 3 * Decimal("0.24") * HOURS),
        (floor_of(GROUP), 2 * Decimal("0.24") * HOURS),
        (floor_of("AWS::NeptuneGraph::Graph", ProvisionedMemory=16, ReplicaCount=0), 16 * Decimal("0.03") * HOURS),
        (floor_of("AWS::NeptuneGraph::Graph", ProvisionedMemory=16), 32 * Decimal("0.03") * HOURS),
        (floor_of("AWS::Kendra::Index", Edition="GEN_AI_ENTERPRISE_EDITION"), Decimal("0.32") * HOURS),
        (
            floor_of("AWS::RDS::DBCluster", ServerlessV2ScalingConfiguration={"MinCapacity": 0.5}),
            Decimal("0.06") * HOURS,
        ),
    ],
    ids=["group", "group of the first generation", "graph", "graph with its replica", "kendra", "aurora"],
)
def test_what_stands_idle_has_its_floor(report: Report, expected: Decimal) -> None:
    """One line each, by 730 hours."""
    (line,) = report.lines

    assert line.usd_per_month == expected


@pytest.mark.parametrize(
    ("type", "properties", "line"),
    [
        (GROUP, {"Generation": "NEXTGEN", "CapacityLimits": bounds(0, 0)}, "opensearchserverless:ocu"),
        (GROUP, {"Generation": "NEXTGEN"}, "opensearchserverless:ocu"),
        ("AWS::RDS::DBCluster", {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0}}, "aurora:acu"),
        ("AWS::Bedrock::KnowledgeBase", {"KnowledgeBaseConfiguration": {"Type": "SQL"}}, "bedrock:sql-generation"),
    ],
)
def test_what_scales_to_zero_costs_its_usage_alone(type: str, properties: dict[str, Any], line: str) -> None:
    """Nothing while it idles, with the price of later."""
    report = floor_of(type, **properties)

    assert report.usd_per_month == 0
    assert report.unpriced == ()
    assert report.usage[0].prices[0].line == line


def test_a_collection_of_a_group_in_the_same_stack_is_paid_there() -> None:
    """The same units are not counted twice, nor called unknown."""
    resources = {
        "Group": {"Type": GROUP, "Properties": {"Name": "g", "Generation": "NEXTGEN"}},
        "Collection": {"Type": "AWS::OpenSearchServerless::Collection", "Properties": {"CollectionGroupName": "g"}},
    }

    report = idle_floor({"S": {"Resources": resources}}, "us-east-1")

    assert (report.lines, report.unpriced) == ((), ())
    assert [item.logical_id for item in report.usage] == ["Group"]


@pytest.mark.parametrize(
    ("type", "properties", "reason"),
    [
        ("AWS::OpenSearchService::Domain", {}, "no prices of its machines"),
        ("AWS::Bedrock::KnowledgeBase", {"KnowledgeBaseConfiguration": {"Type": "MANAGED"}}, "what the service keeps"),
        ("AWS::RDS::DBInstance", {"DBInstanceClass": "db.r7g.large"}, "no prices of database machines"),
        ("AWS::Kendra::Index", {"Edition": "ENTERPRISE_EDITION"}, "GenAI edition only"),
        ("AWS::NeptuneGraph::Graph", {"ProvisionedMemory": {"Ref": "P"}}, "memory is not in the template"),
    ],
)
def test_what_has_no_price_is_said(type: str, properties: dict[str, Any], reason: str) -> None:
    """The total never hides what it leaves out."""
    report = floor_of(type, **properties)

    assert reason in report.unpriced[0].reason


def test_a_serverless_instance_is_paid_with_its_cluster() -> None:
    """The lower bound stands in the cluster."""
    report = floor_of("AWS::RDS::DBInstance", DBInstanceClass="db.serverless")

    assert (report.lines, report.usage, report.unpriced) == ((), (), ())
