"""The create, update and delete handlers that MiniStack's provisioner calls, made from a row."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tools.local_cloud.ministack_launcher.api import RefusedError, call
from tools.local_cloud.ministack_launcher.errors import ProvisioningError
from tools.local_cloud.ministack_launcher.row import Call, Properties, Resource, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

Made = tuple[str, dict[str, Any]]


@dataclass(slots=True)
class RowHandlers:
    """
    What MiniStack calls for one type.

    Args:
        row: The type's row.
    """

    row: Row
    # What is needed again later, by physical id: the name that was made up, and the answer to the create call.
    _names: dict[str, str] = field(default_factory=dict)
    _answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> Made:
        """Make the resource; when a later step fails, remove it again before reporting."""
        resource = Resource(properties=self._named(properties, stack_name, logical_id))
        response = self._call(self.row.create, resource)
        resource = replace(resource, response=response)
        resource = replace(resource, physical_id=str(self.row.physical_id(resource)))
        try:
            self._settle(resource)
        except ProvisioningError:
            self._delete(resource)
            raise
        if self.row.name is not None and self.row.name.property not in properties:
            self._names[resource.physical_id] = resource.properties[self.row.name.property]
        self._answers[resource.physical_id] = response
        return resource.physical_id, self._attributes(resource)

    def update(self, physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str) -> Made:
        """Change the resource in place, or make a new one; MiniStack deletes the old one afterwards."""
        changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        if self.row.update is None or changed & self.row.replaces:
            return self.create(logical_id, new, stack_name)
        resource = Resource(properties=self._kept_name(new, physical_id), physical_id=physical_id, previous=old)
        answer = self._call(self.row.update, resource)
        resource = replace(resource, response={**self._answers.get(physical_id, {}), **answer})
        self._settle(resource)
        return physical_id, self._attributes(resource)

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Remove the resource; what is gone already is fine, any other refusal is an error."""
        resource = Resource(
            properties=self._kept_name(properties, physical_id),
            physical_id=physical_id,
            response=self._answers.get(physical_id, {}),
        )
        self._delete(resource)
        self._names.pop(physical_id, None)
        self._answers.pop(physical_id, None)

    def _delete(self, resource: Resource) -> None:
        for step in self.row.delete:
            try:
                self._call(step, resource)
            except RefusedError as error:
                if not error.says_gone:
                    raise

    def _settle(self, resource: Resource) -> None:
        for step in self.row.settle:
            self._call(step, resource)

    def _call(self, step: Call, resource: Resource) -> dict[str, Any]:
        if not step.applies(resource):
            return {}
        parameters = dict(step.parameters(resource))
        if step in (self.row.create, self.row.update):
            parameters = {k: v for k, v in parameters.items() if k not in self.row.consumed}
        return call(step.service or self.row.service, step.operation, parameters, self.row.renames)

    def _attributes(self, resource: Resource) -> dict[str, Any]:
        return {name: read(resource) for name, read in self.row.attributes.items()}

    def _named(self, properties: Properties, stack_name: str, logical_id: str) -> Properties:
        name = self.row.name
        if name is None or name.property in properties:
            return properties
        return {**properties, name.property: made_up_name((stack_name, logical_id), name.max_length, name.lowercase)}

    def _kept_name(self, properties: Properties, physical_id: str) -> Properties:
        name = self.row.name
        if name is None or name.property in properties or physical_id not in self._names:
            return properties
        return {**properties, name.property: self._names[physical_id]}


def made_up_name(parts: Iterable[str], max_length: int, lowercase: bool) -> str:
    """
    A name in CloudFormation's manner: stack, logical id and a random end, so that a replacement can stand beside it.

    Args:
        parts: What the name begins with.
        max_length: Longest name allowed, characters; the random end always survives.
        lowercase: Whether capitals are refused.
    """
    end = secrets.token_hex(6).upper()
    begin = "-".join(parts)[: max_length - len(end) - 1].rstrip("-")
    name = f"{begin}-{end}"
    return name.lower() if lowercase else name
