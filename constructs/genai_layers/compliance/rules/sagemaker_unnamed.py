"""GENAI-SAGEMAKER-09: what can only be replaced has no name of its own."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

_NAMES = {"AWS::SageMaker::EndpointConfig": "EndpointConfigName", "AWS::SageMaker::Model": "ModelName"}


def question(resource: Resource, _template: Template) -> Answer:
    """Is the name left to CloudFormation?"""
    return Answer.of(resource.get(_NAMES[resource.type]) in (None, {"Ref": "AWS::NoValue"}))


RULE = Rule(
    id="GENAI-SAGEMAKER-09",
    title="models and endpoint configurations leave their name to CloudFormation",
    severity=Severity.ERROR,
    types=tuple(_NAMES),
    question=question,
    why="All of their properties are create-only: with a name of its own the new one collides with the old, and the "
    "endpoint is never updated.",
    fix="leave EndpointConfigName and ModelName out",
    location="Properties",
    mappings=Mappings(genai_lens=("GENOPS04-BP01",), nist_800_53=("CM-3", "CM-6")),
)
