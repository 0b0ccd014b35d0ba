"""
Prices of the network while it idles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genai_layers.cost.items import Item, Pricer, Unknown, free, hourly, used
from genai_layers.cost.resource import Resource


def _endpoint(endpoint: Resource) -> Iterable[Item]:
    if endpoint.at("VpcEndpointType") != "Interface":
        return ()
    zones = endpoint.properties.get("SubnetIds")
    name = _service(endpoint)
    if not isinstance(zones, list):
        return (Unknown(what=f"interface endpoint {name}", reason="its subnets are known only at the deploy"),)
    where = f"{len(zones)} zone{'s' if len(zones) != 1 else ''}"
    return (hourly(f"interface endpoint {name} in {where}", "vpc:interface-endpoint", len(zones)),)


def _service(endpoint: Resource) -> str:
    """
    Short name of the service, also where the region in it is an intrinsic.
    """
    name = endpoint.properties.get("ServiceName", "")
    if isinstance(name, Mapping):
        name = "".join(part for part in name.get("Fn::Join", ["", []])[1] if isinstance(part, str))
    words = [word for word in str(name).split(".") if word not in ("", "com", "amazonaws", "cn", "vpce")]
    return ".".join(word for word in words if word.count("-") < 2 or not word[-1:].isdigit()) or "of an unknown service"


def _load_balancer(balancer: Resource) -> Iterable[Item]:
    kind = balancer.at("Type") or "application"
    if kind not in ("application", "network"):
        return (Unknown(what=f"{kind} load balancer", reason="the catalog has no price line for this kind"),)
    return (hourly(f"{kind} load balancer, traffic not counted", f"elb:{kind}"),)


def _nat_gateway(_: Resource) -> Iterable[Item]:
    return (hourly("NAT gateway, traffic not counted", "vpc:nat-gateway"),)


def _address(_: Resource) -> Iterable[Item]:
    return (hourly("public IPv4 address", "vpc:public-ipv4"),)


LINES: Mapping[str, Pricer] = {
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::EC2::NatGateway": _nat_gateway,
    "AWS::EC2::EIP": _address,
    "AWS::EC2::FlowLog": used("flow log", "logs:ingestion"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _load_balancer,
    **dict.fromkeys(
        (
            "AWS::EC2::EgressOnlyInternetGateway",
            "AWS::EC2::InternetGateway",
            "AWS::EC2::NetworkAcl",
            "AWS::EC2::NetworkAclEntry",
            "AWS::EC2::PlacementGroup",
            "AWS::EC2::PrefixList",
            "AWS::EC2::Route",
            "AWS::EC2::RouteTable",
            "AWS::EC2::SecurityGroup",
            "AWS::EC2::SecurityGroupEgress",
            "AWS::EC2::SecurityGroupIngress",
            "AWS::EC2::Subnet",
            "AWS::EC2::SubnetNetworkAclAssociation",
            "AWS::EC2::SubnetRouteTableAssociation",
            "AWS::EC2::VPC",
            "AWS::EC2::VPCCidrBlock",
            "AWS::EC2::VPCGatewayAttachment",
            "AWS::ElasticLoadBalancingV2::Listener",
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            "AWS::ElasticLoadBalancingV2::TargetGroup",
        ),
        free,
    ),
}
