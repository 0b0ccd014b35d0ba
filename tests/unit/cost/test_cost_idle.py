"""What templates cost while nobody uses them."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from genai_layers.catalog import regions
from genai_layers.cost import PRICE_LIST, Report, idle_floor, lines

HOURS = Decimal(730)


def floor_of(type: str, properties: dict[str, Any] | None = None, region: str = "us-east-1") -> Report:
    """The report on one resource."""
    resources = {"It": {"Type": type, "Properties": properties or {}}}
    return idle_floor({"Stack": {"Resources": resources}}, region)


def usd(report: Report) -> Decimal:
    assert report.unpriced == ()
    return report.usd_per_month


def test_a_fleet_costs_its_least_machines_their_volumes_and_its_balancer(fleet_template: dict[str, Any]) -> None:
    """Minimum size times the first type, all month, and what hangs on each machine."""
    report = idle_floor({"Inference": fleet_template}, "us-east-1")

    machines = 2 * Decimal("0.8048") * HOURS
    volumes = 2 * (200 * Decimal("0.08") + 3000 * Decimal("0.005") + 375 * Decimal("0.04"))
    balancer = Decimal("0.0225") * HOURS
    assert usd(report) == machines + volumes + balancer
    assert report.by_stack() == {"Inference": usd(report)}


def test_the_desired_size_counts_before_the_least(fleet_template: dict[str, Any]) -> None:
    """Machines that are started are paid for."""
    fleet_template["Resources"]["Group"]["Properties"]["DesiredCapacity"] = "3"
    three = idle_floor({"S": fleet_template}, "us-east-1")

    (line,) = [line for line in three.lines if line.price.line == "ec2:g6.xlarge"]
    assert line.units_per_month == 3 * HOURS


def test_a_fleet_at_zero_costs_nothing_and_says_what_a_machine_would(fleet_template: dict[str, Any]) -> None:
    """Scale to zero is shown as usage."""
    fleet_template["Resources"]["Group"]["Properties"]["MinSize"] = "0"
    report = idle_floor({"S": fleet_template}, "us-east-1")

    assert [line.price.line for line in report.lines] == ["elb:application"]
    assert "ec2:g6.xlarge" in [price.line for item in report.usage for price in item.prices]


def test_each_zone_of_an_interface_endpoint_is_paid_and_a_gateway_is_free() -> None:
    """Three zones cost three times; S3's gateway nothing."""
    subnets = [{"Ref": "A"}, {"Ref": "B"}, {"Ref": "C"}]
    interface = floor_of("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": subnets})
    gateway = floor_of("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Gateway"})

    assert usd(interface) == 3 * Decimal("0.01") * HOURS
    assert usd(gateway) == 0


def test_an_endpoint_names_its_service_also_where_the_region_is_an_intrinsic() -> None:
    """A reader sees which endpoint costs."""
    joined = {"Fn::Join": ["", ["com.amazonaws.", {"Ref": "AWS::Region"}, ".bedrock-runtime"]]}
    plain = "com.amazonaws.us-east-1.ecr.api"
    names = [
        floor_of(
            "AWS::EC2::VPCEndpoint",
            {"VpcEndpointType": "Interface", "SubnetIds": [{"Ref": "A"}], "ServiceName": name},
        ).lines[0].what
        for name in (joined, plain)
    ]  # fmt: skip

    assert names == ["interface endpoint bedrock-runtime in 1 zone", "interface endpoint ecr.api in 1 zone"]


