"""
How long a machine takes from its launch to its first answer, and what takes the most of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aws_cdk import Duration

from genai_layers.catalog.instances import InstanceType
from genai_layers.catalog.layout import Fit
from genai_layers.inference.engines import ServingEngine, WeightsPath
from genai_layers.inference.fast_start import FastStart

ROOT_VOLUME_MIB_PER_SECOND = 500
"""Throughput that the root volume is given; gp3 has 125 for nothing and 2,000 at most."""

# Launch, kernel, driver and cloud-init of a deep learning AMI: our estimate.
_BOOT_SECONDS = 120
# The same machine again after a stop: our estimate.
_RESTART_SECONDS = 60
# `docker pull` decompresses each layer on one core: our estimate, 10^6 bytes of compressed layers a second.
_PULL_MB_PER_SECOND = 100
# Share of the network's peak that reads from S3 keep up: our estimate.
_NETWORK_SHARE = 0.4
# One instance store disk, read or written in sequence, MiB a second: our estimate.
_NVME_MIB_PER_SECOND = 1000
# How much larger an image is on disk than its compressed layers, and the share that an engine reads: our estimates.
_UNPACKED_BY_COMPRESSED = 2.5
_SHARE_READ = 1 / 3
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
        assumptions: What each part was reckoned from, one sentence each.
    """

    boot_seconds: int
    image_seconds: int
    weights_seconds: int
    warm_up_seconds: int
    assumptions: tuple[str, ...] = ()

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


def time_to_ready(engine: ServingEngine, fit: Fit, fast_start: FastStart | None = None) -> TimeToReady:
    """
    Estimate a start of *engine* on the machine of *fit*.

    Args:
        engine: What is started.
        fit: The model and the machine.
        fast_start: What is prepared beforehand. Default: nothing.
    """
    prepared = fast_start if fast_start is not None else FastStart()
    image, of_image = _image(engine, prepared)
    weights, of_weights = _weights(engine, fit, prepared)
    measured = prepared.warm_up if prepared.data_snapshot is not None else None
    return TimeToReady(
        boot_seconds=_BOOT_SECONDS,
        image_seconds=image,
        weights_seconds=weights,
        warm_up_seconds=_warm_up(engine, measured),
        assumptions=(
            "boot: launch, kernel, driver and cloud-init of a deep learning image, our estimate",
            of_image,
            of_weights,
            _of_warm_up(measured),
        ),
    )


def warm_start(engine: ServingEngine, fit: Fit, prepared: FastStart) -> TimeToReady:
    """
    Estimate the start of a machine that was ready once and is stopped.

    Args:
        engine: What is started.
        fit: The model and the machine.
        prepared: What is prepared beforehand.
    """
    cold = time_to_ready(engine, fit, prepared)
    disk = _ebs_mib_per_second(fit.instance)
    weights, of_weights = cold.weights_seconds, cold.assumptions[2]
    measured = prepared.warm_up if _keeps_cache(fit, prepared) else None
    if engine.weights is WeightsPath.COPIED and _keeps_cache(fit, prepared):
        weights, of_weights = math.ceil(fit.weights_mib / disk), "weights: read once from a volume that has them"
    elif engine.weights is WeightsPath.COPIED:
        of_weights += ", since local disks are empty after a stop"
    return TimeToReady(
        boot_seconds=_RESTART_SECONDS,
        image_seconds=min(cold.image_seconds, math.ceil(_read_mib(engine) / disk)),
        weights_seconds=weights,
        warm_up_seconds=_warm_up(engine, measured),
        assumptions=(
            "boot: kernel and driver, without cloud-init, our estimate",
            f"image: a third of the unpacked layers, our estimate, read at {disk:.0f} MiB a second",
            of_weights,
            _of_warm_up(measured),
        ),
    )


