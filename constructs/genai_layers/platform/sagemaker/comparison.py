"""Another model beside the one that answers, to compare the two under the same requests."""

from dataclasses import dataclass

from genai_layers.platform.sagemaker import compatibility
from genai_layers.platform.sagemaker.endpoint_metrics import EndpointMetrics
from genai_layers.platform.sagemaker.endpoint_surface import AskedModel
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.machines import Machines
from genai_layers.platform.sagemaker.rollout import Rollout

CHALLENGER, SHADOW = "challenger", "shadow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """
    A second variant of an endpoint, on machines of its own; make one with the class methods.

    Attributes:
        model: The other model.
        machines: Its machines.
        percent: Share of the requests that it gets.
        is_shadow: It gets copies, and its answers reach nobody.

    Example:
        Comparison.shadow(tuned, Machines(instance_types=["ml.g6e.2xlarge"]), percent=20)
    """

    model: HostedModel
    machines: Machines
    percent: int
    is_shadow: bool

    @classmethod
    def split(cls, model: HostedModel, machines: Machines, *, percent: int) -> "Comparison":
        """
        Return an A/B test: a share of the callers is answered by the other model.

        Args:
            model: The other model.
            machines: Its machines.
            percent: Share of the requests, 1 to 99.
        """
        return cls(model=model, machines=machines, percent=percent, is_shadow=False)

    @classmethod
    def shadow(cls, model: HostedModel, machines: Machines, *, percent: int = 100) -> "Comparison":
        """
        Return a shadow: the other model gets copies of requests, and its answers reach nobody.

        With a capture they are kept beside those that were given.

        Args:
            model: The other model.
            machines: Its machines; their number does not change.
            percent: Share of the requests, 1 to 100. Default: all.
        """
        return cls(model=model, machines=machines, percent=percent, is_shadow=True)

    @property
    def variant(self) -> str:
        """Name of the variant."""
        return SHADOW if self.is_shadow else CHALLENGER

    @property
    def weights(self) -> tuple[float, float]:
        """Weight of the variant that was there, and of this one; that of a shadow is its share of the other's."""
        return (1, self.percent / 100) if self.is_shadow else (100 - self.percent, self.percent)

    def faults(self, rollout: Rollout) -> list[str]:
        """
        Return what the service would refuse.

        Args:
            rollout: How a change reaches the callers.
        """
        types, most = self.machines.types, 100 if self.is_shadow else 99
        found = self.machines.faults(allows_zero=False)
        found += [fault for each in types for fault in compatibility.faults(self.model, each, self.machines.host)]
        if not 1 <= self.percent <= most:
            found.append(f"percent is {self.percent}: choose 1 to {most}")
        if not rollout.is_all_at_once:
            # Developer guide, deployment guardrails, "Exclusions": no rolling deployment with several variants; of the
            # steps of a canary it says nothing, so none is tried.
            found.append("rollout goes in steps, which are for an endpoint with one model: use Rollout.all_at_once()")
        if self.is_shadow:
            # Developer guide, "Shadow variants", on what has none.
            found += [
                f"{each.name} runs no shadows: choose a machine with another accelerator"
                for each in types
                if each.name.startswith("ml.inf1.")
            ]
        return [f"{self.variant}: {fault}" for fault in found]


class ComparedModel(AskedModel):
    """
    The metrics of the other model; `Monitoring.monitor_endpoint` takes it.

    Args:
        endpoint_name: Name of the endpoint.
        variant: Name of the variant.

    Attributes:
        metrics: All of its metrics.
    """

    def __init__(self, endpoint_name: str, variant: str) -> None:
        self.metrics = EndpointMetrics({"EndpointName": endpoint_name, "VariantName": variant})
