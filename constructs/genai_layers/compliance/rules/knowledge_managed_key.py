"""GENAI-KNOWLEDGE-06: the store of a managed knowledge base is encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """If the service keeps the vectors, does it keep them under one of our keys?"""
    configuration = ("KnowledgeBaseConfiguration", "ManagedKnowledgeBaseConfiguration")
    if resource.get("KnowledgeBaseConfiguration", "Type") != "MANAGED":
        return Answer.NOT_APPLICABLE
    return Answer.of(
        is_customer_managed(resource.get(*configuration, "ServerSideEncryptionConfiguration", "KmsKeyArn"))
    )


RULE = Rule(
    id="GENAI-KNOWLEDGE-06",
    title="the store of a managed knowledge base is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::KnowledgeBase",),
    question=question,
    why="The store is out of sight, so the key is the one thing by which access to it can be seen and taken away.",
    fix="set ManagedKnowledgeBaseConfiguration.ServerSideEncryptionConfiguration.KmsKeyArn to a customer-managed key",
    location="Properties.KnowledgeBaseConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM08"),
        mitre_atlas=("AML.T0085.000",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        genai_lens=("GENSEC01-BP03",),
        nist_800_53=("SC-12", "SC-28(1)"),
    ),
)
