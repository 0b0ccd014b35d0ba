"""GENAI-IAM-06: no policy lets an identity widen its own permissions."""

from fnmatch import fnmatchcase

from genai_layers.compliance.iam import IDENTITY_TYPES, Statement, actions, granted, is_on_everything
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

WIDENING = frozenset(
    {
        "iam:addusertogroup",
        "iam:attachgrouppolicy",
        "iam:attachrolepolicy",
        "iam:attachuserpolicy",
        "iam:createaccesskey",
        "iam:createpolicyversion",
        "iam:passrole",
        "iam:putgrouppolicy",
        "iam:putrolepolicy",
        "iam:putuserpolicy",
        "iam:setdefaultpolicyversion",
        "iam:updateassumerolepolicy",
    }
)
"""Actions that, allowed on every identity, amount to every permission."""


def question(resource: Resource, _template: Template) -> Answer:
    """Is each action that hands out permissions bound to named resources or by a condition?"""
    statements = [each for each in granted(resource) if any(map(_widens, actions(each)))]
    return Answer.of(not any(_is_open(each) for each in statements)) if statements else Answer.NOT_APPLICABLE


def _widens(action: str) -> bool:
    # All of a service is the matter of GENAI-IAM-03; here it would only say the same thing twice.
    if action == "*" or action.endswith(":*"):
        return False
    return any(fnmatchcase(each, action) for each in WIDENING)


def _is_open(statement: Statement) -> bool:
    return is_on_everything(statement) and not statement.get("Condition")


RULE = Rule(
    id="GENAI-IAM-06",
    title="no policy lets an identity hand out permissions at will",
    severity=Severity.ERROR,
    types=IDENTITY_TYPES,
    question=question,
    why="Passing or rewriting any role is the same as being administrator, in two steps.",
    fix="name the roles, or add a condition on iam:PassedToService or iam:PermissionsBoundary",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0012",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP01", "GENSEC05-BP01"),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
