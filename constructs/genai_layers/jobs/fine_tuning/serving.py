"""The container that a registered model is meant to be served by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import Stack, Token

from genai_layers.catalog import images
from genai_layers.catalog.images import ServingImage
from genai_layers.jobs.fine_tuning.errors import FineTuningError

_ECR = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+/([a-z0-9._/-]+?)(?:[:@].+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """
    What the registry notes for whoever deploys the model.

    Attributes:
        image: Serving image of the catalog, or the full address of one of yours.
        environment: Environment of the container. Default: none.
        content_types: What it takes and gives.
    """

    image: ServingImage | str = field(default_factory=lambda: images.vllm("sagemaker"))
    environment: Mapping[str, str] = field(default_factory=dict)
    content_types: tuple[str, ...] = ("application/json",)

    def specification(self, stack: Stack, artifacts_path: str) -> dict[str, Any]:
        """
        Return the part of a model package that says how to serve it.

        Args:
            stack: Stack that registers it.
            artifacts_path: JSONPath of the model's address.

        Raises:
            FineTuningError: An image of AWS was asked for, and the stack has no region.
        """
        container: dict[str, Any] = {
            "Image": self._uri(stack),
            "ModelDataSource": {
                "S3DataSource": {
                    "S3Uri.$": artifacts_path,
                    "S3DataType": "S3Prefix",
                    "CompressionType": "None",
                }
            },
        }
        if self.environment:
            container["Environment"] = dict(self.environment)
        return {
            "Containers": [container],
            "SupportedContentTypes": list(self.content_types),
            "SupportedResponseMIMETypes": list(self.content_types),
        }

    def repository_arn(self, stack: Stack) -> str:
        """
        Return the ARN of the repository of the image, for whoever has to pull it.

        Args:
            stack: Stack that deploys it.

        Raises:
            FineTuningError: The address is not one of Amazon ECR.
        """
        uri = self._uri(stack)
        found = None if Token.is_unresolved(uri) else _ECR.fullmatch(uri)
        if found is None:
            raise FineTuningError(
                [
                    f"serving image {uri!r} is not an address of Amazon ECR that is known at synth, so nobody can "
                    "be allowed to pull it: give <account>.dkr.ecr.<region>.<domain>/<repository>:<tag>, or leave "
                    "deploy_to out"
                ]
            )
        return stack.format_arn(
            service="ecr", account=found[1], region=found[2], resource="repository", resource_name=found[3]
        )

    def _uri(self, stack: Stack) -> str:
        if isinstance(self.image, str):
            return self.image
        if Token.is_unresolved(stack.region):
            raise FineTuningError(
                [
                    "serving image of AWS lies in an account of each region, and the stack has no region: give the "
                    "stack env=Environment(region=...), or the full address of an image"
                ]
            )
        return self.image.uri(stack.region)
