"""What a launch template says of the network between machines."""

from collections.abc import Mapping, Sequence

from genai_layers.compliance.template import Resource, items, mapping

_EFA = ("efa", "efa-only")


def interfaces(launch_template: Resource) -> Sequence[Mapping[str, object]]:
    """
    Return the network interfaces that a launch template names.

    Args:
        launch_template: The launch template.
    """
    return [mapping(item) for item in items(launch_template.get("LaunchTemplateData", "NetworkInterfaces"))]


def has_efa(launch_template: Resource) -> bool:
    """
    Return whether machines of a launch template have an Elastic Fabric Adapter.

    Args:
        launch_template: The launch template.
    """
    return any(interface.get("InterfaceType") in _EFA for interface in interfaces(launch_template))
