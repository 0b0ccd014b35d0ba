"""
The loop of the agent: the model wishes, the rules decide, tools answer.

A model's wish is text by a stranger. A tool is used only if it was declared, if the caller's groups have it, if the
arguments fit its schema, and, where it changes things, after the caller approved what was shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..assist import asking
from ..chat.errors import ChatError, ConflictError, ForbiddenError, TooLargeError
from ..chat.model import Answer, Caller, Completion, Stop
from ..chat.unseen import seen
from ..shared import log
from . import approvals, counts, json_schema
from .approvals import Pending
from .ports import AgentPorts
from .tools import Tool, digest
from .words import NOTHING, instructions, result, total

MAX_RESULT_CHARACTERS = 16_000
"""Longest result of a tool; what is longer is an error that the model is told."""

MAX_KEPT_BYTES = 300_000
"""Longest conversation that can wait for an approval; an item of DynamoDB has 400 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    An action that waits for the caller.

    Attributes:
        tool: What would be used.
        arguments: What it would be asked.
        token: What approves it.
        expires_at: Until when, seconds since 1970.
    """

    tool: Tool
    arguments: Mapping[str, Any]
    token: str
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the loop, from a task or from a decision to an answer or to a question."""

    ports: AgentPorts
    caller: Caller
    request_id: str
    seconds_left: Callable[[], float]
    meter: asking.Meter

    @property
    def tools(self) -> dict[str, Tool]:
        """Tools that the caller may use, by name."""
        return {tool.name: tool for tool in self.ports.settings.tools if tool.is_for(self.caller)}

    def go(self, messages: list[dict[str, Any]], turns: int) -> tuple[Answer, Asked | None]:
        """
        Ask the model until it answers or wishes what has to be approved.

        Args:
            messages: The conversation so far.
            turns: How often the model was asked so far.
        """
        used = NOTHING
        while True:
            turn = self.ports.model.turn(self._request(messages), self.seconds_left)
            turns += 1
            self.meter.add(turn.completion, len(json.dumps(messages)))
            used = total(used, turn.completion)
            if not turn.wants or turn.completion.stop is Stop.GUARDRAIL:
                return self._answer(used), None
            if turns >= self.ports.settings.max_turns:
                counts.count("TurnsExhausted")
                raise ConflictError(
                    f"the task was not done after {turns} turns of the model: split it; what was done stays done"
                )
            messages.append(dict(turn.message))
            results, waits = self._uses(turn.wants)
            if waits is not None:
                return self._wait(used, waits, messages, results, turns)
            messages.append({"role": "user", "content": results})

    def resume(self, pending: Pending, *, is_approved: bool) -> tuple[str, Answer, Asked | None]:
        """
        Do what was decided, and go on; return first what came of it: `success`, `error` or `refused`.

        Args:
            pending: The action.
            is_approved: What the caller decided.

        Raises:
            ForbiddenError: The caller has lost the tool since.
        """
        tool = self.tools.get(pending.tool)
        if tool is None:
            raise ForbiddenError("this tool is not yours any more: ask an administrator for its group")
        if is_approved:
            done = self._use(tool, pending.arguments, pending.use_id, is_approved=True)
        else:
            self._audit(tool, pending.arguments, "refused_by_user")
            done = result(pending.use_id, "the person refused this action", is_error=True)
        messages = [*pending.messages, {"role": "user", "content": [*pending.results, done]}]
        outcome = done["toolResult"]["status"] if is_approved else "refused"
        try:
            return outcome, *self.go(messages, pending.turns)
        except ChatError as error:
            # What was done is done; whoever approved it has to hear so although nothing follows.
            counts.count("ContinuationsFailed")
            words = f"The action has ended, and the agent could not go on: {error}"
            return outcome, self._answer(NOTHING, words=words), None

    def _uses(
        self, wants: tuple[Mapping[str, Any], ...]
    ) -> tuple[list[dict[str, Any]], tuple[Tool, Mapping[str, Any]] | None]:
        """Return the results of what may be done now, and the one wish that has to be approved first."""
        results: list[dict[str, Any]] = []
        waits: tuple[Tool, Mapping[str, Any]] | None = None
        for want in wants:
            use_id, arguments = str(want["toolUseId"]), want.get("input")
            tool = self.tools.get(str(want.get("name")))
            if tool is None:
                counts.count("ActionsDenied")
                results.append(result(use_id, "there is no such tool", is_error=True))
            elif faults := json_schema.faults(arguments, tool.parameters):
                self._audit(tool, arguments, "arguments_refused")
                results.append(result(use_id, "; ".join(faults), is_error=True))
            elif not tool.is_confirmed:
                results.append(self._use(tool, want["input"], use_id, is_approved=False))
            elif waits is None:
                waits = tool, want
            else:
                results.append(result(use_id, "one action at a time is approved: wish it again later", is_error=True))
        return results, waits

    def _use(self, tool: Tool, arguments: Mapping[str, Any], use_id: str, *, is_approved: bool) -> dict[str, Any]:
        order = {
            "tool": tool.name,
            "arguments": dict(arguments),
            "user": self.caller.user,
            "tenant": self.caller.tenant,
            "request_id": self.request_id,
            # The same for the same use, so that a tool can tell a repetition.
            "use_id": use_id,
        }
        try:
            said, is_done = self.ports.hands.use(tool.function, order)
        except ChatError:
            self._audit(tool, arguments, "unknown", is_approved=is_approved)
            return result(use_id, "no answer came, and it may have been done: do not repeat it", is_error=True)
        self._audit(tool, arguments, "done" if is_done else "failed", is_approved=is_approved)
        if len(said) > MAX_RESULT_CHARACTERS:
            return result(use_id, f"the result has more than {MAX_RESULT_CHARACTERS} characters", is_error=True)
        try:
            judged = self.ports.model.judged(seen(said))
        except ChatError:
            return result(use_id, "it was done, and its result could not be judged", is_error=True)
        if judged is None:
            counts.count("ResultsWithheld")
            return result(use_id, "the result was withheld by the content rules", is_error=True)
        return result(use_id, judged, is_error=not is_done)

    def _wait(
        self,
        used: Completion,
        waits: tuple[Tool, Mapping[str, Any]],
        messages: list[dict[str, Any]],
        results: list[dict[str, Any]],
        turns: int,
    ) -> tuple[Answer, Asked]:
        tool, want = waits
        if len(json.dumps([messages, results]).encode()) > MAX_KEPT_BYTES:
            raise TooLargeError("the task has grown too long to wait for an approval: split it")
        pending = Pending(
            tool=tool.name,
            arguments=want["input"],
            use_id=str(want["toolUseId"]),
            messages=messages,
            results=results,
            turns=turns,
        )
        token, expires_at = approvals.ask(
            self.ports.store,
            self.caller.partition,
            pending,
            now=self.ports.now(),
            seconds=self.ports.settings.approval_seconds,
        )
        self._audit(tool, want["input"], "approval_needed")
        asked = Asked(tool=tool, arguments=want["input"], token=token, expires_at=expires_at)
        return self._answer(used, words="This action waits for your approval."), asked

    def _answer(self, used: Completion, *, words: str | None = None) -> Answer:
        settings = self.ports.settings
        if words is not None:
            used = Completion(
                text=words, stop=Stop.ANSWERED, input_tokens=used.input_tokens, output_tokens=used.output_tokens
            )
        return asking.shown(
            settings, settings.models[0], used, secret=instructions(settings.instructions), id=self.request_id
        )

    def _request(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        settings = self.ports.settings
        choice = settings.models[0]
        request = asking.request(
            settings,
            self.caller,
            choice.id,
            system=[{"text": instructions(settings.instructions)}],
            messages=messages,
            inference={"maxTokens": choice.max_output},
        )
        tools = [tool.specification for tool in self.tools.values()]
        return {**request, **({"toolConfig": {"tools": tools}} if tools else {})}

    def _audit(self, tool: Tool, arguments: object, outcome: str, *, is_approved: bool = False) -> None:
        log.event(
            "action",
            tool=tool.name,
            arguments_sha256=digest(tool.name, arguments),
            outcome=outcome,
            is_approved=is_approved,
            user=self.caller.user,
            tenant=self.caller.tenant,
            request_id=self.request_id,
        )
        counts.count("".join(["Actions", *(word.capitalize() for word in outcome.split("_"))]))
