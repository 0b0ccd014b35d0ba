"""In-memory stand-ins for AWS, and requests as the HTTP API sends them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from genai_layers.runtime.chat.budget import Budgets
from genai_layers.runtime.chat.handler import respond
from genai_layers.runtime.chat.model import Completion, Passage, Stop
from genai_layers.runtime.chat.replay import Replays
from genai_layers.runtime.chat.service import Ports
from genai_layers.runtime.chat.settings import ChatSettings
from genai_layers.runtime.chat.store import Item
from genai_layers.runtime.chat.table import Conversations

EVENTS = Path(__file__).parent / "events"

SETTINGS = ChatSettings(
    model_id="amazon.nova-lite-v1:0",
    guardrail_id="gr1234567890",
    guardrail_version="3",
    knowledge_base_id="KB12345678",
    table_name="conversations",
    function_name="chat",
)


class Clock:
    """A time that moves when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time

    def forward(self, **delta: float) -> None:
        self.time += timedelta(**delta)


class Context:
    """What Lambda says about an invocation."""

    aws_request_id = "11111111-2222-3333-4444-555555555555"

    def __init__(self, milliseconds: int = 28_000) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


class FakeModel:
    """A knowledge base with fixed passages and a model that says what it is told to say."""

    def __init__(self, *answers: Completion | Exception | Callable[[Mapping[str, Any]], Completion]) -> None:
        self.passages = [
            Passage(text="Leave is 28 days a year.", source="s3://docs/leave.md", score=0.9),
            Passage(text="Claims are due in 30 days.", source="s3://docs/claims.pdf", score=0.4),
        ]
        self.answers = list(answers)
        self.queries: list[tuple[str, str | None]] = []
        self.requests: list[Mapping[str, Any]] = []

    def retrieve(self, query: str, tenant: str | None) -> list[Passage]:
        self.queries.append((query, tenant))
        return list(self.passages)

    def converse(self, request: Mapping[str, Any], seconds_left: Callable[[], float]) -> Completion:
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else says("You have 28 days [1].")
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer


class MemoryStore:
    """
    A table in a dictionary.

    It understands the few expressions that the chat writes; `test_chat_store.py` holds it against DynamoDB.
    """

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Item] = {}
        self.writes = 0

    def query(self, **request: Any) -> Mapping[str, Any]:
        values = request["ExpressionAttributeValues"]
        partition, prefix = values[":pk"]["S"], values.get(":prefix", {"S": ""})["S"]
        keys = sorted(key for key in self.items if key[0] == partition and key[1].startswith(prefix))
        if not request.get("ScanIndexForward", True):
            keys.reverse()
        start = request.get("ExclusiveStartKey")
        if start is not None:
            after = start["sk"]["S"]
            keys = [key for key in keys if (key[1] < after if "ScanIndexForward" in request else key[1] > after)]
        limit = request.get("Limit", 1000)
        page = {"Items": [copy.deepcopy(self.items[key]) for key in keys[:limit]]}
        if len(keys) >= limit:
            page["LastEvaluatedKey"] = {"pk": {"S": partition}, "sk": {"S": keys[limit - 1][1]}}
        return page

    def update(self, **request: Any) -> bool:
        key = self._key(request["Key"])
        if not self._holds(key, request):
            return False
        self._apply(key, request)
        return True

    def delete(self, **request: Any) -> bool:
        key = self._key(request["Key"])
        if not self._holds(key, request):
            return False
        self.items.pop(key, None)
        return True

    def put_or_get(self, **request: Any) -> Item | None:
        key = self._key(request["Item"])
        if not self._holds(key, request):
            return copy.deepcopy(self.items[key])
        self.items[key] = copy.deepcopy(request["Item"])
        return None

    def transact(self, writes: Sequence[Mapping[str, Any]]) -> int | None:
        for index, write in enumerate(writes):
            ((_, request),) = write.items()
            if not self._holds(self._key(request.get("Key") or request["Item"]), request):
                return index
        for write in writes:
            ((kind, request),) = write.items()
            if kind == "Put":
                self.items[self._key(request["Item"])] = copy.deepcopy(request["Item"])
            else:
                self._apply(self._key(request["Key"]), request)
        return None

    def delete_all(self, keys: Sequence[Item]) -> None:
        for key in keys:
            self.items.pop(self._key(key), None)

    def _key(self, item: Item) -> tuple[str, str]:
        return item["pk"]["S"], item["sk"]["S"]

    def _holds(self, key: tuple[str, str], request: Mapping[str, Any]) -> bool:
        condition = request.get("ConditionExpression")
        if condition is None:
            return True
        item, values = self.items.get(key, {}), request.get("ExpressionAttributeValues", {})
        return any(self._holds_one(part, item, values) for part in condition.split(" OR "))

    def _holds_one(self, condition: str, item: Item, values: Mapping[str, Any]) -> bool:
        if condition.startswith("attribute_"):
            name = condition[condition.index("(") + 1 : -1]
            return (name in item) != condition.startswith("attribute_not")
        name, operator, value = condition.split()
        if name not in item:
            return False
        ((_, left),) = item[name].items()
        ((kind, right),) = values[value].items()
        if kind == "N":
            left, right = float(left), float(right)
        return {"<": left < right, "<=": left <= right, "=": left == right}[operator]

    def _apply(self, key: tuple[str, str], request: Mapping[str, Any]) -> None:
        self.writes += 1
        names, values = request.get("ExpressionAttributeNames", {}), request["ExpressionAttributeValues"]
        item = self.items.setdefault(key, {"pk": {"S": key[0]}, "sk": {"S": key[1]}})
        sets, _, adds = request["UpdateExpression"].partition("ADD ")
        for assignment in filter(None, sets.removeprefix("SET ").strip().split(", ")):
            name, value = assignment.split(" = ")
            item[names.get(name, name)] = values[value]
        if adds:
            name, value = adds.split()
            before = int(item.get(name, {"N": "0"})["N"])
            item[name] = {"N": str(before + int(values[value]["N"]))}


