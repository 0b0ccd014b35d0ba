"""What each route of the agent does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ..assist import asking
from ..assist.call import Call, Route
from ..assist.fields import Fields
from ..chat import budget, events, request, shape
from ..chat.model import Answer
from ..chat.replay import Claim
from ..chat.routes import Reply
from ..chat.service import claimed
from . import approvals, schema
from .agent import Asked, Run
from .ports import AgentPorts

MAX_TASK_CHARACTERS = 8_000
MAX_TOKEN_CHARACTERS = 64


def start(call: Call[AgentPorts]) -> Reply:
    """Do a task, up to the first action that has to be approved."""
    value = request.body(call.event)
    fields = Fields(value, ("task",), "a task")
    task = fields.text("task", MAX_TASK_CHARACTERS)
    key = request.idempotency_key(call.headers, fields.faults)
    fields.check()
    messages = [{"role": "user", "content": [asking.from_the_caller(task)]}]

    def run(one: Run) -> tuple[str, Answer]:
        answer, asked = one.go(messages, 0)
        return _body(answer, asked), answer

    return _once(call, key, request.fingerprint("agent", value), run)


def decide(call: Call[AgentPorts]) -> Reply:
    """Do or leave what was shown, and go on with the task."""
    value = request.body(call.event)
    fields = Fields(value, ("token", "arguments", "decision"), "a decision")
    token = fields.text("token", MAX_TOKEN_CHARACTERS)
    decision = fields.chosen("decision", ("approve", "refuse"))
    if not isinstance(value.get("arguments"), dict):
        fields.faults.append("'arguments' must be the object that was shown: send it back as it came")
    key = request.idempotency_key(call.headers, fields.faults)
    fields.check()

    def run(one: Run) -> tuple[str, Answer]:
        pending = approvals.take(
            call.ports.store, call.caller.partition, token, value["arguments"], now=call.ports.now()
        )
        outcome, answer, asked = one.resume(pending, is_approved=decision == "approve")
        return _body(answer, asked, action={"tool": pending.tool, "outcome": outcome}), answer

    return _once(call, key, request.fingerprint("approve", value), run)


def list_tools(call: Call[AgentPorts]) -> Reply:
    """List the tools that the caller may use."""
    tools = [
        {"name": one.name, "description": one.description, "needs_approval": one.is_confirmed}
        for one in call.ports.settings.tools
        if one.is_for(call.caller)
    ]
    return Reply(body=shape.dumps(tools))


def describe(_: Call[AgentPorts]) -> Reply:
    """Describe the agent to programs."""
    return Reply(body=shape.dumps(schema.document(MAX_TASK_CHARACTERS, MAX_TOKEN_CHARACTERS)))


def dialect(call: Call[AgentPorts]) -> events.Dialect | None:
    """Return events where the caller takes them, so that a long task is no silence."""
    return events.Ours() if events.MEDIA_TYPE in call.headers.get("accept", "") else None


ROUTES: Mapping[str, Route[AgentPorts]] = {
    "POST /agent": Route(work=start, dialect=dialect),
    "POST /agent/approve": Route(work=decide, dialect=dialect),
    "GET /agent/tools": Route(work=list_tools),
    "GET /agent/openapi.json": Route(work=describe),
}
"""Every route, by method and path."""


def _once(call: Call[AgentPorts], key: str | None, fingerprint: str, run: Callable[[Run], tuple[str, Answer]]) -> Reply:
    """Return the response to a request, charged to the caller; a repetition gets the response of the first."""
    ports, settings = call.ports, call.ports.settings
    told = sum(len(json.dumps(tool.specification)) for tool in settings.tools)
    each = budget.tokens(told + MAX_TASK_CHARACTERS) + settings.models[0].max_output
    reserved = min(each * settings.max_turns, settings.user_tokens_per_day or each * settings.max_turns)

    def once(claim: Claim | None) -> tuple[str, Answer]:
        with asking.charged(ports, call.caller, reserved) as meter:
            body, answer = run(
                Run(
                    ports=ports,
                    caller=call.caller,
                    request_id=call.request_id,
                    seconds_left=call.seconds_left,
                    meter=meter,
                )
            )
        if claim is not None:
            ports.replays.complete(call.caller.partition, claim, body)
        return body, answer

    body, answer = claimed(ports, call.caller, key, fingerprint, once)
    return Reply(body=body, answer=answer, headers={} if answer else {"idempotent-replayed": "true"})


def _body(answer: Answer, asked: Asked | None, *, action: Mapping[str, str] | None = None) -> str:
    waits = {}
    if asked is not None:
        waits = {
            "approval": {
                "tool": asked.tool.name,
                "description": asked.tool.description,
                "arguments": asked.arguments,
                "token": asked.token,
                "expires_at": f"{datetime.fromtimestamp(asked.expires_at, UTC):%Y-%m-%dT%H:%M:%SZ}",
            }
        }
    return shape.dumps(
        {
            "status": "answered" if asked is None else "approval_needed",
            **({} if action is None else {"action": action}),
            "answer": answer.text,
            **waits,
            "usage": shape.usage_body(answer.usage),
            "stopped_by_guardrail": answer.is_stopped,
            "stop_reason": answer.stop.value,
        }
    )
