"""How a change of an endpoint reaches its callers, and how it is taken back."""

from __future__ import annotations

import json

import pytest
from sagemaker_estate import IDLE, Estate, Rendered

from genai_layers import testing
from genai_layers.platform.sagemaker import Instances, Machines, Rollout

pytestmark = pytest.mark.synth

CONFIG = "AWS::SageMaker::EndpointConfig"
COMPONENT = "AWS::SageMaker::InferenceComponent"
ENDPOINT = "AWS::SageMaker::Endpoint"
MODEL = "AWS::SageMaker::Model"


def variant(rendered: Rendered, start: str) -> dict:
    """Return the only variant of a configuration."""
    (found,) = rendered.one(CONFIG, start)["ProductionVariants"]
    return found


def test_what_can_only_be_replaced_has_no_name_so_that_an_endpoint_is_updated(rendered: Rendered) -> None:
    """A new configuration stands before the old one goes, and the endpoint moves over to it."""
    for kind, name in ((CONFIG, "EndpointConfigName"), (MODEL, "ModelName")):
        assert [name for resource in rendered.all(kind).values() if name in resource["Properties"]] == []


def test_an_endpoint_keeps_its_name_while_its_configuration_moves(estate: Estate) -> None:
    """Callers name the same endpoint before and after another machine is chosen."""
    template = {}
    for name, machine in (("before", "ml.g6e.2xlarge"), ("after", "ml.g6e.4xlarge")):
        stack = Estate()
        stack.endpoint(machines=Machines(instance_types=[machine])).add_model("Llama", stack.llama())
        template[name] = stack.template()

    def only(name: str, kind: str) -> dict:
        ((logical_id, resource),) = testing.resources(template[name], kind).items()
        return {"id": logical_id, **resource["Properties"]}

    assert only("before", ENDPOINT)["EndpointName"] == only("after", ENDPOINT)["EndpointName"]
    assert only("before", ENDPOINT)["id"] == only("after", ENDPOINT)["id"]
    assert only("before", CONFIG) != only("after", CONFIG)


def test_a_name_is_known_beforehand_and_never_fixed(rendered: Rendered) -> None:
    """It ends with a part of the stack's own id, so that the next life of the stack is not in its own way."""
    names = [rendered.value(each["Properties"]["EndpointName"]) for each in rendered.all(ENDPOINT).values()]

    assert len(set(names)) == len(names)
    for resource in rendered.all(ENDPOINT).values():
        assert "AWS::StackId" in json.dumps(resource["Properties"]["EndpointName"])
    assert all(len(name) <= 63 - 7 for name in names), "the part of the stack's id is seven characters longer"


def test_a_change_of_a_model_is_rolled_out_in_batches_and_taken_back_by_its_alarms(rendered: Rendered) -> None:
    """Errors always, latency where a limit is given."""
    deployment = rendered.one(COMPONENT, "SharedLlama")["DeploymentConfig"]
    alarms = [each["AlarmName"]["Ref"] for each in deployment["AutoRollbackConfiguration"]["Alarms"]]

    watched = [rendered.template["Resources"][name]["Properties"]["MetricName"] for name in alarms]

    assert watched == ["Invocation5XXErrors", "ModelLatency"]
    assert deployment["RollingUpdatePolicy"]["MaximumBatchSize"] == {"Type": "CAPACITY_PERCENT", "Value": 50}
    limit = rendered.template["Resources"][alarms[1]]["Properties"]
    assert (limit["Threshold"], limit["ExtendedStatistic"]) == (20_000_000, "p99")


def test_a_dedicated_endpoint_changes_by_canary_and_goes_back_by_alarm(rendered: Rendered) -> None:
    """A tenth of the traffic first."""
    deployment = rendered.one(ENDPOINT, "Dedicated")["DeploymentConfig"]

    routing = deployment["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]

    assert (routing["Type"], routing["CanarySize"]["Value"]) == ("CANARY", 10)
    assert deployment["AutoRollbackConfiguration"]["Alarms"]


@pytest.mark.parametrize(
    ("rollout", "policy", "type"),
    [
        (Rollout.linear(25), "BlueGreenUpdatePolicy", "LINEAR"),
        (Rollout.all_at_once(), "BlueGreenUpdatePolicy", "ALL_AT_ONCE"),
        (Rollout.rolling(25), "RollingUpdatePolicy", None),
    ],
    ids=["linear", "all at once", "rolling"],
)
def test_other_ways_of_a_change_keep_the_alarms(
    estate: Estate, rollout: Rollout, policy: str, type: str | None
) -> None:
    """Exactly one policy, and always the way back."""
    estate.dedicated(rollout=rollout)

    deployment = Rendered(template=estate.template(), estate=estate).one(ENDPOINT)["DeploymentConfig"]

    assert set(deployment) == {"AutoRollbackConfiguration", policy}
    if type is not None:
        assert deployment[policy]["TrafficRoutingConfiguration"]["Type"] == type


def test_nothing_asks_before_the_role_has_all_of_its_policy(rendered: Rendered) -> None:
    """SageMaker uses the role at once, and fails for good where a statement is still missing."""
    policies = set(rendered.all("AWS::IAM::Policy"))

    for kind in (MODEL, ENDPOINT):
        for name, resource in rendered.all(kind).items():
            if not name.startswith("Serverless") or kind == MODEL:
                assert policies & set(resource["DependsOn"]), name


def test_a_single_machine_changes_all_at_once_and_its_reason_is_in_the_ledger(estate: Estate) -> None:
    """A canary of one machine would be all of it."""
    estate.dedicated(machines=Machines(instance_types=["ml.g5.2xlarge"], instances=Instances.single(reason=IDLE)))

    seen = Rendered(template=estate.template(), estate=estate)
    policy = seen.one(ENDPOINT)["DeploymentConfig"]["BlueGreenUpdatePolicy"]

    assert policy["TrafficRoutingConfiguration"]["Type"] == "ALL_AT_ONCE"
    assert variant(seen, "Dedicated")["InitialInstanceCount"] == 1


def test_the_same_input_gives_the_same_template() -> None:
    """Byte for byte."""
    texts = []
    for _ in range(2):
        estate = Estate()
        estate.endpoint().add_model("Llama", estate.llama())
        texts.append(json.dumps(estate.template()))

    assert texts[0] == texts[1]


def test_names_are_in_small_letters_as_sagemaker_writes_them_into_arns(rendered: Rendered) -> None:
    """IAM compares letter by letter, so a grant on a name with capitals would match no request."""
    for kind, name in (("Endpoint", "EndpointName"), ("InferenceComponent", "InferenceComponentName")):
        for resource in rendered.all(f"AWS::SageMaker::{kind}").values():
            found = str(rendered.value(resource["Properties"][name]))
            assert found == found.lower()
