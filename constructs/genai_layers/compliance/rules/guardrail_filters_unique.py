"""GENAI-BEDROCK-06: a guardrail names each content filter once."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Is every type of content filter there at most once?"""
    types = [str(mapping(each).get("Type")) for each in items(resource.get("ContentPolicyConfig", "FiltersConfig"))]
    return Answer.of(len(types) == len(set(types))) if types else Answer.NOT_APPLICABLE


RULE = Rule(
    id="GENAI-BEDROCK-06",
    title="a guardrail names each content filter once",
    severity=Severity.FATAL,
    types=("AWS::Bedrock::Guardrail",),
    question=question,
    why="Bedrock refuses the guardrail, and a reader could not tell which strength holds.",
    fix="keep one filter of each type",
    location="Properties.ContentPolicyConfig",
    mappings=Mappings(
        owasp_llm=("LLM01",),
        nist_ai_600_1=("Dangerous, Violent, or Hateful Content",),
        genai_lens=("GENSEC02-BP01",),
        nist_800_53=("SI-15",),
    ),
)
