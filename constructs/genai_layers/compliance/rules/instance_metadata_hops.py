"""GENAI-EC2-03: the metadata of a machine does not reach its containers."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is the hop limit 1 as written? The default depends on the image and on the account."""
    if resource.get("LaunchTemplateData", "MetadataOptions", "HttpEndpoint") == "disabled":
        return Answer.NOT_APPLICABLE
    limit = resource.get("LaunchTemplateData", "MetadataOptions", "HttpPutResponseHopLimit")
    return Answer.of(limit in (1, "1"))


RULE = Rule(
    id="GENAI-EC2-03",
    title="metadata of a machine travels one hop, so that no container reads it",
    severity=Severity.ERROR,
    types=("AWS::EC2::LaunchTemplate",),
    question=question,
    why="A container that can reach the metadata has the permissions of the whole machine.",
    fix="set MetadataOptions.HttpPutResponseHopLimit to 1; "
    "where a container needs the role of the machine, set 2 and acknowledge this finding with the reason",
    location="Properties.LaunchTemplateData.MetadataOptions",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0055",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("AC-3", "AC-6"),
    ),
)
