"""GENAI-IAM-04: a role trusts services that exist."""

from genai_layers.compliance.iam import allowed, principals
from genai_layers.compliance.principals import is_known
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is every service principal that is written out one that we know?"""
    names = [
        name
        for statement in allowed(resource.get("AssumeRolePolicyDocument"))
        for name in principals(statement, "Service")
        if isinstance(name, str)
    ]
    return Answer.of(all(is_known(name) for name in names)) if names else Answer.NOT_APPLICABLE


RULE = Rule(
    id="GENAI-IAM-04",
    title="a role trusts only service principals that exist",
    severity=Severity.ERROR,
    types=("AWS::IAM::Role",),
    question=question,
    why="A misspelt principal fails the deployment, or leaves a role that its service cannot use.",
    fix="correct the principal; if the service is newer than our list, acknowledge this finding",
    location="Properties.AssumeRolePolicyDocument",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        genai_lens=("GENSEC01-BP01",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
