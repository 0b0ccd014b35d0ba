"""
What a multi-node fleet will be, decided and checked before anything is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from genai_layers.catalog import groups, instances, models, regions, sizing
from genai_layers.catalog.accelerators import Precision
from genai_layers.catalog.errors import CatalogError, UnknownModelError
from genai_layers.catalog.groups import GroupFit
from genai_layers.catalog.models import ServedModel
from genai_layers.inference.capacity import Capacity
from genai_layers.inference.compatibility import image_faults, machine_faults
from genai_layers.inference.engines import Serving
from genai_layers.inference.errors import FleetError
from genai_layers.inference.fast_start import FastStart
from genai_layers.inference.fleet_plan import FleetPlan
from genai_layers.inference.host_image import HostImage
from genai_layers.inference.multi_node.vllm_nodes import VllmNodes
from genai_layers.inference.placement import Placement
from genai_layers.inference.readiness import time_to_ready
from genai_layers.inference.scaling import Scaling
from genai_layers.inference.weights import Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRequest:
    """
    What is to be served by groups of machines.

    Attributes:
        model: The model, or its id.
        instance_type: Name of the machines; None: that of the smallest group that holds the model, of equals the
            cheapest.
        machines: Machines of a group; None: as few as hold the model.
        max_model_len: Longest request, tokens.
        precision: Format of the weights; None: as published.
        engine: What serves it.
        host: Image of the machines.
        capacity: How they are bought.
        region: Where.
        zone_id: Zone of the machines; None: not known, and so not compared with what is on offer.
    """

    model: ServedModel | str
    instance_type: str | None
    machines: int | None
    max_model_len: int
    precision: Precision | None
    engine: VllmNodes
    host: HostImage
    capacity: Capacity
    region: str
    zone_id: str | None

    def decide(self, path: str, weights: Weights, other_faults: Sequence[str]) -> tuple[FleetPlan, GroupFit]:
        """
        Return the fleet's decisions, and how the model sits on one group.

        Args:
            path: Construct path of the fleet, for the message.
            weights: Where the weights lie.
            other_faults: What the caller has found already.

        Raises:
            FleetError: Everything that is wrong.
        """
        if not self.engine.spans_machines:
            raise FleetError(
                path,
                [
                    *other_faults,
                    f"{self.engine.name} serves on one machine: choose VllmNodes(), or serve with an AcceleratorFleet",
                ],
            )
        faults = [*other_faults, *weights.faults, *self.capacity.faults, *self.engine.version_faults]
        faults += image_faults(self.engine, self.host)
        if self.capacity.is_spot:
            faults.append(
                "capacity is spot, and one machine that is taken away stops its whole group: use Capacity.on_demand(), "
                "Capacity.reserved(...) or Capacity.capacity_block(...)"
            )
        group: GroupFit | None = None
        try:
            served = models.get(self.model) if isinstance(self.model, str) else self.model
            group = self._group(served, faults)
        except UnknownModelError as error:
            faults.append(str(error))
        if faults or group is None:
            raise FleetError(path, faults)
        return self._plan(group, weights), group

    def _plan(self, group: GroupFit, weights: Weights) -> FleetPlan:
        return FleetPlan(
            serving=Serving(model_id=group.model.id, weights_uri=weights.uri, fit=group.stages),
            engine=self.engine,
            host=self.host,
            capacity=self.capacity,
            placement=Placement(fits=(group.stages,)),
            scaling=Scaling.default_for(self.engine),
            fast_start=FastStart(),
            ready=time_to_ready(self.engine, group.stages),
            ready_from_warm=None,
        )

    def _group(self, served: ServedModel, faults: list[str]) -> GroupFit | None:
        if self.instance_type is None:
            fitting = self._cheapest(served)
            if not fitting:
                faults.append(
                    f"model {served.id!r} fits no group of up to {groups.MOST_MACHINES} machines with "
                    f"{self.engine.name} at max_model_len={self.max_model_len} as {self.capacity.usage_class}: lower "
                    "max_model_len, or choose a smaller precision"
                )
            return fitting[0] if fitting else None
        try:
            machine = instances.get(self.instance_type)
            if machine.accelerator.vendor is not self.engine.vendor:
                faults.append(
                    f"instance_type {machine.name!r} carries {machine.accelerator.name}, and {self.engine.name} needs "
                    f"an accelerator of {self.engine.vendor.value}: {self._suggestion(served)}"
                )
                return None
            group = groups.fit(served, machine, self.max_model_len, self.precision, machines=self.machines)
        except CatalogError as error:
            faults.append(str(error))
            return None
        faults += self._faults(group)
        faults += [f"{fault}; {self._suggestion(served)}" for fault in self._zone_faults(group)]
        if self.machines is None and _fits_alone(group):
            faults.append(
                f"model {served.id!r} fits one {machine.name!r} at max_model_len={self.max_model_len}: serve it with "
                "AcceleratorFleet, which needs no other machine, or say with machines= that several should share it"
            )
        return group

    def _cheapest(self, served: ServedModel) -> list[GroupFit]:
        found = groups.candidates(served, max_model_len=self.max_model_len, precision=self.precision)
        if self.machines is not None:
            found = tuple(
                groups.lay_out(served, each.instance, self.machines, self.max_model_len, each.stages.precision)
                for each in found
                if each.machines <= self.machines <= groups.MOST_MACHINES
            )
        usable = [
            each
            for each in found
            if each.instance.accelerator_count > 1
            and not self._faults(each)
            and self._offered(each)
            and not self._zone_faults(each)
            and (self.machines is not None or not _fits_alone(each))
        ]
        return sorted(usable, key=self._order)

    def _order(self, group: GroupFit) -> tuple[int, bool, float, str]:
        # Few machines before cheap ones: each of them is one more whose loss stops the group.
        price = sizing.usd_per_hour(group.instance, self.region)
        if price is None:
            price = sizing.usd_per_hour(group.instance, "us-east-1")
        return (group.machines, price is None, float(price or 0), group.instance.name)

    def _faults(self, group: GroupFit) -> list[str]:
        return [
            *self.engine.faults(group.stages),
            *machine_faults(group.instance, self.engine, self.host),
            *self.capacity.type_faults([group.instance]),
        ]

    def _offered(self, group: GroupFit) -> bool:
        return self.region not in regions.every() or bool(regions.zones(self.region, group.instance.name))

    def _zone_faults(self, group: GroupFit) -> list[str]:
        if self.zone_id is None or self.region not in regions.every():
            return []
        offered = regions.zones(self.region, group.instance.name)
        if self.zone_id in offered:
            return []
        where = f"only in {', '.join(offered)}" if offered else f"nor in any other of {self.region}"
        return [f"instance_type {group.instance.name!r} is not offered in zone {self.zone_id}, {where}"]

    def _suggestion(self, served: ServedModel) -> str:
        names = [group.instance.name for group in self._cheapest(served)[:3]]
        return f"choose {' or '.join(names)}" if names else "no type fits all of this, so use another zone or model"


def _fits_alone(group: GroupFit) -> bool:
    stages = group.stages
    try:
        sizing.fit(group.model, group.instance, stages.max_model_len, stages.precision)
    except CatalogError:
        return False
    return True
