"""What the agent counts beside what every application does."""

from __future__ import annotations

from ..chat.metrics import NAMESPACE
from ..shared import log
from ..shared.env import Environment
from ..shared.log import Unit


def count(name: str) -> None:
    """Count one *name*, such as `ActionsDone`."""
    function_name = Environment().optional("AWS_LAMBDA_FUNCTION_NAME") or "local"
    log.metrics(NAMESPACE, {"FunctionName": function_name}, {name: (Unit.COUNT, 1)})
