"""What the state machine of a fine-tuning may do: start its jobs in its roles, and register in its group."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.fine_tuning.calls import job_prefix

_TRAINING = ("sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob")
_PROCESSING = ("sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob")
# Step Functions developer guide, "Create and manage SageMaker AI jobs": rules by which it hears that a job ended.
_RULES = ("StepFunctionsGetEventsForSageMakerTrainingJobsRule", "StepFunctionsGetEventsForSageMakerProcessingJobsRule")
_WATCH = ("events:DescribeRule", "events:PutRule", "events:PutTargets")


def allow_jobs(
    role: iam.Role,
    *,
    functions: Sequence[lambda_.IFunction],
    job_roles: Sequence[iam.IRole],
    group_name: str,
    mark: str,
) -> None:
    """
    Let the role of the state machine do what its steps do.

    A job without isolation from the network or without encryption between machines is not allowed, whatever the
    definition says.

    Args:
        role: Role of the state machine.
        functions: Functions that it invokes.
        job_roles: Roles that it hands to SageMaker, and no others.
        group_name: Model package group that it registers in.
        mark: What tells its jobs from those of another pipeline.
    """
    stack = Stack.of(role)
    tuning, judging, measuring = (
        stack.format_arn(service="sagemaker", resource=kind, resource_name=f"{job_prefix(name, mark)}*")
        for kind, name in (("training-job", "tune"), ("training-job", "judge"), ("processing-job", "judge"))
    )
    isolated = {"Bool": {"sagemaker:NetworkIsolation": "true", "sagemaker:InterContainerTrafficEncryption": "true"}}
    group = stack.format_arn(service="sagemaker", resource="model-package-group", resource_name=group_name)
    packages = stack.format_arn(service="sagemaker", resource="model-package", resource_name=f"{group_name}/*")
    rules = [
        stack.format_arn(
            service="events", resource="rule", resource_name=name, arn_format=ArnFormat.SLASH_RESOURCE_NAME
        )
        for name in _RULES
    ]
    for statement in (
        iam.PolicyStatement(
            actions=["lambda:InvokeFunction"], resources=[function.function_arn for function in functions]
        ),
        iam.PolicyStatement(actions=["sagemaker:CreateTrainingJob"], resources=[tuning, judging], conditions=isolated),
        iam.PolicyStatement(actions=["sagemaker:CreateProcessingJob"], resources=[measuring], conditions=isolated),
        iam.PolicyStatement(actions=list(_TRAINING), resources=[tuning, judging]),
        iam.PolicyStatement(actions=list(_PROCESSING), resources=[measuring]),
        # Step Functions marks the jobs that it awaits.
        iam.PolicyStatement(actions=["sagemaker:AddTags"], resources=[tuning, judging, measuring]),
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[each.role_arn for each in job_roles],
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
        iam.PolicyStatement(actions=["sagemaker:CreateModelPackage"], resources=[group, packages]),
        iam.PolicyStatement(actions=list(_WATCH), resources=rules),
    ):
        role.add_to_policy(statement)
    acknowledge(
        role,
        *(wildcard_resource(role, arn) for arn in (tuning, judging, measuring, packages)),
        reason="A job is named after its execution and a version of a group is numbered as it comes; the wildcards end "
        "at the prefixes of this pipeline, and at its group.",
    )
