"""GENAI-FLOW-01: a flow is under our key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the key of the flow one of ours?"""
    return Answer.of(is_customer_managed(resource.get("CustomerEncryptionKeyArn")))


RULE = Rule(
    id="GENAI-FLOW-01",
    title="a flow is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Flow",),
    question=question,
    why="A flow holds prompts and code, and what people ask runs through it; an AWS-owned key leaves no say in who "
    "reads either.",
    fix="set CustomerEncryptionKeyArn to a customer-managed key",
    location="Properties.CustomerEncryptionKeyArn",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
