"""Giving API Gateway a role to write logs with, unless it has one, and taking back no role but our own."""

import time
from collections.abc import Callable
from typing import Any

from ..shared import clients

LONGEST_WAIT_SECONDS = 90.0
_FIRST_PAUSE_SECONDS = 2.0
_LONGEST_PAUSE_SECONDS = 15.0
_MEMBER = "/cloudwatchRoleArn"


class LogSetting:
    """
    The role that API Gateway writes logs with in this account and region.

    Args:
        gateway: Client of API Gateway.
        pause: Lets some seconds pass. Default: really.
    """

    def __init__(self, gateway: Any, pause: Callable[[float], None] = time.sleep) -> None:
        self._gateway = gateway
        self._pause = pause

    def give(self, role_arn: str) -> str:
        """
        Set *role_arn* where no role is set, and return in a word what was done.

        API Gateway tries the role at once, and one that was made a moment ago is not known everywhere, so a refusal
        is tried again until the role had time to arrive.

        Args:
            role_arn: The role.

        Raises:
            ClientError: API Gateway still refuses after a minute and a half, or for another reason.
        """
        if self._current():
            return "kept"
        waited, pause = 0.0, _FIRST_PAUSE_SECONDS
        while True:
            try:
                self._gateway.update_account(patchOperations=[{"op": "replace", "path": _MEMBER, "value": role_arn}])
            except clients.refusal() as error:
                if error.response["Error"]["Code"] != "BadRequestException" or waited >= LONGEST_WAIT_SECONDS:
                    raise
            else:
                return "set"
            self._pause(pause)
            waited += pause
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def take_back(self, role_arn: str) -> str:
        """
        Set no role where *role_arn* is set, and return in a word what was done.

        Args:
            role_arn: Our role.
        """
        if self._current() != role_arn:
            return "left alone"
        self._gateway.update_account(patchOperations=[{"op": "replace", "path": _MEMBER, "value": ""}])
        return "taken back"

    def _current(self) -> str | None:
        role: str | None = self._gateway.get_account().get("cloudwatchRoleArn")
        return role or None
