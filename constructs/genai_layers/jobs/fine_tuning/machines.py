"""What trains: machine types, how many, for how long, and at which price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_kms as kms

from genai_layers.catalog import instances, ml_instances
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.catalog.ml_instances import MlUse

# SageMaker API, StoppingCondition: 28 days at most.
_LONGEST_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """
    The machines of one job.

    Attributes:
        instance_type: Name in SageMaker, such as `ml.g6e.xlarge`.
        count: How many.
        max_runtime: Longest run; SageMaker ends the job then, and the bill with it.
        volume_gib: Disk of each machine, where it has none of its own.
        spot_wait: Longest run and wait for spare capacity together; None: on demand.
        use: What SageMaker runs them for.

    Example:
        Machines.spot("ml.g6e.xlarge", max_runtime=Duration.hours(6))
    """

    instance_type: str
    count: int
    max_runtime: Duration
    volume_gib: int
    spot_wait: Duration | None = None
    use: MlUse = MlUse.TRAINING

    @classmethod
    def on_demand(cls, instance_type: str, *, max_runtime: Duration, volume_gib: int = 200) -> Machines:
        """One machine, until it is done."""
        return cls(instance_type=instance_type, count=1, max_runtime=max_runtime, volume_gib=volume_gib)

    @classmethod
    def spot(
        cls, instance_type: str, *, max_runtime: Duration, max_wait: Duration | None = None, volume_gib: int = 200
    ) -> Machines:
        """
        One machine of spare capacity, up to 90 percent cheaper, which AWS can take back at any time.

        The job goes on from its checkpoints then, so the trainer must write them to `CHECKPOINT_DIR`.

        Args:
            instance_type: Name in SageMaker.
            max_runtime: Longest run.
            max_wait: Longest run and wait together. Default: twice *max_runtime*.
            volume_gib: Disk, where the machine has none of its own.
        """
        wait = Duration.seconds(2 * max_runtime.to_seconds()) if max_wait is None else max_wait
        return cls(instance_type=instance_type, count=1, max_runtime=max_runtime, volume_gib=volume_gib, spot_wait=wait)

    @classmethod
    def cluster(cls, instance_type: str, count: int, *, max_runtime: Duration, volume_gib: int = 200) -> Machines:
        """Several machines with EFA between them; without it, most of the time is spent on waiting."""
        return cls(instance_type=instance_type, count=count, max_runtime=max_runtime, volume_gib=volume_gib)

    @property
    def vendor(self) -> Vendor | None:
        """Accelerator that they carry; None for CPU."""
        return ml_instances.get(self.instance_type, self.use).vendor

    @property
    def has_own_disks(self) -> bool:
        """Whether they have local disks, which the machine encrypts itself and no KMS key can."""
        return ml_instances.get(self.instance_type, self.use).nvme_gb > 0

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its own values."""
        faults = []
        try:
            ml_instances.get(self.instance_type, self.use)
        except UnknownInstanceTypeError as error:
            faults.append(str(error))
        else:
            faults += self._network_faults()
        if not 60 <= self.max_runtime.to_seconds() <= _LONGEST_DAYS * 86_400:
            faults.append(f"max_runtime is {_minutes(self.max_runtime)} minutes: choose 1 to {_LONGEST_DAYS * 1440}")
        if self.spot_wait is not None and self.spot_wait.to_seconds() < self.max_runtime.to_seconds():
            faults.append(
                f"max_wait is {_minutes(self.spot_wait)} minutes, less than max_runtime, "
                f"{_minutes(self.max_runtime)}: the wait includes the run"
            )
        if not 1 <= self.volume_gib <= 16_384:
            faults.append(f"volume_gib is {self.volume_gib}: choose 1 to 16384")
        return tuple(faults)

    def _network_faults(self) -> list[str]:
        if self.count == 1:
            return []
        if self.count < 1:
            return [f"count is {self.count}: at least 1"]
        name = self.instance_type.removeprefix("ml.")
        twin = instances.every().get(name)
        if twin is not None and twin.efa_interfaces:
            return []
        able = [f"ml.{each.name}" for each in instances.find(vendor=self.vendor, min_efa_interfaces=1)]
        usable = [each for each in able if each in {item.name for item in ml_instances.find(use=self.use)}]
        return [f"instance_type {self.instance_type!r} has no EFA for {self.count} machines: choose one of "
                f"{', '.join(usable[:8])}, or one machine"]  # fmt: skip

    def resources(self, key: kms.IKey) -> dict[str, Any]:
        """
        Return the part of the API call that is about machines.

        Args:
            key: Key for the disks.
        """
        config: dict[str, Any] = {"InstanceType": self.instance_type, "InstanceCount": self.count}
        if not self.has_own_disks:
            config |= {"VolumeSizeInGB": self.volume_gib, "VolumeKmsKeyId": key.key_arn}
        stopping = {"MaxRuntimeInSeconds": int(self.max_runtime.to_seconds())}
        if self.spot_wait is None:
            return {"ResourceConfig": config, "StoppingCondition": stopping, "EnableManagedSpotTraining": False}
        stopping["MaxWaitTimeInSeconds"] = int(self.spot_wait.to_seconds())
        return {"ResourceConfig": config, "StoppingCondition": stopping, "EnableManagedSpotTraining": True}


def _minutes(duration: Duration) -> str:
    return f"{duration.to_seconds() / 60:g}"
