"""
A resource of a template, as the pricing lines read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from genai_layers.cost.errors import CostError


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """
    One CloudFormation template.

    Attributes:
        stack: Name of the stack, for the report.
        body: The template, parsed.
    """

    stack: str
    body: Mapping[str, Any]

    def __iter__(self) -> Iterator[Resource]:
        resources = self.body.get("Resources", {})
        if not isinstance(resources, Mapping):
            raise CostError(
                f"template of stack {self.stack!r} has no Resources mapping: give a CloudFormation template"
            )
        for logical_id, resource in resources.items():
            yield Resource(
                template=self,
                logical_id=logical_id,
                type=str(resource.get("Type", "")),
                properties=resource.get("Properties") or {},
            )

    def get(self, reference: object) -> Resource | None:
        """
        The resource that a ``Ref`` or ``Fn::GetAtt`` names, if this template has it.
        """
        if not isinstance(reference, Mapping):
            return None
        target = reference.get("Ref")
        attribute = reference.get("Fn::GetAtt")
        if attribute:
            target = attribute[0] if isinstance(attribute, list) else str(attribute).split(".", 1)[0]
        return next((resource for resource in self if resource.logical_id == target), None)

    def resolve(self, value: object) -> object:
        """
        *value*, or the default of the parameter that it refers to; None when only a deploy knows it.
        """
        if not isinstance(value, Mapping) or len(value) != 1:
            return value
        (function,) = value
        if function == "Ref":
            return self.body.get("Parameters", {}).get(value["Ref"], {}).get("Default")
        return None if str(function).startswith("Fn::") else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """
    One resource.

    Attributes:
        template: Template that it stands in.
        logical_id: Its logical id.
        type: CloudFormation type.
        properties: Properties as in the template, intrinsic functions included.
    """

    template: Template
    logical_id: str
    type: str
    properties: Mapping[str, Any]

    def at(self, *path: str) -> Any:
        """
        Value at *path* of the properties; None when absent or known only to a deploy.
        """
        value: object = self.properties
        for step in path:
            value = self.template.resolve(value)
            if not isinstance(value, Mapping):
                return None
            value = value.get(step)
        return self.template.resolve(value)

    def number(self, *path: str) -> Decimal | None:
        """
        Number at *path*; None when absent, not a number, or known only to a deploy.
        """
        value = self.at(*path)
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            return None
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return None

    def many(self, *path: str) -> list[Any]:
        """
        List at *path*; empty when absent.
        """
        value = self.at(*path)
        return value if isinstance(value, list) else []
