"""Programs that a chat answers: on which routes, for which tenant, and with how many tokens."""

from __future__ import annotations

from collections.abc import Sequence

from genai_layers.application.chat_values import TokenBudget
from genai_layers.application.machine_client import MachineClient
from genai_layers.application.token_audience import ApiScope


def scopes_of(route: str, machines: Sequence[MachineClient]) -> list[ApiScope]:
    """
    Return the scopes of programs that may use a route of a chat; none where no program has the one that it takes.

    Args:
        route: Method and path.
        machines: Programs that the chat answers.
    """
    wanted = ApiScope.CONVERSATIONS if " /conversations" in route else ApiScope.ASK
    return [wanted] if any(wanted in machine.scopes for machine in machines) else []


def told_machines(machines: Sequence[MachineClient]) -> str | None:
    """Return what the function is told of *machines*: client, tenant and tokens of each; None where there are none."""
    return " ".join(f"{one.client_id}/{one.tenant or ''}/{one.tokens_per_day or ''}" for one in machines) or None


def machine_faults(machines: Sequence[MachineClient], *, has_tenants: bool, budget: TokenBudget) -> list[str]:
    """
    Return what keeps a chat from answering *machines*.

    Args:
        machines: Programs that it is to answer.
        has_tenants: Whether its documents belong to tenants.
        budget: Tokens of its users.
    """
    faults = []
    for one in machines:
        if has_tenants and one.tenant is None:
            faults.append(f"machine {one.node.id!r} has no tenant but retrieval.has_tenants is set: give it one")
        if one.tenant is not None and not has_tenants:
            faults.append(
                f"machine {one.node.id!r} has a tenant but retrieval.has_tenants is not: give both or neither"
            )
        if one.tokens_per_day is None and budget.per_user is None:
            faults.append(f"machine {one.node.id!r} has no limit of tokens: give tokens_per_day or budget.per_user")
    return faults
