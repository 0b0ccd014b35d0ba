"""GENAI-SAGEMAKER-03: a serverless variant has one of the memory sizes that exist."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping

SIZES = frozenset({1024, 2048, 3072, 4096, 5120, 6144})
"""In MB; SageMaker developer guide, serverless inference, read 2026-11-25."""


def question(resource: Resource, _template: Template) -> Answer:
    """Is the memory of every serverless variant one of the sizes that exist?"""
    memories = [
        str(memory)
        for each in items(resource.get("ProductionVariants"))
        if isinstance(memory := mapping(mapping(each).get("ServerlessConfig")).get("MemorySizeInMB"), int | str)
    ]
    if not memories:
        return Answer.NOT_APPLICABLE
    return Answer.of(all(each.isdecimal() and int(each) in SIZES for each in memories))


RULE = Rule(
    id="GENAI-SAGEMAKER-03",
    title="the memory of a serverless variant is one of the sizes that exist",
    severity=Severity.FATAL,
    types=("AWS::SageMaker::EndpointConfig",),
    question=question,
    why="SageMaker refuses the configuration; the schema gives a range only.",
    fix="set MemorySizeInMB to 1024, 2048, 3072, 4096, 5120 or 6144",
    location="Properties.ProductionVariants",
    mappings=Mappings(genai_lens=("GENREL01-BP01", "GENOPS04-BP01"), nist_800_53=("CM-6",)),
)
