"""Agents and what they stand on, in stacks of one app."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_logs as logs

from genai_layers import testing
from genai_layers.foundation import AccessLogBucket, EncryptionKey, KeyUse, Network, PythonFunction
from genai_layers.platform import FoundationModel, Guardrail
from genai_layers.platform.agents import (
    ActionGroup,
    Agent,
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
)

ZONES = {
    "us-east-1": ("use1-az1", "use1-az2"),
    "eu-west-1": ("euw1-az1", "euw1-az2"),
    "ap-northeast-1": ("apne1-az1", "apne1-az4"),
}
DIGEST = "sha256:" + "a" * 64
INSTRUCTION = "You answer questions about orders, and change them only when you are asked to."
MODEL = "amazon.nova-lite-v1:0"
ORDER = {"order": Parameter(description="Number of the order")}
FIND = Tool.reading("find_order", "Finds an order by its number.", ORDER)
CANCEL = Tool.writing("cancel_order", "Cancels an order.", ORDER)


def stacks(region="us-east-1", zone_ids=None, app=None) -> tuple[cdk.Stack, Network]:
    """Return a stack for agents, and a network in a stack of its own."""
    app = testing.app() if app is None else app
    home = testing.stack(app, "Network", region=region)
    key = EncryptionKey(home, "Key", description="network", uses=[KeyUse.LOGS, KeyUse.LAMBDA])
    network = Network(
        home,
        "Network",
        flow_log_key=key.key,
        log_retention=logs.RetentionDays.ONE_YEAR,
        zone_ids=ZONES.get(region, ()) if zone_ids is None else zone_ids,
    )
    return testing.stack(app, "Agents", region=region), network


def key_of(stack) -> EncryptionKey:
    """Return the key of a stack, made once."""
    found = stack.node.try_find_child("Key")
    uses = [KeyUse.LOGS, KeyUse.LAMBDA, KeyUse.AGENT, KeyUse.GUARDRAIL]
    return found or EncryptionKey(stack, "Key", description="agents", uses=uses)


def image(stack, digest=DIGEST) -> AgentImage:
    """Return an image of a repository of the account."""
    found = stack.node.try_find_child("Images")
    repository = found or ecr.Repository.from_repository_name(stack, "Images", "agents")
    return AgentImage(repository=repository, digest=digest)


def runtime(stack, place, id="Clerk", **props) -> AgentRuntime:
    """Return a runtime that takes signed requests."""
    given = {"image": image(stack), "network": place, "access": InboundAccess.iam(), "key": key_of(stack).key}
    return AgentRuntime(stack, id, **{**given, **props})


def guardrail(stack, **props) -> Guardrail:
    """Return a guardrail."""
    return Guardrail(stack, "Guardrail", key=key_of(stack).key, **props)


def function(stack, id="Orders") -> PythonFunction:
    """Return a function that could run actions."""
    return PythonFunction(
        stack,
        id,
        handler_folder="chat",
        description="runs actions",
        key=key_of(stack).key,
        log_retention=logs.RetentionDays.ONE_YEAR,
    )


def agent(stack, id="Clerk", **props) -> Agent:
    """Return a Bedrock agent with nothing but a model and a guardrail."""
    found = stack.node.try_find_child("Guardrail")
    given = {
        "key": key_of(stack).key,
        "model": FoundationModel.of(stack, MODEL),
        "guardrail": found or guardrail(stack),
        "instruction": INSTRUCTION,
    }
    return Agent(stack, id, **{**given, **props})


def orders(stack, *tools) -> ActionGroup:
    """Return an action group with a function of its own."""
    return ActionGroup(name="orders", tools=tools or (FIND, CANCEL), function=function(stack).function)


def everything(region="us-east-1", app=None) -> cdk.Stack:
    """Return a stack with every part of AgentCore and a Bedrock agent."""
    stack, network = stacks(region, app=app)
    key = key_of(stack).key
    place = AgentNetwork(stack, "Place", vpc=network.vpc)
    clerk = runtime(stack, place)
    gateway = AgentGateway(stack, "Tools", key=key, access=InboundAccess.iam())
    gateway.add_tools("Orders", function(stack, "Find").function, [FIND])
    gateway.grant_invoke(clerk)
    memory = AgentMemory(stack, "Memory", key=key, remembered=list(Remembered))
    memory.grant_read_write(clerk)
    logs_bucket = AccessLogBucket(stack, "AccessLogs").bucket
    AgentBrowser(stack, "Browser", network=place, key=key, access_logs=logs_bucket).grant_use(clerk)
    CodeInterpreter(stack, "Code", network=place).grant_use(clerk)
    AgentIdentity(stack, "Identity").grant_use(clerk)
    FoundationModel.of(stack, MODEL).grant_invoke(clerk, guardrail=guardrail(stack))
    agent(stack, "Assistant", action_groups=[orders(stack)]).add_alias("Live")
    return stack
