"""GENAI-EKS-01: the API of a cluster is reached from its network alone."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the endpoint private, and only that?"""
    network = "ResourcesVpcConfig"
    return Answer.of(
        resource.get(network, "EndpointPublicAccess") in (False, "false")
        and resource.get(network, "EndpointPrivateAccess") in (True, "true")
    )


RULE = Rule(
    id="GENAI-EKS-01",
    title="the API of a cluster is reached from its network alone",
    severity=Severity.ERROR,
    types=("AWS::EKS::Cluster",),
    question=question,
    why="An API on the internet is one stolen credential away from every model, secret and accelerator of the cluster.",
    fix="set EndpointPublicAccess to false and EndpointPrivateAccess to true in ResourcesVpcConfig",
    location="Properties.ResourcesVpcConfig",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
