"""Gate behind an evaluation: reads its results and says whether they are good enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..shared import clients
from .results import result_lines
from .scores import Scores
from .verdict import Threshold, verdict


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """
    Return the verdict on the results of one execution.

    Args:
        event: `bucket`, `prefix`, `thresholds` and `rated_share`, from the state machine.
    """
    return judge(event, clients.client("s3"))


def judge(event: Mapping[str, Any], s3: Any) -> dict[str, Any]:
    """
    Return the verdict, reading through *s3*.

    Args:
        event: As the handler takes it.
        s3: Client of S3.
    """
    scores = Scores()
    scores.add_lines(result_lines(s3, event["bucket"], event["prefix"]))
    thresholds = [Threshold.parse(each) for each in event["thresholds"]]
    return verdict(scores, thresholds, event["rated_share"])
