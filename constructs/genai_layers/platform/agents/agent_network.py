"""Where in a network agents stand."""

from collections.abc import Sequence

from aws_cdk import Aws, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct

from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.zones import SUPPORTED_ZONES

NETWORK_SERVICE = "network.bedrock-agentcore.amazonaws.com"
MAX_SUBNETS = 16


class AgentNetwork(Construct):
    """
    The subnets that runtimes, browsers and code interpreters of AgentCore are attached to.

    AgentCore serves some zones of a region only, and refuses the others when the deploy is almost over. Zone names
    differ between accounts, so zones are told by id: by the subnets themselves, where a network of this app was
    made with `zone_ids`, or here.

    The network interfaces that AgentCore makes stay for up to eight hours after the last runtime is gone, and
    nobody else can take them away. So the network must be in another stack than the agents: the stack of the
    agents is gone at once, that of the network when the interfaces are; delete it again until then.

    What stands in the network is made one after the other. The first one makes AgentCore's service-linked role;
    several at once would be refused for the rate at which that role is asked for.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*.
        vpc: The network.
        subnets: Its subnets, 1 to 16. Default: the isolated ones.
        zone_ids: Ids of their zones. Default: as the subnets say.
        unlisted_zones_reason: Why zones are right that the library cannot know or does not list; it lands in the
            metadata of what stands there. Default: such zones are refused.

    Attributes:
        vpc: The network.
        subnets: Its subnets, as they were chosen.
        subnet_ids: Ids of the subnets.
        zone_ids: Ids of their zones; none where nobody knows them.
        unlisted_zones_reason: Why they are right all the same.

    Raises:
        AgentError: AgentCore would refuse the subnets, or deleting the stack would hang on them.

    Example:
        agents = AgentNetwork(self, "AgentNetwork", vpc=network.vpc)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        zone_ids: Sequence[str] = (),
        unlisted_zones_reason: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.vpc = vpc
        self.subnets = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED) if subnets is None else subnets
        self.unlisted_zones_reason = unlisted_zones_reason
        self.subnet_ids = vpc.select_subnets(
            subnet_type=self.subnets.subnet_type,
            subnet_group_name=self.subnets.subnet_group_name,
            subnets=self.subnets.subnets,
            availability_zones=self.subnets.availability_zones,
        ).subnet_ids
        made = {each.ref: each for each in _subnets_beside(vpc) if each.ref in self.subnet_ids}
        told = [each.availability_zone_id for each in made.values()]
        self.zone_ids = tuple(zone_ids) or tuple(zone for zone in told if zone is not None)
        self._last: IConstruct | None = None

        faults = [*_count_faults(self.subnet_ids), *_place_faults(self, list(made.values())), *self._zone_faults()]
        if faults:
            raise AgentError(faults)

    def security_group(self, scope: Construct, description: str) -> ec2.SecurityGroup:
        """
        Return a new security group for one user of the network; it lets TLS out and nothing in.

        Args:
            scope: The user; the group becomes its child.
            description: What the user does.
        """
        group = ec2.SecurityGroup(
            scope, "SecurityGroup", vpc=self.vpc, allow_all_outbound=False, description=description
        )
        group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "TLS to the endpoints of AWS services")
        return group

    def admit(self, resource: Construct) -> None:
        """
        Make *resource* stand here, after whatever came before it.

        Args:
            resource: A runtime, a browser or a code interpreter.
        """
        itself = resource.node.default_child
        if self._last is not None and itself is not None:
            itself.node.add_dependency(self._last)
        self._last = itself
        if self.unlisted_zones_reason is not None:
            resource.node.add_metadata("genai-layers:unlisted-zones", self.unlisted_zones_reason)

    def deployer_statement(self) -> iam.PolicyStatement:
        """
        Return what a role that deploys needs so that the first agent of an account can be made.

        The service-linked role is made once, by whoever deploys first; the statement is for that role and no other.
        """
        return iam.PolicyStatement(
            sid="AgentCoreNetworkRole",
            actions=["iam:CreateServiceLinkedRole"],
            resources=[
                f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/aws-service-role/{NETWORK_SERVICE}/"
                "AWSServiceRoleForBedrockAgentCoreNetwork"
            ],
            conditions={"StringEquals": {"iam:AWSServiceName": NETWORK_SERVICE}},
        )

    def _zone_faults(self) -> list[str]:
        if self.unlisted_zones_reason is not None:
            return [] if self.unlisted_zones_reason.strip() else ["unlisted_zones_reason is empty: say why"]
        region = Stack.of(self).region
        known = "not of this app" if not self.zone_ids else ""
        if Token.is_unresolved(region):
            return [
                "the stack names no region, so its zones cannot be checked: give it one, or say in "
                "unlisted_zones_reason how you know that AgentCore serves the subnets"
            ]
        supported = SUPPORTED_ZONES.get(region)
        if supported is None:
            return [
                f"the zones that AgentCore serves in {region} are not listed here: look them up in its developer "
                "guide, and say so in unlisted_zones_reason"
            ]
        if known:
            return [
                "nobody says in which zones the subnets are: make the network with zone_ids, or give zone_ids "
                f"here; AgentCore serves {', '.join(supported)}"
            ]
        return [
            f"zone {zone!r} is not served by AgentCore: choose subnets in {', '.join(supported)}"
            for zone in self.zone_ids
            if zone not in supported
        ]


def _subnets_beside(vpc: ec2.IVpc) -> list[ec2.CfnSubnet]:
    home = vpc.node.scope
    return [] if home is None else [each for each in home.node.find_all() if isinstance(each, ec2.CfnSubnet)]


def _count_faults(chosen: Sequence[str]) -> list[str]:
    if 1 <= len(chosen) <= MAX_SUBNETS:
        return []
    return [f"subnets chooses {len(chosen)} subnets: choose 1 to {MAX_SUBNETS}"]


def _place_faults(scope: Construct, made: Sequence[ec2.CfnSubnet]) -> list[str]:
    if not any(Stack.of(each) is Stack.of(scope) for each in made):
        return []
    return [
        f"the network is in stack {Stack.of(scope).stack_name!r} together with the agents, whose network interfaces "
        "stay for up to eight hours: put the network into a stack of its own, or no delete of this one would end"
    ]
