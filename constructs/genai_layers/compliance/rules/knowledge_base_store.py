"""GENAI-BEDROCK-08: a knowledge base of vectors says where they are."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does a knowledge base of type VECTOR have a store and an embedding model?"""
    if resource.get("KnowledgeBaseConfiguration", "Type") != "VECTOR":
        return Answer.NOT_APPLICABLE
    return Answer.of(
        resource.get("StorageConfiguration") is not None
        and resource.get("KnowledgeBaseConfiguration", "VectorKnowledgeBaseConfiguration") is not None
    )


RULE = Rule(
    id="GENAI-BEDROCK-08",
    title="a knowledge base of type VECTOR names its store and its embedding model",
    severity=Severity.FATAL,
    types=("AWS::Bedrock::KnowledgeBase",),
    question=question,
    why="Bedrock refuses the knowledge base, minutes into the deployment.",
    fix="set StorageConfiguration and KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration",
    location="Properties.StorageConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM08",),
        genai_lens=("GENOPS04-BP01",),
        nist_800_53=("CM-6",),
    ),
)
