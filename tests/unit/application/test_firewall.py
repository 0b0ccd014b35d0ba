"""What AWS WAF refuses before the API, what it lets through, and what it writes down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_

from genai_layers import testing
from genai_layers.application import Api, ApiError, FirewallLimits, UserDirectory
from genai_layers.cost import idle_floor
from genai_layers.foundation import EncryptionKey, KeyUse
from genai_layers.foundation.nag import attach_checks
from genai_layers.operations import Monitoring
from genai_layers.testing import Template, resources

pytestmark = pytest.mark.synth

PACKS = ("AwsSolutions", "NIST80053R5", "HIPAA", "PCI")


def _api(stack: Stack, **options: Any) -> Api:
    key = EncryptionKey(stack, "Key", description="logs", uses=[KeyUse.LOGS, KeyUse.LAMBDA, KeyUse.CLOUDWATCH_ALARMS])
    api = Api(stack, "Api", directory=UserDirectory(stack, "Directory"), log_key=key.key, **options)
    api.add_route("POST /chat", lambda_.Function.from_function_name(stack, "Chat", "answers"))
    if api.firewall is not None:
        Monitoring(stack, "Monitoring", key=key.key).monitor_firewall(api.firewall)
    return api


@pytest.fixture(scope="module")
def template() -> Template:
    """An API behind a firewall, checked by every pack."""
    app = testing.app()
    attach_checks(app, packs=PACKS)
    stack = testing.stack(app)
    _api(stack, firewall=FirewallLimits(requests_per_address=500, body_kib=32))
    return testing.template(stack)


def _one(template: Template, type: str) -> dict[str, Any]:
    (found,) = resources(template, type).values()
    return found["Properties"]


def _rules(template: Template) -> Mapping[str, Mapping[str, Any]]:
    return {rule["Name"]: rule for rule in _one(template, "AWS::WAFv2::WebACL")["Rules"]}


def test_it_stands_before_the_stage(template: Template) -> None:
    """A request is judged before any token is looked at."""
    association = _one(template, "AWS::WAFv2::WebACLAssociation")
    (stage,) = resources(template, "AWS::ApiGateway::Stage")

    assert stage in json.dumps(association["ResourceArn"])
    assert _one(template, "AWS::WAFv2::WebACL")["Scope"] == "REGIONAL"


def test_aws_keeps_three_groups_of_its_rules(template: Template) -> None:
    """They refuse, but for those that take prose and code in a body for an attack on a web server."""
    groups = {name: rule for name, rule in _rules(template).items() if name.startswith("AWSManaged")}
    common = groups["AWSManagedRulesCommonRuleSet"]["Statement"]["ManagedRuleGroupStatement"]

    assert len(groups) == 3
    assert {json.dumps(rule["OverrideAction"]) for rule in groups.values()} == {'{"None": {}}'}
    assert all(override["Name"].endswith("_BODY") for override in common["RuleActionOverrides"])


def test_an_address_and_a_body_have_limits(template: Template) -> None:
    """A longer body is refused even where AWS WAF sees its beginning only, and the caller is told why."""
    rules, acl = _rules(template), _one(template, "AWS::WAFv2::WebACL")
    rate, size = rules["RateOfAnAddress"], rules["SizeOfABody"]
    statement = size["Statement"]["SizeConstraintStatement"]

    assert rate["Statement"]["RateBasedStatement"]["Limit"] == 500
    assert rate["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429
    assert (statement["ComparisonOperator"], statement["Size"]) == ("GT", 32 * 1024)
    assert statement["FieldToMatch"]["Body"]["OversizeHandling"] == "MATCH"
    assert acl["AssociationConfig"]["RequestBody"]["API_GATEWAY"]["DefaultSizeInspectionLimit"] == "KB_32"
    told = acl["CustomResponseBodies"][size["Action"]["Block"]["CustomResponse"]["CustomResponseBodyKey"]]
    assert json.loads(told["Content"])["error"]["code"] == "request_too_large"


def test_refusals_are_written_down_without_token_and_query(template: Template) -> None:
    """In an encrypted group under a name that AWS WAF takes and that no earlier stack has left behind."""
    logging = _one(template, "AWS::WAFv2::LoggingConfiguration")
    name = json.dumps(logging["LogDestinationConfigs"])
    (group,) = [
        one["Properties"]
        for one in resources(template, "AWS::Logs::LogGroup").values()
        if "LogGroupName" in one["Properties"]
    ]

    assert ":aws-waf-logs-" in name
    assert "AWS::StackId" in name
    assert "KmsKeyId" in group
    assert logging["RedactedFields"] == [{"SingleHeader": {"Name": "authorization"}}, {"QueryString": {}}]
    assert logging["LoggingFilter"]["DefaultBehavior"] == "DROP"


def test_no_request_is_sampled(template: Template) -> None:
    """A sample would hold what a user sent."""
    acl = _one(template, "AWS::WAFv2::WebACL")
    shown = [acl["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in acl["Rules"])]

    assert not [one for one in shown if one["SampledRequestsEnabled"]]


def test_what_is_refused_is_counted_and_watched(template: Template) -> None:
    """The alarm asks for the metric under the name that the web ACL gives it."""
    (alarm,) = [
        one["Properties"]
        for one in resources(template, "AWS::CloudWatch::Alarm").values()
        if one["Properties"].get("Namespace") == "AWS/WAFV2"
    ]
    dimensions = {one["Name"]: one["Value"] for one in alarm["Dimensions"]}

    assert dimensions["WebACL"] == _one(template, "AWS::WAFv2::WebACL")["VisibilityConfig"]["MetricName"]
    assert dimensions["Rule"] == "ALL"


def test_it_costs_ten_dollars_a_month(template: Template) -> None:
    """Five for the list and one for each of its five rules, as the docstring says."""
    report = idle_floor({"Stack": template}, "us-east-1")

    assert sum(line.usd_per_month for line in report.lines if "AWS::WAFv2::WebACL" in line.type) == 10


def test_says_all_that_is_wrong_at_once() -> None:
    """The limits of the firewall together with those of the API."""
    with pytest.raises(ApiError) as caught:
        _api(testing.stack(), firewall=FirewallLimits(requests_per_address=1, body_kib=65), burst=0)

    assert caught.value.faults == (
        "firewall.requests_per_address is 1: give at least 10",
        "firewall.body_kib is 65: give one of 16, 32, 48, 64",
        "burst 0 is below requests_per_second 10: give at least as many",
    )


def test_a_private_api_is_reached_through_its_endpoint_alone() -> None:
    """The policy refuses every other way in, and the routes ask for a token all the same."""
    app = testing.app()
    attach_checks(app, packs=PACKS)
    stack = testing.stack(app)
    door = ec2.InterfaceVpcEndpoint.from_interface_vpc_endpoint_attributes(
        stack, "Door", vpc_endpoint_id="vpce-0123456789abcdef0", port=443
    )
    _api(stack, private_endpoint=door)

    template = testing.template(stack)

    api = _one(template, "AWS::ApiGateway::RestApi")
    refused = [one for one in api["Policy"]["Statement"] if one["Effect"] == "Deny"]
    assert api["EndpointConfiguration"] == {"Types": ["PRIVATE"], "VpcEndpointIds": ["vpce-0123456789abcdef0"]}
    assert refused[0]["Condition"] == {"StringNotEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}}
    assert {
        one["Properties"]["AuthorizationType"] for one in resources(template, "AWS::ApiGateway::Method").values()
    } == {"COGNITO_USER_POOLS"}
