"""GENAI-SAGEMAKER-12: apps of Studio have no way to the internet."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Do apps stand in our network alone, without Docker and without notebooks that are shared by address?"""
    docker = resource.get("DomainSettings", "DockerSettings", "EnableDockerAccess")
    shared = mapping(resource.get("DefaultUserSettings", "SharingSettings")).get("NotebookOutputOption", "Disabled")
    return Answer.of(
        resource.get("AppNetworkAccessType") == "VpcOnly" and docker in (None, "DISABLED") and shared == "Disabled"
    )


RULE = Rule(
    id="GENAI-SAGEMAKER-12",
    title="apps of Studio have no way to the internet, no Docker, and share no notebooks by address",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::Domain",),
    question=question,
    why="Whoever works there holds the data of the models; with a way out, a notebook or an image that somebody else "
    "wrote carries it away.",
    fix="set AppNetworkAccessType to VpcOnly, EnableDockerAccess to DISABLED and NotebookOutputOption to Disabled",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Data Privacy", "Information Security"),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
