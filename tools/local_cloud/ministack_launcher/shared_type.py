"""A type of which MiniStack's own handlers make some resources and a row makes the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.local_cloud.ministack_launcher.row import Properties

Handlers = dict[str, Any]


def shared(theirs: Handlers, ours: Handlers, is_ours: Callable[[Properties], bool]) -> Handlers:
    """
    Handlers that look at a resource's properties to decide who makes it.

    Args:
        theirs: MiniStack's entry of the type.
        ours: The row's.
        is_ours: Whether a resource with these properties is the row's.
    """

    def owner(properties: Properties) -> Handlers:
        return ours if is_ours(properties) else theirs

    def create(logical_id: str, properties: Properties, stack_name: str) -> Any:
        return owner(properties)["create"](logical_id, properties, stack_name)

    def update(physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str) -> Any:
        before, after = owner(old), owner(new)
        if before is after:
            more = (logical_id,) if after.get("update_with_logical_id") else ()
            return after["update"](physical_id, old, new, stack_name, *more)
        made = after["create"](logical_id, new, stack_name)
        if made[0] == physical_id:
            # Under one name MiniStack sees no replacement, so nobody else would take the old one away.
            before["delete"](physical_id, old)
        return made

    def delete(physical_id: str, properties: Properties) -> None:
        owner(properties)["delete"](physical_id, properties)

    return {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}
