"""GENAI-API-01: a stage of an API is throttled."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping

_LIMITS = ("ThrottlingRateLimit", "ThrottlingBurstLimit")


def question(resource: Resource, _template: Template) -> Answer:
    """Are rate and burst of every route limited below what the account allows?"""
    if resource.type == "AWS::ApiGatewayV2::Stage":
        return Answer.of(_is_limited(resource.get("DefaultRouteSettings")))
    everything = [
        each
        for each in items(resource.get("MethodSettings"))
        if mapping(each).get("HttpMethod") == "*" and mapping(each).get("ResourcePath") in ("/*", "/")
    ]
    return Answer.of(any(_is_limited(each) for each in everything))


def _is_limited(settings: object) -> bool:
    return all(mapping(settings).get(limit) is not None for limit in _LIMITS)


RULE = Rule(
    id="GENAI-API-01",
    title="a stage of an API limits rate and burst of its requests",
    severity=Severity.ERROR,
    types=("AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::Stage"),
    question=question,
    why="Every request costs tokens: one caller could spend the budget and starve the others.",
    fix="set ThrottlingRateLimit and ThrottlingBurstLimit for all routes",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM10",),
        mitre_atlas=("AML.T0029", "AML.T0034"),
        genai_lens=("GENOPS02-BP03",),
        nist_800_53=("SC-5",),
    ),
)
