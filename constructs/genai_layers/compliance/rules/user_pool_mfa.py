"""GENAI-COGNITO-01: a user pool requires a second factor."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is a second factor required of every user?"""
    return Answer.of(resource.get("MfaConfiguration") == "ON")


RULE = Rule(
    id="GENAI-COGNITO-01",
    title="a user pool requires a second factor",
    severity=Severity.ERROR,
    types=("AWS::Cognito::UserPool",),
    question=question,
    why="A stolen password is enough otherwise, and a pool made with OPTIONAL could not always be tightened later.",
    fix="set MfaConfiguration to ON from the first deployment, with TOTP or passkeys enabled",
    location="Properties.MfaConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM10"),
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP01",),
        nist_800_53=("IA-2(1)", "IA-2(2)"),
    ),
)
