"""
Reads what a template hands to a cluster of Kubernetes through the CDK: releases of charts, and pools of nodes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from genai_layers.cost.resource import Resource

HELM_CHART = "Custom::AWSCDK-EKS-HelmChart"
MANIFEST = "Custom::AWSCDK-EKS-KubernetesResource"


def handed_over(resource: Resource, name: str) -> Any:
    """
    What *resource* hands over as JSON in property *name*, with a dash for what only the deploy knows; None otherwise.

    Args:
        resource: A release or a manifest.
        name: The property.
    """
    value = resource.properties.get(name)
    if isinstance(value, Mapping) and "Fn::Join" in value:
        value = "".join(part if isinstance(part, str) else "-" for part in value["Fn::Join"][1])
    if not isinstance(value, str):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None


def pods_of(release: Resource) -> Decimal:
    """
    Pods that *release* always has, each alone on its node; 1 for what stands on nodes without accelerators.

    Args:
        release: A release of a chart.
    """
    values = handed_over(release, "Values")
    if not isinstance(values, Mapping):
        return Decimal(0)
    models = values.get("servingEngineSpec", {}).get("modelSpec", [])
    if models:
        return sum((Decimal(model.get("replicaCount", 0)) for model in models), Decimal(0))
    return Decimal(1 if "nodeSelector" in values else 0)


def pool_of(release: Resource) -> tuple[list[str], Mapping[str, Any]] | None:
    """
    Instance types of the nodes of *release*, and their volume; None where the template has no such nodes.

    Args:
        release: A release of a chart.
    """
    wanted = json.dumps(handed_over(release, "Values"))
    manifests = [each for item in release.template if item.type == MANIFEST for each in _manifests(item)]
    classes = {each["metadata"]["name"]: each["spec"] for each in manifests if each["kind"] == "NodeClass"}
    for pool in manifests:
        if pool["kind"] != "NodePool" or f'"{pool["metadata"]["name"]}"' not in wanted:
            continue
        spec = pool["spec"]["template"]["spec"]
        types = [
            type_
            for item in spec.get("requirements", ())
            if item.get("key") == "node.kubernetes.io/instance-type"
            for type_ in item.get("values", ())
        ]
        volume = classes.get(spec.get("nodeClassRef", {}).get("name"), {}).get("ephemeralStorage", {})
        return types, volume
    return None


def _manifests(resource: Resource) -> Iterator[Mapping[str, Any]]:
    found = handed_over(resource, "Manifest")
    for each in found if isinstance(found, list) else ():
        if isinstance(each, Mapping) and {"kind", "metadata"} <= set(each):
            yield each
