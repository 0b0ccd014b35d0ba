"""GENAI-S3VECTORS-03: names of vector buckets and indexes are within what the service takes."""

from genai_layers.compliance.naming import named
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

# S3 user guide, vector buckets and vector indexes, read 2026-11-25: 3 to 63 characters.
_BUCKET = r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
_INDEX = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"


def question(resource: Resource, _template: Template) -> Answer:
    """Is a name that is written out one that S3 Vectors accepts?"""
    if resource.type == "AWS::S3Vectors::VectorBucket":
        return named(resource.get("VectorBucketName"), _BUCKET)
    return named(resource.get("IndexName"), _INDEX)


RULE = Rule(
    id="GENAI-S3VECTORS-03",
    title="the names of vector buckets and vector indexes are valid",
    severity=Severity.FATAL,
    types=("AWS::S3Vectors::VectorBucket", "AWS::S3Vectors::Index"),
    question=question,
    why="S3 Vectors refuses the name during the deployment; no schema says so before.",
    fix="leave the name out, or use 3 to 63 lower-case letters, digits and dashes (in an index also dots), "
    "with a letter or digit at both ends",
    location="Properties",
    mappings=Mappings(genai_lens=("GENOPS04-BP01",), nist_800_53=("CM-6",)),
)
