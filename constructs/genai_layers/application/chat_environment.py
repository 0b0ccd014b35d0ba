"""What the chat was asked for, checked, and told to its function."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from constructs import IConstruct

from genai_layers.application.api import Api
from genai_layers.application.chat_machines import machine_faults, told_machines
from genai_layers.application.chat_routes import ChatRoutes
from genai_layers.application.chat_values import TENANT_GROUP_PREFIX, Retrieval, TokenBudget
from genai_layers.application.machine_client import MachineClient
from genai_layers.platform.interfaces import IGuardrail, IKnowledgeBase, IRerankedKnowledgeBase

MAX_INSTRUCTIONS = 2_000
"""Characters of the longest addition; all settings of a function together have 4 KB (Lambda quotas)."""

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatWishes:
    """What a chat is asked for; see `ChatService` for each."""

    routes: ChatRoutes
    max_output_tokens: int
    retention: Duration
    budget: TokenBudget
    retrieval: Retrieval
    history_exchanges: int
    instructions: str | None
    temperature: float | None
    allowed_groups: tuple[str, ...]
    link_hosts: tuple[str, ...]
    machines: tuple[MachineClient, ...] = ()

    def faults(self) -> list[str]:
        """Return what is wrong with them."""
        faults = [*self.routes.faults(), *self.budget.faults(), *self.retrieval.faults()]
        longest = self.routes.longest_answer
        if self.max_output_tokens < 1 or (longest is not None and self.max_output_tokens > longest[0]):
            allowed = "at least 1" if longest is None else f"1 to {longest[0]}, the most that {longest[1]} writes"
            faults.append(f"max_output_tokens is {self.max_output_tokens}: give {allowed}")
        if self.budget.per_user is not None and self.max_output_tokens >= self.budget.per_user:
            faults.append(
                f"budget.per_user {self.budget.per_user} leaves no room for one answer of max_output_tokens "
                f"{self.max_output_tokens}: raise it or shorten the answer"
            )
        if self.budget.per_tenant is not None and not self.retrieval.has_tenants:
            faults.append("budget.per_tenant is given but retrieval.has_tenants is not: give both or neither")
        days = self.retention.to_days(integral=False)
        if days < 1 or days != int(days):
            faults.append(f"conversation_retention is {days:g} days: give whole days, at least 1")
        if not 0 <= self.history_exchanges <= 50:
            faults.append(f"history_exchanges is {self.history_exchanges}: give 0 to 50")
        if self.instructions is not None and not 1 <= len(self.instructions) <= MAX_INSTRUCTIONS:
            faults.append(f"instructions has {len(self.instructions)} characters: give 1 to {MAX_INSTRUCTIONS}")
        if self.temperature is not None and not 0 <= self.temperature <= 1:
            faults.append(f"temperature is {self.temperature}: give 0 to 1")
        faults += [
            f"link_hosts holds {host!r}: give the name of a host in lower case, as in 'docs.example.com'"
            for host in self.link_hosts
            if not _HOST.fullmatch(host)
        ]
        faults += machine_faults(self.machines, has_tenants=self.retrieval.has_tenants, budget=self.budget)
        return faults


def environment(
    wishes: ChatWishes,
    *,
    scope: IConstruct,
    guardrail: IGuardrail,
    knowledge_base: IKnowledgeBase,
    table: dynamodb.ITable,
    api: Api,
) -> dict[str, str]:
    """
    Return the environment of the function: plain settings, no secret among them.

    Args:
        wishes: What the chat was asked for.
        scope: Where the function is defined.
        guardrail: Judges.
        knowledge_base: Finds passages.
        table: Keeps conversations.
        api: Passes requests on.
    """
    settings = {
        **wishes.routes.settings(scope),
        "GUARDRAIL_ID": guardrail.guardrail_id,
        "GUARDRAIL_VERSION": guardrail.version,
        # The function does not read it: it makes this stack follow the guardrail of another one.
        "GUARDRAIL_REVISION": guardrail.revision,
        "KNOWLEDGE_BASE_ID": knowledge_base.knowledge_base_id,
        "RERANKING_MODEL_ARN": (
            knowledge_base.reranking_model.arn if isinstance(knowledge_base, IRerankedKnowledgeBase) else None
        ),
        "TABLE_NAME": table.table_name,
        "ALLOWED_CLIENTS": " ".join(api.client_ids),
        "MACHINE_CLIENTS": told_machines(wishes.machines),
        "ALLOWED_ORIGINS": " ".join(api.allowed_origins) or None,
        "MAX_OUTPUT_TOKENS": str(wishes.max_output_tokens),
        "PASSAGES": str(wishes.retrieval.passages),
        "HISTORY_EXCHANGES": str(wishes.history_exchanges),
        "RETENTION_DAYS": str(int(wishes.retention.to_days())),
        "INSTRUCTIONS": wishes.instructions,
        "INSPECT_PASSAGES": "true" if wishes.retrieval.is_inspected else None,
        "TEMPERATURE": None if wishes.temperature is None else format(wishes.temperature, "g"),
        "USER_TOKENS_PER_DAY": _text(wishes.budget.per_user),
        "TENANT_TOKENS_PER_DAY": _text(wishes.budget.per_tenant),
        "TENANT_GROUP_PREFIX": TENANT_GROUP_PREFIX if wishes.retrieval.has_tenants else None,
        "ALLOWED_GROUPS": " ".join(wishes.allowed_groups) or None,
        "LINK_HOSTS": " ".join(wishes.link_hosts) or None,
    }
    return {name: value for name, value in settings.items() if value is not None}


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)
