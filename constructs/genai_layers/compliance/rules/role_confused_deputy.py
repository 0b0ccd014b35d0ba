"""GENAI-IAM-07: a role for Bedrock names the account that it comes for."""

from genai_layers.compliance.iam import Statement, allowed, condition, principals
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

_BEDROCK = frozenset({"bedrock.amazonaws.com", "bedrock-agentcore.amazonaws.com"})
_SOURCES = (
    ("StringEquals", "aws:SourceAccount"),
    ("StringEquals", "aws:SourceArn"),
    ("StringLike", "aws:SourceArn"),
    ("ArnEquals", "aws:SourceArn"),
    ("ArnLike", "aws:SourceArn"),
    ("StringEquals", "aws:SourceOrgID"),
)


def question(resource: Resource, _template: Template) -> Answer:
    """Does every statement that lets Bedrock in say for whom?"""
    statements = [
        each
        for each in allowed(resource.get("AssumeRolePolicyDocument"))
        if _BEDROCK.intersection(name for name in principals(each, "Service") if isinstance(name, str))
    ]
    return Answer.of(all(_names_source(each) for each in statements)) if statements else Answer.NOT_APPLICABLE


def _names_source(statement: Statement) -> bool:
    return any(value != "*" for operator, key in _SOURCES for value in condition(statement, operator, key))


RULE = Rule(
    id="GENAI-IAM-07",
    title="a role that Bedrock takes on names the account that it comes for",
    severity=Severity.ERROR,
    types=("AWS::IAM::Role",),
    question=question,
    why="Bedrock serves every account; a role that trusts it without a condition can be used by whoever learns its "
    "name and may start a job.",
    fix="add the condition StringEquals aws:SourceAccount, and ArnLike aws:SourceArn for the kind of resource",
    location="Properties.AssumeRolePolicyDocument",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0012", "AML.T0035"),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP03",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
