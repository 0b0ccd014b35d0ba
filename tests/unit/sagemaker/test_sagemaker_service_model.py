"""What templates and state machines ask of SageMaker, held against its own model: enums, patterns and ranges too."""

from __future__ import annotations

from typing import Any

import pytest
from sagemaker_estate import Rendered

from genai_layers import testing
from tests.service_model import faults

pytestmark = pytest.mark.synth

CREATED = {
    "AWS::SageMaker::Model": ("CreateModel", {"ModelName": "m"}),
    "AWS::SageMaker::EndpointConfig": ("CreateEndpointConfig", {"EndpointConfigName": "c"}),
    "AWS::SageMaker::Endpoint": ("CreateEndpoint", {}),
    "AWS::SageMaker::InferenceComponent": ("CreateInferenceComponent", {}),
}
# It is about updates, and only those take it.
NOT_ASKED = {"CreateInferenceComponent": {"DeploymentConfig"}}
NAMES = {
    "EndpointConfigName": "Endpoint-Config-0123",
    "EndpointName": "Endpoint-0123",
    "ModelName": "Model-0123",
    "InferenceComponentName": "Component-0123",
    "GroupId": "sg-0123456789abcdef0",
}
KINDS = (*CREATED, "AWS::EC2::SecurityGroup")


def resolver(rendered: Rendered) -> testing.Resolver:
    """Names where a template refers to what has one."""
    values = {
        f"{name}.{attribute}": value
        for kind in KINDS
        for name in rendered.all(kind)
        for attribute, value in NAMES.items()
    }
    subnets = dict.fromkeys(rendered.all("AWS::EC2::Subnet"), "subnet-0123456789abcdef0")
    return testing.Resolver(template=rendered.template, values={**values, **subnets})


@pytest.mark.parametrize("kind", CREATED)
def test_the_service_takes_every_resource_of_every_kind_of_endpoint(rendered: Rendered, kind: str) -> None:
    """CloudFormation hands properties on to these calls; what it leaves to them is checked here."""
    values, (operation, named) = resolver(rendered), CREATED[kind]
    found = rendered.all(kind)

    assert found
    for name, resource in found.items():
        asked = {**named, **values.resolve(resource["Properties"])}
        sent = {each: item for each, item in asked.items() if each not in NOT_ASKED.get(operation, ())}
        assert (name, faults("sagemaker", operation, sent)) == (name, [])


def test_a_value_that_the_service_refuses_is_found(rendered: Rendered) -> None:
    """The check above is not blind to enums within lists."""
    (properties, *_) = (each["Properties"] for each in rendered.all("AWS::SageMaker::EndpointConfig").values())
    asked: dict[str, Any] = {"EndpointConfigName": "c_1", **resolver(rendered).resolve(properties)}
    asked["ProductionVariants"][0]["RoutingConfig"] = {"RoutingStrategy": "AT_RANDOM"}

    found = faults("sagemaker", "CreateEndpointConfig", asked)
    assert len(found) == 2
    assert "'c_1', which does not match" in found[0]
    assert "'AT_RANDOM', not in the enum" in found[1]
