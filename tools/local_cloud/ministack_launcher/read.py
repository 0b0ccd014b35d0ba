"""Small readers for rows: a field of the answer, a property, the physical id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.local_cloud.layout import ACCOUNT, REGION
from tools.local_cloud.ministack_launcher.errors import ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.local_cloud.ministack_launcher.row import Parameters, Reader, Resource


def answered(path: str) -> Reader:
    """The member at *path* of the create call's answer, such as `knowledgeBase.knowledgeBaseId` or `Ids.0`."""

    def read(resource: Resource) -> Any:
        value: Any = resource.response
        for step in path.split("."):
            try:
                value = value[int(step)] if step.isdigit() else value[step]
            except (KeyError, IndexError) as error:
                raise ProvisioningError(f"the answer has no {path}") from error
        return value

    return read


def given(name: str) -> Reader:
    """The property called *name*."""
    return lambda resource: resource.properties[name]


def identity(resource: Resource) -> str:
    """The physical id."""
    return resource.physical_id


def part(index: int) -> Reader:
    """Part *index* of a physical id whose parts are joined by `|`."""
    return lambda resource: resource.physical_id.split("|")[index]


def joined(*readers: Reader) -> Reader:
    """Several values joined by `|`, as CloudFormation does for two-part ids."""
    return lambda resource: "|".join(str(read(resource)) for read in readers)


def arn(service: str, path: str) -> Reader:
    """An ARN of this account, with `{Property}` in *path* filled in and `{id}` for the physical id."""

    def read(resource: Resource) -> str:
        filled = path.format(**{**resource.properties, "id": resource.physical_id})
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{filled}"

    return read


def send(**members: Reader) -> Parameters:
    """Parameters that hold just these members."""

    def build(resource: Resource) -> Mapping[str, Any]:
        return {name: read(resource) for name, read in members.items()}

    return build


def also(**members: Reader) -> Parameters:
    """The properties with these members on top."""

    def build(resource: Resource) -> Mapping[str, Any]:
        return {**resource.properties, **{name: read(resource) for name, read in members.items()}}

    return build


def is_true(value: Any) -> bool:
    """A template's boolean, which may be the word."""
    return str(value).lower() == "true"
