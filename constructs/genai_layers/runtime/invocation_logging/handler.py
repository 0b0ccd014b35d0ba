"""Custom resource: the invocation logging of an account in one region."""

import json
from collections.abc import Mapping
from typing import Any

from ..default_security_group.answer import answer
from ..shared import clients
from .aws import AccountSetting, BucketMemory
from .ownership import ConflictError, Memory, Setting, give_back, take

PHYSICAL_ID = "model-invocation-logging"
"""There is one setting, so there is one id: CloudFormation never deletes an old one after an update."""


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Take the setting on create and update, give it back on delete, and tell CloudFormation."""
    properties = event["ResourceProperties"]
    memory = BucketMemory(clients.client("s3"), bucket=properties["MemoryBucket"], key=properties["MemoryKey"])
    try:
        done = act(event, AccountSetting(clients.client("bedrock")), memory)
    except clients.failures(ConflictError) as error:
        answer(event, physical_id=PHYSICAL_ID, fault=str(error))
        return
    print(json.dumps({"event": "invocation_logging", "done": done}))  # noqa: T201 - the log of a function is its output
    answer(event, physical_id=PHYSICAL_ID)


def act(event: Mapping[str, Any], setting: Setting, memory: Memory) -> str:
    """
    Do what CloudFormation asks, and return in a few words what was done.

    Args:
        event: What it asks.
        setting: The setting of the account.
        memory: Where a setting that is taken over is kept.

    Raises:
        ConflictError: Somebody else's setting is there and must not be taken over.
    """
    wanted = json.loads(event["ResourceProperties"]["Configuration"])
    if event["RequestType"] == "Delete":
        return give_back(wanted, setting, memory)
    old = event.get("OldResourceProperties")
    return take(
        wanted,
        setting,
        memory,
        adopt=event["ResourceProperties"]["Adopt"] == "true",
        before=json.loads(old["Configuration"]) if old else None,
    )
