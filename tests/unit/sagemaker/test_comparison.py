"""Two models on one endpoint: an A/B test and a shadow, each with its metrics, alarms and price."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import App, Stack
from sagemaker_estate import IDLE, Estate, Rendered

from genai_layers import testing
from genai_layers.cost import idle_floor
from genai_layers.foundation import EncryptionKey
from genai_layers.foundation.nag import attach_checks, unmatched_acknowledgements
from genai_layers.operations import IMeteredEndpoint, Monitoring
from genai_layers.platform.sagemaker import Comparison, EndpointError, Instances, Machines, Rollout, engines
from tests.service_model import faults

pytestmark = pytest.mark.synth

CONFIG = "AWS::SageMaker::EndpointConfig"
ENDPOINT = "AWS::SageMaker::Endpoint"
SMALL = Machines(instance_types=["ml.g5.2xlarge"])


def _tuned(estate: Estate) -> Any:
    return engines.vllm("tuned", estate.files("tuned"))


def _watch(stack: Stack, *models: tuple[str, Any]) -> None:
    key = EncryptionKey(stack, "Alarms", description="alarms", uses=Monitoring.REQUIRED_KEY_USES).key
    monitoring = Monitoring(stack, "Monitoring", key=key)
    for name, model in models:
        monitoring.monitor_endpoint(model, id=name)


@pytest.fixture(scope="module")
def app() -> App:
    """Both kinds under every pack; this raises where anything is found."""
    app = testing.app()
    attach_checks(app)
    estate = Estate(app=app, id="Compared")
    single = Machines(instance_types=["ml.g5.2xlarge"], instances=Instances.single(reason=IDLE))
    split = estate.dedicated("Split", comparison=Comparison.split(_tuned(estate), single, percent=10))
    shadow = estate.dedicated("Shadowed", comparison=Comparison.shadow(_tuned(estate), single, percent=20))
    _watch(estate.stack, ("Before", split), ("Challenger", split.compared), ("Shadow", shadow.compared))
    testing.template(estate.stack)
    return app


@pytest.fixture(scope="module")
def seen(app: App) -> Rendered:
    """Their template."""
    stack = app.node.find_child("Compared")
    assert isinstance(stack, Stack)
    return Rendered(template=testing.template(stack), estate=Estate())


def test_a_split_answers_a_share_of_the_callers_with_the_other_model(seen: Rendered) -> None:
    """Ninety to ten, on machines of their own."""
    variants = seen.one(CONFIG, "Split")["ProductionVariants"]

    assert [(each["VariantName"], each["InitialVariantWeight"]) for each in variants] == [
        ("model", 90),
        ("challenger", 10),
    ]
    assert variants[0]["ModelName"] != variants[1]["ModelName"]
    assert "ShadowProductionVariants" not in seen.one(CONFIG, "Split")


def test_a_shadow_gets_copies_and_answers_nobody(seen: Rendered) -> None:
    """Its weight is its share of what the other one gets."""
    config = seen.one(CONFIG, "Shadowed")

    (variant,) = config["ProductionVariants"]
    (shadow,) = config["ShadowProductionVariants"]

    assert (variant["InitialVariantWeight"], shadow["InitialVariantWeight"]) == (1, 0.2)
    assert shadow["VariantName"] == "shadow"


@pytest.mark.parametrize("start", ["Split", "Shadowed"])
def test_the_service_takes_the_configuration(seen: Rendered, start: str) -> None:
    """Its arguments pass the service model."""
    (key,) = seen.all("AWS::KMS::Key", "Key")
    arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    models = {f"{each}.ModelName": "model-0123" for each in seen.all("AWS::SageMaker::Model")}
    resolver = testing.Resolver(template=seen.template, values={f"{key}.Arn": arn, **models})
    config = {"EndpointConfigName": "compared", **resolver.resolve(seen.one(CONFIG, start))}

    assert faults("sagemaker", "CreateEndpointConfig", config) == []


def _rolled_back_by(seen: Rendered, start: str) -> list[str]:
    deployment = seen.one(ENDPOINT, start)["DeploymentConfig"]
    names = [each["AlarmName"]["Ref"] for each in deployment["AutoRollbackConfiguration"]["Alarms"]]
    dimensions = [seen.template["Resources"][name]["Properties"]["Dimensions"] for name in names]
    return [each["Value"] for found in dimensions for each in found if each["Name"] == "VariantName"]


def test_a_challenger_takes_a_change_back_and_a_shadow_does_not(seen: Rendered) -> None:
    """What reaches nobody hurts nobody."""
    assert _rolled_back_by(seen, "Split") == ["model", "challenger"]
    assert _rolled_back_by(seen, "Shadowed") == ["model"]


def test_each_variant_has_alarms_of_its_own_for_people(seen: Rendered) -> None:
    """Errors and latency, by the name of the variant."""
    alarms = [
        {each["Name"]: each["Value"] for each in alarm["Properties"].get("Dimensions", [])}
        for name, alarm in seen.all("AWS::CloudWatch::Alarm").items()
        if name.startswith("Monitoring")
    ]

    variants = [each["VariantName"] for each in alarms]

    assert {name: variants.count(name) for name in set(variants)} == {"model": 4, "challenger": 4, "shadow": 4}


def test_a_challenger_scales_by_itself_and_a_shadow_keeps_its_number(seen: Rendered) -> None:
    """Each by the requests that its own machines have in hand."""
    estate = Estate()
    estate.dedicated(comparison=Comparison.split(_tuned(estate), SMALL, percent=50))
    targets = estate.template()["Resources"].values()

    scaled = [json.dumps(each) for each in targets if each["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget"]

    assert [name for name in ("/variant/model", "/variant/challenger") if any(name in each for each in scaled)] == [
        "/variant/model",
        "/variant/challenger",
    ]
    assert not any(
        "/variant/shadow" in json.dumps(each)
        for each in seen.all("AWS::ApplicationAutoScaling::ScalableTarget").values()
    )


def test_both_models_are_priced(seen: Rendered) -> None:
    """A shadow costs what its machines cost."""
    report = idle_floor({"Compared": seen.template}, "us-east-1")

    machines = [line.what for line in report.lines if line.type == ENDPOINT]

    assert machines.count("1 x ml.g5.2xlarge") == 2
    assert machines.count("2 x ml.g6e.2xlarge") == 2


def test_what_the_service_refuses_is_refused_with_all_of_it(estate: Estate) -> None:
    """Share, rollout and machines."""
    none = Machines(instance_types=["ml.g5.2xlarge"], instances=Instances.scale_to_zero(reason=IDLE))

    with pytest.raises(EndpointError) as told:
        estate.dedicated(rollout=Rollout.canary(), comparison=Comparison.split(_tuned(estate), none, percent=100))

    for words in ("challenger: percent is 100: choose 1 to 99", "Rollout.all_at_once()", "cannot be without one"):
        assert words in str(told.value)


def test_the_default_rollout_suits_two_models(estate: Estate) -> None:
    """Steps are for endpoints with one."""
    estate.dedicated(comparison=Comparison.shadow(_tuned(estate), SMALL))

    deployment = Rendered(template=estate.template(), estate=estate).one(ENDPOINT)["DeploymentConfig"]

    routing = deployment["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert routing["Type"] == "ALL_AT_ONCE"


def test_what_is_compared_can_be_watched(estate: Estate) -> None:
    """As any other model of SageMaker; without a comparison there is none."""
    with_one = estate.dedicated(comparison=Comparison.shadow(_tuned(estate), SMALL))
    without = estate.dedicated("Without")

    assert isinstance(with_one.compared, IMeteredEndpoint)
    assert without.compared is None


def test_nothing_is_promoted_while_two_models_are_compared(estate: Estate) -> None:
    """A promotion serves one model, and would end the comparison without a word."""
    endpoint = estate.dedicated(comparison=Comparison.shadow(_tuned(estate), SMALL))

    assert "take comparison out first" in " ".join(endpoint.hosted.promotable.faults)


def test_no_acknowledgement_is_left_over(app: App) -> None:
    """The single machine of a challenger is accepted in writing; that of a shadow needs no word."""
    assert unmatched_acknowledgements(app) == []
