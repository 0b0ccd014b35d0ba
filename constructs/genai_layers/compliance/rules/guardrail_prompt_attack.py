"""GENAI-BEDROCK-02: a guardrail filters prompt attacks on the way in."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Is there a prompt-attack filter that acts on input, and does it leave output alone, as Bedrock demands?"""
    filters = [
        mapping(each)
        for each in items(resource.get("ContentPolicyConfig", "FiltersConfig"))
        if mapping(each).get("Type") == "PROMPT_ATTACK"
    ]
    return Answer.of(
        bool(filters)
        and all(
            each.get("InputStrength") in ("LOW", "MEDIUM", "HIGH") and each.get("OutputStrength") == "NONE"
            for each in filters
        )
    )


RULE = Rule(
    id="GENAI-BEDROCK-02",
    title="a guardrail filters prompt attacks in the input, with output strength NONE",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Guardrail",),
    question=question,
    why="Without it a user or a document can talk the model out of its instructions; "
    "Bedrock refuses any other output strength.",
    fix="add a PROMPT_ATTACK filter with an InputStrength of HIGH and an OutputStrength of NONE",
    location="Properties.ContentPolicyConfig",
    mappings=Mappings(
        owasp_llm=("LLM01",),
        mitre_atlas=("AML.T0051", "AML.T0054"),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC02-BP01", "GENSEC04-BP02"),
        nist_800_53=("SI-10",),
    ),
)
