"""GENAI-SAGEMAKER-08: the answers of an asynchronous endpoint are encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """If answers go to a bucket, are they encrypted with one of our keys?"""
    output = mapping(mapping(resource.get("AsyncInferenceConfig")).get("OutputConfig"))
    if not output:
        return Answer.NOT_APPLICABLE
    return Answer.of(is_customer_managed(output.get("KmsKeyId")))


RULE = Rule(
    id="GENAI-SAGEMAKER-08",
    title="the answers of an asynchronous endpoint are encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::EndpointConfig",),
    question=question,
    why="Answers lie in a bucket until somebody deletes them.",
    fix="set AsyncInferenceConfig.OutputConfig.KmsKeyId to a key of your own",
    location="Properties.AsyncInferenceConfig.OutputConfig.KmsKeyId",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0057",),
        nist_ai_600_1=("Data Privacy",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
