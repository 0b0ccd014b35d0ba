"""GENAI-TRAINING-06: what a model is trained on is versioned and locked."""

from collections.abc import Iterator

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping
from genai_layers.compliance.training_jobs import TYPES, jobs

_NO_DATA = ("checkpoint", "code", "model")
"""What the name of a channel holds that carries no records."""


def question(resource: Resource, template: Template) -> Answer:
    """If a training reads records from this bucket, does it keep every version for a time?"""
    name = resource.logical_id
    if not any(f"${{{name}}}" in uri or f"${{{name}." in uri for uri in _sources(template)):
        return Answer.NOT_APPLICABLE
    is_versioned = resource.get("VersioningConfiguration", "Status") == "Enabled"
    retention = resource.get("ObjectLockConfiguration", "Rule", "DefaultRetention")
    return Answer.of(is_versioned and resource.get("ObjectLockEnabled") is True and bool(retention))


def _sources(template: Template) -> Iterator[str]:
    for job in (job for each in template.of_type(*TYPES) for job in jobs(each) if job.is_training):
        for channel in map(mapping, items(job.get("InputDataConfig"))):
            if not any(word in str(channel.get("ChannelName")).lower() for word in _NO_DATA):
                source = mapping(mapping(channel.get("DataSource")).get("S3DataSource"))
                yield str(source.get("S3Uri", source.get("S3Uri.$", "")))


RULE = Rule(
    id="GENAI-TRAINING-06",
    title="what a model is trained on is versioned and locked",
    severity=Severity.ERROR,
    types=("AWS::S3::Bucket",),
    question=question,
    why="Whoever can replace a record unseen decides what the model says, and nobody can show later what it learnt.",
    fix="turn on versions and object lock with a default retention",
    location="Properties.ObjectLockConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM04",),
        mitre_atlas=("AML.T0010", "AML.T0020"),
        nist_ai_600_1=("Information Integrity", "Value Chain and Component Integration"),
        genai_lens=("GENSEC06-BP01",),
        nist_800_53=("AU-9", "CP-9"),
    ),
)
