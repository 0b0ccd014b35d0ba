"""GENAI-TRAINING-01: a job that trains or processes has no network of its own."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template
from genai_layers.compliance.training_jobs import TYPES, jobs


def question(resource: Resource, _template: Template) -> Answer:
    """Is every job that it starts cut off, and by the definition rather than by its input?"""
    found = jobs(resource)
    answers = [
        job.get("EnableNetworkIsolation") if job.is_training else job.get("NetworkConfig", "EnableNetworkIsolation")
        for job in found
    ]
    return Answer.of(all(each is True for each in answers)) if found else Answer.NOT_APPLICABLE


RULE = Rule(
    id="GENAI-TRAINING-01",
    title="a job that trains or processes has no network",
    severity=Severity.ERROR,
    types=TYPES,
    question=question,
    why="The container runs code of others on data of yours; without a network it can take nothing out and fetch "
    "nothing in.",
    fix="set EnableNetworkIsolation to true in the request, and bring code and models in by channels",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0010", "AML.T0025"),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
