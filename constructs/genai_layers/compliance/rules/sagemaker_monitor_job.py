"""GENAI-SAGEMAKER-15: a job that watches an endpoint is encrypted and has no network."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

_OUTPUTS = {
    "AWS::SageMaker::DataQualityJobDefinition": "DataQualityJobOutputConfig",
    "AWS::SageMaker::ModelQualityJobDefinition": "ModelQualityJobOutputConfig",
    "AWS::SageMaker::ModelBiasJobDefinition": "ModelBiasJobOutputConfig",
    "AWS::SageMaker::ModelExplainabilityJobDefinition": "ModelExplainabilityJobOutputConfig",
}


def question(resource: Resource, _template: Template) -> Answer:
    """Are its report and its volume under our key, and is its container cut off?"""
    keys = (
        resource.get(_OUTPUTS[resource.type], "KmsKeyId"),
        resource.get("JobResources", "ClusterConfig", "VolumeKmsKeyId"),
    )
    isolated = resource.get("NetworkConfig", "EnableNetworkIsolation") in (True, "true")
    return Answer.of(isolated and all(is_customer_managed(key) for key in keys))


RULE = Rule(
    id="GENAI-SAGEMAKER-15",
    title="a job that watches an endpoint is encrypted with a customer-managed key and has no network",
    severity=Severity.ERROR,
    types=tuple(_OUTPUTS),
    question=question,
    why="It reads what people asked and what they were answered.",
    fix="set KmsKeyId of the output, VolumeKmsKeyId of the machines and EnableNetworkIsolation",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Data Privacy",),
        nist_800_53=("AC-4", "SC-7", "SC-28(1)"),
    ),
)
