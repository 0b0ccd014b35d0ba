"""GENAI-AGENT-03: an alias finds the agent as it is now."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, template: Template) -> Answer:
    """Is an agent that has an alias prepared after every change?"""
    aliases = template.of_type("AWS::Bedrock::AgentAlias")
    if not any(resource in template.referred(each.get("AgentId")) for each in aliases):
        return Answer.NOT_APPLICABLE
    return Answer.of(resource.get("AutoPrepare") is True)


RULE = Rule(
    id="GENAI-AGENT-03",
    title="a Bedrock agent with an alias is prepared after every change",
    severity=Severity.ERROR,
    types=("AWS::Bedrock::Agent",),
    question=question,
    why="An alias is put on the agent as it was last prepared, so callers keep the one before without a word.",
    fix="set AutoPrepare to true",
    location="Properties.AutoPrepare",
    mappings=Mappings(genai_lens=("GENREL04-BP02",), nist_800_53=("CM-3",)),
)
