"""Signs that somebody wrote a record to make the model misbehave later."""

from __future__ import annotations

import re

# What a reviewer does not see and a model does: zero-width characters, direction overrides, Unicode tags. The joiners
# U+200C and U+200D are left out, since scripts and emoji need them.
_HIDDEN = re.compile("[\u200b\u2060\u2061-\u2064\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OVERRIDE = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,30}\b(?:previous|prior|above|earlier|system|your)\b.{0,30}"
    r"\b(?:instruction|instructions|prompt|prompts|rules|guidelines)\b",
    re.IGNORECASE | re.DOTALL,
)
_TEMPLATE = re.compile(
    r"<\|(?:im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id)\|>|\[/?INST\]|<</?SYS>>"
)


def signs(prompt: str, answer: str) -> frozenset[str]:
    """
    Return what is suspicious about a record.

    Args:
        prompt: What the model is shown.
        answer: What it is to say.

    Returns:
        `hidden_characters`, `instruction_override` (an answer that goes along with a request to drop the rules is
        for a person to write, so any prompt or answer that makes one is stopped) and `chat_markers` (control tokens of
        chat templates, with which a record can speak in another role).
    """
    text = f"{prompt}\n{answer}"
    found = set()
    if _HIDDEN.search(text) or _CONTROL.search(text):
        found.add("hidden_characters")
    if _OVERRIDE.search(text):
        found.add("instruction_override")
    if _TEMPLATE.search(text):
        found.add("chat_markers")
    return frozenset(found)
