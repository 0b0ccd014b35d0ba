"""A browser for agents, whose every session is recorded."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from genai_layers.foundation import SecureBucket, wildcard_resource
from genai_layers.foundation.nag import acknowledge
from genai_layers.platform.agents.agent_network import AgentNetwork
from genai_layers.platform.agents.errors import AgentError
from genai_layers.platform.agents.names import underscored_name
from genai_layers.platform.agents.service_role import as_written, require_region, service_role

_PREFIX = "sessions"
_KEPT_DAYS = 365
# Whoever cannot start a session has no browser; metrics of one are counted by operation.
_COUNTED = "StartBrowserSession"


class AgentBrowser(Construct):
    """
    A browser of AgentCore in our network, whose sessions are recorded into a bucket of ours.

    It reaches what its network lets it reach: nothing beyond the endpoints in isolated subnets, the internet in
    subnets behind a NAT gateway.

    Nothing of it can be changed in place: CloudFormation makes a new browser, under a name that moves along.

    Args:
        scope: The construct this one belongs to.
        id: Name within *scope*; changing it makes a new browser.
        network: Where it stands.
        key: Key for the recordings.
        access_logs: Bucket for the access logs of the recordings.
        kept_for: How long recordings are kept. Default: one year.
        removal_policy: What happens to the recordings when the stack goes. Default: they are kept.
        description: What it is for.

    Attributes:
        browser: The browser, as the CDK knows it.
        role: Role that records its sessions; an agent never gets it.
        recordings: Bucket of the recordings.
        connections: Its connections; it may open TLS connections until more is allowed.

    Raises:
        AgentError: The service would refuse the settings.
        RegionError: The region has no browsers.

    Example:
        browser = AgentBrowser(self, "Browser", network=agents, key=key.key, access_logs=logs.bucket)
        browser.grant_use(runtime)
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        network: AgentNetwork,
        key: kms.IKey,
        access_logs: s3.IBucket | None,
        kept_for: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        description: str = "A browser for agents",
    ) -> None:
        super().__init__(scope, id)
        require_region(self, "AWS::BedrockAgentCore::BrowserCustom")
        kept = Duration.days(_KEPT_DAYS) if kept_for is None else kept_for
        if kept.to_days(integral=False) < 1:
            raise AgentError([f"kept_for is {kept.to_days(integral=False):g} days: keep recordings for a day at least"])

        self.recordings: s3.Bucket = SecureBucket(
            self,
            "Recordings",
            key=key,
            access_logs=access_logs,
            removal_policy=removal_policy,
            lifecycle_rules=[s3.LifecycleRule(expiration=kept)],
        ).bucket
        group = network.security_group(self, f"agent browser: {description}")
        self.connections = ec2.Connections(security_groups=[group])
        name = underscored_name(self, {"subnets": network.subnet_ids, "description": description})
        objects = self.recordings.arn_for_objects(f"{_PREFIX}/*")
        self.role = service_role(
            self,
            "browser-custom",
            name,
            "records the sessions of a browser",
            [
                iam.PolicyStatement(
                    actions=["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
                    resources=[objects],
                ),
                iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn]),
            ],
        )
        acknowledge(
            self.role,
            wildcard_resource(self, objects),
            reason="Every recording of this browser goes below one prefix, under a key that the service chooses.",
        )
        self.browser = agentcore.BrowserCustom(
            self,
            "Resource",
            browser_custom_name=name,
            description=description,
            execution_role=as_written(self, self.role),
            network_configuration=agentcore.BrowserNetworkConfiguration.using_vpc(
                self, vpc=network.vpc, vpc_subnets=network.subnets, security_groups=[group]
            ),
            recording_config=agentcore.RecordingConfig(
                enabled=True,
                s3_location=s3.Location(bucket_name=self.recordings.bucket_name, object_key=_PREFIX),
            ),
        )
        network.admit(self.browser)

    def grant_use(self, grantee: iam.IGrantable) -> iam.Grant:
        """
        Let *grantee* start, drive and stop sessions of this browser; nobody may watch them live.

        Args:
            grantee: Who may, such as a runtime.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[
                "bedrock-agentcore:GetBrowserSession",
                "bedrock-agentcore:StartBrowserSession",
                "bedrock-agentcore:StopBrowserSession",
                "bedrock-agentcore:UpdateBrowserStream",
            ],
            resource_arns=[self.browser.browser_arn],
        )

    def metric_errors(self) -> cloudwatch.Metric:
        """Return how many starts of a session the service failed."""
        return self.browser.metric_system_errors_for_api_operation(_COUNTED)

    def metric_throttles(self) -> cloudwatch.Metric:
        """Return how many starts of a session were refused for their rate."""
        return self.browser.metric_throttles_for_api_operation(_COUNTED)
