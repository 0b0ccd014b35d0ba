"""A private network for the three layers."""

from collections.abc import Sequence

from aws_cdk import Fn, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation.interface_endpoint import InterfaceEndpoint
from genai_layers.foundation.retained_log_group import RetainedLogGroup


class Network(Construct):
    """
    A VPC with isolated subnets, and doors only to the AWS services that are asked for.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new network.
        flow_log_key: Key for the flow logs; it needs `KeyUse.LOGS`.
        log_retention: How long flow logs are kept.
        cidr: Address range. Default: 10.0.0.0/16.
        zone_count: Availability zones, 2 to 6. Default: 2. Ignored where *zone_ids* are given.
        zone_ids: Availability zones by id, such as `use1-az4`, for services that serve only some zones.
            Default: the first zones of the region, whichever those are in the account.
        nat_gateways: NAT gateways, each about 33 USD a month plus 0.045 USD a GB. Default: 0.
        removal_policy: What happens to the flow logs when the stack goes. Default: they are kept.

    Attributes:
        vpc: The VPC.
        isolated: Its isolated subnets.

    Raises:
        NetworkError: The zones do not fit.

    Example:
        network = Network(self, "Network", flow_log_key=key.key, log_retention=logs.RetentionDays.ONE_YEAR)
        network.require(InterfaceEndpoint.BEDROCK_RUNTIME)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        flow_log_key: kms.IKey,
        log_retention: logs.RetentionDays,
        cidr: str = "10.0.0.0/16",
        zone_count: int = 2,
        zone_ids: Sequence[str] = (),
        nat_gateways: int = 0,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id)
        count = len(zone_ids) or zone_count
        self.vpc = ec2.Vpc(
            self,
            "Resource",
            availability_zones=[Fn.select(index, Fn.get_azs()) for index in range(count)],
            ip_addresses=ec2.IpAddresses.cidr(cidr),
            nat_gateways=nat_gateways,
            restrict_default_security_group=False,
            subnet_configuration=_subnets(nat_gateways),
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3),
                "DynamoDB": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.DYNAMODB),
            },
        )
        self.isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self.flow_logs = RetainedLogGroup(
            self, "FlowLogs", key=flow_log_key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self.vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(self.flow_logs))
        self._endpoints: dict[InterfaceEndpoint, ec2.InterfaceVpcEndpoint] = {}

    def require(self, *endpoints: InterfaceEndpoint) -> None:
        """
        Give the network a door to each service; one that is there already stays as it is.

        Args:
            *endpoints: Services that something in the network calls.
        """
        for endpoint in endpoints:
            if endpoint not in self._endpoints:
                self._endpoints[endpoint] = self.vpc.add_interface_endpoint(
                    endpoint.construct_id, service=endpoint.service, subnets=self.isolated
                )


def _subnets(nat_gateways: int) -> list[ec2.SubnetConfiguration]:
    isolated = ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=20)
    if nat_gateways == 0:
        return [isolated]
    return [
        isolated,
        ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24),
        ec2.SubnetConfiguration(name="Egress", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=20),
    ]
