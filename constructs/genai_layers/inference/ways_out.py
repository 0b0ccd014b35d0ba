"""
Where what serves may go.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2


def let_out(group: ec2.SecurityGroup, egress: Sequence[ec2.IPeer]) -> None:
    """
    Let the members of *group* call AWS over TLS, and nothing else.

    Args:
        group: A security group without ways out.
        egress: Where they may go; empty: anywhere that a route leads.
    """
    # S3 through its gateway endpoint has public addresses. In isolated subnets no route leads anywhere else.
    for peer in egress or (ec2.Peer.any_ipv4(),):
        group.add_egress_rule(peer, ec2.Port.tcp(443), "AWS services over TLS")
