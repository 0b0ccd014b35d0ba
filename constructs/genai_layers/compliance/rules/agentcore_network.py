"""GENAI-AGENTCORE-02: an agent runtime inside a VPC says where."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does a runtime in VPC mode name subnets and security groups?"""
    if resource.get("NetworkConfiguration", "NetworkMode") != "VPC":
        return Answer.NOT_APPLICABLE
    return Answer.of(
        all(resource.get("NetworkConfiguration", "NetworkModeConfig", part) for part in ("Subnets", "SecurityGroups"))
    )


RULE = Rule(
    id="GENAI-AGENTCORE-02",
    title="an agent runtime in VPC mode names its subnets and security groups",
    severity=Severity.FATAL,
    types=("AWS::BedrockAgentCore::Runtime",),
    question=question,
    why="AgentCore refuses the runtime during the deployment.",
    fix="set NetworkConfiguration.NetworkModeConfig.Subnets and .SecurityGroups",
    location="Properties.NetworkConfiguration",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        genai_lens=("GENSEC01-BP02", "GENOPS04-BP01"),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
