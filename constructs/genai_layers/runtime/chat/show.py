"""From what the model wrote to what the user sees."""

from __future__ import annotations

from collections.abc import Sequence

from . import citations, leak, output, prompt
from .errors import UpstreamError
from .model import Answer, Completion, Passage, Stop
from .price import usage
from .settings import ChatSettings

BLOCKED = "This request was stopped by the content rules of this service."
"""Said where the guardrail stopped an answer and gave no words of its own."""

WITHHELD = "The answer was withheld: it would have repeated the instructions of this service."


def shown(settings: ChatSettings, completion: Completion, passages: Sequence[Passage], conversation_id: str) -> Answer:
    """
    Return the answer in *completion*, safe to show and with marks that resolve.

    Args:
        settings: Settings of the function.
        completion: What the model and the guardrail made of the prompt.
        passages: What the model was given, in that order.
        conversation_id: Conversation that the answer belongs to.

    Raises:
        UpstreamError: The model wrote nothing.
    """
    text, stop, removed = completion.text, completion.stop, 0
    cited: tuple[Passage, ...] = ()
    if stop is Stop.GUARDRAIL:
        text = text or BLOCKED
    elif leak.repeats(text, prompt.instructions(settings.instructions)):
        text, stop = WITHHELD, Stop.LEAK
    else:
        safe = output.sanitize(text, hosts=settings.link_hosts, sources=[passage.source for passage in passages])
        text, cited = citations.resolve(safe.text, passages)
        removed = safe.removed
        if not text:
            raise UpstreamError("the model gave no answer: ask again")
    return Answer(
        conversation_id=conversation_id,
        text=text,
        citations=cited,
        usage=usage(completion.input_tokens, completion.output_tokens, **settings.prices(completion.model)),
        stop=stop,
        interventions=completion.interventions,
        sanitized=removed,
        model=completion.model or settings.model_id,
        fallbacks=completion.fallbacks,
    )
