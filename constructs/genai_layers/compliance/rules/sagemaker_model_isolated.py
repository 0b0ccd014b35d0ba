"""GENAI-SAGEMAKER-04: the container of a model has no network."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the container of the model cut off from every network?"""
    return Answer.of(resource.get("EnableNetworkIsolation") in (True, "true"))


RULE = Rule(
    id="GENAI-SAGEMAKER-04",
    title="the container of a model is isolated from every network",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::Model",),
    question=question,
    why="Code that came with somebody else's model could carry requests, or the model itself, out of the account "
    "(Security Hub SageMaker.5).",
    fix="set EnableNetworkIsolation to true, or acknowledge the finding where the container must call a service",
    location="Properties.EnableNetworkIsolation",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0010", "AML.T0025"),
        nist_ai_600_1=("Data Privacy", "Value Chain and Component Integration"),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
