"""GENAI-BEDROCK-04: a data source of a knowledge base is encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is what ingestion holds on the way encrypted with one of our keys?"""
    return Answer.of(is_customer_managed(resource.get("ServerSideEncryptionConfiguration", "KmsKeyArn")))


RULE = Rule(
    id="GENAI-BEDROCK-04",
    title="a data source of a knowledge base is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::DataSource",),
    question=question,
    why="Ingestion holds the text of every document on its way to the store.",
    fix="set ServerSideEncryptionConfiguration.KmsKeyArn to a customer-managed key",
    location="Properties.ServerSideEncryptionConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM08"),
        mitre_atlas=("AML.T0085.000",),
        nist_ai_600_1=("Data Privacy",),
        nist_800_53=("SC-12", "SC-28(1)"),
    ),
)
