"""What nobody uses is found and told, and nothing is changed that belongs to somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runtime.idle_account import YOUNG, Account, component, endpoint, notebook


@pytest.fixture
def account() -> Account:
    """An account that has not been asked yet."""
    return Account()


def test_an_endpoint_without_requests_is_told_with_its_price(account: Account) -> None:
    """Two machines at 1.50 USD an hour, for 730 hours."""
    account.has(endpoints=[endpoint("forgotten", count=2), endpoint("busy")], used=["busy"])
    account.listens()

    answer = account.look()

    assert answer == {"idle": ["forgotten"], "usd_per_month": 2190.0}
    assert account.told["Subject"] == "SageMaker: 1 idle thing, 2,190.00 USD a month"
    assert "- endpoint forgotten: 2 x ml.g5.xlarge, 2,190.00 USD a month" in account.told["Message"]
    assert "busy" not in account.told["Message"]


def test_nothing_idle_is_no_message(account: Account) -> None:
    """Silence means that everything is used."""
    account.has(endpoints=[endpoint("busy")], used=["busy"])

    assert account.look() == {"idle": [], "usd_per_month": 0}


def test_an_empty_account_asks_for_no_metrics(account: Account) -> None:
    """A request without queries would be refused."""
    account.has()

    assert account.look()["idle"] == []


def test_what_is_young_is_spared(account: Account) -> None:
    """Nobody can have used a thing for two weeks that is two days old."""
    account.has(
        endpoints=[endpoint("new", created=YOUNG), endpoint("filled")],
        components=[component("fresh", "filled", created=YOUNG)],
        notebooks=[notebook("started", since=YOUNG)],
    )

    assert account.look()["idle"] == []


def test_what_costs_nothing_is_not_told(account: Account) -> None:
    """An endpoint at zero machines, and a serverless one, wait for free."""
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    variant = {"VariantName": "models", "CurrentServerlessConfig": serverless}
    account.has(
        endpoints=[endpoint("asleep", count=0), endpoint("serverless", ProductionVariants=[variant])],
        components=[component("model", "asleep", copies=0)],
    )

    assert account.look()["idle"] == []


def test_warm_requests_and_unknown_types_are_told_without_a_price(account: Account) -> None:
    """A price that is not known is said to be so, and is not 0."""
    warm = {"MemorySizeInMB": 2048, "MaxConcurrency": 5, "ProvisionedConcurrency": 3}
    variant = {"VariantName": "models", "CurrentServerlessConfig": warm}
    account.has(endpoints=[endpoint("warm", ProductionVariants=[variant]), endpoint("rare", machine="ml.p5.48xlarge")])
    account.listens()

    account.look()

    assert "- endpoint warm: 3 warm requests, price not known" in account.told["Message"]
    assert "- endpoint rare: 1 x ml.p5.48xlarge, price not known" in account.told["Message"]


def test_machines_of_pools_and_shadows_are_counted(account: Account) -> None:
    """Both are paid."""
    pool = {"InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 2}
    pooled = {"VariantName": "models", "InstancePools": [pool], "CurrentInstanceCount": 2}
    shadow = {"VariantName": "models", "CurrentInstanceCount": 1}
    account.has(endpoints=[endpoint("mixed", ProductionVariants=[pooled], ShadowProductionVariants=[shadow])])
    account.listens()

    assert account.look()["usd_per_month"] == 3285.0


def test_requests_that_wait_in_a_queue_are_use(account: Account) -> None:
    """An endpoint whose machine does not come is not idle."""
    queue = {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://mail/answers"}}}
    account.has(endpoints=[endpoint("queue", **queue)], used=["queue"])

    assert account.look()["idle"] == []


def test_an_endpoint_is_used_through_its_components(account: Account) -> None:
    """Only the model that nobody asks is idle."""
    account.has(
        endpoints=[endpoint("shared")],
        components=[component("asked", "shared"), component("unasked", "shared")],
        used=["asked"],
    )
    account.scales("unasked")
    account.listens()

    assert account.look()["idle"] == ["unasked"]


def test_a_model_is_used_through_its_adapters(account: Account) -> None:
    """Who asks an adapter asks the model below it; an adapter alone takes no machine."""
    account.has(
        endpoints=[endpoint("shared")],
        components=[component("base", "shared"), component("adapter", "shared", copies=0, base="base")],
        used=["adapter"],
    )

    assert account.look()["idle"] == []


def test_a_dry_run_says_what_it_would_do_and_does_not(account: Account) -> None:
    """No call that changes anything is expected, so one would fail."""
    account.has(endpoints=[endpoint("shared")], components=[component("model", "shared", copies=2)])
    account.scales("model")
    account.listens()

    answer = account.look()

    assert answer == {"idle": ["shared", "model"], "usd_per_month": 1095.0}
    said = "model: 2 copies, paid through endpoint shared; could be scaled to zero, this is a dry run"
    assert f"- inference component {said}" in account.told["Message"]


def test_copies_go_to_zero_when_it_was_asked_for(account: Account) -> None:
    """Copies alone: no instance count, no configuration."""
    account.has(endpoints=[endpoint("shared")], components=[component("model", "shared")])
    account.scales("model")
    account.stubs["sagemaker"].add_response(
        "update_inference_component_runtime_config",
        {"InferenceComponentArn": "arn:aws:sagemaker:us-east-1:111122223333:inference-component/model"},
        {"InferenceComponentName": "model", "DesiredRuntimeConfig": {"CopyCount": 0}},
    )
    account.listens()

    account.look(scales_in=True)

    assert "scaled to zero" in account.told["Message"]


@pytest.mark.parametrize(
    ("scaling", "why"),
    [
        ({"least": 1}, "its scaling keeps 1 at least"),
        ({"wakes": False}, "no step scaling with an alarm would bring a copy back"),
        ({"SuspendedState": {"DynamicScalingOutSuspended": True}}, "its scaling is suspended"),
    ],
    ids=["bound", "asleep for ever", "suspended"],
)
def test_copies_stay_where_their_scaling_would_not_take_or_wake_them(
    account: Account, scaling: dict[str, Any], why: str
) -> None:
    """Also when it was asked for."""
    account.has(endpoints=[endpoint("shared")], components=[component("model", "shared")])
    account.scales("model", **scaling)
    account.listens()

    account.look(scales_in=True)

    assert f"stays: {why}" in account.told["Message"]


def test_copies_that_nothing_scales_are_the_stacks(account: Account) -> None:
    """Changing them would be drift."""
    account.has(endpoints=[endpoint("shared")], components=[component("model", "shared")])
    account.stubs["application-autoscaling"].add_response("describe_scalable_targets", {"ScalableTargets": []})
    account.listens()

    account.look(scales_in=True)

    assert "stays: nothing scales it" in account.told["Message"]


def test_a_component_that_refuses_does_not_keep_the_others_from_being_told(account: Account) -> None:
    """A deployment may be under way."""
    account.has(endpoints=[endpoint("shared")], components=[component("model", "shared")])
    account.scales("model")
    account.stubs["sagemaker"].add_client_error("update_inference_component_runtime_config", "ValidationException")
    account.listens()

    account.look(scales_in=True)

    assert "could not be scaled to zero: ValidationException" in account.told["Message"]


def test_a_notebook_that_nobody_opened_is_told(account: Account) -> None:
    """It has no requests to count; opening it is an event."""
    account.has(notebooks=[notebook("forgotten"), notebook("open")], opened=["open"])
    account.listens()

    answer = account.look(notebook_usd_per_hour={"ml.t3.medium": 0.05})

    assert answer == {"idle": ["forgotten"], "usd_per_month": 36.5}
    assert "- notebook instance forgotten: ml.t3.medium, runs since 2026-08-17" in account.told["Message"]


def test_what_is_deleted_meanwhile_is_left_out(account: Account) -> None:
    """Between the list and the look."""
    ask = account.stubs["sagemaker"]
    gone = {key: value for key, value in endpoint("gone").items() if key not in ("EndpointConfigName",)}
    gone.pop("ProductionVariants")
    ask.add_response("list_endpoints", {"Endpoints": [gone]})
    ask.add_client_error("describe_endpoint", "ValidationException", "Could not find endpoint")
    ask.add_response("list_inference_components", {"InferenceComponents": []})
    ask.add_response("list_notebook_instances", {"NotebookInstances": []})

    assert account.look()["idle"] == []


def test_a_region_without_components_is_not_asked_for_them(account: Account) -> None:
    """The call may not be there."""
    ask = account.stubs["sagemaker"]
    ask.add_response("list_endpoints", {"Endpoints": []})
    ask.add_response("list_notebook_instances", {"NotebookInstances": []})

    assert account.look(has_components=False)["idle"] == []
