"""
Prices of agents while nobody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from genai_layers.cost.items import Charged, Item, Pricer, Unknown, UsageOnly, free, used
from genai_layers.cost.resource import Resource

_TOOLS_PER_UNIT = 100
_COMPUTE = ("agentcore:vcpu", "agentcore:memory")


def _gateway(gateway: Resource) -> Iterable[Item]:
    searched = gateway.at("ProtocolConfiguration", "Mcp", "SearchType") == "SEMANTIC"
    lines = ("agentcore:gateway-calls", *(("agentcore:gateway-searches",) if searched else ()))
    return (UsageOnly(what="agent gateway", lines=lines),)


def _target(target: Resource) -> Iterable[Item]:
    tools = target.many("TargetConfiguration", "Mcp", "Lambda", "ToolSchema", "InlinePayload")
    if not tools:
        return ()
    indexed = Decimal(len(tools)) / _TOOLS_PER_UNIT
    return (Charged(what=f"{len(tools)} indexed tools", line="agentcore:indexed-tools", per_month=indexed),)


def _memory(memory: Resource) -> Iterable[Item]:
    kept = ("agentcore:memory-records", "agentcore:memory-retrievals") if memory.many("MemoryStrategies") else ()
    return (UsageOnly(what="agent memory", lines=("agentcore:memory-events", *kept)),)


def _policy_engine(_: Resource) -> Iterable[Item]:
    reason = "each decision is paid for, and the catalog has no dated price of one"
    return (Unknown(what="permissions of tools", reason=reason),)


LINES: Mapping[str, Pricer] = {
    "AWS::BedrockAgentCore::BrowserCustom": used("browser of agents", *_COMPUTE),
    "AWS::BedrockAgentCore::CodeInterpreterCustom": used("code interpreter of agents", *_COMPUTE),
    "AWS::BedrockAgentCore::Gateway": _gateway,
    "AWS::BedrockAgentCore::GatewayTarget": _target,
    "AWS::BedrockAgentCore::Memory": _memory,
    "AWS::BedrockAgentCore::PolicyEngine": _policy_engine,
    "AWS::BedrockAgentCore::Runtime": used("agent runtime", *_COMPUTE),
    **dict.fromkeys(
        (
            "AWS::BedrockAgentCore::ApiKeyCredentialProvider",
            "AWS::BedrockAgentCore::Policy",
            "AWS::BedrockAgentCore::RuntimeEndpoint",
            "AWS::BedrockAgentCore::WorkloadIdentity",
            "AWS::Logs::Delivery",
            "AWS::Logs::DeliveryDestination",
            "AWS::Logs::DeliverySource",
            "AWS::XRay::ResourcePolicy",
        ),
        free,
    ),
}
