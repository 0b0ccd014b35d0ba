"""Step of a fine-tuning: may this model go to the registry?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..data_gate.objects import S3Objects
from ..shared import clients, log
from ..shared.env import Environment
from .gate import judge
from .standards import Standard, parse


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """
    Judge the model of one run.

    Args:
        event: As `judge` takes it.
    """
    standards, facts = _settings()
    verdict = judge(event, standards, facts, S3Objects(_client()))
    log.event("model_judged", status="passed" if verdict["passed"] else "refused", request_id=event["run"])
    return verdict


@cache
def _settings() -> tuple[tuple[Standard, ...], dict[str, str]]:
    environment = Environment()
    standards, facts = environment.text("STANDARDS"), environment.text("CARD")
    environment.check()
    return parse(standards), json.loads(facts)


@cache
def _client() -> Any:
    return clients.client("s3")
