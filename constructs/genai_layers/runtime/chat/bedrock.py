"""The requests that Amazon Bedrock is sent, and what its responses mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..shared.reranking import reranked
from . import prompt
from .assessment import blocked, interventions
from .model import Caller, Completion, Exchange, Passage, Stop
from .settings import ChatSettings

MAX_QUERY_CHARACTERS = 1_000
"""What the grounding check reads of a question (Bedrock user guide, contextual grounding check, read 2026-11-25)."""

MAX_RETRIEVAL_CHARACTERS = 20_000
"""Longest text that Retrieve takes (API model of bedrock-agent-runtime 2023-07-26)."""


_METADATA = re.compile(r"[^A-Za-z0-9\s:_@$#=/+,.-]")
"""What a value of request metadata may not hold (API reference of Converse)."""


def retrieve_request(settings: ChatSettings, query: str, tenant: str | None) -> dict[str, Any]:
    """
    Return the request for passages about *query*.

    Args:
        settings: Settings of the function.
        query: What to search for.
        tenant: Only documents of this tenant are found; None where there are no tenants.
    """
    search: dict[str, Any] = {"numberOfResults": settings.passages}
    if tenant is not None:
        search["filter"] = {"equals": {"key": "tenant", "value": tenant}}
    if settings.reranking_model_arn is not None:
        search |= reranked(settings.reranking_model_arn, keep=settings.passages)
    return {
        "knowledgeBaseId": settings.knowledge_base_id,
        "retrievalQuery": {"text": query[:MAX_RETRIEVAL_CHARACTERS]},
        "retrievalConfiguration": {"vectorSearchConfiguration": search},
    }


def passages(response: Mapping[str, Any]) -> list[Passage]:
    """Return the passages of a Retrieve response, best first, those without text left out."""
    found = []
    for result in response.get("retrievalResults", ()):
        text = str(result.get("content", {}).get("text") or "").strip()
        if text:
            found.append(
                Passage(text=text, source=_source(result.get("location", {})), score=float(result.get("score", 0.0)))
            )
    return found


def converse_request(
    settings: ChatSettings,
    caller: Caller,
    *,
    question: str,
    found: Sequence[Passage],
    history: Sequence[Exchange] = (),
    earlier: str = "",
    max_tokens: int | None = None,
    temperature: float | None = None,
) -> dict[str, Any]:
    """
    Return the request for an answer.

    The user's words are marked as content to guard, the passages as what the answer must be grounded in.
    Where anything is marked, the guardrail judges what is marked and nothing else, so all that a caller wrote is.

    Args:
        settings: Settings of the function.
        caller: Who asks; kept in Bedrock's invocation log as request metadata.
        question: The question.
        found: Passages, best first.
        history: Earlier exchanges, oldest first; they were guarded when they were made and lie in our table.
        earlier: What the caller says was said before; guarded like the question.
        max_tokens: Longest answer. Default: that of *settings*.
        temperature: Default: that of *settings*.
    """
    messages: list[dict[str, Any]] = []
    for exchange in history:
        if not exchange.is_stopped:
            messages.append({"role": "user", "content": [{"text": exchange.question}]})
            messages.append({"role": "assistant", "content": [{"text": exchange.answer}]})
    content: list[dict[str, Any]] = []
    if earlier:
        content.append(guarded(f"<earlier>\n{prompt.without_tags(earlier)}\n</earlier>", "guard_content"))
    grounding = ("grounding_source", "guard_content") if settings.inspects_passages else ("grounding_source",)
    content += [guarded(text, *grounding) for text in prompt.quoted(found)] or [{"text": prompt.NO_PASSAGES}]
    asked = prompt.without_tags(question)
    content.append(guarded(asked[:MAX_QUERY_CHARACTERS], "query", "guard_content"))
    if asked[MAX_QUERY_CHARACTERS:].strip():
        content.append(guarded(asked[MAX_QUERY_CHARACTERS:], "guard_content"))
    messages.append({"role": "user", "content": content})
    inference: dict[str, Any] = {"maxTokens": max_tokens or settings.max_output_tokens}
    if temperature is not None or settings.temperature is not None:
        inference["temperature"] = float(settings.temperature or 0) if temperature is None else temperature
    return {
        "modelId": settings.model_id,
        "system": [{"text": prompt.instructions(settings.instructions)}],
        "messages": messages,
        "inferenceConfig": inference,
        "guardrailConfig": guardrail_config(settings.guardrail_id, settings.guardrail_version),
        "requestMetadata": request_metadata(caller),
    }


def completion(response: Mapping[str, Any]) -> Completion:
    """Return what a Converse response means."""
    reason = response.get("stopReason")
    trace = response.get("trace", {}).get("guardrail", {})
    acted = interventions(trace)
    # Without a trace that shows masking alone, an intervention counts as a block: the safe reading.
    stopped = blocked(trace) or (reason == "guardrail_intervened" and not acted)
    stop = Stop.ANSWERED
    if stopped or reason == "content_filtered":
        stop = Stop.GUARDRAIL
    elif reason == "max_tokens":
        stop = Stop.LENGTH
    usage = response.get("usage", {})
    blocks = response.get("output", {}).get("message", {}).get("content", ())
    return Completion(
        text="".join(block["text"] for block in blocks if "text" in block).strip(),
        stop=stop,
        input_tokens=int(usage.get("inputTokens", 0)),
        output_tokens=int(usage.get("outputTokens", 0)),
        interventions=acted,
    )


def guardrail_config(guardrail_id: str, version: str) -> dict[str, Any]:
    """Return the part of a request that puts it under a guardrail."""
    return {
        "guardrailIdentifier": guardrail_id,
        "guardrailVersion": version,
        # What the guardrail did is only in the trace: a masked name and a blocked attack stop alike.
        "trace": "enabled",
    }


def request_metadata(caller: Caller) -> dict[str, str]:
    """Return what Bedrock's invocation log keeps of who asks."""
    return {"user": _METADATA.sub("_", caller.user), **({"tenant": caller.tenant} if caller.tenant else {})}


def guarded(text: str, *qualifiers: str) -> dict[str, Any]:
    """Return a block that the guardrail judges by *qualifiers*."""
    return {"guardContent": {"text": {"text": text, "qualifiers": list(qualifiers)}}}


def _source(location: Mapping[str, Any]) -> str:
    """Return the address in a location, whose shape depends on the kind of store."""
    for place in location.values():
        if isinstance(place, dict):
            for value in place.values():
                return str(value)
    return ""
