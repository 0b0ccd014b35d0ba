"""GENAI-TRAINING-04: output and disks of a job have a key of ours."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, mapping
from genai_layers.compliance.training_jobs import TYPES, Job, jobs


def question(resource: Resource, _template: Template) -> Answer:
    """
    Does every job that it starts name a key for what it writes, and for its volume?

    A request without the size of a volume is for machines with disks of their own, which no key can be given to.
    """
    found = jobs(resource)
    return Answer.of(all(_has_keys(job) for job in found)) if found else Answer.NOT_APPLICABLE


def _has_keys(job: Job) -> bool:
    if job.is_training:
        output, machines = job.get("OutputDataConfig", "KmsKeyId"), mapping(job.get("ResourceConfig"))
        return bool(output) and ("VolumeSizeInGB" not in machines or bool(machines.get("VolumeKmsKeyId")))
    # The size of a processing volume is always there, so it says nothing about the machines.
    return bool(job.get("ProcessingOutputConfig", "KmsKeyId"))


RULE = Rule(
    id="GENAI-TRAINING-04",
    title="output and volumes of a job have a customer-managed key",
    severity=Severity.ERROR,
    types=TYPES,
    question=question,
    why="A tuned model holds what it was trained on; under a key of the service nobody can take it away from a reader.",
    fix="set OutputDataConfig.KmsKeyId and ResourceConfig.VolumeKmsKeyId; leave the volume out for machines with local "
    "disks",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0035",),
        nist_ai_600_1=("Data Privacy", "Intellectual Property"),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
