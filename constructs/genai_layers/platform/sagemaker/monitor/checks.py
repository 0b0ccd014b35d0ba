"""What SageMaker would refuse of a monitor, said before it is asked."""

from aws_cdk import Duration

from genai_layers.catalog import ml_instances
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.catalog.ml_instances import MlUse
from genai_layers.platform.sagemaker.monitor.drift import Drift
from genai_layers.platform.sagemaker.monitor.errors import MonitorError

# API reference, MonitoringStoppingCondition: an hourly run must end before the next begins.
_SHORTEST_SECONDS, _LONGEST_SECONDS = 60, 3_600


def check(
    drift: Drift, *, prefix: str, instance_type: str, runtime: Duration, captures: bool, has_region: bool
) -> None:
    """
    Refuse what cannot be watched.

    Args:
        drift: What is watched for.
        prefix: Folder of the bucket.
        instance_type: Machine of a run.
        runtime: Longest run.
        captures: The endpoint keeps a sample of requests and answers.
        has_region: The stack has a region.

    Raises:
        MonitorError: Names every fault.
    """
    faults = drift.faults()
    if not captures:
        faults.append("endpoint keeps no requests and answers: give it capture=DataCapture(...)")
    if not has_region:
        faults.append(
            "the stack has no region, and the registry of the monitor differs by it: give the stack "
            "env=Environment(region=...)"
        )
    if not prefix or prefix.strip("/") != prefix:
        faults.append(f"prefix is {prefix!r}: name a folder without a slash at either end")
    if not _SHORTEST_SECONDS <= runtime.to_seconds() <= _LONGEST_SECONDS:
        faults.append(
            f"max_runtime is {runtime.to_seconds():g} seconds: choose {_SHORTEST_SECONDS} to {_LONGEST_SECONDS}"
        )
    try:
        machine = ml_instances.get(instance_type, MlUse.PROCESSING)
    except UnknownInstanceTypeError as error:
        faults.append(str(error))
    else:
        if machine.nvme_gb:
            faults.append(
                f"instance_type {instance_type!r} has disks of its own, which take no key: choose one without, such as "
                "'ml.m5.xlarge'"
            )
    if faults:
        raise MonitorError(faults)
