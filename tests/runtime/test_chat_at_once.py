"""Many at once: no message is lost, none is doubled, and no budget is overdrawn."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from genai_layers.runtime.chat.store import Item
from tests.runtime.fakes import Chat, FakeModel, event, says
from tests.runtime.memory_store import MemoryStore

WORKERS = 8
ROUNDS = 6


class _OneByOne(MemoryStore):
    """DynamoDB does one write on an item at a time; so does this, on all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()

    def query(self, **request: Any) -> Mapping[str, Any]:
        with self._lock:
            return super().query(**request)

    def update(self, **request: Any) -> bool:
        with self._lock:
            return super().update(**request)

    def delete(self, **request: Any) -> bool:
        with self._lock:
            return super().delete(**request)

    def put_or_get(self, **request: Any) -> Item | None:
        with self._lock:
            return super().put_or_get(**request)

    def transact(self, writes: Sequence[Mapping[str, Any]]) -> int | None:
        with self._lock:
            return super().transact(writes)


class _Steady(FakeModel):
    """Always answers, and takes the time that lets others in between."""

    def converse(self, request: Mapping[str, Any], seconds_left: Callable[[], float], tell: Any = None) -> Any:
        threading.Event().wait(0.002)
        self.requests.append(request)
        return says("28 days [1].", tokens=(80, 20))


def _chat(**changes: Any) -> Chat:
    chat = Chat(_Steady(), **changes)
    store = _OneByOne()
    for port in (chat.ports.conversations, chat.ports.replays, chat.ports.budgets):
        port._store = store
    chat.store = store
    return chat


def _all_at_once(work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS * ROUNDS)))


def test_every_answer_in_one_conversation_is_kept_once() -> None:
    """Forty-eight questions in one conversation."""
    chat = _chat()
    _, first, _ = chat.ask("question 0")
    path = {"id": first["conversation_id"]}

    statuses = _all_at_once(lambda number: chat.ask(f"question {number + 1}", conversation_id=path["id"])[0])

    assert Counter(statuses) == {200: WORKERS * ROUNDS}
    _, body, _ = chat.send(event("GET /conversations/{id}", path=path))
    asked = Counter(one["text"] for one in body["messages"] if one["role"] == "user")
    assert asked == {f"question {number}": 1 for number in range(WORKERS * ROUNDS + 1)}
    assert chat.send(event("GET /conversations"))[1]["conversations"][0]["exchanges"] == WORKERS * ROUNDS + 1


def test_a_request_that_is_sent_many_times_at_once_is_answered_once() -> None:
    """One gets the answer, the others it too or the advice to come back for it."""
    chat = _chat()

    results = _all_at_once(lambda _: chat.ask("How much leave?", headers={"Idempotency-Key": "one"}))

    assert {status for status, _, _ in results} <= {200, 409}
    answers = {body["conversation_id"] for status, body, _ in results if status == 200}
    assert len(answers) == 1
    assert len(chat.model.requests) == 1
    assert len(chat.send(event("GET /conversations"))[1]["conversations"]) == 1


def test_a_budget_holds_against_many_at_once() -> None:
    """What was let through fits into it."""
    chat = _chat(user_tokens_per_day=7000)

    statuses = Counter(_all_at_once(lambda _: chat.ask("How much leave?")[0]))

    # An answer takes 100 tokens and is let in while 3,000 and some are free to reserve.
    assert statuses[200] <= 7000 // 100
    assert set(statuses) <= {200, 429}
    (spent,) = [int(item["tokens"]["N"]) for key, item in chat.store.items.items() if "budget#" in key[1]]
    assert spent == statuses[200] * 100


def test_users_at_once_do_not_mix() -> None:
    """Each sees what they asked, and nothing else."""
    chat = _chat()

    _all_at_once(lambda number: chat.ask(f"a question of user {number % WORKERS}", user=f"user-{number % WORKERS}"))

    for user in range(WORKERS):
        _, listed, _ = chat.send(event("GET /conversations", user=f"user-{user}"))
        assert len(listed["conversations"]) == ROUNDS
        for conversation in listed["conversations"]:
            path = {"id": conversation["conversation_id"]}
            _, body, _ = chat.send(event("GET /conversations/{id}", user=f"user-{user}", path=path))
            assert body["messages"][0]["text"] == f"a question of user {user}"
