"""Nodes of one kind: how many of which machine, and what they do in Slurm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from genai_layers.catalog import instances, ml_instances
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.catalog.ml_instances import MlUse

_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_PLAN = re.compile(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:training-plan/.+")
# API reference, ClusterInstanceGroupSpecification and ClusterEbsVolumeConfig.
_MOST_NODES, _MOST_GIB = 6758, 16_384


class NodeKind(StrEnum):
    """What nodes do, as HyperPod spells it."""

    CONTROLLER = "Controller"
    LOGIN = "Login"
    COMPUTE = "Compute"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeGroup:
    """
    Nodes of one kind.

    Attributes:
        name: What the group is called, in Slurm too.
        kind: What the nodes do.
        instance_type: Name in SageMaker, such as `ml.p5.48xlarge`.
        count: How many.
        volume_gib: Second volume of each node, under the key of the cluster. Default: 200.
        training_plan_arn: Reserved capacity that they come from. Default: on demand.
        partition: Slurm partition of the nodes. Default: `training` for those that compute.

    Example:
        NodeGroup.compute("workers", "ml.p5.48xlarge", 4)
    """

    name: str
    kind: NodeKind
    instance_type: str
    count: int
    volume_gib: int = 200
    training_plan_arn: str | None = None
    partition: str = "training"

    @classmethod
    def controller(cls, instance_type: str = "ml.c5.xlarge") -> NodeGroup:
        """The one node that schedules; Slurm accounting lives on it."""
        return cls(name="controller", kind=NodeKind.CONTROLLER, instance_type=instance_type, count=1)

    @classmethod
    def login(cls, instance_type: str = "ml.m5.large", count: int = 1) -> NodeGroup:
        """Where people come in."""
        return cls(name="login", kind=NodeKind.LOGIN, instance_type=instance_type, count=count)

    @classmethod
    def compute(
        cls, name: str, instance_type: str, count: int, *, training_plan_arn: str | None = None, volume_gib: int = 200
    ) -> NodeGroup:
        """
        Nodes that train.

        Args:
            name: What the group is called.
            instance_type: Name in SageMaker.
            count: How many.
            training_plan_arn: Reserved capacity. Default: on demand, which for the largest types is seldom there.
            volume_gib: Second volume of each node.
        """
        return cls(
            name=name,
            kind=NodeKind.COMPUTE,
            instance_type=instance_type,
            count=count,
            training_plan_arn=training_plan_arn,
            volume_gib=volume_gib,
        )

    @property
    def has_accelerators(self) -> bool:
        """Whether there is something that a deep check can stress."""
        return ml_instances.get(self.instance_type, MlUse.CLUSTER).accelerator is not None

    def faults(self) -> list[str]:
        """Return what HyperPod would refuse, or what nothing could be trained on."""
        where = f"node group {self.name!r}"
        found = []
        if not _NAME.fullmatch(self.name):
            found.append(f"{where} has that name: take up to 63 letters, digits and hyphens within")
        try:
            ml_instances.get(self.instance_type, MlUse.CLUSTER)
        except UnknownInstanceTypeError as error:
            found.append(f"{where}: {error}")
        else:
            found += self._network_faults(where)
        if not 1 <= self.count <= _MOST_NODES:
            found.append(f"{where} has {self.count} nodes: choose 1 to {_MOST_NODES}")
        if not 1 <= self.volume_gib <= _MOST_GIB:
            found.append(f"{where} has a volume of {self.volume_gib} GiB: choose 1 to {_MOST_GIB}")
        if self.training_plan_arn is not None and not _PLAN.fullmatch(self.training_plan_arn):
            found.append(f"{where} has the training plan {self.training_plan_arn!r}: give the ARN of a training plan")
        if self.training_plan_arn is not None and self.kind is not NodeKind.COMPUTE:
            found.append(f"{where} does not train and has a training plan: leave it to the nodes that do")
        return found

    def _network_faults(self, where: str) -> list[str]:
        if self.kind is not NodeKind.COMPUTE or self.count < 2:
            return []
        twin = instances.every().get(self.instance_type.removeprefix("ml."))
        if twin is not None and twin.efa_interfaces:
            return []
        able = {f"ml.{each.name}" for each in instances.find(min_efa_interfaces=1)}
        usable = [each.name for each in ml_instances.find(use=MlUse.CLUSTER) if each.name in able]
        return [
            f"{where} has {self.count} x {self.instance_type}, without EFA they would mostly wait for one another: "
            f"choose one of {', '.join(usable[:8])}, or one node"
        ]


def group_faults(groups: Sequence[NodeGroup]) -> list[str]:
    """
    Return what is wrong with the groups of a cluster together.

    Args:
        groups: The groups.
    """
    found = [fault for group in groups for fault in group.faults()]
    names = [group.name for group in groups]
    if len(set(names)) != len(names):
        found.append(f"node groups are called {', '.join(names)}: give each a name of its own")
    of_kind = {kind: sum(group.count for group in groups if group.kind is kind) for kind in NodeKind}
    if of_kind[NodeKind.CONTROLLER] != 1:
        found.append(f"there are {of_kind[NodeKind.CONTROLLER]} controllers: Slurm takes one")
    if not of_kind[NodeKind.COMPUTE]:
        found.append("no node group trains: add NodeGroup.compute(...)")
    return found
