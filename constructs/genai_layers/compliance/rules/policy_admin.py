"""GENAI-IAM-03: no policy allows all of a service on everything."""

from genai_layers.compliance.iam import IDENTITY_TYPES, Statement, actions, granted, is_boundary, is_on_everything
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """Does a statement allow `*`, or all of one service, on every resource? A permissions boundary grants nothing."""
    statements = tuple(granted(resource))
    if not statements or is_boundary(resource, template):
        return Answer.NOT_APPLICABLE
    return Answer.of(not any(_is_admin(statement) for statement in statements))


def _is_admin(statement: Statement) -> bool:
    everything = "NotAction" in statement or any(
        action == "*" or action.endswith(":*") for action in actions(statement)
    )
    return everything and ("NotResource" in statement or is_on_everything(statement))


RULE = Rule(
    id="GENAI-IAM-03",
    title="no policy allows all actions of a service on all resources",
    severity=Severity.ERROR,
    types=IDENTITY_TYPES,
    question=question,
    why="Whoever gets hold of the identity, a model with tools included, owns the account.",
    fix="name the actions and the resources, or use a grant of the construct",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0012", "AML.T0053"),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP01", "GENSEC05-BP01"),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
