"""The container that a registered model is meant to be served by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import Stack, Token

from genai_layers.catalog import images
from genai_layers.catalog.images import ServingImage
from genai_layers.jobs.fine_tuning.errors import FineTuningError


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
