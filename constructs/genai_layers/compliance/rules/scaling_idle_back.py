"""GENAI-SCALING-02: what idleness takes to zero is brought back by a request."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.scaling import (
    GROUP_POLICY,
    TARGET_POLICY,
    comes_back,
    goes_to_zero,
    policies_of,
    scaled_by,
)
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """Does another policy of the same group add one when an alarm tells it that somebody asks?"""
    if not goes_to_zero(resource):
        return Answer.NOT_APPLICABLE
    others = policies_of(scaled_by(resource, template), template)
    return Answer.of(any(comes_back(policy, template) for policy in others))


RULE = Rule(
    id="GENAI-SCALING-02",
    title="what idleness takes to zero is brought back by a request",
    severity=Severity.ERROR,
    types=(GROUP_POLICY, TARGET_POLICY),
    question=question,
    why="Load that is measured on machines is unknown without one, so tracking it never starts the first again.",
    fix="add a policy that adds one, with an alarm on requests that found nothing, such as HTTPCode_ELB_503_Count",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM10",),
        mitre_atlas=("AML.T0029",),
        genai_lens=("GENREL01-BP01",),
        nist_800_53=("SC-5",),
    ),
)