class Chat:
    """The function with fakes behind it, called as the HTTP API calls it."""

    def __init__(self, model: FakeModel | None = None, **changes: Any) -> None:
        self.model = model or FakeModel()
        self.store = MemoryStore()
        self.clock = Clock()
        self.settings = replace(SETTINGS, **changes)
        self.context = Context()
        self.ports = Ports(
            settings=self.settings,
            model=self.model,
            conversations=Conversations(self.store, retention_days=self.settings.retention_days, now=self.clock),
            replays=Replays(self.store, now=self.clock),
            budgets=Budgets(self.store, now=self.clock),
            now=self.clock,
        )

    def send(self, event: Mapping[str, Any]) -> tuple[int, Any, Mapping[str, str]]:
        """Return status, body and headers of the response to *event*."""
        response = respond(event, self.context, lambda: self.ports)
        body = json.loads(response["body"]) if response["body"] else None
        return response["statusCode"], body, response["headers"]

    def ask(self, question: str, *, user: str = "ada", **options: Any) -> tuple[int, Any, Mapping[str, str]]:
        """Return status, body and headers of the response to a question."""
        body = {"question": question}
        if "conversation_id" in options:
            body["conversation_id"] = options.pop("conversation_id")
        return self.send(event("POST /chat", user=user, body=body, **options))


def event(
    route: str,
    *,
    user: str = "ada",
    body: object = None,
    groups: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return an event as the HTTP API sends it, made from the recorded one in `events/`."""
    made = recorded("post_chat")
    made["routeKey"] = made["requestContext"]["routeKey"] = route
    claims = made["requestContext"]["authorizer"]["jwt"]["claims"]
    claims["sub"] = claims["username"] = user
    claims.pop("cognito:groups", None)
    if groups:
        claims["cognito:groups"] = f"[{' '.join(groups)}]"
    made["headers"].update(headers or {})
    made.pop("body", None)
    if body is not None:
        made["body"] = body if isinstance(body, str) else json.dumps(body)
    if path:
        made["pathParameters"] = dict(path)
    if query:
        made["queryStringParameters"] = dict(query)
    return made


def recorded(name: str) -> dict[str, Any]:
    """Return the event of a file in `events/`."""
    value: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return value


def says(text: str, *, stop: Stop = Stop.ANSWERED, tokens: tuple[int, int] = (100, 20)) -> Completion:
    """Return a completion."""
    return Completion(text=text, stop=stop, input_tokens=tokens[0], output_tokens=tokens[1])


def blocked(text: str = "This question cannot be answered here.") -> Completion:
    """Return what comes back when the guardrail blocks a question."""
    return Completion(
        text=text, stop=Stop.GUARDRAIL, input_tokens=0, output_tokens=0, interventions=("contentPolicy:BLOCKED",)
    )
