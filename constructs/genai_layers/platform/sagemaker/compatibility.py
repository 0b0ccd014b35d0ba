"""Whether container, driver and machine belong together."""

from collections.abc import Sequence

from genai_layers.catalog import ml_instances
from genai_layers.catalog.accelerators import Vendor
from genai_layers.catalog.errors import UnknownInstanceTypeError
from genai_layers.catalog.ml_instances import HostImage, MlInstanceType
from genai_layers.catalog.tables import listed
from genai_layers.platform.sagemaker.hosted_model import HostedModel
from genai_layers.platform.sagemaker.hosting_image import HostingImage

# CUDA release notes: the first version that knows a GPU generation. Older containers have no code for it.
_FIRST_CUDA = {
    "8.0": "11.0",
    "8.6": "11.1",
    "8.9": "11.8",
    "9.0": "11.8",
    "10.0": "12.8",
    "10.3": "12.9",
    "12.0": "12.8",
}
# Neuron documentation: the SDK of today's images runs on NeuronCores of the second generation on.
_FIRST_GENERATION = "Inferentia"


def machines(names: Sequence[str]) -> tuple[list[MlInstanceType], list[str]]:
    """
    Return the instance types called *names*, and what is wrong with the names.

    Args:
        names: Names in SageMaker.
    """
    found, faults = [], []
    for name in names:
        try:
            found.append(ml_instances.get(name))
        except UnknownInstanceTypeError as error:
            faults.append(str(error))
    return found, faults


def faults(model: HostedModel, machine: MlInstanceType, host: HostImage | None = None) -> list[str]:
    """
    Return why *model* cannot run on *machine*.

    Args:
        model: The model.
        machine: The machine.
        host: Machine image that is asked for. Default: the one that fits is taken.
    """
    if model.placements and machine.name not in model.placements:
        return [f"model {model.name!r} is not served on {machine.name}: choose {listed(model.placements, limit=20)}"]
    placement = model.on(machine)
    found = image_faults(placement.image, machine)
    if placement.accelerators > machine.accelerator_count:
        found.append(
            f"model {model.name!r} takes {placement.accelerators} accelerators a copy and {machine.name} has "
            f"{machine.accelerator_count}: choose a larger type, or spread a copy over fewer"
        )
    if host is not None and not found:
        found += host_faults(placement.image, machine, host)
    return found


def image_faults(image: HostingImage, machine: MlInstanceType) -> list[str]:
    """
    Return why *image* cannot run on *machine*, with the types that it can run on.

    Args:
        image: The container.
        machine: The machine.
    """
    reason = _reason(image, machine)
    if reason is None:
        return []
    fitting = [item.name for item in ml_instances.find(vendor=image.vendor) if _reason(image, item) is None]
    return [f"instance_type {machine.name!r} {reason}: choose {listed(fitting, limit=12)}, or another image"]


def host_faults(image: HostingImage, machine: MlInstanceType, host: HostImage) -> list[str]:
    """
    Return why the driver of *host* does not serve *image* on *machine*.

    Args:
        image: The container.
        machine: The machine.
        host: The machine image.
    """
    allowed = [item.name for item in _hosts(image, machine)]
    if host.name in allowed:
        return []
    return [
        f"host_image {host.name!r} has driver {host.driver} ({host.vendor}"
        + (f", CUDA {host.cuda}" if host.cuda else "")
        + f"), and the image {image.version!r} on {machine.name} needs "
        + (f"CUDA {_needed(image, machine)}: choose {listed(allowed)}" if allowed else "none: leave it out")
    ]


def host_image(images: Sequence[tuple[HostingImage, MlInstanceType]]) -> HostImage | None:
    """
    Return the machine image with the oldest driver that serves all of *images*; None on CPU and first Inferentia.

    A newer driver runs containers of an older CUDA, never the other way round.

    Args:
        images: Containers, each with a machine that it runs on.
    """
    allowed = [{item.name for item in _hosts(image, machine)} for image, machine in images]
    common = set.intersection(*allowed) if allowed else set()
    chosen = [item for item in ml_instances.host_images() if item.name in common]
    if not chosen:
        return None
    # Of those with one driver the last is the one whose toolkit does not mount compatibility libraries of its own.
    return [item for item in chosen if item.driver == chosen[0].driver][-1]


def _hosts(image: HostingImage, machine: MlInstanceType) -> list[HostImage]:
    if image.vendor is None or (machine.accelerator is not None and machine.accelerator.name == _FIRST_GENERATION):
        return []
    hosts = [item for item in ml_instances.host_images() if item.vendor == image.vendor]
    if image.vendor is Vendor.NEURON:
        return hosts
    if image.cuda is None:
        return hosts[-1:]
    needed = _version(_needed(image, machine))
    return [item for item in hosts if item.cuda is not None and _version(item.cuda) >= needed]


def _needed(image: HostingImage, machine: MlInstanceType) -> str:
    capability = machine.accelerator.compute_capability if machine.accelerator is not None else None
    first = _FIRST_CUDA.get(capability or "", "0.0")
    return max(first, image.cuda or "0.0", key=_version)


def _reason(image: HostingImage, machine: MlInstanceType) -> str | None:
    if image.vendor is not machine.vendor:
        carried = machine.accelerator.name if machine.accelerator is not None else "no accelerator"
        built = image.vendor.value if image.vendor is not None else "CPU"
        return f"carries {carried} and the image {image.version!r} is built for {built}"
    if image.architecture != machine.architecture:
        return f"is {machine.architecture} and the image {image.version!r} is {image.architecture}"
    if machine.accelerator is None:
        return None
    if machine.accelerator.name == _FIRST_GENERATION:
        return (
            f"carries first-generation Inferentia, which the Neuron SDK of the image {image.version!r} has left behind"
        )
    capability, oldest = machine.accelerator.compute_capability, image.min_compute_capability
    if capability is None or image.cuda is None:
        return None
    if oldest is not None and float(capability) < float(oldest):
        return f"has compute capability {capability} and CUDA {image.cuda} of the image begins at {oldest}"
    first = _FIRST_CUDA.get(capability)
    if first is not None and _version(image.cuda) < _version(first):
        return (
            f"has compute capability {capability}, which CUDA {first} is the first to know; the image has {image.cuda}"
        )
    return None


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
