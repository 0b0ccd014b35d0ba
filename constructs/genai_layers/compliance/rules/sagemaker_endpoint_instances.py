"""GENAI-SAGEMAKER-05: an endpoint begins with more than one machine."""

from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, is_intrinsic, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Does every variant on machines begin with more than one?"""
    counts = [
        mapping(each).get("InitialInstanceCount")
        for each in items(resource.get("ProductionVariants"))
        if "ServerlessConfig" not in mapping(each)
    ]
    told = [str(count) for count in counts if not is_intrinsic(count)]
    if not told:
        return Answer.NOT_APPLICABLE
    return Answer.of(all(each.isdecimal() and int(each) > 1 for each in told))


RULE = Rule(
    id="GENAI-SAGEMAKER-05",
    title="a production variant begins with more than one instance",
    severity=Severity.ERROR,
    types=("AWS::SageMaker::EndpointConfig",),
    question=question,
    why="SageMaker spreads instances over availability zones; a single one is away when its zone is "
    "(Security Hub SageMaker.4).",
    fix="set InitialInstanceCount to 2 or more; where the endpoint scales to zero, acknowledge the finding and say "
    "why its callers can wait",
    location="Properties.ProductionVariants",
    mappings=Mappings(
        mitre_atlas=("AML.T0029",),
        genai_lens=("GENREL01-BP01",),
        nist_800_53=("SC-5", "SI-17"),
    ),
)
