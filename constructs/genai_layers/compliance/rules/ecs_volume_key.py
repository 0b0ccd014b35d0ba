"""GENAI-ECS-03: machines under tasks have disks under a key of the owner's."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Are the machines those of a group, whose template names the key? ECS lets nobody name one for its own."""
    return Answer.of(resource.get("ManagedInstancesProvider") is None)


RULE = Rule(
    id="GENAI-ECS-03",
    title="machines under tasks have disks under a key of the owner's",
    severity=Severity.ERROR,
    types=("AWS::ECS::CapacityProvider",),
    question=question,
    why="Disks of managed instances lie under whatever key the account has as its default for EBS, "
    "which no template shows.",
    fix="use an Auto Scaling group whose launch template names the key; where the account's default key will do, "
    "acknowledge this finding with the reason",
    location="Properties.ManagedInstancesProvider",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0035",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-28(1)",),
    ),
)
