"""GENAI-AGENTCORE-01: the names of AgentCore resources are within what the service takes."""

from genai_layers.compliance.naming import named
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template

_NAME = r"[a-zA-Z][a-zA-Z0-9_]{0,47}"
"""Of runtimes and memories; resource schemas of CloudFormation, read 2026-11-25."""


def question(resource: Resource, _template: Template) -> Answer:
    """Is a name that is written out one that AgentCore accepts?"""
    is_runtime = resource.type == "AWS::BedrockAgentCore::Runtime"
    return named(resource.get("AgentRuntimeName" if is_runtime else "Name"), _NAME)


RULE = Rule(
    id="GENAI-AGENTCORE-01",
    title="the names of agent runtimes and memories are valid",
    severity=Severity.FATAL,
    types=("AWS::BedrockAgentCore::Runtime", "AWS::BedrockAgentCore::Memory"),
    question=question,
    why="AgentCore refuses the name during the deployment; the pattern of the schema is not anchored.",
    fix="use a letter, then up to 47 letters, digits and underscores",
    location="Properties",
    mappings=Mappings(genai_lens=("GENOPS04-BP01",), nist_800_53=("CM-6",)),
)
