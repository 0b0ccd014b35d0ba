"""GENAI-AGENTCORE-09: a code interpreter stands in our network."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the code interpreter in VPC mode? Its sandbox does not count. (Security Hub: BedrockAgentCore.7)"""
    return Answer.of(resource.get("NetworkConfiguration", "NetworkMode") == "VPC")


RULE = Rule(
    id="GENAI-AGENTCORE-09",
    title="a code interpreter of agents stands in a VPC",
    severity=Severity.ERROR,
    types=("AWS::BedrockAgentCore::CodeInterpreterCustom",),
    question=question,
    why="The sandbox reaches S3 and name servers, which is enough to carry data out; "
    "Security Hub asks the same as BedrockAgentCore.7.",
    fix="set NetworkConfiguration.NetworkMode to VPC, with subnets and security groups",
    location="Properties.NetworkConfiguration.NetworkMode",
    mappings=Mappings(
        owasp_llm=("LLM06",),
        mitre_atlas=("AML.T0025", "AML.T0053"),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
