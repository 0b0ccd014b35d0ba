"""GENAI-EC2-09: a machine does not go everywhere on every port."""

from collections.abc import Iterator, Mapping

from genai_layers.compliance.fabric import interfaces
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping, references

_ANYWHERE = ("0.0.0.0/0", "::/0")
_EVERY_PROTOCOL = ("-1", -1)


def question(resource: Resource, template: Template) -> Answer:
    """Do the security groups of the template name ports wherever they lead to everywhere?"""
    named = [
        resource.get("LaunchTemplateData", "SecurityGroupIds"),
        *(each.get("Groups") for each in interfaces(resource)),
    ]
    groups = {
        group.logical_id
        for value in named
        for group in template.referred(value)
        if group.type == "AWS::EC2::SecurityGroup"
    }
    if not groups:
        return Answer.NOT_APPLICABLE
    return Answer.of(all(_is_narrow(list(_ways_out(template, group))) for group in groups))


def _ways_out(template: Template, group: str) -> Iterator[Mapping[str, object]]:
    for rule in items(template.resources[group].get("SecurityGroupEgress")):
        yield mapping(rule)
    for each in template.of_type("AWS::EC2::SecurityGroupEgress"):
        if group in references(each.get("GroupId")):
            yield each.properties


def _is_narrow(rules: list[Mapping[str, object]]) -> bool:
    # A group that names no way out at all is given one to everywhere by EC2.
    return bool(rules) and not any(
        rule.get("IpProtocol") in _EVERY_PROTOCOL
        and (rule.get("CidrIp") in _ANYWHERE or rule.get("CidrIpv6") in _ANYWHERE)
        for rule in rules
    )


RULE = Rule(
    id="GENAI-EC2-09",
    title="a machine does not go everywhere on every port",
    severity=Severity.ERROR,
    types=("AWS::EC2::LaunchTemplate",),
    question=question,
    why="Whoever gets an engine to run code of theirs carries weights and prompts out by any protocol that is open; "
    "services of AWS need TLS alone.",
    fix="give the security group rules out for port 443, to the prefix list of S3 and the addresses of the endpoints "
    "where a route leads further",
    location="Properties.SecurityGroupEgress",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
