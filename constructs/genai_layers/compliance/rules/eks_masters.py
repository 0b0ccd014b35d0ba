"""GENAI-EKS-05: no identity has the power that Kubernetes cannot take away."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items


def question(resource: Resource, _template: Template) -> Answer:
    """Is it of no group that passes over every check?"""
    groups = [str(group) for group in items(resource.get("KubernetesGroups"))]
    return Answer.of(not any(group.startswith("system:") for group in groups))


RULE = Rule(
    id="GENAI-EKS-05",
    title="no access entry is of the group system:masters",
    severity=Severity.ERROR,
    types=("AWS::EKS::AccessEntry",),
    question=question,
    why="system:masters passes over every rule of access, so that no later change of rules takes it back.",
    fix="leave the group out, and give the entry an access policy of EKS with the narrowest scope",
    location="Properties.KubernetesGroups",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0012", "AML.T0053"),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
