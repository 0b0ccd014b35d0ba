"""The kinds of fleet on EKS that tests look at, and what they put into a cluster."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from inference_estate import REASON, Estate

from genai_layers import testing
from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference import Capacity, ContainerImage, Scaling
from genai_layers.inference.eks import Chart, Keda, KubernetesFleet, ModelCluster

PARTS = {"AWS::URLSuffix": "amazonaws.com", "AWS::Partition": "aws", "AWS::StackId": "arn:aws:cfn:::stack/S/1a2b3c4d-0"}


def repository(estate: Estate, name: str) -> ecr.IRepository:
    """Return a repository of one's own, the same for one name."""
    child = name.replace("/", "-")
    found = estate.stack.node.try_find_child(child)
    return found or ecr.Repository.from_repository_name(estate.stack, child, name)


def model_cluster(estate: Estate, id: str = "Cluster", **changed: Any) -> ModelCluster:
    """Return a cluster that differs from the simplest one in *changed*."""
    estate.network.require(*ModelCluster.REQUIRED_ENDPOINTS)
    keda = Keda(
        chart=Chart.keda(repository(estate, "charts/keda")),
        operator=repository(estate, "mirror/keda"),
        metrics_server=repository(estate, "mirror/keda-metrics-apiserver"),
    )
    props: dict[str, Any] = {
        "vpc": estate.network.vpc,
        "subnets": estate.network.isolated,
        "key": estate.key.key,
        "keda": keda,
        "log_retention": logs.RetentionDays.ONE_YEAR,
    }
    return ModelCluster(estate.stack, id, **{**props, **changed})


def tools(estate: Estate, **changed: Any) -> ContainerImage:
    """Return an image of one's own with python3 and boto3."""
    return ContainerImage.private(repository(estate, "mirror/python"), "3.13.2026", **changed)


def kubernetes_fleet(
    estate: Estate, id: str = "Fleet", cluster: ModelCluster | None = None, **changed: Any
) -> KubernetesFleet:
    """Return a fleet of pods in plain HTTP that differs from the simplest one in *changed*."""
    props: dict[str, Any] = {
        "cluster": cluster or model_cluster(estate),
        "chart": Chart.production_stack(repository(estate, "charts/vllm-stack")),
        "tools_image": tools(estate),
        "key": estate.key.key,
        "model": "llama-3.1-8b",
        "weights": estate.weights.bucket,
        "weights_prefix": "llama-3.1-8b",
        "access_logs": estate.logs.bucket,
        "log_retention": logs.RetentionDays.ONE_YEAR,
        "plaintext_reason": REASON,
    }
    return KubernetesFleet(estate.stack, id, **{**props, **changed})


def _https(estate: Estate) -> None:
    caller = iam.Role(estate.stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    fleet = kubernetes_fleet(
        estate, plaintext_reason=None, certificate=estate.certificate, domain_name="models.example.com"
    )
    fleet.grant_invoke(caller)


def _two(estate: Estate) -> None:
    cluster = model_cluster(estate)
    kubernetes_fleet(estate, cluster=cluster)
    kubernetes_fleet(estate, "OtherFleet", cluster, model="qwen2.5-1.5b", weights_prefix="qwen2.5-1.5b")


def _destroyed(estate: Estate) -> None:
    gone = cdk.RemovalPolicy.DESTROY
    cluster = model_cluster(estate, removal_policy=gone)
    kubernetes_fleet(estate, cluster=cluster, removal_policy=gone, min_machines=0)


VARIANTS: Mapping[str, Callable[[Estate], object]] = {
    "https": _https,
    "plain": kubernetes_fleet,
    "two": _two,
    "destroyed": _destroyed,
    "fixed": lambda estate: kubernetes_fleet(estate, min_machines=2, max_machines=2),
    "spot": lambda estate: kubernetes_fleet(estate, capacity=Capacity.spot()),
    "reserved": lambda estate: kubernetes_fleet(estate, capacity=Capacity.reserved("cr-0123456789abcdef0")),
    "block": lambda estate: kubernetes_fleet(
        estate, instance_types=["p5.48xlarge"], capacity=Capacity.capacity_block("cr-0123456789abcdef0")
    ),
    "copies": lambda estate: kubernetes_fleet(
        estate, model="qwen2.5-1.5b", instance_types=["g6.12xlarge"], max_machines=3
    ),
    "large": lambda estate: kubernetes_fleet(
        estate, model="llama-3.1-70b", instance_types=["g6e.12xlarge", "g6e.24xlarge"]
    ),
    "waiting": lambda estate: kubernetes_fleet(estate, scaling=Scaling.on_load(waiting_requests=2.5, cache_use=None)),
    "neuron": lambda estate: kubernetes_fleet(
        estate,
        engine=estate.neuron(),
        instance_types=["inf2.xlarge", "inf2.8xlarge"],
        tools_image=tools(estate, vendor=Vendor.NEURON),
    ),
}
"""Every kind of fleet of pods that a test looks at, by name."""

CHECKED = ("https", "two", "destroyed", "neuron")
"""Kinds whose resources differ; what the others change lies in what is handed to the cluster."""


@cache
def templates() -> Mapping[str, testing.Template]:
    """Return the template of each variant, made once."""
    app = testing.app()
    estates = {name: Estate(app, f"Stack-{name}") for name in VARIANTS}
    for name, make in VARIANTS.items():
        make(estates[name])
    return {name: testing.template(estate.stack) for name, estate in estates.items()}


def written(template: testing.Template, type: str, prop: str) -> dict[str, Any]:
    """Return what each custom resource of *type* hands to the cluster in *prop*, by logical id."""
    return {
        logical_id: json.loads(_flat(resource["Properties"][prop]))
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == f"Custom::AWSCDK-EKS-{type}"
    }


def manifests(template: testing.Template, kind: str) -> list[dict[str, Any]]:
    """Return every manifest of *kind* that the template applies."""
    every = written(template, "KubernetesResource", "Manifest").values()
    return [each for group in every for each in group if each["kind"] == kind]


def values(template: testing.Template, chart: str = "vllm-stack") -> dict[str, Any]:
    """Return the values of the one release of *chart*."""
    charts = written(template, "HelmChart", "Values")
    (found,) = [charts[name] for name in charts if template["Resources"][name]["Properties"]["Chart"] == chart]
    return found


def _flat(value: Any) -> Any:
    if isinstance(value, str):
        return value
    (name, inner), *_ = value.items()
    if name == "Fn::Join":
        return inner[0].join(_flat(part) for part in inner[1])
    if name == "Fn::Select":
        return _flat(inner[1])[int(inner[0])]
    if name == "Fn::Split":
        return _flat(inner[1]).split(inner[0])
    return PARTS.get(inner, inner) if name == "Ref" else ".".join(inner)
