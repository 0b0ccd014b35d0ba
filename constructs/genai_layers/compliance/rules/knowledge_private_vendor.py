"""GENAI-KNOWLEDGE-03: a knowledge base reaches MongoDB Atlas over PrivateLink."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """If the store is MongoDB Atlas, is there an endpoint service in front of it?"""
    if resource.get("StorageConfiguration", "Type") != "MONGO_DB_ATLAS":
        return Answer.NOT_APPLICABLE
    return Answer.of(bool(resource.get("StorageConfiguration", "MongoDbAtlasConfiguration", "EndpointServiceName")))


RULE = Rule(
    id="GENAI-KNOWLEDGE-03",
    title="a knowledge base reaches MongoDB Atlas over PrivateLink",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::KnowledgeBase",),
    question=question,
    why="Without an endpoint service the cluster has to be open to the internet, with a password in front of it.",
    fix="set StorageConfiguration.MongoDbAtlasConfiguration.EndpointServiceName to the endpoint service of the cluster",
    location="Properties.StorageConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM08",),
        mitre_atlas=("AML.T0085.000",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP03",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
