"""A private network for the three layers."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack, Tags, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.catalog import regions
from genai_layers.foundation.address_plan import AddressPlan
from genai_layers.foundation.closed_default_group import ClosedDefaultGroup
from genai_layers.foundation.egress import Egress
from genai_layers.foundation.endpoint_policies import aws_buckets_policy, gateway_policy, interface_policy
from genai_layers.foundation.errors import NetworkError
from genai_layers.foundation.interface_endpoint import InterfaceEndpoint
from genai_layers.foundation.retained_log_group import RetainedLogGroup
from genai_layers.foundation.subnets import Subnets
from genai_layers.foundation.workload_role import WorkloadRole
from genai_layers.foundation.zones import zones


class Network(Construct):
    """
    A VPC with isolated subnets, and doors only to the AWS services that are asked for.

    S3 and DynamoDB have gateway endpoints, which cost nothing. Every connection is logged, and the default
    security group is closed. Nothing is looked up in the account: zones come by id, or by order at deploy time.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new network.
        flow_log_key: Key for the flow logs; it needs `KeyUse.LOGS`.
        log_retention: How long flow logs are kept.
        cidr: Address range, private, /16 to /22. Default: 10.0.0.0/16.
        zone_count: Availability zones, 2 to 6. Default: 2. Ignored where *zone_ids* are given.
        zone_ids: Availability zones by id, such as `use1-az4`, for services that serve only some zones.
            Default: the first zones of the region, whichever those are in the account.
        nat_gateways: NAT gateways, each about 33 USD a month plus 0.045 USD a GB; at most one a zone. Default: 0;
            nothing reaches the internet. Any adds public subnets for them and private ones behind them.
        removal_policy: What happens to the flow logs when the stack goes. Default: they are kept.

    Attributes:
        vpc: The VPC.
        isolated: Its isolated subnets, which reach endpoints only.
        egress: Its private subnets behind NAT gateways; None without those.
        flow_logs: Log group of the flow logs.
        s3_endpoint: Gateway to S3. It lets our account's identities reach our account's buckets, and everyone
            read the buckets from which AWS serves image layers and packages; `add_to_policy` opens more.

    Raises:
        NetworkError: The addresses, the zones or the NAT gateways do not fit.

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
        region = Stack.of(self).region
        self._region = None if Token.is_unresolved(region) or region not in regions.every() else region
        plan, places = AddressPlan.of(cidr), zones(zone_count, zone_ids, self._region)
        if not 0 <= nat_gateways <= len(places):
            raise NetworkError([f"nat_gateways is {nat_gateways}: choose 0 to {len(places)}, one a zone at most"])

        resource = ec2.CfnVPC(self, "Resource", cidr_block=cidr, enable_dns_hostnames=True, enable_dns_support=True)
        Tags.of(resource).add("Name", self.node.path)
        private = Subnets(self, "Isolated", vpc_id=resource.ref, zones=places, cidr=plan.isolated)
        out = (
            Egress(self, "Egress", vpc_id=resource.ref, zones=places, plan=plan, nat_gateways=nat_gateways)
            if nat_gateways
            else None
        )
        self.vpc = _vpc(self, resource.ref, cidr, private, out)
        self.isolated = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self.egress = None if out is None else ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        self.flow_logs = RetainedLogGroup(
            self, "FlowLogs", key=flow_log_key, retention=log_retention, removal_policy=removal_policy
        ).log_group
        self._log_flows(resource.ref)
        ClosedDefaultGroup(
            self,
            "DefaultGroup",
            group_id=resource.attr_default_security_group,
            key=flow_log_key,
            log_retention=log_retention,
            removal_policy=removal_policy,
        )
        self.s3_endpoint = self._gateway("S3", ec2.GatewayVpcEndpointAwsService.S3, "s3")
        self.s3_endpoint.add_to_policy(aws_buckets_policy(Stack.of(self)))
        self.dynamodb_endpoint = self._gateway("DynamoDB", ec2.GatewayVpcEndpointAwsService.DYNAMODB, "dynamodb")
        self._endpoints: dict[InterfaceEndpoint, ec2.InterfaceVpcEndpoint] = {}
        self._door = ec2.SecurityGroup(
            self,
            "EndpointGroup",
            vpc=self.vpc,
            allow_all_outbound=False,
            description="interface endpoints: TLS from within the network",
        )
        self._door.add_ingress_rule(ec2.Peer.ipv4(cidr), ec2.Port.HTTPS, "TLS from within the network")

    def require(self, *endpoints: InterfaceEndpoint) -> None:
        """
        Give the network a door to each service; one that is there already stays as it is.

        Args:
            *endpoints: Services that something in the network calls.

        Raises:
            RegionError: The region is known to lack one of the services.
        """
        if self._region is not None:
            regions.require(self._region, *(each.feature for each in endpoints if each.feature is not None))
        for endpoint in endpoints:
            if endpoint in self._endpoints:
                continue
            door = ec2.InterfaceVpcEndpoint(
                self,
                endpoint.construct_id,
                vpc=self.vpc,
                service=endpoint.service,
                open=False,
                private_dns_enabled=True,
                security_groups=[self._door],
                subnets=self.isolated,
            )
            door.add_to_policy(interface_policy(Stack.of(self)))
            self._endpoints[endpoint] = door

    def _gateway(self, id: str, service: ec2.GatewayVpcEndpointAwsService, prefix: str) -> ec2.GatewayVpcEndpoint:
        everywhere = [self.isolated] if self.egress is None else [self.isolated, self.egress]
        endpoint = ec2.GatewayVpcEndpoint(self, id, service=service, vpc=self.vpc, subnets=everywhere)
        endpoint.add_to_policy(gateway_policy(Stack.of(self), prefix))
        return endpoint

    def _log_flows(self, vpc_id: str) -> None:
        role = WorkloadRole(
            self,
            "FlowLogRole",
            assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com").with_conditions(
                {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
            ),
            description="writes the flow logs of the network",
        )
        self.flow_logs.grant(
            role, "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"
        )
        flow_log = ec2.CfnFlowLog(
            self,
            "FlowLog",
            resource_id=vpc_id,
            resource_type="VPC",
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_group_name=self.flow_logs.log_group_name,
            deliver_logs_permission_arn=role.role_arn,
        )
        flow_log.node.add_dependency(role)


def _vpc(scope: Construct, vpc_id: str, cidr: str, isolated: Subnets, out: Egress | None) -> ec2.IVpc:
    """
    Return the network as other constructs take it.

    The CDK's own VPC asks the account for its zones whenever the stack has an account, even where zones are
    given, and then no machine without credentials can synthesize it (decision 0009).
    """
    return ec2.Vpc.from_vpc_attributes(
        scope,
        "Vpc",
        vpc_id=vpc_id,
        vpc_cidr_block=cidr,
        availability_zones=[subnet.zone_name for subnet in isolated.all],
        isolated_subnet_ids=isolated.ids,
        isolated_subnet_route_table_ids=isolated.route_table_ids,
        private_subnet_ids=None if out is None else out.private.ids,
        private_subnet_route_table_ids=None if out is None else out.private.route_table_ids,
        public_subnet_ids=None if out is None else out.public.ids,
        public_subnet_route_table_ids=None if out is None else out.public.route_table_ids,
    )
