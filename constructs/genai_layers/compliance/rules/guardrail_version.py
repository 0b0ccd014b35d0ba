"""GENAI-BEDROCK-03: a guardrail has a version to be used by."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """Does a version in the same template refer to the guardrail?"""
    return Answer.of(
        any(
            resource in template.referred(version.get("GuardrailIdentifier"))
            for version in template.of_type("AWS::Bedrock::GuardrailVersion")
        )
    )


RULE = Rule(
    id="GENAI-BEDROCK-03",
    title="a guardrail has a version that callers can pin",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Guardrail",),
    question=question,
    why="Callers of the draft change behaviour with every edit, and nobody can say which policy answered.",
    fix="add an AWS::Bedrock::GuardrailVersion that refers to the guardrail, and call that version",
    location="Properties.Name",
    mappings=Mappings(
        owasp_llm=("LLM01",),
        nist_ai_600_1=("Information Integrity",),
        genai_lens=("GENSEC02-BP01", "GENREL04-BP02"),
        nist_800_53=("CM-3",),
    ),
)
