"""
A Converse request may mark what the guardrail has to judge with `guardContent` blocks.

MiniStack 1.5.33 sees only plain `text` blocks, so a marked question would reach neither the guardrail nor the
model. As in Bedrock, marked blocks are text for the model, and where any block is marked for guarding, the
guardrail judges the marked blocks and nothing else.
"""

from __future__ import annotations

from typing import Any

from ministack.services import bedrock_runtime

Messages = list[dict[str, Any]]


def apply() -> None:
    """Make MiniStack's readers of messages see marked blocks."""
    to_openai = bedrock_runtime._openai_messages
    to_text = bedrock_runtime._messages_text
    system_text = bedrock_runtime._system_text
    bedrock_runtime._openai_messages = lambda messages, system: to_openai(flat(messages), plain(system))
    bedrock_runtime._system_text = lambda system: system_text(plain(system))
    bedrock_runtime._messages_text = lambda messages: to_text(flat(messages))
    bedrock_runtime._last_user_text = guarded_text


def flat(messages: Messages | None) -> Messages:
    """The messages with every marked block as plain text."""
    return [
        {**message, "content": [_plain(block) for block in message.get("content") or []]} for message in messages or []
    ]


def plain(blocks: Messages | None) -> Messages:
    """The blocks of a system prompt with every marked one as plain text."""
    return [_plain(block) for block in blocks or []]


def guarded_text(messages: Messages | None) -> str:
    """What a guardrail's input stage judges: the marked blocks of the newest user message, or all of its text."""
    newest = next((message for message in reversed(messages or []) if message.get("role") == "user"), None)
    blocks = (newest or {}).get("content") or []
    marked = [_marked(block) for block in blocks if "guardContent" in block]
    if not marked:
        return "\n".join(block["text"] for block in blocks if "text" in block)
    # A block without qualifiers is to be guarded; one that is only a source or a query is not.
    return "\n".join(text for text, qualifiers in marked if not qualifiers or "guard_content" in qualifiers)


def _plain(block: dict[str, Any]) -> dict[str, Any]:
    return {"text": _marked(block)[0]} if "guardContent" in block else block


def _marked(block: dict[str, Any]) -> tuple[str, list[str]]:
    text = block["guardContent"].get("text") or {}
    return text.get("text", ""), text.get("qualifiers") or []
