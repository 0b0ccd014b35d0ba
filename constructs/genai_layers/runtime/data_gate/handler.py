"""Step of a fine-tuning: may this data set be trained on?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..shared import clients, log
from ..shared.env import Environment
from .gate import BaseModel, Places, judge
from .manifest import ManifestError
from .objects import S3Objects
from .rules import Rules

_RUN = re.compile(r"[0-9a-f]{40}")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """
    Check the data set whose approval *event* names.

    Args:
        event: `run`, id of the run; `manifest`, key of the approval.

    Returns:
        The verdict, as `judge` gives it.

    Raises:
        ManifestError: The event or the approval cannot be read.
    """
    run, manifest = event.get("run"), event.get("manifest")
    if not isinstance(run, str) or not _RUN.fullmatch(run) or not isinstance(manifest, str):
        raise ManifestError('start with {"manifest": "incoming/<data set>/approved.json"}')
    rules, base, places = _settings()
    verdict = judge(run, manifest, rules, base, places, S3Objects(_client()))
    log.event("data_checked", status="passed" if verdict["passed"] else "refused", request_id=run)
    return verdict


@cache
def _settings() -> tuple[Rules, BaseModel, Places]:
    environment = Environment()
    rules, base = environment.text("RULES"), environment.text("BASE_MODEL")
    places = Places(
        data_bucket=environment.text("DATA_BUCKET"),
        incoming=environment.text("INCOMING"),
        approved=environment.text("APPROVED"),
        report_bucket=environment.text("OUTPUT_BUCKET"),
        runs=environment.text("RUNS"),
    )
    environment.check()
    return Rules.parse(rules), BaseModel(**json.loads(base)), places


@cache
def _client() -> Any:
    return clients.client("s3")
