"""GENAI-IAM-01: people assume a role only with a second factor."""

from genai_layers.compliance.iam import allowed, condition
from genai_layers.compliance.people import trusts_people
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """
    Does every statement that lets people in demand the second factor?

    `BoolIfExists` does not count: it also holds where the key is absent, as with long-lived access keys.
    """
    statements = [
        statement
        for statement in allowed(resource.get("AssumeRolePolicyDocument"))
        if trusts_people(statement, template)
    ]
    if not statements:
        return Answer.NOT_APPLICABLE
    return Answer.of(
        all(
            condition(statement, "Bool", "aws:MultiFactorAuthPresent") in (("true",), (True,))
            for statement in statements
        )
    )


RULE = Rule(
    id="GENAI-IAM-01",
    title="a role that people assume requires a second factor",
    severity=Severity.ERROR,
    types=("AWS::IAM::Role",),
    question=question,
    why="A leaked access key would be enough to become an operator.",
    fix='add the condition Bool {"aws:MultiFactorAuthPresent": "true"} to the trust policy',
    location="Properties.AssumeRolePolicyDocument",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM04"),
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP01",),
        nist_800_53=("IA-2(1)", "IA-2(2)"),
    ),
)
