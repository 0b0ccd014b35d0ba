"""GENAI-SAGEMAKER-14: volumes of Studio are encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Are the volumes encrypted with one of our keys?"""
    return Answer.of(is_customer_managed(resource.get("KmsKeyId")))


RULE = Rule(
    id="GENAI-SAGEMAKER-14",
    title="volumes of Studio are encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::Domain",),
    question=question,
    why="Copies of training data and of conversations end up in notebooks.",
    fix="set KmsKeyId to a key of your own",
    location="Properties.KmsKeyId",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        nist_ai_600_1=("Data Privacy",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
