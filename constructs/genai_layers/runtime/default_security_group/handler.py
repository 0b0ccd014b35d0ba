"""Custom resource: the default security group of a network, without rules."""

from collections.abc import Mapping
from typing import Any

from ..shared import clients
from .answer import answer
from .close import close


def handler(event: Mapping[str, Any], _context: object) -> None:
    """
    Close the group on create and update; on delete there is nothing to do, as the group goes with its network.

    The physical id is the id of the group. A rollback that deletes a group which is no longer the current one
    therefore changes nothing in the network that stays.
    """
    group_id = event["ResourceProperties"]["DefaultSecurityGroupId"]
    if event["RequestType"] == "Delete":
        answer(event, physical_id=event["PhysicalResourceId"])
        return
    try:
        taken = close(group_id, clients.client("ec2"))
    except clients.failures(ValueError, KeyError) as error:
        answer(event, physical_id=event.get("PhysicalResourceId", group_id), fault=f"{group_id}: {error}")
        return
    print(f"took {taken} rules from {group_id}")  # noqa: T201 - the log of a function is its output
    answer(event, physical_id=group_id)
