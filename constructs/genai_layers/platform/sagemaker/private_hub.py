"""A hub of our own: which pre-trained models people may take, and a lock on the public one."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Aws, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.platform.fingerprint import replaceable_name
from genai_layers.platform.sagemaker.errors import JumpStartError

PUBLIC_HUB = "SageMakerPublicHub"
_MAX_NAME_CHARACTERS = 63

_READ = ("sagemaker:DescribeHub", "sagemaker:ListHubContents", "sagemaker:ListHubContentVersions")
_READ_CONTENT = ("sagemaker:DescribeHubContent",)
_OPEN_BUCKETS = ("jumpstart-cache-prod-", "jumpstart-private-cache-prod-")


class PrivateHub(Construct):
    """
    A private hub with a list of the models that it may refer to.

    `HubReferences` makes and deletes the references; whoever else curates the hub gets `grant_curate`, which allows
    those of the list and no others. People get `grant_use` and the denials of `deny_public_hub`.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new hub.
        description: What it is for; people see it.
        allowed_models: Ids of the public hub's models that may be referred to.
        storage: Bucket for contents of your own. Default: none, only references.

    Attributes:
        cfn_hub: The hub as CloudFormation knows it.
        allowed_models: The list.
        hub_name: Its name.

    Raises:
        JumpStartError: The list is empty.
        RegionError: The region has no hubs.

    Example:
        hub = PrivateHub(self, "Hub", description="reviewed models", allowed_models=["huggingface-llm-gemma-2b"])
        hub.grant_use(people)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        description: str,
        allowed_models: Sequence[str],
        storage: s3.IBucket | None = None,
    ) -> None:
        super().__init__(scope, id)
        region = Stack.of(self).region
        if not Token.is_unresolved(region):
            regions.require(region, "AWS::SageMaker::Hub")
        if not allowed_models:
            raise JumpStartError(["allowed_models is empty: name the models that the hub may refer to"])
        self.allowed_models = tuple(dict.fromkeys(allowed_models))
        where = None if storage is None else {"s3OutputPath": f"s3://{storage.bucket_name}/hub/"}
        self.hub_name: str = replaceable_name(self, where, max_length=_MAX_NAME_CHARACTERS)
        self.cfn_hub = sagemaker.CfnHub(
            self, "Resource", hub_name=self.hub_name, hub_description=description, s3_storage_config=where
        )

    @property
    def hub_arn(self) -> str:
        """ARN of the hub."""
        return self.cfn_hub.attr_hub_arn

    def reference_arn(self, model_id: str) -> str:
        """
        Return the ARN under which the hub refers to a public model.

        Args:
            model_id: Id of the model.
        """
        return Stack.of(self).format_arn(
            service="sagemaker",
            resource="hub-content",
            resource_name=f"{self.hub_name}/ModelReference/{model_id}",
        )

    def grant_use(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* look at the hub and at the models of the list.

        Args:
            grantee: Who may.
        """
        looked = iam.Grant.add_to_principal(grantee=grantee, actions=list(_READ), resource_arns=[self._arn()])
        taken = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[*_READ_CONTENT, "sagemaker:ListHubContentVersions"],
            resource_arns=[self._arn(), *(self.reference_arn(model) for model in self.allowed_models)],
        )
        return looked.combine(taken)

    def grant_curate(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* make and delete the references of the list, and no others.

        Args:
            grantee: Who may.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["sagemaker:CreateHubContentReference", "sagemaker:DeleteHubContentReference"],
            resource_arns=[
                self._arn(),
                *(self.reference_arn(model) for model in self.allowed_models),
                *(public_model_arn(Stack.of(self), model) for model in self.allowed_models),
            ],
        )

    def _arn(self) -> str:
        # By name and not by attribute, so that a policy does not wait for the hub.
        return Stack.of(self).format_arn(service="sagemaker", resource="hub", resource_name=self.hub_name)


def public_model_arn(stack: Stack, model_id: str) -> str:
    """
    Return the ARN of a model of the public hub.

    Args:
        stack: Stack that gives partition and region.
        model_id: Id of the model, or `*` for all.
    """
    return stack.format_arn(
        service="sagemaker",
        account="aws",
        resource="hub-content",
        resource_name=f"{PUBLIC_HUB}/Model/{model_id}",
    )


def deny_public_hub(stack: Stack) -> list[iam.PolicyStatement]:
    """
    Return denials that keep an identity to private hubs; add them to a role, a boundary or a permission set.

    Models can then neither be looked up in the public hub, nor deployed or trained straight from its gated files,
    nor fetched from its buckets.

    Args:
        stack: Stack that gives partition and region.
    """
    hub = stack.format_arn(service="sagemaker", account="aws", resource="hub", resource_name=PUBLIC_HUB)
    contents = stack.format_arn(
        service="sagemaker", account="aws", resource="hub-content", resource_name=f"{PUBLIC_HUB}/*"
    )
    buckets = [
        stack.format_arn(
            service="s3", region="", account="", resource=f"{bucket}*", arn_format=ArnFormat.NO_RESOURCE_NAME
        )
        for bucket in _OPEN_BUCKETS
    ]
    return [
        iam.PolicyStatement(
            sid="NoPublicHub",
            effect=iam.Effect.DENY,
            actions=[*_READ, *_READ_CONTENT, "sagemaker:CreateHubContentReference", "sagemaker:ImportHubContent"],
            resources=[hub, contents],
        ),
        iam.PolicyStatement(
            sid="NoGatedModelsPastTheHub",
            effect=iam.Effect.DENY,
            actions=["sagemaker:CreateModel", "sagemaker:CreateTrainingJob"],
            resources=[
                stack.format_arn(service="sagemaker", account=Aws.ACCOUNT_ID, resource=kind, resource_name="*")
                for kind in ("model", "training-job")
            ],
            conditions={"Bool": {"sagemaker:DirectGatedModelAccess": "true"}},
        ),
        iam.PolicyStatement(
            sid="NoPublicModelFiles",
            effect=iam.Effect.DENY,
            actions=["s3:GetObject", "s3:ListBucket"],
            resources=[*buckets, *(f"{bucket}/*" for bucket in buckets)],
        ),
    ]
