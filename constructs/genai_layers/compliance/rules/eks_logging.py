"""GENAI-EKS-03: all that happens to a cluster is written down."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping

_EVERY = frozenset({"api", "audit", "authenticator", "controllerManager", "scheduler"})


def question(resource: Resource, _template: Template) -> Answer:
    """Are all five kinds on?"""
    kinds = items(resource.get("Logging", "ClusterLogging", "EnabledTypes"))
    return Answer.of({str(mapping(kind).get("Type")) for kind in kinds} >= _EVERY)


RULE = Rule(
    id="GENAI-EKS-03",
    title="every log of a control plane is on",
    severity=Severity.ERROR,
    types=("AWS::EKS::Cluster",),
    question=question,
    why="Without the audit log nobody can say who changed a model's pods, or read what they were given.",
    fix="name api, audit, authenticator, controllerManager and scheduler in Logging.ClusterLogging.EnabledTypes",
    location="Properties.Logging",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("AU-9", "AU-11"),
    ),
)
