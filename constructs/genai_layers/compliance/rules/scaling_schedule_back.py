"""GENAI-SCALING-01: what a schedule takes to zero is brought back."""

from collections.abc import Mapping

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.scaling import GROUP_ACTION, TARGET, bounds, comes_back, policies_of, scaled_by
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, template: Template) -> Answer:
    """Is there an action that raises the lower bound, or a policy that does, beside one that takes it to zero?"""
    if resource.type == TARGET:
        actions = [mapping(action) for action in items(resource.get("ScheduledActions"))]
        takes = any(_is_zero(action) for action in actions)
        scaled: str | None = resource.logical_id
    else:
        scaled = scaled_by(resource, template)
        actions = [other.properties for other in template.of_type(GROUP_ACTION) if scaled_by(other, template) == scaled]
        takes = _is_zero(resource.properties)
    if not takes:
        return Answer.NOT_APPLICABLE
    back = any(_raises(action) for action in actions)
    return Answer.of(back or any(comes_back(policy, template) for policy in policies_of(scaled, template)))


def _is_zero(action: Mapping[str, object]) -> bool:
    return any(value in (0, "0") for value in bounds(action))


def _raises(action: Mapping[str, object]) -> bool:
    return bool(bounds(action)) and not _is_zero(action)


RULE = Rule(
    id="GENAI-SCALING-01",
    title="what a schedule takes to zero is brought back by a schedule or by a request",
    severity=Severity.ERROR,
    types=(GROUP_ACTION, TARGET),
    question=question,
    why="Half a schedule is an outage: what goes at night is not there in the morning, and nobody is told.",
    fix="declare the other end, a scheduled action with a lower bound above 0, or a policy with an alarm that adds one",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM10",),
        mitre_atlas=("AML.T0029",),
        genai_lens=("GENREL01-BP01",),
        nist_800_53=("SC-5",),
    ),
)
