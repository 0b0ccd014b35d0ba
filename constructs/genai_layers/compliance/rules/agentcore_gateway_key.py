"""GENAI-AGENTCORE-06: what a gateway keeps is under our key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the key of the gateway one of ours? (Security Hub: BedrockAgentCore.4)"""
    return Answer.of(is_customer_managed(resource.get("KmsKeyArn")))


RULE = Rule(
    id="GENAI-AGENTCORE-06",
    title="an agent gateway is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::BedrockAgentCore::Gateway",),
    question=question,
    why="The descriptions of tools tell what can be done here and how; "
    "Security Hub asks the same as BedrockAgentCore.4.",
    fix="set KmsKeyArn to a customer-managed key",
    location="Properties.KmsKeyArn",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
