"""Who may approve what came of a run."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation.nag import acknowledge


def grant_approve(scope: Construct, group_name: str, grantee: iam.IGrantable) -> iam.Grant:
    """
    Let *grantee* look at the models of a group and approve or reject them.

    Args:
        scope: A construct of the stack of the group.
        group_name: Model package group.
        grantee: Who may.
    """
    stack = Stack.of(scope)
    packages = stack.format_arn(service="sagemaker", resource="model-package", resource_name=f"{group_name}/*")
    group = stack.format_arn(service="sagemaker", resource="model-package-group", resource_name=group_name)
    changed = iam.Grant.add_to_principal(
        grantee=grantee,
        actions=["sagemaker:DescribeModelPackage", "sagemaker:UpdateModelPackage"],
        resource_arns=[packages],
    )
    listed = iam.Grant.add_to_principal(
        grantee=grantee,
        actions=["sagemaker:DescribeModelPackageGroup", "sagemaker:ListModelPackages"],
        resource_arns=[group],
    )
    if isinstance(grantee, Construct):
        acknowledge(
            grantee,
            f"AwsSolutions-IAM5[Resource::{packages}]",
            reason="Versions of a group are numbered as they come; the wildcard ends at this group.",
        )
    return changed.combine(listed)
