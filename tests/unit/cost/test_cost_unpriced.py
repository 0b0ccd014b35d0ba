"""What has no price is said, with the reason; what is no template is refused."""

from __future__ import annotations

from typing import Any

import pytest

from genai_layers.catalog import RegionError
from genai_layers.cost import CostError, Report, idle_floor


def floor_of(type: str, properties: dict[str, Any] | None = None, region: str = "us-east-1") -> Report:
    """The report on one resource."""
    resources = {"It": {"Type": type, "Properties": properties or {}}}
    return idle_floor({"Stack": {"Resources": resources}}, region)


@pytest.mark.parametrize(
    ("type", "properties", "reason"),
    [
        ("AWS::MSK::Cluster", {}, "nobody wrote a pricing line"),
        ("AWS::DynamoDB::Table", {"BillingMode": "PROVISIONED"}, "on-demand prices only"),
        ("AWS::EC2::Volume", {"VolumeType": "io2", "Size": 10}, "gp3 only"),
        ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": {"Ref": "P"}}, "only at the deploy"),
        ("AWS::AutoScaling::AutoScalingGroup", {"MinSize": {"Ref": "P"}}, "size is known only at the deploy"),
        ("AWS::AutoScaling::AutoScalingGroup", {"MinSize": "1"}, "does not name its instance type"),
        ("AWS::EC2::Instance", {"InstanceType": "m5.large"}, "not in the catalog"),
        ("AWS::EC2::Instance", {"InstanceType": {"Ref": "P"}}, "does not name its instance type"),
        ("AWS::EC2::Volume", {"VolumeType": "gp3", "Size": {"Ref": "P"}}, "does not give its size"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Type": "gateway"}, "no price line for this kind"),
        ("AWS::ApiGatewayV2::Api", {"ProtocolType": "WEBSOCKET"}, "no price line for it"),
        ("AWS::SSM::Parameter", {"Tier": "Advanced"}, "no price line for this tier"),
        ("AWS::SageMaker::Endpoint", {"EndpointConfigName": "elsewhere"}, "not in the same stack"),
        ("AWS::OpenSearchServerless::Collection", {"CollectionGroupName": "g"}, "belong to its collection group"),
        ("AWS::Bedrock::ProvisionedModelThroughput", {}, "by agreement"),
        ("AWS::Lambda::Alias", {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1}},
         "not in the same stack"),
    ],
)  # fmt: skip
def test_what_cannot_be_priced_is_listed_with_its_reason(type: str, properties: dict[str, Any], reason: str) -> None:
    """The total never hides what it leaves out."""
    report = floor_of(type, properties)

    assert report.lines == ()
    assert reason in report.unpriced[0].reason


def test_another_region_has_no_price_rather_than_ours() -> None:
    """What was read for us-east-1 is not used in Ireland."""
    report = floor_of("AWS::EC2::NatGateway", {}, "eu-west-1")

    assert report.usd_per_month == 0
    assert "no price of 'vpc:nat-gateway' in 'eu-west-1'" in report.unpriced[0].reason


def test_what_is_no_template_is_refused() -> None:
    """A list of resources is not one."""
    with pytest.raises(CostError, match="stack 'S' has no Resources mapping"):
        idle_floor({"S": {"Resources": []}}, "us-east-1")


def test_a_region_that_is_none_is_refused() -> None:
    """A zone has no prices."""
    with pytest.raises(RegionError):
        floor_of("AWS::EC2::NatGateway", {}, "us-east-1a")
