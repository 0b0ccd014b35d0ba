"""GENAI-IAM-05: a role does not trust everyone."""

from genai_layers.compliance.iam import allowed, principals
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does no statement let everybody in?"""
    statements = tuple(allowed(resource.get("AssumeRolePolicyDocument")))
    if not statements:
        return Answer.NOT_APPLICABLE
    return Answer.of(not any("NotPrincipal" in each or "*" in principals(each, "AWS") for each in statements))


RULE = Rule(
    id="GENAI-IAM-05",
    title="a role names whom it trusts",
    severity=Severity.ERROR,
    types=("AWS::IAM::Role",),
    question=question,
    why="With the principal *, every AWS account in the world may try to assume the role.",
    fix="name the service, the account or the role that may assume it",
    location="Properties.AssumeRolePolicyDocument",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM06"),
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP01",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
