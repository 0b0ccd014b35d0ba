"""GENAI-ECS-01: no container can take over its machine or change its image."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping

_TRUE = (True, "true")


def question(resource: Resource, _template: Template) -> Answer:
    """Is each container without privileges, with a read-only image?"""
    containers = [mapping(item) for item in items(resource.get("ContainerDefinitions"))]
    if not containers:
        return Answer.NOT_APPLICABLE
    return Answer.of(
        all(each.get("Privileged") not in _TRUE and each.get("ReadonlyRootFilesystem") in _TRUE for each in containers)
    )


RULE = Rule(
    id="GENAI-ECS-01",
    title="no container of a task is privileged or can write to its image",
    severity=Severity.ERROR,
    types=("AWS::ECS::TaskDefinition",),
    question=question,
    why="A server of models runs code that comes with a model; privileged, it has the machine and all that passes it.",
    fix="set ReadonlyRootFilesystem to true in each container, leave Privileged out, and mount folders to write to",
    location="Properties.ContainerDefinitions",
    mappings=Mappings(
        owasp_llm=("LLM03",),
        mitre_atlas=("AML.T0010",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
