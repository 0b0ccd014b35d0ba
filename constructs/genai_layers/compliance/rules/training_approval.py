"""GENAI-TRAINING-07: no model is registered as approved without being looked at."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, text
from genai_layers.compliance.training_jobs import requests

_APPROVED = "Approved"


def question(resource: Resource, _template: Template) -> Answer:
    """Does every entry in the registry wait for somebody, or for a rule that looked at the model?"""
    found = requests(resource, "createmodelpackage")
    statuses = [text(each.get("ModelApprovalStatus")) for each in found]
    return Answer.of(_APPROVED not in statuses) if found else Answer.NOT_APPLICABLE


RULE = Rule(
    id="GENAI-TRAINING-07",
    title="a model that was trained is registered unapproved",
    severity=Severity.ERROR,
    types=("AWS::StepFunctions::StateMachine",),
    question=question,
    why="Approval is what deploys a model; one that is born approved reaches users whatever it learnt.",
    fix="set ModelApprovalStatus to PendingManualApproval, or take it from a step that judges the model",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM04", "LLM09"),
        mitre_atlas=("AML.T0010",),
        nist_ai_600_1=("Human-AI Configuration", "Information Integrity"),
        nist_800_53=("CM-3",),
    ),
)
