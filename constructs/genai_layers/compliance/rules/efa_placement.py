"""GENAI-EC2-06: machines joined by EFA stand close together."""

from genai_layers.compliance.fabric import has_efa
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """Is there a cluster placement group, or a Capacity Block, which keeps its machines close itself?"""
    named = resource.get("MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification")
    templates = [
        each
        for each in template.referred(named or resource.get("LaunchTemplate"))
        if each.type == "AWS::EC2::LaunchTemplate" and has_efa(each)
    ]
    if not templates:
        return Answer.NOT_APPLICABLE
    data = templates[0]
    if data.get("LaunchTemplateData", "InstanceMarketOptions", "MarketType") == "capacity-block":
        return Answer.NOT_APPLICABLE
    place = resource.get("PlacementGroup") or data.get("LaunchTemplateData", "Placement", "GroupName")
    made = [each for each in template.referred(place) if each.type == "AWS::EC2::PlacementGroup"]
    return Answer.of(place is not None and all(each.get("Strategy") == "cluster" for each in made))


RULE = Rule(
    id="GENAI-EC2-06",
    title="machines joined by EFA stand in a cluster placement group",
    severity=Severity.ERROR,
    types=("AWS::AutoScaling::AutoScalingGroup",),
    question=question,
    why="Layers of one model follow each other over the network for every token; machines that stand apart make each "
    "of them wait, and in two zones EFA does not work at all.",
    fix="set PlacementGroup to a group with Strategy cluster, in one zone",
    location="Properties.PlacementGroup",
    mappings=Mappings(
        mitre_atlas=("AML.T0029",),
        nist_ai_600_1=("Information Integrity",),
        genai_lens=("GENREL01-BP01",),
        nist_800_53=("SC-5",),
    ),
)
