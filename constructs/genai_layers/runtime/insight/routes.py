"""What each route of answers about data does."""

from __future__ import annotations

from collections.abc import Mapping

from ..assist import asking
from ..assist.call import Call, Route
from ..assist.fields import Fields
from ..chat import budget, events, request, shape
from ..chat.model import Answer
from ..chat.replay import Claim
from ..chat.routes import Reply
from ..chat.service import claimed
from . import prompts, schema
from .answering import MAX_RESULT_CHARACTERS, STATEMENT_TOKENS, TRIES, Asking, Insight
from .ports import InsightPorts

MAX_QUESTION_CHARACTERS = 2_000


def ask(call: Call[InsightPorts]) -> Reply:
    """Answer a question about data."""
    value = request.body(call.event)
    fields = Fields(value, ("question",), "a question")
    question = fields.text("question", MAX_QUESTION_CHARACTERS)
    key = request.idempotency_key(call.headers, fields.faults)
    fields.check()
    ports, caller = call.ports, call.caller
    written = budget.tokens(len(prompts.writing(ports.settings)) + MAX_QUESTION_CHARACTERS) + STATEMENT_TOKENS
    reserved = TRIES * written + budget.tokens(MAX_RESULT_CHARACTERS) + ports.settings.models[0].max_output

    def once(claim: Claim | None) -> tuple[str, Answer]:
        with asking.charged(ports, caller, reserved) as meter:
            insight = Asking(
                ports=ports,
                caller=caller,
                request_id=call.request_id,
                seconds_left=call.seconds_left,
                meter=meter,
            ).about(question)
        body = _body(insight)
        if claim is not None:
            ports.replays.complete(caller.partition, claim, body)
        return body, insight.answer

    body, answer = claimed(ports, caller, key, request.fingerprint("insight", value), once)
    return Reply(body=body, answer=answer, headers={} if answer else {"idempotent-replayed": "true"})


def list_tables(call: Call[InsightPorts]) -> Reply:
    """List what can be asked about."""
    return Reply(
        body=shape.dumps(
            [{"name": one.name, "about": one.about, "columns": dict(one.columns)} for one in call.ports.settings.tables]
        )
    )


def describe(_: Call[InsightPorts]) -> Reply:
    """Describe the routes to programs."""
    return Reply(body=shape.dumps(schema.document(MAX_QUESTION_CHARACTERS)))


def dialect(call: Call[InsightPorts]) -> events.Dialect | None:
    """Return events where the caller takes them, so that a long query is no silence."""
    return events.Ours() if events.MEDIA_TYPE in call.headers.get("accept", "") else None


ROUTES: Mapping[str, Route[InsightPorts]] = {
    "POST /insight": Route(work=ask, dialect=dialect),
    "GET /insight/tables": Route(work=list_tables),
    "GET /insight/openapi.json": Route(work=describe),
}
"""Every route, by method and path."""


def _body(insight: Insight) -> str:
    answer, result = insight.answer, insight.result
    return shape.dumps(
        {
            "summary": answer.text,
            "sql": insight.sql,
            "columns": [] if result is None else list(result.columns),
            "rows": [] if result is None else [list(row) for row in result.rows],
            "is_cut": insight.is_cut,
            "bytes_scanned": 0 if result is None else result.bytes_scanned,
            "usage": shape.usage_body(answer.usage),
            "stopped_by_guardrail": answer.is_stopped,
            "stop_reason": answer.stop.value,
        }
    )
