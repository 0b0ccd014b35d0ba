"""
Prices of SageMaker endpoints while nobody asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from genai_layers.cost.items import Item, Pricer, Unknown, UsageOnly, free, hourly
from genai_layers.cost.resource import Resource

_INSTANCES = "sagemaker:variant:DesiredInstanceCount"


def _endpoint(endpoint: Resource) -> Iterable[Item]:
    config = endpoint.template.get(endpoint.properties.get("EndpointConfigName"))
    if config is None:
        return (Unknown(what="SageMaker endpoint", reason="its configuration is not in the same stack"),)
    variants = [*config.many("ProductionVariants"), *config.many("ShadowProductionVariants")]
    return [item for variant in variants for item in _variant(variant, _least(endpoint, variant))]


def _variant(variant: Mapping[str, object], least: int | None) -> list[Item]:
    serverless = variant.get("ServerlessConfig")
    if isinstance(serverless, Mapping):
        if "ProvisionedConcurrency" not in serverless:
            return []
        reason = "the catalog has no price line for provisioned concurrency"
        return [Unknown(what=f"{serverless['ProvisionedConcurrency']} warm serverless requests", reason=reason)]
    types, count = _types(variant), variant.get("InitialInstanceCount", 1)
    scaling = variant.get("ManagedInstanceScaling")
    if isinstance(scaling, Mapping) and scaling.get("Status") == "ENABLED":
        count = scaling.get("MinInstanceCount", count)
    if least is not None:
        count = least
    if not types or not isinstance(count, int):
        return [Unknown(what="SageMaker variant", reason="the template does not name its instance type and count")]
    first, *others = types
    if count == 0:
        return [UsageOnly(what=f"no machine until asked, then {first}", lines=(f"sagemaker:{first}",))]
    of_several = f", the first of {len(types)} types" if others else ""
    return [hourly(f"{count} x {first}{of_several}", f"sagemaker:{first}", count)]


def _types(variant: Mapping[str, object]) -> list[str]:
    """
    Instance types of a variant, in order of preference.
    """
    pools = variant.get("InstancePools")
    named: list[Mapping[str, Any]] = (
        [variant] if not isinstance(pools, list) else sorted(pools, key=lambda pool: int(pool.get("Priority", 0)))
    )
    return [kind for pool in named if isinstance(kind := pool.get("InstanceType"), str)]


def _least(endpoint: Resource, variant: Mapping[str, object]) -> int | None:
    """
    Machines that scaling leaves an idle variant; None where nothing scales them.
    """
    names = _literals(endpoint.properties.get("EndpointName")) or [endpoint.logical_id]
    for target in endpoint.template:
        if target.type != "AWS::ApplicationAutoScaling::ScalableTarget" or target.at("ScalableDimension") != _INSTANCES:
            continue
        text = json.dumps(target.properties.get("ResourceId"))
        if "VariantName" in variant and f'/variant/{variant["VariantName"]}"' not in text:
            continue
        minimum = target.number("MinCapacity")
        if minimum is not None and any(name in text for name in (*names, f'"{endpoint.logical_id}"')):
            return int(minimum)
    return None


def _literals(name: object) -> list[str]:
    """
    The part of a name that is written in the template, however it is joined.
    """
    if isinstance(name, str):
        return [name]
    if isinstance(name, Mapping) and "Fn::Join" in name:
        return [part for part in name["Fn::Join"][1] if isinstance(part, str)]
    return []


def _notebook(_: Resource) -> Iterable[Item]:
    reason = "a notebook runs until somebody stops it; the catalog has no price line for it"
    return (Unknown(what="notebook instance", reason=reason),)


def _studio(domain: Resource) -> Iterable[Item]:
    # The catalog prices machines of endpoints and not those of apps.
    found: list[Item] = [
        UsageOnly(what="volumes of spaces of Studio, in each GB-month", lines=("ebs:gp3",)),
        UsageOnly(what="apps of Studio, by the second of their machine", lines=()),
    ]
    if domain.at("HomeEfsFileSystemCreation") != "Disabled":
        reason = "it is paid by what lies in it, stays when the domain goes, and the catalog has no price line for it"
        found.append(Unknown(what="home file system of Studio", reason=reason))
    settings = domain.at("DefaultUserSettings", "JupyterLabAppSettings", "AppLifecycleManagement", "IdleSettings") or {}
    if settings.get("LifecycleManagement") != "ENABLED":
        reason = "an app runs until somebody stops it; the catalog has no price line for it"
        found.append(Unknown(what="apps of Studio", reason=reason))
    return found


def _monitor(_: Resource) -> Iterable[Item]:
    # The catalog prices machines of endpoints and not those of jobs.
    return (UsageOnly(what="runs of a monitor, by the minute of their machine", lines=()),)


LINES: Mapping[str, Pricer] = {
    "AWS::SageMaker::Domain": _studio,
    "AWS::SageMaker::Endpoint": _endpoint,
    "AWS::SageMaker::MonitoringSchedule": _monitor,
    "AWS::SageMaker::NotebookInstance": _notebook,
    **dict.fromkeys(
        (
            "AWS::SageMaker::EndpointConfig",
            "AWS::SageMaker::Hub",
            # Copies are paid through the machines of their endpoint.
            "AWS::SageMaker::InferenceComponent",
            "AWS::SageMaker::DataQualityJobDefinition",
            "AWS::SageMaker::Model",
            "AWS::SageMaker::ModelBiasJobDefinition",
            "AWS::SageMaker::ModelCard",
            "AWS::SageMaker::ModelExplainabilityJobDefinition",
            "AWS::SageMaker::ModelPackage",
            "AWS::SageMaker::ModelPackageGroup",
            "AWS::SageMaker::ModelQualityJobDefinition",
            "AWS::SageMaker::Pipeline",
            "AWS::SageMaker::StudioLifecycleConfig",
            "AWS::SageMaker::UserProfile",
        ),
        free,
    ),
}
