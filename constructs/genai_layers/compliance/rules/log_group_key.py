"""GENAI-LOGS-02: a log group is encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the key of the log group one of ours?"""
    return Answer.of(is_customer_managed(resource.get("KmsKeyId")))


RULE = Rule(
    id="GENAI-LOGS-02",
    title="a log group is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::Logs::LogGroup",),
    question=question,
    why="Prompts and answers end up in logs, and whoever reads them should also need the key.",
    fix="set KmsKeyId to a customer-managed key that lets CloudWatch Logs in",
    location="Properties.KmsKeyId",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0057",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        genai_lens=("GENSEC03-BP01",),
        nist_800_53=("AU-9", "SC-12", "SC-28(1)"),
    ),
)
