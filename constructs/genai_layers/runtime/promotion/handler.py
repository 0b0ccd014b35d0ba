"""Asks every question of a test set, checks what needs no judge, and leaves the answers for one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ..shared import clients
from .asking import Ask, ask_flow, ask_prompt, require_version
from .question_set import Record, read

_AT_ONCE = 8
_MOST_REASONS = 20

Clients = Callable[[str], Any]
"""Returns the client of a service."""


def _client(service: str) -> Any:
    return clients.client(service, seconds=120, attempts=8)


@dataclass(frozen=True, slots=True)
class _Asked:
    record: Record
    answer: str
    faults: tuple[str, ...]


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """
    Return how the candidate did.

    Args:
        event: `candidate`, `test_set` (`bucket`, `key`, `sha256`), `answers` (`bucket`, `key`), `source` and
            `exact_share`, from the state machine.
    """
    return examine(event, _client)


def examine(event: Mapping[str, Any], client: Clients) -> dict[str, Any]:
    """
    Return how the candidate did: `passed`, `records`, `share` and the first reasons why not.

    Args:
        event: As the handler takes it.
        client: Returns clients.
    """
    s3, candidate, wanted = client("s3"), event["candidate"], event["test_set"]
    content = s3.get_object(Bucket=wanted["bucket"], Key=wanted["key"])["Body"].read()
    records = read(content, wanted["sha256"])
    is_flow = "flow_id" in candidate
    if is_flow:
        require_version(client("bedrock-agent"), candidate)
    ask = (
        ask_flow(client("bedrock-agent-runtime"), candidate)
        if is_flow
        else ask_prompt(client("bedrock-runtime"), candidate)
    )
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = list(pool.map(lambda record: _asked(ask, record), records))
    if is_flow:
        require_version(client("bedrock-agent"), candidate)
    lines = "\n".join(json.dumps(_for_a_judge(each, event["source"])) for each in asked)
    s3.put_object(Bucket=event["answers"]["bucket"], Key=event["answers"]["key"], Body=lines.encode())
    good = sum(not each.faults for each in asked)
    reasons = [f"record {number}: {fault}" for number, each in enumerate(asked, start=1) for fault in each.faults]
    return {
        "passed": good / len(asked) >= event["exact_share"],
        "records": len(asked),
        "share": good / len(asked),
        "faults": _first(reasons),
    }


def _asked(ask: Ask, record: Record) -> _Asked:
    try:
        answer = ask(record.input)
    # Whoever gives no answer has failed the question; the others are asked all the same.
    except clients.failures(ValueError) as error:
        return _Asked(record, "", (f"gave no answer: {error}",))
    return _Asked(record, answer, tuple(f"the answer {fault}" for fault in record.faults(answer)))


def _first(reasons: list[str]) -> list[str]:
    left = len(reasons) - _MOST_REASONS
    return [*reasons[:_MOST_REASONS], *([f"{left} more"] if left > 0 else [])]


def _for_a_judge(asked: _Asked, source: str) -> dict[str, Any]:
    said = asked.record.input
    return {
        "prompt": said if isinstance(said, str) else json.dumps(said, sort_keys=True),
        "referenceResponse": asked.record.reference,
        "modelResponses": [{"response": asked.answer, "modelIdentifier": source}],
    }
