"""How documents are read before they are cut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from genai_layers.foundation import wildcard_resource
from genai_layers.platform.foundation_model import FoundationModel
from genai_layers.platform.inference_profile import InferenceProfile

MAX_PROMPT_CHARACTERS = 10_000


def model_statements(model: FoundationModel | InferenceProfile) -> Sequence[iam.PolicyStatement]:
    """
    Return what the role of a knowledge base needs, for the service to read documents with *model*.

    Args:
        model: The model.
    """
    return [
        iam.PolicyStatement(
            actions=["bedrock:InvokeModel"],
            resources=list(target.arns),
            conditions={"StringEquals": dict(target.conditions)} if target.conditions else None,
        )
        for target in model.targets
    ]


class Parsing(Protocol):
    """A way to read documents that are more than text."""

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        ...

    def render(self, stack: Stack) -> dict[str, object]:
        """Return the settings as CloudFormation wants them."""
        ...

    def statements(self, stack: Stack) -> Sequence[iam.PolicyStatement]:
        """Return what the role of the knowledge base must be allowed."""
        ...

    def accepted(self, stack: Stack) -> Mapping[str, str]:
        """Return the findings that they bring, each with the reason why it is safe."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelParsing:
    """
    A model reads tables, charts and scans; every page costs its tokens.

    Attributes:
        model: Model that reads; it must see images.
        prompt: What it is told, at most 10,000 characters. Default: the prompt of the service.
    """

    model: FoundationModel | InferenceProfile
    prompt: str | None = None

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        if self.prompt is None or 1 <= len(self.prompt) <= MAX_PROMPT_CHARACTERS:
            return []
        return [f"prompt has {len(self.prompt)} characters, allowed are 1 to {MAX_PROMPT_CHARACTERS}"]

    def render(self, stack: Stack) -> dict[str, object]:  # noqa: ARG002 - the model knows its stack
        """
        Return the settings as CloudFormation wants them.

        Args:
            stack: Stack of the data source.
        """
        settings: dict[str, object] = {"modelArn": self.model.source_arn}
        if self.prompt is not None:
            settings["parsingPrompt"] = {"parsingPromptText": self.prompt}
        return {"parsingStrategy": "BEDROCK_FOUNDATION_MODEL", "bedrockFoundationModelConfiguration": settings}

    def statements(self, stack: Stack) -> Sequence[iam.PolicyStatement]:  # noqa: ARG002 - the model knows its stack
        """
        Return what the role of the knowledge base must be allowed: to run the model.

        Args:
            stack: Stack of the data source.
        """
        return model_statements(self.model)

    def accepted(self, stack: Stack) -> Mapping[str, str]:  # noqa: ARG002 - the same everywhere
        """
        Return the findings that they bring.

        Args:
            stack: Stack of the data source.
        """
        return {
            "GENAI-BEDROCK-09": "The service reads documents with the model, in requests of its own that can name no "
            "guardrail; passages are judged when an answer is made of them."
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAutomationParsing:
    """Bedrock Data Automation reads documents, priced by the page; no model is to be chosen."""

    def faults(self) -> list[str]:
        """Return what the service would refuse: nothing can be set."""
        return []

    def render(self, stack: Stack) -> dict[str, object]:  # noqa: ARG002 - nothing in it depends on the stack
        """
        Return the settings as CloudFormation wants them.

        Args:
            stack: Stack of the data source.
        """
        return {"parsingStrategy": "BEDROCK_DATA_AUTOMATION"}

    def statements(self, stack: Stack) -> Sequence[iam.PolicyStatement]:
        """
        Return what the role of the knowledge base must be allowed.

        Amazon Bedrock user guide, "Create a service role for Knowledge Bases"; the project is one of AWS [C].

        Args:
            stack: Gives partition, region and account.
        """

        project = stack.format_arn(
            service="bedrock",
            account="aws",
            resource="data-automation-project",
            resource_name="public-rag-default",
        )
        profiles, invocations = _wildcards(stack)
        return [
            iam.PolicyStatement(actions=["bedrock:InvokeDataAutomationAsync"], resources=[project, profiles]),
            iam.PolicyStatement(actions=["bedrock:GetDataAutomationStatus"], resources=[invocations]),
        ]

    def accepted(self, stack: Stack) -> Mapping[str, str]:
        """
        Return the findings that they bring.

        Args:
            stack: Gives partition, region and account.
        """
        profiles, invocations = _wildcards(stack)
        return {
            wildcard_resource(stack, profiles): "The service chooses the region of the profile; all are of this "
            "account and hold no data.",
            wildcard_resource(stack, invocations): "An invocation is named when it starts; the role sees those of this "
            "account only.",
        }


def _wildcards(stack: Stack) -> tuple[str, str]:
    return (
        stack.format_arn(service="bedrock", region="*", resource="data-automation-profile", resource_name="*"),
        stack.format_arn(service="bedrock", resource="data-automation-invocation", resource_name="*"),
    )
