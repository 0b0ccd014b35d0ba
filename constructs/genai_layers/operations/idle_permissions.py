"""What the check for idle endpoints may do."""

from __future__ import annotations

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge

_LOOK = (
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "cloudtrail:LookupEvents",
    "cloudwatch:GetMetricData",
    "sagemaker:ListEndpoints",
    "sagemaker:ListInferenceComponents",
    "sagemaker:ListNotebookInstances",
)
"""Actions that read and know no resource (service authorization reference)."""

_DESCRIBE = {
    "endpoint": "sagemaker:DescribeEndpoint",
    "endpoint-config": "sagemaker:DescribeEndpointConfig",
    "inference-component": "sagemaker:DescribeInferenceComponent",
}


def permit_check(role: iam.IRole, *, topic: sns.ITopic, key: kms.IKey, scale_in_reason: str | None) -> None:
    """
    Let the check look at everything of the account, tell the topic, and change a number of copies where it may.

    Args:
        role: Role of the function.
        topic: What is told; its key is one of this account, where it has one.
        key: Key of the events that failed.
        scale_in_reason: Why copies may be taken to zero; None where they may not.
    """
    stack = Stack.of(role)
    everything = {
        kind: stack.format_arn(service="sagemaker", resource=kind, resource_name="*")
        for kind in ("endpoint", "endpoint-config", "inference-component")
    }
    role.add_to_principal_policy(iam.PolicyStatement(sid="Look", actions=list(_LOOK), resources=["*"]))
    for kind, action in _DESCRIBE.items():
        role.add_to_principal_policy(iam.PolicyStatement(actions=[action], resources=[everything[kind]]))
    role.add_to_principal_policy(iam.PolicyStatement(sid="Tell", actions=["sns:Publish"], resources=[topic.topic_arn]))
    if topic.master_key is not None:
        role.add_to_principal_policy(_sending(topic.master_key, "sns"))
    role.add_to_principal_policy(_sending(key, "sqs"))
    acknowledge(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        *(wildcard_resource(role, everything[kind]) for kind in ("endpoint", "endpoint-config")),
        reason="The check is for what nobody remembers, so it looks at everything of the account; none of these "
        "actions changes or reads what a model was asked.",
    )
    components = wildcard_resource(role, everything["inference-component"])
    if scale_in_reason is None:
        acknowledge(
            role,
            components,
            reason="The check is for what nobody remembers, so it describes every component; it changes none.",
        )
        return
    role.add_to_principal_policy(
        iam.PolicyStatement(
            sid="ScaleIn",
            actions=["sagemaker:UpdateInferenceComponentRuntimeConfig"],
            resources=[everything["inference-component"]],
        )
    )
    acknowledge(role, components, reason=scale_in_reason)


def _sending(key: kms.IKey, service: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=[key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"{service}.{Aws.REGION}.{Aws.URL_SUFFIX}"}},
    )
