"""Who may start a run, and who may approve what came of it."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.workflow import Workflow


def grant_start(workflow: Workflow, grantee: iam.IGrantable) -> iam.Grant:
    """
    Let *grantee* start a run, watch it and read what came of it.

    Args:
        workflow: What is started.
        grantee: Who may.
    """
    executions = Stack.of(workflow).format_arn(
        service="states",
        resource="execution",
        resource_name=f"{workflow.state_machine.state_machine_name}:*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    granted = workflow.grant_start(grantee)
    _accept(grantee, executions, "An execution has a name of its own; the wildcard ends at this state machine.")
    return granted


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
    _accept(grantee, packages, "Versions of a group are numbered as they come; the wildcard ends at this group.")
    return changed.combine(listed)


def _accept(grantee: iam.IGrantable, resource: str, reason: str) -> None:
    if isinstance(grantee, Construct):
        acknowledge(grantee, wildcard_resource(grantee, resource), reason=reason)
