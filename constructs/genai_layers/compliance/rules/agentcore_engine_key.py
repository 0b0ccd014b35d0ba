"""GENAI-AGENTCORE-11: what a policy engine decides by is under our key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the key of the policy engine one of ours?"""
    return Answer.of(is_customer_managed(resource.get("EncryptionKeyArn")))


RULE = Rule(
    id="GENAI-AGENTCORE-11",
    title="a policy engine is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::BedrockAgentCore::PolicyEngine",),
    question=question,
    why="The permissions of tools tell who can do what here; an AWS-owned key leaves no say in who reads them.",
    fix="set EncryptionKeyArn to a customer-managed key",
    location="Properties.EncryptionKeyArn",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
