"""GENAI-EC2-08: no machine has an address that the internet reaches."""

from genai_layers.compliance.fabric import interfaces
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping

_YES = (True, "true")


def question(resource: Resource, template: Template) -> Answer:
    """Does neither the machine ask for a public address, nor a subnet of its group give one?"""
    if resource.type == "AWS::AutoScaling::AutoScalingGroup":
        subnets = template.referred(resource.get("VPCZoneIdentifier"))
        return Answer.of(not any(subnet.get("MapPublicIpOnLaunch") in _YES for subnet in subnets))
    named = (
        interfaces(resource)
        if resource.type == "AWS::EC2::LaunchTemplate"
        else [mapping(item) for item in items(resource.get("NetworkInterfaces"))]
    )
    return Answer.of(not any(interface.get("AssociatePublicIpAddress") in _YES for interface in named))


RULE = Rule(
    id="GENAI-EC2-08",
    title="a machine has no public address",
    severity=Severity.ERROR,
    types=("AWS::EC2::LaunchTemplate", "AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup"),
    question=question,
    why="A machine that serves holds weights and API key; behind a load balancer of its network nobody has to reach it "
    "from outside, and one wrong rule of a security group then opens it to everybody.",
    fix="stand it in subnets without MapPublicIpOnLaunch, and leave AssociatePublicIpAddress out",
    location="Properties.LaunchTemplateData.NetworkInterfaces",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
