"""
Many people at once, on the processes that Lambda runs: no message is lost or doubled, and budgets are exact.

Every client sends some of its requests again, as one does that lost the answer: under the same idempotency key, at the
same time as the first, to another process. Half of them hear the answer piece by piece.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.runtime.fakes import event
from tests.runtime.loaded_chat import TOKENS, Answered, LoadedChat, loaded_chat

PROCESSES, USERS, QUESTIONS = 4, 8, 6
BUDGET = 1_000_000
MOST_SECONDS = 40
_MOST_TRIES = 60


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedChat]:
    """The processes."""
    with loaded_chat(tmp_path_factory.mktemp("load"), processes=PROCESSES, tokens_per_user=BUDGET) as made:
        yield made


def _asked(chat: LoadedChat, user: int, number: int, conversation: str | None) -> Answered:
    """Ask until there is an answer: a request that is being answered is come back for, as the API advises."""
    body = {"question": f"question {number} of user {user}."}
    if conversation is not None:
        body["conversation_id"] = conversation
    headers = {"Idempotency-Key": f"{user}-{number}"}
    if (user + number) % 2:
        headers["Accept"] = "text/event-stream"
    for _ in range(_MOST_TRIES):
        told = chat.send(event("POST /chat", user=f"user-{user}", body=body, headers=headers))
        if told.status != 409:
            return told
        time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 -- jitter
    raise AssertionError(f"question {number} of user {user} had no answer after {_MOST_TRIES} tries")


def _session(chat: LoadedChat, user: int) -> list[list[Answered]]:
    """One person: a conversation of some questions, every other one sent twice at once."""
    told: list[list[Answered]] = []
    conversation: str | None = None
    for number in range(QUESTIONS):
        copies = 1 + number % 2
        with ThreadPoolExecutor(copies) as pool:
            asked = [pool.submit(_asked, chat, user, number, conversation) for _ in range(copies)]
            told.append([each.result() for each in asked])
        conversation = told[-1][0].body.get("conversation_id", conversation)
    return told


def test_no_message_is_lost_or_doubled_and_budgets_are_exact(chat: LoadedChat) -> None:
    """Eight people with six questions each, a third of the requests sent twice, streamed and whole."""
    began = time.monotonic()

    with ThreadPoolExecutor(USERS) as pool:
        sessions = list(pool.map(lambda user: _session(chat, user), range(USERS)))

    took = time.monotonic() - began
    assert took < MOST_SECONDS, f"{USERS * QUESTIONS} questions took {took:.1f} s, at most {MOST_SECONDS} are allowed"
    answers = [one for session in sessions for copies in session for one in copies]
    assert Counter(one.status for one in answers) == {200: USERS * QUESTIONS * 3 // 2}, "not every request was answered"
    twice = {question: count for question, count in chat.table.questions.items() if count != 1}
    assert not twice, f"the model was asked more than once: {twice}"
    assert len(chat.table.questions) == USERS * QUESTIONS, "the model was not asked every question"
    for user, session in enumerate(sessions):
        _check_session(chat, user, session)


def _check_session(chat: LoadedChat, user: int, session: list[list[Answered]]) -> None:
    ids = {one.body["conversation_id"] for copies in session for one in copies}
    assert len(ids) == 1, f"user {user} began {len(ids)} conversations, and meant one"
    for number, copies in enumerate(session):
        texts = {one.body["answer"] for one in copies}
        assert texts == {f"You asked: question {number} of user {user}. It is 28 days [1]."}, (
            f"question {number} of user {user} has other answers: {texts}"
        )
        for one in copies:
            assert not one.draft or one.body["answer"].startswith(one.draft), "a draft is not how its answer begins"
        assert sum(not one.is_replayed for one in copies) <= 1, f"question {number} of user {user} was answered twice"
    shown = chat.send(event("GET /conversations/{id}", user=f"user-{user}", path={"id": ids.pop()})).body
    kept = [message["text"] for message in shown["messages"] if message["role"] == "user"]
    wanted = [f"question {number} of user {user}." for number in range(QUESTIONS)]
    assert kept == wanted, f"user {user} asked {wanted}, and {kept} is kept"
    spent = [
        int(item["tokens"]["N"])
        for (partition, sort), item in chat.table.items.items()
        if partition.endswith(f"#user-{user}") and sort.startswith("budget#")
    ]
    assert spent == [QUESTIONS * sum(TOKENS)], f"user {user} is charged {spent} tokens"


def test_a_budget_holds_for_all_processes_together(tmp_path: Path) -> None:
    """Requests at once on several processes get as many answers as fit, and the rest is told when to come back."""
    with loaded_chat(tmp_path, processes=3, tokens_per_user=6_000) as chat, ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda number: chat.send(event("POST /chat", body={"question": f"{number}?"})), range(12)))

    statuses = Counter(one.status for one in told)
    assert set(statuses) <= {200, 429}, f"budgets are refused with 429, and these came: {statuses}"
    assert all(one.body["error"]["resets_at"] for one in told if one.status == 429)
    (spent,) = [int(item["tokens"]["N"]) for key, item in chat.table.items.items() if key[1].startswith("budget#")]
    assert spent == statuses[200] * sum(TOKENS), f"{statuses[200]} answers were given and {spent} tokens charged"
