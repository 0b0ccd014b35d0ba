"""
All that the chat keeps of one person, erased because somebody who may do so asked for it.

Invoked by hand, not over the API: `{"user": "<subject of the token>", "tenant": "<name>"}`, without `tenant` where
there are none. It answers how many items went and whether any is left; then it is invoked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..chat.deletion import delete_prefix
from ..chat.identity import subject_faults
from ..chat.model import Caller
from ..chat.store import Store
from ..shared import log
from ..shared.env import Environment

ITEMS_AT_ONCE = 500
"""Items between two looks at the clock."""
MARGIN_SECONDS = 10
"""Left when no more is begun."""


class ErasureError(ValueError):
    """Nobody was named whose data could be erased."""


class Context(Protocol):
    """What Lambda says about an invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until the function is stopped."""


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Erase the person that *event* names."""
    # Only here, so that a request that is refused does without botocore.
    from ..chat.dynamodb import DynamoDbStore

    environment = Environment()
    table_name = environment.text("TABLE_NAME")
    environment.check()
    return erase(event, DynamoDbStore(table_name), context)


def erase(event: Mapping[str, Any], store: Store, context: Context) -> dict[str, Any]:
    """
    Erase conversations, kept answers and counts of the person that *event* names.

    Args:
        event: `user` and, where there are tenants, `tenant`.
        store: The table.
        context: What Lambda says about the invocation.

    Raises:
        ErasureError: *event* names nobody.
    """
    user, tenant = event.get("user"), event.get("tenant")
    faults = subject_faults(user, tenant)
    faults += [f"{name!r} is not a field of a request: allowed are 'user' and 'tenant'" for name in _unknown(event)]
    if faults:
        raise ErasureError("; ".join(faults))
    partition = Caller(user=str(user), tenant=tenant).partition
    total, is_all = 0, False
    while not is_all and context.get_remaining_time_in_millis() > MARGIN_SECONDS * 1000:
        deleted, is_all = delete_prefix(store, partition, "", most=ITEMS_AT_ONCE)
        total += deleted
    log.event("person_erased", user=str(user), tenant=tenant, items=total, stop="complete" if is_all else "partial")
    return {"deleted_items": total, "is_complete": is_all}


def _unknown(event: Mapping[str, Any]) -> list[str]:
    return sorted(set(event) - {"user", "tenant"})
