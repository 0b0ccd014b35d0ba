"""GENAI-AGENT-01: an agent has a guardrail."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does the agent name a guardrail, in a version that does not move?"""
    version = resource.get("GuardrailConfiguration", "GuardrailVersion")
    named = resource.get("GuardrailConfiguration", "GuardrailIdentifier")
    return Answer.of(bool(named) and version not in (None, "", "DRAFT"))


RULE = Rule(
    id="GENAI-AGENT-01",
    title="a Bedrock agent has a guardrail in a numbered version",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Agent",),
    question=question,
    why="What people ask and what documents say both steer an agent that can act; nothing else looks at either.",
    fix="set GuardrailConfiguration to a guardrail and the number of a version",
    location="Properties.GuardrailConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM01", "LLM06"),
        mitre_atlas=("AML.T0051", "AML.T0054"),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC02-BP01",),
        nist_800_53=("SI-10", "SI-15"),
    ),
)
