"""What runs, asked of SageMaker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..shared import clients
from .things import Component, Endpoint, Notebook

_GONE = frozenset({"ResourceNotFound", "ValidationException"})
"""What SageMaker says of a thing that was deleted after it was listed."""


def endpoints(sagemaker: Any) -> list[Endpoint]:
    """
    Return the endpoints in service.

    Args:
        sagemaker: Client of SageMaker.
    """
    found = []
    for listed in _pages(sagemaker, "list_endpoints", "Endpoints", StatusEquals="InService"):
        described = _described(sagemaker.describe_endpoint, EndpointName=listed["EndpointName"])
        if described is None:
            continue
        # An endpoint outlives the deletion of its configuration, and costs the same.
        name = described["EndpointConfigName"]
        config = _described(sagemaker.describe_endpoint_config, EndpointConfigName=name)
        found.append(_endpoint(described, config or {}))
    return found


def components(sagemaker: Any) -> list[Component]:
    """
    Return the inference components in service, adapters included.

    Args:
        sagemaker: Client of SageMaker.
    """
    found = []
    for listed in _pages(sagemaker, "list_inference_components", "InferenceComponents", StatusEquals="InService"):
        name = listed["InferenceComponentName"]
        described = _described(sagemaker.describe_inference_component, InferenceComponentName=name)
        if described is None:
            continue
        runtime = described.get("RuntimeConfig", {})
        found.append(
            Component(
                name=described["InferenceComponentName"],
                endpoint=described["EndpointName"],
                created=described["CreationTime"],
                copies=max(runtime.get("DesiredCopyCount", 0), runtime.get("CurrentCopyCount", 0)),
                base=described.get("Specification", {}).get("BaseInferenceComponentName"),
            )
        )
    return found


def notebooks(sagemaker: Any) -> list[Notebook]:
    """
    Return the notebook instances that run.

    Args:
        sagemaker: Client of SageMaker.
    """
    return [
        Notebook(name=each["NotebookInstanceName"], machine=each["InstanceType"], since=each["LastModifiedTime"])
        for each in _pages(sagemaker, "list_notebook_instances", "NotebookInstances", StatusEquals="InService")
    ]


def _endpoint(described: Mapping[str, Any], config: Mapping[str, Any]) -> Endpoint:
    production = described.get("ProductionVariants", [])
    variants = [*production, *described.get("ShadowProductionVariants", [])]
    configured = [*config.get("ProductionVariants", []), *config.get("ShadowProductionVariants", [])]
    types = {each["VariantName"]: each.get("InstanceType") for each in configured}
    machines: Counter[str] = Counter()
    for variant in variants:
        pools = variant.get("InstancePools")
        if pools:
            for pool in pools:
                machines[pool["InstanceType"]] += pool.get("CurrentInstanceCount", 0)
        elif "CurrentServerlessConfig" not in variant:
            machines[types.get(variant["VariantName"]) or "unknown type"] += variant.get("CurrentInstanceCount", 0)
    return Endpoint(
        name=described["EndpointName"],
        created=described["CreationTime"],
        variants=tuple(each["VariantName"] for each in production),
        machines={name: count for name, count in machines.items() if count},
        warm_requests=sum(
            each.get("CurrentServerlessConfig", {}).get("ProvisionedConcurrency", 0) for each in variants
        ),
        has_queue="AsyncInferenceConfig" in described,
    )


def _pages(client: Any, operation: str, key: str, **request: str) -> Iterator[Mapping[str, Any]]:
    for page in client.get_paginator(operation).paginate(**request):
        yield from page[key]


def _described(describe: Callable[..., Mapping[str, Any]], **name: str) -> Mapping[str, Any] | None:
    try:
        return describe(**name)
    except clients.refusal() as error:
        if error.response["Error"]["Code"] in _GONE:
            return None
        raise
