"""
List what exists in both emulators, so that a destroy can be proved to have left nothing.

CloudFormation's own record is not enough for that: it forgets what it failed to delete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.local_cloud.layout import ACCOUNT

if TYPE_CHECKING:
    from tools.local_cloud.clients import Clients


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """
    One thing that exists.

    Args:
        kind: What it is.
        id: Its name or id.
    """

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class _Listing:
    """One list call: the service, the call, the member with the items and the member that names one."""

    kind: str
    service: str
    call: str
    items: str
    name: str | Callable[[Any], str]
    arguments: tuple[tuple[str, Any], ...] = ()


_LISTINGS = (
    _Listing("bucket", "s3", "list_buckets", "Buckets", "Name"),
    _Listing("function", "lambda", "list_functions", "Functions", "FunctionName"),
    _Listing("event source mapping", "lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    _Listing("table", "dynamodb", "list_tables", "TableNames", str),
    _Listing("user pool", "cognito-idp", "list_user_pools", "UserPools", "Id", (("MaxResults", 60),)),
    _Listing("guardrail", "bedrock", "list_guardrails", "guardrails", "id"),
    _Listing("knowledge base", "bedrock-agent", "list_knowledge_bases", "knowledgeBaseSummaries", "knowledgeBaseId"),
    _Listing("vector bucket", "s3vectors", "list_vector_buckets", "vectorBuckets", "vectorBucketName"),
    _Listing("log group", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    _Listing("saved query", "logs", "describe_query_definitions", "queryDefinitions", "queryDefinitionId"),
    _Listing("role", "iam", "list_roles", "Roles", "RoleName"),
    _Listing("managed policy", "iam", "list_policies", "Policies", "PolicyName", (("Scope", "Local"),)),
    _Listing("instance profile", "iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    _Listing("VPC", "ec2", "describe_vpcs", "Vpcs", "VpcId"),
    _Listing("subnet", "ec2", "describe_subnets", "Subnets", "SubnetId"),
    _Listing("security group", "ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    _Listing("VPC endpoint", "ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    _Listing("flow log", "ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    _Listing("elastic address", "ec2", "describe_addresses", "Addresses", "AllocationId"),
    _Listing("launch template", "ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
    _Listing(
        "Auto Scaling group",
        "autoscaling",
        "describe_auto_scaling_groups",
        "AutoScalingGroups",
        "AutoScalingGroupName",
    ),
    _Listing("load balancer", "elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    _Listing("target group", "elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    _Listing("secret", "secretsmanager", "list_secrets", "SecretList", "Name"),
    _Listing("topic", "sns", "list_topics", "Topics", "TopicArn"),
    _Listing("queue", "sqs", "list_queues", "QueueUrls", str),
    _Listing("alarm", "cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    _Listing("alarm", "cloudwatch@moto", "describe_alarms", "MetricAlarms", "AlarmName"),
    _Listing(
        "composite alarm",
        "cloudwatch",
        "describe_alarms",
        "CompositeAlarms",
        "AlarmName",
        (("AlarmTypes", ["CompositeAlarm"]),),
    ),
    _Listing("dashboard", "cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    _Listing("budget", "budgets", "describe_budgets", "Budgets", "BudgetName", (("AccountId", ACCOUNT),)),
    _Listing("trail", "cloudtrail", "describe_trails", "trailList", "Name"),
    _Listing("state machine", "stepfunctions", "list_state_machines", "stateMachines", "name"),
    _Listing("rule", "events", "list_rules", "Rules", "Name"),
    _Listing("HTTP API", "apigatewayv2", "get_apis", "Items", "ApiId"),
    _Listing("parameter", "ssm", "describe_parameters", "Parameters", "Name"),
    _Listing("schedule", "scheduler", "list_schedules", "Schedules", "Name"),
    _Listing("SageMaker endpoint", "sagemaker", "list_endpoints", "Endpoints", "EndpointName"),
    _Listing("SageMaker configuration", "sagemaker", "list_endpoint_configs", "EndpointConfigs", "EndpointConfigName"),
    _Listing(
        "scalable target",
        "application-autoscaling",
        "describe_scalable_targets",
        "ScalableTargets",
        "ResourceId",
        (("ServiceNamespace", "sagemaker"),),
    ),
    _Listing("SageMaker model", "sagemaker", "list_models", "Models", "ModelName"),
)


def everything(clients: Clients) -> frozenset[Thing]:
    """Everything that exists now, keys that wait for their deletion left out (see `keys_pending_deletion`)."""
    found = {Thing(listing.kind, name) for listing in _LISTINGS for name in _names(clients, listing)}
    found |= {Thing("stack", name) for name in _stacks(clients)}
    found |= {Thing("key", key_id) for key_id, state in _keys(clients) if state != "PendingDeletion"}
    return frozenset(found)


def keys_pending_deletion(clients: Clients) -> frozenset[Thing]:
    """Keys that are gone for every purpose and will be erased when their waiting time is over."""
    return frozenset(Thing("key", key_id) for key_id, state in _keys(clients) if state == "PendingDeletion")


def _names(clients: Clients, listing: _Listing) -> Iterable[str]:
    client = clients(listing.service)
    arguments = dict(listing.arguments)
    pages = (
        client.get_paginator(listing.call).paginate(**arguments)
        if client.can_paginate(listing.call)
        else [getattr(client, listing.call)(**arguments)]
    )
    for page in pages:
        for item in page.get(listing.items) or []:
            yield str(item[listing.name] if isinstance(listing.name, str) else listing.name(item))


def _stacks(clients: Clients) -> Iterable[str]:
    for stack in clients("cloudformation").describe_stacks()["Stacks"]:
        if stack["StackStatus"] != "DELETE_COMPLETE":
            yield stack["StackName"]


def _keys(clients: Clients) -> Iterable[tuple[str, str]]:
    kms = clients("kms")
    for page in kms.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            if described["KeyManager"] == "CUSTOMER":
                yield key["KeyId"], described["KeyState"]
