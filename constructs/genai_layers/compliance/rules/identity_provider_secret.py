"""GENAI-COGNITO-04: the secret of an identity provider is in no template."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, flat

_FROM = ("{{resolve:secretsmanager:", "{{resolve:ssm-secure:")


def question(resource: Resource, _template: Template) -> Answer:
    """Is the secret read from where secrets are kept, when the template is deployed?"""
    secret = resource.get("ProviderDetails", "client_secret")
    if secret is None:
        return Answer.NOT_APPLICABLE
    return Answer.of(flat(secret).startswith(_FROM))


RULE = Rule(
    id="GENAI-COGNITO-04",
    title="the secret of an identity provider is read from Secrets Manager",
    severity=Severity.ERROR,
    types=("AWS::Cognito::UserPoolIdentityProvider",),
    question=question,
    why="Whoever reads the template, or a parameter of it, could act as the user pool at the provider.",
    fix="give client_secret as a dynamic reference to Secrets Manager",
    location="Properties.ProviderDetails.client_secret",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-12",),
    ),
)
