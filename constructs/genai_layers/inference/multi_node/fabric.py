"""
The network between the machines of a group.
"""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2

from genai_layers.catalog.instances import InstanceType
from genai_layers.foundation.nag import acknowledge


def interfaces(machine: InstanceType, group: ec2.ISecurityGroup) -> list[dict[str, object]]:
    """
    Return every interface of *machine*, as a launch template has them: one for addresses, and an EFA on each card.

    EC2 user guide, "Maximize network bandwidth on Amazon EC2 instances with multiple network cards": an ENA interface
    first, an EFA-only interface beside it where the first card has EFA, and one on each further card. An EFA-only
    interface has no address, so a machine takes one address of its subnet, whatever the number of its cards.

    Args:
        machine: The type; it has EFA.
        group: Security group of all of them.
    """
    first_has_efa = machine.efa_interfaces >= machine.network_cards
    places = [(0, 1)] if first_has_efa else []
    places += [(card, 0) for card in range(1, machine.network_cards)]
    return [_interface("interface", 0, 0, group), *(_interface("efa-only", *place, group) for place in places)]


def _interface(kind: str, card: int, device: int, group: ec2.ISecurityGroup) -> dict[str, object]:
    return {
        "InterfaceType": kind,
        "NetworkCardIndex": card,
        "DeviceIndex": device,
        "Groups": [group.security_group_id],
        "DeleteOnTermination": True,
    }


def close_to_itself(group: ec2.SecurityGroup) -> None:
    """
    Let everything pass between the members of *group*, in both directions, which is what EFA asks for.

    Args:
        group: Security group of the machines.
    """
    every = ec2.Port.all_traffic()
    group.add_ingress_rule(group, every, "EFA and the engine, from machine to machine")
    group.add_egress_rule(group, every, "EFA and the engine, from machine to machine")
    acknowledge(
        group,
        "EC2RestrictedCommonPorts",
        reason="The rule is about the group itself: only machines of the same fleet reach one another, and EFA needs "
        "every port between them.",
    )
