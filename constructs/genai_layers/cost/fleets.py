"""
Finds the machines of templates that serve a model, and which model that is.

Read from the engine's own options in the user data or in the task definition, so it works for any app that starts
vLLM or SGLang; and from two tags of the machines where what they run is within their image.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genai_layers.catalog.models import LENGTH_TAG, MODEL_TAG
from genai_layers.cost.pods import HELM_CHART, pool_of
from genai_layers.cost.resource import Resource, Template
from genai_layers.cost.tasks import services_on

# An option and its value are apart by a space, an equals sign, a comma between quotes or an escaped line break.
_APART = r"(?:\\+n|\\*\"|[\s=,])+"
_MODEL = re.compile(rf"--served-model-name{_APART}([A-Za-z0-9][A-Za-z0-9._/-]*)")
_NODES = re.compile(rf"--nnodes{_APART}(\d+)")
_LENGTH = re.compile(rf"--(?:max-model-len|context-length){_APART}(\d+)")

_MACHINES = ("AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::ECS::CapacityProvider")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFleet:
    """
    An Auto Scaling group, an instance, managed instances of ECS or a release of a chart that serves a model.

    Attributes:
        stack: Stack that holds it.
        logical_id: Its logical id.
        instance_type: First instance type it names.
        model: Name under which the model is served.
        max_model_len: Longest request, tokens; None when the options do not say.
        machines: Machines that serve one copy of the model together.
    """

    stack: str
    logical_id: str
    instance_type: str
    model: str
    max_model_len: int | None
    machines: int = 1


def fleets(templates: Mapping[str, Mapping[str, Any]]) -> tuple[FoundFleet, ...]:
    """
    The machines of *templates* that serve a model.

    Args:
        templates: CloudFormation templates, parsed, by the name of their stack.

    Raises:
        CostError: A template is not one.
    """
    found = []
    for stack, body in templates.items():
        for resource in Template(stack=stack, body=body):
            if resource.type in _MACHINES:
                fleet = _fleet(resource)
            elif resource.type == HELM_CHART:
                fleet = _release(resource)
            else:
                continue
            if fleet is not None:
                found.append(fleet)
    return tuple(found)


def instance_types(group: Resource) -> list[str]:
    """
    Instance types that machines name, in order of preference.
    """
    allowed = managed_types(group)
    if allowed:
        return allowed
    overrides = (group.at("MixedInstancesPolicy", "LaunchTemplate") or {}).get("Overrides", [])
    named = [item["InstanceType"] for item in overrides if isinstance(item.get("InstanceType"), str)]
    if named:
        return named
    template = launch_template(group)
    own = group.at("InstanceType") or (template.at("LaunchTemplateData", "InstanceType") if template else None)
    return [own] if isinstance(own, str) else []


def managed_types(provider: Resource) -> list[str]:
    """
    Instance types among which ECS picks the cheapest that is to be had; none where it does not.
    """
    template = provider.properties.get("ManagedInstancesProvider", {}).get("InstanceLaunchTemplate", {})
    allowed = template.get("InstanceRequirements", {}).get("AllowedInstanceTypes", [])
    return [each for each in allowed if isinstance(each, str)]


def launch_template(group: Resource) -> Resource | None:
    """
    The launch template of an Auto Scaling group or an instance, when it is in the same stack.
    """
    policy = group.at("MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification")
    specification = policy or group.at("LaunchTemplate") or {}
    return group.template.get(specification.get("LaunchTemplateId"))


def _fleet(resource: Resource) -> FoundFleet | None:
    template = launch_template(resource)
    own: object = resource.properties.get("UserData")
    if template is not None:
        own = template.properties.get("LaunchTemplateData", {}).get("UserData", own)
    # Where tasks serve, the engine's options are in their definition.
    tasks = [resource.template.get(service.properties.get("TaskDefinition")) for service in services_on(resource)]
    text = json.dumps([own, *(dict(task.properties) for task in tasks if task is not None)])
    model, length, nodes = (_first(option, text) for option in (_MODEL, _LENGTH, _NODES))
    tags, named = _tags(resource), instance_types(resource)
    model, length = model or tags.get(MODEL_TAG), length or tags.get(LENGTH_TAG)
    if model is None or not named:
        return None
    return FoundFleet(
        stack=resource.template.stack,
        logical_id=resource.logical_id,
        instance_type=named[0],
        model=model,
        max_model_len=int(length) if length else None,
        machines=int(nodes) if nodes else 1,
    )


def _first(option: re.Pattern[str], text: str) -> str | None:
    found = option.search(text)
    return found[1] if found else None


def _tags(resource: Resource) -> dict[str, str]:
    tags = resource.properties.get("Tags")
    every = tags if isinstance(tags, list) else []
    return {tag["Key"]: tag["Value"] for tag in every if isinstance(tag.get("Value"), str)}


def _release(release: Resource) -> FoundFleet | None:
    text, pool = json.dumps(release.properties.get("Values")), pool_of(release)
    model, length = _MODEL.search(text), _LENGTH.search(text)
    if model is None or pool is None or not pool[0]:
        return None
    return FoundFleet(
        stack=release.template.stack,
        logical_id=release.logical_id,
        instance_type=pool[0][0],
        model=model[1],
        max_model_len=int(length[1]) if length else None,
    )
