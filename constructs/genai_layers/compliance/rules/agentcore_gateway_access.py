"""GENAI-AGENTCORE-04: a gateway knows its callers."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does the gateway ask callers who they are? (Security Hub: BedrockAgentCore.2)"""
    return Answer.of(resource.get("AuthorizerType") not in (None, "", "NONE"))


RULE = Rule(
    id="GENAI-AGENTCORE-04",
    title="an agent gateway asks callers who they are",
    severity=Severity.ERROR,
    types=("AWS::BedrockAgentCore::Gateway",),
    question=question,
    why="Whoever finds the address may call every tool behind it; Security Hub asks the same as BedrockAgentCore.2.",
    fix="set AuthorizerType to AWS_IAM or CUSTOM_JWT",
    location="Properties.AuthorizerType",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0053",),
        genai_lens=("GENSEC01-BP01", "GENSEC05-BP01"),
        nist_800_53=("AC-3", "IA-2(2)"),
    ),
)
