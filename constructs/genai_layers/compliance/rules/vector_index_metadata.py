"""GENAI-S3VECTORS-02: an index of a knowledge base keeps the text out of the filterable metadata."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items

KEYS = frozenset({"AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"})
"""What a knowledge base stores beside each vector; Bedrock user guide, S3 Vectors, read 2026-11-25."""


def question(resource: Resource, template: Template) -> Answer:
    """If a knowledge base uses the index, are the keys that hold text non-filterable?"""
    if not any(_uses(base, resource, template) for base in template.of_type("AWS::Bedrock::KnowledgeBase")):
        return Answer.NOT_APPLICABLE
    declared = items(resource.get("MetadataConfiguration", "NonFilterableMetadataKeys"))
    return Answer.of(set(declared) >= KEYS)


def _uses(base: Resource, index: Resource, template: Template) -> bool:
    storage = base.get("StorageConfiguration", "S3VectorsConfiguration")
    if index in template.referred(storage):
        return True
    name = base.get("StorageConfiguration", "S3VectorsConfiguration", "IndexName")
    return name is not None and name == index.get("IndexName")


RULE = Rule(
    id="GENAI-S3VECTORS-02",
    title="a vector index of a knowledge base declares the text of its chunks as non-filterable",
    severity=Severity.ERROR,
    types=("AWS::S3Vectors::Index",),
    question=question,
    why="Filterable metadata is limited to 2 KB a vector, so that ingestion fails on longer chunks; "
    "the declaration cannot be changed later.",
    fix="set MetadataConfiguration.NonFilterableMetadataKeys to AMAZON_BEDROCK_TEXT and AMAZON_BEDROCK_METADATA",
    location="Properties.MetadataConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM08",),
        mitre_atlas=("AML.T0070",),
        nist_ai_600_1=("Information Integrity",),
        genai_lens=("GENOPS04-BP01",),
        nist_800_53=("CM-6",),
    ),
)
