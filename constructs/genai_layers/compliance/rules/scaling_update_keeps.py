"""GENAI-SCALING-03: an update leaves the machines that a request has brought back."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.scaling import TARGET, goes_to_zero, policies_of
from genai_layers.compliance.template import Resource, Template

_NUMBERS = {"AWS::AutoScaling::AutoScalingGroup": "DesiredCapacity", "AWS::ECS::Service": "DesiredCount"}


def question(resource: Resource, template: Template) -> Answer:
    """Is the wanted number left to what scales it?"""
    scaled = [resource.logical_id] + [
        target.logical_id
        for target in template.of_type(TARGET)
        if resource in template.referred(target.get("ResourceId"))
    ]
    if not any(goes_to_zero(policy) for name in scaled for policy in policies_of(name, template)):
        return Answer.NOT_APPLICABLE
    return Answer.of(resource.get(_NUMBERS[resource.type]) is None)


RULE = Rule(
    id="GENAI-SCALING-03",
    title="an update leaves the machines or tasks that a request has brought back",
    severity=Severity.ERROR,
    types=tuple(_NUMBERS),
    question=question,
    why="A number in the template is put back by every update, in the middle of the requests that run.",
    fix="leave DesiredCapacity or DesiredCount out, and give bounds only",
    location="Properties",
    mappings=Mappings(
        mitre_atlas=("AML.T0029",),
        genai_lens=("GENREL01-BP01",),
        nist_800_53=("CM-3", "SC-5"),
    ),
)
