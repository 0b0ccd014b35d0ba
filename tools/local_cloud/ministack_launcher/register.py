"""Put the table into MiniStack's provisioner registry (private names, hence the exact pin)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services.cloudformation import provisioners, stacks

from tools.local_cloud.ministack_launcher.handlers import RowHandlers
from tools.local_cloud.ministack_launcher.shared_type import shared
from tools.local_cloud.ministack_launcher.supplements import supplement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.local_cloud.ministack_launcher.row import Row, Supplement


def register(rows: Iterable[Row], supplements: Iterable[Supplement]) -> None:
    """
    Add *rows* to MiniStack's registry and wrap the types that *supplements* name.

    Our handlers call back over HTTP, so their types are run off the event loop that has to answer them.
    """
    registry: dict[str, dict[str, Any]] = provisioners._RESOURCE_HANDLERS
    own: set[str] = set()
    for row in rows:
        entry = _entry(RowHandlers(row))
        registry[row.type] = entry if row.only_if is None else shared(registry[row.type], entry, row.only_if)
        own.add(row.type)
    for extra in supplements:
        registry[extra.type] = supplement(registry[extra.type], extra)
        own.add(extra.type)
    theirs = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda resource_type: resource_type in own or theirs(resource_type)


def _entry(handlers: RowHandlers) -> dict[str, Any]:
    return {
        "create": handlers.create,
        "update": handlers.update,
        "update_with_logical_id": True,
        "delete": handlers.delete,
    }
