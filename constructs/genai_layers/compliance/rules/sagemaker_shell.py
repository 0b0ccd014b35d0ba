"""GENAI-SAGEMAKER-11: nobody opens a shell on the machines of an endpoint, and none leaves its memory behind."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Is every variant without Systems Manager access and without core dumps?"""
    variants = [mapping(each) for each in items(resource.get("ProductionVariants"))]
    if not variants:
        return Answer.NOT_APPLICABLE
    return Answer.of(
        not any(each.get("EnableSSMAccess") in (True, "true") or "CoreDumpConfig" in each for each in variants)
    )


RULE = Rule(
    id="GENAI-SAGEMAKER-11",
    title="a production variant has neither shell access nor core dumps",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::EndpointConfig",),
    question=question,
    why="Who has a shell or a dump of the memory has the weights, and what others ask.",
    fix="leave EnableSSMAccess and CoreDumpConfig out",
    location="Properties.ProductionVariants",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0035",),
        nist_ai_600_1=("Data Privacy", "Intellectual Property"),
        nist_800_53=("AC-6", "SC-39"),
    ),
)
