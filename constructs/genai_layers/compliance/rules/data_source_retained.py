"""GENAI-BEDROCK-05: a data source leaves vectors alone that go with their own store."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """If the vector store is in the same template, does the data source retain its data?"""
    bases = template.referred(resource.get("KnowledgeBaseId"))
    owns_store = any(template.referred(base.get("StorageConfiguration")) for base in bases)
    if not owns_store:
        return Answer.NOT_APPLICABLE
    return Answer.of(resource.get("DataDeletionPolicy") == "RETAIN")


RULE = Rule(
    id="GENAI-BEDROCK-05",
    title="a data source whose vector store is in the same template retains its data",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::DataSource",),
    question=question,
    why="With DELETE, the removal of the stack looks for vectors in a store that is gone already, "
    "and the knowledge base stays behind as DELETE_UNSUCCESSFUL.",
    fix="set DataDeletionPolicy to RETAIN: the vectors go with their store",
    location="Properties.DataDeletionPolicy",
    mappings=Mappings(
        owasp_llm=("LLM08",),
        genai_lens=("GENOPS04-BP01",),
        nist_800_53=("CM-6", "CP-9"),
    ),
)
