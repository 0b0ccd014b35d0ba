"""GENAI-TRAINING-05: a job ends after a time that is written down."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template
from genai_layers.compliance.training_jobs import TYPES, jobs


def question(resource: Resource, _template: Template) -> Answer:
    """Does every job that it starts have a longest run?"""
    found = jobs(resource)
    bounds = [job.get("StoppingCondition", "MaxRuntimeInSeconds") for job in found]
    return Answer.of(all(bounds)) if found else Answer.NOT_APPLICABLE


RULE = Rule(
    id="GENAI-TRAINING-05",
    title="a job that trains or processes has a longest run",
    severity=Severity.ERROR,
    types=TYPES,
    question=question,
    why="A trainer that hangs is paid for until the service's own limit, which is days on the dearest machines.",
    fix="set StoppingCondition.MaxRuntimeInSeconds",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM10",),
        mitre_atlas=("AML.T0034",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-5",),
    ),
)
