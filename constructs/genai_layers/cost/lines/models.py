"""
Prices of Bedrock and vector stores while nobody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from genai_layers.cost.items import Item, Pricer, Unknown, UsageOnly, free, hourly, used
from genai_layers.cost.resource import Resource

# OpenSearch Serverless developer guide: half a unit each for indexing and search, twice with standby replicas.
_UNITS_WITH_STANDBY, _UNITS_ALONE = Decimal(2), Decimal(1)

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


def _collection(collection: Resource) -> Iterable[Item]:
    if collection.at("CollectionGroupName"):
        reason = "the units belong to its collection group"
        return (Unknown(what="OpenSearch Serverless collection", reason=reason),)
    units = _UNITS_ALONE if collection.at("StandbyReplicas") == "DISABLED" else _UNITS_WITH_STANDBY
    note = "collections of one key share these units"
    return (hourly(f"OpenSearch Serverless, {units} units at least", "opensearchserverless:ocu", units, note),)


def _provisioned(_: Resource) -> Iterable[Item]:
    reason = "its price is by agreement; ask the Price List API"
    return (Unknown(what="provisioned throughput", reason=reason),)


LINES: Mapping[str, Pricer] = {
    "AWS::Bedrock::Guardrail": _guardrail,
    "AWS::Bedrock::ProvisionedModelThroughput": _provisioned,
    "AWS::OpenSearchServerless::Collection": _collection,
    "AWS::S3Vectors::Index": used("vector index", "s3vectors:storage", "s3vectors:put", "s3vectors:query"),
    **dict.fromkeys(
        (
            "AWS::Bedrock::Agent",
            "AWS::Bedrock::AgentAlias",
            "AWS::Bedrock::ApplicationInferenceProfile",
            "AWS::Bedrock::DataSource",
            "AWS::Bedrock::EnforcedGuardrailConfiguration",
            "AWS::Bedrock::GuardrailVersion",
            "AWS::Bedrock::KnowledgeBase",
            "AWS::Bedrock::Prompt",
            "AWS::Bedrock::PromptVersion",
            "AWS::OpenSearchServerless::AccessPolicy",
            "AWS::OpenSearchServerless::Index",
            "AWS::OpenSearchServerless::SecurityPolicy",
            "AWS::S3Vectors::VectorBucket",
            "AWS::S3Vectors::VectorBucketPolicy",
        ),
        free,
    ),
}
