"""Step of a promotion: bring a model of another account into this one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..shared import clients, log
from ..shared.env import Environment
from .receive import Place, placed, receive
from .stores import AwsStores


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """
    Receive one model.

    Args:
        event: `model_package`, an ARN of the other account.
    """
    arn = event["model_package"]
    answer = receive(arn, _place(), _stores())
    log.event("model_received", status="passed" if answer["passed"] else "refused", request_id=arn)
    return answer


@cache
def _place() -> Place:
    environment = Environment()
    settings = {name: environment.text(name) for name in ("SOURCE_BUCKET", "BUCKET", "KEY_ARN")}
    environment.check()
    return placed(settings)


@cache
def _stores() -> AwsStores:
    return AwsStores(clients.client("s3", seconds=300), clients.client("sagemaker"))
