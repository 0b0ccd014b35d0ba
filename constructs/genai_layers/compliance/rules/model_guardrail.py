"""GENAI-BEDROCK-09: nobody runs a model past the guardrails."""

from fnmatch import fnmatchcase

from genai_layers.compliance.iam import (
    IDENTITY_TYPES,
    Statement,
    actions,
    allowed,
    condition,
    denied,
    documents,
    is_boundary,
)
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items

_RUN = ("bedrock:invokemodel", "bedrock:invokemodelwithresponsestream")
"""Converse and ConverseStream are authorized by the same two."""

_KEY = "bedrock:GuardrailIdentifier"
_DEMAND = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
_FORBID = ("StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike")


def question(resource: Resource, template: Template) -> Answer:
    """
    Does every statement that lets generating models run demand a guardrail, or a denial beside it?

    An operator that ends with `IfExists` does not count: it lets a request pass that names none.
    Models that embed or rerank take no guardrail.
    """
    answers = [
        _is_guarded(statement) or any(_denies_unguarded(each) for each in denied(document))
        for document in documents(resource)
        for statement in allowed(document)
        if _runs_models(statement) and not _only_embeds(statement)
    ]
    if not answers or is_boundary(resource, template):
        return Answer.NOT_APPLICABLE
    return Answer.of(all(answers))


def _runs_models(statement: Statement) -> bool:
    return any(
        fnmatchcase(run, action) for action in actions(statement) if action.startswith("bedrock:") for run in _RUN
    )


def _only_embeds(statement: Statement) -> bool:
    resources = [str(each) for each in items(statement.get("Resource"))]
    return bool(resources) and all("embed" in each or "rerank" in each for each in resources)


def _is_guarded(statement: Statement) -> bool:
    demanded = any(condition(statement, operator, _KEY) for operator in _DEMAND)
    return demanded or condition(statement, "Null", _KEY) in (("false",), (False,))


def _denies_unguarded(statement: Statement) -> bool:
    forbidden = any(condition(statement, operator, _KEY) for operator in _FORBID)
    return _runs_models(statement) and (forbidden or condition(statement, "Null", _KEY) in (("true",), (True,)))


RULE = Rule(
    id="GENAI-BEDROCK-09",
    title="a policy that lets generating models run demands a guardrail",
    severity=Severity.ERROR,
    types=IDENTITY_TYPES,
    question=question,
    why="A caller that may leave the guardrail out of its request will, by mistake or by intent.",
    fix="grant with a guardrail, so that the statement has a condition on bedrock:GuardrailIdentifier",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM01", "LLM02"),
        mitre_atlas=("AML.T0040", "AML.T0051", "AML.T0054"),
        nist_ai_600_1=("Dangerous, Violent, or Hateful Content", "Information Security"),
        genai_lens=("GENSEC01-BP01", "GENSEC02-BP01"),
        nist_800_53=("AC-3", "SI-10", "SI-15"),
    ),
)
