"""
The nodes of a cluster as EKS Auto Mode is told of them: what each is like, and which and how many there may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs import IConstruct

from genai_layers.catalog.accelerators import Vendor
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.host_image import HostImage

POOL_LABEL = "genai-layers/pool"
"""Label of a node, and taint of one with accelerators, by which pods and nodes find each other."""

SYSTEM_POOL = "genai-system"
"""Nodes without accelerators, for what runs beside the engines."""

# KEDA, and the operator of the logging agent: our estimate; on x86_64, for which every image is published.
_SYSTEM_TYPES = ("t3.medium", "t3a.medium", "m7i-flex.large", "m6i.large")
SYSTEM_GIB = 80
"""Size of their volume; Auto Mode takes no less."""
_SYSTEM_MAX_CPU = 8

_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}

# A node without pods costs as much as one with; this is how long it may wait for the next one.
_IDLE_SECONDS = 120
# EKS user guide, "Create a Node Pool": 14 days by default, 21 at most; then the node is drained and replaced.
_EXPIRES = "336h"


def auto_mode_image(vendor: Vendor) -> HostImage:
    """
    Return the image that Auto Mode gives nodes, a Bottlerocket that nobody can replace.

    Args:
        vendor: Whose accelerators its driver drives.
    """
    # bottlerocket-kernel-kit, kmod-6.18-nvidia-r580 of aws-k8s-1.36-nvidia, 2026-07: driver 580.159, CUDA 13.0.
    return HostImage(
        name=f"the image of EKS Auto Mode for {vendor.value}",
        vendor=vendor,
        architecture="x86_64",
        cuda="13.0" if vendor is Vendor.NVIDIA else None,
        is_chosen_by_service=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePlace:
    """
    Where nodes stand, and with what.

    Attributes:
        role_name: Their role.
        subnet_ids: Their subnets.
        security_group_id: Their security group.
        key_arn: Key of their volumes.
        before: What has to stand before the first of them: the role with its policy, and its way into the cluster.
    """

    role_name: str
    subnet_ids: Sequence[str]
    security_group_id: str
    key_arn: str
    before: tuple[IConstruct, ...]

    def node_class(
        self, name: str, *, volume_gib: int, mib_per_second: int = 125, reservations: Sequence[str] = ()
    ) -> dict[str, Any]:
        """
        Return what each node is like.

        Auto Mode itself gives every node session tokens for its metadata with one hop, a read-only system, and no way
        to log in.

        Args:
            name: Its name in the cluster.
            volume_gib: Size of the volume for images and pods.
            mib_per_second: Its throughput. Default: 125, which costs nothing.
            reservations: Capacity reservations that it may use. Default: none.
        """
        spec: dict[str, Any] = {
            "role": self.role_name,
            "subnetSelectorTerms": [{"id": subnet} for subnet in self.subnet_ids],
            "securityGroupSelectorTerms": [{"id": self.security_group_id}],
            "ephemeralStorage": {
                "size": f"{volume_gib}Gi",
                "iops": 3000,
                "throughput": mib_per_second,
                "kmsKeyID": self.key_arn,
            },
        }
        if reservations:
            spec["capacityReservationSelectorTerms"] = [{"id": reservation} for reservation in reservations]
        return {"apiVersion": "eks.amazonaws.com/v1", "kind": "NodeClass", "metadata": {"name": name}, "spec": spec}


def system_pool() -> dict[str, Any]:
    """
    Return the pool of nodes without accelerators.
    """
    return _pool(
        SYSTEM_POOL,
        requirements={
            "node.kubernetes.io/instance-type": _SYSTEM_TYPES,
            "karpenter.sh/capacity-type": ("on-demand",),
            "kubernetes.io/arch": ("amd64",),
        },
        limits={"cpu": str(_SYSTEM_MAX_CPU)},
        disruption={"consolidationPolicy": "WhenEmptyOrUnderutilized", "consolidateAfter": "300s"},
    )


def engine_pool(name: str, decided: FleetPlan, *, max_machines: int, stop_seconds: int) -> dict[str, Any]:
    """
    Return the pool of nodes of one fleet, on which nothing but its engines runs.

    Args:
        name: Its name in the cluster.
        decided: The fleet's decisions.
        max_machines: Most engines; one node more may stand while an update runs.
        stop_seconds: How long a pod may take to end.
    """
    first = decided.placement.first.instance
    return _pool(
        name,
        requirements={
            "node.kubernetes.io/instance-type": [type_.name for type_ in decided.placement.types],
            "karpenter.sh/capacity-type": _capacity_types(decided),
            "kubernetes.io/arch": (_ARCHITECTURES[first.architecture],),
        },
        limits={accelerator_resource(decided): str((max_machines + 1) * first.accelerator_count)},
        # A node with an engine is left alone: moving one costs minutes of a model that is not there.
        disruption={
            "consolidationPolicy": "WhenEmpty",
            "consolidateAfter": f"{_IDLE_SECONDS}s",
            "budgets": [{"nodes": "1"}],
        },
        taints=[{"key": POOL_LABEL, "value": name, "effect": "NoSchedule"}],
        grace=f"{stop_seconds + _IDLE_SECONDS}s",
    )


def accelerator_resource(decided: FleetPlan) -> str:
    """
    Return what Kubernetes calls one accelerator: a GPU, or a Neuron device of two cores or more.

    Args:
        decided: The fleet's decisions.
    """
    return "aws.amazon.com/neuron" if decided.engine.vendor is Vendor.NEURON else "nvidia.com/gpu"


def _capacity_types(decided: FleetPlan) -> tuple[str, ...]:
    capacity = decided.capacity
    if capacity.is_spot:
        return ("spot",)
    if capacity.reservations:
        return ("reserved",) if capacity.only_reserved else ("reserved", "on-demand")
    return ("on-demand",)


def _pool(
    name: str,
    *,
    requirements: Mapping[str, Sequence[str]],
    limits: Mapping[str, str],
    disruption: Mapping[str, Any],
    taints: Sequence[Mapping[str, str]] = (),
    grace: str | None = None,
) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "nodeClassRef": {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": name},
        "requirements": [
            {"key": key, "operator": "In", "values": list(values)} for key, values in requirements.items()
        ],
        "expireAfter": _EXPIRES,
    }
    if taints:
        spec["taints"] = list(taints)
    if grace is not None:
        spec["terminationGracePeriod"] = grace
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": name},
        "spec": {
            "template": {"metadata": {"labels": {POOL_LABEL: name}}, "spec": spec},
            "limits": dict(limits),
            "disruption": dict(disruption),
        },
    }
