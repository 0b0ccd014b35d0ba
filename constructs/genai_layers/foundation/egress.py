"""A way out to the internet for what cannot do without one."""

from collections.abc import Sequence

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from genai_layers.foundation.address_plan import AddressPlan
from genai_layers.foundation.nag import acknowledge
from genai_layers.foundation.subnets import Subnets
from genai_layers.foundation.zones import Zone


class Egress(Construct):
    """
    NAT gateways in public subnets, and private subnets that go out through them.

    Nothing else lies in the public subnets, and nothing comes in.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the subnets.
        vpc_id: Network that it belongs to.
        zones: Zones of the network.
        plan: Its addresses.
        nat_gateways: How many, 1 to the number of zones. With fewer than zones, some traffic crosses zones.

    Attributes:
        public: Subnets of the gateways.
        private: Subnets that go out through them.
    """

    def __init__(
        self, scope: Construct, id: str, *, vpc_id: str, zones: Sequence[Zone], plan: AddressPlan, nat_gateways: int
    ) -> None:
        super().__init__(scope, id)
        self.public = Subnets(self, "Public", vpc_id=vpc_id, zones=zones, cidr=plan.public)
        self.private = Subnets(self, "Private", vpc_id=vpc_id, zones=zones, cidr=plan.egress)
        gateway = ec2.CfnInternetGateway(self, "InternetGateway")
        attached = ec2.CfnVPCGatewayAttachment(self, "Attachment", vpc_id=vpc_id, internet_gateway_id=gateway.ref)
        for subnet in self.public.all:
            route = subnet.route_to_gateway(gateway.ref)
            route.add_resource_dependency(attached)
            acknowledge(
                route,
                "VPCNoUnrestrictedRouteToIGW",
                reason="Only NAT gateways lie in this subnet; they take connections from the inside and none from "
                "the internet.",
            )
        nats = []
        for index, subnet in enumerate(self.public.all[:nat_gateways]):
            address = ec2.CfnEIP(self, f"Address{index + 1}", domain="vpc")
            address.add_resource_dependency(attached)
            nats.append(
                ec2.CfnNatGateway(
                    self, f"Nat{index + 1}", subnet_id=subnet.subnet_id, allocation_id=address.attr_allocation_id
                )
            )
        for index, subnet in enumerate(self.private.all):
            subnet.route_to_nat(nats[index % nat_gateways].ref)
        Tags.of(self).add("Name", self.node.path)
