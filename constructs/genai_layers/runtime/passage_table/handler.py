"""Custom resource: the table of a knowledge base in Aurora."""

import json
from collections.abc import Mapping
from typing import Any

from ..default_security_group.answer import answer
from ..shared import clients
from .table import Cluster


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Make the table on create and update, drop it on delete, and tell CloudFormation."""
    properties = event["ResourceProperties"]
    cluster = Cluster(
        clients.client("rds-data", seconds=60),
        cluster_arn=properties["ClusterArn"],
        secret_arn=properties["SecretArn"],
        database=properties["Database"],
    )
    physical_id = _physical_id(event)
    try:
        done = act(event, cluster)
    except clients.failures() as error:
        answer(event, physical_id=physical_id, fault=str(error))
        return
    print(json.dumps({"event": "passage_table", "table": properties["Table"], "done": done}))  # noqa: T201 - the log
    answer(event, physical_id=physical_id)


def act(event: Mapping[str, Any], cluster: Cluster) -> str:
    """
    Do what CloudFormation asks, and return in a few words what was done.

    A delete names the id of what it deletes: after an update to another table that is the old one, and the new one
    stays.

    Args:
        event: What it asks.
        cluster: Where the table is.
    """
    properties = event["ResourceProperties"]
    if event["RequestType"] != "Delete":
        cluster.run(json.loads(properties["Statements"]))
        return "made"
    if event["PhysicalResourceId"] != properties["Table"]:
        return "was never made"
    return cluster.drop(properties["Table"])


def _physical_id(event: Mapping[str, Any]) -> str:
    if event["RequestType"] == "Delete":
        return str(event["PhysicalResourceId"])
    return str(event["ResourceProperties"]["Table"])
