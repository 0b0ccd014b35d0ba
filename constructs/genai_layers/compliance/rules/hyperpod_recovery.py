"""GENAI-HYPERPOD-03: a faulty node of a training cluster is replaced by itself."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is nobody needed to notice a broken machine?"""
    return Answer.of(resource.get("NodeRecovery") == "Automatic")


RULE = Rule(
    id="GENAI-HYPERPOD-03",
    title="a faulty node of a training cluster is replaced by itself",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::Cluster",),
    question=question,
    why="A training on many machines stands still when one of them fails, and all of them are paid for meanwhile.",
    fix="set NodeRecovery to Automatic",
    location="Properties.NodeRecovery",
    mappings=Mappings(
        owasp_llm=("LLM10",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-5", "SI-17"),
    ),
)
