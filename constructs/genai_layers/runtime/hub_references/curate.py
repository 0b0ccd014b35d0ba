"""Making and deleting references until the hub holds exactly those of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..shared import clients

KIND = "ModelReference"
_GONE = ("ResourceNotFound", "ResourceNotFoundException")
_THERE = ("ResourceInUse", "ResourceInUseException", "ConflictException")


class Hubs(Protocol):
    """What is used of the SageMaker client."""

    def list_hub_contents(self, **request: Any) -> dict[str, Any]:
        """Return a page of what a hub holds."""
        ...

    def create_hub_content_reference(self, **request: Any) -> dict[str, Any]:
        """Let a hub refer to a public model."""
        ...

    def delete_hub_content_reference(self, **request: Any) -> dict[str, Any]:
        """Let a hub no longer refer to a public model."""
        ...


class CurationError(RuntimeError):
    """Some references could be neither made nor deleted; the message names each."""


@dataclass(frozen=True)
class Curated:
    """
    What was done.

    Attributes:
        made: Models that the hub refers to from now on.
        deleted: Models that it no longer refers to.
    """

    made: tuple[str, ...]
    deleted: tuple[str, ...]


def curate(hub: str, wanted: Mapping[str, str], sagemaker: Hubs) -> Curated:
    """
    Make what is missing and delete what is too much, one after the other.

    Every reference is tried, whatever became of the one before, so that an answer tells all that is wrong.

    Args:
        hub: Name of the hub.
        wanted: ARN of each public model, by the name of its reference.
        sagemaker: Client of SageMaker.

    Raises:
        CurationError: Something could not be made or deleted.
    """
    there = references(hub, sagemaker)
    missing = [name for name in wanted if name not in there]
    beyond = [name for name in there if name not in wanted]
    faults = []
    for name in missing:
        request = {"HubName": hub, "HubContentName": name, "SageMakerPublicHubContentArn": wanted[name]}
        faults += _try(name, "referred to", _THERE, lambda request=request: _make(sagemaker, request))
    for name in beyond:
        request = {"HubName": hub, "HubContentName": name, "HubContentType": KIND}
        faults += _try(name, "taken out", _GONE, lambda request=request: _delete(sagemaker, request))
    if faults:
        raise CurationError(f"hub {hub}: {'; '.join(faults)}")
    return Curated(made=tuple(missing), deleted=tuple(beyond))


def references(hub: str, sagemaker: Hubs) -> Sequence[str]:
    """
    Return the names of what a hub refers to; none where the hub itself is gone.

    Args:
        hub: Name of the hub.
        sagemaker: Client of SageMaker.
    """
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        try:
            page = sagemaker.list_hub_contents(HubName=hub, HubContentType=KIND, **token)
        except clients.refusal() as error:
            if error.response["Error"]["Code"] in _GONE:
                return []
            raise
        found += [each["HubContentName"] for each in page.get("HubContentSummaries", [])]
        if not page.get("NextToken"):
            return found
        token = {"NextToken": page["NextToken"]}


def _make(sagemaker: Hubs, request: Mapping[str, str]) -> None:
    sagemaker.create_hub_content_reference(**request)


def _delete(sagemaker: Hubs, request: Mapping[str, str]) -> None:
    sagemaker.delete_hub_content_reference(**request)


def _try(name: str, what: str, tolerated: Sequence[str], act: Any) -> list[str]:
    try:
        act()
    except clients.refusal() as error:
        if error.response["Error"]["Code"] not in tolerated:
            return [f"{name} could not be {what}: {error}"]
    return []
