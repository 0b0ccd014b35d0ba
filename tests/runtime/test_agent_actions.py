"""The agent does what its user may have done, and what changes things only after the user approved it, once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from genai_layers.runtime.actions.approvals import PENDING
from tests.runtime.agent_fakes import BOOK as BOOKING
from tests.runtime.agent_fakes import Agent, FakeHands, results, wish, wishes, words
from tests.runtime.fakes import event

BOOK = wish("book_leave", {"days": 2})


def test_a_tool_that_changes_nothing_is_used_at_once() -> None:
    """And its result reaches the model as a value."""
    agent = Agent(wishes(wish("leave_balance")), words("You have 28 days."), hands=FakeHands(('{"days":28}', True)))

    status, body = agent.do("How much leave have I?")

    assert (status, body["status"], body["answer"]) == (200, "answered", "You have 28 days.")
    assert body["usage"]["input_tokens"] == 200
    ((name, order),) = agent.hands.orders
    assert (name, order["user"], order["arguments"]) == ("balance", "ada", {})
    (result,) = results(agent)
    assert json.loads(result["content"][0]["text"]) == {"result": '{"days":28}'}


def test_a_tool_that_changes_things_waits_for_its_user() -> None:
    """It is shown whole, and not done before it is approved."""
    agent = Agent(wishes(BOOK), words("Booked."))

    _, body = agent.do()
    before = list(agent.hands.orders)
    status, after = agent.decide(body["approval"])

    assert (body["status"], body["approval"]["tool"], body["approval"]["arguments"]) == (
        "approval_needed",
        "book_leave",
        {"days": 2},
    )
    assert before == []
    assert (status, after["answer"], after["action"]) == (200, "Booked.", {"tool": "book_leave", "outcome": "success"})
    assert [name for name, _ in agent.hands.orders] == ["book"]


def test_a_refusal_is_told_to_the_model_and_nothing_is_done() -> None:
    """The token is used up by it."""
    agent = Agent(wishes(BOOK), words("I left it."))
    approval = agent.do()[1]["approval"]

    _, body = agent.decide(approval, "refuse")

    assert body["action"] == {"tool": "book_leave", "outcome": "refused"}
    assert "refused this action" in results(agent)[0]["content"][0]["text"]
    assert agent.decide(approval)[0] == 409
    assert agent.hands.orders == []


def test_what_is_approved_twice_is_done_once() -> None:
    """One after the other, and at the same time."""
    agent = Agent(wishes(BOOK), words("Booked."), words("Booked."))
    approval = agent.do()[1]["approval"]

    with ThreadPoolExecutor(8) as together:
        statuses = sorted(status for status, _ in together.map(lambda _: agent.decide(approval), range(8)))

    assert statuses == [200] + [409] * 7
    assert len(agent.hands.orders) == 1


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        ({"arguments": {"days": 30}}, {}),
        ({"arguments": {}}, {}),
        ({"token": "x" * 43}, {}),
        ({}, {"user": "eve"}),
    ],
)
def test_an_approval_is_bound_to_user_and_arguments(changes: dict[str, Any], options: dict[str, Any]) -> None:
    """Whoever has the token of another, or sends other arguments, approves nothing; the owner still can."""
    agent = Agent(wishes(BOOK), words("Booked."))
    approval = agent.do()[1]["approval"]

    status, _ = agent.decide(approval, changes=changes, **options)

    assert (status, agent.hands.orders) == (409, [])
    assert agent.decide(approval)[0] == 200


def test_an_approval_does_not_last() -> None:
    """After ten minutes it is worth nothing."""
    agent = Agent(wishes(BOOK))
    approval = agent.do()[1]["approval"]
    agent.clock.forward(minutes=11)

    assert agent.decide(approval)[0] == 409
    assert agent.hands.orders == []


def test_the_table_does_not_hold_what_approves() -> None:
    """Whoever reads it cannot approve."""
    agent = Agent(wishes(BOOK))
    token = agent.do()[1]["approval"]["token"]

    assert [key for _, key in agent.store.items if key.startswith(PENDING)]
    assert token not in str(agent.store.items)


def test_tools_of_other_groups_are_not_there() -> None:
    """Neither told to the model, nor listed, nor done where the model asks for one all the same."""
    agent = Agent(wishes(wish("pay")), words("No."))

    agent.do("Pay me.")

    told = [one["toolSpec"]["name"] for one in agent.model.requests[0]["toolConfig"]["tools"]]
    assert told == ["leave_balance", "book_leave"]
    assert agent.hands.orders == []
    assert "no such tool" in results(agent)[0]["content"][0]["text"]
    assert [one["name"] for one in agent.send(event("GET /agent/tools"))[1]] == told
    assert len(agent.send(event("GET /agent/tools", groups=["payroll"]))[1]) == 3


def test_who_leaves_a_group_loses_what_waits() -> None:
    """The groups count on the day of the approval."""
    agent = Agent(wishes(BOOK), tools=(replace(BOOKING, groups=("staff",)),))
    approval = agent.do(groups=["staff"])[1]["approval"]

    assert agent.decide(approval)[0] == 403
    assert agent.hands.orders == []


@pytest.mark.parametrize(
    "arguments", [{"days": 0}, {"days": "2"}, {"days": True}, {}, {"days": 2, "for": "eve"}, [], "x"]
)
def test_arguments_that_do_not_fit_are_never_shown_nor_sent(arguments: Any) -> None:
    """The model is told and may try again."""
    agent = Agent(wishes(wish("book_leave", arguments)), words("I cannot."))

    _, body = agent.do()

    assert (body["status"], agent.hands.orders) == ("answered", [])
    assert results(agent)[0]["status"] == "error"
    assert "eve" not in results(agent)[0]["content"][0]["text"]


def test_results_are_judged_before_the_model_reads_them() -> None:
    """Blocked ones are withheld, personal data is masked, and hidden text is gone."""
    hands = FakeHands(("BLOCK this", True), ("call 555-1234\U000e0041", True))
    agent = Agent(wishes(wish("leave_balance"), wish("leave_balance", use_id="u2")), words("Done."), hands=hands)

    agent.do()

    first, second = results(agent)
    assert (first["status"], "BLOCK" in first["content"][0]["text"]) == ("error", False)
    assert json.loads(second["content"][0]["text"]) == {"result": "call {PHONE}"}
    assert agent.model.seen[1] == "call 555-1234"


def test_one_action_at_a_time_is_approved() -> None:
    """What the model wishes beside it has to be wished again; what needs nobody is done."""
    agent = Agent(
        wishes(BOOK, wish("book_leave", {"days": 3}, "u2"), wish("leave_balance", use_id="u3")), words("Booked.")
    )

    approval = agent.do()[1]["approval"]
    agent.decide(approval)

    assert [(name, order["arguments"]) for name, order in agent.hands.orders] == [
        ("balance", {}),
        ("book", {"days": 2}),
    ]
    assert {one["toolUseId"] for one in results(agent)} == {"u1", "u2", "u3"}
