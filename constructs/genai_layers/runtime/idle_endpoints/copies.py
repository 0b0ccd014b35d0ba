"""Taking the copies of an idle model to none, where its scaling would be free to do the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..shared import clients

_DIMENSION = "sagemaker:inference-component:DesiredCopyCount"
_NAMESPACE = "sagemaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """
    What can be done about the copies of a model.

    Attributes:
        is_free: Whether they may be none.
        why: Why, or why not.
    """

    is_free: bool
    why: str


class Copies:
    """
    The copies of models, within the bounds of their scaling.

    A number of copies that no scaling owns is CloudFormation's, and a change of it would be drift; what scaling
    owns, it may change itself at any time. Instance counts and configurations are never touched.

    Args:
        sagemaker: Client of SageMaker.
        autoscaling: Client of Application Auto Scaling.
    """

    def __init__(self, sagemaker: Any, autoscaling: Any) -> None:
        self._sagemaker = sagemaker
        self._autoscaling = autoscaling

    def outlook(self, component: str) -> Outlook:
        """
        Return whether the copies of *component* may be none.

        Args:
            component: Name of the inference component.
        """
        resource = f"inference-component/{component}"
        targets = self._autoscaling.describe_scalable_targets(
            ServiceNamespace=_NAMESPACE, ResourceIds=[resource], ScalableDimension=_DIMENSION
        )["ScalableTargets"]
        if not targets:
            return Outlook(is_free=False, why="nothing scales it, so its number of copies is its owner's")
        (target,) = targets
        if target["MinCapacity"] > 0:
            return Outlook(is_free=False, why=f"its scaling keeps {target['MinCapacity']} at least")
        if any(target.get("SuspendedState", {}).values()):
            return Outlook(is_free=False, why="its scaling is suspended, so nothing would bring a copy back")
        if not self._wakes(resource):
            return Outlook(is_free=False, why="no step scaling with an alarm would bring a copy back")
        return Outlook(is_free=True, why="its scaling may have none, and brings one back when somebody asks")

    def end(self, component: str) -> str:
        """
        Take the copies of *component* to none, and say what came of it.

        Args:
            component: Name of the inference component; its `outlook` is free.
        """
        try:
            self._sagemaker.update_inference_component_runtime_config(
                InferenceComponentName=component, DesiredRuntimeConfig={"CopyCount": 0}
            )
        except clients.refusal() as error:
            return f"could not be scaled to zero: {error.response['Error']['Code']}"
        return "scaled to zero"

    def _wakes(self, resource: str) -> bool:
        pages = self._autoscaling.get_paginator("describe_scaling_policies").paginate(
            ServiceNamespace=_NAMESPACE, ResourceId=resource, ScalableDimension=_DIMENSION
        )
        return any(
            policy["PolicyType"] == "StepScaling" and policy.get("Alarms")
            for page in pages
            for policy in page["ScalingPolicies"]
        )
