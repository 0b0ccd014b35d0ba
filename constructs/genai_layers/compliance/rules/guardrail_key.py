"""GENAI-BEDROCK-01: a guardrail is encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the key of the guardrail one of ours?"""
    return Answer.of(is_customer_managed(resource.get("KmsKeyArn")))


RULE = Rule(
    id="GENAI-BEDROCK-01",
    title="a guardrail is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Guardrail",),
    question=question,
    why="Denied topics and words tell what an organisation fears; an AWS-owned key leaves it no say in who reads.",
    fix="set KmsKeyArn to a customer-managed key",
    location="Properties.KmsKeyArn",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
