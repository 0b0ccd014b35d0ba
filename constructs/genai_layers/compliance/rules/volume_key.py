"""GENAI-EC2-04: a volume of a machine is encrypted under a key of one's own."""

from collections.abc import Mapping, Sequence

from genai_layers.compliance.keys import is_customer_managed
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template


def question(resource: Resource, _template: Template) -> Answer:
    """Is each volume of it encrypted under a named key, or made of a snapshot, whose key it then has?"""
    if resource.type == "AWS::EC2::Volume":
        return Answer.of(_is_closed(resource.properties))
    path = ("BlockDeviceMappings",)
    mappings = resource.get(*(path if resource.type == "AWS::EC2::Instance" else ("LaunchTemplateData", *path)))
    if not isinstance(mappings, Sequence) or isinstance(mappings, str):
        return Answer.NOT_APPLICABLE
    volumes = [mapping["Ebs"] for mapping in mappings if isinstance(mapping, Mapping) and "Ebs" in mapping]
    return Answer.of(all(_is_closed(volume) for volume in volumes)) if volumes else Answer.NOT_APPLICABLE


def _is_closed(volume: object) -> bool:
    if not isinstance(volume, Mapping):
        return False
    named = volume.get("Encrypted") in (True, "true") and is_customer_managed(volume.get("KmsKeyId"))
    # A launch template cannot say how a volume made of a snapshot is encrypted; the snapshot has said it.
    return named or ("SnapshotId" in volume and "Encrypted" not in volume)


RULE = Rule(
    id="GENAI-EC2-04",
    title="a volume of a machine is encrypted under a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::EC2::LaunchTemplate", "AWS::EC2::Instance", "AWS::EC2::Volume"),
    question=question,
    why="Weights, caches and prompts land on the disks of a machine that serves; under a key of AWS, nobody in the "
    "account can take them away from whoever got hold of a volume or a snapshot of it.",
    fix="set Encrypted to true and KmsKeyId to a key of your own on each volume",
    location="Properties.LaunchTemplateData.BlockDeviceMappings",
    mappings=Mappings(
        owasp_llm=("LLM02",),
        mitre_atlas=("AML.T0035",),
        nist_ai_600_1=("Information Security",),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
