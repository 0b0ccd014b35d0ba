"""The references of a private hub, kept to its list."""

from aws_cdk import CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import KeyUse, PythonFunction, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.sagemaker.errors import JumpStartError
from genai_layers.platform.sagemaker.private_hub import PrivateHub, public_model_arn

# API reference, CreateHubContentReference (botocore 1.44.8).
_MAX_NAME_CHARACTERS = 63


class HubReferences(Construct):
    """
    Makes and deletes the references of a `PrivateHub`, so that it holds exactly the models of its list.

    A reference has no resource in CloudFormation. Whatever else the hub refers to is deleted, so a reference that
    somebody made by hand lasts until the next change of the list; when the stack goes, the hub is emptied first,
    since SageMaker keeps one that holds anything.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        hub: The hub.
        key: Key of the logs and environment of the function; it needs `REQUIRED_KEY_USES`.
        log_retention: How long its logs are kept. Default: one year.
        removal_policy: What happens to those when the stack goes. Default: they are kept.

    Raises:
        JumpStartError: A model of the list has a name that makes no reference.

    Example:
        HubReferences(self, "References", hub=hub, key=key.key)
    """

    REQUIRED_KEY_USES = (KeyUse.LOGS, KeyUse.LAMBDA)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hub: PrivateHub,
        key: kms.IKey,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        faults = [
            f"allowed_models has {model!r} of {len(model)} characters: a reference is named like its model, by at most "
            f"{_MAX_NAME_CHARACTERS}"
            for model in hub.allowed_models
            if len(model) > _MAX_NAME_CHARACTERS
        ]
        if faults:
            raise JumpStartError(faults)
        stack = Stack.of(self)
        curator = PythonFunction(
            self,
            "Function",
            handler_folder="hub_references",
            description="keeps the references of a private hub to its list",
            key=key,
            log_retention=log_retention,
            memory_mib=256,
            removal_policy=removal_policy,
            timeout=Duration.minutes(5),
        )
        hub.grant_curate(curator)
        every = hub.reference_arn("*")
        hub_arn = stack.format_arn(service="sagemaker", resource="hub", resource_name=hub.hub_name)
        curator.role.add_to_principal_policy(
            iam.PolicyStatement(actions=["sagemaker:ListHubContents"], resources=[hub_arn])
        )
        # What has left the list is no longer named in the grant, and must still go.
        curator.role.add_to_principal_policy(
            iam.PolicyStatement(actions=["sagemaker:DeleteHubContentReference"], resources=[every])
        )
        acknowledge(
            curator.role,
            wildcard_resource(curator.role, every),
            reason="A model that has left the list is named nowhere any more, and its reference must go; the wildcard "
            "ends in this one hub.",
        )
        resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::HubReferences",
            service_token=curator.function.function_arn,
            service_timeout=Duration.minutes(10),
            properties={
                "HubName": hub.hub_name,
                "Models": {model: public_model_arn(stack, model) for model in hub.allowed_models},
            },
        )
        resource.node.add_dependency(hub.cfn_hub, curator)
