"""GENAI-BEDROCK-07: grounding thresholds are within what Bedrock takes."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping

HIGHEST = 0.99
"""Bedrock user guide, contextual grounding check, read 2026-11-25: 0 to 0.99, since 1 blocks everything."""


def question(resource: Resource, _template: Template) -> Answer:
    """Is every contextual-grounding threshold from 0 to 0.99?"""
    thresholds = [
        value
        for each in items(resource.get("ContextualGroundingPolicyConfig", "FiltersConfig"))
        if isinstance(value := mapping(each).get("Threshold"), int | float)
    ]
    return Answer.of(all(0 <= value <= HIGHEST for value in thresholds)) if thresholds else Answer.NOT_APPLICABLE


RULE = Rule(
    id="GENAI-BEDROCK-07",
    title="contextual-grounding thresholds are from 0 to 0.99",
    severity=Severity.FATAL,
    types=("AWS::Bedrock::Guardrail",),
    question=question,
    why="Bedrock refuses the guardrail.",
    fix="choose a Threshold between 0 and 0.99; 0.7 is a usual start",
    location="Properties.ContextualGroundingPolicyConfig",
    mappings=Mappings(
        owasp_llm=("LLM09",),
        nist_ai_600_1=("Confabulation",),
        genai_lens=("GENSEC02-BP01",),
        nist_800_53=("SI-15",),
    ),
)
