"""GENAI-EC2-05: what joins machines by EFA is open to those machines and to nobody else."""

from collections.abc import Iterator, Mapping

from genai_layers.compliance.fabric import has_efa, interfaces
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping, references

_ALL = ("-1", -1)
_WAYS = (
    ("AWS::EC2::SecurityGroupIngress", "SecurityGroupIngress", ("SourceSecurityGroupId",)),
    ("AWS::EC2::SecurityGroupEgress", "SecurityGroupEgress", ("DestinationSecurityGroupId",)),
)


def question(resource: Resource, template: Template) -> Answer:
    """Does a group of the interfaces pass everything to and from itself, and no group pass everything to others?"""
    if not has_efa(resource):
        return Answer.NOT_APPLICABLE
    groups = {
        group.logical_id
        for interface in interfaces(resource)
        for group in template.referred(interface.get("Groups"))
        if group.type == "AWS::EC2::SecurityGroup"
    }
    if not groups:
        return Answer.NOT_APPLICABLE
    inward, outward = ({group: list(_partners(template, group, *way)) for group in groups} for way in _WAYS)
    joined = any([group] in inward[group] and [group] in outward[group] for group in groups)
    closed = all(partner == [group] for way in (inward, outward) for group in groups for partner in way[group])
    return Answer.of(joined and closed)


def _partners(template: Template, group: str, type_: str, inline: str, names: tuple[str, ...]) -> Iterator[list[str]]:
    # With whom everything passes: the logical ids of the other side, none for addresses.
    own = template.resources[group]
    rules: list[Mapping[str, object]] = [mapping(rule) for rule in items(own.get(inline))]
    rules += [each.properties for each in template.of_type(type_) if group in references(each.get("GroupId"))]
    for rule in rules:
        if rule.get("IpProtocol") in _ALL:
            yield [other for name in names for other in references(rule.get(name))]


RULE = Rule(
    id="GENAI-EC2-05",
    title="machines joined by EFA let everything pass among themselves, and nothing of that to others",
    severity=Severity.ERROR,
    types=("AWS::EC2::LaunchTemplate",),
    question=question,
    why="EFA works only where all traffic passes both ways within one security group, and what processes of an engine "
    "tell each other is neither encrypted nor asked who they are.",
    fix="give the security group of the interfaces a rule in and a rule out for protocol -1 with itself as the other "
    "side, and no other rule for protocol -1",
    location="Properties.LaunchTemplateData.NetworkInterfaces",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
