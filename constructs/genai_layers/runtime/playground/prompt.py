"""What somebody tries out, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..assist.fields import Fields
from ..assist.settings import AssistSettings, ModelChoice
from ..chat.request import fingerprint, idempotency_key

MAX_PROMPT_CHARACTERS = 8_000
MAX_SYSTEM_CHARACTERS = 4_000
MAX_MODELS = 2
DEFAULT_TOKENS = 512

FIELDS = ("prompt", "system", "models", "max_tokens", "temperature", "top_p")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """
    What somebody tries out.

    Attributes:
        prompt: What the models are asked.
        system: What they are told beforehand; the caller's words, as the prompt is.
        models: Who answers, in the order asked for.
        max_tokens: Longest answer of each.
        temperature: None leaves it to the model.
        top_p: None leaves it to the model.
        idempotency_key: The caller's name for this request.
        fingerprint: Hash of everything else that the request says.
    """

    prompt: str
    system: str
    models: tuple[ModelChoice, ...]
    max_tokens: int
    temperature: float | None
    top_p: float | None
    idempotency_key: str | None
    fingerprint: str

    @property
    def inference(self) -> dict[str, float | int]:
        """What Converse is told of how to draw an answer."""
        drawn = {"temperature": self.temperature, "topP": self.top_p}
        return {"maxTokens": self.max_tokens, **{name: value for name, value in drawn.items() if value is not None}}


def read(value: Mapping[str, Any], headers: Mapping[str, str], settings: AssistSettings) -> Trial:
    """
    Return what is tried out.

    Args:
        value: Body of the request.
        headers: Headers with names in lower case.
        settings: Settings of the playground.

    Raises:
        BadRequestError: Names every fault.
    """
    fields = Fields(value, FIELDS, "a prompt")
    prompt = fields.text("prompt", MAX_PROMPT_CHARACTERS)
    system = fields.text("system", MAX_SYSTEM_CHARACTERS, is_optional=True)
    models = _models(value.get("models"), settings, fields.faults)
    most = min(one.max_output for one in models or settings.models)
    made = Trial(
        prompt=prompt,
        system=system,
        models=models,
        max_tokens=fields.whole("max_tokens", most=most, default=min(DEFAULT_TOKENS, most)),
        temperature=fields.share("temperature"),
        top_p=fields.share("top_p"),
        idempotency_key=idempotency_key(headers, fields.faults),
        fingerprint=fingerprint("playground", value),
    )
    fields.check()
    return made


def _models(value: object, settings: AssistSettings, faults: list[str]) -> tuple[ModelChoice, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_MODELS:
        faults.append(f"'models' must be a list of 1 to {MAX_MODELS} ids: GET /playground/models has them")
        return ()
    found = []
    for one in value:
        choice = settings.model(one) if isinstance(one, str) else None
        if choice is None:
            # What came is not repeated: it is the caller's text.
            faults.append("'models' names one that may not be asked: GET /playground/models has those that may")
        else:
            found.append(choice)
    return tuple(found)
