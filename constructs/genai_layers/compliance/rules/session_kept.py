"""GENAI-SSM-01: what people do on a machine is kept, and travels under a key of one's own."""

import json

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Does the session document name a log with encryption, and a key for the session itself?"""
    if resource.get("DocumentType") != "Session":
        return Answer.NOT_APPLICABLE
    content = resource.get("Content")
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except ValueError:
            return Answer.NON_COMPLIANT
    document = mapping(content)
    if document.get("sessionType") != "Standard_Stream":
        return Answer.NOT_APPLICABLE
    inputs = mapping(document.get("inputs"))
    kept = any(
        inputs.get(name) and inputs.get(encrypted) in (True, "true")
        for name, encrypted in (
            ("cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"),
            ("s3BucketName", "s3EncryptionEnabled"),
        )
    )
    return Answer.of(kept and is_customer_managed(inputs.get("kmsKeyId")))


RULE = Rule(
    id="GENAI-SSM-01",
    title="a shell session is kept encrypted, and travels under a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::SSM::Document",),
    question=question,
    why="Whoever has a shell on a machine that serves a model can read its weights and API key; what was done there "
    "has to be known afterwards.",
    fix="set cloudWatchLogGroupName with cloudWatchEncryptionEnabled, or the same for S3, and kmsKeyId",
    location="Properties.Content.inputs",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0035",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
