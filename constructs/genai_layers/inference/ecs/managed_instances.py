"""
A fleet's choice to leave its machines to ECS.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import aws_sns as sns

from genai_layers.catalog.accelerators import Vendor
from genai_layers.foundation.nag import MINIMUM_REASON, says_why
from genai_layers.inference.capacity import Capacity
from genai_layers.inference.engines import ServingEngine
from genai_layers.inference.fast_start import FastStart
from genai_layers.inference.host_image import HostImage
from genai_layers.inference.placement import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedInstances:
    """
    Machines that ECS picks among the fleet's types, patches, and replaces within three weeks.

    They cost a fee on top of the machine, and give up some of what a fleet does by itself: AWS chooses image and
    driver and the key of the disks, a container has no memory file system and 64 MiB of shared memory, and can gain
    privileges by programs of its image that are set so, though it starts without a capability.

    Attributes:
        reason: Why disks may lie under a key of the account's defaults, and containers run with less of a fence; lands
            in the acknowledgements.

    Example:
        ManagedInstances(reason="weights are public, and nobody here patches machines")
    """

    reason: str

    def faults(
        self,
        engine: ServingEngine,
        *,
        machine_image: HostImage | None,
        capacity: Capacity | None,
        fast_start: FastStart | None,
        has_notifications: bool,
    ) -> tuple[str, ...]:
        """
        Why a fleet cannot leave its machines to ECS.

        Args:
            engine: What serves.
            machine_image: The image that was given; None for none.
            capacity: How machines are bought; None: on demand.
            fast_start: What is prepared beforehand; None: nothing.
            has_notifications: Whether launches are to be told to a topic.
        """
        found = []
        if not says_why(self.reason):
            found.append(
                f"managed_instances has the reason {self.reason!r}: say in {MINIMUM_REASON} characters or more why "
                "their disks may lie under a key of the account's defaults"
            )
        if engine.vendor is not Vendor.NVIDIA:
            found.append(
                f"{engine.name} needs devices that a task on managed instances cannot name: leave managed_instances out"
            )
        for name, given in (("machine_image", machine_image), ("fast_start", fast_start)):
            if given is not None:
                found.append(
                    f"{name} is given, and ECS chooses the image and disks of managed instances: leave one out"
                )
        if has_notifications:
            found.append("notifications are given, and managed instances have no group that tells: leave one out")
        if capacity is not None and capacity.reservations:
            found.append(
                f"capacity names {', '.join(capacity.reservations)}, and managed instances take a group of "
                "reservations and no ids: choose Capacity.on_demand() or Capacity.spot()"
            )
        if capacity is not None and capacity.is_spot and (capacity.on_demand_machines or capacity.on_demand_percent):
            found.append(
                f"capacity keeps {capacity.on_demand_machines} machines and {capacity.on_demand_percent} percent on "
                "demand, and managed instances are of one kind: choose Capacity.spot() or Capacity.on_demand()"
            )
        return tuple(found)

    def device_faults(self, placement: Placement) -> list[str]:
        """
        Return why engines of several accelerators cannot talk among themselves there.

        Args:
            placement: The machines.
        """
        several = [type_.name for type_ in placement.types if type_.accelerator_count > 1]
        if not several:
            return []
        return [
            f"instance_types {', '.join(several)} have several accelerators, which talk through shared memory, and a "
            "task on managed instances has 64 MiB of it: choose types with one, or leave managed_instances out"
        ]


def choice_faults(
    choice: ManagedInstances | None,
    engine: ServingEngine,
    machine_image: HostImage | None,
    capacity: Capacity | None,
    fast_start: FastStart | None,
    notifications: sns.ITopic | None,
) -> tuple[str, ...]:
    """
    Return why a fleet cannot have its machines as it chose, one sentence each.

    Args:
        choice: That they are left to ECS; None: they are not.
        engine: What serves.
        machine_image: The image that was given; None for none.
        capacity: How machines are bought; None: on demand.
        fast_start: What is prepared beforehand; None: nothing.
        notifications: Topic for launches and terminations; None for none.
    """
    if choice is None:
        return ()
    return choice.faults(
        engine,
        machine_image=machine_image,
        capacity=capacity,
        fast_start=fast_start,
        has_notifications=notifications is not None,
    )


def managed_image() -> HostImage:
    """
    Return the image that ECS gives managed instances, a Bottlerocket that nobody can replace.
    """
    # Its driver is not documented; that of Bottlerocket's R580 branch, CUDA 13.0, is our estimate.
    return HostImage(
        name="the image of ECS Managed Instances",
        vendor=Vendor.NVIDIA,
        architecture="x86_64",
        cuda="13.0",
        is_chosen_by_service=True,
    )
