"""GENAI-COGNITO-02: nobody signs themselves up."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Are users created by an administrator only? Cognito's own default is that anyone may sign up."""
    return Answer.of(resource.get("AdminCreateUserConfig", "AllowAdminCreateUserOnly") in (True, "true"))


RULE = Rule(
    id="GENAI-COGNITO-02",
    title="a user pool lets nobody sign themselves up",
    severity=Severity.ERROR,
    types=("AWS::Cognito::UserPool",),
    question=question,
    why="Whoever finds the address of the pool could make an account and spend tokens.",
    fix="set AdminCreateUserConfig.AllowAdminCreateUserOnly to true",
    location="Properties.AdminCreateUserConfig",
    mappings=Mappings(
        owasp_llm=("LLM10",),
        mitre_atlas=("AML.T0034", "AML.T0040"),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP01",),
        nist_800_53=("AC-2",),
    ),
)
