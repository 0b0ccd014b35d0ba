"""GENAI-EC2-01: machines run on the Nitro System."""

from collections.abc import Iterator

from genai_layers.compliance.nitro import is_nitro
from genai_layers.compliance.rule import Answer, Mappings, Rule, Severity
from genai_layers.compliance.template import Resource, Template, items, mapping


def question(resource: Resource, _template: Template) -> Answer:
    """Does every instance type that is written here run on Nitro?"""
    types = tuple(_types(resource))
    return Answer.of(all(is_nitro(each) for each in types)) if types else Answer.NOT_APPLICABLE


def _types(resource: Resource) -> Iterator[str]:
    launch_data = (
        mapping(resource.get("LaunchTemplateData"))
        or mapping(resource.get("ManagedInstancesProvider", "InstanceLaunchTemplate"))
        or resource.properties
    )
    overrides = items(resource.get("MixedInstancesPolicy", "LaunchTemplate", "Overrides"))
    for holder in (launch_data, *overrides):
        yield from (each for each in items(mapping(holder).get("InstanceType")) if isinstance(each, str))
        wishes = mapping(holder).get("InstanceRequirements")
        if wishes is not None:
            # Requirements that list no types also fit machines without Nitro.
            yield from (str(each) for each in items(mapping(wishes).get("AllowedInstanceTypes")) or ("*",))
    yield from (each for each in items(resource.get("InstanceTypes")) if isinstance(each, str))


RULE = Rule(
    id="GENAI-EC2-01",
    title="machines run on the Nitro System",
    severity=Severity.ERROR,
    types=(
        "AWS::EC2::Instance",
        "AWS::EC2::LaunchTemplate",
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::ECS::CapacityProvider",
        "AWS::EKS::Nodegroup",
    ),
    question=question,
    why="Only Nitro keeps operators of AWS out of the memory where weights and prompts are, "
    "and only there can a machine be attested.",
    fix="choose a type of a Nitro family, such as g6e, inf2 or m7i",
    location="Properties",
    mappings=Mappings(
        owasp_llm=("LLM02", "LLM03"),
        mitre_atlas=("AML.T0025", "AML.T0035"),
        nist_ai_600_1=("Information Security", "Intellectual Property"),
        nist_800_53=("SC-39",),
    ),
)
