"""Wrap MiniStack's own handlers of a type so that what they leave out is put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.api import RefusedError, call
from tools.local_cloud.ministack_launcher.errors import ProvisioningError
from tools.local_cloud.ministack_launcher.row import Call, Resource, Supplement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def supplement(handlers: dict[str, Any], extra: Supplement) -> dict[str, Any]:
    """
    The handlers of one type with *extra* around them.

    Args:
        handlers: MiniStack's entry of the type.
        extra: What to add.

    Returns:
        dict[str, Any]: A new entry; the given one is left as it is.
    """
    create: Callable[..., tuple[str, dict[str, Any]]] = handlers["create"]
    update: Callable[..., tuple[str, dict[str, Any]]] = handlers["update"]
    delete: Callable[..., None] = handlers["delete"]

    def named(properties: Mapping[str, Any], physical_id: str) -> Mapping[str, Any]:
        return {extra.name: physical_id, **properties} if extra.name else properties

    def created(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
        physical_id, attributes = create(logical_id, properties, stack_name)
        resource = Resource(properties=properties, physical_id=physical_id, response=attributes)
        try:
            _settle(extra, resource)
        except ProvisioningError:
            delete(physical_id, properties)
            raise
        return physical_id, {**_read(extra, resource), **attributes}

    def updated(
        physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], stack_name: str, *rest: Any
    ) -> tuple[str, dict[str, Any]]:
        now_id, attributes = update(physical_id, named(old, physical_id), named(new, physical_id), stack_name, *rest)
        resource = Resource(properties=new, physical_id=now_id, response=attributes, previous=old)
        _settle(extra, resource)
        return now_id, {**_read(extra, resource), **attributes}

    def deleted(physical_id: str, properties: Mapping[str, Any], *rest: Any) -> None:
        resource = Resource(properties=properties, physical_id=physical_id)
        for step in extra.before_delete:
            try:
                _make(extra, step, resource)
            except RefusedError as error:
                if not error.says_gone:
                    raise
        delete(physical_id, properties, *rest)

    return {**handlers, "create": created, "update": updated, "delete": deleted}


def _settle(extra: Supplement, resource: Resource) -> None:
    for step in extra.settle:
        _make(extra, step, resource)


def _make(extra: Supplement, step: Call, resource: Resource) -> None:
    if step.applies(resource):
        call(step.service or extra.service, step.operation, step.parameters(resource), extra.renames)


def _read(extra: Supplement, resource: Resource) -> dict[str, Any]:
    return {name: read(resource) for name, read in extra.attributes.items()}
