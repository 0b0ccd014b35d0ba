"""
How the machines of a fleet are bought, and in which order what is short is replaced by what is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Token
from aws_cdk import aws_autoscaling as autoscaling

from genai_layers.catalog.instances import InstanceType

_RESERVATION_ID = re.compile(r"cr-[0-9a-f]{8,17}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """
    A way to buy machines; make one with the class methods.

    Whatever the way, every type of the fleet in every zone of its subnets is tried, so that a shortage of one type
    or in one zone never blocks the rest.

    Attributes:
        usage_class: `on-demand`, `spot` or `capacity-block`: what a type must offer.
        on_demand_machines: Machines that are never spot.
        on_demand_percent: Share of the machines beyond those that are not spot, percent.
        reservations: Capacity reservations by id.
        only_reserved: Without a place in a reservation, no machine.
    """

    usage_class: str
    on_demand_machines: int = 0
    on_demand_percent: int = 100
    reservations: tuple[str, ...] = ()
    only_reserved: bool = False

    @classmethod
    def on_demand(cls) -> Capacity:
        """
        Machines by the second, in the order of the fleet's types; open reservations of the account are used up first.
        """
        return cls(usage_class="on-demand")

    @classmethod
    def spot(cls, *, on_demand_machines: int = 0, on_demand_percent: int = 0) -> Capacity:
        """
        Spare machines, cheaper, which AWS takes back with two minutes' notice.

        A machine that is about to go takes no more requests; those that are running have two minutes to end.
        The pools with the most spare machines at the lowest price are taken first.

        Args:
            on_demand_machines: Machines that are never spot. Default: 0; with none, the model can be gone for a while.
            on_demand_percent: Share of the machines beyond those that are not spot, percent, 0 to 99. Default: 0.
        """
        return cls(usage_class="spot", on_demand_machines=on_demand_machines, on_demand_percent=on_demand_percent)

    @classmethod
    def reserved(cls, *reservations: str, only: bool = False) -> Capacity:
        """
        On-Demand Capacity Reservations first, machines by the second after that.

        Args:
            *reservations: Their ids, `cr-...`.
            only: Whether no machine is better than one outside the reservations. Default: no.
        """
        return cls(usage_class="on-demand", reservations=reservations, only_reserved=only)

    @classmethod
    def capacity_block(cls, reservation: str) -> Capacity:
        """
        A Capacity Block that was bought for a time: one type, one zone, and nothing else when it ends.

        Args:
            reservation: Its id, `cr-...`.
        """
        return cls(usage_class="capacity-block", reservations=(reservation,), only_reserved=True)

    @property
    def is_spot(self) -> bool:
        """Machines may be taken away."""
        return self.usage_class == "spot"

    @property
    def is_block(self) -> bool:
        """The machines belong to a Capacity Block."""
        return self.usage_class == "capacity-block"

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        found = [
            f"capacity names reservation {name!r}: give an id of the form cr-0123456789abcdef0"
            for name in self.reservations
            if not Token.is_unresolved(name) and not _RESERVATION_ID.fullmatch(name)
        ]
        if self.usage_class == "on-demand" and self.only_reserved and not self.reservations:
            found.append("capacity may only use reservations and names none: name them, or leave only=True out")
        if self.on_demand_machines < 0:
            found.append(f"capacity keeps {self.on_demand_machines} machines on demand: choose 0 or more")
        if self.is_spot and not 0 <= self.on_demand_percent <= 99:
            found.append(
                f"capacity has on_demand_percent={self.on_demand_percent}: choose 0 to 99, or Capacity.on_demand()"
            )
        return tuple(found)

    def type_faults(self, types: Sequence[InstanceType]) -> tuple[str, ...]:
        """
        Why *types* cannot be had in this way.

        Args:
            types: Every type of the fleet.
        """
        found = []
        for type_ in types:
            if self.usage_class not in type_.usage_classes:
                found.append(
                    f"instance_type {type_.name!r} is not offered as {self.usage_class}, only as "
                    f"{', '.join(type_.usage_classes)}: choose another type or another capacity"
                )
        if self.is_block and len(types) > 1:
            found.append(
                f"a capacity block holds one instance_type and the fleet has {len(types)}: "
                f"name only the one that was bought, out of {', '.join(type_.name for type_ in types)}"
            )
        return tuple(found)

    def distribution(self) -> autoscaling.InstancesDistribution:
        """
        Return the order in which types and ways are tried.
        """
        return autoscaling.InstancesDistribution(
            on_demand_allocation_strategy=autoscaling.OnDemandAllocationStrategy.PRIORITIZED,
            on_demand_base_capacity=self.on_demand_machines,
            on_demand_percentage_above_base_capacity=self.on_demand_percent,
            spot_allocation_strategy=autoscaling.SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED
            if self.is_spot
            else None,
        )

    def group_reservations(self) -> Mapping[str, object] | None:
        """
        Return what the Auto Scaling group is told of the reservations; None when there are none.
        """
        if not self.reservations or self.is_block:
            return None
        return {
            "CapacityReservationPreference": (
                "capacity-reservations-only" if self.only_reserved else "capacity-reservations-first"
            ),
            "CapacityReservationTarget": {"CapacityReservationIds": list(self.reservations)},
        }

    def launch_overrides(self) -> Mapping[str, object]:
        """
        Return what a Capacity Block needs in the launch template, by property path.
        """
        if not self.is_block:
            return {}
        return {
            "LaunchTemplateData.InstanceMarketOptions": {"MarketType": "capacity-block"},
            "LaunchTemplateData.CapacityReservationSpecification": {
                "CapacityReservationTarget": {"CapacityReservationId": self.reservations[0]}
            },
        }
