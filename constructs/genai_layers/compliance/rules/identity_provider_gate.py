"""GENAI-COGNITO-03: people of another directory are asked for a second factor."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """Does the pool ask a function whenever somebody comes from the provider?"""
    pools = [one for one in template.referred(resource.get("UserPoolId")) if one.type == "AWS::Cognito::UserPool"]
    if not pools:
        return Answer.NOT_APPLICABLE
    return Answer.of(bool(pools[0].get("LambdaConfig", "InboundFederation", "LambdaArn")))


RULE = Rule(
    id="GENAI-COGNITO-03",
    title="a user pool that takes people of another directory asks a function about each",
    severity=Severity.ERROR,
    types=("AWS::Cognito::UserPoolIdentityProvider",),
    question=question,
    why="Cognito asks these people for no second factor, whatever the pool requires; only what their provider said "
    "in this sign-in tells of one.",
    fix="set LambdaConfig.InboundFederation of the pool to a function that refuses who proved none, as "
    "FederatedSignIn does",
    location="Properties.UserPoolId",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM10"),
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP01",),
        nist_800_53=("IA-2(1)", "IA-2(2)"),
    ),
)
