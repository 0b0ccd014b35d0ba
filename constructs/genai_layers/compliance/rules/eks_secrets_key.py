"""GENAI-EKS-02: secrets of a cluster are encrypted under a key of the owner."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Does a provider with a key name the secrets?"""
    return Answer.of(
        any(
            mapping(mapping(item).get("Provider")).get("KeyArn") and "secrets" in items(mapping(item).get("Resources"))
            for item in items(resource.get("EncryptionConfig"))
        )
    )


RULE = Rule(
    id="GENAI-EKS-02",
    title="secrets of a cluster are encrypted under a key of the owner",
    severity=Severity.ERROR,
    types=("AWS::EKS::Cluster",),
    question=question,
    why="A secret of Kubernetes is base64; without a key of the owner nobody can say who opened it, nor shut it.",
    fix="name the key and secrets in EncryptionConfig; it can be set when the cluster is made and never again",
    location="Properties.EncryptionConfig",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0055",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        nist_800_53=("SC-12", "SC-28(1)"),
    ),
)
