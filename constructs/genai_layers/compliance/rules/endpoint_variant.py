"""GENAI-SAGEMAKER-02: a variant is served by machines or is serverless."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Does no variant have both a serverless configuration and an instance type?"""
    variants = [mapping(each) for each in items(resource.get("ProductionVariants"))]
    if not variants:
        return Answer.NOT_APPLICABLE
    return Answer.of(not any("ServerlessConfig" in each and "InstanceType" in each for each in variants))


RULE = Rule(
    id="GENAI-SAGEMAKER-02",
    title="a production variant has an instance type or is serverless, not both",
    severity=Severity.FATAL,
    types=("AWS::SageMaker::EndpointConfig",),
    question=question,
    why="SageMaker refuses the configuration; no schema says so before.",
    fix="keep InstanceType with InitialInstanceCount, or ServerlessConfig",
    location="Properties.ProductionVariants",
    mappings=Mappings(genai_lens=("GENREL01-BP01", "GENOPS04-BP01"), nist_800_53=("CM-6",)),
)
