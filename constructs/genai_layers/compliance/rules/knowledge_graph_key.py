"""GENAI-KNOWLEDGE-02: a graph is encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the graph encrypted with one of our keys?"""
    return Answer.of(is_customer_managed(resource.get("KmsKeyIdentifier")))


RULE = Rule(
    id="GENAI-KNOWLEDGE-02",
    title="a graph of Neptune Analytics is encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::NeptuneGraph::Graph",),
    question=question,
    why="A graph holds the text of documents, its vectors and who is named in them; its key cannot be changed later.",
    fix="set KmsKeyIdentifier to the ARN of a customer-managed key",
    location="Properties.KmsKeyIdentifier",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM08"),
        mitre_atlas=("AML.T0085.000",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        genai_lens=("GENSEC01-BP03",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
