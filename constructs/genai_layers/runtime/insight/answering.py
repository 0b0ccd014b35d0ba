"""From a question to a statement, from a statement to rows, from rows to a summary."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..assist import asking
from ..chat import metrics
from ..chat.errors import ChatError
from ..chat.model import Answer, Caller, Completion, Stop
from ..chat.show import BLOCKED
from ..chat.unseen import seen
from ..shared import log
from . import prompts
from .check import checked
from .ports import InsightPorts, Result
from .tokens import SqlError

MAX_CELL_CHARACTERS = 500
MAX_RESULT_CHARACTERS = 20_000
"""Longest result that is shown, judged and summed up: twenty text units of a guardrail."""

TRIES = 2
"""How often the model may write a statement."""

STATEMENT_TOKENS = 800

NO_ANSWER = "The tables of this service do not answer that."
NOT_RUN = "No statement could be written that may run: ask in other words."
WITHHELD = "The rows were withheld by the content rules of this service."


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """
    An answer about data.

    Attributes:
        answer: The summary, and what it took.
        sql: The statement that ran; None where none did.
        result: What it brought; None where nothing did.
        is_cut: Whether there may be more rows, or cells were shortened.
    """

    answer: Answer
    sql: str | None = None
    result: Result | None = None
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question, and what it took so far is on *meter*."""

    ports: InsightPorts
    caller: Caller
    request_id: str
    seconds_left: Callable[[], float]
    meter: asking.Meter

    def about(self, question: str) -> Insight:
        """
        Answer *question*.

        Raises:
            ChatError: Athena or the model failed; a statement that ran changed nothing.
        """
        used, sql, words = self._written(question)
        if sql is None:
            return Insight(answer=self._answer(replace(used, text=words)))
        settings = self.ports.settings
        result = self.ports.engine.run(sql, self.request_id, self.seconds_left)
        log.event("query_run", rows=len(result.rows), bytes_scanned=result.bytes_scanned, request_id=self.request_id)
        shown, is_cut = _fitting(result)
        is_cut = is_cut or len(result.rows) >= settings.max_rows
        judged = self._judged(shown)
        if judged is None:
            return Insight(answer=self._answer(replace(used, text=WITHHELD)), sql=sql)
        try:
            summed = self._asked(prompts.summing_up(), prompts.quoted(question, judged, MAX_RESULT_CHARACTERS))
        except ChatError as error:
            metrics.refused(error.code)
            summed = Completion(
                text=f"The rows are below; they could not be summed up: {error}",
                stop=Stop.ANSWERED,
                input_tokens=0,
                output_tokens=0,
            )
        answer = self._answer(_total(used, summed), secret=prompts.summing_up())
        # Where the guardrail stops a summary of these rows, an attack stands in them: they go with it.
        return Insight(answer=answer, sql=sql, result=None if answer.is_stopped else judged, is_cut=is_cut)

    def _written(self, question: str) -> tuple[Completion, str | None, str]:
        """Return what writing took, and a statement that may run, or in place of it what to say."""
        settings = self.ports.settings
        messages: list[dict[str, Any]] = [{"role": "user", "content": [asking.from_the_caller(question)]}]
        used = Completion(text="", stop=Stop.ANSWERED, input_tokens=0, output_tokens=0)
        for _ in range(TRIES):
            made = self._told(prompts.writing(settings), messages, STATEMENT_TOKENS)
            used = _total(used, made)
            if made.stop is Stop.GUARDRAIL:
                return used, None, made.text or BLOCKED
            sql = prompts.statement(made.text)
            if sql is None:
                return used, None, NO_ANSWER
            try:
                return used, checked(sql, settings.schema, database=settings.database, max_rows=settings.max_rows), ""
            except SqlError as error:
                metrics.refused("statement_refused")
                messages.append({"role": "assistant", "content": [{"text": made.text}]})
                messages.append({"role": "user", "content": [{"text": prompts.again([str(error)])}]})
        return used, None, NOT_RUN

    def _asked(self, system: str, text: str) -> Completion:
        message = {"role": "user", "content": [asking.from_the_caller(text)]}
        return self._told(system, [message], self.ports.settings.models[0].max_output)

    def _told(self, system: str, messages: list[dict[str, Any]], most: int) -> Completion:
        settings = self.ports.settings
        choice = settings.models[0]
        request = asking.request(
            settings,
            self.caller,
            choice.id,
            system=[{"text": system}],
            messages=messages,
            inference={"maxTokens": min(most, choice.max_output), "temperature": 0},
        )
        made = self.ports.model.converse(request, self.seconds_left)
        self.meter.add(made, len(json.dumps(messages)))
        return made

    def _judged(self, result: Result) -> Result | None:
        """Return *result* as the guardrail lets it be shown; None where it blocks, or masks what holds it together."""
        plain = json.dumps([list(row) for row in result.rows], ensure_ascii=False)
        said = self.ports.judge.judged(plain, "OUTPUT")
        if said == plain:
            return result
        try:
            rows = json.loads(said or "")
        except ValueError:
            return None
        is_whole = isinstance(rows, list) and all(
            isinstance(row, list) and len(row) == len(result.columns) for row in rows
        )
        return replace(result, rows=tuple(tuple(row) for row in rows)) if is_whole else None

    def _answer(self, made: Completion, *, secret: str = "") -> Answer:
        settings = self.ports.settings
        return asking.shown(settings, settings.models[0], made, secret=secret, id=self.request_id)


def _fitting(result: Result) -> tuple[Result, bool]:
    """Return *result* with cells and rows that can be judged, and whether anything was cut."""
    rows: list[tuple[str | None, ...]] = []
    size, is_cut = 0, False
    for row in result.rows:
        cells = tuple(None if cell is None else seen(cell)[:MAX_CELL_CHARACTERS] for cell in row)
        size += len(json.dumps(cells, ensure_ascii=False))
        if size > MAX_RESULT_CHARACTERS:
            return replace(result, rows=tuple(rows)), True
        is_cut = is_cut or any(cell is not None and len(cell) > MAX_CELL_CHARACTERS for cell in row)
        rows.append(cells)
    return replace(result, rows=tuple(rows)), is_cut


def _total(before: Completion, made: Completion) -> Completion:
    return Completion(
        text=made.text,
        stop=made.stop,
        input_tokens=before.input_tokens + made.input_tokens,
        output_tokens=before.output_tokens + made.output_tokens,
        interventions=tuple(sorted({*before.interventions, *made.interventions})),
    )
