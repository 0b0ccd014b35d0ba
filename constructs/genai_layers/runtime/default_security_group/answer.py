"""Telling CloudFormation how a custom resource went."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

_LONGEST_REASON = 2_000
_PATIENCE_SECONDS = 30


def answer(event: Mapping[str, Any], *, physical_id: str, fault: str | None = None) -> None:
    """
    Send the outcome of *event* to the address that came with it.

    Args:
        event: What CloudFormation asked.
        physical_id: Id of the resource; a new one makes CloudFormation delete the old.
        fault: What went wrong. Default: nothing.
    """
    body = {
        "Status": "SUCCESS" if fault is None else "FAILED",
        "Reason": (fault or "done")[:_LONGEST_REASON],
        "PhysicalResourceId": physical_id,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
    }
    request = urllib.request.Request(  # noqa: S310 - CloudFormation's own presigned address
        event["ResponseURL"], data=json.dumps(body).encode(), method="PUT", headers={"content-type": ""}
    )
    with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS):  # noqa: S310
        pass
