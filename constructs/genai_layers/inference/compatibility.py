"""
Whether image, driver, machine image and machine belong together.
"""

from __future__ import annotations

from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.instances import InstanceType
from genai_layers.inference.engines import ServingEngine
from genai_layers.inference.host_image import HostImage


def image_faults(engine: ServingEngine, host: HostImage) -> list[str]:
    """
    Return why *engine* cannot run on *host*, whatever the machine.

    Args:
        engine: What runs.
        host: Image of the machine.
    """
    image = engine.image
    found = [*host.faults, *image.faults]
    for what, vendor in (("machine_image", host.vendor), ("image", image.vendor)):
        if vendor is not engine.vendor:
            found.append(
                f"{engine.name} runs on accelerators of {engine.vendor.value} and the {what} is made for "
                f"{vendor.value if vendor is not None else 'none'}: choose another {what}"
            )
    if image.architecture != host.architecture:
        found.append(
            f"the image is {image.architecture} and the machine_image is {host.architecture}: choose another of the two"
        )
    if engine.vendor is Vendor.NVIDIA and image.cuda and host.cuda and _version(image.cuda) > _version(host.cuda):
        found.append(
            f"the image is built for CUDA {image.cuda} and the driver of {host.name} runs {host.cuda} at most: "
            "choose a newer machine_image, or an image of an older CUDA"
        )
    return found


def machine_faults(machine: InstanceType, engine: ServingEngine, host: HostImage) -> list[str]:
    """
    Return why *machine* cannot run *engine* on *host*, whatever the model.

    Args:
        machine: The machine.
        engine: What runs.
        host: Image of the machine.
    """
    image = engine.image
    found = [
        f"instance_type {machine.name!r} is {machine.architecture} and the {what} is {architecture}: "
        f"choose an {architecture} type, or another {what}"
        for what, architecture in (("image", image.architecture), ("machine_image", host.architecture))
        if architecture != machine.architecture
    ]
    capability, oldest = machine.accelerator.compute_capability, image.min_compute_capability
    if oldest is not None and capability is not None and float(capability) < float(oldest):
        found.append(
            f"instance_type {machine.name!r} has compute capability {capability} and the image's CUDA {image.cuda} "
            f"needs {oldest}: choose a newer type, or an image of an older CUDA"
        )
    return found


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
