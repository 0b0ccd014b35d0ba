"""GENAI-IAM-02: a second factor that people show is fresh."""

from genai_layers.compliance.iam import allowed, condition
from genai_layers.compliance.people import trusts_people
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

_OPERATORS = ("NumericLessThan", "NumericLessThanEquals")


def question(resource: Resource, template: Template) -> Answer:
    """Does every statement that lets people in bound the age of the second factor?"""
    statements = [
        statement
        for statement in allowed(resource.get("AssumeRolePolicyDocument"))
        if trusts_people(statement, template)
    ]
    if not statements:
        return Answer.NOT_APPLICABLE
    return Answer.of(
        all(
            any(condition(statement, operator, "aws:MultiFactorAuthAge") for operator in _OPERATORS)
            for statement in statements
        )
    )


RULE = Rule(
    id="GENAI-IAM-02",
    title="a role that people assume bounds the age of their second factor",
    severity=Severity.ERROR,
    types=("AWS::IAM::Role",),
    question=question,
    why="A session opened in the morning on an unlocked machine would open the role at night.",
    fix='add the condition NumericLessThan {"aws:MultiFactorAuthAge": "3600"}, in seconds, to the trust policy',
    location="Properties.AssumeRolePolicyDocument",
    mappings=Mappings(
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP01",),
        nist_800_53=("AC-12", "IA-2(1)"),
    ),
)
