"""The report of an evaluation: kept once, never written over, and told in metrics."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..chat.settings import ChatSettings
from ..shared import clients, log
from ..shared.log import Unit
from .measures import Judged, Measure

NAMESPACE = "GenAiLayers/Evaluation"
"""Namespace of the metrics; the construct's alarms look there."""

_MOST_FAULTS = 20
_THERE_ALREADY = "PreconditionFailed"


def summary(judged: Sequence[Judged], measured: Mapping[Measure, float | None], found: Sequence[str]) -> dict[str, Any]:
    """
    Return what the state machine is told.

    Args:
        judged: The questions.
        measured: The measures.
        found: What is not good enough.
    """
    wrong = [f"case {number}: {fault}" for number, one in enumerate(judged, start=1) for fault in one.faults]
    return {
        "passed": not found,
        "cases": len(judged),
        "measures": {each.value: None if value is None else round(value, 6) for each, value in measured.items()},
        "below": list(found),
        "wrong": [*wrong[:_MOST_FAULTS], *([f"{len(wrong) - _MOST_FAULTS} more"] if len(wrong) > _MOST_FAULTS else [])],
    }


def whole(chat: ChatSettings, sha256: str, judged: Sequence[Judged], told: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the report: what was evaluated, the summary, and every question with its answer.

    Args:
        chat: Settings of the chat.
        sha256: Digest of the golden set.
        judged: The questions.
        told: The summary.
    """
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "evaluated": {
            "model": chat.model_id,
            "guardrail": f"{chat.guardrail_id}:{chat.guardrail_version}",
            "knowledge_base": chat.knowledge_base_id,
            "passages": chat.passages,
            "golden_set_sha256": sha256,
        },
        **told,
        "answers": [_told(one) for one in judged],
    }


def keep(s3: Any, place: Mapping[str, str], document: Mapping[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """
    Write the report where none is, and return the summary that counts: that of the first try of a run.

    Args:
        s3: Client of S3.
        place: `bucket` and `key`.
        document: The report.
        told: Its summary.
    """
    address = {"Bucket": place["bucket"], "Key": place["key"]}
    try:
        s3.put_object(
            **address,
            Body=json.dumps(document, ensure_ascii=False, indent=1).encode(),
            ContentType="application/json",
            IfNoneMatch="*",
        )
    except clients.refusal() as error:
        if error.response.get("Error", {}).get("Code") != _THERE_ALREADY:
            raise
        first = json.loads(s3.get_object(**address)["Body"].read())
        told = {name: first[name] for name in told}
    return {**told, "report": f"s3://{place['bucket']}/{place['key']}"}


def count(told: Mapping[str, Any], *, function_name: str) -> None:
    """
    Tell the measures as metrics.

    Args:
        told: The summary.
        function_name: Dimension of the metrics.
    """
    values: dict[str, tuple[Unit, int | float]] = {
        "BelowThreshold": (Unit.COUNT, len(told["below"])),
        "WrongAnswers": (Unit.COUNT, len(told["wrong"])),
    }
    for name, value in told["measures"].items():
        if value is not None:
            unit = Unit.MILLISECONDS if name.endswith("_ms") else Unit.NONE
            values["".join(word.capitalize() for word in name.split("_"))] = (unit, value)
    log.metrics(NAMESPACE, {"FunctionName": function_name}, values)


def _told(one: Judged) -> dict[str, Any]:
    asked, answer = one.asked, one.asked.answer
    return {
        "question": asked.case.question,
        **({"tenant": asked.case.tenant} if asked.case.tenant else {}),
        "answer": None if answer is None else answer.text,
        "stop": None if answer is None else answer.stop.value,
        "found": [passage.source for passage in asked.found],
        "cited": [] if answer is None else [passage.source for passage in answer.citations],
        "grounding": asked.grounding,
        "milliseconds": asked.milliseconds,
        "is_refused": one.is_refused,
        "faults": list(one.faults),
    }
