"""How a guardrail is set as a whole: what is off and why, what it says, where it judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, Self

from aws_cdk import Stack

from genai_layers.foundation.nag import MINIMUM_REASON, says_why
from genai_layers.platform.guardrail_information import AutomatedReasoning, ContextualGrounding, SensitiveInformation
from genai_layers.platform.guardrail_policies import ContentPolicy, TopicPolicy, WordPolicy
from genai_layers.platform.guardrail_values import Tier

MAX_MESSAGE_CHARACTERS = 500


class Policy(Protocol):
    """One kind of policy of a guardrail."""

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        ...

    def render(self) -> dict[str, object]:
        """Return the policy as CloudFormation wants it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """
    A policy that is on by default, turned off in writing.

    Attributes:
        reason: Why that is safe, in at least 20 characters. It lands in the metadata of the guardrail.
    """

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedMessages:
    """
    What people read instead of what was stopped.

    Attributes:
        input: When the question was stopped; 1 to 500 characters.
        output: When the answer was stopped; 1 to 500 characters.
    """

    input: str = "This question cannot be answered here. Please ask about something else."
    output: str = "The answer to this question was withheld. Please ask it in another way."

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        return [
            f"blocked message for {name} has {len(text)} characters, allowed are 1 to {MAX_MESSAGE_CHARACTERS}"
            for name, text in (("input", self.input), ("output", self.output))
            if not 1 <= len(text) <= MAX_MESSAGE_CHARACTERS
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailProfile:
    """
    A geography in which a guardrail may judge; text leaves the region, never the geography.

    Attributes:
        geography: Prefix of the profile, such as `us`.
        regions: Regions that judge. Amazon Bedrock user guide, "Distribute guardrail inference across
            AWS Regions", read 2026-11-25 through a third party [C].
    """

    geography: str
    regions: tuple[str, ...]

    US: ClassVar["GuardrailProfile"]
    EU: ClassVar["GuardrailProfile"]
    APAC: ClassVar["GuardrailProfile"]
    US_GOV: ClassVar["GuardrailProfile"]

    def arn(self, stack: Stack, region: str | None = None) -> str:
        """
        Return the ARN of the profile for the account of *stack*.

        Args:
            stack: Gives partition and account.
            region: Region of the ARN. Default: the one of *stack*.
        """
        return stack.format_arn(
            service="bedrock",
            region=stack.region if region is None else region,
            resource="guardrail-profile",
            resource_name=f"{self.geography}.guardrail.v1:0",
        )


GuardrailProfile.US = GuardrailProfile(geography="us", regions=("us-east-1", "us-east-2", "us-west-2"))
GuardrailProfile.EU = GuardrailProfile(geography="eu", regions=("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3"))
GuardrailProfile.APAC = GuardrailProfile(
    geography="apac",
    regions=("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
)
GuardrailProfile.US_GOV = GuardrailProfile(geography="us-gov", regions=("us-gov-east-1", "us-gov-west-1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailPolicies:
    """
    Everything that a guardrail looks at.

    The presets are starting points; change one part with `dataclasses.replace`.

    Attributes:
        content: Filters for harm and for prompt attacks. Default: all of them at HIGH.
        topics: Subjects that are kept out. Default: none, since only you know them.
        words: Words that are stopped. Default: profanity.
        sensitive_information: Personal data and patterns. Default: secrets and numbers of identity are
            stopped, ways to reach a person are masked.
        grounding: How far answers must rest on their sources. Default: 0.7, and 0.5 for relevance.
        automated_reasoning: Rules in formal logic. Default: none.
    """

    content: ContentPolicy | Off = field(default_factory=ContentPolicy)
    topics: TopicPolicy | None = None
    words: WordPolicy | Off = field(default_factory=WordPolicy)
    sensitive_information: SensitiveInformation | Off = field(default_factory=SensitiveInformation)
    grounding: ContextualGrounding | Off = field(default_factory=ContextualGrounding)
    automated_reasoning: AutomatedReasoning | None = None

    @classmethod
    def strict(cls, *, topics: TopicPolicy | None = None) -> Self:
        """
        Return policies for answers that strangers read: every kind of personal data, and well-grounded answers.

        Args:
            topics: Subjects that are kept out. Default: none.
        """
        return cls(
            topics=topics,
            sensitive_information=SensitiveInformation.strict(),
            grounding=ContextualGrounding(grounding=0.85, relevance=0.7),
        )

    @classmethod
    def pii_safe(cls, *, topics: TopicPolicy | None = None) -> Self:
        """
        Return policies that let no kind of personal data through, names included, and are the default otherwise.

        Args:
            topics: Subjects that are kept out. Default: none.
        """
        return cls(topics=topics, sensitive_information=SensitiveInformation.strict())

    @classmethod
    def ungrounded(cls, *, topics: TopicPolicy | None = None) -> Self:
        """
        Return policies for free text, such as drafts, which has no sources to be measured against.

        Args:
            topics: Subjects that are kept out. Default: none.
        """
        return cls(topics=topics, grounding=Off(reason="The text is free: it has no sources to be measured against"))

    def each(self) -> Mapping[str, tuple[str, Policy | Off | None]]:
        """Return the CloudFormation property and the policy of each kind, by the name of its attribute."""
        return {
            "content": ("content_policy_config", self.content),
            "topics": ("topic_policy_config", self.topics),
            "words": ("word_policy_config", self.words),
            "sensitive_information": ("sensitive_information_policy_config", self.sensitive_information),
            "grounding": ("contextual_grounding_policy_config", self.grounding),
            "automated_reasoning": ("automated_reasoning_policy_config", self.automated_reasoning),
        }

    def faults(self) -> list[str]:
        """Return what the service would refuse, and reasons that say nothing."""
        found: list[str] = []
        on = 0
        for name, (_, policy) in self.each().items():
            if isinstance(policy, Off):
                if not says_why(policy.reason):
                    found.append(
                        f"{name} is off with reason {policy.reason!r}: say in at least {MINIMUM_REASON} characters "
                        "why that is safe"
                    )
            elif policy is not None:
                on += 1
                found += policy.faults()
        if on == 0:
            found.append("every policy is off, so the guardrail would stop nothing: leave at least one on")
        return found

    def relaxations(self) -> dict[str, str]:
        """Return what is off, with its reason."""
        return {name: policy.reason for name, (_, policy) in self.each().items() if isinstance(policy, Off)}

    def render(self) -> dict[str, dict[str, object]]:
        """Return the policies as properties of `CfnGuardrail`."""
        return {
            prop: policy.render()
            for prop, policy in self.each().values()
            if policy is not None and not isinstance(policy, Off)
        }

    def needs_profile(self) -> list[str]:
        """Return the parts that only work with a cross-region profile."""
        parts = [
            f"the STANDARD tier of {name}"
            for name, policy in (("content", self.content), ("topics", self.topics))
            if isinstance(policy, ContentPolicy | TopicPolicy) and policy.tier is Tier.STANDARD
        ]
        return parts if self.automated_reasoning is None else [*parts, "automated_reasoning"]
