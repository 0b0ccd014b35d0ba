"""GENAI-EC2-02: the metadata of a machine answers only to a session token."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Does the machine require IMDSv2, or answer no metadata request at all?"""
    if resource.type == "AWS::EC2::Instance":
        if resource.get("LaunchTemplate") is not None and resource.get("MetadataOptions") is None:
            return Answer.NOT_APPLICABLE
        path: tuple[str, ...] = ("MetadataOptions",)
    else:
        path = ("LaunchTemplateData", "MetadataOptions")
    return Answer.of(
        resource.get(*path, "HttpTokens") == "required" or resource.get(*path, "HttpEndpoint") == "disabled"
    )


RULE = Rule(
    id="GENAI-EC2-02",
    title="a machine requires a session token for its metadata (IMDSv2)",
    severity=Severity.ERROR,
    types=("AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"),
    question=question,
    why="With IMDSv1, one forged request from a model server or a tool gives away the credentials of the machine.",
    fix="set MetadataOptions.HttpTokens to required",
    location="Properties.LaunchTemplateData.MetadataOptions",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0055",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
