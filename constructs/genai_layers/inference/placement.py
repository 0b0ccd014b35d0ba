"""
Which machines serve a model, and how the model sits on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from genai_layers.catalog import instances, regions, sizing
from genai_layers.catalog.accelerators import Precision
from genai_layers.catalog.errors import CatalogError, RegionError, UnknownInstanceTypeError
from genai_layers.catalog.instances import InstanceType
from genai_layers.catalog.layout import Fit
from genai_layers.catalog.models import ServedModel
from genai_layers.inference.capacity import Capacity
from genai_layers.inference.compatibility import machine_faults
from genai_layers.inference.engines import ServingEngine
from genai_layers.inference.host_image import HostImage

DEFAULT_TYPES = 4
"""Types of a fleet that names none: enough that a shortage of one hardly matters, few enough to know them."""

# Where the catalog has no price for a region, machines are put in the order of this region's prices.
_ORDER_REGION = "us-east-1"


# Opened weights lie in a tmpfs of at most this share, beside what the engine itself needs: our estimate.
_MEMORY_FOR_WEIGHTS = 0.9
_MEMORY_OF_ENGINE_MIB = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """
    The machines of a fleet, in order of preference, all with the same layout.

    Attributes:
        fits: How the model sits on each.
    """

    fits: tuple[Fit, ...]

    @property
    def first(self) -> Fit:
        """The preferred machine."""
        return self.fits[0]

    @property
    def types(self) -> tuple[InstanceType, ...]:
        """The machines."""
        return tuple(fit.instance for fit in self.fits)

    @property
    def smallest(self) -> Fit:
        """The machine that serves the fewest requests at once."""
        return min(self.fits, key=lambda fit: fit.concurrency)

    def without_local_disks(self) -> Placement:
        """Return the same machines for a back end that leaves their local disks empty and copies to the root volume."""
        return Placement(
            fits=tuple(replace(fit, instance=replace(fit.instance, nvme_gb=0, nvme_disks=0)) for fit in self.fits)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementRequest:
    """
    What is to be served, on what.

    Attributes:
        model: The model.
        instance_types: Names of the machines, in order of preference; empty: the cheapest that fit.
        max_model_len: Longest request, prompt and answer together, tokens.
        precision: Format of the weights; None: as published.
        engine: What serves it.
        host: Image of the machines.
        capacity: How they are bought.
        region: Where.
        attestable: Only machines that can boot an attestable image and hold the weights in memory.
    """

    model: ServedModel
    instance_types: Sequence[str]
    max_model_len: int
    precision: Precision | None
    engine: ServingEngine
    host: HostImage
    capacity: Capacity
    region: str
    attestable: bool = False

    def place(self, faults: list[str]) -> Placement | None:
        """
        Return the machines, or None after adding to *faults* everything that stands against them.

        Args:
            faults: Gets one sentence for each thing that is wrong.
        """
        before = len(faults)
        if not self.instance_types:
            fits = self._cheapest()
            if not fits:
                faults.append(
                    f"model {self.model.id!r} fits no {self.host.architecture} machine of the catalog with "
                    f"{self.engine.name} at max_model_len={self.max_model_len} as {self.capacity.usage_class}: lower "
                    f"max_model_len, choose {self._other_precision()} or another engine, or serve it on several "
                    "machines"
                )
                return None
            return Placement(fits=fits)
        duplicates = sorted({name for name in self.instance_types if list(self.instance_types).count(name) > 1})
        if duplicates:
            faults.append(f"instance_types names {', '.join(duplicates)} more than once: name each type once")
        named = [fit for name in dict.fromkeys(self.instance_types) if (fit := self._fit(name, faults)) is not None]
        if len(faults) == before:
            faults += self.capacity.type_faults([fit.instance for fit in named])
            faults += _layout_faults(named)
        return Placement(fits=tuple(named)) if len(faults) == before else None

    def _cheapest(self) -> tuple[Fit, ...]:
        every = [
            fit
            for fit in (self._fit_on(item) for item in instances.find(vendor=self.engine.vendor, bare_metal=False))
            if fit is not None and self._usable(fit)
        ]
        if not every:
            return ()
        best = min(every, key=self._order)
        alike = [fit for fit in every if _layout(fit) == _layout(best)]
        count = 1 if self.capacity.is_block else DEFAULT_TYPES
        return tuple(sorted(alike, key=self._order)[:count])

    def _usable(self, fit: Fit) -> bool:
        machine = fit.instance
        offered = self.region not in regions.every() or regions.zones(self.region, machine.name)
        return bool(
            offered
            and machine.accelerator_fraction == 1
            and not self._faults(fit)
            and not self._attestation_faults(fit)
            and not self.capacity.type_faults([machine])
        )

    def _order(self, fit: Fit) -> tuple[bool, float, str]:
        price = sizing.usd_per_hour(fit.instance, self.region) if _known(self.region) else None
        if price is None:
            price = sizing.usd_per_hour(fit.instance, _ORDER_REGION)
        return (price is None, float(price or 0), fit.instance.name)

    def _fit(self, name: str, faults: list[str]) -> Fit | None:
        try:
            machine = instances.get(name)
        except UnknownInstanceTypeError as error:
            faults.append(f"{error}; with this model and engine {self._suggestion()}")
            return None
        if machine.accelerator.vendor is not self.engine.vendor:
            faults.append(
                f"instance_type {name!r} carries {machine.accelerator.name} and {self.engine.name} needs an "
                f"accelerator of {self.engine.vendor.value}: {self._suggestion()}"
            )
            return None
        try:
            fit = self._lay_out(machine)
        except CatalogError as error:
            faults.append(str(error))
            return None
        found = self._faults(fit)
        found += [f"{fault}: {self._suggestion()}" for fault in self._attestation_faults(fit)]
        faults += found
        return None if found else fit

    def _fit_on(self, machine: InstanceType) -> Fit | None:
        try:
            return self._lay_out(machine)
        except CatalogError:
            return None

    def _lay_out(self, machine: InstanceType) -> Fit:
        degree = self.engine.tensor_parallel(sizing.degrees(self.model, machine))
        return sizing.fit(self.model, machine, self.max_model_len, self.precision, tensor_parallel=degree)

    def _faults(self, fit: Fit) -> list[str]:
        return [*self.engine.faults(fit), *machine_faults(fit.instance, self.engine, self.host)]

    def _attestation_faults(self, fit: Fit) -> list[str]:
        if not self.attestable:
            return []
        machine, found = fit.instance, []
        if not machine.attestable:
            found.append(
                f"instance_type {machine.name!r} cannot boot an attestable image, which needs NitroTPM and UEFI"
            )
        room_mib = machine.memory_mib * _MEMORY_FOR_WEIGHTS - _MEMORY_OF_ENGINE_MIB
        if room_mib < fit.weights_mib:
            found.append(
                f"instance_type {machine.name!r} has {max(0, room_mib) / 1024:.1f} GiB of memory for opened weights "
                f"and model {fit.model.id!r} has {fit.weights_mib / 1024:.1f} GiB"
            )
        return found

    def _other_precision(self) -> str:
        fitting = [each.value for each in Precision if replace(self, precision=each)._cheapest()]
        return f"weights in {' or '.join(fitting)}" if fitting else "a smaller model"

    def _suggestion(self) -> str:
        names = [fit.instance.name for fit in self._cheapest()[:3]]
        return f"choose {' or '.join(names)}" if names else "no type fits both, so use another engine or model"


def _layout(fit: Fit) -> tuple[int, int]:
    return (fit.tensor_parallel, fit.replicas)


def _layout_faults(fits: Sequence[Fit]) -> list[str]:
    if len({_layout(fit) for fit in fits}) <= 1:
        return []
    laid_out = ", ".join(f"{fit.instance.name} {fit.replicas} x {fit.tensor_parallel}" for fit in fits)
    return [
        f"instance_types need different layouts of the model (copies x devices a copy: {laid_out}), but all machines "
        "of a fleet start alike: name types with the same number of devices"
    ]


def _known(region: str) -> bool:
    try:
        regions.partition(region)
    except RegionError:
        return False
    return True
