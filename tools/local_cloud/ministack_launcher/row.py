"""
What one row of the provisioner table says about one CloudFormation type.

A row holds names, not code that knows an emulator: the calls go through the public AWS API,
and property names and types are read off botocore's service model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """
    One resource while a call about it is being made.

    Attributes:
        properties: The template's properties, the generated name included.
        physical_id: What `Ref` gives; empty until the resource exists.
        response: The answer to the create call, with that to the update call on top; empty before.
        previous: On update, the properties so far; else empty.
    """

    properties: Properties
    physical_id: str = ""
    response: Properties = field(default_factory=dict)
    previous: Properties = field(default_factory=dict)


Reader = Callable[[Resource], Any]
Parameters = Callable[[Resource], Mapping[str, Any]]


def all_properties(resource: Resource) -> Mapping[str, Any]:
    """The parameters of a call that takes the properties as they are."""
    return resource.properties


@dataclass(frozen=True, slots=True)
class Call:
    """
    One API call.

    Attributes:
        operation: Its name in the service model, such as `CreateGuardrail`.
        parameters: What to send. Default: the resource's properties.
        applies: Whether to make it. Default: always.
        service: botocore's name of the service. Default: the row's.
    """

    operation: str
    parameters: Parameters = all_properties
    applies: Callable[[Resource], bool] = lambda _: True
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """
    A name that CloudFormation makes up when the template has none.

    Attributes:
        property: The property that holds it.
        max_length: Longest name that the service takes, characters.
        lowercase: Whether capitals are refused.
    """

    property: str
    max_length: int
    lowercase: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    How one CloudFormation type is created, read, changed and deleted.

    Attributes:
        type: The CloudFormation type.
        service: botocore's name of the service.
        create: The call that makes it.
        physical_id: What `Ref` gives.
        delete: The calls that remove it; empty only for what dies with its parent.
        update: The call that changes it in place; None when every change replaces it.
        attributes: What `Fn::GetAtt` gives.
        settle: Calls after create and after update, for what the main call cannot carry.
        name: The name to make up when the template has none.
        replaces: Properties whose change needs a new resource even though an update call exists.
        renames: CloudFormation property -> API member, at any depth, where the two differ.
        only_if: Which resources of the type the row is for; MiniStack's own handlers keep the others.
            Default: all, and MiniStack has none.
        consumed: Properties that `settle`, `create` or `update` read themselves and the main call must not see.
    """

    type: str
    service: str
    create: Call
    physical_id: Reader
    delete: tuple[Call, ...]
    update: Call | None
    attributes: Mapping[str, Reader] = field(default_factory=dict)
    settle: tuple[Call, ...] = ()
    name: Name | None = None
    replaces: frozenset[str] = frozenset()
    renames: Mapping[str, str] = field(default_factory=dict)
    consumed: frozenset[str] = frozenset()
    only_if: Callable[[Properties], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """
    What MiniStack's own handler of a type leaves out, put back through the public API.

    Attributes:
        type: The CloudFormation type.
        service: botocore's name of the service.
        settle: Calls after MiniStack's create and after its update.
        attributes: `Fn::GetAtt` attributes that MiniStack does not answer.
        before_delete: Calls before MiniStack's delete; a refusal fails the delete, as on AWS.
        name: Property that holds the name, for a type whose generated name MiniStack loses on update.
        renames: As on a row.
    """

    type: str
    service: str
    settle: tuple[Call, ...] = ()
    attributes: Mapping[str, Reader] = field(default_factory=dict)
    before_delete: tuple[Call, ...] = ()
    name: str | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
