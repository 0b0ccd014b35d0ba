"""
What shortens the start of a machine: what it needs is prepared beforehand and lies on a snapshot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_cdk import Duration, Size, Token

from genai_layers.inference.capacity import Capacity
from genai_layers.inference.host_image import HostImage

DATA_DEVICE = "/dev/sdf"
"""EC2 user guide, "Device names for volumes": the first of the names recommended for data volumes."""

DATA_LABEL = "genai-data"
"""Label of the file system on a data snapshot; a machine finds it by that, since NVMe names do not last."""

DATA_DIRECTORY = "/var/lib/genai"
"""Where it is mounted: the folder in which a machine keeps `weights` and `cache`."""

_SNAPSHOT_ID = re.compile(r"snap-[0-9a-f]{8,17}")
# EC2 API, EbsBlockDevice: valid range of VolumeInitializationRate, MiB a second.
_SLOWEST_RATE, _FASTEST_RATE = 100, 300
# EBS user guide: the largest gp3 volume was 16 TiB when every machine of the catalog was new; none needs more here.
_LARGEST_GIB = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class FastStart:
    """
    What is prepared beforehand for every machine of a fleet.

    Attributes:
        data_snapshot: Id of an EBS snapshot, or a token such as the value of an SSM parameter. It holds one file
            system with the label `DATA_LABEL` and in it the folders `weights` and `cache`, as a machine of the fleet
            leaves them, and is encrypted under the fleet's *key*: a volume has the key of its snapshot. Default: none.
        data_size: Size of the volume that is made of it; required with it.
        warm_up: How long the engine took from weights in memory to its first answer with a cache that it had filled,
            measured by you: that of the snapshot, or that of a warm machine without local disks. Default: as long as
            with an empty cache.
        image_on_machine: The machine image holds the engine's container image, so that no machine pulls it. It needs
            a pinned `machine_image`; a machine that finds none in it pulls after all. Default: no.
        initialization_rate: How much a second EBS brings from the snapshots to each machine's volumes, 100 to 300
            MiB; paid for each GiB at each launch. Default: what EBS gives, which nobody promises.
        warm_machines: How many machines are kept stopped that were ready once; each costs its volumes. It needs a way
            to the Auto Scaling API. Default: 0.

    Example:
        FastStart(data_snapshot="snap-0123456789abcdef0", data_size=Size.gibibytes(60), warm_up=Duration.minutes(2),
                  initialization_rate=Size.mebibytes(300))
    """

    data_snapshot: str | None = None
    data_size: Size | None = None
    warm_up: Duration | None = None
    image_on_machine: bool = False
    initialization_rate: Size | None = None
    warm_machines: int = 0

    @property
    def rate_mib_per_second(self) -> int:
        """What a first read of a block may be counted on, MiB a second: the slowest rate where none is given."""
        if self.initialization_rate is None:
            # EBS user guide, "Initialize Amazon EBS volumes": the rate fluctuates; so no more than the slowest promise.
            return _SLOWEST_RATE
        return int(self.initialization_rate.to_mebibytes())

    def faults(self, host: HostImage, capacity: Capacity) -> tuple[str, ...]:
        """
        Say what is wrong with its own values, with the image of the machines and with how they are bought.

        Args:
            host: Image of the machines.
            capacity: How they are bought.
        """
        return (
            *self._data_faults(),
            *self._rate_faults(),
            *self._image_faults(host),
            *self._warm_faults(capacity),
        )

    def _warm_faults(self, capacity: Capacity) -> list[str]:
        if self.warm_machines < 0:
            return [f"fast_start keeps {self.warm_machines} warm machines: choose 0 or more"]
        if self.warm_machines and capacity.usage_class != "on-demand":
            # Auto Scaling API, PutWarmPool: not where Spot Instances are asked for. A block has no machines to spare.
            return [
                f"fast_start keeps {self.warm_machines} warm machines and capacity is {capacity.usage_class}, of which "
                "none can be stopped and kept: buy with Capacity.on_demand() or .reserved(...), or keep none warm"
            ]
        return []

    def _data_faults(self) -> list[str]:
        found = []
        snapshot = self.data_snapshot
        if snapshot is not None and not Token.is_unresolved(snapshot) and not _SNAPSHOT_ID.fullmatch(snapshot):
            found.append(f"fast_start has data_snapshot={snapshot!r}: give an id of the form snap-0123456789abcdef0")
        if snapshot is not None and self.data_size is None:
            found.append("fast_start has a data_snapshot and no data_size: say how large the volume made of it is")
        if self.data_size is not None and snapshot is None:
            found.append("fast_start has data_size and no data_snapshot: name the snapshot, or leave data_size out")
        if self.warm_up is not None and snapshot is None and not self.warm_machines:
            found.append(
                "fast_start has warm_up, and neither data_snapshot nor warm_machines, so that every cache is empty: "
                "give one of them, or leave warm_up out"
            )
        if self.data_size is not None and not 1 <= self.data_size.to_gibibytes() <= _LARGEST_GIB:
            found.append(
                f"fast_start has a data_size of {self.data_size.to_gibibytes():g} GiB: choose 1 to {_LARGEST_GIB} GiB"
            )
        return found

    def _rate_faults(self) -> list[str]:
        if self.initialization_rate is None:
            return []
        rate = self.rate_mib_per_second
        found = []
        if not _SLOWEST_RATE <= rate <= _FASTEST_RATE:
            found.append(
                f"fast_start has an initialization_rate of {rate} MiB a second: "
                f"choose {_SLOWEST_RATE} to {_FASTEST_RATE}, or leave it out"
            )
        if self.data_snapshot is None and not self.image_on_machine:
            found.append(
                "fast_start has an initialization_rate, and neither weights nor image come from a snapshot: an empty "
                "volume has nothing to initialize; give data_snapshot or image_on_machine, or leave it out"
            )
        return found

    def _image_faults(self, host: HostImage) -> list[str]:
        if not self.image_on_machine or host.ssm_parameter is None:
            return []
        return [
            f"fast_start says that the machine image holds the engine's image, but machine_image follows "
            f"{host.ssm_parameter!r}, which holds none: give HostImage.pinned(...) with an image of yours"
        ]
