"""Subnets of one kind, one in each zone."""

from collections.abc import Callable, Sequence

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from genai_layers.foundation.zones import Zone

ANYWHERE = "0.0.0.0/0"


class Subnet(Construct):
    """
    One subnet with a route table of its own.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the subnet and all that is in it.
        vpc_id: Network that it belongs to.
        zone: Where it lies.
        cidr: Its addresses.

    Attributes:
        subnet_id: Id of the subnet.
        route_table_id: Id of its route table.
        zone_name: Name of the zone, known at deploy time.
    """

    def __init__(self, scope: Construct, id: str, *, vpc_id: str, zone: Zone, cidr: str) -> None:
        super().__init__(scope, id)
        subnet = ec2.CfnSubnet(
            self,
            "Resource",
            vpc_id=vpc_id,
            cidr_block=cidr,
            availability_zone=zone.name,
            availability_zone_id=zone.id,
            map_public_ip_on_launch=False,
        )
        table = ec2.CfnRouteTable(self, "RouteTable", vpc_id=vpc_id)
        ec2.CfnSubnetRouteTableAssociation(
            self, "RouteTableAssociation", subnet_id=subnet.ref, route_table_id=table.ref
        )
        Tags.of(self).add("Name", self.node.path)
        self.subnet_id: str = subnet.ref
        self.route_table_id: str = table.ref
        self.zone_name: str = subnet.attr_availability_zone

    def route_to_gateway(self, gateway_id: str) -> ec2.CfnRoute:
        """
        Send what leaves the network to an internet gateway.

        Args:
            gateway_id: Id of the gateway.
        """
        return ec2.CfnRoute(
            self, "Out", route_table_id=self.route_table_id, destination_cidr_block=ANYWHERE, gateway_id=gateway_id
        )

    def route_to_nat(self, nat_gateway_id: str) -> ec2.CfnRoute:
        """
        Send what leaves the network to a NAT gateway.

        Args:
            nat_gateway_id: Id of the gateway.
        """
        return ec2.CfnRoute(
            self,
            "Out",
            route_table_id=self.route_table_id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nat_gateway_id,
        )


class Subnets(Construct):
    """
    Subnets of one kind, one in each zone.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it replaces the subnets.
        vpc_id: Network that they belong to.
        zones: Where they lie.
        cidr: Gives the addresses of the subnet in a zone, by the zone's position.

    Attributes:
        all: The subnets, in the order of their zones.
    """

    def __init__(
        self, scope: Construct, id: str, *, vpc_id: str, zones: Sequence[Zone], cidr: Callable[[int], str]
    ) -> None:
        super().__init__(scope, id)
        self.all: tuple[Subnet, ...] = tuple(
            Subnet(self, f"Zone{zone.index + 1}", vpc_id=vpc_id, zone=zone, cidr=cidr(zone.index)) for zone in zones
        )

    @property
    def ids(self) -> list[str]:
        """Ids of the subnets."""
        return [subnet.subnet_id for subnet in self.all]

    @property
    def route_table_ids(self) -> list[str]:
        """Ids of their route tables."""
        return [subnet.route_table_id for subnet in self.all]
