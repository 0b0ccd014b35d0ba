"""GENAI-FLOW-02: callers of a flow get a version."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does the alias stand on something other than the draft?"""
    routing = resource.get("RoutingConfiguration")
    if not isinstance(routing, list) or not routing:
        return Answer.of(False)
    return Answer.of(all(each.get("FlowVersion") not in (None, "", "DRAFT") for each in routing))


RULE = Rule(
    id="GENAI-FLOW-02",
    title="an alias of a flow stands on a numbered version",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::FlowAlias",),
    question=question,
    why="Callers of the draft change behaviour with every edit, and nothing stands between an edit and people.",
    fix="set RoutingConfiguration to the version of an AWS::Bedrock::FlowVersion",
    location="Properties.RoutingConfiguration",
    mappings=Mappings(
        nist_ai_600_1=("Information Integrity",),
        genai_lens=("GENREL04-BP02",),
        nist_800_53=("CM-3",),
    ),
)
