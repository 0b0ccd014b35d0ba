"""
Whether the account has room for another knowledge base, data source and guardrail version.

Calls Service Quotas, CloudFormation and Bedrock, read-only. A replacement needs room beside what it replaces, so an
account that is full cannot change what it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from genai_layers.preflight.deployable import Blocker
from genai_layers.preflight.machine_quotas import QuotaFindings
from genai_layers.preflight.quotas import Quota, quotas_by_name
from genai_layers.settings import Settings

# Bedrock user guide, "Quotas": holds where Service Quotas does not list it.
VERSIONS_PER_GUARDRAIL = 20

_PATTERNS = {
    "bases": r"knowledge bases? per account",
    "sources": r"data sources per knowledge base",
    "versions": r"versions per guardrail",
}


def knowledge_quotas(settings: Settings, session: boto3.Session) -> QuotaFindings:
    """
    Return whether there is room for what *settings* makes and replaces.

    Args:
        settings: The environment.
        session: Credentials; its own region is not used.
    """
    region = settings.region
    answer = quotas_by_name(session, region, service="bedrock", patterns=_PATTERNS)
    unread = (answer,) if isinstance(answer, Blocker) else ()
    quotas = {} if isinstance(answer, Blocker) else answer
    agent = session.client("bedrock-agent", region_name=region)
    try:
        ours = _outputs(session, settings)
        blockers: list[Blocker] = []
        notices: list[Blocker] = [*unread]
        if "bases" in quotas:
            room = [*_bases(agent, quotas["bases"], is_first=not ours)]
            (notices if ours else blockers).extend(room)
        if ours and "sources" in quotas:
            notices += _sources(agent, quotas["sources"], ours.get("KnowledgeBaseId"))
        notices += _versions(session.client("bedrock", region_name=region), quotas.get("versions"), ours)
    except (BotoCoreError, ClientError) as fault:
        refused = Blocker(
            f"what the account has of Bedrock cannot be counted ({fault})",
            "allow bedrock:ListKnowledgeBases, bedrock:ListDataSources, bedrock:ListGuardrails and"
            " cloudformation:DescribeStacks",
        )
        return QuotaFindings(notices=(*unread, refused))
    return QuotaFindings(blockers=tuple(blockers), notices=tuple(notices))


def _outputs(session: boto3.Session, settings: Settings) -> dict[str, str]:
    client = session.client("cloudformation", region_name=settings.region)
    try:
        (stack,) = client.describe_stacks(StackName=f"GenAi-{settings.environment}-Platform")["Stacks"]
    except ClientError as fault:
        if "does not exist" not in str(fault):
            raise
        return {}
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}


def _bases(agent: Any, limit: Quota, *, is_first: bool) -> Iterator[Blocker]:
    pages = agent.get_paginator("list_knowledge_bases").paginate()
    count = sum(len(page["knowledgeBaseSummaries"]) for page in pages)
    if count >= limit.value:
        why = "one more is needed" if is_first else "a change that replaces one needs room for one more"
        yield Blocker(
            f"{limit.region} has {count} knowledge bases, {limit.value:g} are allowed, and {why}",
            f"delete one that nobody asks, or {limit.where_to_ask}",
        )


def _sources(agent: Any, limit: Quota, knowledge_base_id: str | None) -> Iterator[Blocker]:
    if knowledge_base_id is None:
        return
    pages = agent.get_paginator("list_data_sources").paginate(knowledgeBaseId=knowledge_base_id)
    count = sum(len(page["dataSourceSummaries"]) for page in pages)
    if count >= limit.value:
        yield Blocker(
            f"knowledge base {knowledge_base_id} has {count} data sources, {limit.value:g} are allowed, and another"
            " chunking or parsing needs room for one more",
            f"delete a source that is not read any more, or {limit.where_to_ask}",
        )


def _versions(bedrock: Any, limit: Quota | None, ours: dict[str, str]) -> Iterator[Blocker]:
    guardrail = ours.get("GuardrailId")
    if guardrail is None:
        return
    pages = bedrock.get_paginator("list_guardrails").paginate(guardrailIdentifier=guardrail)
    count = sum(one["version"] != "DRAFT" for page in pages for one in page["guardrails"])
    most = VERSIONS_PER_GUARDRAIL if limit is None else limit.value
    if count >= most:
        more = "" if limit is None else f", or {limit.where_to_ask}"
        yield Blocker(
            f"guardrail {guardrail} has {count} versions, {most:g} are allowed, and another content needs one more",
            f"delete versions that no role and no caller names with `aws bedrock delete-guardrail`{more}",
        )
