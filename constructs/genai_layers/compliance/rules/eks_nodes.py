"""GENAI-EKS-06: nodes are made from a template that can be judged."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Does it name a template, and no key to log in with?"""
    template = mapping(resource.get("LaunchTemplate"))
    return Answer.of(bool(template.get("Id") or template.get("Name")) and not resource.get("RemoteAccess"))


RULE = Rule(
    id="GENAI-EKS-06",
    title="nodes of a group come from a launch template, and take no SSH",
    severity=Severity.ERROR,
    types=("AWS::EKS::Nodegroup",),
    question=question,
    why="Without a template EKS lets pods reach the metadata of the node, and with it the node's credentials.",
    fix="name a LaunchTemplate with MetadataOptions and an encrypted volume, and leave RemoteAccess out",
    location="Properties.LaunchTemplate",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0055",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
