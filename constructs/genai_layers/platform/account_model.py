"""A model that stands in this account and is named by its ARN."""

import re
from typing import Self

from aws_cdk import Stack, Token
from constructs import IConstruct

from genai_layers.catalog import regions
from genai_layers.catalog.bedrock import BedrockModel
from genai_layers.platform.errors import ModelError
from genai_layers.platform.invocation import Invocable
from genai_layers.platform.invokable_model import InvokableModel

PROVISIONED = "provisioned-model"
IMPORTED = "imported-model"
CUSTOM_DEPLOYMENT = "custom-model-deployment"
KINDS = (PROVISIONED, IMPORTED, CUSTOM_DEPLOYMENT)

_ENDPOINT_ACTIONS = ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream")


class AccountModel(InvokableModel):
    """
    Provisioned throughput, an imported model, a deployment of a customized one, or a marketplace endpoint.

    None of these has a price by the token: the first and the last are paid by the hour, the others by the
    units that serve them.

    Example:
        model = AccountModel.imported(self, import_job.model_arn)
        model.grant_invoke(chat, guardrail=guardrail)
    """

    def __init__(self, *, arn: str, targets: tuple[Invocable, ...]) -> None:
        self._arn = arn
        self._targets = targets

    @classmethod
    def provisioned(cls, scope: IConstruct, arn: str) -> Self:
        """
        Return a model with provisioned throughput.

        Args:
            scope: Any construct of the stack.
            arn: ARN `...:provisioned-model/...`.
        """
        return cls._of(scope, arn, PROVISIONED)

    @classmethod
    def imported(cls, scope: IConstruct, arn: str) -> Self:
        """
        Return a model whose weights were imported.

        Args:
            scope: Any construct of the stack.
            arn: ARN `...:imported-model/...`.
        """
        return cls._of(scope, arn, IMPORTED)

    @classmethod
    def custom_deployment(cls, scope: IConstruct, arn: str) -> Self:
        """
        Return a customized model that is deployed on demand.

        Args:
            scope: Any construct of the stack.
            arn: ARN `...:custom-model-deployment/...`.
        """
        return cls._of(scope, arn, CUSTOM_DEPLOYMENT)

    @classmethod
    def marketplace_endpoint(cls, scope: IConstruct, endpoint_arn: str) -> Self:
        """
        Return a model of the Bedrock Marketplace on its SageMaker endpoint.

        Bedrock calls the endpoint with the permissions of the caller; calls that do not come through Bedrock,
        and endpoints that are not registered with it, stay denied.

        Args:
            scope: Any construct of the stack.
            endpoint_arn: ARN of the SageMaker endpoint.
        """
        _check(scope, endpoint_arn, "sagemaker", "endpoint")
        through = Stack.of(scope).format_arn(
            service="bedrock", resource="marketplace", resource_name="model-endpoint/all-access"
        )
        # Amazon Bedrock user guide, "Set up Amazon Bedrock Marketplace"; read through a third party [C].
        registered = {
            "aws:CalledViaLast": "bedrock.amazonaws.com",
            "aws:ResourceTag/sagemaker-sdk:bedrock": "compatible",
        }
        endpoint = Invocable(arns=(endpoint_arn,), conditions=registered, actions=_ENDPOINT_ACTIONS)
        return cls(arn=endpoint_arn, targets=(Invocable(arns=(through,)), endpoint))

    @classmethod
    def _of(cls, scope: IConstruct, arn: str, kind: str) -> Self:
        _check(scope, arn, "bedrock", kind)
        return cls(arn=arn, targets=(Invocable(arns=(arn,)),))

    @property
    def model_id(self) -> str:
        """ARN, which is what a request names."""
        return self._arn

    @property
    def targets(self) -> tuple[Invocable, ...]:
        """The model, and for a marketplace endpoint what Bedrock calls behind it."""
        return self._targets

    @property
    def price(self) -> BedrockModel | None:
        """None: these models have no price by the token."""
        return None


def _check(scope: IConstruct, arn: str, service: str, kind: str) -> None:
    if Token.is_unresolved(arn):
        return
    region = Stack.of(scope).region
    form = f"arn:PARTITION:{service}:REGION:ACCOUNT:{kind}/NAME"
    found = re.fullmatch(rf"arn:(aws[a-z-]*):{service}:([a-z0-9-]+):\d{{12}}:{kind}/[A-Za-z0-9.:-]+", arn)
    if found is None:
        raise ModelError([f"{arn!r} is no {kind}: give an ARN of the form {form}"])
    faults = []
    if not Token.is_unresolved(region):
        if found[1] != regions.partition(region):
            faults.append(f"{arn!r} is of partition {found[1]}, the stack is of {regions.partition(region)}")
        if found[2] != region:
            faults.append(f"{arn!r} is in {found[2]}, the stack is in {region}: requests go to the region of the stack")
    if faults:
        raise ModelError(faults)
