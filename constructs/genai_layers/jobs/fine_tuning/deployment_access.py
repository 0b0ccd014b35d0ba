"""What a deployment may do, and what the endpoint may read of the models that are put there."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from genai_layers.foundation import wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.jobs.fine_tuning.access import read_folder, use_key
from genai_layers.jobs.fine_tuning.deployment_steps import DeploymentSteps
from genai_layers.jobs.fine_tuning.promotable import IPromotable
from genai_layers.jobs.fine_tuning.serving import Serving

_MADE = "Models and configurations are named after a digest of what they hold; the wildcard ends at this pipeline's."


def allow_deployment(role: iam.Role, steps: DeploymentSteps, group_name: str) -> None:
    """
    Let the role of a state machine change which model serves: one endpoint, and models of one group.

    Args:
        role: Role of the state machine.
        steps: What it does.
        group_name: Model package group.
    """
    stack, target = Stack.of(role), steps.target
    models, configs, packages = (
        stack.format_arn(service="sagemaker", resource=kind, resource_name=name)
        for kind, name in (
            ("model", f"{steps.prefix}*"),
            ("endpoint-config", f"{steps.prefix}*"),
            ("model-package", f"{group_name}/*"),
        )
    )
    whole = target.component_name is None
    kind = "Endpoint" if whole else "InferenceComponent"
    statements = [
        (["sagemaker:CreateModel", "sagemaker:DeleteModel", "sagemaker:DescribeModel"], [models]),
        (["sagemaker:DescribeModelPackage"], [packages]),
        ([f"sagemaker:Describe{kind}"], [target.changed_arn]),
    ]
    if target.starting_arn is not None:
        # Its name is CloudFormation's, with capitals, and SageMaker writes small letters into ARNs.
        starting = target.starting_arn
        statements += [
            (["sagemaker:CreateEndpointConfig", "sagemaker:DeleteEndpointConfig"], [configs]),
            (["sagemaker:DescribeEndpointConfig"], [configs, starting]),
            (["sagemaker:UpdateEndpoint"], [target.changed_arn, configs, starting]),
        ]
    else:
        statements.append((["sagemaker:UpdateInferenceComponent"], [target.changed_arn]))
    for actions, resources in statements:
        role.add_to_policy(iam.PolicyStatement(actions=actions, resources=resources))
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[target.execution_role.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        )
    )
    # API reference, UpdateEndpoint: whoever calls it grants the volumes the use of the key.
    use_key(role, target.key, "kms:DescribeKey")
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["kms:CreateGrant"],
            resources=[target.key.key_arn],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        )
    )
    named = (models, configs, packages) if whole else (models, packages)
    acknowledge(role, *(wildcard_resource(role, arn) for arn in named), reason=_MADE)


def admit_models(target: IPromotable, outputs: s3.IBucket, folder: str, serving: Serving) -> None:
    """
    Let the models of an endpoint be those of a pipeline: their files, and the image that serves them.

    Args:
        target: Where they are put.
        outputs: Bucket of the models.
        folder: Folder of the models, with a closing slash.
        serving: Container that they are served by.

    Raises:
        FineTuningError: The image is not in a registry whose grant can be written.
    """
    role = target.execution_role
    read_folder(role, outputs, folder)
    role.add_to_principal_policy(
        iam.PolicyStatement(
            actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            resources=[serving.repository_arn(Stack.of(role))],
        )
    )
