"""How a change reaches the callers, and when it is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from aws_cdk import Duration


class _Kind(Enum):
    CANARY = "CANARY"
    LINEAR = "LINEAR"
    ALL_AT_ONCE = "ALL_AT_ONCE"
    ROLLING = "ROLLING"


# API reference, CapacitySize of each policy: percent of the machines or copies.
_PERCENT = {_Kind.CANARY: (1, 50), _Kind.LINEAR: (10, 50), _Kind.ROLLING: (5, 50)}
_MAX_BAKE_SECONDS = 3600
_DEADLINE_SECONDS = 4 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """
    A way to put a new version in place of the old; make one with the class methods.

    Between the steps the alarms of the endpoint are watched, and one that goes off brings the old version back.
    Blue/green needs the machines twice for a while; rolling needs one batch more.

    Attributes:
        kind: Which way.
        percent: Share of the first step, or of each; None for all at once.
        bake: How long the alarms are watched after each step.
    """

    kind: _Kind
    percent: int | None
    bake: Duration

    @classmethod
    def canary(cls, percent: int = 10, bake: Duration | None = None) -> "Rollout":
        """
        Return blue/green in two steps: a small share first, then the rest.

        Args:
            percent: Share of the first step, 1 to 50. Default: 10.
            bake: How long it is watched. Default: 10 minutes.
        """
        return cls(kind=_Kind.CANARY, percent=percent, bake=bake or Duration.minutes(10))

    @classmethod
    def linear(cls, percent: int = 25, bake: Duration | None = None) -> "Rollout":
        """
        Return blue/green in equal steps.

        Args:
            percent: Share of each step, 10 to 50. Default: 25.
            bake: How long each is watched. Default: 10 minutes.
        """
        return cls(kind=_Kind.LINEAR, percent=percent, bake=bake or Duration.minutes(10))

    @classmethod
    def all_at_once(cls, bake: Duration | None = None) -> "Rollout":
        """
        Return blue/green in one step; the old machines stay until the alarms have been quiet.

        Args:
            bake: How long it is watched. Default: 10 minutes.
        """
        return cls(kind=_Kind.ALL_AT_ONCE, percent=None, bake=bake or Duration.minutes(10))

    @classmethod
    def rolling(cls, percent: int = 50, bake: Duration | None = None) -> "Rollout":
        """
        Return batch after batch, for machines that are scarce.

        Args:
            percent: Share of each batch, 5 to 50. Default: 50.
            bake: How long each is watched. Default: 5 minutes.
        """
        return cls(kind=_Kind.ROLLING, percent=percent, bake=bake or Duration.minutes(5))

    @property
    def is_rolling(self) -> bool:
        """Whether it goes batch by batch."""
        return self.kind is _Kind.ROLLING

    @property
    def is_all_at_once(self) -> bool:
        """Whether it goes in one step."""
        return self.kind is _Kind.ALL_AT_ONCE

    def faults(self) -> list[str]:
        """Return what the service would refuse."""
        found = []
        if self.kind in _PERCENT and self.percent is not None:
            least, most = _PERCENT[self.kind]
            if not least <= self.percent <= most:
                found.append(f"rollout {self.kind.value.lower()} has {self.percent} percent: choose {least} to {most}")
        if not 0 <= self.bake.to_seconds() <= _MAX_BAKE_SECONDS:
            found.append(f"rollout bake is {self.bake.to_seconds():g} seconds: choose 0 to {_MAX_BAKE_SECONDS}")
        return found

    def component_faults(self) -> list[str]:
        """Return what the service would refuse of inference components."""
        found = self.faults()
        if not self.is_rolling:
            found.append("rollout of an endpoint with inference components goes in batches: use Rollout.rolling(...)")
        return found

    def render(self, alarms: Sequence[str]) -> dict[str, object]:
        """
        Return the deployment configuration of an endpoint.

        Args:
            alarms: Names of the alarms that take a change back.
        """
        rollback = {"autoRollbackConfiguration": {"alarms": [{"alarmName": name} for name in alarms]}} if alarms else {}
        if self.is_rolling:
            return {**rollback, "rollingUpdatePolicy": self._rolling("CAPACITY_PERCENT")}
        routing: dict[str, object] = {"type": self.kind.value, "waitIntervalInSeconds": self.bake.to_seconds()}
        size = {"type": "CAPACITY_PERCENT", "value": self.percent}
        if self.kind is _Kind.CANARY:
            routing["canarySize"] = size
        if self.kind is _Kind.LINEAR:
            routing["linearStepSize"] = size
        policy = {
            "trafficRoutingConfiguration": routing,
            "terminationWaitInSeconds": self.bake.to_seconds(),
            "maximumExecutionTimeoutInSeconds": _DEADLINE_SECONDS,
        }
        return {**rollback, "blueGreenUpdatePolicy": policy}

    def render_component(self, alarms: Sequence[str]) -> dict[str, object]:
        """
        Return the deployment configuration of an inference component, which is always rolling.

        Args:
            alarms: Names of the alarms that take a change back.
        """
        return {
            "autoRollbackConfiguration": {"alarms": [{"alarmName": name} for name in alarms]},
            "rollingUpdatePolicy": self._rolling("CAPACITY_PERCENT"),
        }

    def _rolling(self, type: str) -> dict[str, object]:
        return {
            "maximumBatchSize": {"type": type, "value": self.percent},
            "waitIntervalInSeconds": self.bake.to_seconds(),
            "maximumExecutionTimeoutInSeconds": _DEADLINE_SECONDS,
        }
