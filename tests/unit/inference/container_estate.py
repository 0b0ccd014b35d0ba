"""The kinds of fleet on ECS that tests look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from inference_estate import EMBEDDINGS, PREPARED, REASON, SLEEP, Estate

from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference import Capacity, ContainerImage, HostImage, Scaling, Sglang, TextEmbeddings
from genai_layers.inference.ecs import ContainerFleet


def container_fleet(estate: Estate, id: str = "Fleet", **changed: Any) -> ContainerFleet:
    """Return a fleet of tasks in plain HTTP that differs from the simplest one in *changed*."""
    estate.network.require(*ContainerFleet.REQUIRED_ENDPOINTS)
    props: dict[str, Any] = {
        "vpc": estate.network.vpc,
        "subnets": estate.network.isolated,
        "key": estate.key.key,
        "model": "llama-3.1-8b",
        "weights": estate.weights.bucket,
        "weights_prefix": "llama-3.1-8b",
        "access_logs": estate.logs.bucket,
        "log_retention": logs.RetentionDays.ONE_YEAR,
        "plaintext_reason": REASON,
    }
    return ContainerFleet(estate.stack, id, **{**props, **changed})


def tools(estate: Estate, **changed: Any) -> ContainerImage:
    """Return an image of one's own with python3 and the AWS CLI."""
    return ContainerImage.private(estate.repository, "2.31", **changed)


def _https(estate: Estate) -> None:
    caller = iam.Role(estate.stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    fleet = container_fleet(
        estate, plaintext_reason=None, certificate=estate.certificate, domain_name="models.example.com"
    )
    fleet.grant_invoke(caller)


VARIANTS: Mapping[str, Callable[[Estate], object]] = {
    "https": _https,
    "plain": container_fleet,
    "destroyed": lambda estate: container_fleet(estate, removal_policy=cdk.RemovalPolicy.DESTROY, min_machines=0),
    "fixed": lambda estate: container_fleet(estate, min_machines=2, max_machines=2),
    "spot": lambda estate: container_fleet(estate, capacity=Capacity.spot(on_demand_machines=1)),
    "reserved": lambda estate: container_fleet(estate, capacity=Capacity.reserved("cr-0123456789abcdef0")),
    "block": lambda estate: container_fleet(
        estate, instance_types=["p5.48xlarge"], capacity=Capacity.capacity_block("cr-0123456789abcdef0")
    ),
    "notified": lambda estate: container_fleet(
        estate, notifications=sns.Topic(estate.stack, "Topic", master_key=estate.key.key)
    ),
    "requests": lambda estate: container_fleet(estate, scaling=Scaling.on_requests(90)),
    "latency": lambda estate: container_fleet(estate, scaling=Scaling.on_load(time_to_first_token=2.0)),
    "large": lambda estate: container_fleet(
        estate, model="llama-3.1-70b", instance_types=["g6e.12xlarge", "g6e.24xlarge"]
    ),
    "pinned": lambda estate: container_fleet(
        estate, machine_image=HostImage.pinned({"us-east-1": "ami-0123456789abcdef0"}, cuda="13.0")
    ),
    "sleeping": lambda estate: container_fleet(estate, scale_to_zero=SLEEP),
    "sglang": lambda estate: container_fleet(estate, engine=Sglang(), tools_image=tools(estate)),
    "embeddings": lambda estate: container_fleet(
        estate, engine=TextEmbeddings(), model=EMBEDDINGS, max_model_len=512, tools_image=tools(estate)
    ),
    "neuron": lambda estate: container_fleet(
        estate,
        engine=estate.neuron(),
        instance_types=["inf2.xlarge", "inf2.8xlarge"],
        tools_image=tools(estate, vendor=Vendor.NEURON),
    ),
    "prepared": lambda estate: container_fleet(
        estate,
        engine=estate.neuron(),
        instance_types=["inf2.xlarge"],
        tools_image=tools(estate, vendor=Vendor.NEURON),
        fast_start=PREPARED,
    ),
}
"""Every kind of fleet of tasks that a test looks at, by name."""
