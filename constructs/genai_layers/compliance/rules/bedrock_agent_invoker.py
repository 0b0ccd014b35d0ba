"""GENAI-AGENT-04: only our agent runs our function."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does a permission for Bedrock name the agent, or at least the account, that it comes for?"""
    if resource.get("Principal") != "bedrock.amazonaws.com":
        return Answer.NOT_APPLICABLE
    return Answer.of(bool(resource.get("SourceArn")))


RULE = Rule(
    id="GENAI-AGENT-04",
    title="a function that Bedrock may invoke names the agent",
    severity=Severity.ERROR,
    types=("AWS::Lambda::Permission",),
    question=question,
    why="Bedrock comes for agents of every account; an agent of somebody else could run the function.",
    fix="set SourceArn to the ARN of the agent",
    location="Properties.SourceArn",
    mappings=Mappings(
        owasp_llm=("LLM06",), mitre_atlas=("AML.T0053",), genai_lens=("GENSEC05-BP01",), nist_800_53=("AC-3", "AC-6")
    ),
)
