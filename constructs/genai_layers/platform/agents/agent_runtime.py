"""An agent of your own in a container, run by AgentCore."""

from collections.abc import Mapping

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from genai_layers.foundation import InterfaceEndpoint, RetainedLogGroup
from genai_layers.platform.agents.agent_image import AgentImage
from genai_layers.platform.agents.agent_network import AgentNetwork
from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.inbound_access import InboundAccess
from genai_layers.platform.agents.names import underscored_name
from genai_layers.platform.agents.runtime_role import log_group_name, runtime_role
from genai_layers.platform.agents.service_role import as_written, require_region

DEFAULT_ENDPOINT = "DEFAULT"
_TYPES = ("AWS::BedrockAgentCore::Runtime", "AWS::BedrockAgentCore::RuntimeEndpoint")
# AWS::BedrockAgentCore::Runtime, LifecycleConfiguration; resource schema, read 2026-11-25.
_SHORTEST_SECONDS, _LONGEST_SECONDS = 60, 1_209_600


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class AgentRuntime(Construct):
    """
    A runtime of AgentCore in our network: callers are known, logs are encrypted and kept, the role is exact.

    The container must answer `/ping` within 60 seconds of its start, or the service gives up on the session: load
    models, clients and tools when the first request asks for them, not at import. It is given nothing but what is
    granted: `model.grant_invoke(runtime, guardrail=guardrail)`.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new runtime.
        image: The container, by digest.
        network: Where it stands.
        access: How callers are known.
        key: Key for its logs; it needs `KeyUse.LOGS`.
        log_retention: How long its logs are kept. Default: one year.
        environment: Environment variables; the service keeps them under a key of its own, so no secrets. Default:
            none.
        idle_timeout: How long a session waits for its next request. Default: 15 minutes.
        max_lifetime: How long a session lives at most. Default: 8 hours.
        protocol: What the container speaks. Default: HTTP.
        removal_policy: What happens to the logs when the stack goes. Default: they are kept.
        description: What the agent does.

    Attributes:
        runtime: The runtime, as the CDK knows it.
        role: Its role.
        connections: Its connections; it may open TLS connections until more is allowed.
        logs: Log group of its default endpoint.

    Raises:
        AgentError: It would not start, or not be safe; every fault is named.
        RegionError: The region has no AgentCore runtimes.

    Example:
        runtime = AgentRuntime(self, "Clerk", image=image, network=agents, access=InboundAccess.iam(), key=key.key)
        model.grant_invoke(runtime, guardrail=guardrail)
        runtime.grant_invoke(chat)
    """

    REQUIRED_ENDPOINTS = (
        InterfaceEndpoint.ECR_API,
        InterfaceEndpoint.ECR_DOCKER,
        InterfaceEndpoint.LOGS,
        InterfaceEndpoint.MONITORING,
        InterfaceEndpoint.XRAY,
    )
    """What a network without a way out must have a door to; what the agent itself calls comes on top."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        image: AgentImage,
        network: AgentNetwork,
        access: InboundAccess,
        key: kms.IKey,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
        environment: Mapping[str, str] | None = None,
        idle_timeout: Duration | None = None,
        max_lifetime: Duration | None = None,
        protocol: agentcore.ProtocolType = agentcore.ProtocolType.HTTP,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        description: str = "An agent",
    ) -> None:
        super().__init__(scope, id)
        require_region(self, *_TYPES)
        idle = Duration.minutes(15) if idle_timeout is None else idle_timeout
        lifetime = Duration.hours(8) if max_lifetime is None else max_lifetime
        faults = [*image.faults(), *access.faults(), *_lifetime_faults(idle, lifetime)]
        if faults:
            raise AgentError(faults)

        self._key, self._retention, self._removal_policy = key, log_retention, removal_policy
        name = underscored_name(self)
        self.role = runtime_role(self, name, image)
        group = network.security_group(self, f"agent runtime: {description}")
        self.connections = ec2.Connections(security_groups=[group])
        delivered = RetainedLogGroup(self, "Requests", key=key, retention=log_retention, removal_policy=removal_policy)
        self.runtime = agentcore.Runtime(
            self,
            "Resource",
            agent_runtime_artifact=image.artifact(),
            authorizer_configuration=access.for_runtime(),
            description=description,
            environment_variables=environment,
            # The CDK would add every runtime's log groups and identities to the role.
            execution_role=as_written(self, self.role),
            lifecycle_configuration=agentcore.LifecycleConfiguration(
                idle_runtime_session_timeout=idle, max_lifetime=lifetime
            ),
            logging_configs=[
                agentcore.LoggingConfig(
                    log_type=kind,
                    destination=agentcore.LoggingDestination.cloud_watch_logs(delivered.log_group),
                )
                for kind in (agentcore.LogType.APPLICATION_LOGS, agentcore.LogType.USAGE_LOGS)
            ],
            network_configuration=agentcore.RuntimeNetworkConfiguration.using_vpc(
                self, vpc=network.vpc, vpc_subnets=network.subnets, security_groups=[group]
            ),
            protocol_configuration=protocol,
            runtime_name=name,
            tracing_enabled=True,
        )
        network.admit(self.runtime)
        self.logs = self._endpoint_logs("Logs", DEFAULT_ENDPOINT)
        self._endpoints = [DEFAULT_ENDPOINT]

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Who a grant to this agent is for: its role."""
        return self.role

    @property
    def runtime_arn(self) -> str:
        """ARN that requests name."""
        return self.runtime.agent_runtime_arn

    def add_endpoint(self, name: str, *, version: str) -> agentcore.RuntimeEndpoint:
        """
        Keep one version of the runtime under a name that callers can rely on, with a log group of its own.

        The default endpoint follows every deploy; another one stays where it is until *version* is changed.

        Args:
            name: Name of the endpoint: a letter, then up to 47 letters, digits and underscores.
            version: Version of the runtime that it serves.
        """
        endpoint = self.runtime.add_endpoint(name, version=version)
        self._endpoint_logs(f"Logs{name}", name)
        self._endpoints.append(name)
        return endpoint

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* call the agent, on its default endpoint and on those added so far.

        Only where access is decided by IAM; a runtime that asks for tokens takes no signed requests.

        Args:
            grantee: Who may.
        """
        endpoints = [f"{self.runtime_arn}/runtime-endpoint/{name}" for name in self._endpoints]
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["bedrock-agentcore:InvokeAgentRuntime"],
            resource_arns=[self.runtime_arn, *endpoints],
        )

    def metric_errors(self) -> cloudwatch.Metric:
        """Return how many requests the agent failed to answer."""
        return self.runtime.metric_system_errors()

    def metric_throttles(self) -> cloudwatch.Metric:
        """Return how many requests were refused for their rate."""
        return self.runtime.metric_throttles()

    def metric_latency(self) -> cloudwatch.Metric:
        """Return how long requests took, in milliseconds."""
        return self.runtime.metric_latency()

    def metric_invocations(self) -> cloudwatch.Metric:
        """Return how many requests there were."""
        return self.runtime.metric_invocations()

    def _endpoint_logs(self, id: str, endpoint: str) -> logs.LogGroup:
        # The service demands the name; it holds the id of the runtime, so no two runtimes ever share it.
        return logs.LogGroup(
            self,
            id,
            encryption_key=self._key,
            log_group_name=log_group_name(self.runtime.agent_runtime_id, endpoint),
            retention=self._retention,
            removal_policy=self._removal_policy,
        )


def _lifetime_faults(idle: Duration, lifetime: Duration) -> list[str]:
    faults = [
        f"{name} is {given.to_seconds():g} seconds: choose {_SHORTEST_SECONDS} to {_LONGEST_SECONDS} seconds"
        for name, given in (("idle_timeout", idle), ("max_lifetime", lifetime))
        if not _SHORTEST_SECONDS <= given.to_seconds() <= _LONGEST_SECONDS
    ]
    if idle.to_seconds() > lifetime.to_seconds():
        faults.append(
            f"idle_timeout of {idle.to_seconds():g} seconds is longer than max_lifetime of "
            f"{lifetime.to_seconds():g} seconds: it could never be reached"
        )
    return faults
