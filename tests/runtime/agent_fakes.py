"""An agent with a model that wishes what it is told to, and hands that remember what they did."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from genai_layers.runtime.actions.ports import AgentPorts, AgentSettings, Turn
from genai_layers.runtime.actions.routes import ROUTES
from genai_layers.runtime.actions.tools import Tool
from genai_layers.runtime.chat.budget import Budgets
from genai_layers.runtime.chat.model import Completion, Stop
from genai_layers.runtime.chat.replay import Replays
from tests.runtime.assist_fakes import LITE, Door
from tests.runtime.fakes import Clock
from tests.runtime.memory_store import MemoryStore

BALANCE = Tool(
    name="leave_balance",
    description="Days of leave that are left.",
    parameters={"type": "object", "properties": {}, "required": [], "additionalProperties": False},
    function="arn:aws:lambda:us-east-1:111122223333:function:balance",
    is_confirmed=False,
)
BOOK = Tool(
    name="book_leave",
    description="Books leave.",
    parameters={
        "type": "object",
        "properties": {"days": {"type": "integer", "minimum": 1, "maximum": 30}},
        "required": ["days"],
        "additionalProperties": False,
    },
    function="arn:aws:lambda:us-east-1:111122223333:function:book",
    is_confirmed=True,
)
PAYROLL = Tool(
    name="pay",
    description="Pays out.",
    parameters=BALANCE.parameters,
    function="arn:aws:lambda:us-east-1:111122223333:function:pay",
    is_confirmed=False,
    groups=("payroll",),
)


def wish(name: str, arguments: Any = None, use_id: str = "u1") -> dict[str, Any]:
    """Return one use of a tool as Converse has it."""
    return {"toolUseId": use_id, "name": name, "input": {} if arguments is None else arguments}


def wishes(*wants: Mapping[str, Any]) -> Turn:
    """Return a turn that asks for tools."""
    return Turn(
        completion=Completion(text="", stop=Stop.ANSWERED, input_tokens=100, output_tokens=10),
        message={"role": "assistant", "content": [{"toolUse": want} for want in wants]},
        wants=wants,
    )


def words(text: str, stop: Stop = Stop.ANSWERED) -> Turn:
    """Return a turn that answers."""
    made = Completion(text=text, stop=stop, input_tokens=100, output_tokens=10)
    return Turn(completion=made, message={"role": "assistant", "content": [{"text": text}]})


class FakeAgentModel:
    """Takes its turns from a list; the guardrail blocks what says so."""

    def __init__(self, *turns: Turn | Exception) -> None:
        self.turns = list(turns)
        self.requests: list[Any] = []
        self.seen: list[str] = []

    def turn(self, request: Mapping[str, Any], seconds_left: Callable[[], float]) -> Turn:
        self.requests.append(json.loads(json.dumps(request)))
        one = self.turns.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    def judged(self, text: str) -> str | None:
        self.seen.append(text)
        return None if "BLOCK" in text else text.replace("555-1234", "{PHONE}")


class FakeHands:
    """Does what it is told and remembers it."""

    def __init__(self, *answers: tuple[str, bool] | Exception) -> None:
        self.answers = list(answers)
        self.orders: list[tuple[str, Mapping[str, Any]]] = []

    def use(self, function: str, order: Mapping[str, Any]) -> tuple[str, bool]:
        self.orders.append((function.rpartition(":")[2], order))
        answer = self.answers.pop(0) if self.answers else ('{"ok":true}', True)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Agent(Door):
    """The agent behind the REST API."""

    def __init__(self, *turns: Turn | Exception, hands: FakeHands | None = None, **changes: Any) -> None:
        self.store, self.clock = MemoryStore(), Clock()
        self.model, self.hands = FakeAgentModel(*turns), hands or FakeHands()
        settings: dict[str, Any] = {
            "models": (LITE,),
            "guardrail_id": "gr1234567890",
            "guardrail_version": "3",
            "table_name": "ledger",
            "allowed_clients": ("1example23456789",),
            "tools": (BALANCE, BOOK, PAYROLL),
            **changes,
        }
        super().__init__(
            ROUTES,
            AgentPorts(
                settings=AgentSettings(**settings),
                model=self.model,
                hands=self.hands,
                store=self.store,
                replays=Replays(self.store, now=self.clock),
                budgets=Budgets(self.store, now=self.clock),
                now=self.clock,
            ),
        )

    def do(self, task: str = "Book me two days.", **options: Any) -> tuple[int, Any]:
        """Return status and body of the response to a task."""
        return self.post("/agent", {"task": task}, **options)[:2]

    def decide(self, approval: Mapping[str, Any], decision: str = "approve", **options: Any) -> tuple[int, Any]:
        """Return status and body of the response to a decision on what was shown."""
        body = {"token": approval["token"], "arguments": approval["arguments"], "decision": decision}
        return self.post("/agent/approve", {**body, **options.pop("changes", {})}, **options)[:2]


def results(agent: Agent) -> list[dict[str, Any]]:
    """Return what the model was told of the tools in its last request."""
    return [block["toolResult"] for block in agent.model.requests[-1]["messages"][-1]["content"]]
