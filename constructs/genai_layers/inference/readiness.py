"""
How long a machine takes from its launch to its first answer, and what takes the most of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from genai_layers.catalog.instances import InstanceType
from genai_layers.catalog.layout import Fit
from genai_layers.inference.engines import ServingEngine, WeightsPath

ROOT_VOLUME_MIB_PER_SECOND = 500
"""Throughput that the root volume is given; gp3 has 125 for nothing and 2,000 at most."""

# Launch, kernel, driver and cloud-init of a deep learning AMI: our estimate.
_BOOT_SECONDS = 120
# `docker pull` decompresses each layer on one core: our estimate, 10^6 bytes of compressed layers a second.
_PULL_MB_PER_SECOND = 100
# Share of the network's peak that reads from S3 keep up: our estimate.
_NETWORK_SHARE = 0.4
# One instance store disk, read or written in sequence, MiB a second: our estimate.
_NVME_MIB_PER_SECOND = 1000
# Twice the expected time before the group gives a machine up.
_PATIENCE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToReady:
    """
    What a start is made of, in seconds; an estimate for sizing timeouts, not a measurement.

    Attributes:
        boot_seconds: From launch to the first script.
        image_seconds: Pulling the container.
        weights_seconds: Bringing the weights from S3 into the accelerator.
        warm_up_seconds: Compiling and capturing graphs.
    """

    boot_seconds: int
    image_seconds: int
    weights_seconds: int
    warm_up_seconds: int

    @property
    def total_seconds(self) -> int:
        """From launch to the first answer."""
        return self.boot_seconds + self.image_seconds + self.weights_seconds + self.warm_up_seconds

    @property
    def dominated_by(self) -> str:
        """The part that takes the longest: `boot`, `image`, `weights` or `warm_up`."""
        parts = {
            "boot": self.boot_seconds,
            "image": self.image_seconds,
            "weights": self.weights_seconds,
            "warm_up": self.warm_up_seconds,
        }
        return max(parts, key=lambda name: parts[name])

    @property
    def grace_seconds(self) -> int:
        """How long a machine may take before it is given up: twice the expected time, in whole minutes."""
        return math.ceil(_PATIENCE * self.total_seconds / 60) * 60


def time_to_ready(engine: ServingEngine, fit: Fit) -> TimeToReady:
    """
    Estimate a start of *engine* on the machine of *fit*.

    Args:
        engine: What is started.
        fit: The model and the machine.
    """
    return TimeToReady(
        boot_seconds=_BOOT_SECONDS,
        image_seconds=math.ceil(engine.image_gb * 1000 / _PULL_MB_PER_SECOND),
        weights_seconds=math.ceil(fit.weights_mib / _weights_mib_per_second(engine.weights, fit.instance)),
        warm_up_seconds=engine.warm_up_seconds,
    )


def _weights_mib_per_second(path: WeightsPath, machine: InstanceType) -> float:
    network = machine.network_gbps * _NETWORK_SHARE * 1e9 / 8 / (1024 * 1024)
    if path is WeightsPath.STREAMED:
        return network
    disk = machine.nvme_disks * _NVME_MIB_PER_SECOND or min(ROOT_VOLUME_MIB_PER_SECOND, machine.ebs_mbps / 8)
    # Copied first, read afterwards: the times add up.
    return 1 / (1 / min(network, disk) + 1 / disk)
