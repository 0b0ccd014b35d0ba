"""More copies when they are asked for, none when nobody asks, and the way back."""

from __future__ import annotations

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from sagemaker_estate import Estate, Rendered

from genai_layers.platform.sagemaker import Copies, Machines

pytestmark = pytest.mark.synth

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
CONFIG = "AWS::SageMaker::EndpointConfig"
ALARM = "AWS::CloudWatch::Alarm"


def policy(rendered: Rendered, start: str, type: str) -> dict:
    """Return the only scaling policy of a type."""
    found = rendered.all(POLICY, start).values()
    (properties,) = [each["Properties"] for each in found if each["Properties"]["PolicyType"] == type]
    return properties


def test_an_idle_endpoint_has_no_machine_and_no_copy(rendered: Rendered) -> None:
    """Both must be able to go to zero, or the machines stay and cost."""
    (variant,) = rendered.one(CONFIG, "Shared")["ProductionVariants"]

    assert variant["ManagedInstanceScaling"] == {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 4}
    assert variant["InitialInstanceCount"] == 1, "SageMaker takes no 0 there"
    assert rendered.one(TARGET, "SharedLlama")["MinCapacity"] == 0


def test_copies_follow_the_requests_in_hand(rendered: Rendered) -> None:
    """The predefined figure of inference components, in high resolution."""
    tracking = policy(rendered, "SharedSecond", "TargetTrackingScaling")["TargetTrackingScalingPolicyConfiguration"]

    assert tracking["TargetValue"] == 3
    assert tracking["PredefinedMetricSpecification"] == {
        "PredefinedMetricType": "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution"
    }


def test_the_first_request_that_finds_nothing_wakes_the_model_up(rendered: Rendered) -> None:
    """A step of one copy, by an alarm on failures for want of capacity of this component."""
    (alarm,) = rendered.all(ALARM, "SharedLlamaScalingAsked").values()
    properties = alarm["Properties"]
    ((name, wake),) = [
        (name, each["Properties"])
        for name, each in rendered.all(POLICY, "SharedLlama").items()
        if each["Properties"]["PolicyType"] == "StepScaling"
    ]

    assert properties["MetricName"] == "NoCapacityInvocationFailures"
    assert properties["Dimensions"] == [
        {
            "Name": "InferenceComponentName",
            "Value": rendered.one("AWS::SageMaker::InferenceComponent", "SharedLlama")["InferenceComponentName"],
        }
    ]
    assert (properties["Period"], properties["TreatMissingData"]) == (30, "missing")
    assert properties["AlarmActions"] == [{"Ref": name}]
    assert wake["StepScalingPolicyConfiguration"]["StepAdjustments"] == [
        {"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}
    ]


def test_a_target_waits_for_what_it_scales_and_names_it(rendered: Rendered) -> None:
    """Application Auto Scaling refuses a target that is not there yet."""
    ((_, target),) = rendered.all(TARGET, "SharedSecond").items()
    component = rendered.one("AWS::SageMaker::InferenceComponent", "SharedSecond")

    name = rendered.value(component["InferenceComponentName"])

    assert rendered.value(target["Properties"]["ResourceId"]) == f"inference-component/{name}"
    assert any(each.startswith("SharedSecond") for each in target["DependsOn"])
    assert "RoleARN" not in target["Properties"], "the service-linked role comes with the first target"


def test_a_schedule_closes_a_model_in_the_evening(rendered: Rendered) -> None:
    """In the time zone of those who go home."""
    (action,) = rendered.one(TARGET, "SharedSecond")["ScheduledActions"]

    assert action["ScalableTargetAction"] == {"MinCapacity": 0, "MaxCapacity": 0}
    assert action["Timezone"] == "Europe/Berlin"


def test_a_queue_wakes_an_asynchronous_endpoint_up_and_its_backlog_makes_it_grow(rendered: Rendered) -> None:
    """No request is lost while there is no machine."""
    (alarm,) = rendered.all(ALARM, "AsyncScalingAsked").values()
    tracking = policy(rendered, "AsyncScaling", "TargetTrackingScaling")["TargetTrackingScalingPolicyConfiguration"]

    assert alarm["Properties"]["MetricName"] == "HasBacklogWithoutCapacity"
    assert tracking["CustomizedMetricSpecification"]["MetricName"] == "ApproximateBacklogSizePerInstance"
    assert [each["Name"] for each in tracking["CustomizedMetricSpecification"]["Dimensions"]] == ["EndpointName"]
    assert rendered.one(TARGET, "Async")["MinCapacity"] == 0


def test_a_dedicated_endpoint_scales_its_machines_and_keeps_two(rendered: Rendered) -> None:
    """There is no wake-up, since there is always somebody."""
    target = rendered.one(TARGET, "Dedicated")

    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 4)
    assert rendered.all(ALARM, "DedicatedScaling") == {}
    assert rendered.value(target["ResourceId"]).endswith("/variant/model")


def test_copies_can_follow_what_the_container_says_of_itself(estate: Estate) -> None:
    """Requests that wait in the engine, for one."""
    waiting = cloudwatch.Metric(namespace="engine", metric_name="waiting", dimensions_map={"Model": "llama"})
    endpoint = estate.endpoint(machines=Machines(instance_types=["ml.g6e.2xlarge"], container_metrics=True))
    endpoint.add_model("Llama", estate.llama(), copies=Copies.on_metric(waiting, 2, minimum=2, maximum=4))

    seen = Rendered(template=estate.template(), estate=estate)
    tracking = policy(seen, "Endpoint", "TargetTrackingScaling")["TargetTrackingScalingPolicyConfiguration"]

    assert tracking["TargetValue"] == 2
    assert tracking["CustomizedMetricSpecification"]["Dimensions"] == [{"Name": "Model", "Value": "llama"}]


def test_a_fixed_number_of_copies_needs_no_scaling(estate: Estate) -> None:
    """Nothing is made that would change it."""
    estate.endpoint().add_model("Llama", estate.llama(), copies=Copies.fixed(2))

    seen = Rendered(template=estate.template(), estate=estate)

    assert seen.all(TARGET) == {}
    assert seen.one("AWS::SageMaker::InferenceComponent")["RuntimeConfig"] == {"CopyCount": 2}


def test_the_first_deploy_starts_a_copy_even_where_none_is_kept(rendered: Rendered) -> None:
    """A model that does not start fails the deploy and not the first caller."""
    assert rendered.one("AWS::SageMaker::InferenceComponent", "SharedLlama")["RuntimeConfig"] == {"CopyCount": 1}
