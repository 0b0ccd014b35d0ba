"""What is written, in whichever form it was asked for: the rules, the caller's words, and how the answer is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..assist import asking
from ..assist.call import Call
from ..chat import budget
from ..chat.model import Answer
from ..chat.replay import Claim
from ..chat.routes import Reply
from ..chat.service import claimed
from ..chat.unseen import seen
from .settings import GenerationPorts


def same(text: str) -> str:
    """Return *text* as it is."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """
    Something to be written.

    Attributes:
        rules: What the model is told; ours.
        given: The caller's words by what they are; each is quoted and judged.
        inference: How it is drawn.
        clean: What becomes of an answer after the cleaning that all have.
    """

    rules: str
    given: Mapping[str, str]
    inference: Mapping[str, float | int] = field(default_factory=dict)
    clean: Callable[[str], str] = same

    @property
    def quoted(self) -> list[str]:
        """The caller's words between tags that they cannot close."""
        names = "|".join(re.escape(name) for name in self.given)
        tag = re.compile(rf"<(?=\s*/?\s*(?:{names})\b)", re.IGNORECASE)
        return [f"<{name}>\n{tag.sub('&lt;', seen(text))}\n</{name}>" for name, text in self.given.items()]


def done(
    call: Call[GenerationPorts], work: Work, shape: Callable[[Answer], str], *, key: str | None, fingerprint: str
) -> Reply:
    """
    Have *work* written and return the response; a repeated request gets the response of the first.

    Args:
        call: The request.
        work: What is to be written.
        shape: Makes the response of an answer.
        key: The caller's idempotency key.
        fingerprint: Hash of the request.
    """
    ports, caller, settings = call.ports, call.caller, call.ports.settings
    choice = settings.models[0]
    rules = work.rules if settings.instructions is None else f"{work.rules}\n\nFurther rules:\n{settings.instructions}"
    blocks = [asking.from_the_caller(one) for one in work.quoted]
    characters = sum(len(one) for one in work.quoted)
    inference = {"maxTokens": choice.max_output, **work.inference}
    inference["maxTokens"] = min(int(inference["maxTokens"]), choice.max_output)

    def once(claim: Claim | None) -> tuple[str, Answer]:
        reserved = budget.tokens(characters + len(rules)) + int(inference["maxTokens"])
        with asking.charged(ports, caller, reserved) as meter:
            draft = None if call.tell is None else asking.drafting(settings, rules, call.tell, also=work.clean)
            request = asking.request(
                settings,
                caller,
                choice.id,
                system=[{"text": rules}],
                messages=[{"role": "user", "content": blocks}],
                inference=inference,
            )
            completion = ports.model.converse(request, call.seconds_left, draft)
            meter.add(completion, characters)
            answer = asking.shown(settings, choice, completion, secret=rules, id=call.request_id, also=work.clean)
        body = shape(answer)
        if claim is not None:
            ports.replays.complete(caller.partition, claim, body)
        return body, answer

    body, answer = claimed(ports, caller, key, fingerprint, once)
    return Reply(body=body, answer=answer, headers={} if answer else {"idempotent-replayed": "true"})
