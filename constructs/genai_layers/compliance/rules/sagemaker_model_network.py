"""GENAI-SAGEMAKER-06: a model stands in a network of the account."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Does the model name subnets and security groups?"""
    network = mapping(resource.get("VpcConfig"))
    return Answer.of(bool(items(network.get("Subnets"))) and bool(items(network.get("SecurityGroupIds"))))


RULE = Rule(
    id="GENAI-SAGEMAKER-06",
    title="a model stands in subnets of the account",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::Model",),
    question=question,
    why="Outside of the account's network its traffic passes no endpoint policy and no flow log.",
    fix="set VpcConfig with Subnets of several zones and SecurityGroupIds; a serverless endpoint takes none, "
    "acknowledge the finding there",
    location="Properties.VpcConfig",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0025",),
        nist_ai_600_1=("Data Privacy",),
        genai_lens=("GENSEC01-BP02",),
        nist_800_53=("AC-4", "SC-7"),
    ),
)
