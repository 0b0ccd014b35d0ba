"""GENAI-SAGEMAKER-10: a change of what serves is taken back by an alarm."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, template: Template) -> Answer:
    """Do alarms take back a change of the endpoint, or of a model on it?"""
    if resource.get("Specification", "BaseInferenceComponentName") is not None:
        return Answer.NOT_APPLICABLE
    variants = [
        mapping(variant)
        for config in template.referred(resource.get("EndpointConfigName"))
        for variant in items(config.get("ProductionVariants"))
    ]
    # Deployment guardrails know no serverless variants; where models are inference components, those are asked.
    if variants and all("ServerlessConfig" in each or "ModelName" not in each for each in variants):
        return Answer.NOT_APPLICABLE
    return Answer.of(bool(items(resource.get("DeploymentConfig", "AutoRollbackConfiguration", "Alarms"))))


RULE = Rule(
    id="GENAI-SAGEMAKER-10",
    title="alarms take back a change of an endpoint or of a model on it",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::Endpoint", "AWS::SageMaker::InferenceComponent"),
    question=question,
    why="Without an alarm a new model that fails every request replaces the old one all the same.",
    fix="name alarms in DeploymentConfig.AutoRollbackConfiguration",
    location="Properties.DeploymentConfig",
    mappings=Mappings(
        mitre_atlas=("AML.T0029",),
        nist_ai_600_1=("Information Integrity",),
        genai_lens=("GENREL04-BP02",),
        nist_800_53=("CM-3", "SI-17"),
    ),
)
