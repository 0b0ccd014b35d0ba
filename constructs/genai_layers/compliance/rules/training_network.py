"""GENAI-TRAINING-03: data goes to a job through a network of ours."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template
from genai_layers.compliance.training_jobs import TYPES, jobs


def question(resource: Resource, _template: Template) -> Answer:
    """Does every job that it starts name subnets?"""
    found = jobs(resource)
    subnets = [
        job.get("VpcConfig", "Subnets") if job.is_training else job.get("NetworkConfig", "VpcConfig", "Subnets")
        for job in found
    ]
    return Answer.of(all(subnets)) if found else Answer.NOT_APPLICABLE


RULE = Rule(
    id="GENAI-TRAINING-03",
    title="a job that trains or processes reads and writes through a network of ours",
    severity=Severity.ERROR,
    types=TYPES,
    question=question,
    why="Only then do endpoint policies, flow logs and bucket policies on the endpoint hold for what is carried.",
    fix="set VpcConfig with private subnets and a security group, and give them a gateway endpoint for S3",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
