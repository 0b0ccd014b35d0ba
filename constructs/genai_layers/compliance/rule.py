"""What a rule is: one question about one resource, with three answers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

from genai_layers.compliance.template import Resource, Template


class Answer(Enum):
    """What a rule says of a resource."""

    COMPLIANT = "compliant"
    NON_COMPLIANT = "non-compliant"
    NOT_APPLICABLE = "not applicable"

    @classmethod
    def of(cls, holds: bool) -> "Answer":
        """Return COMPLIANT if *holds*, NON_COMPLIANT otherwise."""
        return cls.COMPLIANT if holds else cls.NON_COMPLIANT


class Severity(StrEnum):
    """
    How a finding stops the synth.

    The CDK core knows only these two words as failures: with any other, one acknowledgement
    anywhere in the report makes all remaining findings pass in silence.
    """

    ERROR = "error"
    """Stops the synth until it is fixed or acknowledged."""

    FATAL = "fatal"
    """AWS would refuse the deployment; cannot be acknowledged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mappings:
    """
    Where a rule stands in the catalogues that auditors use.

    Attributes:
        owasp_llm: OWASP Top 10 for LLM Applications 2025, such as `LLM01`.
        mitre_atlas: MITRE ATLAS techniques or mitigations, such as `AML.T0051`.
        nist_ai_600_1: Risks of NIST AI 600-1, the generative AI profile, by their names.
        genai_lens: Best practices of the AWS Well-Architected Generative AI Lens, such as `GENSEC01-BP01`.
        nist_800_53: Controls of NIST SP 800-53 Rev. 5, such as `AC-6`.
    """

    owasp_llm: tuple[str, ...] = ()
    mitre_atlas: tuple[str, ...] = ()
    nist_ai_600_1: tuple[str, ...] = ()
    genai_lens: tuple[str, ...] = ()
    nist_800_53: tuple[str, ...] = ()


Question = Callable[[Resource, Template], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    One question that a template must answer.

    Attributes:
        id: Stable for ever, such as `GENAI-BEDROCK-01`.
        title: What must hold, as a sentence.
        severity: Whether a finding can be acknowledged.
        types: CloudFormation types that the question is about.
        question: The question, asked of each resource of those types.
        why: What goes wrong otherwise.
        fix: What to change.
        location: Property that the finding points at, such as `Properties.KmsKeyArn`.
        mappings: The rule in the catalogues of auditors.
    """

    id: str
    title: str
    severity: Severity
    types: tuple[str, ...]
    question: Question
    why: str
    fix: str
    location: str
    mappings: Mappings

    def ask(self, resource: Resource, template: Template) -> Answer:
        """Return the answer for *resource*, NOT_APPLICABLE for one of another type."""
        return self.question(resource, template) if resource.type in self.types else Answer.NOT_APPLICABLE
