"""What ConverseStream is sent, and what its events come to: the same as an answer of Converse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import bedrock
from .assessment import blocked
from .model import Completion, Stop


def request(whole: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return *whole* for an answer piece by piece, each judged before it comes.

    In the guardrail's other mode pieces come first and are judged afterwards, and it masks nothing (Bedrock user
    guide, "Configure streaming response behavior to filter content", read 2026-11-25).

    Args:
        whole: Parameters of Converse.
    """
    return {**whole, "guardrailConfig": {**whole["guardrailConfig"], "streamProcessingMode": "sync"}}


def completion(events: Iterable[Mapping[str, Any]], tell: Callable[[str], None]) -> Completion:
    """
    Return what *events* come to.

    Args:
        events: Events of ConverseStream.
        tell: Is told the model's words as they come.
    """
    words: list[str] = []
    reason: str | None = None
    metadata: Mapping[str, Any] = {}
    for event in events:
        if "contentBlockDelta" in event:
            text = event["contentBlockDelta"]["delta"].get("text", "")
            words.append(text)
            tell(text)
        elif "messageStop" in event:
            reason = event["messageStop"].get("stopReason")
        elif "metadata" in event:
            metadata = event["metadata"]
    made = bedrock.completion(
        {
            "output": {"message": {"content": [{"text": "".join(words)}]}},
            "stopReason": reason,
            "usage": metadata.get("usage", {}),
            "trace": metadata.get("trace", {}),
        }
    )
    if made.stop is not Stop.GUARDRAIL or _stopped_before_it_began(metadata.get("trace", {}).get("guardrail", {})):
        return made
    # The guardrail's words stand behind what came before them, and nothing says where they begin.
    return Completion(
        text="",
        stop=made.stop,
        input_tokens=made.input_tokens,
        output_tokens=made.output_tokens,
        interventions=made.interventions,
    )


def _stopped_before_it_began(trace: Mapping[str, Any]) -> bool:
    return blocked({"inputAssessment": trace.get("inputAssessment", {})})
