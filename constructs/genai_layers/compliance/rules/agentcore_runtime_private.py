"""GENAI-AGENTCORE-03: an agent runtime stands in our network."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the runtime in VPC mode? (Security Hub: BedrockAgentCore.1)"""
    return Answer.of(resource.get("NetworkConfiguration", "NetworkMode") == "VPC")


RULE = Rule(
    id="GENAI-AGENTCORE-03",
    title="an agent runtime stands in a VPC",
    severity=Severity.ERROR,
    types=("AWS::BedrockAgentCore::Runtime",),
    question=question,
    why="In public mode an agent that was talked into it sends what it knows anywhere; "
    "Security Hub asks the same as BedrockAgentCore.1.",
    fix="set NetworkConfiguration.NetworkMode to VPC, with subnets and security groups",
    location="Properties.NetworkConfiguration.NetworkMode",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0025", "AML.T0053"),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
