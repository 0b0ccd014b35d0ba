"""GENAI-PROMPT-01: a prompt is under our key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the key of the prompt one of ours?"""
    return Answer.of(is_customer_managed(resource.get("CustomerEncryptionKeyArn")))


RULE = Rule(
    id="GENAI-PROMPT-01",
    title="a prompt is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Prompt",),
    question=question,
    why="What a model is told says how it can be led astray; an AWS-owned key leaves no say in who reads it.",
    fix="set CustomerEncryptionKeyArn to a customer-managed key",
    location="Properties.CustomerEncryptionKeyArn",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
