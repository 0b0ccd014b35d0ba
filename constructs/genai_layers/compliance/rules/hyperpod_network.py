"""GENAI-HYPERPOD-01: nodes of a training cluster stand in a network of ours."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does it name subnets and security groups?"""
    return Answer.of(bool(resource.get("VpcConfig", "Subnets")) and bool(resource.get("VpcConfig", "SecurityGroupIds")))


RULE = Rule(
    id="GENAI-HYPERPOD-01",
    title="nodes of a training cluster stand in a network of ours",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::Cluster",),
    question=question,
    why="Without one they stand in a network of the service, with a way to the internet and no flow logs of ours.",
    fix="set VpcConfig with private subnets and a security group",
    location="Properties.VpcConfig",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Information Security",),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
