"""GENAI-AGENTCORE-12: a policy engine in front of a gateway really refuses."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Where the gateway has a policy engine: does it enforce what the engine says?"""
    if resource.get("PolicyEngineConfiguration") is None:
        return Answer.NOT_APPLICABLE
    return Answer.of(resource.get("PolicyEngineConfiguration", "Mode") == "ENFORCE")


RULE = Rule(
    id="GENAI-AGENTCORE-12",
    title="a gateway with a policy engine enforces it",
    severity=Severity.ERROR,
    types=("AWS::BedrockAgentCore::Gateway",),
    question=question,
    why="An engine that only logs reads like a lock in a review, and opens for everybody.",
    fix="set PolicyEngineConfiguration.Mode to ENFORCE",
    location="Properties.PolicyEngineConfiguration.Mode",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC05-BP01",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
