"""GENAI-AGENT-02: an agent is under our key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the key of the agent one of ours?"""
    return Answer.of(is_customer_managed(resource.get("CustomerEncryptionKeyArn")))


RULE = Rule(
    id="GENAI-AGENT-02",
    title="a Bedrock agent is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Agent",),
    question=question,
    why="Its sessions hold what people said, and its instruction what an attacker would like to read.",
    fix="set CustomerEncryptionKeyArn to a customer-managed key",
    location="Properties.CustomerEncryptionKeyArn",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
