"""What one copy of a model takes of a machine, and whether there is room."""

from collections.abc import Sequence

from aws_cdk import Duration

from genai_layers.catalog.ml_instances import MlInstanceType
from genai_layers.platform.sagemaker.copies import Copies
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.instances import Instances

_SHARE_OF_MEMORY = 0.75
_MIB_STEP = 1024
_TIMEOUT_SECONDS = (60, 3600)


def component_faults(
    model: HostedModel,
    machines: Sequence[MlInstanceType],
    instances: Instances,
    copies: Copies,
    memory_mib: int | None,
    timeout: Duration,
) -> list[str]:
    """
    Return why the copies cannot be placed, apart from what their container says.

    Args:
        model: What is served.
        machines: Machines of the endpoint.
        instances: How many of them.
        copies: How many copies.
        memory_mib: Memory that a copy is guaranteed, MiB; None for the default.
        timeout: Longest load, and longest start.
    """
    least, most = _TIMEOUT_SECONDS
    found = []
    if not least <= timeout.to_seconds() <= most:
        found.append(f"startup_timeout is {timeout.to_seconds():g} seconds: choose {least} to {most}")
    found += [
        f"model {model.name!r} is guaranteed {memory_mib} MiB a copy and {machine.name} has {machine.memory_mib}: "
        "choose less memory, or a larger type"
        for machine in machines
        if memory_mib is not None and memory_mib >= machine.memory_mib
    ]
    for machine in machines:
        devices = model.on(machine).accelerators
        room = instances.maximum * (machine.accelerator_count // devices) if devices else copies.maximum
        if 0 < room < copies.maximum:
            found.append(
                f"model {model.name!r} has up to {copies.maximum} copies and {instances.maximum} x {machine.name} hold "
                f"{room}: choose fewer copies or more instances"
            )
    if copies.reaches_zero and instances.minimum:
        found.append(
            f"copies go down to 0 and machines only to {instances.minimum}, which cost all the same: use "
            "Instances.scale_to_zero(reason=...), or keep a copy"
        )
    return found


def component_resources(
    model: HostedModel, machine: MlInstanceType, memory_mib: int | None, cpu_cores: float | None
) -> dict[str, object]:
    """
    Return what one copy is guaranteed on *machine*, as CloudFormation wants it.

    Args:
        model: What is served.
        machine: The machine.
        memory_mib: Memory, MiB; None for three quarters of its share of the machine.
        cpu_cores: Processors; None for half of the machine on CPU, and no guarantee on accelerators.
    """
    devices = model.on(machine).accelerators
    share = devices / machine.accelerator_count if machine.accelerator_count else 0.5
    # The rest is what the machine itself and the loading of the files take.
    memory = memory_mib or int(machine.memory_mib * share * _SHARE_OF_MEMORY) // _MIB_STEP * _MIB_STEP or _MIB_STEP
    found: dict[str, object] = {"minMemoryRequiredInMb": memory}
    if devices:
        found["numberOfAcceleratorDevicesRequired"] = devices
    if cpu_cores is not None or not devices:
        found["numberOfCpuCoresRequired"] = cpu_cores or machine.vcpus / 2
    return found
