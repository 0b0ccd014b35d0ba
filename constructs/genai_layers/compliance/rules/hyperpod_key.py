"""GENAI-HYPERPOD-02: every volume of a training cluster has a key of ours."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Does every group of nodes name a key for its root volume, and for every further one?"""
    groups = resource.get("InstanceGroups")
    if not isinstance(groups, list) or not groups:
        return Answer.NOT_APPLICABLE
    return Answer.of(all(_has_keys(mapping(group).get("InstanceStorageConfigs")) for group in groups))


def _has_keys(configs: object) -> bool:
    volumes = [mapping(mapping(each).get("EbsVolumeConfig")) for each in (configs if isinstance(configs, list) else [])]
    # File systems have keys of their own; what stands here without a volume is one.
    volumes = [each for each in volumes if each]
    return any(each.get("RootVolume") is True for each in volumes) and all(
        each.get("VolumeKmsKeyId") for each in volumes
    )


RULE = Rule(
    id="GENAI-HYPERPOD-02",
    title="volumes of a training cluster, the root among them, have a customer-managed key",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::Cluster",),
    question=question,
    why="Weights and data lie there for weeks; under a key of the service nobody can take them away from a reader.",
    fix="set InstanceStorageConfigs with EbsVolumeConfig.VolumeKmsKeyId, once with RootVolume: true",
    location="Properties.InstanceGroups",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0035",),
        nist_ai_600_1=("Data Privacy", "Intellectual Property"),
        nist_800_53=("SC-12", "SC-13", "SC-28(1)"),
    ),
)
