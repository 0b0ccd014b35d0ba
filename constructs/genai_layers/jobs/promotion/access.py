"""What the roles of a receipt may do, here and in the other account."""

from __future__ import annotations

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.fine_tuning.deployment import MODELS
from genai_layers.jobs.promotion.source import ModelSource

_NUMBERED = "Versions of a group are numbered as they come, and runs named after executions; the wildcards end there."


def read_source(role: iam.IRole, source: ModelSource) -> None:
    """
    Let *role* read the models of another account, as far as that account lets it.

    Args:
        role: Role that copies.
        source: Group, bucket and key of the other account.
    """
    stack = Stack.of(role)
    bucket = stack.format_arn(
        service="s3", region="", account="", resource=source.bucket_name, arn_format=ArnFormat.NO_RESOURCE_NAME
    )
    models = f"{bucket}/{MODELS}*"
    packages = stack.format_arn(
        service="sagemaker", account=source.account, resource="model-package", resource_name=f"{source.group_name}/*"
    )
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{Aws.URL_SUFFIX}"}}
    for statement in (
        iam.PolicyStatement(actions=["sagemaker:DescribeModelPackage"], resources=[packages]),
        iam.PolicyStatement(actions=["s3:GetObject"], resources=[models]),
        iam.PolicyStatement(
            actions=["s3:ListBucket"], resources=[bucket], conditions={"StringLike": {"s3:prefix": f"{MODELS}*"}}
        ),
        iam.PolicyStatement(actions=["kms:Decrypt"], resources=[source.key_arn], conditions=through_s3),
    ):
        role.add_to_principal_policy(statement)
    acknowledge(role, *(wildcard_resource(role, arn) for arn in (models, packages)), reason=_NUMBERED)


def allow_receipt(role: iam.Role, function: lambda_.IFunction, group_name: str) -> None:
    """
    Let the role of the state machine do what its steps do; it approves nothing.

    Args:
        role: Role of the state machine.
        function: Function that it invokes.
        group_name: Model package group that it registers in.
    """
    stack = Stack.of(role)
    group = stack.format_arn(service="sagemaker", resource="model-package-group", resource_name=group_name)
    packages = stack.format_arn(service="sagemaker", resource="model-package", resource_name=f"{group_name}/*")
    role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn]))
    role.add_to_policy(iam.PolicyStatement(actions=["sagemaker:CreateModelPackage"], resources=[group, packages]))
    acknowledge(role, wildcard_resource(role, packages), reason=_NUMBERED)
