"""Custom resource: the role that API Gateway writes logs with."""

import json
from collections.abc import Mapping
from typing import Any

from ..default_security_group.answer import answer
from ..shared import clients
from .setting import LogSetting

PHYSICAL_ID = "api-log-setting"
"""There is one setting, so there is one id: CloudFormation never deletes an old one after an update."""


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Give a role on create and update, take it back on delete where it goes too, and tell CloudFormation."""
    try:
        done = act(event, LogSetting(clients.client("apigateway")))
    except clients.failures() as error:
        answer(event, physical_id=PHYSICAL_ID, fault=str(error))
        return
    print(json.dumps({"event": "api_log_setting", "done": done}))  # noqa: T201 - the log of a function is its output
    answer(event, physical_id=PHYSICAL_ID)


def act(event: Mapping[str, Any], setting: LogSetting) -> str:
    """
    Do what CloudFormation asks, and return in a few words what was done.

    Args:
        event: What it asks.
        setting: The setting of the account.
    """
    properties = event["ResourceProperties"]
    if event["RequestType"] != "Delete":
        return setting.give(properties["RoleArn"])
    if properties["RoleStays"] == "true":
        return "left alone"
    return setting.take_back(properties["RoleArn"])
