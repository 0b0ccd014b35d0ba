"""Flow logs, security group rules of their own, and what MiniStack does not tell of a VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.read import answered, given, identity, send
from tools.local_cloud.ministack_launcher.row import Call, Resource, Row, Supplement

if TYPE_CHECKING:
    from collections.abc import Mapping

_FLOW_LOG_TAGS = "vpc-flow-log"


def _flow_log(resource: Resource) -> Mapping[str, Any]:
    own = {name: value for name, value in resource.properties.items() if name not in ("ResourceId", "Tags")}
    tags = resource.properties.get("Tags")
    specification = {"TagSpecifications": [{"ResourceType": _FLOW_LOG_TAGS, "Tags": tags}]} if tags else {}
    return {**own, **specification, "ResourceIds": [resource.properties["ResourceId"]]}


def _dropped_tags(resource: Resource) -> list[dict[str, str]]:
    kept = {tag["Key"] for tag in resource.properties.get("Tags", [])}
    return [{"Key": tag["Key"]} for tag in resource.previous.get("Tags", []) if tag["Key"] not in kept]


def _permission(peer: str) -> Any:
    """The rule as the authorize calls take it; *peer* names the property of the other group."""

    def build(resource: Resource) -> Mapping[str, Any]:
        given_properties = resource.properties
        about = {"Description": given_properties["Description"]} if "Description" in given_properties else {}
        rule = {
            name: given_properties[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in given_properties
        }
        sources = (
            ("CidrIp", "IpRanges", "CidrIp"),
            ("CidrIpv6", "Ipv6Ranges", "CidrIpv6"),
            (peer, "UserIdGroupPairs", "GroupId"),
            ("SourcePrefixListId", "PrefixListIds", "PrefixListId"),
            ("DestinationPrefixListId", "PrefixListIds", "PrefixListId"),
        )
        for name, member, key in sources:
            if name in given_properties:
                rule[member] = [{key: given_properties[name], **about}]
        return {"GroupId": given_properties["GroupId"], "IpPermissions": [rule]}

    return build


def _rule(direction: str, peer: str) -> Row:
    permission = _permission(peer)
    return Row(
        type=f"AWS::EC2::SecurityGroup{direction}",
        service="ec2",
        create=Call(f"AuthorizeSecurityGroup{direction}", permission),
        physical_id=answered("SecurityGroupRules.0.SecurityGroupRuleId"),
        attributes={"Id": answered("SecurityGroupRules.0.SecurityGroupRuleId")},
        update=None,
        delete=(Call(f"RevokeSecurityGroup{direction}", permission),),
    )


ROWS = (
    Row(
        type="AWS::EC2::FlowLog",
        service="ec2",
        create=Call("CreateFlowLogs", _flow_log),
        physical_id=answered("FlowLogIds.0"),
        attributes={"Id": answered("FlowLogIds.0")},
        update=Call("CreateTags", lambda r: {"Resources": [r.physical_id], "Tags": r.properties.get("Tags", [])}),
        settle=(
            Call(
                "DeleteTags",
                lambda r: {"Resources": [r.physical_id], "Tags": _dropped_tags(r)},
                applies=lambda r: bool(_dropped_tags(r)),
            ),
        ),
        replaces=frozenset(
            {
                "DeliverCrossAccountRole",
                "DeliverLogsPermissionArn",
                "DestinationOptions",
                "LogDestination",
                "LogDestinationType",
                "LogFormat",
                "LogGroupName",
                "MaxAggregationInterval",
                "ResourceId",
                "ResourceType",
                "TrafficType",
            }
        ),
        delete=(Call("DeleteFlowLogs", lambda r: {"FlowLogIds": [r.physical_id]}),),
    ),
    _rule("Ingress", "SourceSecurityGroupId"),
    _rule("Egress", "DestinationSecurityGroupId"),
    Row(
        type="AWS::EC2::EIP",
        service="ec2",
        create=Call("AllocateAddress", lambda r: {"Domain": r.properties.get("Domain", "vpc")}),
        physical_id=answered("PublicIp"),
        attributes={"AllocationId": answered("AllocationId"), "PublicIp": answered("PublicIp")},
        update=None,
        delete=(Call("ReleaseAddress", send(AllocationId=answered("AllocationId"))),),
    ),
    Row(
        type="AWS::EC2::NatGateway",
        service="ec2",
        create=Call(
            "CreateNatGateway",
            lambda r: {name: value for name, value in r.properties.items() if name != "Tags"},
        ),
        physical_id=answered("NatGateway.NatGatewayId"),
        attributes={"NatGatewayId": answered("NatGateway.NatGatewayId")},
        update=Call("CreateTags", lambda r: {"Resources": [r.physical_id], "Tags": r.properties.get("Tags", [])}),
        replaces=frozenset({"AllocationId", "ConnectivityType", "SubnetId"}),
        delete=(Call("DeleteNatGateway", lambda r: {"NatGatewayId": r.physical_id}),),
    ),
)

SUPPLEMENTS = (
    Supplement(
        type="AWS::EC2::VPC",
        service="ec2",
        attributes={
            "CidrBlock": given("CidrBlock"),
            "VpcId": identity,
            "CidrBlockAssociations": lambda _: [],
            "Ipv6CidrBlocks": lambda _: [],
        },
    ),
)
