"""What each route of the playground does."""

from __future__ import annotations

from collections.abc import Mapping

from ..assist.asking import Ports
from ..assist.call import Call, Route
from ..chat import request, shape
from ..chat.errors import ChatError
from ..chat.events import Dialect, event
from ..chat.model import Answer
from ..chat.replay import Claim
from ..chat.routes import Reply
from ..chat.service import claimed
from . import prompt, schema, trying


class Told:
    """The events of the models, as they come; an answer that was given before comes with its ends alone."""

    def piece(self, text: str) -> bytes:
        """Return the next event, which is whole already."""
        return text.encode()

    def whole(self, body: str) -> bytes:
        """Return what is left to tell: the kept events of a repeated request."""
        return body.encode()

    def failed(self, failure: ChatError, request_id: str) -> bytes:
        """Return the event for a failure of all models together."""
        return event(shape.error(failure, request_id), "error")


def told(_: Call[Ports]) -> Dialect:
    """Return how every answer of the playground is told."""
    return Told()


def play(call: Call[Ports]) -> Reply:
    """Ask one or two models the same."""
    trial = prompt.read(request.body(call.event), call.headers, call.ports.settings)

    def once(claim: Claim | None) -> tuple[str, Answer]:
        ends, answer = trying.run(
            call.ports,
            call.caller,
            trial,
            request_id=call.request_id,
            seconds_left=call.seconds_left,
            tell=call.tell or _nobody,
        )
        if claim is not None:
            call.ports.replays.complete(call.caller.partition, claim, ends)
        return "", answer

    try:
        kept, answer = claimed(call.ports, call.caller, trial.idempotency_key, trial.fingerprint, once)
    except trying.NobodyAnsweredError:
        return Reply()
    return Reply(body=kept, answer=answer)


def list_models(call: Call[Ports]) -> Reply:
    """List the models that may be asked, with their prices."""
    models = [
        {
            "id": one.id,
            "name": one.name,
            "input_usd_per_million": None if one.input_usd_per_million is None else float(one.input_usd_per_million),
            "output_usd_per_million": None if one.output_usd_per_million is None else float(one.output_usd_per_million),
            "max_output": one.max_output,
        }
        for one in call.ports.settings.models
    ]
    return Reply(body=shape.dumps(models))


def describe(_: Call[Ports]) -> Reply:
    """Describe the playground to programs."""
    return Reply(body=shape.dumps(schema.document()))


ROUTES: Mapping[str, Route[Ports]] = {
    "POST /playground": Route(work=play, dialect=told),
    "GET /playground/models": Route(work=list_models),
    "GET /playground/openapi.json": Route(work=describe),
}
"""Every route, by method and path."""


def _nobody(_: str) -> None:
    """Tell nobody."""
