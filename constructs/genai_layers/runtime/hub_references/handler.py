"""Custom resource: the references of a private hub."""

import json
from collections.abc import Mapping
from typing import Any

from ..default_security_group.answer import answer
from ..shared import clients
from .curate import Curated, CurationError, Hubs, curate


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Bring the hub to its list on create and update, empty it on delete, and tell CloudFormation."""
    try:
        hub, done = act(event, clients.client("sagemaker"))
    except clients.failures(CurationError) as error:
        answer(event, physical_id=_id_of(event), fault=str(error))
        return
    # The log of a function is its output.
    print(json.dumps({"event": "hub_references", "made": done.made, "deleted": done.deleted}))  # noqa: T201
    answer(event, physical_id=hub)


def act(event: Mapping[str, Any], sagemaker: Hubs) -> tuple[str, Curated]:
    """
    Do what CloudFormation asks, and return the hub that it was done to with what was done.

    The physical id is the name of the hub. Where the hub is replaced, CloudFormation deletes the old id after the
    update, so the old hub is emptied and can go, and the new one is not touched. A rollback is an update with the
    list of before.

    Args:
        event: What it asks.
        sagemaker: Client of SageMaker.
    """
    if event["RequestType"] == "Delete":
        hub = event["PhysicalResourceId"]
        return hub, curate(hub, {}, sagemaker)
    properties = event["ResourceProperties"]
    return properties["HubName"], curate(properties["HubName"], properties["Models"], sagemaker)


def _id_of(event: Mapping[str, Any]) -> str:
    """The id that a failure keeps: a new one would have CloudFormation empty the hub that is still in use."""
    known: str = event.get("PhysicalResourceId") or event["ResourceProperties"]["HubName"]
    return known
