"""GENAI-ECS-04: the image of a container is one version."""

import re

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, flat, items, mapping

# After the last slash, so that the port of a registry is no tag; a part that is known at the deploy may be a version.
_VERSION = re.compile(r"(@sha256:[0-9a-f]{64}|:[^:@]*(\d|\$\{)[^:@]*|\$\{[^}]*\})$")


def question(resource: Resource, _template: Template) -> Answer:
    """Does every container name its image by a digest, or by a tag with a number in it?"""
    images = [flat(mapping(each).get("Image")) for each in items(resource.get("ContainerDefinitions"))]
    return Answer.of(all(_VERSION.search(image.rpartition("/")[2]) for image in images))


RULE = Rule(
    id="GENAI-ECS-04",
    title="the image of a container is one version",
    severity=Severity.ERROR,
    types=("AWS::ECS::TaskDefinition",),
    question=question,
    why="A tag such as latest is another engine after each push: what was checked is not what the next task runs, and "
    "a rollback brings back the name and not the code.",
    fix="name the image by a tag of one version, or by its digest",
    location="Properties.ContainerDefinitions.0.Image",
    mappings=Mappings(
        owasp_llm=("LLM03",),
        mitre_atlas=("AML.T0010",),
        nist_ai_600_1=("Value Chain and Component Integration",),
        nist_800_53=("CM-3",),
    ),
)
