"""GENAI-S3VECTORS-01: a vector bucket is encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the bucket encrypted with one of our keys?"""
    return Answer.of(
        resource.get("EncryptionConfiguration", "SseType") == "aws:kms"
        and is_customer_managed(resource.get("EncryptionConfiguration", "KmsKeyArn"))
    )


RULE = Rule(
    id="GENAI-S3VECTORS-01",
    title="a vector bucket is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::S3Vectors::VectorBucket",),
    question=question,
    why="Vectors can be turned back into much of the text they stand for, and their metadata holds the text itself; "
    "encryption cannot be changed later.",
    fix="set EncryptionConfiguration to SseType aws:kms and KmsKeyArn to a customer-managed key",
    location="Properties.EncryptionConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM08"),
        mitre_atlas=("AML.T0085.000",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        genai_lens=("GENSEC01-BP03",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
