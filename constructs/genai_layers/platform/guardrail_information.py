"""Personal data, patterns, grounding and reasoning: the policies of a guardrail that judge facts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from aws_cdk import Token

from genai_layers.platform.guardrail_policies import passing, repeated
from genai_layers.platform.guardrail_values import (
    BLOCKED_PERSONAL_DATA,
    MASKED_PERSONAL_DATA,
    Action,
    PersonalDataType,
)

# Amazon Bedrock quotas and the CloudFormation schema of 2026-10-20.
MAX_PATTERNS = 30
MAX_PATTERN_CHARACTERS = 500
MAX_THRESHOLD = 0.99
MAX_REASONING_POLICIES = 2
_REASONING_ARN = re.compile(
    r"arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:automated-reasoning-policy/[a-z0-9]{12}(:[1-9][0-9]{0,11})?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """
    What happens to one kind of personal data.

    Attributes:
        type: The kind.
        input_action: In what people write. Default: BLOCK.
        output_action: In what the model writes. Default: as *input_action*.
    """

    type: PersonalDataType
    input_action: Action = Action.BLOCK
    output_action: Action | None = None

    def render(self) -> dict[str, object]:
        """Return the entity as CloudFormation wants it."""
        return {"type": self.type.value, **_both_ways(self.input_action, self.output_action)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivePattern:
    """
    A pattern of your own for what must not be said, such as a customer number.

    Attributes:
        name: 1 to 100 characters.
        pattern: Regular expression without look-around, at most 500 characters.
        description: What it finds.
        input_action: In what people write. Default: BLOCK.
        output_action: In what the model writes. Default: as *input_action*.
    """

    name: str
    pattern: str
    description: str = ""
    input_action: Action = Action.BLOCK
    output_action: Action | None = None

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = []
        if not 1 <= len(self.name) <= 100:
            faults.append(f"pattern name {self.name[:30]!r} has {len(self.name)} characters, allowed are 1 to 100")
        if not 1 <= len(self.pattern) <= MAX_PATTERN_CHARACTERS:
            faults.append(
                f"pattern {self.name!r} has {len(self.pattern)} characters, allowed are 1 to {MAX_PATTERN_CHARACTERS}"
            )
        if re.search(r"\(\?<?[=!]", self.pattern):
            faults.append(f"pattern {self.name!r} uses look-around, which the service lacks: write it without")
        try:
            re.compile(self.pattern)
        except re.error as error:
            faults.append(f"pattern {self.name!r} is no regular expression: {error}")
        return faults

    def render(self) -> dict[str, object]:
        """Return the pattern as CloudFormation wants it."""
        rendered: dict[str, object] = {
            "name": self.name,
            "pattern": self.pattern,
            **_both_ways(self.input_action, self.output_action),
        }
        return {**rendered, "description": self.description} if self.description else rendered


def _default_personal_data() -> tuple[PersonalData, ...]:
    return tuple(
        PersonalData(type=kind, input_action=Action.BLOCK if kind in BLOCKED_PERSONAL_DATA else Action.ANONYMIZE)
        for kind in PersonalDataType
        if kind in BLOCKED_PERSONAL_DATA | MASKED_PERSONAL_DATA
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveInformation:
    """
    Personal data and patterns that are stopped or masked, both ways.

    Attributes:
        personal_data: One per kind. Default: secrets and numbers of identity are stopped, ways to reach a
            person are masked; names, ages and addresses on the internet pass.
        patterns: Your own, at most 30. Default: none.
    """

    personal_data: Sequence[PersonalData] = field(default_factory=_default_personal_data)
    patterns: Sequence[SensitivePattern] = ()

    @classmethod
    def strict(cls, *, patterns: Sequence[SensitivePattern] = ()) -> Self:
        """
        Return a policy that masks every kind of personal data, and stops what the default stops.

        Args:
            patterns: Your own patterns beside it.
        """
        return cls(
            personal_data=tuple(
                PersonalData(
                    type=kind, input_action=Action.BLOCK if kind in BLOCKED_PERSONAL_DATA else Action.ANONYMIZE
                )
                for kind in PersonalDataType
            ),
            patterns=patterns,
        )

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = [fault for pattern in self.patterns for fault in pattern.faults()]
        faults += [
            f"personal data {kind} is given more than once: keep one entry for each kind"
            for kind in repeated(entry.type.value for entry in self.personal_data)
        ]
        faults += [
            f"pattern {name!r} is given more than once: rename one of them"
            for name in repeated(pattern.name for pattern in self.patterns)
        ]
        if len(self.patterns) > MAX_PATTERNS:
            faults.append(f"there are {len(self.patterns)} patterns, at most {MAX_PATTERNS} are allowed: merge some")
        if not self.personal_data and not self.patterns:
            faults.append("sensitive_information stops nothing: name data, or Off(reason=...) for the whole policy")
        return faults

    def render(self) -> dict[str, object]:
        """Return the policy as CloudFormation wants it."""
        rendered: dict[str, object] = {}
        if self.personal_data:
            rendered["piiEntitiesConfig"] = [entry.render() for entry in self.personal_data]
        if self.patterns:
            rendered["regexesConfig"] = [pattern.render() for pattern in self.patterns]
        return rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextualGrounding:
    """
    How far an answer must rest on its sources and answer its question.

    It judges only requests that mark their sources and their question as such.

    Attributes:
        grounding: Lowest share of the answer that its sources must bear out, 0 to 0.99. Default: 0.7; more
            stops honest summaries, less lets invention pass.
        relevance: Lowest degree to which the answer must be about the question, 0 to 0.99. Default: 0.5; short
            answers score low, and a wrong subject is less harm than a wrong fact.
        action: BLOCK or NONE (report only). Default: BLOCK.
    """

    grounding: float = 0.7
    relevance: float = 0.5
    action: Action = Action.BLOCK

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = [
            f"{name} threshold is {value}, allowed are 0 to {MAX_THRESHOLD}: at 1 every answer would be stopped"
            for name, value in (("grounding", self.grounding), ("relevance", self.relevance))
            if not 0 <= value <= MAX_THRESHOLD
        ]
        if not passing(self.action):
            faults.append(f"contextual grounding has action {self.action.value}, allowed are BLOCK and NONE")
        return faults

    def render(self) -> dict[str, object]:
        """Return the policy as CloudFormation wants it."""
        both = {"action": self.action.value, "enabled": True}
        return {
            "filtersConfig": [
                {"type": "GROUNDING", "threshold": self.grounding, **both},
                {"type": "RELEVANCE", "threshold": self.relevance, **both},
            ]
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomatedReasoning:
    """
    Rules in formal logic that an answer must not contradict. Needs a cross-region profile.

    Attributes:
        policy_arns: One or two versions of automated reasoning policies.
        confidence_threshold: Lowest confidence at which a finding counts, 0 to 1. Default: 1.
    """

    policy_arns: Sequence[str]
    confidence_threshold: float = 1.0

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        faults = [
            f"automated reasoning policy {arn!r} is no ARN of one: take attr_policy_arn of its version"
            for arn in self.policy_arns
            if not Token.is_unresolved(arn) and not _REASONING_ARN.fullmatch(arn)
        ]
        if not 1 <= len(self.policy_arns) <= MAX_REASONING_POLICIES:
            faults.append(
                f"there are {len(self.policy_arns)} automated reasoning policies, "
                f"allowed are 1 to {MAX_REASONING_POLICIES}"
            )
        if not 0 <= self.confidence_threshold <= 1:
            faults.append(f"confidence_threshold is {self.confidence_threshold}, allowed are 0 to 1")
        return faults

    def render(self) -> dict[str, object]:
        """Return the policy as CloudFormation wants it."""
        return {"policies": list(self.policy_arns), "confidenceThreshold": self.confidence_threshold}


def _both_ways(input_action: Action, output_action: Action | None) -> dict[str, object]:
    output = input_action if output_action is None else output_action
    return {
        "action": input_action.value,
        "inputAction": input_action.value,
        "outputAction": output.value,
        "inputEnabled": True,
        "outputEnabled": True,
    }
