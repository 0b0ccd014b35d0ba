"""
Prices of Bedrock while nobody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genai_layers.cost.items import Item, Pricer, Unknown, UsageOnly, free
from genai_layers.cost.resource import Resource

# Section of a guardrail's properties -> its price line; word filters are free.
GUARDRAIL_LINES: Mapping[str, str] = {
    "ContentPolicyConfig": "bedrock:guardrail-content",
    "TopicPolicyConfig": "bedrock:guardrail-topic",
    "SensitiveInformationPolicyConfig": "bedrock:guardrail-pii",
    "ContextualGroundingPolicyConfig": "bedrock:guardrail-grounding",
    "AutomatedReasoningPolicyConfig": "bedrock:guardrail-reasoning",
}


def _guardrail(guardrail: Resource) -> Iterable[Item]:
    lines = tuple(line for section, line in GUARDRAIL_LINES.items() if guardrail.properties.get(section))
    return (UsageOnly(what="guardrail", lines=lines),)


def _knowledge_base(base: Resource) -> Iterable[Item]:
    """
    Free, but for what the service does itself: it writes SQL, or keeps the vectors.
    """
    match base.at("KnowledgeBaseConfiguration", "Type"):
        case "SQL":
            return (UsageOnly(what="knowledge base that writes SQL", lines=("bedrock:sql-generation",)),)
        case "MANAGED":
            reason = "the catalog has no prices of what the service keeps and finds"
            return (Unknown(what="managed knowledge base", reason=reason),)
        case _:
            return ()


def _provisioned(_: Resource) -> Iterable[Item]:
    reason = "its price is by agreement; ask the Price List API"
    return (Unknown(what="provisioned throughput", reason=reason),)


def _router(_: Resource) -> Iterable[Item]:
    reason = "each request that is routed is paid for besides its tokens, and the catalog has no dated price of one"
    return (Unknown(what="prompt router", reason=reason),)


LINES: Mapping[str, Pricer] = {
    "AWS::Bedrock::Guardrail": _guardrail,
    "AWS::Bedrock::IntelligentPromptRouter": _router,
    "AWS::Bedrock::KnowledgeBase": _knowledge_base,
    "AWS::Bedrock::ProvisionedModelThroughput": _provisioned,
    **dict.fromkeys(
        (
            "AWS::Bedrock::Agent",
            "AWS::Bedrock::AgentAlias",
            "AWS::Bedrock::ApplicationInferenceProfile",
            "AWS::Bedrock::DataSource",
            "AWS::Bedrock::EnforcedGuardrailConfiguration",
            "AWS::Bedrock::Flow",
            "AWS::Bedrock::FlowAlias",
            "AWS::Bedrock::FlowVersion",
            "AWS::Bedrock::GuardrailVersion",
            "AWS::Bedrock::Prompt",
            "AWS::Bedrock::PromptVersion",
        ),
        free,
    ),
}
