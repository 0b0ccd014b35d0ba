"""The agent may invoke the functions of its tools and nothing else; a tool that says too little is refused."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_

from genai_layers import testing
from genai_layers.application import ActionAgent, ActionTool, AssistantError
from genai_layers.application.action_agent import ROUTES
from genai_layers.runtime.actions import routes, settings
from genai_layers.runtime.shared.env import Environment
from genai_layers.testing import Outcome, evaluate
from tests.unit.application.assistants import Asker, environment_of, make_stage
from tests.unit.application.conftest import MODEL, Estate, make_estate

pytestmark = pytest.mark.synth

DAYS = {
    "type": "object",
    "properties": {"days": {"type": "integer", "minimum": 1, "maximum": 30}},
    "required": ["days"],
    "additionalProperties": False,
}
BOOK = f"arn:aws:lambda:us-east-1:{testing.ACCOUNT}:function:book"


def _tool(estate: Estate, **changes: Any) -> ActionTool:
    scope = estate.stack
    function = scope.node.try_find_child("Book") or lambda_.Function.from_function_arn(scope, "Book", BOOK)
    declared = {"name": "book_leave", "description": "Books days of leave.", "parameters": DAYS, "function": function}
    return ActionTool(**{**declared, **changes})


@pytest.fixture(scope="module")
def asker() -> Asker:
    """The template of an agent with one tool for a group, and its role."""
    estate = make_estate()
    staff = estate.directory.add_group("staff", description="who works here")
    ActionAgent(
        estate.stack,
        "Agent",
        model=estate.model,
        tools=[_tool(estate, groups=[staff]), _tool(estate, name="look_up", is_confirmed=False)],
        approval_window=Duration.minutes(5),
        instructions="Be brief.",
        **make_stage(estate),
    )
    return Asker(testing.template(estate.stack), "Agent")


def test_the_function_can_read_its_settings(asker: Asker) -> None:
    """What the construct writes, the function's own reader takes."""
    read = settings.read(Environment(environment_of(asker.template, "AgentFunction")))

    book, look = read.tools
    assert (book.name, book.parameters, book.function, book.is_confirmed) == ("book_leave", DAYS, BOOK, True)
    assert (len(book.groups), look.groups, look.is_confirmed) == (1, (), False)
    assert (read.max_turns, read.approval_seconds, read.instructions) == (6, 300, "Be brief.")
    assert read.models[0].id == MODEL


def test_the_function_answers_the_routes_that_the_api_sends_it() -> None:
    """Both sides name the same routes."""
    assert set(ROUTES) == set(routes.ROUTES)


def test_the_role_can_do_its_work_and_nothing_else(asker: Asker) -> None:
    """The tool by name, the model under the guardrail, the guardrail by itself, the table."""
    named = {"bedrock:GuardrailIdentifier": f"{asker.guardrail}:1"}
    model = f"arn:aws:bedrock:us-east-1::foundation-model/{MODEL}"
    allowed = [
        asker.may("lambda:InvokeFunction", BOOK),
        asker.may("bedrock:InvokeModel", model, **named),
        asker.may("bedrock:ApplyGuardrail", asker.guardrail),
        *(asker.may(f"dynamodb:{verb}", asker.table) for verb in ("Query", "PutItem", "DeleteItem", "UpdateItem")),
    ]
    denied = [
        asker.may("lambda:InvokeFunction", f"{BOOK}ing"),
        asker.may("lambda:InvokeFunction", f"{BOOK}:1"),
        asker.may("lambda:UpdateFunctionCode", BOOK),
        asker.may("bedrock:InvokeModel", model),
        asker.may("dynamodb:Scan", asker.table),
        asker.may("bedrock:Retrieve", f"arn:aws:bedrock:us-east-1:{testing.ACCOUNT}:knowledge-base/KB12345678"),
    ]

    decisions = evaluate([*allowed, *denied])

    assert [one.request.action for one in decisions[: len(allowed)] if not one.allowed] == []
    assert {one.outcome for one in decisions[len(allowed) :]} == {Outcome.IMPLICITLY_DENIED}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": "book leave"}, "tool 'book leave': give a name"),
        ({"description": "x"}, "has a description of 1 characters: give 10 to 1000"),
        ({"parameters": {"type": "string", "maxLength": 5}}, "parameters must be of type object"),
        ({"parameters": {**DAYS, "additionalProperties": True}}, "takes what is not declared"),
        ({"parameters": {**DAYS, "oneOf": []}}, "holds 'oneOf', which is not understood"),
        ({"parameters": {**DAYS, "required": ["x"]}}, "requires 'x', which is not declared"),
        ({"parameters": {**DAYS, "properties": {"days": {"type": "string"}}}}, "days is a text without maxLength"),
        ({"parameters": {**DAYS, "properties": {"days": {"type": "array"}}}}, "days is a list without items"),
        ({"parameters": {**DAYS, "properties": {"days": {"type": "date"}}}}, "days has type 'date'"),
        (
            {"parameters": {**DAYS, "properties": {"days": {"type": "string", "maxLength": 9, "pattern": "("}}}},
            "days has a pattern that is no regular expression",
        ),
    ],
)
def test_refuses_a_tool_that_says_too_little(changes: dict[str, Any], fault: str, bad_estate: Estate) -> None:
    """At synth, with its name."""
    assert any(fault in one for one in _tool(bad_estate, **changes).faults())


def test_says_all_that_is_wrong_at_once(bad_estate: Estate) -> None:
    """One run tells everything."""
    with pytest.raises(AssistantError) as caught:
        ActionAgent(
            bad_estate.stack,
            "Wrong",
            model=bad_estate.model,
            tools=[_tool(bad_estate), _tool(bad_estate)],
            max_turns=0,
            approval_window=Duration.seconds(5),
            instructions="x" * 1001,
            **make_stage(bad_estate),
        )

    faults = "; ".join(caught.value.faults)
    for part in ("tools names one twice", "max_turns is 0", "approval_window is 5 seconds", "1001 characters"):
        assert part in faults


@pytest.fixture(scope="module")
def bad_estate() -> Estate:
    """An estate for agents that are refused."""
    return make_estate()
