"""GENAI-KNOWLEDGE-05: an Aurora cluster of a knowledge base and its password are under customer-managed keys."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """If a knowledge base uses the cluster, are its storage and its password under our keys?"""
    bases = template.of_type("AWS::Bedrock::KnowledgeBase")
    path = ("StorageConfiguration", "RdsConfiguration", "ResourceArn")
    if not any(resource in template.referred(base.get(*path)) for base in bases):
        return Answer.NOT_APPLICABLE
    managed = resource.get("ManageMasterUserPassword") is True
    return Answer.of(
        resource.get("StorageEncrypted") is True
        and is_customer_managed(resource.get("KmsKeyId"))
        and (not managed or is_customer_managed(resource.get("MasterUserSecret", "KmsKeyId")))
    )


RULE = Rule(
    id="GENAI-KNOWLEDGE-05",
    title="an Aurora cluster of a knowledge base and its password are under customer-managed keys",
    severity=Severity.ERROR,
    types=("AWS::RDS::DBCluster",),
    question=question,
    why="The table holds the text of documents beside their vectors, and the key of a cluster cannot be changed later.",
    fix="set StorageEncrypted and KmsKeyId, and MasterUserSecret.KmsKeyId where RDS manages the password",
    location="Properties.KmsKeyId",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM08"),
        mitre_atlas=("AML.T0085.000",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        genai_lens=("GENSEC01-BP03",),
        nist_800_53=("SC-12", "SC-28(1)"),
    ),
)