@pytest.mark.parametrize(
    ("type", "properties", "expected"),
    [
        ("AWS::KMS::Key", {}, Decimal(1)),
        ("AWS::SecretsManager::Secret", {}, Decimal("0.40")),
        ("AWS::EC2::NatGateway", {}, Decimal("0.045") * HOURS),
        ("AWS::CloudWatch::Dashboard", {}, Decimal(3)),
        ("AWS::CloudWatch::Alarm", {"MetricName": "Errors"}, Decimal("0.10")),
        ("AWS::CloudWatch::Alarm", {"Metrics": [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a/b"}]},
         Decimal("0.20")),
        ("AWS::CloudWatch::Alarm", {"MetricName": "Errors", "Period": 10}, Decimal("0.30")),
        ("AWS::WAFv2::WebACL", {"Rules": [{}, {}]}, Decimal(7)),
        ("AWS::OpenSearchServerless::Collection", {}, 2 * Decimal("0.24") * HOURS),
        ("AWS::OpenSearchServerless::Collection", {"StandbyReplicas": "DISABLED"}, Decimal("0.24") * HOURS),
        ("AWS::EC2::Volume", {"VolumeType": "gp3", "Size": 100}, Decimal(8)),
        ("AWS::EC2::Instance", {"InstanceType": "g6.xlarge"}, Decimal("0.8048") * HOURS),
    ],
)  # fmt: skip
def test_prices_what_stands_idle(type: str, properties: dict[str, Any], expected: Decimal) -> None:
    """One line each, by the month or by 730 hours."""
    assert usd(floor_of(type, properties)) == expected


@pytest.mark.parametrize(
    "type",
    [
        "AWS::Lambda::Function", "AWS::S3::Bucket", "AWS::Cognito::UserPool", "AWS::Logs::LogGroup",
        "AWS::CloudTrail::Trail", "AWS::S3Vectors::Index", "AWS::StepFunctions::StateMachine", "AWS::SQS::Queue",
    ],
)  # fmt: skip
def test_what_is_free_while_idle_says_what_its_usage_costs(type: str) -> None:
    """Nothing now, with the price of later."""
    report = floor_of(type)

    assert usd(report) == 0
    assert report.usage[0].prices


def test_a_user_pool_is_priced_by_its_tier() -> None:
    """Plus costs more a user than Essentials, which is the default."""
    default, plus = floor_of("AWS::Cognito::UserPool"), floor_of("AWS::Cognito::UserPool", {"UserPoolTier": "PLUS"})

    assert default.usage[0].prices[0].line == "cognito:essentials-user"
    assert plus.usage[0].prices[0].usd > default.usage[0].prices[0].usd


def test_warm_functions_cost_by_memory_all_month() -> None:
    """Provisioned concurrency is paid for idle."""
    resources = {
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": {"MemorySize": 1024}},
        "Live": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {
                "FunctionName": {"Ref": "Fn"},
                "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 2},
            },
        },
    }

    assert usd(idle_floor({"S": {"Resources": resources}}, "us-east-1")) == 2 * HOURS * 3600 * Decimal("0.0000041667")


def test_an_endpoint_costs_its_variants_and_one_that_scales_to_zero_costs_nothing() -> None:
    """SageMaker is paid by the instance unless the variant may go to zero."""
    variant: dict[str, Any] = {"InstanceType": "ml.g5.2xlarge", "InitialInstanceCount": 2}
    resources = {
        "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": [variant]}},
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {"EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}},
        },
    }
    running = idle_floor({"S": {"Resources": resources}}, "us-east-1")
    variant["ManagedInstanceScaling"] = {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 2}
    at_zero = idle_floor({"S": {"Resources": resources}}, "us-east-1")

    assert usd(running) == 2 * Decimal("1.515") * HOURS
    assert usd(at_zero) == 0


def test_a_parameter_with_a_default_is_as_good_as_a_value() -> None:
    """Only what has no default is unknown."""
    group = {"MinSize": {"Ref": "Least"}, "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}}}
    body = {
        "Parameters": {"Least": {"Type": "Number", "Default": 2}},
        "Resources": {
            "Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": group},
            "Template": {
                "Type": "AWS::EC2::LaunchTemplate",
                "Properties": {"LaunchTemplateData": {"InstanceType": "g6.xlarge"}},
            },
        },
    }

    assert usd(idle_floor({"S": body}, "us-east-1")) == 2 * Decimal("0.8048") * HOURS


def test_a_serverless_endpoint_is_free_while_idle() -> None:
    """It has no instances."""
    variants = [{"ServerlessConfig": {"MaxConcurrency": 1, "MemorySizeInMB": 2048}}]
    resources = {
        "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": variants}},
        "Endpoint": {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": {"Ref": "Config"}}},
    }

    assert idle_floor({"S": {"Resources": resources}}, "us-east-1") == Report()


def test_custom_resources_are_free() -> None:
    """They are calls of a function that is listed itself."""
    assert floor_of("Custom::Thing") == Report()


def test_every_priced_type_is_a_type() -> None:
    """No pricing line is written for a name that CloudFormation does not know."""
    cfnlint = pytest.importorskip("cfnlint.schema")
    known = set(cfnlint.PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1"))
    not_in_schema = {"AWS::CDK::Metadata", "AWS::Bedrock::ProvisionedModelThroughput"}
    custom = {name for name in PRICE_LIST if name.startswith("Custom::AWSCDK-")}

    assert set(PRICE_LIST) - known - not_in_schema - custom == set()


def test_reports_of_two_regions_join() -> None:
    """Stacks in several regions make one report."""
    here, there = floor_of("AWS::KMS::Key"), floor_of("AWS::KMS::Key", {}, "eu-west-1")

    assert here.joined(there).usd_per_month == 2
    assert regions.partition("eu-west-1") == "aws"


def test_a_type_is_priced_in_one_room_only() -> None:
    """Two rooms with a line for one type would leave it to their order which of them holds."""
    times = Counter(kind for room in pkgutil.iter_modules(lines.__path__) for kind in _lines_of(room.name))

    assert [kind for kind, count in times.items() if count > 1] == []


def _lines_of(room: str) -> Mapping[str, object]:
    found: Mapping[str, object] = importlib.import_module(f"{lines.__name__}.{room}").LINES
    return found
