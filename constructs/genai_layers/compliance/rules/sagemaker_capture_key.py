"""GENAI-SAGEMAKER-07: captured requests and answers are encrypted with a customer-managed key."""

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """If requests and answers are captured, are they encrypted with one of our keys?"""
    capture = mapping(resource.get("DataCaptureConfig"))
    if not capture or capture.get("EnableCapture") in (False, "false"):
        return Answer.NOT_APPLICABLE
    return Answer.of(is_customer_managed(capture.get("KmsKeyId")))


RULE = Rule(
    id="GENAI-SAGEMAKER-07",
    title="captured requests and answers are encrypted with a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::EndpointConfig",),
    question=question,
    why="What people ask a model is the most personal data that an endpoint holds.",
    fix="set DataCaptureConfig.KmsKeyId to a key of your own",
    location="Properties.DataCaptureConfig.KmsKeyId",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0057",),
        nist_ai_600_1=("Data Privacy",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
