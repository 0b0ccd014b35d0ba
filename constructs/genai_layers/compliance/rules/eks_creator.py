"""GENAI-EKS-04: who may do what in a cluster is written in access entries."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Do access entries alone decide, and is the maker given none?"""
    access = "AccessConfig"
    return Answer.of(
        resource.get(access, "AuthenticationMode") == "API"
        and resource.get(access, "BootstrapClusterCreatorAdminPermissions") in (False, "false")
    )


RULE = Rule(
    id="GENAI-EKS-04",
    title="nobody is an administrator of a cluster by having made it",
    severity=Severity.ERROR,
    types=("AWS::EKS::Cluster",),
    question=question,
    why="The role that deploys would be an administrator that no template names, and a config map could name more.",
    fix="set AuthenticationMode to API and BootstrapClusterCreatorAdminPermissions to false, and add access entries",
    location="Properties.AccessConfig",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP01",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