def slower_starts(engine: ServingEngine, fits: Sequence[Fit], prepared: FastStart) -> list[str]:
    """
    Return where *prepared* is no gain for *engine*, one sentence each: what is paid for has to shorten a start.

    Args:
        engine: What is started.
        fits: The model on each machine.
        prepared: What is prepared beforehand.
    """
    found = []
    without = replace(prepared, data_snapshot=None, data_size=None, warm_up=None)
    for fit in fits:
        machine = fit.instance.name
        before, after = (time_to_ready(engine, fit, given).total_seconds for given in (without, prepared))
        if prepared.data_snapshot is not None and after >= before:
            found.append(
                f"fast_start: with the data_snapshot a start takes {after} seconds on {machine!r}, and without it "
                f"{before}: raise initialization_rate ({prepared.rate_mib_per_second} MiB is reckoned with, 300 at "
                "most), say in warm_up how long the engine takes with its graphs, or leave data_snapshot out"
            )
        elif prepared.warm_up is not None and not _keeps_cache(fit, prepared):
            found.append(
                f"fast_start has warm_up, and the cache of {machine!r} is on local disks, which are empty after a "
                "stop: leave warm_up out, or give a data_snapshot"
            )
        elif prepared.warm_machines and warm_start(engine, fit, prepared).total_seconds >= after:
            found.append(
                f"fast_start: with warm_up a warm machine {machine!r} starts no faster than a new one ({after} "
                f"seconds): give less than the {engine.warm_up_seconds} seconds that an empty cache takes, or leave "
                "warm_up out"
            )
    return found


def _keeps_cache(fit: Fit, prepared: FastStart) -> bool:
    return prepared.data_snapshot is not None or not fit.instance.nvme_disks


def _warm_up(engine: ServingEngine, measured: Duration | None) -> int:
    return engine.warm_up_seconds if measured is None else math.ceil(measured.to_seconds())


def _of_warm_up(measured: Duration | None) -> str:
    return f"warm-up: {'as the engine states it' if measured is None else 'with a filled cache, as measured'}"


def _image(engine: ServingEngine, prepared: FastStart) -> tuple[int, str]:
    compressed_mb = engine.image_gb * 1000
    if not prepared.image_on_machine:
        seconds = math.ceil(compressed_mb / _PULL_MB_PER_SECOND)
        return seconds, f"image: {engine.image_gb:g} GB pulled at {_PULL_MB_PER_SECOND} MB a second, our estimate"
    return (
        math.ceil(_read_mib(engine) / prepared.rate_mib_per_second),
        f"image: a third of the unpacked layers, our estimate, read {_rate_words(prepared)}",
    )


def _read_mib(engine: ServingEngine) -> float:
    return engine.image_gb * 1e9 / 1024**2 * _UNPACKED_BY_COMPRESSED * _SHARE_READ


def _ebs_mib_per_second(machine: InstanceType) -> float:
    return min(ROOT_VOLUME_MIB_PER_SECOND, machine.ebs_mbps / 8)


def _weights(engine: ServingEngine, fit: Fit, prepared: FastStart) -> tuple[int, str]:
    if engine.weights is WeightsPath.COPIED and prepared.data_snapshot is not None:
        speed = min(prepared.rate_mib_per_second, _ebs_mib_per_second(fit.instance))
        return math.ceil(fit.weights_mib / speed), f"weights: read once, {_rate_words(prepared)}"
    seconds = math.ceil(fit.weights_mib / _weights_mib_per_second(engine.weights, fit.instance))
    if engine.weights is WeightsPath.STREAMED:
        return seconds, f"weights: from S3 at {_NETWORK_SHARE:.0%} of the network's peak, our estimate"
    disk = "local disks" if fit.instance.nvme_disks else "the root volume"
    return seconds, f"weights: from S3 to {disk} and from there, at {_NETWORK_SHARE:.0%} of the network's peak at most"


def _rate_words(prepared: FastStart) -> str:
    why = (
        "which is paid for" if prepared.initialization_rate is not None else "the least of what EBS sells as a promise"
    )
    return f"from a snapshot at {prepared.rate_mib_per_second} MiB a second, {why}"


def _weights_mib_per_second(path: WeightsPath, machine: InstanceType) -> float:
    network = machine.network_gbps * _NETWORK_SHARE * 1e9 / 8 / (1024 * 1024)
    if path is WeightsPath.STREAMED:
        return network
    disk = machine.nvme_disks * _NVME_MIB_PER_SECOND or _ebs_mib_per_second(machine)
    # Copied first, read afterwards: the times add up.
    return 1 / (1 / min(network, disk) + 1 / disk)
