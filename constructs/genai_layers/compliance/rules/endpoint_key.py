"""GENAI-SAGEMAKER-01: the volumes of an endpoint are encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """If machines of ours serve the endpoint, are their volumes encrypted with one of our keys?"""
    variants = [mapping(each) for each in items(resource.get("ProductionVariants"))]
    if variants and all("ServerlessConfig" in each for each in variants):
        return Answer.NOT_APPLICABLE
    return Answer.of(is_customer_managed(resource.get("KmsKeyId")))


RULE = Rule(
    id="GENAI-SAGEMAKER-01",
    title="an endpoint configuration has a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::EndpointConfig",),
    question=question,
    why="The volume of an endpoint holds the model, and captured requests if they are kept.",
    fix="set KmsKeyId; where SageMaker refuses it because the type encrypts its local disks in hardware, "
    "acknowledge this finding",
    location="Properties.KmsKeyId",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0035",),
        nist_ai_600_1=("Data Privacy", "Intellectual Property"),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
