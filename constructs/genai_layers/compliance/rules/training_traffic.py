"""GENAI-TRAINING-02: what the machines of a job say to one another is encrypted."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template
from genai_layers.compliance.training_jobs import TYPES, Job, jobs

_NAME = "EnableInterContainerTrafficEncryption"


def question(resource: Resource, _template: Template) -> Answer:
    """Is the traffic of every job that could have several machines encrypted?"""
    found = [job for job in jobs(resource) if _machines(job) != 1]
    answers = [job.get(_NAME) if job.is_training else job.get("NetworkConfig", _NAME) for job in found]
    return Answer.of(all(each is True for each in answers)) if found else Answer.NOT_APPLICABLE


def _machines(job: Job) -> object:
    if job.is_training:
        return job.get("ResourceConfig", "InstanceCount")
    return job.get("ProcessingResources", "ClusterConfig", "InstanceCount")


RULE = Rule(
    id="GENAI-TRAINING-02",
    title="what the machines of a job say to one another is encrypted",
    severity=Severity.ERROR,
    types=TYPES,
    question=question,
    why="Gradients and activations cross the network; training records can be read out of them.",
    fix="set EnableInterContainerTrafficEncryption to true in the request",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Data Privacy",),
        nist_800_53=("SC-13",),
    ),
)
