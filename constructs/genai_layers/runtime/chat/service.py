"""
What the chat does, as plain functions: values in, values out, AWS behind `Ports`.

A question is answered in one order: is it a repetition, is there budget, what was said before, what do the
documents say, what does the model make of it under the guardrail, what of that may be shown, and then all
of it is kept in one write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from . import access, bedrock, budget, prompt
from .draft import Draft
from .errors import NotFoundError
from .model import Answer, Caller, Exchange, Question
from .ports import Model as Model
from .ports import Ports as Ports
from .ports import Tell as Tell
from .replay import Claim, Replaying
from .show import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    What a model is asked, in whichever form it came.

    Attributes:
        question: The question.
        model: Name of the model that is to answer; None leaves the choice to us.
        history: Earlier exchanges of ours, oldest first.
        earlier: What the caller says was said before.
        previous: The question before; None where there is none.
        max_tokens: Longest answer.
        temperature: None leaves it to the settings.
    """

    question: str
    model: str | None = None
    history: Sequence[Exchange] = ()
    earlier: str = ""
    previous: str | None = None
    max_tokens: int
    temperature: float | None = None


def ask(
    ports: Ports,
    caller: Caller,
    question: Question,
    *,
    shape: Callable[[Answer], str],
    seconds_left: Callable[[], float],
    tell: Tell | None = None,
) -> tuple[str, Answer | None]:
    """
    Return the response to *question*, and the answer in it; None where it was answered before.

    Args:
        ports: What the service stands on.
        caller: Who asks.
        question: What is asked.
        shape: Makes the response of an answer.
        seconds_left: Time until the function is stopped.
        tell: Is told what may be shown before the answer is whole. Default: nobody is.

    Raises:
        ChatError: There is no answer; nothing is charged and the request can be sent again.
    """

    def once(claim: Claim | None) -> tuple[str, Answer]:
        history = _history(ports, caller, question.conversation_id)
        asked = Asked(
            question=question.text,
            model=question.model,
            history=history,
            previous=next((one.question for one in reversed(history) if not one.is_stopped), None),
            max_tokens=ports.settings.max_output_tokens,
        )
        made = answer_to(
            ports,
            caller,
            asked,
            conversation_id=question.conversation_id or ports.new_id(),
            seconds_left=seconds_left,
            tell=tell,
        )
        answer = replace(made, at_ms=int(ports.now().timestamp() * 1000))
        response = shape(answer)
        ports.conversations.append(
            caller.partition,
            answer.conversation_id,
            _exchange(question.text, answer),
            is_new=question.conversation_id is None,
            completion=None if claim is None else ports.replays.completion(caller.partition, claim, response),
        )
        return response, answer

    return claimed(ports, caller, question.idempotency_key, question.fingerprint, once)


def claimed(
    ports: Replaying,
    caller: Caller,
    name: str | None,
    fingerprint: str,
    once: Callable[[Claim | None], tuple[str, Answer]],
) -> tuple[str, Answer | None]:
    """
    Return what *once* returns, or the response that the same request got before.

    Args:
        ports: What the service stands on.
        caller: Who asks.
        name: The caller's idempotency key; without one every request is new.
        fingerprint: Hash of the request.
        once: Answers the request, and keeps the response under the claim.
    """
    if name is None:
        return once(None)
    claim = ports.replays.claim(caller.partition, name, fingerprint)
    if isinstance(claim, str):
        return claim, None
    is_answered = False
    try:
        result = once(claim)
        is_answered = True
        return result
    finally:
        if not is_answered:
            ports.replays.release(caller.partition, claim)


def answer_to(
    ports: Ports,
    caller: Caller,
    asked: Asked,
    *,
    conversation_id: str,
    seconds_left: Callable[[], float],
    tell: Tell | None = None,
) -> Answer:
    """
    Return the answer to *asked*, charged to the caller.

    Args:
        ports: What the service stands on.
        caller: Who asks.
        asked: What is asked.
        conversation_id: Conversation that the answer belongs to.
        seconds_left: Time until the function is stopped.
        tell: Is told what may be shown before the answer is whole. Default: nobody is.
    """
    settings = ports.settings
    names = access.chosen(settings, caller, asked.model)
    charged = budget.accounts(settings, caller, ports.now())
    reserved = budget.estimate(
        settings, texts=(asked.question, asked.earlier), history=asked.history, max_tokens=asked.max_tokens
    )
    ports.budgets.reserve(charged, reserved)
    used = 0
    try:
        found = ports.model.retrieve(prompt.retrieval_query(asked.question, asked.previous), caller.tenant)
        request = bedrock.converse_request(
            settings,
            caller,
            question=asked.question,
            found=found,
            history=asked.history,
            earlier=asked.earlier,
            max_tokens=asked.max_tokens,
            temperature=asked.temperature,
        )
        draft = None if tell is None else Draft(settings, found, tell).add
        completion = ports.among(names).converse(request, seconds_left, draft)
        # A question that the guardrail stops is no tokens to the model, but it was judged, and that costs too.
        judged = budget.tokens(len(asked.question) + len(asked.earlier))
        used = max(completion.input_tokens + completion.output_tokens, judged)
        return shown(settings, completion, found, conversation_id)
    finally:
        ports.budgets.settle(charged, used - reserved)


def _history(ports: Ports, caller: Caller, conversation_id: str | None) -> list[Exchange]:
    """Return the latest exchanges of the conversation; a conversation of anyone else is not there."""
    if conversation_id is None:
        return []
    exchanges, _ = ports.conversations.exchanges(
        caller.partition, conversation_id, limit=max(1, ports.settings.history)
    )
    if not exchanges:
        raise no_conversation()
    return exchanges[-ports.settings.history :] if ports.settings.history else []


def _exchange(question: str, answer: Answer) -> Exchange:
    return Exchange(
        at_ms=answer.at_ms,
        question="" if answer.is_stopped else question,
        answer=answer.text,
        citations=answer.citations,
        usage=answer.usage,
        is_stopped=answer.is_stopped,
    )


def no_conversation() -> NotFoundError:
    """Return the refusal of a conversation that the caller does not have, whoever else does."""
    return NotFoundError("there is no such conversation of yours: begin a new one by leaving 'conversation_id' out")
