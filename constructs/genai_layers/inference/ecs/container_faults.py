"""
What can be wrong with a fleet of tasks, beside what can be wrong with any fleet.
"""

from __future__ import annotations

from genai_layers.inference.ecs.managed_instances import ManagedInstances
from genai_layers.inference.engines import ContainerImage, ServingEngine, Vllm
from genai_layers.inference.fast_start import FastStart
from genai_layers.inference.host_image import NEURON_PARAMETER, NVIDIA_ARM_PARAMETER, NVIDIA_X86_PARAMETER, HostImage
from genai_layers.inference.placement import Placement

_WITHOUT_AGENT = (NVIDIA_X86_PARAMETER, NVIDIA_ARM_PARAMETER, NEURON_PARAMETER)


def tools_of(engine: ServingEngine, tools: ContainerImage | None) -> ContainerImage | None:
    """
    Return the image with the tools of a task; None where one has to be given.

    Args:
        engine: What serves.
        tools: The image that was given; None for none.
    """
    if tools is not None:
        return tools
    # vLLM is a Python program that reads S3 itself, so nothing but Python is needed beside it.
    return engine.image if isinstance(engine, Vllm) else None


def container_faults(
    engine: ServingEngine, host: HostImage, tools: ContainerImage | None, fast_start: FastStart | None
) -> list[str]:
    """
    Return everything that is wrong, one sentence each.

    Args:
        engine: What serves.
        host: Image of the machines.
        tools: The image with the tools that was given; None for none.
        fast_start: What is prepared beforehand; None for nothing.
    """
    found = []
    if fast_start is not None and fast_start.warm_machines:
        found.append(
            f"fast_start keeps {fast_start.warm_machines} warm machines, and ECS starts and stops the machines of this "
            "fleet: keep none warm, or use AcceleratorFleet"
        )
    if tools_of(engine, tools) is None:
        found.append(
            f"{engine.name} has no image known to hold python3 and the AWS CLI, with which a task copies weights and "
            "is probed: give one as tools_image, such as ContainerImage.private(repository, '2.31')"
        )
    if tools is not None:
        found += [f"tools_image: {fault}" for fault in tools.faults]
        if tools.architecture != host.architecture:
            found.append(
                f"tools_image is {tools.architecture} and the machine_image is {host.architecture}: "
                "choose another of the two"
            )
    if host.ssm_parameter in _WITHOUT_AGENT:
        found.append(
            f"machine_image is {host.name}, which has no ECS agent: leave it out, or give HostImage.ecs(...) or a "
            "pinned ECS-optimized image"
        )
    return found


def device_faults(placement: Placement, managed: ManagedInstances | None = None) -> list[str]:
    """
    Return why one task definition cannot name the accelerators of all machines.

    Args:
        placement: The machines.
        managed: That they are left to ECS; None: they are not.
    """
    if managed is not None and (found := managed.device_faults(placement)):
        return found
    counts = {type_.name: type_.accelerator_count for type_ in placement.types}
    if len(set(counts.values())) <= 1:
        return []
    listed = ", ".join(f"{name} {count}" for name, count in counts.items())
    return [
        f"instance_types have different numbers of accelerators ({listed}), and every task of a service asks for the "
        "same: name types with one number"
    ]
