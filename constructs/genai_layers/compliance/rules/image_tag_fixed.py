"""GENAI-ECR-02: a tag of an image does not move."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is every tag of the repository immutable?"""
    return Answer.of(resource.get("ImageTagMutability") == "IMMUTABLE")


RULE = Rule(
    id="GENAI-ECR-02",
    title="a tag of an image does not move",
    severity=Severity.ERROR,
    types=("AWS::ECR::Repository",),
    question=question,
    why="What a fleet was checked with is named by a tag; one that can be pushed again runs other code at the next "
    "start of a machine, and no template shows it.",
    fix="set ImageTagMutability to IMMUTABLE",
    location="Properties.ImageTagMutability",
    mappings=Mappings(
        owasp_llm=("LLM03",),
        mitre_atlas=("AML.T0010",),
        nist_ai_600_1=("Value Chain and Component Integration",),
        nist_800_53=("CM-3",),
    ),
)
