"""GENAI-ECS-02: a version of a service that does not come up is taken back."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does the circuit breaker stop a failing deployment, and roll it back?"""
    if resource.get("DeploymentController", "Type") in ("CODE_DEPLOY", "EXTERNAL"):
        return Answer.NOT_APPLICABLE
    switches = [
        resource.get("DeploymentConfiguration", "DeploymentCircuitBreaker", name) for name in ("Enable", "Rollback")
    ]
    return Answer.of(all(switch in (True, "true") for switch in switches))


RULE = Rule(
    id="GENAI-ECS-02",
    title="a version of a service that does not come up is taken back",
    severity=Severity.ERROR,
    types=("AWS::ECS::Service",),
    question=question,
    why="Without a circuit breaker a model that never loads keeps machines starting, and the deploy hangs for hours.",
    fix="set Enable and Rollback in DeploymentConfiguration.DeploymentCircuitBreaker",
    location="Properties.DeploymentConfiguration",
    mappings=Mappings(
        mitre_atlas=("AML.T0029",),
        nist_ai_600_1=("Information Integrity",),
        genai_lens=("GENREL04-BP02",),
        nist_800_53=("CM-3", "SI-17"),
    ),
)
