"""GENAI-AGENTCORE-05: what agents remember is under our key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the key of the memory one of ours? (Security Hub: BedrockAgentCore.3)"""
    return Answer.of(is_customer_managed(resource.get("EncryptionKeyArn")))


RULE = Rule(
    id="GENAI-AGENTCORE-05",
    title="an agent memory is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::BedrockAgentCore::Memory",),
    question=question,
    why="Memories hold what people said about themselves; Security Hub asks the same as BedrockAgentCore.3.",
    fix="set EncryptionKeyArn to a customer-managed key",
    location="Properties.EncryptionKeyArn",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
