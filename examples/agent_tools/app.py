"""An agent that Bedrock runs, and one of your own with permitted tools, a memory, a browser and a place for code."""

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from genai_layers.foundation import AccessLogBucket, EncryptionKey, InterfaceEndpoint, KeyUse, Network
from genai_layers.foundation.nag import attach_checks, synthesize
from genai_layers.operations import Monitoring
from genai_layers.platform import FoundationModel, Guardrail
from genai_layers.platform.agents import (
    ActionGroup,
    Agent,
    AgentAlias,
    AgentBrowser,
    AgentGateway,
    AgentIdentity,
    AgentImage,
    AgentMemory,
    AgentNetwork,
    AgentRuntime,
    CodeInterpreter,
    InboundAccess,
    Parameter,
    Remembered,
    Tool,
    ToolCaller,
    ToolPermissions,
)

MODEL = "amazon.nova-lite-v1:0"

app = cdk.App(builtin_cloud_formation_validation=False)
attach_checks(app)
environment = cdk.Environment(account="111122223333", region="us-east-1")

# A stack of its own: AgentCore's network interfaces outlive the agents by hours.
place = cdk.Stack(app, "AgentNetwork", env=environment)
network = Network(
    place,
    "Network",
    flow_log_key=EncryptionKey(place, "Key", description="network", uses=[KeyUse.LOGS, KeyUse.LAMBDA]).key,
    log_retention=logs.RetentionDays.ONE_YEAR,
    zone_ids=["use1-az1", "use1-az2"],
)
network.require(
    *AgentRuntime.REQUIRED_ENDPOINTS,
    InterfaceEndpoint.BEDROCK_RUNTIME,
    InterfaceEndpoint.BEDROCK_AGENTCORE,
    InterfaceEndpoint.BEDROCK_AGENTCORE_GATEWAY,
)

stack = cdk.Stack(app, "Agents", env=environment)
uses = [KeyUse.LOGS, KeyUse.GUARDRAIL, KeyUse.AGENT, *Monitoring.REQUIRED_KEY_USES]
key = EncryptionKey(stack, "Key", description="agents", uses=uses).key
guardrail = Guardrail(stack, "Guardrail", key=key)
model = FoundationModel.of(stack, MODEL)
# The function that knows the orders; it stands already.
orders = lambda_.Function.from_function_attributes(
    stack,
    "Orders",
    function_arn="arn:aws:lambda:us-east-1:111122223333:function:orders",
    same_environment=True,
)
order = {"order": Parameter(description="Number of the order")}
find = Tool.reading("find_order", "Finds an order by its number.", order)
cancel = Tool.writing("cancel_order", "Cancels an order that was not sent yet.", order)

clerk = Agent(
    stack,
    "Clerk",
    key=key,
    model=model,
    guardrail=guardrail,
    instruction="You answer questions about orders, and change them only when you are asked to.",
    action_groups=[ActionGroup(name="orders", tools=[find, cancel], function=orders)],
)
live: AgentAlias = clerk.add_alias("Live")

agents = AgentNetwork(stack, "Place", vpc=network.vpc)
digest = app.node.try_get_context("digest") or "sha256:" + "0" * 64
runtime = AgentRuntime(
    stack,
    "Runtime",
    image=AgentImage(repository=ecr.Repository.from_repository_name(stack, "Images", "agent"), digest=digest),
    network=agents,
    access=InboundAccess.iam(),
    key=key,
)
model.grant_invoke(runtime, guardrail=guardrail)

gateway = AgentGateway(stack, "Tools", key=key, access=InboundAccess.iam())
gateway.add_tools("Orders", orders, [find])
gateway.grant_invoke(runtime)
permissions: ToolPermissions = gateway.add_permissions("Permissions")
permissions.permit("Runtime", ToolCaller.role(stack, runtime.role), [find])

memory = AgentMemory(stack, "Memory", key=key, remembered=[Remembered.PREFERENCES])
memory.grant_read_write(runtime)
recordings = AccessLogBucket(stack, "AccessLogs").bucket
browser = AgentBrowser(stack, "Browser", network=agents, key=key, access_logs=recordings)
browser.grant_use(runtime)
code = CodeInterpreter(stack, "Code", network=agents)
code.grant_use(runtime)
AgentIdentity(stack, "Identity").grant_use(runtime)

monitoring = Monitoring(stack, "Monitoring", key=key)
for name, part in {
    "Clerk": live,
    "Runtime": runtime,
    "Gateway": gateway,
    "Memory": memory,
    "Browser": browser,
    "Code": code,
}.items():
    monitoring.monitor_agent(part, id=name)
monitoring.monitor_permissions(permissions)
monitoring.monitor_guardrail(guardrail)

cdk.CfnOutput(stack, "Alias", value=live.alias_arn)
synthesize(app)
