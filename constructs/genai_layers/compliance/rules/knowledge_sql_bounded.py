"""GENAI-KNOWLEDGE-04: a knowledge base that writes SQL bounds how long its queries run."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """If the knowledge base writes SQL, does it say how long a query may take?"""
    configuration = ("KnowledgeBaseConfiguration", "SqlKnowledgeBaseConfiguration", "RedshiftConfiguration")
    if resource.get("KnowledgeBaseConfiguration", "Type") != "SQL":
        return Answer.NOT_APPLICABLE
    return Answer.of(
        resource.get(*configuration, "QueryGenerationConfiguration", "ExecutionTimeoutSeconds") is not None
    )


RULE = Rule(
    id="GENAI-KNOWLEDGE-04",
    title="a knowledge base that writes SQL bounds how long its queries run",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::KnowledgeBase",),
    question=question,
    why="A model writes the queries; one that joins everything with everything occupies the warehouse and the bill.",
    fix="set RedshiftConfiguration.QueryGenerationConfiguration.ExecutionTimeoutSeconds",
    location="Properties.KnowledgeBaseConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM06", "LLM10"),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENOPS04-BP01",),
        nist_800_53=("SC-5",),
    ),
)
