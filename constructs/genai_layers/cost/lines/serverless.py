"""
Prices of functions, APIs, tables, buckets and state machines while they idle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from genai_layers.cost.items import SECONDS_PER_MONTH, Charged, Item, Pricer, Unknown, UsageOnly, free, used
from genai_layers.cost.resource import Resource

_MIB_PER_GB = 1024


def _provisioned(version: Resource) -> Iterable[Item]:
    """
    A version or an alias: free unless it keeps instances warm.
    """
    warm = version.number("ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions")
    if not warm:
        return ()
    function = version.template.get(version.properties.get("FunctionName"))
    memory = function.number("MemorySize") or Decimal(128) if function else None
    if memory is None:
        return (Unknown(what=f"{warm} warm instances", reason="the function is not in the same stack"),)
    seconds = warm * memory / _MIB_PER_GB * SECONDS_PER_MONTH
    what = f"{warm} warm instances of {memory} MiB"
    return (Charged(what=what, line="lambda:provisioned-concurrency", per_month=seconds),)


def _table(table: Resource) -> Iterable[Item]:
    if table.at("BillingMode") != "PAY_PER_REQUEST":
        return (Unknown(what="table with provisioned capacity", reason="the catalog has on-demand prices only"),)
    return (UsageOnly(what="table, on demand", lines=("dynamodb:write", "dynamodb:read", "dynamodb:storage")),)


def _api(api: Resource) -> Iterable[Item]:
    kind = "http" if api.at("ProtocolType") == "HTTP" else "websocket"
    if kind == "websocket":
        return (Unknown(what="WebSocket API", reason="the catalog has no price line for it"),)
    return (UsageOnly(what="HTTP API", lines=("apigateway:http-requests",)),)


LINES: Mapping[str, Pricer] = {
    "AWS::Lambda::Function": used("function", "lambda:requests", "lambda:duration"),
    "AWS::Lambda::Alias": _provisioned,
    "AWS::Lambda::Version": _provisioned,
    "AWS::ApiGatewayV2::Api": _api,
    "AWS::ApiGateway::RestApi": used("REST API", "apigateway:rest-requests"),
    "AWS::DynamoDB::Table": _table,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::Athena::WorkGroup": used("queries: each is billed by what it scans, 5 USD a TB"),
    "AWS::CloudFront::Distribution": used("page: a terabyte and ten million requests a month are free"),
    "AWS::S3::Bucket": used("bucket", "s3:storage"),
    "AWS::SQS::Queue": used("queue", "sqs:requests"),
    "AWS::StepFunctions::StateMachine": used("state machine", "stepfunctions:transitions"),
    "AWS::ECR::Repository": used("image repository", "ecr:storage"),
    "AWS::Events::EventBus": used("event bus", "events:custom"),
    **dict.fromkeys(
        (
            "AWS::ApiGateway::Account",
            "AWS::ApiGateway::Authorizer",
            "AWS::ApiGateway::Deployment",
            "AWS::ApiGateway::GatewayResponse",
            "AWS::ApiGateway::Method",
            "AWS::ApiGateway::RequestValidator",
            "AWS::ApiGateway::Resource",
            "AWS::ApiGateway::Stage",
            "AWS::ApiGatewayV2::ApiMapping",
            "AWS::ApiGatewayV2::Authorizer",
            "AWS::ApiGatewayV2::Deployment",
            "AWS::ApiGatewayV2::Integration",
            "AWS::ApiGatewayV2::Route",
            "AWS::ApiGatewayV2::Stage",
            "AWS::CloudFront::OriginAccessControl",
            "AWS::CloudFront::ResponseHeadersPolicy",
            "AWS::Events::Rule",
            "AWS::Lambda::EventInvokeConfig",
            "AWS::Lambda::EventSourceMapping",
            "AWS::Lambda::LayerVersion",
            "AWS::Lambda::Permission",
            "AWS::S3::BucketPolicy",
            "AWS::SQS::QueuePolicy",
            "AWS::SSM::Document",
            "AWS::Scheduler::Schedule",
            "AWS::Scheduler::ScheduleGroup",
        ),
        free,
    ),
}
