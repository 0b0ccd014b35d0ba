"""GENAI-AGENTCORE-07: a browser of agents stands in our network."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the browser in VPC mode? (Security Hub: BedrockAgentCore.5)"""
    return Answer.of(resource.get("NetworkConfiguration", "NetworkMode") == "VPC")


RULE = Rule(
    id="GENAI-AGENTCORE-07",
    title="a browser of agents stands in a VPC",
    severity=Severity.ERROR,
    types=("AWS::BedrockAgentCore::BrowserCustom",),
    question=question,
    why="In public mode a page can carry instructions in and data out, and no network of ours sees it; "
    "Security Hub asks the same as BedrockAgentCore.5.",
    fix="set NetworkConfiguration.NetworkMode to VPC, with subnets and security groups",
    location="Properties.NetworkConfiguration.NetworkMode",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0025", "AML.T0053"),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
