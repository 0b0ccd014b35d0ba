"""The function that EventBridge tells of a document in quarantine."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..shared import log
from ..shared.env import Environment
from ..shared.log import Unit
from .scanning import Scan, scan

NAMESPACE = "GenAiLayers/Documents"
"""Namespace of the metrics; the construct's alarms look there."""


def handler(event: Mapping[str, Any], _context: object) -> None:
    """
    Judge the document that *event* tells of; what fails is tried again by EventBridge's rules.

    Args:
        event: `Object Created` of S3, or `GuardDuty Malware Protection Object Scan Result`.
    """
    judge(event, ports())


def judge(event: Mapping[str, Any], made: Scan) -> None:
    """
    Judge the document that *event* tells of, and count what came of it.

    Args:
        event: As `handler` gets it.
        made: What a scan stands on.
    """
    started = time.monotonic()
    key, version = place_of(event)
    document, refusal = scan(made, key, version)
    milliseconds = round((time.monotonic() - started) * 1000)
    if document is None:
        log.event("document_gone", duration_ms=milliseconds)
        return
    outcome = "accepted" if refusal is None else refusal.reason.value
    log.event("document_scanned", status=outcome, duration_ms=milliseconds, user=document.partition.rpartition("#")[2])
    log.metrics(
        NAMESPACE,
        {"FunctionName": Environment().optional("AWS_LAMBDA_FUNCTION_NAME") or "local"},
        {
            "DocumentsAccepted": (Unit.COUNT, int(refusal is None)),
            "DocumentsRefused": (Unit.COUNT, int(refusal is not None)),
            "ScanTime": (Unit.MILLISECONDS, milliseconds),
        },
    )


def place_of(event: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return key and version of the object that an event of S3 or of GuardDuty tells of."""
    detail = event["detail"]
    if "s3ObjectDetails" in detail:
        told = detail["s3ObjectDetails"]
        return str(told["objectKey"]), told.get("versionId") or None
    told = detail["object"]
    return str(told["key"]), told.get("version-id") or None


@cache
def ports() -> Scan:
    """Return what a scan stands on, made with the first event and kept for the process."""
    from ..chat.dynamodb import DynamoDbStore
    from ..documents.records import Documents
    from .aws import S3Places

    environment = Environment()
    table, quarantine, documents = (
        environment.text(name) for name in ("TABLE_NAME", "QUARANTINE_BUCKET", "DOCUMENT_BUCKET")
    )
    most_bytes = environment.whole("MOST_BYTES", minimum=1)
    refused_days = environment.whole("REFUSED_DAYS", minimum=1)
    asks_guard_duty = environment.optional("ASK_GUARD_DUTY") == "true"
    environment.check()
    return Scan(
        documents=Documents(DynamoDbStore(table), refused_days=refused_days),
        places=S3Places(quarantine, documents),
        most_bytes=most_bytes,
        asks_guard_duty=asks_guard_duty,
    )
