"""GENAI-LOGS-01: a log group says how long it keeps its logs."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is there a retention? Without one, logs stay for ever."""
    return Answer.of(resource.get("RetentionInDays") is not None)


RULE = Rule(
    id="GENAI-LOGS-01",
    title="a log group has a retention",
    severity=Severity.ERROR,
    types=("AWS::Logs::LogGroup",),
    question=question,
    why="Prompts and answers end up in logs; kept for ever, they are a liability and a cost.",
    fix="set RetentionInDays",
    location="Properties.RetentionInDays",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0057",),
        nist_ai_600_1=("Data Privacy",),
        genai_lens=("GENSEC01-BP04", "GENSEC03-BP01"),
        nist_800_53=("AU-11",),
    ),
)
