"""An agent in a container that may run one guarded model, in a network of its own, for callers that sign."""

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_logs as logs

from genai_layers.foundation import EncryptionKey, InterfaceEndpoint, KeyUse, Network
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.platform import FoundationModel, Guardrail
from genai_layers.platform.agents import AgentImage, AgentNetwork, AgentRuntime, InboundAccess

KEPT = logs.RetentionDays.ONE_YEAR
MODEL = "amazon.nova-lite-v1:0"

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
environment = cdk.Environment(region="us-east-1")

# A stack of its own: AgentCore's network interfaces outlive the agents by hours.
place = cdk.Stack(app, "AgentNetwork", env=environment)
network = Network(
    place,
    "Network",
    flow_log_key=EncryptionKey(place, "Key", description="network", uses=[KeyUse.LOGS, KeyUse.LAMBDA]).key,
    log_retention=KEPT,
    zone_ids=["use1-az1", "use1-az2"],
)
network.require(*AgentRuntime.REQUIRED_ENDPOINTS, InterfaceEndpoint.BEDROCK_RUNTIME)

stack = cdk.Stack(app, "Agent", env=environment)
key = EncryptionKey(stack, "Key", description="agent", uses=[KeyUse.LOGS, KeyUse.GUARDRAIL])
guardrail = Guardrail(stack, "Guardrail", key=key.key)

# `cdk synth -c digest=sha256:...`, as `docker push` prints it; without one, the digest of no image.
digest = app.node.try_get_context("digest") or "sha256:" + "0" * 64
agent = AgentRuntime(
    stack,
    "Agent",
    image=AgentImage(repository=ecr.Repository.from_repository_name(stack, "Images", "agent"), digest=digest),
    network=AgentNetwork(stack, "Place", vpc=network.vpc),
    access=InboundAccess.iam(),
    key=key.key,
    environment={
        "MODEL_ID": MODEL,
        "GUARDRAIL_ID": guardrail.guardrail_id,
        "GUARDRAIL_VERSION": guardrail.version,
    },
    description="answers in one sentence",
)
FoundationModel.of(stack, MODEL).grant_invoke(agent, guardrail=guardrail)

cdk.CfnOutput(stack, "Runtime", value=agent.runtime_arn)
synthesize(app)
