"""GENAI-AGENTCORE-10: a token is for whom it is shown to."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does an authorizer of tokens name the clients or the audiences that they are for?"""
    authorizer = resource.get("AuthorizerConfiguration", "CustomJWTAuthorizer")
    if authorizer is None:
        return Answer.NOT_APPLICABLE
    path = ("AuthorizerConfiguration", "CustomJWTAuthorizer")
    return Answer.of(any(resource.get(*path, part) for part in ("AllowedClients", "AllowedAudience")))


RULE = Rule(
    id="GENAI-AGENTCORE-10",
    title="an authorizer of agents takes tokens that were made for it",
    severity=Severity.ERROR,
    types=(
        "AWS::BedrockAgentCore::Gateway",
        "AWS::BedrockAgentCore::Runtime",
    ),
    question=question,
    why="Otherwise a token that the same issuer made for any other application opens this one.",
    fix="set AllowedClients or AllowedAudience of the CustomJWTAuthorizer",
    location="Properties.AuthorizerConfiguration.CustomJWTAuthorizer",
    mappings=Mappings(
        owasp_llm=("LLM06",), mitre_atlas=("AML.T0012",), genai_lens=("GENSEC01-BP01",), nist_800_53=("AC-3", "IA-2(2)")
    ),
)
