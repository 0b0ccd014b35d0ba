"""A repeated request is answered once; a budget that is used up says when it is there again."""

from __future__ import annotations

import pytest

from genai_layers.runtime.chat.errors import UpstreamError
from tests.runtime.fakes import Chat, FakeModel, blocked, event, says

KEY = {"Idempotency-Key": "b1946ac9-2492-4d23-94a9-0e3f8f0a4f2b"}


def test_a_repeated_request_gets_the_same_answer() -> None:
    """The model is asked once and the exchange is kept once."""
    chat = Chat()
    first = chat.ask("How much leave?", headers=KEY)

    again = chat.ask("How much leave?", headers=KEY)

    assert again[:2] == first[:2]
    assert "idempotent-replayed" not in first[2]
    assert again[2]["idempotent-replayed"] == "true"
    assert len(chat.model.requests) == 1
    assert chat.send(event("GET /conversations"))[1]["conversations"][0]["exchanges"] == 1


def test_another_question_under_the_same_key_is_refused() -> None:
    """422, as the header's draft standard has it."""
    chat = Chat()
    chat.ask("How much leave?", headers=KEY)

    status, body, _ = chat.ask("And expenses?", headers=KEY)

    assert (status, body["error"]["code"]) == (422, "idempotency_key_reused")


def test_a_failed_request_can_be_sent_again_under_its_key() -> None:
    """A failure is not kept as the answer."""
    chat = Chat(FakeModel(UpstreamError("the model failed"), says("28 days [1].")))

    failed, _, _ = chat.ask("How much leave?", headers=KEY)
    status, body, _ = chat.ask("How much leave?", headers=KEY)

    assert failed == 502
    assert (status, body["answer"]) == (200, "28 days [1].")


def test_two_users_may_use_the_same_key() -> None:
    """A key is a name of its user."""
    chat = Chat()
    chat.ask("How much leave?", user="ada", headers=KEY)

    chat.ask("How much leave?", user="eve", headers=KEY)

    assert len(chat.model.requests) == 2


def test_a_used_up_budget_says_when_it_is_there_again() -> None:
    """429 with the seconds in the header and the time in the body; another user is not affected."""
    chat = Chat(FakeModel(says("a [1].", tokens=(3000, 900))), user_tokens_per_day=5000)
    chat.ask("first")

    status, body, headers = chat.ask("second")

    assert (status, body["error"]["code"]) == (429, "token_budget_exhausted")
    assert body["error"]["resets_at"] == "2026-11-26T00:00:00Z"
    assert "2026-11-26T00:00:00Z" in body["error"]["message"]
    assert 43_190 <= int(headers["retry-after"]) <= 43_200
    assert len(chat.model.requests) == 1
    assert chat.ask("mine", user="eve")[0] == 200


def test_a_budget_is_there_again_the_next_day() -> None:
    """Days are those of UTC."""
    chat = Chat(FakeModel(says("a [1].", tokens=(3000, 900))), user_tokens_per_day=5000)
    chat.ask("first")
    chat.clock.forward(hours=12)

    assert chat.ask("second")[0] == 200


def test_what_failed_is_not_charged() -> None:
    """The reservation goes back."""
    chat = Chat(FakeModel(*[UpstreamError("no")] * 5), user_tokens_per_day=3100)

    statuses = [chat.ask("again")[0] for _ in range(6)]

    assert statuses == [502] * 5 + [200]


def test_questions_at_once_cannot_overdraw() -> None:
    """What an answer may take is reserved before the model is asked."""
    chat = Chat(user_tokens_per_day=5000)
    inner: list[int] = []

    def asks_again(_: object) -> object:
        inner.append(chat.ask("meanwhile")[0])
        return says("a [1].")

    chat.model.answers = [asks_again]  # type: ignore[list-item]

    assert chat.ask("first")[0] == 200
    assert inner == [429]


def test_a_tenant_has_a_budget_of_its_own() -> None:
    """All users of a tenant share it."""
    chat = Chat(
        FakeModel(says("a [1].", tokens=(3000, 900))), tenant_group_prefix="tenant:", tenant_tokens_per_day=5000
    )
    chat.ask("first", user="ada", groups=["tenant:acme"])

    refused = chat.ask("second", user="eve", groups=["tenant:acme"])
    other = chat.ask("second", user="bob", groups=["tenant:other"])

    assert (refused[0], other[0]) == (429, 200)
    assert "the tenant's 5000 tokens" in refused[1]["error"]["message"]


def test_a_stopped_question_is_charged_by_its_length() -> None:
    """Probing the guardrail is not free."""
    chat = Chat(FakeModel(*[blocked()] * 9), user_tokens_per_day=5200)

    statuses = [chat.ask("a" * 8000)[0] for _ in range(3)]

    assert statuses == [200, 429, 429]


@pytest.mark.parametrize("limit", [1, 100])
def test_a_budget_below_one_answer_lets_none_through(limit: int) -> None:
    """A limit that no answer fits into is not overdrawn by the first."""
    assert Chat(user_tokens_per_day=limit).ask("first")[0] == 429
